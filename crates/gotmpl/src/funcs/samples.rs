//! Sample declarations: one that keeps characters, one that makes something new, one that reaches the engine.

use crate::{Cx, Error, Func, Rest, Text, Value, func};

/// The functions of this family.
pub static ALL: &[&Func] = &[&TRIM_SUFFIX, &ADD, &INCLUDE];

func! {
    /// Cuts the suffix off, once.
    ///
    /// ```text
    /// {{ trimSuffix "-" "a--" }}  =>  a-
    /// {{ trimSuffix "-" 5 }}      =>  error: expected string; found 5
    /// ```
    pub static TRIM_SUFFIX = "trimSuffix"(_cx, suffix: Text, text: Text) -> Text {
        match text.strip_suffix(suffix.bytes()) {
            Some(rest) => text.slice(0..rest.len()),
            None => text,
        }
    }

    /// Renders the template of that name with that data, as a text that can be piped on.
    ///
    /// ```text
    /// {{ define "a" }}<{{ . }}>{{ end }}{{ include "a" 5 }}  =>  <5>
    /// ```
    pub static INCLUDE = "include"(cx, name: Text, data: Value) -> Result<Text, Error> {
        cx.host.include(&name, data)
    }

    /// The sum as an int64; it wraps around.
    ///
    /// ```text
    /// {{ add 1 2 }}  =>  3
    /// ```
    pub static ADD = "add"(cx, numbers: Rest<Value>) -> i64 {
        numbers.0.iter().fold(0, |sum, n| sum.wrapping_add(int64(cx, n)))
    }
}

fn int64(_cx: &Cx<'_>, value: &Value) -> i64 {
    match value.data {
        crate::Data::Int(_, n) => n,
        _ => 0,
    }
}
