//! Go's slices: windows on arrays that others may see too.

use std::cell::{Cell, OnceCell};
use std::ops::{Deref, Range};
use std::rc::Rc;

use source::OriginId;

use super::types::Type;
use super::witness::Witness;
use super::{Capacity, Data, Map, Text, Value};

/// A list of Go, with the type of its items.
///
/// No template can set an item, but two functions show the array behind a list: `slice` reaches beyond the length up
/// to the capacity, where former items are or nothing; and `sortAlpha` sorts a `[]string` where it lies, which is seen
/// by all who hold it.
///
/// ```
/// use gotmpl::{List, Type, Value};
/// let list = List::grown(Type::LIST, vec![Value::int(1), Value::int(2), Value::int(3)]);
/// assert_eq!((list.len(), list.capacity()), (3, 4));
/// ```
pub struct List {
    ty: Type,
    nil: bool,
    capacity: Capacity,
    items: Items,
    /// What decided how many items there are.
    shape: Cell<OriginId>,
    /// Whether it was used as a whole, where origins are followed.
    consumed: Cell<bool>,
    /// Who wants to know of changes of the array.
    witness: OnceCell<Witness>,
}

enum Items {
    /// An array, and how many items of it.
    Own(Array, usize),
    /// Part of another list's array, which is its own.
    Of(Rc<List>, Range<usize>),
}

/// Items, and what they became by sorting or by use of the room behind them. Who goes through the former ones is not
/// disturbed.
#[derive(Default)]
struct Array {
    items: Vec<Value>,
    later: OnceCell<Box<Array>>,
}

impl Array {
    fn new(items: Vec<Value>) -> Self {
        Array { items, later: OnceCell::new() }
    }

    fn latest(&self) -> &Array {
        let mut array = self;
        while let Some(next) = array.later.get() {
            array = next;
        }
        array
    }

    /// What the latest items become.
    fn replace(&self, items: Vec<Value>) {
        let _ = self.later.set(Box::new(Array::new(items)));
    }
}

impl List {
    /// A list of that type (`[]interface {}` is [`Type::LIST`]) in an array of its length.
    pub fn of(ty: Type, items: Vec<Value>) -> Self {
        let len = items.len();
        let items = Items::Own(Array::new(items), len);
        List {
            ty,
            nil: false,
            capacity: Capacity::Length,
            items,
            shape: Cell::default(),
            consumed: Cell::default(),
            witness: OnceCell::new(),
        }
    }

    /// A list that began without an array, and to which one item after another was appended.
    pub fn grown(ty: Type, items: Vec<Value>) -> Self {
        List::of(ty, items).with_capacity(Capacity::GrownFrom(0))
    }

    /// A `[]string` in an array of its length.
    pub fn texts(texts: impl IntoIterator<Item = Text>) -> Self {
        List::of(Type::List(&Type::String), texts.into_iter().map(Value::str).collect())
    }

    /// Go's nil slice: it reads as empty, and YAML and JSON write `null` for it.
    pub fn nil(ty: Type) -> Self {
        let mut list = List::of(ty, Vec::new());
        list.nil = true;
        list
    }

    /// The same list in an array that was made like that.
    pub fn with_capacity(mut self, capacity: Capacity) -> Self {
        self.capacity = capacity;
        self
    }

    /// Notes what decided how many items there are, which says nothing of those that are there.
    pub fn note_shape(&self, by: OriginId) {
        self.shape.set(by);
    }

    /// What decided how many items there are, as far as that is known.
    pub fn shape(&self) -> OriginId {
        self.shape.get()
    }

    /// Notes that a template used the whole list. Returns whether that is new.
    pub(crate) fn note_consumed(&self) -> bool {
        !self.consumed.replace(true)
    }

    /// Its type, such as `[]interface {}`.
    pub fn ty(&self) -> Type {
        self.ty
    }

    /// Whether it is a nil slice.
    pub fn is_nil(&self) -> bool {
        self.nil
    }

    /// For how many items the array has room from the first one on.
    pub fn capacity(&self) -> usize {
        self.capacity.count(self.len(), self.ty)
    }

    /// The items of a range, which may go beyond the length up to the capacity; `None` beyond that.
    pub(crate) fn window(self: &Rc<Self>, range: Range<usize>) -> Option<List> {
        let room = self.capacity();
        if range.start > range.end || range.end > room {
            return None;
        }
        let (owner, start) = match &self.items {
            Items::Own(..) => (self, 0),
            Items::Of(owner, part) => (owner, part.start),
        };
        let shifted = start + range.start..start + range.end;
        let array = owner.array();
        if array.items.len() < shifted.end {
            // What was never written is zero.
            let mut items = array.items.clone();
            items.resize(owner.capacity(), self.zero());
            array.replace(items);
        }
        let capacity = Capacity::Fixed(room - range.start);
        let items = Items::Of(owner.clone(), shifted);
        let (shape, consumed, witness) = (self.shape.clone(), Cell::default(), OnceCell::new());
        Some(List { ty: self.ty, nil: false, capacity, items, shape, consumed, witness })
    }

