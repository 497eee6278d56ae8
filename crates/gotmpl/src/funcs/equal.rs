//! `reflect.DeepEqual`, and sets of values by it.

use std::collections::HashSet;
use std::rc::Rc;

use crate::{Data, Value};

/// Whether two values are deeply equal: of the same type, nil and empty told apart.
///
/// A stack instead of recursion; pairs of maps or lists that were met already count as equal, so that a map that
/// holds itself comes to an end, and so does a list that holds another many times over.
pub fn equal(a: &Value, b: &Value) -> bool {
    let mut pending = vec![(a.clone(), b.clone())];
    let (mut met, mut met_lists) = (HashSet::new(), HashSet::new());
    while let Some((a, b)) = pending.pop() {
        if a.is_nil() || b.is_nil() {
            if a.is_nil() && b.is_nil() {
                continue;
            }
            return false;
        }
        if a.ty() != b.ty() {
            return false;
        }
        let same = match (&a.data, &b.data) {
            (Data::Bool(a), Data::Bool(b)) => a == b,
            (Data::Int(_, a), Data::Int(_, b)) => a == b,
            (Data::Uint(_, a), Data::Uint(_, b)) => a == b,
            (Data::Float(a), Data::Float(b)) => a == b,
            (Data::Complex(a), Data::Complex(b)) => a == b,
            (Data::Str(_), Data::Str(_)) | (Data::Bytes(_), Data::Bytes(_)) => a.raw() == b.raw(),
            (Data::List(a), Data::List(b)) => {
                if Rc::ptr_eq(a, b) || !met_lists.insert((Rc::as_ptr(a), Rc::as_ptr(b))) {
                    continue;
                }
                pending.extend(a.iter().cloned().zip(b.iter().cloned()));
                a.len() == b.len() && a.is_nil() == b.is_nil()
            }
            (Data::Map(x), Data::Map(y)) => {
                if x.is_same(y) || !met.insert((Rc::as_ptr(x), Rc::as_ptr(y))) {
                    continue;
                }
                let found = x.entries().into_iter().all(|(key, value)| match y.get(&key) {
                    Some(other) => {
                        pending.push((value, other));
                        true
                    }
                    None => false,
                });
                found && x.len() == y.len() && x.is_nil() == y.is_nil()
            }
            (Data::Object(a), Data::Object(b)) => a.equal(&***b),
            (Data::NilPtr(_), Data::NilPtr(_)) => true,
            _ => false,
        };
        if !same {
            return false;
        }
    }
    true
}

/// Values that were seen: scalars by hash, so that `uniq` of a long list of names is linear.
#[derive(Default)]
pub struct Seen {
    scalars: HashSet<Scalar>,
    others: Vec<Value>,
}

#[derive(PartialEq, Eq, Hash)]
enum Scalar {
    Nil,
    Bool(bool),
    Int(crate::IntKind, i64),
    Uint(crate::UintKind, u64),
    Float(u64),
    Text(Vec<u8>),
}

/// The hashed form; a NaN equals nothing, not even itself.
fn scalar(value: &Value) -> Option<Scalar> {
    Some(match &value.data {
        Data::Nil => Scalar::Nil,
        Data::Bool(b) => Scalar::Bool(*b),
        Data::Int(kind, n) => Scalar::Int(*kind, *n),
        Data::Uint(kind, n) => Scalar::Uint(*kind, *n),
        Data::Float(f) if !f.is_nan() => Scalar::Float(if *f == 0.0 { 0 } else { f.to_bits() }),
        Data::Str(_) => Scalar::Text(value.as_bytes()?.to_vec()),
        _ => return None,
    })
}

impl Seen {
    /// Whether an equal value was put in.
    pub fn has(&self, value: &Value) -> bool {
        match scalar(value) {
            Some(scalar) => self.scalars.contains(&scalar),
            None => self.others.iter().any(|other| equal(value, other)),
        }
    }

    /// Puts a value in; whether it is new.
    pub fn insert(&mut self, value: &Value) -> bool {
        match scalar(value) {
            Some(scalar) => self.scalars.insert(scalar),
            None if self.has(value) => false,
            None => {
                self.others.push(value.clone());
                true
            }
        }
    }
}
