//! Kinds, types and fields as the stages read them: small views that are free to copy.

use super::constraint::Constraints;
use super::table::{
    ATOMIC, CUSTOM, DEPRECATED, DROPPED, EMBEDDED, FieldRow, KindRow, List, NULLABLE, Name, PATCH_MERGE,
    PATCH_REPLACE, PATCH_RETAIN, PRESERVE, REQUIRED, Range, Shape, Table, TypeRow,
};

/// A kind that can be created.
#[derive(Clone, Copy)]
pub struct Kind<'a> {
    table: &'a Table,
    row: &'a KindRow,
}

impl<'a> Kind<'a> {
    pub(crate) fn new(table: &'a Table, row: &'a KindRow) -> Self {
        Kind { table, row }
    }

    /// Such as `apps`; empty for the core.
    pub fn group(self) -> &'a str {
        self.table.name(self.row.group)
    }

    /// Such as `v1`.
    pub fn version(self) -> &'a str {
        self.table.name(self.row.version)
    }

    /// Such as `Deployment`.
    pub fn kind(self) -> &'a str {
        self.table.name(self.row.kind)
    }

    /// As `apiVersion` has it.
    pub fn api_version(self) -> String {
        match self.group() {
            "" => self.version().to_owned(),
            group => format!("{group}/{}", self.version()),
        }
    }

    /// Such as `deployments`.
    pub fn plural(self) -> &'a str {
        self.table.name(self.row.plural)
    }

    /// Such as `deployment`.
    pub fn singular(self) -> &'a str {
        self.table.name(self.row.singular)
    }

    /// Such as `deploy`.
    pub fn short_names(self) -> impl Iterator<Item = &'a str> {
        words(self.table, self.row.short)
    }

    /// Such as `all`.
    pub fn categories(self) -> impl Iterator<Item = &'a str> {
        words(self.table, self.row.categories)
    }

    /// Whether its objects live in namespaces.
    pub fn is_namespaced(self) -> bool {
        self.row.namespaced
    }

    /// Whether a server has it unless told otherwise: alpha and beta versions must be switched on.
    pub fn is_served_by_default(self) -> bool {
        let version = self.version();
        self.ty().is_custom() || !(version.contains("alpha") || version.contains("beta"))
    }

    /// The type of its objects.
    pub fn ty(self) -> Type<'a> {
        Type::new(self.table, self.row.ty)
    }

    /// Whether kubectl would take `word` for it: kind, plural, singular or short name, in any case.
    pub fn is_called(self, word: &str) -> bool {
        let plain = [self.kind(), self.plural(), self.singular()];
        plain
            .into_iter()
            .chain(self.short_names())
            .any(|name| !name.is_empty() && name.eq_ignore_ascii_case(word))
    }
}

/// All types of one table, by their numbers.
#[derive(Clone, Copy)]
pub(crate) struct TypesOf<'a>(pub(super) &'a Table);

impl<'a> TypesOf<'a> {
    /// What tells it from all other tables.
    pub fn key(self) -> usize {
        std::ptr::from_ref(self.0).addr()
    }

    /// How many there are.
    pub fn len(self) -> usize {
        self.0.types.len()
    }

    /// The type of that number.
    pub fn get(self, number: usize) -> Type<'a> {
        Type::new(self.0, number as u32)
    }
}

/// A type: what values are taken.
#[derive(Clone, Copy)]
pub struct Type<'a> {
    table: &'a Table,
    id: u32,
    flags: u8,
}

// A table without this row cannot be built; the fallback keeps an input from ever reaching a panic.
static ANYTHING: TypeRow = TypeRow {
    name: Name { at: 0, len: 0 },
    shape: Shape::Any,
    list: List::Atomic,
    flags: PRESERVE,
    element: 0,
    range: Range { start: 0, len: 0 },
    rules: 0,
};

impl<'a> Type<'a> {
    pub(crate) fn new(table: &'a Table, id: u32) -> Self {
        let mut ty = Type { table, id, flags: 0 };
        let row = ty.row();
        if row.shape == Shape::Alias {
            (ty.id, ty.flags) = (row.element, row.flags);
        }
        ty
    }

