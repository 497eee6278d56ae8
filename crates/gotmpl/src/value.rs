//! Go's values as a template sees them, each with its origin.

mod capacity;
mod list;
mod map;
mod object;
mod text;
mod types;
mod witness;

use std::collections::BTreeMap;
use std::rc::Rc;

use source::OriginId;

pub use capacity::Capacity;
pub use list::{List, ListRef};
pub use map::{Map, MapRef};
pub use object::Object;
pub use text::{Segment, Text, TextBuilder};
pub use types::{IntKind, Kind, Named, Type, UintKind};
pub use witness::Witness;

/// A value of Go, and where it came from.
///
/// Numbers keep their Go type, because arguments are checked by it (`int` is no `int64`) and printing depends on it.
/// Lists and maps know theirs too. Strings, lists and maps are shared; maps can be changed, and a `[]string` can be sorted.
///
/// ```
/// use gotmpl::{Type, Value};
/// let list = Value::list(vec![Value::int(1), Value::str("a")]);
/// assert_eq!(list.ty(), Type::LIST);
/// assert_eq!(list.kind().word(), "slice");
/// ```
#[derive(Clone, Default)]
pub struct Value {
    /// The value itself.
    pub data: Data,
    /// Where it came from; [`OriginId::UNKNOWN`] with tracing off. A text's segments go before it.
    pub origin: OriginId,
}

/// The value without its origin.
#[derive(Clone, Default)]
pub enum Data {
    /// No value, and nil of type `interface {}`: functions cannot tell the two apart.
    #[default]
    Nil,
    /// `bool`
    Bool(bool),
    /// `int`, `int64`, `time.Duration` ...
    Int(IntKind, i64),
    /// `uint64`, `uint8` ...
    Uint(UintKind, u64),
    /// `float64`: every number of a values file.
    Float(f64),
    /// `complex128`: (real, imaginary).
    Complex(Rc<(f64, f64)>),
    /// `string`; see [`Value::text`].
    Str(StrData),
    /// `[]uint8`: the bytes of a chart's file.
    Bytes(StrData),
    /// A slice of any other item type.
    List(Rc<List>),
    /// A map with string keys.
    Map(Rc<Map>),
    /// A struct or a pointer to one.
    Object(Rc<Box<dyn Object>>),
    /// A nil pointer of that type.
    NilPtr(&'static Type),
}

/// The bytes of a string inside of a [`Value`]; [`Value::text`] gives them with their origin.
#[derive(Clone)]
pub struct StrData(Rc<text::Inner>);

impl Value {
    /// Nothing.
    pub const NIL: Value = Value { data: Data::Nil, origin: OriginId::UNKNOWN };

    /// A value without an origin.
    pub fn new(data: Data) -> Self {
        Value { data, origin: OriginId::UNKNOWN }
    }

    /// The value, on which that decided; `given` makes one of the two origins.
    pub fn also(self, origin: OriginId, given: &mut dyn FnMut(OriginId, OriginId) -> OriginId) -> Self {
        if origin == OriginId::UNKNOWN {
            return self;
        }
        let Some(text) = self.raw().filter(Text::is_segmented) else {
            let origin = given(self.origin, origin);
            return self.with_origin(origin);
        };
        let mut segments = Vec::new();
        for (range, of) in text.segments() {
            segments.push(Segment { end: range.end as u32, origin: given(of, origin) });
        }
        let text = Text::with_segments(text.bytes(), segments);
        match self.data {
            Data::Bytes(_) => Value::bytes(text),
            _ => Value::str(text),
        }
    }

    /// What the value's truth and kind depend on: its origin, a text's segments, the presence of a map's keys.
    pub fn surface(&self, union: &mut dyn FnMut(OriginId, OriginId) -> OriginId) -> OriginId {
        let mut all = self.origin;
        match &self.data {
            Data::Str(_) | Data::Bytes(_) => {
                if let Some(text) = self.raw().filter(Text::is_segmented) {
                    for (_, origin) in text.segments() {
                        all = union(all, origin);
                    }
                }
            }
            Data::List(list) => all = union(all, list.shape()),
            Data::Map(map) => {
                all = union(all, map.shape());
                if map.is_changed() {
                    for by in map.removals() {
                        all = union(all, by);
                    }
                    map.visit(|key, _| {
                        all = union(all, key.origin());
                        true
                    });
                }
            }
            _ => {}
        }
        all
    }

    /// `true` or `false`.
    pub fn bool(value: bool) -> Self {
        Value::new(Data::Bool(value))
    }

    /// An `int`.
    pub fn int(value: i64) -> Self {
        Value::new(Data::Int(IntKind::Int, value))
    }

