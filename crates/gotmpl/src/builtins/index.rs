//! `index` and `len`.

use crate::func::{Any, Rest};
use crate::value::{Data, Kind, Type, UintKind, Value};
use crate::{Error, func};

func! {
    /// What a list or a map holds at an index or key, and so on with the next. A missing key gives nothing.
    ///
    /// ```text
    /// {{ index "abc" 1 }}  =>  98
    /// {{ index "abc" 5 }}  =>  error: error calling index: index out of range: 5
    /// ```
    pub static INDEX = "index"(cx, item: Any, indexes: Rest<Any>) -> Result<Any, Error> {
        let mut item = item.0;
        if item.is_nil_interface() {
            return Err(Error::new("index of untyped nil"));
        }
        for index in indexes.0 {
            let (whole, key) = (item.origin, index.0);
            item = step(item, &key)?;
            if cx.traced {
                item = cx.host.reached(item, whole);
                let asked = cx.surface(&key);
                item = cx.also(item, asked);
            }
        }
        Ok(Any(if item.is_nil_interface() { Value::NIL.with_origin(item.origin) } else { item }))
    }

    /// How many bytes a string, items a list or keys a map has.
    ///
    /// ```text
    /// {{ len "é" }}  =>  2
    /// {{ len 5 }}    =>  error: error calling len: len of type int
    /// ```
    pub static LEN = "len"(_cx, item: Any) -> Result<isize, Error> {
        let item = item.0;
        Ok(match &item.data {
            Data::Str(_) | Data::Bytes(_) => item.raw().map_or(0, |t| t.len()) as isize,
            Data::List(list) => list.len() as isize,
            Data::Map(map) => map.len() as isize,
            Data::NilPtr(_) => return Err(Error::new("len of nil pointer")),
            Data::Nil => return Err(Error::new("reflect: call of reflect.Value.Type on zero Value")),
            _ => return Err(Error::new(format!("len of type {}", pointed(&item)))),
        })
    }
}

/// The type's name, of a pointer that of what it points to.
fn pointed(value: &Value) -> String {
    value.ty().to_string().trim_start_matches('*').to_owned()
}

fn step(item: Value, index: &Value) -> Result<Value, Error> {
    match &item.data {
        // An item of a list or map that is nil is the nil of an interface.
        Data::Nil | Data::NilPtr(_) => Err(Error::new("index of nil pointer")),
        Data::Str(_) | Data::Bytes(_) => {
            let text = item.raw().unwrap_or_default();
            let at = position(index, text.len())?;
            let what = if item.kind() == Kind::String { "string" } else { "slice" };
            let byte =
                text.get(at).ok_or_else(|| Error::new(format!("reflect: {what} index out of range")))?;
            let data = Data::Uint(UintKind::Uint8, u64::from(*byte));
            Ok(Value { data, origin: item.origin })
        }
        Data::List(list) => {
            let at = position(index, list.len())?;
            list.get(at).cloned().ok_or_else(|| Error::new("reflect: slice index out of range"))
        }
        Data::Map(map) => {
            let key = match (&index.data, index.as_bytes()) {
                (_, Some(key)) => key,
                (Data::Nil | Data::NilPtr(_), _) => {
                    return Err(Error::new("value is nil; should be of type string"));
                }
                _ => return Err(Error::new(format!("value has type {}; should be string", index.ty()))),
            };
            Ok(map.get(key).unwrap_or_else(|| {
                let origin = map.removed_by(key).unwrap_or(map.shape());
                let zero = match map.ty().elem() {
                    Type::String => Value::str(""),
                    _ => Value::NIL,
                };
                zero.with_origin(origin)
            }))
        }
        _ => Err(Error::new(format!("can't index item of type {}", pointed(&item)))),
    }
}

fn position(index: &Value, length: usize) -> Result<usize, Error> {
    let at = match index.data {
        Data::Int(_, n) => n,
        Data::Uint(_, n) => n as i64,
        Data::Nil | Data::NilPtr(_) => return Err(Error::new("cannot index slice/array with nil")),
        _ => {
            return Err(Error::new(format!("cannot index slice/array with type {}", index.ty())));
        }
    };
    usize::try_from(at)
        .ok()
        .filter(|at| *at <= length)
        .ok_or_else(|| Error::new(format!("index out of range: {at}")))
}