    pub(crate) fn row(self) -> &'a TypeRow {
        self.table.types.get(self.id as usize).unwrap_or(&ANYTHING)
    }

    fn has(self, flag: u8) -> bool {
        (self.row().flags | self.flags) & flag != 0
    }

    /// What values it takes.
    pub fn shape(self) -> Shape {
        self.row().shape
    }

    /// Upstream's name without `io.k8s.`, such as `api.core.v1.Container`; empty for types without a name.
    pub fn name(self) -> &'a str {
        self.table.name(self.row().name)
    }

    /// The last word of the name, such as `Container`.
    pub fn short_name(self) -> &'a str {
        self.name().rsplit('.').next().unwrap_or("")
    }

    /// The field of that name, case and all.
    pub fn field(self, name: &str) -> Option<Field<'a>> {
        self.nth(self.position(name)?)
    }

    /// The place of a field among [`Type::fields`].
    pub(crate) fn position(self, name: &str) -> Option<usize> {
        self.field_rows().binary_search_by(|row| self.table.name(row.name).cmp(name)).ok()
    }

    /// The field at that place.
    pub(crate) fn nth(self, at: usize) -> Option<Field<'a>> {
        self.field_rows().get(at).map(|row| Field { table: self.table, row })
    }

    /// What tells it from all other types: its table, as of [`TypesOf::key`], and its number there.
    pub(crate) fn key(self) -> (usize, usize) {
        (TypesOf(self.table).key(), self.id as usize)
    }

    /// All fields, sorted by name.
    pub fn fields(self) -> impl ExactSizeIterator<Item = Field<'a>> {
        let table = self.table;
        self.field_rows().iter().map(move |row| Field { table, row })
    }

    fn field_rows(self) -> &'a [FieldRow] {
        if self.shape() == Shape::Object { self.table.fields_of(self.row().range) } else { &[] }
    }

    /// Of a list the type of the items, of a map that of the values, of a schema-or-something the schema.
    pub fn element(self) -> Option<Type<'a>> {
        let has = matches!(
            self.shape(),
            Shape::List | Shape::Map | Shape::SchemaOrBool | Shape::SchemaOrList | Shape::SchemaOrStrings
        );
        has.then(|| Type::new(self.table, self.row().element))
    }

    /// How a list's items belong together; `None` for what is no list.
    pub fn list(self) -> Option<List> {
        (self.shape() == Shape::List).then(|| self.row().list)
    }

    /// The fields that tell a list's items apart.
    pub fn list_keys(self) -> impl ExactSizeIterator<Item = &'a str> {
        let range = if self.shape() == Shape::List { self.row().range } else { Range { start: 0, len: 0 } };
        words(self.table, range)
    }

    /// The values that a string may have; empty where any will do.
    pub fn values(self) -> impl ExactSizeIterator<Item = &'a str> {
        let range = if self.shape() == Shape::String { self.row().range } else { Range { start: 0, len: 0 } };
        words(self.table, range)
    }

    /// Whether it is merged as one value.
    pub fn is_atomic(self) -> bool {
        self.has(ATOMIC)
    }

    /// Whether fields that it does not know are kept.
    pub fn keeps_unknown(self) -> bool {
        self.has(PRESERVE)
    }

    /// Whether an explicit null is a value.
    pub fn is_nullable(self) -> bool {
        self.has(NULLABLE)
    }

    /// Whether it is a whole object with `apiVersion`, `kind` and `metadata`.
    pub fn is_embedded(self) -> bool {
        self.has(EMBEDDED)
    }

    /// Whether it comes from a CRD or a JSON schema rather than from Go types: nulls and types are judged differently.
    pub fn is_custom(self) -> bool {
        self.has(CUSTOM)
    }

    /// What a CRD or a JSON schema says of values beyond the type.
    pub fn constraints(self) -> Option<&'a Constraints> {
        self.table.constraints.get((self.row().rules as usize).checked_sub(1)?)
    }

    /// The types that must all fit, of which one must fit, and of which exactly one must.
    pub fn alternatives(self) -> [Vec<Type<'a>>; 3] {
        let types = |ids: &[u32]| ids.iter().map(|id| Type::new(self.table, *id)).collect();
        self.constraints()
            .map_or_else(Default::default, |c| [types(&c.all_of), types(&c.any_of), types(&c.one_of)])
    }

    /// The type that must not fit.
    pub fn excluded(self) -> Option<Type<'a>> {
        self.constraints().and_then(|c| c.not).map(|id| Type::new(self.table, id))
    }

    /// The field at a dotted path such as `spec.template.spec.containers.image`; lists and maps are stepped through.
    pub fn at(self, path: &str) -> Option<Field<'a>> {
        let mut found: Option<Field<'a>> = None;
        for name in path.split('.') {
            let mut ty = found.map_or(self, Field::ty);
            while let Some(element) = ty.element() {
                ty = element;
            }
            found = Some(ty.field(name)?);
        }
        found
    }

    /// How a person would call it: `a string`, `a list of Container`.
    pub fn describe(self) -> String {
        let of = |ty: Option<Type<'a>>| match ty {
            Some(ty) if !ty.short_name().is_empty() && ty.shape() == Shape::Object => {
                ty.short_name().to_owned()
            }
            Some(ty) => match ty.shape() {
                Shape::String => "strings".to_owned(),
                Shape::Int32 | Shape::Int64 => "integers".to_owned(),
                Shape::Object | Shape::Map => "maps".to_owned(),
                Shape::List => "lists".to_owned(),
                Shape::Quantity => "quantities".to_owned(),
                Shape::Bytes => "base64 strings".to_owned(),
                _ => "values".to_owned(),
            },
            None => "values".to_owned(),
        };
        match self.shape() {
            Shape::Object => "a map of fields".to_owned(),
            Shape::Map => format!("a map of {}", of(self.element())),
            Shape::List => format!("a list of {}", of(self.element())),
            Shape::String => "a string".to_owned(),
            Shape::Bool => "`true` or `false`".to_owned(),
            Shape::Int32 | Shape::Int64 => "an integer".to_owned(),
            Shape::Number => "a number".to_owned(),
            Shape::Bytes => "a base64 string".to_owned(),
            Shape::Quantity => "a quantity such as `100m` or `1Gi`".to_owned(),
            Shape::IntOrString => "an integer or a string".to_owned(),
            Shape::Time | Shape::MicroTime => "a time such as `2026-01-31T12:00:00Z`".to_owned(),
            Shape::Duration => "a duration such as `1h30m`".to_owned(),
            Shape::Any | Shape::Alias => "any value".to_owned(),
            Shape::SchemaOrBool => "a schema or a boolean".to_owned(),
            Shape::SchemaOrList => "a schema or a list of schemas".to_owned(),
            Shape::SchemaOrStrings => "a schema or a list of strings".to_owned(),
        }
    }
}

