//! What validation knows of a type, gathered at the type's first use: objects of one kind are many, and what is asked
//! of each of their maps follows from the type alone.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use rustc_hash::FxHashMap;

use super::facts::{self, Union, Unique};
use super::rules::{self, Rule};
use crate::schema::{Field, Schema, Type, TypesOf, VERSIONS};

/// What is known of one type.
#[derive(Default)]
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
    /// All fields, sorted by name.
    members: Box<[Member<'a>]>,
    /// The place of the field that stood first in the last map of the type.
    first: AtomicU32,
}

/// What is known of one field.
pub(super) struct Member<'a> {
    name: &'a str,
    /// The field.
    pub field: Field<'a>,
    /// Its type.
    pub ty: Type<'a>,
    /// The bit of a field that must be there: see [`Traits::lacks_at_first`]. 0 of one that may be absent.
    pub lack: u64,
    /// Whether it is a member of the union.
    pub is_united: bool,
    /// The place of the field that followed it last.
    next: AtomicU32,
}

/// So many fields that must be there are told apart by bits.
const MOST_INSISTED: usize = 63;

/// What is known of the types of one table, each gathered by the first thread that meets it.
pub(super) struct Known<'s> {
    types: TypesOf<'s>,
    traits: Box<[OnceLock<Box<Traits<'s>>>]>,
}

impl<'s> Known<'s> {
    fn new(types: TypesOf<'s>) -> Self {
        Known { types, traits: std::iter::repeat_with(OnceLock::new).take(types.len()).collect() }
    }

    fn get(&self, number: usize) -> Option<&Traits<'s>> {
        let traits = self.traits.get(number)?;
        Some(traits.get_or_init(|| Box::new(Traits::of(self.types.get(number)))))
    }
}

/// The tables of custom kinds, by what tells them apart.
pub(super) type Custom<'s> = FxHashMap<usize, Known<'s>>;

/// What is known of all types of a schema.
#[derive(Clone, Copy)]
pub(super) struct Types<'a> {
    /// Of nearly all objects: of one table in the whole program, and found without hashing.
    native: &'a Known<'static>,
    custom: &'a Custom<'a>,
}

/// Nothing, as yet, of the custom kinds of a schema.
pub(super) fn custom(schema: &Schema) -> Custom<'_> {
    schema.custom_types().map(|types| (types.key(), Known::new(types))).collect()
}

impl<'a> Types<'a> {
    /// Of a schema with those custom kinds.
    pub fn new(schema: &Schema, custom: &'a Custom<'a>) -> Self {
        static NATIVE: [OnceLock<Known<'static>>; VERSIONS.len()] =
            [const { OnceLock::new() }; VERSIONS.len()];
        let version =
            VERSIONS.iter().position(|version| *version == schema.version()).unwrap_or(VERSIONS.len() - 1);
        Types { native: NATIVE[version].get_or_init(|| Known::new(schema.native_types())), custom }
    }

    /// What is known of a type.
    pub fn of(self, ty: Type<'a>) -> &'a Traits<'a> {
        static NOTHING: OnceLock<Traits<'static>> = OnceLock::new();
        let (table, number) = ty.key();
        let found = match table == self.native.types.key() {
            true => self.native.get(number).map(|traits| traits as &Traits<'a>),
            false => self.custom.get(&table).and_then(|known| known.get(number)),
        };
        // No schema has a type of another's.
        found.unwrap_or_else(|| NOTHING.get_or_init(Traits::default))
    }
}

impl<'a> Traits<'a> {
    /// One bit for each field that must be there: what a map lacks before any field was seen.
    pub fn lacks_at_first(&self) -> u64 {
        // Of more than these the last bits stand for fields that nobody strikes out, so that they are looked at one by
        // one.
        match self.insisted.len() {
            count if count <= MOST_INSISTED => (1 << count) - 1,
            _ => u64::MAX,
        }
    }

    /// The field of that name. `last` is one more than the place of the field that was found before it in the same map,
    /// 0 for none: people and programs write the fields of a type in one order, so that the field that followed last
    /// time is tried before any search.
    pub fn member(&self, last: &mut u32, name: &str) -> Option<&Member<'a>> {
        let before = (*last as usize).checked_sub(1).and_then(|at| self.members.get(at));
        let guess = before.map_or(&self.first, |member| &member.next);
        let at = guess.load(Ordering::Relaxed);
        if let Some(member) = self.members.get(at as usize).filter(|member| member.name == name) {
            *last = at + 1;
            return Some(member);
        }
        let at = self.members.binary_search_by(|member| member.name.cmp(name)).ok()?;
        guess.store(at as u32, Ordering::Relaxed);
        *last = at as u32 + 1;
        self.members.get(at)
    }
}

impl<'a> Traits<'a> {
    fn of(ty: Type<'a>) -> Self {
        let short_name = ty.short_name();
        let insisted = insisted(ty, short_name);
        let union = facts::union_of(short_name);
        let member = |field: Field<'a>| {
            let name = field.name();
            let number = insisted.iter().take(MOST_INSISTED).position(|other| other.name() == name);
            Member {
                name,
                field,
                ty: field.ty(),
                lack: number.map_or(0, |number| 1 << number),
                is_united: union.is_some_and(|union| union.members.contains(&name)),
                next: AtomicU32::default(),
            }
        };
        let members = ty.fields().map(member).collect();
        Traits {
            short_name,
            insisted,
            union,
            rule: if ty.is_custom() { None } else { rules::of(short_name) },
            has_ranges: facts::has_ranges(short_name),
            uniques: facts::uniques(short_name).collect(),
            members,
            first: AtomicU32::default(),
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
