//! Dicts: `dict`, `get`, `set`, `dig`, `pick` and their kind. Only `set` and `unset` (and merging) change a dict, for
//! all who hold it.

use std::rc::Rc;

use super::convert::text_of;
use crate::func::Flag;
use crate::{
    Capacity, Cx, Data, Error, Func, List, ListRef, Map, MapRef, Rest, Strings, Text, Type, Value, func,
};

/// The functions of this family.
pub static ALL: &[&Func] = &[
    &DICT,
    &GET,
    &SET,
    &UNSET,
    &HAS_KEY,
    &PLUCK,
    &PICK,
    &OMIT,
    &KEYS,
    &VALUES,
    &DIG,
    &DEEP_COPY,
    &MUST_DEEP_COPY,
];

func! {
    /// A dict of keys and values in turn. A key without a value gets an empty text.
    ///
    /// ```text
    /// {{ dict "a" 1 "b" 2 }}  =>  map[a:1 b:2]
    /// {{ dict "a" }}          =>  map[a:]
    /// ```
    pub static DICT = "dict"(_cx, pairs: Rest<Value>) -> MapRef {
        let map = MapRef::new();
        for pair in pairs.0.chunks(2) {
            let value = pair.get(1).cloned().unwrap_or_else(|| Value::str(""));
            map.insert(text_of(&pair[0]), value);
        }
        map
    }

    /// The value of a key; an empty text where there is none.
    ///
    /// ```text
    /// {{ get (dict "a" 1) "a" }}  =>  1
    /// ```
    pub static GET = "get"(cx, map: MapRef, key: Text) -> Value {
        cx.entry(&map, &key).unwrap_or_else(|missing| Value::str("").with_origin(missing))
    }

    /// Sets a key, for all who hold the dict, and gives the dict.
    ///
    /// ```text
    /// {{ $d := dict "a" 1 }}{{ $_ := set $d "b" 2 }}{{ $d }}  =>  map[a:1 b:2]
    /// ```
    pub static SET = "set"(cx, map: MapRef, key: Text, value: Value) -> Result<MapRef, Error> {
        let (key, value) = placed(cx, key, value);
        match map.insert(key, value) {
            true => Ok(map),
            false => Err(Error::nil_map()),
        }
    }

    /// Takes a key out, for all who hold the dict, and gives the dict.
    ///
    /// ```text
    /// {{ unset (dict "a" 1 "b" 2) "a" }}  =>  map[b:2]
    /// ```
    pub static UNSET = "unset"(cx, map: MapRef, key: Text) -> MapRef {
        let by = if cx.traced { cx.host.here(key.origin()) } else { key.origin() };
        map.remove(&key, by);
        map
    }

    /// Whether the key is there, whatever its value.
    ///
    /// ```text
    /// {{ hasKey (dict "a" nil) "a" }}  =>  true
    /// ```
    pub static HAS_KEY = "hasKey"(cx, map: MapRef, key: Text) -> Flag {
        if !cx.traced {
            return Flag::from(map.contains(&key));
        }
        let asked = cx.surface(&Value::str(key.clone()));
        let why = match map.get_entry(&key) {
            Some((there, _)) => cx.union([map.origin, there.origin(), map.shape(), asked]),
            None => cx.union([map.origin, map.removed_by(&key).unwrap_or(map.shape()), asked]),
        };
        Flag { is_true: map.contains(&key), origin: why }
    }

    /// The values that the key has in the dicts that have it.
    ///
    /// ```text
    /// {{ pluck "a" (dict "a" 1) (dict "b" 2) (dict "a" 3) }}  =>  [1 3]
    /// ```
    pub static PLUCK = "pluck"(cx, key: Text, maps: Rest<MapRef>) -> ListRef {
        List::grown(Type::LIST, maps.0.iter().filter_map(|map| cx.entry(map, &key).ok()).collect()).into()
    }

    /// A new dict with those keys only.
    ///
    /// ```text
    /// {{ pick (dict "a" 1 "b" 2 "c" 3) "a" "c" "x" }}  =>  map[a:1 c:3]
    /// ```
    pub static PICK = "pick"(_cx, map: MapRef, keys: Rest<Text>) -> MapRef {
        let picked = MapRef::new();
        picked.note_shape(map.shape());
        for (key, value) in keys.0.iter().filter_map(|key| map.get_entry(key)) {
            picked.insert(key, value);
        }
        picked
    }

    /// A new dict without those keys.
    ///
    /// ```text
    /// {{ omit (dict "a" 1 "b" 2 "c" 3) "a" "c" }}  =>  map[b:2]
    /// ```
    pub static OMIT = "omit"(cx, map: MapRef, keys: Rest<Text>) -> MapRef {
        let kept = MapRef::new();
        kept.note_shape(map.shape());
        for (key, value) in map.entries() {
            kept.insert(key, value);
        }
        for key in keys.0 {
            let by = if cx.traced { cx.host.here(key.origin()) } else { key.origin() };
            kept.remove(&key, by);
        }
        kept
    }

    /// The keys of all the dicts. Helm gives them in random order; here they are sorted.
    ///
    /// ```text
    /// {{ keys (dict "b" 1 "a" 2) | sortAlpha }}  =>  [a b]
    /// ```
    pub static KEYS = "keys"(_cx, maps: Rest<MapRef>) -> Strings {
        Strings::from_texts(maps.0.iter().flat_map(|map| map.keys()), Capacity::GrownFrom(0))
    }

    /// The values of the dict. Helm gives them in random order; here they are in the order of the keys.
    ///
    /// ```text
    /// {{ values (dict "a" 2) }}  =>  [2]
    /// ```
    pub static VALUES = "values"(_cx, map: MapRef) -> ListRef {
        List::grown(Type::LIST, map.entries().into_iter().map(|(_, value)| value).collect()).into()
    }

    /// Follows keys into dicts within dicts: the keys, what to give where one is missing, and the dict.
    ///
    /// ```text
    /// {{ dig "a" "b" "none" (dict "a" (dict "b" 5)) }}  =>  5
    /// {{ dig "a" "x" "none" (dict "a" (dict "b" 5)) }}  =>  none
    /// {{ dig "a" "b" "none" (dict "a" 5) }}             =>  error: interface conversion: interface {} is int, not map[string]interface {}
    /// {{ dig "a" }}                                     =>  error: dig needs at least three arguments
    /// ```
    pub static DIG = "dig"(cx, args: Rest<Value>) -> Result<Value, Error> {
        let [keys @ .., default, map] = args.0.as_slice() else {
            return Err(Error::new("dig needs at least three arguments"));
        };
        if keys.is_empty() {
            return Err(Error::new("dig needs at least three arguments"));
        }
        let mut map = plain_map(map)?;
        let as_text = |key: &Value| key.text().ok_or_else(|| wrong(key, Type::String));
        let keys = keys.iter().map(as_text).collect::<Result<Vec<_>, _>>()?;
        let mut keys = keys.iter().peekable();
        while let Some(key) = keys.next() {
            let step = match cx.entry(&map, key) {
                Ok(step) => step,
                Err(missing) => return Ok(cx.also(default.clone(), missing)),
            };
            if keys.peek().is_none() {
                return Ok(step);
            }
            map = plain_map(&step)?;
        }
        Ok(default.clone())
    }

    /// A copy that shares no dict with the original.
    ///
    /// ```text
    /// {{ $d := dict "a" (dict) }}{{ $c := deepCopy $d }}{{ $_ := set $c.a "b" 1 }}{{ $d }}  =>  map[a:map[]]
    /// ```
    pub static DEEP_COPY = "deepCopy"(cx, value: Value) -> Result<Value, Error> {
        deep_copy(cx, &value)
    }

    /// As `deepCopy`.
    ///
    /// ```text
    /// {{ mustDeepCopy (list 1) }}  =>  [1]
    /// ```
    pub static MUST_DEEP_COPY = "mustDeepCopy"(cx, value: Value) -> Result<Value, Error> {
        deep_copy(cx, &value)
    }
}

