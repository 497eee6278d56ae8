//! A YAML node into a Rust value as Go's `encoding/json` would decode it: keys in any case, unknown ones refused,
//! `null` as absence. Unlike Go's, it reports everything that does not fit, each at its place.

use source::{SourceId, Span};
use yaml::{Node, Value};

/// What did not fit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Misfit {
    /// The value, or the key that is not known.
    pub at: Span,
    /// What is wrong, in our words.
    pub message: String,
    /// What Go's decoder says.
    pub upstream: String,
    /// The keys that would be known there, where an unknown one was found.
    pub known: &'static [&'static str],
}

/// Collects the misfits of one file.
pub struct Decoder {
    source: SourceId,
    /// The first origin of the document that is read.
    first: source::OriginId,
    /// The Go type and field that is being read, for upstream's words.
    place: String,
    /// In the order met.
    pub misfits: Vec<Misfit>,
}

impl Decoder {
    /// For a file; `root` is the Go type that errors begin with, such as `Kustomization`.
    pub fn new(source: SourceId, root: &str) -> Decoder {
        let first = source::OriginId::UNKNOWN;
        Decoder { source, first, place: root.to_owned(), misfits: Vec::new() }
    }

    /// With the first origin of the document, so that values that are kept whole know where they came from.
    #[must_use]
    pub fn with_origins(mut self, first: source::OriginId) -> Decoder {
        self.first = first;
        self
    }

    /// Where a node came from.
    pub fn origin(&self, node: Node<'_>) -> source::OriginId {
        node.origin(self.first)
    }

    /// The place of a node.
    pub fn span(&self, node: Node<'_>) -> Span {
        let (start, end) = node.span().unwrap_or((0, 0));
        Span::new(self.source, start, end)
    }

    fn misfit(&mut self, node: Node<'_>, wanted: &str, go_type: &str) {
        let is = match node.value() {
            Value::Null => "null",
            Value::Bool(_) => "bool",
            Value::Int(_) | Value::UInt(_) | Value::Float(_) => "number",
            Value::Str(_) => "string",
            Value::Seq => "array",
            Value::Map => "object",
        };
        let found = match node.value() {
            Value::Bool(_) => format!("the boolean `{}`", node.text()),
            Value::Int(_) | Value::UInt(_) | Value::Float(_) => format!("the number `{}`", node.text()),
            Value::Str(text) => format!("the string `{text}`"),
            Value::Seq => "a list".to_owned(),
            Value::Map => "a map".to_owned(),
            Value::Null => "nothing".to_owned(),
        };
        let field = self.place.rsplit('.').next().unwrap_or_default().to_owned();
        let upstream =
            format!("json: cannot unmarshal {is} into Go struct field {} of type {go_type}", self.place);
        let at = self.span(node);
        self.misfits.push(Misfit {
            at,
            message: format!("`{field}` wants {wanted}, and this is {found}"),
            upstream,
            known: &[],
        });
    }

    /// Reads a value below a key of the record that is being read.
    pub fn field<T: Decode>(&mut self, name: &str, node: Node<'_>) -> T {
        let length = self.place.len();
        self.place.push('.');
        self.place.push_str(name);
        let value = T::decode(node, self);
        self.place.truncate(length);
        value
    }

