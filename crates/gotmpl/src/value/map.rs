//! Go's maps: shared by all who hold them, with an identity of their own.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Deref;
use std::rc::Rc;

use source::OriginId;

use super::Value;
use super::text::Text;
use super::types::Type;
use super::witness::Witness;

/// A map with string keys. Go's maps are references: who changes one (`set`, `unset`, `merge`) changes it for all.
///
/// Kept in the order of the keys' bytes, because `range`, printing and JSON want that order. Keys have origins, and
/// removed keys leave behind who removed them, so that "where did it go" has an answer.
///
/// The type is that of the view: a subchart's `.Values` and the parent's `.Values.sub` are one map of two types.
pub struct Map {
    ty: Type,
    nil: bool,
    shared: Rc<Shared>,
}

#[derive(Default)]
struct Shared {
    /// Whether anything was changed after the map was made.
    changed: Cell<bool>,
    /// Who wants to know of changes.
    witness: OnceCell<Witness>,
    entries: RefCell<BTreeMap<Text, Value>>,
    removed: RefCell<BTreeMap<Text, OriginId>>,
    /// What decided which keys there are.
    shape: Cell<OriginId>,
    /// What was asked for by name, where origins are followed.
    read: RefCell<BTreeSet<Box<[u8]>>>,
    /// Whether it was used as a whole, where origins are followed.
    consumed: Cell<bool>,
}

impl Map {
    /// An empty map of that type; see [`Type::MAP`].
    pub fn new(ty: Type) -> Self {
        Map::of(ty, BTreeMap::new())
    }

    /// A map of that type with these entries.
    pub fn of(ty: Type, entries: BTreeMap<Text, Value>) -> Self {
        Map {
            ty,
            nil: false,
            shared: Rc::new(Shared { entries: RefCell::new(entries), ..Shared::default() }),
        }
    }

    /// The same entries under another type, as Go converts between a named map and a plain one.
    pub fn with_type(&self, ty: Type) -> Self {
        Map { ty, nil: self.nil, shared: self.shared.clone() }
    }

    /// Whether two views are of the same map.
    pub fn is_same(&self, other: &Map) -> bool {
        Rc::ptr_eq(&self.shared, &other.shared)
    }

    /// Equal for two views of the same map, and for no others as long as these live.
    pub fn address(&self) -> usize {
        Rc::as_ptr(&self.shared).addr()
    }

    /// Go's nil map: it reads as empty, and cannot be written.
    pub fn nil(ty: Type) -> Self {
        let mut map = Map::new(ty);
        map.nil = true;
        map
    }

    /// Its type, such as `map[string]interface {}`.
    pub fn ty(&self) -> Type {
        self.ty
    }

    /// Whether it is a nil map.
    pub fn is_nil(&self) -> bool {
        self.nil
    }

    /// How many entries it has.
    pub fn len(&self) -> usize {
        self.shared.entries.borrow().len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.shared.entries.borrow().is_empty()
    }

    /// The value of a key.
    pub fn get(&self, key: &[u8]) -> Option<Value> {
        self.shared.entries.borrow().get(key).cloned()
    }

    /// The key as the map holds it, with its origin, and its value.
    pub fn get_entry(&self, key: &[u8]) -> Option<(Text, Value)> {
        self.shared.entries.borrow().get_key_value(key).map(|(k, v)| (k.clone(), v.clone()))
    }

    /// Whether the key is there.
    pub fn contains(&self, key: &[u8]) -> bool {
        self.shared.entries.borrow().contains_key(key)
    }

    /// Sets a key, seen by all holders. Returns whether that was possible: a nil map cannot be written, for which
    /// Go's words are [`crate::Error::nil_map`].
    pub fn insert(&self, key: Text, value: Value) -> bool {
        if self.nil {
            return false;
        }
        self.note_changed();
        let mut entries = self.shared.entries.borrow_mut();
        // Go keeps the key that is there; here the newer origin is the truer one.
        entries.remove(key.bytes());
        entries.insert(key, value);
        true
    }

    /// Takes a key out; `by` is who did it.
    pub fn remove(&self, key: &[u8], by: OriginId) -> Option<Value> {
        self.note_changed();
        let (key, value) = self.shared.entries.borrow_mut().remove_entry(key)?;
        if by != OriginId::UNKNOWN {
            self.shared.removed.borrow_mut().insert(key, by);
        }
        Some(value)
    }