impl PartialEq for Type<'_> {
    /// The same row of the same table.
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.table, other.table) && self.id == other.id
    }
}

/// How a strategic merge patch treats a field; several may hold at once.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Patch {
    /// `merge`: lists are merged, by key where one is named.
    pub merge: bool,
    /// `retainKeys`: what the patch does not name goes.
    pub retain_keys: bool,
    /// `replace`: the patch's value stands alone.
    pub replace: bool,
}

/// A field of an object.
#[derive(Clone, Copy)]
pub struct Field<'a> {
    table: &'a Table,
    row: &'a FieldRow,
}

impl<'a> Field<'a> {
    /// As it is written.
    pub fn name(self) -> &'a str {
        self.table.name(self.row.name)
    }

    /// Its type.
    pub fn ty(self) -> Type<'a> {
        Type::new(self.table, self.row.ty)
    }

    /// Whether the schema says that it must be there. Of native kinds that is what upstream publishes, which is not
    /// always what a server insists on.
    pub fn is_required(self) -> bool {
        self.row.flags & REQUIRED != 0
    }

    /// Whether upstream calls it deprecated.
    pub fn is_deprecated(self) -> bool {
        self.row.flags & DEPRECATED != 0
    }

    /// Whether a create throws it away after decoding it, as it does with a custom resource's status where that is a
    /// subresource.
    pub fn is_dropped(self) -> bool {
        self.row.flags & DROPPED != 0
    }

    /// What the schema puts in its place, as JSON. Native kinds have most of their defaults in code, not here.
    pub fn default_json(self) -> Option<&'a str> {
        Some(self.table.name(self.row.default)).filter(|d| !d.is_empty())
    }

    /// How a strategic merge patch treats it.
    pub fn patch(self) -> Patch {
        let has = |flag| self.row.flags & flag != 0;
        Patch { merge: has(PATCH_MERGE), retain_keys: has(PATCH_RETAIN), replace: has(PATCH_REPLACE) }
    }

    /// The field by which a strategic merge patch tells a list's items apart.
    pub fn merge_key(self) -> Option<&'a str> {
        Some(self.table.name(self.row.merge_key)).filter(|k| !k.is_empty())
    }
}

fn words(table: &Table, range: Range) -> impl ExactSizeIterator<Item = &str> {
    table.words_of(range).iter().map(|name| table.name(*name))
}