    fn zero(&self) -> Value {
        match self.ty.elem() {
            Type::String => Value::str(""),
            Type::Int(kind) => Value::new(Data::Int(kind, 0)),
            Type::Float64 => Value::float(0.0),
            ty @ Type::List(_) => Value::new(Data::List(Rc::new(List::nil(ty)))),
            ty @ Type::Map(_) => Value::new(Data::Map(Rc::new(Map::nil(ty)))),
            _ => Value::NIL,
        }
    }

    /// Sorts a list of texts by their bytes, for all who see its array.
    pub(crate) fn sort(&self) {
        if self.is_sorted_by_key(|item| item.as_bytes()) {
            return;
        }
        let range = match &self.items {
            Items::Own(_, len) => 0..*len,
            Items::Of(_, range) => range.clone(),
        };
        let owner = match &self.items {
            Items::Own(..) => self,
            Items::Of(owner, _) => owner,
        };
        if let Some(witness) = owner.witness.get() {
            witness.note();
        }
        let array = self.array();
        let mut items = array.items.clone();
        if let Some(part) = items.get_mut(range) {
            part.sort_by(|a, b| a.as_bytes().cmp(&b.as_bytes()));
        }
        array.replace(items);
    }

    /// Tells that witness of changes from now on.
    pub(super) fn watch(&self, witness: &Witness) {
        if let Items::Of(owner, _) = &self.items {
            owner.watch(witness);
        }
        let _ = self.witness.set(witness.clone());
    }

    /// How many items the array has that this list is a part of.
    pub(crate) fn array_len(&self) -> usize {
        self.array().items.len()
    }

    /// The array as it is now.
    fn array(&self) -> &Array {
        match &self.items {
            Items::Own(array, _) => array.latest(),
            Items::Of(owner, _) => owner.array(),
        }
    }

    pub(crate) fn take_values(&mut self) -> Vec<Value> {
        match std::mem::replace(&mut self.items, Items::Own(Array::default(), 0)) {
            Items::Own(Array { mut items, mut later }, _) => {
                while let Some(next) = later.take() {
                    items.extend(next.items);
                    later = next.later;
                }
                items
            }
            Items::Of(owner, _) => vec![Value::new(Data::List(owner))],
        }
    }
}

impl Deref for List {
    type Target = [Value];
    fn deref(&self) -> &[Value] {
        match &self.items {
            Items::Own(array, len) => array.latest().items.get(..*len).unwrap_or_default(),
            Items::Of(owner, range) => owner.array().items.get(range.clone()).unwrap_or_default(),
        }
    }
}

/// A list as functions take and give it.
#[derive(Clone)]
pub struct ListRef {
    /// The list.
    pub list: Rc<List>,
    /// Where the list as a whole came from.
    pub origin: OriginId,
}

impl From<List> for ListRef {
    fn from(list: List) -> ListRef {
        ListRef { list: Rc::new(list), origin: OriginId::UNKNOWN }
    }
}

impl Deref for ListRef {
    type Target = List;
    fn deref(&self) -> &List {
        &self.list
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(all: &[&str]) -> Rc<List> {
        let items = all.iter().map(|text| Value::str(*text)).collect();
        Rc::new(List::of(Type::List(&Type::String), items))
    }

    fn shown(list: &List) -> String {
        list.iter().map(|item| item.text().map_or("-".to_owned(), |t| t.lossy().into_owned())).collect()
    }

    #[test]
    fn a_part_is_sorted_where_it_lies() {
        let list = texts(&["d", "c", "b", "a"]);
        let part = list.window(0..2).map(Rc::new).unwrap();
        let part_of_part = part.window(1..4).unwrap();
        part.sort();
        assert_eq!(
            (shown(&list), shown(&part), shown(&part_of_part)),
            ("cdba".into(), "cd".into(), "dba".into())
        );
        list.sort();
        assert_eq!(
            (shown(&list), shown(&part), shown(&part_of_part)),
            ("abcd".into(), "ab".into(), "bcd".into())
        );
    }

    #[test]
    fn beyond_the_length_are_former_items_or_nothing() {
        let list = Rc::new(List::grown(Type::LIST, (1..=3).map(Value::int).collect()));
        let part = list.window(1..2).map(Rc::new).unwrap();
        assert_eq!(part.capacity(), 3);
        let beyond = part.window(0..3).unwrap();
        assert!(beyond.len() == 3 && !beyond[1].is_nil() && beyond[2].is_nil());
        let again = list.window(2..4).unwrap();
        assert!(again.len() == 2 && again[1].is_nil() && list.len() == 3);
        assert!(part.window(0..4).is_none() && part.window(4..5).is_none());
    }

    #[test]
    fn a_deep_chain_of_parts_is_dropped_without_recursion() {
        let mut value = Value::NIL;
        for _ in 0..100_000 {
            let list = Rc::new(List::of(Type::LIST, vec![value]));
            value = ListRef::from(list.window(0..1).unwrap()).into();
        }
        drop(value);
    }
}