    fn note_changed(&self) {
        self.shared.changed.set(true);
        if let Some(witness) = self.shared.witness.get() {
            witness.note();
        }
    }

    /// Tells that witness of changes from now on. Returns whether nobody had watched.
    pub(super) fn watch(&self, witness: &Witness) -> bool {
        self.shared.witness.set(witness.clone()).is_ok()
    }

    /// Notes that a key is not there because of that.
    pub fn note_removed(&self, key: Text, by: OriginId) {
        self.shared.removed.borrow_mut().insert(key, by);
    }

    /// Notes what decided which keys there are, and so why others are missing.
    pub fn note_shape(&self, by: OriginId) {
        self.shared.shape.set(by);
    }

    /// What decided which keys there are, as far as that is known.
    pub fn shape(&self) -> OriginId {
        self.shared.shape.get()
    }

    /// Why a key is not there, if somebody took it out.
    pub fn removed_by(&self, key: &[u8]) -> Option<OriginId> {
        self.shared.removed.borrow().get(key).copied()
    }

    /// What took keys out, in the order of the keys.
    pub fn removals(&self) -> Vec<OriginId> {
        self.shared.removed.borrow().values().copied().collect()
    }

    /// The keys in the order of their bytes, as they are now.
    pub fn keys(&self) -> Vec<Text> {
        self.shared.entries.borrow().keys().cloned().collect()
    }

    /// The entries in the order of the keys' bytes, as they are now: who changes the map meanwhile does not disturb
    /// the walk.
    pub fn entries(&self) -> Vec<(Text, Value)> {
        self.shared.entries.borrow().iter().map(|(k, v)| (k.clone(), v.clone())).collect()
    }

    /// Calls `visit` for each entry in order until it says `false`. It must not change this map.
    pub fn visit(&self, mut visit: impl FnMut(&Text, &Value) -> bool) {
        for (key, value) in self.shared.entries.borrow().iter() {
            if !visit(key, value) {
                return;
            }
        }
    }

    /// Whether it was changed after it was made.
    pub fn is_changed(&self) -> bool {
        self.shared.changed.get()
    }

    /// Notes that a template asked for a key.
    pub(crate) fn note_read(&self, key: &[u8]) {
        let mut read = self.shared.read.borrow_mut();
        if !read.contains(key) {
            read.insert(key.into());
        }
    }

    /// Notes that a template used the whole map. Returns whether that is new.
    pub(crate) fn note_consumed(&self) -> bool {
        !self.shared.consumed.replace(true)
    }

    /// The keys that templates asked for, there or not; known only of runs that followed origins.
    pub fn asked(&self) -> Vec<Box<[u8]>> {
        self.shared.read.borrow().iter().cloned().collect()
    }

    /// Whether a template asked for a key, or used the map as a whole; known only of runs that followed origins.
    pub fn is_read(&self, key: &[u8]) -> bool {
        self.shared.consumed.get() || self.shared.read.borrow().contains(key)
    }

    pub(crate) fn take_values(&mut self) -> Vec<Value> {
        // Another view may hold the entries still.
        match Rc::get_mut(&mut self.shared) {
            Some(shared) => std::mem::take(shared.entries.get_mut()).into_values().collect(),
            None => Vec::new(),
        }
    }
}

/// A map as functions take and give it: the shared map, and the origin of this reference to it.
#[derive(Clone)]
pub struct MapRef {
    /// The map; see [`Map::is_same`].
    pub map: Rc<Map>,
    /// Where the map as a whole came from.
    pub origin: OriginId,
}

impl MapRef {
    /// A new `map[string]interface {}` without entries.
    pub fn new() -> Self {
        MapRef::from(Map::new(Type::MAP))
    }
}

impl Default for MapRef {
    fn default() -> Self {
        MapRef::new()
    }
}

impl From<Map> for MapRef {
    fn from(map: Map) -> MapRef {
        MapRef { map: Rc::new(map), origin: OriginId::UNKNOWN }
    }
}

impl Deref for MapRef {
    type Target = Map;
    fn deref(&self) -> &Map {
        &self.map
    }
}