    /// An `int64`.
    pub fn int64(value: i64) -> Self {
        Value::new(Data::Int(IntKind::Int64, value))
    }

    /// A `float64`.
    pub fn float(value: f64) -> Self {
        Value::new(Data::Float(value))
    }

    /// A `string`.
    pub fn str(text: impl Into<Text>) -> Self {
        let text = text.into();
        Value { data: Data::Str(StrData(text.inner)), origin: text.origin }
    }

    /// A `[]uint8`.
    pub fn bytes(text: impl Into<Text>) -> Self {
        let text = text.into();
        Value { data: Data::Bytes(StrData(text.inner)), origin: text.origin }
    }

    /// An `[]interface {}`.
    pub fn list(items: Vec<Value>) -> Self {
        Value::new(Data::List(Rc::new(List::of(Type::LIST, items))))
    }

    /// An `[]interface {}` that Go's decoders made, which append item by item and so may have room for more.
    pub fn read_list(items: Vec<Value>) -> Self {
        Value::new(Data::List(Rc::new(List::grown(Type::LIST, items))))
    }

    /// A `[]string`.
    pub fn strings(items: impl IntoIterator<Item = Text>) -> Self {
        Value::new(Data::List(Rc::new(List::texts(items))))
    }

    /// A `map[string]interface {}`.
    pub fn map(entries: impl IntoIterator<Item = (Text, Value)>) -> Self {
        Value::new(Data::Map(Rc::new(Map::of(Type::MAP, entries.into_iter().collect::<BTreeMap<_, _>>()))))
    }

    /// A struct or pointer.
    pub fn object(object: impl Object) -> Self {
        Value::new(Data::Object(Rc::new(Box::new(object))))
    }

    /// The same value of that origin; a text's segments stay.
    pub fn with_origin(mut self, origin: OriginId) -> Self {
        self.origin = origin;
        self
    }

    /// The string, if it is one.
    pub fn text(&self) -> Option<Text> {
        match &self.data {
            Data::Str(StrData(inner)) => Some(Text { inner: inner.clone(), origin: self.origin }),
            _ => None,
        }
    }

    /// The bytes of a string or of a `[]uint8`.
    pub fn raw(&self) -> Option<Text> {
        match &self.data {
            Data::Str(StrData(inner)) | Data::Bytes(StrData(inner)) => {
                Some(Text { inner: inner.clone(), origin: self.origin })
            }
            _ => None,
        }
    }

    /// The bytes of a string, to be looked at.
    pub fn as_bytes(&self) -> Option<&[u8]> {
        match &self.data {
            Data::Str(StrData(inner)) => Some(&inner.bytes),
            _ => None,
        }
    }

    /// The map, if it is one.
    pub fn as_map(&self) -> Option<MapRef> {
        match &self.data {
            Data::Map(map) => Some(MapRef { map: map.clone(), origin: self.origin }),
            _ => None,
        }
    }

    /// The list, if it is one; the bytes of a `[]uint8` are none.
    pub fn as_list(&self) -> Option<ListRef> {
        match &self.data {
            Data::List(list) => Some(ListRef { list: list.clone(), origin: self.origin }),
            _ => None,
        }
    }

    /// The object of that Rust type, if it is one.
    pub fn as_object<T: Object>(&self) -> Option<&T> {
        match &self.data {
            Data::Object(object) => object.as_any().downcast_ref(),
            _ => None,
        }
    }

    /// Whether it is nothing: no typed nil is.
    pub fn is_nil(&self) -> bool {
        matches!(self.data, Data::Nil)
    }

    /// Whether it is nothing, or the nil of a variable of type `interface {}`.
    pub fn is_nil_interface(&self) -> bool {
        match &self.data {
            Data::Nil => true,
            Data::NilPtr(ty) => **ty == Type::Any,
            _ => false,
        }
    }

    /// Whether it is nil of any type: nothing, a nil pointer, slice or map.
    pub fn is_nil_of_any_type(&self) -> bool {
        match &self.data {
            Data::Nil | Data::NilPtr(_) => true,
            Data::List(list) => list.is_nil(),
            Data::Map(map) => map.is_nil(),
            _ => false,
        }
    }

    /// Its type; `interface {}` for nothing.
    pub fn ty(&self) -> Type {
        match &self.data {
            Data::Nil => Type::Any,
            Data::Bool(_) => Type::Bool,
            Data::Int(kind, _) => Type::Int(*kind),
            Data::Uint(kind, _) => Type::Uint(*kind),
            Data::Float(_) => Type::Float64,
            Data::Complex(_) => Type::Complex128,
            Data::Str(_) => Type::String,
            Data::Bytes(_) => Type::List(&Type::Uint(UintKind::Uint8)),
            Data::List(list) => list.ty(),
            Data::Map(map) => map.ty(),
            Data::Object(object) => Type::Object(object.type_name()),
            Data::NilPtr(ty) => **ty,
        }
    }

