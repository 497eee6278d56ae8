//! Documents as go-yaml v3 decodes them into untyped values, on their way into JSON.

use std::rc::Rc;

use crate::base64;
use crate::doc::Resolved;
use crate::emit::{View, Visit};
use crate::node::Node;
use crate::timestamp::Timestamp;

/// A node with the values that go-yaml v3 gives Go: timestamps are moments and so print in full, `!!binary` is what
/// it encodes, and keys that are no strings are refused by everything that goes through JSON.
///
/// ```
/// use std::sync::Arc;
/// let text: Arc<str> = "a: 2001-01-01\nb: !!binary aGk=\n".into();
/// let mut out = source::Diagnostics::new();
/// let options = yaml::Options::new(yaml::Profile::GoYamlV3);
/// let docs = yaml::read(source::SourceId(0), &text, &options, &mut out);
/// let mut out = Vec::new();
/// yaml::emit::sigs(&yaml::emit::GoTyped::root(docs[0].root().unwrap()), &mut out).unwrap();
/// assert_eq!(out, b"a: \"2001-01-01T00:00:00Z\"\nb: hi\n");
/// ```
#[derive(Clone)]
pub struct GoTyped<'a> {
    /// The node itself.
    pub node: Node<'a>,
    made: Made,
    /// A key of the outermost map, which Go decodes into a string whatever it is.
    outermost: bool,
    is_root: bool,
}

/// What its text stands for, where that is another text.
#[derive(Clone)]
enum Made {
    None,
    Time(Rc<str>),
    Bytes(Rc<[u8]>),
}

impl<'a> GoTyped<'a> {
    /// A document that is decoded into a map with string keys.
    pub fn root(node: Node<'a>) -> Self {
        GoTyped { is_root: true, ..GoTyped::of(node) }
    }

    fn of(node: Node<'a>) -> Self {
        let made = match node.resolved() {
            Resolved::Timestamp => Timestamp::parse(node.text()).map(|t| Made::Time(t.to_string().into())),
            Resolved::Binary => base64::decode(node.text()).map(|bytes| Made::Bytes(bytes.into())),
            _ => None,
        };
        GoTyped { node, made: made.unwrap_or(Made::None), outermost: false, is_root: false }
    }
}

impl Visit for GoTyped<'_> {
    fn view(&self) -> View<'_> {
        match &self.made {
            Made::Time(text) => View::Time(text),
            Made::Bytes(bytes) => View::Str(bytes),
            Made::None => self.node.view(),
        }
    }

    fn key(&self) -> View<'_> {
        let text = View::Text(self.node.text());
        let is_string = self.node.resolved() == Resolved::Str
            && self.node.tag().is_none_or(|tag| matches!(&*tag, "!!str" | "!"));
        match self.node.resolved() {
            _ if is_string => text,
            Resolved::Map | Resolved::Seq => View::Null,
            _ if self.outermost => text,
            _ => View::Null,
        }
    }

    fn items(&self, out: &mut Vec<Self>) {
        out.extend(self.node.items().map(GoTyped::of));
    }

    fn entries(&self, out: &mut Vec<(Self, Self)>) {
        let key = |key| GoTyped { outermost: self.is_root, ..GoTyped::of(key) };
        out.extend(self.node.entries().map(|(k, v)| (key(k), GoTyped::of(v))));
    }
}
