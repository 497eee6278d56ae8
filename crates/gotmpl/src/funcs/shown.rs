//! Values as the YAML and JSON writers see them, and as the readers give them.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::rc::Rc;

use source::OriginId;
use yaml::emit::{View, Visit};

use super::base64::encode;
use crate::time::Time;
use crate::{Cx, Data, Error, IntKind, List, ListRef, MapRef, Text, TextBuilder, Type, Value};

/// A value, or a key, on its way out.
#[derive(Clone)]
pub enum Shown {
    /// A value, as `encoding/json` sees it (`true`) or as go-yaml v3 does.
    Value(Value, bool),
    /// A key of a map.
    Key(Text),
    /// A time, in RFC 3339.
    Time(Rc<str>),
    /// A struct, its fields in their order, with the flag of a value.
    Fields(Rc<[(Text, Value)]>, bool),
}

impl Shown {
    /// As JSON sees it: bytes in base64, structs by their rules.
    pub fn json(value: &Value) -> Shown {
        let value = match &value.data {
            Data::Bytes(_) => Value::str(encode(value.raw().as_deref().unwrap_or_default())),
            Data::Object(object) => match object.json_fields() {
                Some(fields) => return Shown::fields(fields, true),
                None => object.to_json(),
            },
            Data::List(list) if list.is_nil() => Value::NIL,
            Data::Map(map) if map.is_nil() => Value::NIL,
            Data::NilPtr(_) => Value::NIL,
            _ => value.clone(),
        };
        Shown::Value(value, true)
    }

    /// As go-yaml v3 sees it: bytes as numbers, structs by their fields in small letters.
    pub fn pretty(value: &Value) -> Shown {
        let value = match &value.data {
            Data::Int(IntKind::Duration, nanos) => Value::str(crate::time::duration_string(*nanos)),
            Data::Bytes(_) => Value::list(super::convert::items(value).unwrap_or_default()),
            Data::Object(object) => match object.as_any().downcast_ref::<super::moment::Moment>() {
                Some(moment) => return Shown::Time(rfc3339(&moment.0).into()),
                None if object.type_name() == "*semver.Version" => object.to_json(),
                None => {
                    let fields = object.fields().into_iter();
                    let fields = fields.map(|(name, value)| (Text::from(name.to_lowercase()), value));
                    return Shown::Fields(fields.collect(), false);
                }
            },
            Data::NilPtr(_) => Value::NIL,
            _ => value.clone(),
        };
        Shown::Value(value, false)
    }

    fn fields(fields: Vec<(&'static str, Value)>, json: bool) -> Shown {
        Shown::Fields(fields.into_iter().map(|(name, value)| (name.into(), value)).collect(), json)
    }

    fn child(&self, value: &Value) -> Shown {
        match self {
            Shown::Value(_, true) | Shown::Fields(_, true) => Shown::json(value),
            _ => Shown::pretty(value),
        }
    }
}

fn rfc3339(time: &Time) -> String {
    String::from_utf8_lossy(&time.format(crate::time::RFC3339_NANO.as_bytes())).into_owned()
}

/// Bytes of what is written for a template: what the engine reserves at most by default, so it refuses the rest anyway.
pub const WRITTEN: usize = 64 << 20;

impl Visit for Shown {
    fn limit(&self) -> usize {
        WRITTEN
    }

    fn view(&self) -> View<'_> {
        let value = match self {
            Shown::Key(key) => return View::Str(key),
            Shown::Time(text) => return View::Time(text),
            Shown::Fields(..) => return View::Map,
            Shown::Value(value, _) => value,
        };
        match &value.data {
            Data::Nil | Data::NilPtr(_) | Data::Object(_) => View::Null,
            Data::Bool(b) => View::Bool(*b),
            Data::Int(_, n) => View::Int(*n),
            Data::Uint(_, n) => View::UInt(*n),
            Data::Float(f) => View::Float(*f),
            // Neither format has complex numbers: as good as NaN, and refused alike.
            Data::Complex(_) => View::Float(f64::NAN),
            Data::Str(_) | Data::Bytes(_) => View::Str(value.as_bytes().unwrap_or_default()),
            Data::List(_) => View::Seq,
            Data::Map(_) => View::Map,
        }
    }

    fn items(&self, out: &mut Vec<Self>) {
        if let Shown::Value(Value { data: Data::List(list), .. }, _) = self {
            out.extend(list.iter().map(|item| self.child(item)));
        }
    }

    fn is_struct(&self) -> bool {
        matches!(self, Shown::Fields(..))
    }

    fn entries(&self, out: &mut Vec<(Self, Self)>) {
        if let Shown::Fields(fields, _) = self {
            out.extend(fields.iter().map(|(k, v)| (Shown::Key(k.clone()), self.child(v))));
        }
        if let Shown::Value(Value { data: Data::Map(map), .. }, _) = self {
            map.visit(|key, value| {
                out.push((Shown::Key(key.clone()), self.child(value)));
                true
            });
        }
    }
}

