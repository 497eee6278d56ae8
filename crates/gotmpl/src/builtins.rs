//! The functions that Go's templates have without any library.

mod compare;
mod escape;
mod index;

use crate::func::{Any, Rest};
use crate::value::{Text, Value};
use crate::{Func, fmt, func};

/// All of Go's own functions but `slice`, which every chart sees as Sprig's.
pub static ALL: &[&Func] = &[
    &AND,
    &OR,
    &NOT,
    &CALL,
    &PRINT,
    &PRINTF,
    &PRINTLN,
    &index::INDEX,
    &index::LEN,
    &compare::EQ,
    &compare::NE,
    &compare::LT,
    &compare::LE,
    &compare::GT,
    &compare::GE,
    &escape::HTML,
    &escape::JS,
    &escape::URLQUERY,
];

func! {
    /// The first argument that is false, or the last. What stands behind a false one is not evaluated.
    ///
    /// ```text
    /// {{ and 1 "" 2 | printf "%q" }}  =>  "\"\""
    /// {{ and 1 2 }}                   =>  2
    /// {{ and false (index nil) }}     =>  false
    /// ```
    pub static AND = "and"(_cx, first: Any, rest: Rest<Any>) -> Any {
        // The executor stops at the first false one; this is what is left when all are at hand.
        let mut last = first;
        for next in rest.0 {
            if !last.0.truth() {
                break;
            }
            last = next;
        }
        last
    }

    /// The first argument that is true, or the last. What stands behind a true one is not evaluated.
    ///
    /// ```text
    /// {{ or "" 0 "x" }}        =>  x
    /// {{ or 1 (index nil) }}   =>  1
    /// ```
    pub static OR = "or"(_cx, first: Any, rest: Rest<Any>) -> Any {
        let mut last = first;
        for next in rest.0 {
            if last.0.truth() {
                break;
            }
            last = next;
        }
        last
    }

    /// Whether the argument is empty: false, zero, "", nil, or a list or map without entries.
    ///
    /// ```text
    /// {{ not "" }}  =>  true
    /// {{ not 5 }}   =>  false
    /// ```
    pub static NOT = "not"(_cx, value: Any) -> bool {
        !value.0.truth()
    }

    /// Calls a function value. No chart has one, so it always fails.
    ///
    /// ```text
    /// {{ call "x" }}  =>  error: error calling call: non-function "x" of type string
    /// ```
    pub static CALL = "call"(_cx, function: Any, _args: Rest<Any>) -> Result<Any, crate::Error> {
        Err(not_callable("", &function.0))
    }

    /// The arguments' string forms, with a blank between two of which neither is a string.
    ///
    /// ```text
    /// {{ print 1 2 "a" "b" 3 nil true }}  =>  1 2ab3 <nil> true
    /// ```
    pub static PRINT = "print"(cx, values: Rest<Value>) -> Result<Text, crate::Error> {
        within(cx, fmt::sprint_all(&values.0))
    }

    /// The arguments by Go's format: `%v %s %q %d %f %t %T` ... A value of the wrong type shows as such in the text.
    ///
    /// ```text
    /// {{ printf "%s-%05d" "a" 42 }}  =>  a-00042
    /// {{ printf "%d" 1.5 }}          =>  %!d(float64=1.5)
    /// ```
    pub static PRINTF = "printf"(cx, format: Text, values: Rest<Value>) -> Result<Text, crate::Error> {
        within(cx, fmt::sprintf(&format, &values.0))
    }

    /// The arguments' string forms with blanks between them, and a line break.
    ///
    /// ```text
    /// {{ println "a" 1 }}  =>  "a 1\n"
    /// ```
    pub static PRINTLN = "println"(cx, values: Rest<Value>) -> Result<Text, crate::Error> {
        within(cx, fmt::sprintln(&values.0))
    }
}

/// A text that was printed, if the engine has the room.
fn within(cx: &mut crate::Cx<'_>, text: Text) -> Result<Text, crate::Error> {
    cx.reserve(text.len())?;
    Ok(text)
}

/// What `call` says of a value; `name` is how the template writes it.
pub(crate) fn not_callable(name: &str, value: &Value) -> crate::Error {
    match value.ty() {
        _ if value.is_nil() => crate::Error::new("call of nil"),
        crate::Type::Any => crate::Error::new("call of nil"),
        ty => crate::Error::new(format!("non-function {name} of type {ty}")),
    }
}
