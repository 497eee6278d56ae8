//! Merging dicts as mergo 1.0.1 does: `merge`, `mergeOverwrite` and their `must` twins.
//!
//! The first dict is changed, for all who hold it, and given back. Dicts that it takes over from the others are shared
//! with them from then on.

use std::collections::HashSet;
use std::rc::Rc;

use crate::{Cx, Data, Error, Func, Kind, MapRef, Rest, Value, func};

/// The functions of this family.
pub static ALL: &[&Func] = &[&MERGE, &MUST_MERGE, &MERGE_OVERWRITE, &MUST_MERGE_OVERWRITE];

func! {
    /// Adds what the first dict lacks, dicts within dicts likewise. A value that is empty (0, false, an empty text or
    /// list) counts as lacking.
    ///
    /// ```text
    /// {{ merge (dict "a" 1 "b" (dict "x" 1)) (dict "a" 2 "b" (dict "y" 2)) }}  =>  map[a:1 b:map[x:1 y:2]]
    /// {{ merge (dict "a" false) (dict "a" true) }}                             =>  map[a:true]
    /// ```
    pub static MERGE = "merge"(cx, to: MapRef, from: Rest<MapRef>) -> Value {
        merge_all(cx, to, &from.0, false).unwrap_or_else(|_| Value::str(""))
    }

    /// As `merge`; an error ends the rendering instead of giving an empty text.
    ///
    /// ```text
    /// {{ mustMerge (dict "a" 1) (dict "b" 2) (dict "b" 3) }}  =>  map[a:1 b:2]
    /// ```
    pub static MUST_MERGE = "mustMerge"(cx, to: MapRef, from: Rest<MapRef>) -> Result<Value, Error> {
        merge_all(cx, to, &from.0, false)
    }

    /// Puts what the other dicts have over what the first has, dicts within dicts likewise. Empty values count, but
    /// for an empty dict over a dict.
    ///
    /// ```text
    /// {{ mergeOverwrite (dict "a" 1 "b" 2) (dict "a" 0) (dict "b" nil) }}  =>  map[a:0 b:<nil>]
    /// {{ mergeOverwrite (dict "a" (dict "x" 1)) (dict "a" (dict)) }}       =>  map[a:map[x:1]]
    /// ```
    pub static MERGE_OVERWRITE = "mergeOverwrite"(cx, to: MapRef, from: Rest<MapRef>) -> Value {
        merge_all(cx, to, &from.0, true).unwrap_or_else(|_| Value::str(""))
    }

    /// As `mergeOverwrite`; an error ends the rendering instead of giving an empty text.
    ///
    /// ```text
    /// {{ mustMergeOverwrite (dict "a" 1) (dict "a" 2) }}  =>  map[a:2]
    /// ```
    pub static MUST_MERGE_OVERWRITE = "mustMergeOverwrite"(cx, to: MapRef, from: Rest<MapRef>) -> Result<Value, Error> {
        merge_all(cx, to, &from.0, true)
    }
}

fn merge_all(cx: &mut Cx<'_>, mut to: MapRef, from: &[MapRef], overwrite: bool) -> Result<Value, Error> {
    for map in from {
        // A nil map is replaced by a new one, which only the result holds.
        if to.is_nil() && !map.is_nil() {
            to = MapRef { origin: to.origin, ..MapRef::new() };
        }
        merge(cx, &to, map, overwrite)?;
    }
    Ok(to.into())
}

/// Merges one dict into another: a list of pairs instead of recursion, each pair once, so that dicts that hold
/// themselves come to an end.
fn merge(cx: &mut Cx<'_>, to: &MapRef, from: &MapRef, overwrite: bool) -> Result<(), Error> {
    let mut pending = vec![(to.clone(), from.clone())];
    let mut met = HashSet::new();
    while let Some((to, from)) = pending.pop() {
        if !met.insert((Rc::as_ptr(&to.map), Rc::as_ptr(&from.map))) {
            continue;
        }
        if cx.traced {
            let shape = cx.union([to.shape(), from.shape()]);
            to.note_shape(shape);
        }
        for (key, value) in from.entries() {
            let there = to.get_entry(&key);
            let there = there.as_ref().map(|(_, value)| value);
            if value.is_nil() {
                if overwrite {
                    to.insert(key, value);
                }
                continue;
            }
            if let (Some(inner), Some(value)) = (there.and_then(Value::as_map), value.as_map())
                && !inner.is_nil()
            {
                // An empty dict under an empty one is replaced, which only matters for who shares it.
                if inner.is_empty() && value.is_empty() {
                    to.insert(key, value.into());
                } else {
                    pending.push((inner, value));
                }
                continue;
            }
            if let Some(there) = there
                && there.kind() == Kind::Ptr
                && !overwrite
                && matches!(value.kind(), Kind::Map | Kind::Struct)
            {
                return Err(Error::new("src and dst must be of same type"));
            }
            if overwrite || there.is_none_or(is_empty) {
                let mut value = cx.host.reached(value, from.origin);
                if let Some(there) = there.filter(|_| cx.traced && !overwrite) {
                    // It is there because what was there is empty.
                    let empty = cx.surface(there);
                    value = cx.also(value, empty);
                }
                let value = cx.placed(value);
                to.insert(key, value);
            }
        }
    }
    Ok(())
}

/// mergo's notion: structs and pointers are never empty.
fn is_empty(value: &Value) -> bool {
    match &value.data {
        Data::Object(_) | Data::Complex(_) => false,
        _ => !value.truth(),
    }
}
