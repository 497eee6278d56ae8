//! YAML documents as the values of a template, by the rules of Helm's way through JSON.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use gotmpl::{Capacity, Data, List, Map, MapRef, Text, Type, Value};
use source::{Chain, OriginId, Origins};
use yaml::{Doc, Node};

use super::decode::float_text;

/// Runs one level of a walk with room on the stack: values may be nested as deeply as Go's readers allow, 10,000
/// levels.
pub(crate) fn guarded<T>(walk: impl FnOnce() -> T) -> T {
    stacker::maybe_grow(64 << 10, 1 << 20, walk)
}

/// A document as a value, its origins those of the nodes: `first` is what [`Origins::add_document`] gave, or
/// [`OriginId::UNKNOWN`] where nothing is traced. An empty document is nil.
pub(crate) fn value_of_document(doc: &Doc, first: OriginId) -> Value {
    doc.root().map_or(Value::NIL, |root| value_of(root, first, Whole::Float))
}

/// What a whole number of a text becomes.
#[derive(Clone, Copy)]
pub(crate) enum Whole {
    /// A `float64`, as every number of values: JSON as Go decodes it has no other.
    Float,
    /// An `int64` where it fits, as Helm's client reads objects.
    Int,
}

/// A node and all below it as a value; every key becomes a string.
///
/// The depth is that of the text, which the reader limits.
pub(crate) fn value_of(node: Node<'_>, first: OriginId, whole: Whole) -> Value {
    let value = match node.value() {
        yaml::Value::Null => Value::NIL,
        yaml::Value::Bool(b) => Value::bool(b),
        yaml::Value::Int(n) => match whole {
            Whole::Float => Value::float(n as f64),
            Whole::Int => Value::int64(n),
        },
        yaml::Value::UInt(n) => Value::float(n as f64),
        yaml::Value::Float(f) => Value::float(f),
        yaml::Value::Str(s) => Value::str(s),
        yaml::Value::Seq => {
            guarded(|| Value::read_list(node.items().map(|item| value_of(item, first, whole)).collect()))
        }
        yaml::Value::Map => {
            let mut entries = BTreeMap::new();
            for (key, value) in node.entries() {
                let text = Text::from(yaml::json_key(key)).over(Origins::node(first, key.id().0));
                entries.insert(text, guarded(|| value_of(value, first, whole)));
            }
            Value::new(Data::Map(Rc::new(Map::of(Type::MAP, entries))))
        }
    };
    value.with_origin(Origins::node(first, node.id().0))
}

/// The documents of a values file merged in their order, later ones over earlier ones.
pub(crate) fn merged_documents(docs: &[Arc<Doc>], mut first: impl FnMut(&Arc<Doc>) -> OriginId) -> MapRef {
    let mut merged: Option<MapRef> = None;
    for doc in docs {
        let Some(layer) = value_of_document(doc, first(doc)).as_map() else { continue };
        merged = Some(match merged {
            None => layer,
            Some(base) => merge(&base, &layer, &mut None),
        });
    }
    merged.unwrap_or_default()
}

/// One layer of values over another: tables merge, anything else replaces. Both stay as they are.
pub(crate) fn merge(base: &MapRef, over: &MapRef, origins: &mut Option<&mut Origins>) -> MapRef {
    let out: BTreeMap<Text, Value> = base.entries().into_iter().collect();
    let out = MapRef { map: Rc::new(Map::of(Type::MAP, out)), origin: over.origin };
    for (key, value) in over.entries() {
        let value = match out.get(&key) {
            Some(below) => match (value.as_map(), below.as_map()) {
                (Some(over), Some(below)) => guarded(|| merge(&below, &over, origins)).into(),
                _ => overriding(value, below.origin, origins),
            },
            None => value,
        };
        out.insert(key, value);
    }
    out
}

/// A value that won over another: its origin remembers the one that lost.
pub(crate) fn overriding(winner: Value, lost: OriginId, origins: &mut Option<&mut Origins>) -> Value {
    let Some(origins) = origins else { return winner };
    match origins.primary(winner.origin) {
        // Defaults meet themselves when several charts lay them over each other.
        Some(by) if lost != OriginId::UNKNOWN && origins.primary(lost) != Some(by) => {
            let origin = origins.intern(Chain::Patched { by, was: lost });
            winner.with_origin(origin)
        }
        _ => winner,
    }
}

/// A value that shares no map with the other, as deep as it goes.
pub(crate) fn deep_copy(value: &Value) -> Value {
    let data = match &value.data {
        Data::Map(map) => return deep_copy_map(&MapRef { map: map.clone(), origin: value.origin }).into(),
        Data::List(list) if list.iter().any(|v| matches!(v.data, Data::Map(_) | Data::List(_))) => {
            let items = guarded(|| list.iter().map(deep_copy).collect());
            let room = Capacity::Fixed(list.capacity());
            Data::List(Rc::new(List::of(list.ty(), items).with_capacity(room)))
        }
        other => other.clone(),
    };
    Value { data, origin: value.origin }
}

/// The same for a map.
pub(crate) fn deep_copy_map(map: &MapRef) -> MapRef {
    let mut entries = Vec::with_capacity(map.len());
    map.visit(|key, value| {
        let value = match value.data {
            Data::Map(_) | Data::List(_) => guarded(|| deep_copy(value)),
            _ => value.clone(),
        };
        entries.push((key.clone(), value));
        true
    });
    // In order already, so that the tree is built from the bottom without a comparison on the way.
    let entries = entries.into_iter().collect();
    MapRef { map: Rc::new(Map::of(map.ty(), entries)), origin: map.origin }
}

/// A value as Go's `%v` prints it, or as `%t` does, which complains of all that is no boolean.
pub(crate) fn printed(value: &Value, as_boolean: bool) -> String {
    let complain =
        |text: String| if as_boolean { format!("%!t({}={text})", value.type_name()) } else { text };
    match &value.data {
        Data::Nil if as_boolean => "%!t(<nil>)".to_owned(),
        Data::Nil => "<nil>".to_owned(),
        Data::Bool(b) => b.to_string(),
        Data::Int(_, n) => complain(n.to_string()),
        Data::Float(f) => complain(float_text(*f)),
        Data::List(list) => {
            let items: Vec<_> = list.iter().map(|item| printed(item, as_boolean)).collect();
            format!("[{}]", items.join(" "))
        }
        Data::Map(map) => {
            let entries = map.entries();
            let entries: Vec<_> =
                entries.iter().map(|(k, v)| format!("{}:{}", k.lossy(), printed(v, as_boolean))).collect();
            format!("map[{}]", entries.join(" "))
        }
        _ => complain(value.text().map_or_else(String::new, |text| text.lossy().into_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_print_as_go_prints_them() {
        let value = Value::map([
            ("b".into(), Value::list(vec![Value::float(1.0), Value::str("x"), Value::NIL])),
            ("a".into(), Value::float(1e6)),
        ]);
        assert_eq!(printed(&value, false), "map[a:1e+06 b:[1 x <nil>]]");
        assert_eq!(printed(&Value::list(vec![Value::float(5.0)]), true), "[%!t(float64=5)]");
        assert_eq!(printed(&Value::str("x"), true), "%!t(string=x)");
    }
}
