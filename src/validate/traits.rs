//! What validation knows of a type, gathered at the type's first use: objects of one kind are many, and what is asked
//! of each of their maps follows from the type alone.

use rustc_hash::FxHashMap;

use super::facts::{self, Union};
use super::rules::{self, Rule};
use crate::schema::{Field, Shape, Type};

/// What is known of one type.
pub(super) struct Traits<'a> {
    /// The last word of its name.
    pub short_name: &'a str,
    /// The fields that must be there.
    pub insisted: Box<[Field<'a>]>,
    /// The fields of which one must be set, or no two may be.
    pub union: Option<&'static Union>,
    /// What is to be judged of its maps beyond that.
    pub rule: Option<Rule>,
    /// Whether some of its integers have a range.
    pub has_ranges: bool,
    /// Whether the items of some of its lists must differ.
    pub has_uniques: bool,
    /// By the place of the field before it (0 for none), the place of the field that followed it last.
    following: Box<[u32]>,
}

/// The types that were met.
#[derive(Default)]
pub(super) struct Types<'a> {
    all: Vec<Traits<'a>>,
    /// Of the first table that was met, which is that of the native kinds in nearly all inputs: by the type's number,
    /// without hashing.
    native: (usize, Vec<Option<TypeId>>),
    known: FxHashMap<(usize, u32, u8), TypeId>,
}

/// A type by its place in [`Types`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct TypeId(u32);

impl<'a> Types<'a> {
    /// The place of a type.
    pub fn id(&mut self, ty: Type<'a>) -> TypeId {
        let key = ty.key();
        let (table, number, flags) = key;
        if self.native.0 == 0 {
            self.native.0 = table;
        }
        let is_native = self.native.0 == table && flags == 0;
        if is_native && let Some(Some(id)) = self.native.1.get(number as usize) {
            return *id;
        }
        let all = &mut self.all;
        let id = *self.known.entry(key).or_insert_with(|| {
            all.push(Traits::of(ty));
            TypeId(all.len() as u32 - 1)
        });
        if is_native {
            let least = self.native.1.len().max(number as usize + 1);
            self.native.1.resize(least, None);
            self.native.1[number as usize] = Some(id);
        }
        id
    }

    /// What is known of it.
    pub fn get(&self, id: TypeId) -> &Traits<'a> {
        &self.all[id.0 as usize]
    }

    /// The field of that name. `last` is one more than the place of the field that was found before it in the same map:
    /// people and programs write the fields of a type in one order, so that the field that followed last time is tried
    /// before any search.
    pub fn field(&mut self, id: TypeId, ty: Type<'a>, last: &mut u32, name: &str) -> Option<Field<'a>> {
        let guess = self.all[id.0 as usize].following.get_mut(*last as usize)?;
        if let Some(field) = ty.nth(*guess as usize).filter(|f| f.name() == name) {
            *last = *guess + 1;
            return Some(field);
        }
        let at = ty.position(name)?;
        *guess = at as u32;
        *last = at as u32 + 1;
        ty.nth(at)
    }
}

impl<'a> Traits<'a> {
    fn of(ty: Type<'a>) -> Self {
        let short_name = ty.short_name();
        let fields = if ty.shape() == Shape::Object { ty.fields().len() } else { 0 };
        Traits {
            short_name,
            insisted: insisted(ty, short_name),
            union: facts::union_of(short_name),
            rule: if ty.is_custom() { None } else { rules::of(short_name) },
            has_ranges: facts::has_ranges(short_name),
            has_uniques: facts::has_uniques(short_name),
            following: vec![0; fields + 1].into(),
        }
    }
}

fn insisted<'a>(ty: Type<'a>, short_name: &str) -> Box<[Field<'a>]> {
    if ty.is_custom() {
        // A default is put in its place.
        return ty.fields().filter(|f| f.is_required() && f.default_json().is_none()).collect();
    }
    let also = facts::also(short_name);
    ty.fields()
        .filter(|f| f.is_required() || also.contains(&f.name()))
        .filter(|f| facts::is_insisted(short_name, f.name(), f.is_required()))
        .collect()
}
