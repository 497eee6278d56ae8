//! The rows of a table: numbers into shared arrays, the same for what the binary carries and for what is read from a CRD.

use std::borrow::Cow;

use super::constraint::Constraints;

/// A text by its place in the table's text: half of a `&str`, and no relocation at start.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Name {
    pub at: u32,
    pub len: u16,
}

pub(crate) const fn n(at: u32, len: u16) -> Name {
    Name { at, len }
}

/// Consecutive rows of another array.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Range {
    pub start: u32,
    pub len: u32,
}

/// What values a type takes, as the server's decoder sees it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Shape {
    /// Named fields.
    Object,
    /// Any keys, one type of values.
    Map,
    /// A list of one type of items.
    List,
    /// A string.
    String,
    /// `true` or `false`.
    Bool,
    /// An integer of 32 bits.
    Int32,
    /// An integer of 64 bits.
    Int64,
    /// Any number.
    Number,
    /// A string of base64.
    Bytes,
    /// An amount such as `100m` or `1Gi`; a number too.
    Quantity,
    /// An integer of 32 bits, or a string such as `25%`.
    IntOrString,
    /// A time in the form of RFC 3339.
    Time,
    /// The same with exactly six digits of a second's fraction.
    MicroTime,
    /// A length of time as Go writes it, such as `1h30m`.
    Duration,
    /// Anything.
    Any,
    /// A JSON schema of a CRD, or a boolean.
    SchemaOrBool,
    /// A JSON schema of a CRD, or a list of them.
    SchemaOrList,
    /// A JSON schema of a CRD, or a list of strings.
    SchemaOrStrings,
    /// Another row under other flags; views follow it, so that no reader meets it.
    #[doc(hidden)]
    Alias,
}

/// How the items of a list belong together when lists are merged.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum List {
    /// As one value.
    Atomic,
    /// Items are told apart by their value.
    Set,
    /// Items are told apart by their keys.
    Map,
}

pub(crate) const ATOMIC: u8 = 1; // merged as one value
pub(crate) const PRESERVE: u8 = 2; // unknown fields are kept, and are therefore no error
pub(crate) const NULLABLE: u8 = 4; // an explicit null is a value
pub(crate) const EMBEDDED: u8 = 8; // a whole object with apiVersion, kind and metadata
pub(crate) const CUSTOM: u8 = 16; // of a CRD: null is not the same as absent, and wrong types are no decoder's

#[derive(Clone, Copy, Debug)]
pub(crate) struct TypeRow {
    pub name: Name,
    pub shape: Shape,
    pub list: List,
    pub flags: u8,
    /// The type of a list's items or of a map's values.
    pub element: u32,
    /// Fields of an object, keys of a list (names), enum of a string (names).
    pub range: Range,
    /// One more than the index of its constraints; 0 for none.
    pub rules: u32,
}

pub(crate) const REQUIRED: u8 = 1;
pub(crate) const DEPRECATED: u8 = 2;
pub(crate) const PATCH_MERGE: u8 = 4;
pub(crate) const PATCH_RETAIN: u8 = 8;
pub(crate) const PATCH_REPLACE: u8 = 16;
pub(crate) const DROPPED: u8 = 32; // a create throws it away after decoding it

#[derive(Clone, Copy, Debug)]
pub(crate) struct FieldRow {
    pub name: Name,
    pub ty: u32,
    /// As JSON; empty for none.
    pub default: Name,
    pub merge_key: Name,
    pub flags: u8,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct KindRow {
    pub group: Name,
    pub version: Name,
    pub kind: Name,
    pub plural: Name,
    pub singular: Name,
    pub short: Range,
    pub categories: Range,
    pub ty: u32,
    pub namespaced: bool,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct LifecycleRow {
    pub group: Name,
    pub version: Name,
    pub kind: Name,
    /// Minor versions of Kubernetes 1; 0 for never.
    pub introduced: u8,
    pub deprecated: u8,
    pub removed: u8,
    pub use_group: Name,
    pub use_version: Name,
    pub use_kind: Name,
}

/// Kinds and types of one Kubernetes version, or of some CRDs.
///
/// Fields of an object are sorted by name, kinds by group, version and kind, so that all look-ups are binary searches.
pub(crate) struct Table {
    pub text: Cow<'static, str>,
    pub types: Cow<'static, [TypeRow]>,
    pub fields: Cow<'static, [FieldRow]>,
    pub words: Cow<'static, [Name]>,
    pub kinds: Cow<'static, [KindRow]>,
    /// What only CRDs and JSON schemas say of values.
    pub constraints: Vec<Constraints>,
}

impl Table {
    pub(crate) const fn fixed(
        text: &'static str,
        types: &'static [TypeRow],
        fields: &'static [FieldRow],
        words: &'static [Name],
        kinds: &'static [KindRow],
    ) -> Table {
        Table {
            text: Cow::Borrowed(text),
            types: Cow::Borrowed(types),
            fields: Cow::Borrowed(fields),
            words: Cow::Borrowed(words),
            kinds: Cow::Borrowed(kinds),
            constraints: Vec::new(),
        }
    }

    pub(crate) fn name(&self, name: Name) -> &str {
        self.text.get(name.at as usize..name.at as usize + name.len as usize).unwrap_or("")
    }

    pub(crate) fn fields_of(&self, range: Range) -> &[FieldRow] {
        slice(&self.fields, range)
    }

    pub(crate) fn words_of(&self, range: Range) -> &[Name] {
        slice(&self.words, range)
    }
}

fn slice<T>(all: &[T], range: Range) -> &[T] {
    all.get(range.start as usize..(range.start as usize + range.len as usize)).unwrap_or(&[])
}
