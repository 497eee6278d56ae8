//! What validation knows of a type, gathered at the type's first use: objects of one kind are many, and what is asked
//! of each of their maps follows from the type alone.

use rustc_hash::FxHashMap;

use super::facts::{self, Union, Unique};
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
    /// Of which of its lists the items must differ.
    pub uniques: Box<[&'static Unique]>,
    /// By the place of a field, which one of `insisted` it is, counted from 1; 0 for one that may be absent.
    insisted_at: Box<[u8]>,
    /// By the place of the field before it (0 for none), the place of the field that followed it last.
    following: Box<[u32]>,
}

/// So many fields that must be there are told apart by bits.
const MOST_INSISTED: u8 = 63;

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

    /// One bit for each field of a type that must be there: what a map of it lacks before any field was seen.
    pub fn lacks_at_first(&self, id: TypeId) -> u64 {
        // Of more than these the last bits stand for fields that nobody strikes out, so that they are looked at one by
        // one.
        match self.get(id).insisted.len() {
            count if count <= usize::from(MOST_INSISTED) => (1 << count) - 1,
            _ => u64::MAX,
        }
    }

    /// The bit of the field at that place (one more than it, as of [`Types::field`]); 0 where it may be absent.
    pub fn lack(&self, id: TypeId, last: u32) -> u64 {
        match self.get(id).insisted_at.get((last as usize).wrapping_sub(1)) {
            None | Some(0) => 0,
            Some(number) => 1 << (number - 1),
        }
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
        let insisted = insisted(ty, short_name);
        let mut insisted_at = vec![0; fields];
        for (field, number) in insisted.iter().zip(1..=MOST_INSISTED) {
            if let Some(at) = ty.position(field.name()).and_then(|at| insisted_at.get_mut(at)) {
                *at = number;
            }
        }
        Traits {
            short_name,
            insisted,
            insisted_at: insisted_at.into(),
            union: facts::union_of(short_name),
            rule: if ty.is_custom() { None } else { rules::of(short_name) },
            has_ranges: facts::has_ranges(short_name),
            uniques: facts::uniques(short_name).collect(),
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