    /// Says that a key is none of the known ones.
    pub fn unknown(&mut self, key: Node<'_>, known: &'static [&'static str]) {
        let at = self.span(key);
        self.misfits.push(Misfit {
            at,
            message: format!("`{}` is not a field here", key.text()),
            upstream: format!("json: unknown field \"{}\"", key.text()),
            known,
        });
    }
}

/// What can be read from a node.
pub trait Decode: Default {
    /// Reads it; what does not fit is reported and left at its default.
    fn decode(node: Node<'_>, cx: &mut Decoder) -> Self;
}

/// A value with the place where it is written.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it stands; `None` for what nobody wrote.
    pub at: Option<Span>,
}

/// Text with its place.
pub type Text = Spanned<String>;

impl<T> std::ops::Deref for Spanned<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: Decode> Decode for Spanned<T> {
    fn decode(node: Node<'_>, cx: &mut Decoder) -> Self {
        Spanned { at: Some(cx.span(node)), value: T::decode(node, cx) }
    }
}

impl Decode for String {
    fn decode(node: Node<'_>, cx: &mut Decoder) -> Self {
        match node.value() {
            Value::Str(text) => return text.to_owned(),
            Value::Null => {}
            _ => cx.misfit(node, "a string (quote it)", "string"),
        }
        String::new()
    }
}

impl Decode for bool {
    fn decode(node: Node<'_>, cx: &mut Decoder) -> Self {
        match node.value() {
            Value::Bool(value) => return value,
            Value::Null => {}
            _ => cx.misfit(node, "`true` or `false`", "bool"),
        }
        false
    }
}

impl Decode for i64 {
    fn decode(node: Node<'_>, cx: &mut Decoder) -> Self {
        match node.as_i64() {
            Some(value) => return value,
            None if node.is_null() => {}
            None => cx.misfit(node, "a whole number", "int64"),
        }
        0
    }
}

impl<T: Decode> Decode for Option<T> {
    fn decode(node: Node<'_>, cx: &mut Decoder) -> Self {
        (!node.is_null()).then(|| T::decode(node, cx))
    }
}

impl<T: Decode> Decode for Box<T> {
    fn decode(node: Node<'_>, cx: &mut Decoder) -> Self {
        Box::new(T::decode(node, cx))
    }
}

impl<T: Decode> Decode for Vec<T> {
    fn decode(node: Node<'_>, cx: &mut Decoder) -> Self {
        match node.value() {
            Value::Seq => return node.items().map(|item| T::decode(item, cx)).collect(),
            Value::Null => {}
            _ => cx.misfit(node, "a list", "[]string"),
        }
        Vec::new()
    }
}

/// The entries of a map of strings, sorted by key as Go's maps are walked; the last of equal keys counts.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Pairs(pub Vec<(Text, Text)>);

impl Decode for Pairs {
    fn decode(node: Node<'_>, cx: &mut Decoder) -> Self {
        let mut pairs: Vec<(Text, Text)> = Vec::new();
        match node.value() {
            Value::Map => {
                for (key, value) in node.entries() {
                    // A key that is no string becomes one on the way through JSON.
                    let key = Spanned { value: yaml::json_key(key), at: Some(cx.span(key)) };
                    let value = Text::decode(value, cx);
                    pairs.retain(|(k, _)| k.value != key.value);
                    pairs.push((key, value));
                }
                pairs.sort_by(|a, b| a.0.value.cmp(&b.0.value));
            }
            Value::Null => {}
            _ => cx.misfit(node, "a map of strings", "map[string]string"),
        }
        Pairs(pairs)
    }
}

/// Declares a struct that is read from a map, with the key of every field.
macro_rules! record {
    ($(#[doc = $docs:literal])+ pub struct $name:ident {
        $($(#[doc = $field_docs:literal])+ $field:ident: $type:ty = $key:literal,)+
    }) => {
        $(#[doc = $docs])+
        #[derive(Clone, PartialEq, Debug, Default)]
        pub struct $name {
            $($(#[doc = $field_docs])+ pub $field: $type,)+
        }

        impl $crate::render::kustomize::decode::Decode for $name {
            fn decode(node: yaml::Node<'_>, cx: &mut $crate::render::kustomize::decode::Decoder) -> Self {
                const KNOWN: &[&str] = &[$($key),+];
                let mut record = Self::default();
                match node.value() {
                    yaml::Value::Map => {
                        // On its way through JSON a map is sorted, which decides what is complained of first.
                        let mut entries: Vec<_> = node.entries().collect();
                        entries.sort_by_key(|(key, _)| key.text());
                        for (key, value) in entries {
                            match key.text() {
                                $(text if text.eq_ignore_ascii_case($key) => record.$field = cx.field($key, value),)+
                                _ => cx.unknown(key, KNOWN),
                            }
                        }
                    }
                    yaml::Value::Null => {}
                    _ => cx.not_a_map(node, stringify!($name)),
                }
                record
            }
        }
    };
}
pub(crate) use record;

impl Decoder {
    /// Says that a map was wanted; `name` is the Go type's.
    pub fn not_a_map(&mut self, node: Node<'_>, name: &str) {
        self.misfit(node, "a map", &format!("types.{name}"));
    }
}

/// A value of any form, kept as a tree of its own.
#[derive(Clone)]
pub struct Inline {
    /// The value is the root.
    pub tree: yaml::Tree,
    /// Where it stands.
    pub at: Option<Span>,
}

impl Default for Inline {
    fn default() -> Self {
        Inline { tree: yaml::Tree::new(source::OriginId::UNKNOWN), at: None }
    }
}

impl std::fmt::Debug for Inline {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Inline({:?})", self.at)
    }
}

/// By place: two values of one file are the same if they stand at one place.
impl PartialEq for Inline {
    fn eq(&self, other: &Self) -> bool {
        self.at == other.at
    }
}

impl Decode for Inline {
    fn decode(node: Node<'_>, cx: &mut Decoder) -> Self {
        let mut tree = yaml::Tree::new(source::OriginId::UNKNOWN);
        let top = tree.take_in(node, &|node| cx.origin(node));
        tree.set_root(top);
        Inline { tree, at: Some(cx.span(node)) }
    }
}
