//! Whether anybody changed what templates share.

use std::cell::Cell;
use std::rc::Rc;

use super::{Data, Value};

/// Sees every change of the maps and lists that it watches, by whomever and through whatever view.
///
/// ```
/// use gotmpl::{MapRef, Value, Witness};
/// let (outer, inner) = (MapRef::new(), MapRef::new());
/// outer.insert("inner".into(), inner.clone().into());
/// let witness = Witness::default();
/// witness.watch(&outer.clone().into());
/// assert!(!witness.saw());
/// inner.insert("a".into(), Value::int(1));
/// assert!(witness.saw());
/// ```
#[derive(Clone, Default)]
pub struct Witness {
    saw: Rc<Cell<bool>>,
}

impl Witness {
    /// Watches all maps and lists that a value leads to; not those that are put there later, which is a change itself.
    pub fn watch(&self, value: &Value) {
        let mut open = vec![value.clone()];
        while let Some(value) = open.pop() {
            match &value.data {
                Data::Map(map) if map.watch(self) => map.visit(|_, value| {
                    if matches!(value.data, Data::Map(_) | Data::List(_)) {
                        open.push(value.clone());
                    }
                    true
                }),
                Data::List(list) => {
                    list.watch(self);
                    let inner = list.iter().filter(|v| matches!(v.data, Data::Map(_) | Data::List(_)));
                    open.extend(inner.cloned());
                }
                _ => {}
            }
        }
    }

    /// Whether there was a change.
    pub fn saw(&self) -> bool {
        self.saw.get()
    }

    /// Makes changes that do not count.
    pub fn unseen(&self, change: impl FnOnce()) {
        let saw = self.saw.get();
        change();
        self.saw.set(saw);
    }

    pub(super) fn note(&self) {
        self.saw.set(true);
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;
    use crate::value::{List, MapRef, Text, Type};

    #[test]
    fn a_change_is_seen_through_every_view() {
        let list = Rc::new(List::texts(["b", "a"].map(Text::from)));
        let map = MapRef::new();
        map.insert("list".into(), Value::new(Data::List(list.clone())));
        let view = map.with_type(Type::Map(&Type::Any));
        let witness = Witness::default();
        witness.watch(&map.clone().into());
        let _ = (view.get(b"list"), list.window(0..1));
        assert!(!witness.saw());
        witness.unseen(|| {
            view.insert("x".into(), Value::NIL);
        });
        assert!(!witness.saw());
        list.window(0..2).expect("a part").sort();
        assert!(witness.saw());
        let other = Witness::default();
        other.watch(&Value::map([("a".into(), map.into())]));
        view.remove(b"list", source::OriginId::UNKNOWN);
        assert!(!other.saw(), "the first who watches is told");
    }
}
