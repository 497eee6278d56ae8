//! `eq`, `ne` and the orders: numbers of one kind, strings by bytes, nothing across kinds.

use std::cmp::Ordering;
use std::rc::Rc;

use crate::func::{Any, Rest};
use crate::value::{Data, Kind, Text, Value};
use crate::{Error, fmt, func};

func! {
    /// Whether the first argument equals one of the others. Numbers of different kinds cannot be compared: a number of a
    /// values file is a float64, a constant without a point an int.
    ///
    /// ```text
    /// {{ eq 1 2 1 }}   =>  true
    /// {{ eq 1.0 1 }}   =>  error: incompatible types for comparison: float64 and int
    /// {{ eq 1 1 "x" }} =>  true
    /// ```
    pub static EQ = "eq"(_cx, first: Any, others: Rest<Any>) -> Result<bool, Error> {
        if others.0.is_empty() {
            return Err(Error::new("missing argument for comparison"));
        }
        for other in &others.0 {
            if equal(&first.0, &other.0)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether two values differ.
    ///
    /// ```text
    /// {{ ne "a" "b" }}  =>  true
    /// ```
    pub static NE = "ne"(_cx, a: Any, b: Any) -> Result<bool, Error> {
        equal(&a.0, &b.0).map(|e| !e)
    }

    /// Whether the first is less.
    ///
    /// ```text
    /// {{ lt 1 2 }}     =>  true
    /// {{ lt 1 "a" }}   =>  error: incompatible types for comparison: int and string
    /// ```
    pub static LT = "lt"(_cx, a: Any, b: Any) -> Result<bool, Error> {
        less(&a.0, &b.0)
    }

    /// Whether the first is less or equal.
    ///
    /// ```text
    /// {{ le "a" "a" }}  =>  true
    /// ```
    pub static LE = "le"(_cx, a: Any, b: Any) -> Result<bool, Error> {
        Ok(less(&a.0, &b.0)? || equal(&a.0, &b.0)?)
    }

    /// Whether the first is greater.
    ///
    /// ```text
    /// {{ gt 2.5 1.5 }}  =>  true
    /// ```
    pub static GT = "gt"(_cx, a: Any, b: Any) -> Result<bool, Error> {
        Ok(!(less(&a.0, &b.0)? || equal(&a.0, &b.0)?))
    }

    /// Whether the first is greater or equal.
    ///
    /// ```text
    /// {{ ge 1 2 }}  =>  false
    /// ```
    pub static GE = "ge"(_cx, a: Any, b: Any) -> Result<bool, Error> {
        less(&a.0, &b.0).map(|l| !l)
    }
}

#[derive(PartialEq, Clone, Copy)]
enum Basic {
    Other,
    Bool,
    Complex,
    Int,
    Float,
    String,
    Uint,
}

fn basic(value: &Value) -> Basic {
    match value.data {
        Data::Bool(_) => Basic::Bool,
        Data::Int(..) => Basic::Int,
        Data::Uint(..) => Basic::Uint,
        Data::Float(_) => Basic::Float,
        Data::Complex(_) => Basic::Complex,
        Data::Str(_) => Basic::String,
        _ => Basic::Other,
    }
}

fn incompatible(a: &Value, b: &Value) -> Error {
    Error::new(format!("incompatible types for comparison: {} and {}", a.ty(), b.ty()))
}

fn shown(value: &Value, format: &str) -> String {
    fmt::sprintf(&Text::from(format), std::slice::from_ref(value)).lossy().into_owned()
}

fn equal(a: &Value, b: &Value) -> Result<bool, Error> {
    match (&a.data, &b.data) {
        (Data::Bool(a), Data::Bool(b)) => return Ok(a == b),
        (Data::Int(_, a), Data::Int(_, b)) => return Ok(a == b),
        (Data::Uint(_, a), Data::Uint(_, b)) => return Ok(a == b),
        (Data::Float(a), Data::Float(b)) => return Ok(a == b),
        (Data::Complex(a), Data::Complex(b)) => return Ok(a == b),
        (Data::Int(_, a), Data::Uint(_, b)) | (Data::Uint(_, b), Data::Int(_, a)) => {
            return Ok(u64::try_from(*a).is_ok_and(|a| a == *b));
        }
        (Data::Str(_), Data::Str(_)) => return Ok(a.as_bytes() == b.as_bytes()),
        _ => {}
    }
    if basic(a) != basic(b) {
        return if a.is_nil_interface() || b.is_nil_interface() {
            Ok(false)
        } else {
            Err(incompatible(a, b))
        };
    }
    let kind = |v: &Value| if v.is_nil_interface() { Kind::Invalid } else { v.kind() };
    if kind(a) != kind(b) && !a.is_nil_interface() && !b.is_nil_interface() {
        let text = format!(
            "non-comparable types {}: {}, {}: {}",
            shown(a, "%s"),
            a.ty(),
            shown(&Value::str(b.ty().to_string()), "%s"),
            shown(b, "%v")
        );
        return Err(Error::new(text));
    }
    if a.is_nil_of_any_type() || b.is_nil_of_any_type() {
        return Ok(a.is_nil_of_any_type() == b.is_nil_of_any_type());
    }
    match (&a.data, &b.data) {
        (Data::Object(a), Data::Object(b)) => Ok(if a.kind() == Kind::Ptr {
            Rc::ptr_eq(a, b)
        } else {
            a.type_name() == b.type_name() && a.equal(&**b.as_ref())
        }),
        _ => Err(Error::new(format!("non-comparable type {}: {}", shown(b, "%s"), b.ty()))),
    }
}

fn less(a: &Value, b: &Value) -> Result<bool, Error> {
    let bad = || Error::new("invalid type for comparison");
    if basic(a) == Basic::Other || basic(b) == Basic::Other {
        return Err(bad());
    }
    match (&a.data, &b.data) {
        (Data::Int(_, a), Data::Int(_, b)) => Ok(a < b),
        (Data::Uint(_, a), Data::Uint(_, b)) => Ok(a < b),
        (Data::Float(a), Data::Float(b)) => Ok(a < b),
        (Data::Int(_, a), Data::Uint(_, b)) => {
            Ok(u64::try_from(*a).map_or(Ordering::Less, |a| a.cmp(b)).is_lt())
        }
        (Data::Uint(_, a), Data::Int(_, b)) => Ok(u64::try_from(*b).is_ok_and(|b| *a < b)),
        (Data::Str(_), Data::Str(_)) => Ok(a.as_bytes() < b.as_bytes()),
        (Data::Bool(_), Data::Bool(_)) | (Data::Complex(_), Data::Complex(_)) => Err(bad()),
        _ => Err(incompatible(a, b)),
    }
}