/// A key and its value as they are put into a dict.
fn placed(cx: &mut Cx<'_>, key: Text, value: Value) -> (Text, Value) {
    if !cx.traced {
        return (key, value);
    }
    let of = cx.surface(&Value::str(key.clone()));
    let here = cx.host.here(of);
    (key.over(here), cx.placed(value))
}

fn wrong(value: &Value, want: Type) -> Error {
    let is = if value.is_nil() { "nil".to_owned() } else { value.type_name() };
    Error::interface_conversion(is, want)
}

/// Go's type assertion: a named map such as `.Values` is none.
fn plain_map(value: &Value) -> Result<MapRef, Error> {
    match value.as_map() {
        Some(map) if map.ty() == Type::MAP => Ok(map),
        _ => Err(wrong(value, Type::MAP)),
    }
}

/// Copies with a stack of what is open. Whoever copies a dict that holds itself runs into the host's limit.
fn deep_copy(cx: &mut crate::Cx<'_>, value: &Value) -> Result<Value, Error> {
    enum Open {
        /// The list itself, the next of its items, what was copied.
        List(Value, usize, Vec<Value>),
        /// With the key whose value is being copied.
        Map(std::vec::IntoIter<(Text, Value)>, MapRef, Option<Text>),
    }
    if value.is_nil() {
        return Err(Error::new("reflect: call of reflect.Value.Type on zero Value"));
    }
    let mut open: Vec<Open> = Vec::new();
    let mut next = Some(value.clone());
    loop {
        let mut done = None;
        if let Some(value) = next.take() {
            match &value.data {
                Data::List(list) if !list.is_nil() => {
                    cx.reserve(list.len() * size_of::<Value>())?;
                    open.push(Open::List(value.clone(), 0, Vec::with_capacity(list.len())));
                }
                Data::Map(map) if !map.is_nil() => {
                    cx.reserve((map.len() + 1) * 2 * size_of::<Value>())?;
                    let copy = MapRef { origin: value.origin, ..MapRef::from(Map::new(map.ty())) };
                    copy.note_shape(map.shape());
                    open.push(Open::Map(map.entries().into_iter(), copy, None));
                }
                _ => done = Some(super::semver::copied(value)),
            }
        }
        if let Some(done) = done {
            match open.last_mut() {
                None => return Ok(done),
                Some(Open::List(_, _, copied)) => copied.push(done),
                Some(Open::Map(_, copied, key)) => {
                    if let Some(key) = key.take() {
                        copied.insert(key, done);
                    }
                }
            }
        }
        next = match open.last_mut() {
            None => return Ok(Value::NIL),
            Some(Open::List(list, at, _)) => {
                *at += 1;
                list.as_list().and_then(|list| list.get(*at - 1).cloned())
            }
            Some(Open::Map(entries, _, key)) => entries.next().map(|(k, value)| {
                *key = Some(k);
                value
            }),
        };
        if next.is_none() {
            let finished = match open.pop() {
                Some(Open::List(was, _, copied)) => {
                    let (ty, room) = was.as_list().map_or((Type::LIST, 0), |l| (l.ty(), l.capacity()));
                    let list = List::of(ty, copied).with_capacity(Capacity::Fixed(room));
                    Value::new(Data::List(Rc::new(list))).with_origin(was.origin)
                }
                Some(Open::Map(_, copied, _)) => copied.into(),
                None => Value::NIL,
            };
            match open.last_mut() {
                None => return Ok(finished),
                Some(Open::List(_, _, copied)) => copied.push(finished),
                Some(Open::Map(_, copied, key)) => {
                    if let Some(key) = key.take() {
                        copied.insert(key, finished);
                    }
                }
            }
        }
    }
}
