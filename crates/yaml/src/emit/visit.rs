//! The tree as the emitters see it.

use std::borrow::Cow;
use std::ops::Range;

use crate::base64;
use crate::doc::Style;
use crate::emit::analysis::Seen;
use crate::emit::order::{natural_less, permute, sort};
use crate::emit::plain::needs_quotes;
use crate::emit::sigs::{SHORT_KEY, go_utf8, through_json};
use crate::emit::{Comments, DEPTH, Emitter, Error, Form, Props, integer, not_finite, number};
use crate::json::float_key;

/// What one node holds.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum View<'a> {
    /// `null`
    Null,
    /// A boolean.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// An integer, past `i64` or from an unsigned type.
    UInt(u64),
    /// A float. An integral one stays a float for v3 (`1e+06`).
    Float(f64),
    /// A string.
    Text(&'a str),
    /// A string of any bytes, because Go's strings are. What is no UTF-8 goes the way of each emitter: `!!binary`,
    /// or U+FFFD through JSON.
    Str(&'a [u8]),
    /// A moment in RFC 3339: plain for go-yaml v3, a string through JSON.
    Time(&'a str),
    /// A list.
    Seq,
    /// A map.
    Map,
}

impl<'a> View<'a> {
    /// The bytes of a string.
    pub(crate) fn bytes(&self) -> Option<&'a [u8]> {
        match *self {
            View::Text(text) => Some(text.as_bytes()),
            View::Str(bytes) => Some(bytes),
            _ => None,
        }
    }
}

/// A handle to a node of some tree, cheap to clone: a reference, an id with its arena, a counted pointer.
///
/// The emitters walk with a stack of their own, so that depth costs no thread's stack, and sort the keys
/// themselves.
pub trait Visit: Clone {
    /// What it holds.
    fn view(&self) -> View<'_>;
    /// What it holds as the key of a map, where that differs. Through JSON, numbers and booleans become strings;
    /// anything else but a string is refused, which `View::Null` asks for.
    fn key(&self) -> View<'_> {
        self.view()
    }
    /// Appends the items of a list in order.
    fn items(&self, out: &mut Vec<Self>);
    /// Appends the entries of a map in any order.
    fn entries(&self, out: &mut Vec<(Self, Self)>);
    /// How many bytes may be written of this tree: one whose nodes are shared may be far larger in text than in memory.
    fn limit(&self) -> usize {
        usize::MAX
    }
    /// Whether the entries are the fields of a struct: those stay in their order where a map's keys are sorted.
    fn is_struct(&self) -> bool {
        false
    }
}

/// Is told which bytes each scalar, key or value, became; empty lists and maps count as scalars.
pub trait Trace<V> {
    /// The bytes in the whole of the output that `node` stands in, quotes included.
    fn scalar(&mut self, node: &V, bytes: Range<usize>);
}

impl<V> Trace<V> for () {
    #[inline(always)]
    fn scalar(&mut self, _: &V, _: Range<usize>) {}
}

impl<V, F: FnMut(&V, Range<usize>)> Trace<V> for F {
    fn scalar(&mut self, node: &V, bytes: Range<usize>) {
        self(node, bytes);
    }
}

/// A number or boolean as a key of JSON.
pub(super) fn key_text(view: View<'_>) -> Option<String> {
    match view {
        View::Bool(b) => Some(b.to_string()),
        View::Int(i) => Some(i.to_string()),
        View::UInt(u) => Some(u.to_string()),
        View::Float(f) => Some(float_key(f)),
        _ => None,
    }
}

struct Open {
    map: bool,
    /// What the stack of its children's kind held before.
    base: usize,
}

