//! Which keys of maps templates read: by name, or by using a map as a whole.

use crate::value::{Data, Value};

/// Functions that put a map into another one, unread.
const WRAPPING: &[&str] = &["dict", "list", "tuple", "and", "or"];

/// Notes what a call reads of its arguments. `is_shallow` is a function that hands maps on or asks for single keys.
pub(super) fn call(name: &str, is_shallow: bool, args: &[Value]) {
    match name {
        "index" => path(args),
        "get" | "hasKey" => path(args.get(..2).unwrap_or(args)),
        "dig" => args.iter().for_each(whole),
        _ if is_shallow || WRAPPING.contains(&name) => {}
        _ => args.iter().for_each(whole),
    }
}

/// The first argument is a map, the others lead down from it.
fn path(args: &[Value]) {
    let Some((first, keys)) = args.split_first() else { return };
    let mut at = first.clone();
    for key in keys {
        let next = match (&at.data, key.as_bytes()) {
            (Data::Map(map), Some(key)) => {
                map.note_read(key);
                map.get(key)
            }
            // Lists are read as a whole.
            _ => None,
        };
        match next {
            Some(next) => at = next,
            None => return whole(&at),
        }
    }
}

/// Notes that all that is in a value is read.
pub(super) fn whole(value: &Value) {
    if !is_open(value) {
        return;
    }
    let mut open = vec![value.clone()];
    while let Some(value) = open.pop() {
        match &value.data {
            // What is marked already need not be walked again: `set` marks what it puts in, and no item of a list is
            // ever another one.
            Data::Map(map) if map.note_consumed() => map.visit(|_, value| {
                open.extend(Some(value).filter(|value| is_open(value)).cloned());
                true
            }),
            Data::List(items) if items.note_consumed() => {
                open.extend(items.iter().filter(|item| is_open(item)).cloned())
            }
            _ => {}
        }
    }
}

fn is_open(value: &Value) -> bool {
    matches!(value.data, Data::Map(_) | Data::List(_))
}