/// A text that a writer made, with the origin of each node on its bytes.
///
/// What decided which keys a dict has stands before its first; what decided which dict it is counts for all in it.
pub fn traced(cx: &mut Cx<'_>, value: &Value, bytes: Vec<u8>, nodes: Vec<(Shown, Range<usize>)>) -> Text {
    let decided = Decided::of(cx, value);
    let mut out = TextBuilder::with_capacity(bytes.len());
    let mut at = 0;
    let mut whole = decided.root;
    for (node, range) in nodes {
        let mut origin = match &node {
            Shown::Key(key) => cx.union_deep(&Value::str(key.clone())),
            Shown::Value(value, _) => cx.union_deep(value),
            Shown::Time(_) | Shown::Fields(..) => OriginId::UNKNOWN,
        };
        let end = range.end.min(bytes.len());
        let start = range.start.min(end).max(at);
        out.push_bytes(&bytes[at..start], OriginId::UNKNOWN);
        let text = match &node {
            Shown::Key(key) => Some(key.as_ptr()),
            Shown::Value(value, _) => value.as_bytes().map(<[u8]>::as_ptr),
            Shown::Time(_) | Shown::Fields(..) => None,
        };
        if let Some(shape) = text.and_then(|text| decided.shapes.get(&text)) {
            out.push_gap(*shape);
        }
        if let Shown::Key(key) = &node
            && !decided.wholes.is_empty()
        {
            whole = decided.wholes.get(&key.as_ptr()).copied().unwrap_or(decided.root);
        }
        if whole != OriginId::UNKNOWN {
            origin = cx.host.given(origin, whole);
        }
        if let Some(list) = text.and_then(|text| decided.lists.get(&text)) {
            origin = cx.host.given(origin, *list);
        }
        out.push_bytes(&bytes[start..end], origin);
        at = end.max(at);
    }
    out.push_bytes(&bytes[at..], OriginId::UNKNOWN);
    out.push_gap(decided.empty);
    out.finish()
}

/// An empty text for what has no form; a limit stays an error.
pub fn or_empty(written: Result<Text, Error>) -> Result<Text, Error> {
    match written {
        Err(error) if error.limit => Err(error),
        other => Ok(other.unwrap_or_default()),
    }
}

/// What decided over the dicts in a value.
#[derive(Default)]
struct Decided {
    /// Which thing the whole is.
    root: OriginId,
    /// Which keys a dict has, by its first key, and how many items a list, by the first text in it.
    shapes: HashMap<*const u8, OriginId>,
    /// Which dict it is that a key stands in, where that was decided further in.
    wholes: HashMap<*const u8, OriginId>,
    /// Which list it is, where that was decided further in, by the first text in it: with that the list begins.
    lists: HashMap<*const u8, OriginId>,
    /// The same of those without any text.
    empty: OriginId,
}

impl Decided {
    fn of(cx: &mut Cx<'_>, value: &Value) -> Decided {
        let mut all = Decided { root: cx.host.decision(value.origin), ..Decided::default() };
        let mut open = vec![(value.clone(), all.root)];
        let mut seen = HashSet::new();
        while let Some((value, whole)) = open.pop() {
            let mut inner = Vec::new();
            match &value.data {
                Data::List(list) => {
                    if list.shape() != OriginId::UNKNOWN {
                        all.note(cx, first_text(&value), list.shape());
                    }
                    inner.extend(list.iter().filter(|v| is_container(v)).cloned());
                }
                Data::Map(map) if seen.insert(map.address()) => {
                    let (shape, mut first) = (map.shape(), None);
                    map.visit(|key, value| {
                        first = first.or(Some(key.as_ptr()));
                        if whole != all.root {
                            all.wholes.insert(key.as_ptr(), whole);
                        }
                        if is_container(value) {
                            inner.push(value.clone());
                        }
                        true
                    });
                    all.note(cx, first, shape);
                }
                _ => {}
            }
            for value in inner {
                let own = cx.host.decision(value.origin);
                if own != OriginId::UNKNOWN
                    && matches!(value.data, Data::List(_))
                    && let Some(first) = first_text(&value)
                {
                    all.lists.insert(first, own);
                }
                let whole = cx.union([whole, own]);
                open.push((value, whole));
            }
        }
        all
    }

    /// Notes what decided over a dict or list that begins with that text.
    fn note(&mut self, cx: &mut Cx<'_>, first: Option<*const u8>, shape: OriginId) {
        let known = match first {
            _ if shape == OriginId::UNKNOWN => return,
            Some(first) => self.shapes.entry(first).or_default(),
            None => &mut self.empty,
        };
        *known = cx.union([*known, shape]);
    }
}