/// Writes one document. `JSON`: values pass through JSON text first, as `sigs.k8s.io/yaml` has it.
pub(crate) fn walk<V: Visit, T: Trace<V>, const JSON: bool>(
    root: &V,
    form: Form,
    out: &mut Vec<u8>,
    trace: &mut T,
) -> Result<(), Error> {
    let mut to = Writer::<T, JSON> { emitter: Emitter::new(out, form), trace, scratch: String::new() };
    // Children stand in reverse, so that the next one is popped.
    let mut items: Vec<V> = Vec::new();
    let mut entries: Vec<(V, V)> = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    let mut order: Vec<(u64, u32)> = Vec::new();
    let mut next = Some(root.clone());
    let (before, limit) = (to.emitter.out.len(), root.limit());
    loop {
        if to.emitter.out.len() - before > limit {
            return Err(Error::Size(limit));
        }
        if let Some(node) = next.take() {
            match node.view() {
                View::Seq => {
                    let base = items.len();
                    node.items(&mut items);
                    items[base..].reverse();
                    to.start(&node, false, items.len() == base)?;
                    open.push(Open { map: false, base });
                }
                View::Map => {
                    let base = entries.len();
                    node.entries(&mut entries);
                    if form.sorted && (JSON || !node.is_struct()) {
                        sort_last_first(&mut entries[base..], &mut order, form.v2);
                        if JSON {
                            drop_equal(&mut entries, base, &order);
                        }
                    } else {
                        entries[base..].reverse();
                    }
                    to.start(&node, true, entries.len() == base)?;
                    open.push(Open { map: true, base });
                }
                view => to.scalar(&node, view, false)?,
            }
            if open.len() > DEPTH {
                return Err(Error::Depth);
            }
        }
        let Some(Open { map, base }) = open.last() else { break };
        let left = if *map { entries.len() > *base } else { items.len() > *base };
        if !left {
            open.pop();
            to.emitter.end(&Comments::default());
        } else if *map {
            if let Some((key, value)) = entries.pop() {
                to.key(&key)?;
                next = Some(value);
            }
        } else {
            next = items.pop();
        }
    }
    to.emitter.finish("");
    Ok(())
}

struct Writer<'t, 'o, T, const JSON: bool> {
    emitter: Emitter<'o, 'static>,
    trace: &'t mut T,
    scratch: String,
}

impl<T, const JSON: bool> Writer<'_, '_, T, JSON> {
    fn start<V: Visit>(&mut self, node: &V, map: bool, empty: bool) -> Result<(), Error>
    where
        T: Trace<V>,
    {
        self.emitter.start(map, self.emitter.form.flow, empty, Props::default(), &Comments::default())?;
        if empty {
            let at = self.emitter.position();
            self.trace.scalar(node, at..at);
        }
        Ok(())
    }

    fn key<V: Visit>(&mut self, key: &V) -> Result<(), Error>
    where
        T: Trace<V>,
    {
        let view = key.key();
        if !JSON || view.bytes().is_some() {
            return self.scalar(key, view, true);
        }
        let text = key_text(view).ok_or(Error::Key)?;
        self.scalar(key, View::Text(&text), true)
    }