    /// What `typeOf` and `%T` print: the type's name, `<nil>` for nothing.
    pub fn type_name(&self) -> String {
        if self.is_nil() { "<nil>".to_owned() } else { self.ty().to_string() }
    }

    /// Its kind; [`Kind::Invalid`] for nothing.
    pub fn kind(&self) -> Kind {
        match &self.data {
            Data::Nil => Kind::Invalid,
            Data::Bool(_) => Kind::Bool,
            Data::Int(kind, _) => Kind::Int(*kind),
            Data::Uint(kind, _) => Kind::Uint(*kind),
            Data::Float(_) => Kind::Float64,
            Data::Complex(_) => Kind::Complex128,
            Data::Str(_) => Kind::String,
            Data::Bytes(_) | Data::List(_) => Kind::Slice,
            Data::Map(_) => Kind::Map,
            Data::Object(object) => object.kind(),
            Data::NilPtr(_) => Kind::Ptr,
        }
    }

    /// About how many bytes go with it; 0 if somebody else has it too, and without what is inside of it.
    pub(crate) fn own_size(&self) -> usize {
        const HEAP: usize = 48;
        match &self.data {
            Data::Str(StrData(inner)) | Data::Bytes(StrData(inner)) if Rc::strong_count(inner) == 1 => {
                HEAP + inner.bytes.len()
            }
            Data::List(list) if Rc::strong_count(list) == 1 => HEAP + list.len() * size_of::<Value>(),
            Data::Map(map) if Rc::strong_count(map) == 1 => 2 * HEAP,
            _ => 0,
        }
    }

    /// What `if` makes of it: zero, empty and nil are false; a struct is true.
    pub fn truth(&self) -> bool {
        match &self.data {
            Data::Nil | Data::NilPtr(_) => false,
            Data::Bool(value) => *value,
            Data::Int(_, value) => *value != 0,
            Data::Uint(_, value) => *value != 0,
            Data::Float(value) => *value != 0.0,
            Data::Complex(c) => c.0 != 0.0 || c.1 != 0.0,
            Data::Str(StrData(inner)) | Data::Bytes(StrData(inner)) => !inner.bytes.is_empty(),
            Data::List(list) => !list.is_empty(),
            Data::Map(map) => !map.is_empty(),
            Data::Object(_) => true,
        }
    }
}

macro_rules! from {
    ($($source:ty => $make:expr;)+) => {$(
        impl From<$source> for Value {
            fn from(value: $source) -> Value {
                ($make)(value)
            }
        }
    )+};
}

from! {
    bool => Value::bool;
    f64 => Value::float;
    i64 => Value::int64;
    Text => Value::str;
    &str => Value::str;
    String => Value::str;
    MapRef => |m: MapRef| Value { data: Data::Map(m.map), origin: m.origin };
    ListRef => |l: ListRef| Value { data: Data::List(l.list), origin: l.origin };
}

// A values file may nest 10,000 levels deep: dropping such a value by recursion would exhaust the stack, so a
// container hands its children to a list first.
impl Drop for Map {
    fn drop(&mut self) {
        drop_flat(self.take_values());
    }
}

impl Drop for List {
    fn drop(&mut self) {
        drop_flat(self.take_values());
    }
}

fn drop_flat(mut pending: Vec<Value>) {
    if !pending.iter().any(|v| matches!(v.data, Data::Map(_) | Data::List(_))) {
        return;
    }
    while let Some(value) = pending.pop() {
        match value.data {
            Data::Map(map) => {
                if let Ok(mut map) = Rc::try_unwrap(map) {
                    pending.append(&mut map.take_values());
                }
            }
            Data::List(list) => {
                if let Ok(mut list) = Rc::try_unwrap(list) {
                    pending.append(&mut list.take_values());
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deep_value_is_dropped_without_recursion() {
        let mut value = Value::NIL;
        for level in 0..200_000 {
            value = if level % 2 == 0 { Value::list(vec![value]) } else { Value::map([("a".into(), value)]) };
        }
        drop(value);
    }

    #[test]
    fn a_map_is_seen_by_all_who_hold_it() {
        let map = MapRef::new();
        let value = Value::from(map.clone());
        assert!(map.insert("a".into(), Value::int(1)));
        assert!(value.as_map().is_some_and(|m| m.contains(b"a")));
        assert!(!Map::nil(Type::MAP).insert("a".into(), Value::int(1)));
    }

    #[test]
    fn a_value_is_three_words() {
        assert_eq!(size_of::<Value>(), 24);
    }
}
