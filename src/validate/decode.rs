//! Strict decoding: which fields there are and what types they take, as the server's JSON decoder sees it.
//!
//! One walk without recursion (Go reads 10,000 levels) over the nodes as they were read. What the server finds later, in values
//! that do decode, is found in the same walk where the table alone can tell: required fields, enums, keys of lists.

use yaml::{Entries, Items, Kind as NodeKind, Node};

use super::codes::{UNKNOWN_FIELD, WRONG_TYPE};
use super::report::Report;
use super::traits::{Traits, Types};
use super::{custom, gates, labels, place, required, scalar, values};
use crate::kube::Resource;
use crate::schema::{Field, Kind, Shape, Type};

/// How a parent leads to a child.
#[derive(Clone, Copy)]
pub(super) enum Step<'a> {
    Root,
    Field(&'a str),
    Key(&'a str),
    Index(usize),
    /// A field and an index that the decoder names and validation leaves out of its paths.
    Unsaid(&'a str),
    UnsaidIndex(usize),
}

impl Step<'_> {
    fn is(self, field: &str) -> bool {
        matches!(self, Step::Field(name) if name == field)
    }
}

/// What of a collection is still to be visited.
enum Rest<'a> {
    Fields(Entries<'a>),
    Values(Entries<'a>),
    Items(Items<'a>, usize),
}

/// A collection that the walk is inside of.
pub(super) struct Frame<'a> {
    pub ty: Type<'a>,
    pub traits: &'a Traits<'a>,
    /// One more than the place of the field that was met last; 0 before the first.
    last: u32,
    pub node: Node<'a>,
    pub step: Step<'a>,
    rest: Rest<'a>,
    /// Below it the server's decoder is not strict: types count, unknown fields do not.
    lenient: bool,
    /// The status, which a create throws away after decoding it.
    dropped: bool,
    /// The fields that must be there and have not been met: see [`Traits::lacks_at_first`].
    lacks: u64,
    /// How many members of the type's union were met; one more for every unknown field, which
    /// may be a member in another version.
    pub united: u32,
    /// A field was unknown, so that a missing one may be that one misspelt.
    pub misspelt: bool,
}

/// The walk's memory, kept from object to object.
pub(super) struct Decoder<'a> {
    depth: usize,
    types: Types<'a>,
    /// The minor version that is judged for.
    minor: u8,
}

/// The walk at one moment.
pub(super) struct Walk<'a, 'r> {
    pub frames: Vec<Frame<'a>>,
    pub kind: Kind<'a>,
    pub types: Types<'a>,
    pub report: &'r mut Report<'a>,
    minor: u8,
}

impl<'a> Decoder<'a> {
    /// For a version of Kubernetes, by its minor number, and the types of its schema.
    pub fn new(minor: u8, types: Types<'a>) -> Self {
        Decoder { depth: 0, types, minor }
    }

    /// Decodes one object of that kind.
    pub fn run(&mut self, resource: &'a Resource, kind: Kind<'a>, report: &mut Report<'a>) {
        let frames = Vec::with_capacity(self.depth);
        let mut walk = Walk { frames, kind, types: self.types, report, minor: self.minor };
        walk.visit(resource.root(), kind.ty(), Step::Root);
        while let Some(top) = walk.frames.last_mut() {
            let next = match &mut top.rest {
                Rest::Fields(entries) => entries.next().map(|(k, v)| (Some(k), v, Step::Field(k.text()))),
                Rest::Values(entries) => entries.next().map(|(k, v)| (None, v, Step::Key(k.text()))),
                Rest::Items(items, at) => {
                    *at += 1;
                    items.next().map(|item| (None, item, Step::Index(*at - 1)))
                }
            };
            match next {
                Some((Some(key), value, Step::Field(name))) => walk.field(key, name, value),
                Some((_, value, step)) => walk.element(value, step),
                None => walk.leave(),
            }
        }
        self.depth = self.depth.max(walk.frames.capacity());
    }
}

impl<'a> Walk<'a, '_> {
    /// The path to a child of the innermost collection: `spec.ports[0].name`, keys of maps in brackets if `keys`
    /// says so. The server's decoder writes them with dots, its validation with brackets.
    pub fn path(&self, step: Step<'_>, keys: bool) -> String {
        let mut path = String::new();
        for step in self.frames.iter().map(|f| f.step).chain([step]) {
            push(&mut path, step, keys);
        }
        path
    }

    fn lenient(&self) -> bool {
        self.frames.last().is_some_and(|f| f.lenient)
    }

    /// Whether values count: those below a status do not, because a create throws them away.
    pub fn counts(&self) -> bool {
        !self.frames.last().is_some_and(|f| f.dropped)
    }

    fn field(&mut self, key: Node<'a>, name: &'a str, value: Node<'a>) {
        let Some(frame) = self.frames.last_mut() else { return };
        let ty = frame.ty;
        match frame.traits.member(&mut frame.last, name) {
            Some(member) => {
                if frame.lacks & member.lack != 0 && !required::is_absent(value, member.field, ty.is_custom())
                {
                    frame.lacks &= !member.lack;
                }
                frame.united += u32::from(member.is_united && !value.is_null());
                self.visit(value, member.ty, Step::Field(name));
            }
            None if ty.keeps_unknown() || frame.lenient => frame.united += 1,
            None => {
                frame.misspelt = true;
                frame.united += 1;
                self.unknown(key, value);
            }
        }
    }

    fn element(&mut self, value: Node<'a>, step: Step<'a>) {
        let Some(frame) = self.frames.last() else { return };
        match frame.ty.shape() {
            // One schema or several: either way the items are schemas. Of strings they are strings.
            Shape::SchemaOrStrings => self.string(value, step),
            _ => {
                if let Some(element) = frame.ty.element() {
                    self.visit(value, element, step);
                }
            }
        }
    }

    fn string(&mut self, value: Node<'a>, step: Step<'a>) {
        if value.as_str().is_none() && !value.is_null() {
            self.wrong(value, step, "a string".to_owned(), None);
        }
    }

    /// Looks at a value of that type: a scalar is judged, a collection entered.
    pub fn visit(&mut self, node: Node<'a>, ty: Type<'a>, step: Step<'a>) {
        if node.is_null() {
            // To Go's decoder null is absence; a list's null item is an empty one.
            if ty.is_custom() {
                custom::null(self, node, ty, step);
            } else if matches!(step, Step::Index(_)) && ty.shape() == Shape::Object && self.counts() {
                required::judge(self, node, ty, Some(step));
            }
            return;
        }
        let kind = node.kind();
        let rest = match (ty.shape(), kind) {
            (Shape::Object, NodeKind::Map) => Rest::Fields(node.entries()),
            (Shape::Map, NodeKind::Map) => Rest::Values(node.entries()),
            (Shape::List, NodeKind::Seq) => Rest::Items(node.items(), 0),
            (Shape::SchemaOrBool | Shape::SchemaOrList | Shape::SchemaOrStrings, NodeKind::Map) => {
                // The Go type reads itself, with a decoder that is not strict.
                if let Some(schema) = ty.element() {
                    self.enter(node, schema, step, Rest::Fields(node.entries()), true);
                }
                return;
            }
            (Shape::SchemaOrList | Shape::SchemaOrStrings, NodeKind::Seq) => {
                self.enter(node, ty, step, Rest::Items(node.items(), 0), true);
                return;
            }
            (Shape::Any, _) => {
                if ty.is_custom() {
                    custom::judge(self, node, ty, step);
                }
                return;
            }
            (_, NodeKind::Scalar) => return self.scalar(node, ty, step),
            // A list of numbers is bytes, too.
            (Shape::Bytes, NodeKind::Seq) if scalar::are_bytes(node) => return,
            _ => {
                let help = place::help_for_type(node, ty);
                return self.wrong(node, step, ty.describe(), help);
            }
        };
        self.enter(node, ty, step, rest, self.lenient());
    }

    fn enter(&mut self, node: Node<'a>, ty: Type<'a>, step: Step<'a>, rest: Rest<'a>, lenient: bool) {
        let is_dropped = |root: &Frame<'a>| match step {
            Step::Field(name) if root.ty.is_custom() => root.ty.field(name).is_some_and(Field::is_dropped),
            step => step.is("status"),
        };
        let dropped = !self.counts()
            || matches!(self.frames.as_slice(), [root] if is_dropped(root))
            || gates::drops(self.minor, &self.frames, node, step);
        let step = match (step, self.frames.last()) {
            // Of the files of a downward API it names the first thing below the list.
            (Step::Field("items"), Some(owner)) if owner.traits.short_name.starts_with("DownwardAPI") => {
                Step::Unsaid("items")
            }
            (Step::Index(at), Some(Frame { step: Step::Unsaid(_), .. })) => Step::UnsaidIndex(at),
            (step, _) => step,
        };
        let traits = self.types.of(ty);
        let lacks = traits.lacks_at_first();
        let last = 0;
        self.frames.push(Frame {
            ty,
            traits,
            last,
            node,
            step,
            rest,
            lenient,
            dropped,
            lacks,
            united: 0,
            misspelt: false,
        });
    }

    /// Judges what can be said of a collection once all of it was seen.
    fn leave(&mut self) {
        let Some(frame) = self.frames.last() else { return };
        let (node, ty, traits, counts, lacks) =
            (frame.node, frame.ty, frame.traits, !frame.dropped, frame.lacks);
        if counts {
            match ty.shape() {
                Shape::Object => {
                    if lacks != 0 {
                        required::judge(self, node, ty, None);
                    }
                    values::union(self, node);
                    if let Some(rule) = traits.rule {
                        rule(self, node);
                    }
                }
                Shape::Map => labels::map(self, node),
                Shape::List => values::unique(self, node, ty),
                _ => {}
            }
        }
        if ty.is_custom() {
            custom::collection(self, node, ty);
        }
        self.frames.pop();
    }

    fn scalar(&mut self, node: Node<'a>, ty: Type<'a>, step: Step<'a>) {
        match scalar::judge(node, ty.shape()) {
            Ok(()) if ty.is_custom() => custom::judge(self, node, ty, step),
            Ok(()) if self.counts() => match ty.shape() {
                Shape::Int32 | Shape::Int64 => values::within(self, node, step),
                _ => values::one_of(self, node, ty, step),
            },
            Ok(()) => {}
            Err(fault) => self.wrong(node, step, fault.wanted.unwrap_or_else(|| ty.describe()), fault.help),
        }
    }

    /// A value of another type than the field takes.
    pub fn wrong(&mut self, node: Node<'a>, step: Step<'a>, wanted: String, help: Option<String>) {
        let custom = self.frames.last().is_some_and(|f| f.ty.is_custom());
        if custom && !self.counts() {
            return;
        }
        let (path, reason) = match custom {
            true => (self.path(step, true), "FieldValueTypeInvalid"),
            false => (self.path(step, false), "Decode"),
        };
        let name = match step {
            Step::Root => format!("a {}", self.kind.kind()),
            Step::Field(name) | Step::Key(name) | Step::Unsaid(name) => format!("`{name}`"),
            Step::Index(at) | Step::UnsaidIndex(at) => match self.frames.last().map(|f| f.step) {
                Some(Step::Field(list)) => format!("item {at} of `{list}`"),
                _ => format!("item {at}"),
            },
        };
        let message = format!("{name} must be {wanted}, not {}", scalar::describe(node));
        let finding = self.report.push(&WRONG_TYPE, reason, node, path, message);
        finding.primary.text = format!("this is {}", scalar::describe(node));
        finding.help = help;
    }

    fn unknown(&mut self, key: Node<'a>, value: Node<'a>) {
        let path = self.path(Step::Field(key.text()), false);
        let name = key.text();
        let owner = place::owner(self);
        let advice = place::advise(self, key, value);
        let context = place::context(self);
        let fix = advice
            .rename
            .and_then(|to| self.report.replacing(key, format!("rename `{name}` to `{to}`"), to.to_owned()));
        let related = advice.related.map(|(node, text)| (self.report.place(node), text));
        let message = format!("`{name}` is not a field of {owner}");
        let finding = self.report.push(&UNKNOWN_FIELD, "UnknownField", key, path, message);
        finding.primary.text = format!("unknown field in {context}");
        finding.help = advice.help;
        finding.fix = fix;
        finding.related.extend(related.map(|(at, text)| source::Label::new(at, text)));
    }
}

pub(super) fn push(path: &mut String, step: Step<'_>, keys: bool) {
    use std::fmt::Write;
    let _ = match step {
        Step::Root => Ok(()),
        Step::Unsaid(_) | Step::UnsaidIndex(_) if keys => Ok(()),
        Step::Index(at) | Step::UnsaidIndex(at) => write!(path, "[{at}]"),
        Step::Key(key) if keys => write!(path, "[{key}]"),
        Step::Field(name) | Step::Key(name) | Step::Unsaid(name) if path.is_empty() => write!(path, "{name}"),
        Step::Field(name) | Step::Key(name) | Step::Unsaid(name) => write!(path, ".{name}"),
    };
}