    fn scalar<V: Visit>(&mut self, node: &V, view: View<'_>, key: bool) -> Result<(), Error>
    where
        T: Trace<V>,
    {
        let mut scratch = std::mem::take(&mut self.scratch);
        scratch.clear();
        let plain: &str = match view {
            View::Text(text) => {
                self.string(text, key)?;
                ""
            }
            View::Str(bytes) => {
                self.bytes(bytes, key)?;
                ""
            }
            View::Time(text) if JSON => {
                self.string(text, key)?;
                ""
            }
            View::Time(text) => text,
            View::Bool(true) => "true",
            View::Bool(false) => "false",
            View::Int(i) => {
                integer(&mut scratch, i < 0, i.unsigned_abs());
                &scratch
            }
            View::UInt(u) => {
                integer(&mut scratch, false, u);
                &scratch
            }
            View::Float(f) if JSON => {
                if !f.is_finite() {
                    return Err(not_finite(f));
                }
                number::float_through_json(&mut scratch, f);
                &scratch
            }
            View::Float(f) => {
                number::go_float(&mut scratch, f);
                &scratch
            }
            View::Null | View::Seq | View::Map => "null",
        };
        if !plain.is_empty() {
            self.emitter.bare_scalar(plain, Seen::of(plain.as_bytes()), Style::Plain)?;
        }
        self.scratch = scratch;
        self.trace.scalar(node, self.emitter.mark..self.emitter.position());
        Ok(())
    }

    fn bytes(&mut self, bytes: &[u8], key: bool) -> Result<(), Error> {
        match std::str::from_utf8(bytes) {
            Ok(text) => self.string(text, key),
            Err(_) if JSON => self.string(&go_utf8(bytes), key),
            Err(_) => self.binary(bytes),
        }
    }

    fn string(&mut self, text: &str, key: bool) -> Result<(), Error> {
        let seen = Seen::of(text.as_bytes());
        let through: Cow<'_, str>;
        let (text, seen) = if JSON && !(seen.plain_ascii() && text.len() <= SHORT_KEY) {
            through = through_json(text, key)?;
            (&*through, Seen::of(through.as_bytes()))
        } else {
            (text, seen)
        };
        let style = if seen.breaks() && memchr::memchr(b'\n', text.as_bytes()).is_some() {
            Style::Literal
        } else if needs_quotes(text) {
            Style::DoubleQuoted
        } else {
            Style::Plain
        };
        let wanted = if key { self.emitter.form.key_quotes } else { self.emitter.form.quotes };
        let style = match wanted {
            Some(quotes) if style != Style::Literal => quotes,
            _ => style,
        };
        Ok(self.emitter.bare_scalar(text, seen, style)?)
    }

    /// What is no UTF-8 goes out in base64, in lines of 70.
    fn binary(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let text = base64::encode_lines(bytes);
        let style = if text.contains('\n') { Style::Literal } else { Style::Plain };
        let props = Props { anchor: None, tag: Some("tag:yaml.org,2002:binary") };
        Ok(self.emitter.scalar(&text, style, props, &Comments::default())?)
    }
}

/// Orders entries by their keys, the first one last.
///
/// Keys are told apart by their first eight bytes where letters differ, which spares most looks at the keys. `order`
/// is left with these bytes of each entry.
fn sort_last_first<V: Visit>(entries: &mut [(V, V)], order: &mut Vec<(u64, u32)>, v2: bool) {
    order.clear();
    order.extend(entries.iter().zip(0..).map(|((key, _), at)| (start_of(&key.key()), at)));
    let sorted: &[(V, V)] = entries;
    sort(order, |a, b| {
        let differs = (a.0 ^ b.0).leading_zeros() / 8;
        if differs < 8 {
            let (x, y) = ((a.0 >> (56 - 8 * differs)) as u8, (b.0 >> (56 - 8 * differs)) as u8);
            if x.is_ascii_alphabetic() && y.is_ascii_alphabetic() {
                return x < y;
            }
        }
        let key = |at: u32| sorted[at as usize].0.key();
        less(&key(a.1), &key(b.1), v2)
    });
    order.reverse();
    permute(entries, order);
}

/// The first bytes of a key.
fn start_of(key: &View<'_>) -> u64 {
    let mut start = [0; 8];
    if let Some(bytes) = key.bytes() {
        let length = bytes.len().min(8);
        start[..length].copy_from_slice(&bytes[..length]);
    }
    u64::from_be_bytes(start)
}

/// Of equal keys only the last stays, as in JSON's objects. The entries are sorted, the first one last.
fn drop_equal<V: Visit>(entries: &mut Vec<(V, V)>, base: usize, starts: &[(u64, u32)]) {
    for at in (1..starts.len()).rev() {
        // A stable sort keeps the later of two equal keys behind, which is before it from this end.
        if starts[at].0 == starts[at - 1].0 {
            let (one, other) = (&entries[base + at].0, &entries[base + at - 1].0);
            let (one, other) = (one.key(), other.key());
            let equal = match (one.bytes(), other.bytes()) {
                (Some(a), Some(b)) => a == b,
                (None, None) => key_text(one).is_some_and(|a| Some(a) == key_text(other)),
                _ => false,
            };
            if equal {
                entries.remove(base + at);
            }
        }
    }
}

/// go-yaml's order of keys of any kind: numbers and booleans by value, other kinds apart, strings last.
fn less(a: &View<'_>, b: &View<'_>, v2: bool) -> bool {
    if let (Some(a), Some(b)) = (a.bytes(), b.bytes()) {
        return natural_less(a, b, v2);
    }
    // The number of each kind in Go's reflection, by which unlike keys are ordered.
    let kind = |v: &View<'_>| match v {
        View::Null => 0,
        View::Bool(_) => 1,
        View::Int(_) => 2,
        View::UInt(_) => 11,
        View::Float(_) => 14,
        View::Map => 21,
        View::Seq => 23,
        View::Text(_) | View::Str(_) => 24,
        View::Time(_) => 25,
    };
    let number = |v: &View<'_>| match *v {
        View::Bool(b) => Some(f64::from(u8::from(b))),
        View::Int(i) => Some(i as f64),
        View::UInt(u) => Some(u as f64),
        View::Float(f) => Some(f),
        _ => None,
    };
    if let (Some(x), Some(y)) = (number(a), number(b)) {
        if x != y {
            return x < y;
        }
        return match (a, b) {
            (View::Int(x), View::Int(y)) => x < y,
            (View::UInt(x), View::UInt(y)) => x < y,
            _ => kind(a) < kind(b),
        };
    }
    kind(a) < kind(b)
}