/// The text that is written first of a list, if it is one.
fn first_text(list: &Value) -> Option<*const u8> {
    let mut at = list.clone();
    loop {
        at = match &at.data {
            Data::List(items) => items.first()?.clone(),
            Data::Map(map) => {
                let mut first = None;
                map.visit(|key, _| {
                    first = Some(key.as_ptr());
                    false
                });
                return first;
            }
            Data::Str(_) => return at.as_bytes().map(<[u8]>::as_ptr),
            _ => return None,
        };
    }
}

fn is_container(value: &Value) -> bool {
    matches!(value.data, Data::Map(_) | Data::List(_))
}

/// The words for what a writer refuses; a complex number hides behind its NaN.
pub fn refused(value: &Value, error: &yaml::emit::Error) -> Error {
    if let yaml::emit::Error::Size(limit) = *error {
        return Error::too_large(limit);
    }
    let text = error.to_string();
    match text.contains("NaN") && holds_complex(value) {
        true => Error::new(text.replace("unsupported value: NaN", "unsupported type: complex128")),
        false => Error::new(text),
    }
}

/// Whether a complex number is in it somewhere.
pub fn holds_complex(value: &Value) -> bool {
    let mut pending = vec![value.clone()];
    // A dict may hold itself; dicts and lists may be held any number of times.
    let mut seen = HashSet::new();
    while let Some(value) = pending.pop() {
        match &value.data {
            Data::Complex(_) => return true,
            Data::List(list) if !seen.insert(Rc::as_ptr(list).addr()) => {}
            Data::Map(map) if !seen.insert(map.address()) => {}
            Data::List(list) => pending.extend(list.iter().cloned()),
            Data::Map(map) => pending.extend(map.entries().into_iter().map(|(_, value)| value)),
            _ => {}
        }
    }
    false
}

/// Where a node of a text came from.
#[derive(Clone, Copy, Default)]
pub struct Came {
    /// What it is read from.
    pub whole: OriginId,
    /// What decided over the items of a list, the keys of a map.
    pub shape: OriginId,
}

/// What a YAML node becomes for a template: every number a float, keys as texts, merges and aliases resolved.
///
/// A stack instead of recursion.
pub fn value_of<'a>(root: yaml::Node<'a>, origin: &mut dyn FnMut(yaml::Node<'a>) -> Came) -> Value {
    enum Open<'a> {
        List(yaml::Node<'a>, std::vec::IntoIter<yaml::Node<'a>>, Vec<Value>),
        Map(
            yaml::Node<'a>,
            std::vec::IntoIter<(yaml::Node<'a>, yaml::Node<'a>)>,
            Vec<(Text, Value)>,
            Option<yaml::Node<'a>>,
        ),
    }
    let mut open: Vec<Open<'a>> = Vec::new();
    let mut next = Some(root);
    loop {
        let mut done = None;
        if let Some(node) = next.take() {
            let scalar = match node.value() {
                yaml::Value::Seq => {
                    let items: Vec<_> = node.items().collect();
                    open.push(Open::List(node, items.into_iter(), Vec::new()));
                    None
                }
                yaml::Value::Map => {
                    let entries: Vec<_> = node.entries().collect();
                    open.push(Open::Map(node, entries.into_iter(), Vec::new(), None));
                    None
                }
                yaml::Value::Null => Some(Value::NIL),
                yaml::Value::Bool(b) => Some(Value::bool(b)),
                yaml::Value::Int(n) => Some(Value::float(n as f64)),
                yaml::Value::UInt(n) => Some(Value::float(n as f64)),
                yaml::Value::Float(f) => Some(Value::float(f)),
                yaml::Value::Str(text) => Some(Value::str(text)),
            };
            done = scalar.map(|value| value.with_origin(origin(node).whole));
        }
        loop {
            if let Some(value) = done.take() {
                match open.last_mut() {
                    None => return value,
                    Some(Open::List(_, _, made)) => made.push(value),
                    Some(Open::Map(_, _, made, key)) => {
                        if let Some(key) = key.take() {
                            let text = yaml::json_key(key);
                            made.push((Text::with_origin(text.into_bytes(), origin(key).whole), value));
                        }
                    }
                }
            }
            next = match open.last_mut() {
                None => return Value::NIL,
                Some(Open::List(_, items, _)) => items.next(),
                Some(Open::Map(_, entries, _, key)) => entries.next().map(|(k, value)| {
                    *key = Some(k);
                    value
                }),
            };
            if next.is_some() {
                break;
            }
            done = open.pop().map(|closed| match closed {
                Open::List(node, _, made) => {
                    let list = ListRef::from(List::grown(Type::LIST, made));
                    let Came { whole, shape } = origin(node);
                    list.note_shape(shape);
                    Value::from(list).with_origin(whole)
                }
                Open::Map(node, _, made, _) => {
                    let map = MapRef::new();
                    for (key, value) in made {
                        map.insert(key, value);
                    }
                    // What decided over the keys says nothing of those that are there.
                    let Came { whole, shape } = origin(node);
                    map.note_shape(if shape == OriginId::UNKNOWN { whole } else { shape });
                    Value::from(map)
                }
            });
        }
    }
}
