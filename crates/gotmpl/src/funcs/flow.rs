//! Which value: `default`, `empty`, `coalesce`, `ternary`, `all`, `any`.

use crate::func::Flag;
use crate::{Func, Rest, Value, func};

/// The functions of this family.
pub static ALL: &[&Func] = &[&DEFAULT, &EMPTY, &COALESCE, &TERNARY, &ALL_OF, &ANY_OF];

func! {
    /// The given value, or the default where it is empty: missing, nil, 0, false, an empty text, list or dict.
    ///
    /// ```text
    /// {{ default "a" "" }}     =>  a
    /// {{ false | default 1 }}  =>  1
    /// {{ default "a" "b" }}    =>  b
    /// ```
    pub static DEFAULT = "default"(cx, default: Value, given: Rest<Value>) -> Value {
        match given.0.into_iter().next() {
            Some(given) if !is_empty(&given) => given,
            Some(given) => {
                let lacking = cx.surface(&given);
                cx.also(default, lacking)
            }
            None => default,
        }
    }

    /// Whether the value is empty: missing, nil, 0, false, an empty text, list or dict.
    ///
    /// ```text
    /// {{ empty 0 }}      =>  true
    /// {{ empty "0" }}    =>  false
    /// ```
    pub static EMPTY = "empty"(_cx, value: Value) -> bool {
        is_empty(&value)
    }

    /// The first value that is not empty.
    ///
    /// ```text
    /// {{ coalesce 0 "" "a" "b" }}  =>  a
    /// ```
    pub static COALESCE = "coalesce"(cx, values: Rest<Value>) -> Value {
        let mut lacking = source::OriginId::UNKNOWN;
        for value in values.0 {
            if !is_empty(&value) {
                return cx.also(value, lacking);
            }
            let empty = cx.surface(&value);
            lacking = cx.union([lacking, empty]);
        }
        Value::NIL.with_origin(lacking)
    }

    /// The first value if the condition, which must be a bool, is true; the second otherwise.
    ///
    /// ```text
    /// {{ ternary "yes" "no" true }}  =>  yes
    /// {{ ternary "yes" "no" 1 }}     =>  error: expected bool; found 1
    /// ```
    pub static TERNARY = "ternary"(cx, yes: Value, no: Value, condition: Flag) -> Value {
        cx.also(if condition.is_true { yes } else { no }, condition.origin)
    }

    /// Whether none of the values is empty.
    ///
    /// ```text
    /// {{ all 1 "a" true }}  =>  true
    /// {{ all 1 0 }}         =>  false
    /// ```
    pub static ALL_OF = "all"(_cx, values: Rest<Value>) -> bool {
        !values.0.iter().any(is_empty)
    }

    /// Whether one of the values is not empty.
    ///
    /// ```text
    /// {{ any 0 "" 1 }}  =>  true
    /// ```
    pub static ANY_OF = "any"(_cx, values: Rest<Value>) -> bool {
        !values.0.iter().all(is_empty)
    }
}

/// Sprig's notion, which is that of `if`.
fn is_empty(value: &Value) -> bool {
    !value.truth()
}
