//! Values that go from one thread to another.

use std::rc::Rc;

use gotmpl::{Capacity, Data, IntKind, List, Map, MapRef, Text, Type, Value};

/// A copy of a map that is nobody's.
#[derive(Debug)]
pub(crate) struct Snapshot {
    entries: Vec<(Box<[u8]>, Plain)>,
}

#[derive(Debug)]
enum Plain {
    Nil,
    Bool(bool),
    Int(IntKind, i64),
    Float(f64),
    Str(Box<[u8]>),
    /// The items, and for how many there is room.
    List(Vec<Plain>, usize),
    Map(Snapshot),
}

/// Maps and lists within each other; what is deeper is not worth a stack.
const MAX_DEPTH: usize = 200;

impl Snapshot {
    /// Of that map; `None` where it holds more than values as users write them. Origins stay behind.
    pub(crate) fn of(map: &MapRef) -> Option<Snapshot> {
        Snapshot::at(map, 0)
    }

    fn at(map: &Map, depth: usize) -> Option<Snapshot> {
        let mut entries = Vec::with_capacity(map.len());
        let mut is_plain = map.ty() == Type::MAP && depth < MAX_DEPTH;
        map.visit(|key, value| {
            match plain(value, depth + 1).filter(|_| is_plain) {
                Some(value) => entries.push((key.bytes().into(), value)),
                None => is_plain = false,
            }
            is_plain
        });
        is_plain.then_some(Snapshot { entries })
    }

    /// The map again.
    pub(crate) fn restore(&self) -> MapRef {
        let map = MapRef::new();
        for (key, value) in &self.entries {
            map.insert(Text::from(&**key), value.restore());
        }
        map
    }
}

fn plain(value: &Value, depth: usize) -> Option<Plain> {
    Some(match &value.data {
        Data::Nil => Plain::Nil,
        Data::Bool(b) => Plain::Bool(*b),
        Data::Int(kind, n) => Plain::Int(*kind, *n),
        Data::Float(f) => Plain::Float(*f),
        Data::Str(_) => Plain::Str(value.as_bytes()?.into()),
        Data::List(list) if list.ty() == Type::LIST && !list.is_nil() && depth < MAX_DEPTH => {
            let items = list.iter().map(|item| plain(item, depth + 1)).collect::<Option<_>>()?;
            Plain::List(items, list.capacity())
        }
        Data::Map(map) if !map.is_nil() => Plain::Map(Snapshot::at(map, depth)?),
        _ => return None,
    })
}

impl Plain {
    fn restore(&self) -> Value {
        match self {
            Plain::Nil => Value::NIL,
            Plain::Bool(b) => Value::bool(*b),
            Plain::Int(kind, n) => Value::new(Data::Int(*kind, *n)),
            Plain::Float(f) => Value::float(*f),
            Plain::Str(text) => Value::str(Text::from(&**text)),
            Plain::List(items, room) => {
                let items = items.iter().map(Plain::restore).collect();
                let list = List::of(Type::LIST, items).with_capacity(Capacity::Fixed(*room));
                Value::new(Data::List(Rc::new(list)))
            }
            Plain::Map(map) => map.restore().into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_restored_is_what_was_there() {
        let list =
            Value::list(vec![Value::str("x"), Value::float(1.5), Value::map([("k".into(), Value::NIL)])]);
        let map = MapRef::new();
        for (key, value) in [("b", Value::bool(true)), ("n", Value::int64(7)), ("l", list)] {
            map.insert(key.into(), value);
        }
        let again = Snapshot::of(&map).expect("plain").restore();
        let shown = |map: &MapRef| super::super::tree::printed(&map.clone().into(), false);
        assert_eq!(shown(&again), shown(&map));
        assert!(!again.is_same(&map));
        map.insert("c".into(), Value::new(Data::Complex(Rc::new((1.0, 2.0)))));
        assert!(Snapshot::of(&map).is_none());
    }
}
