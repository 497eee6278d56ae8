//! Go's strings: shared bytes, and where each of them came from.

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::ops::{Deref, Range};
use std::rc::Rc;
use std::sync::Arc;

use source::OriginId;

/// A run of bytes of one origin; it begins where the one before it ends.
///
/// A run may be empty: it marks the place at which a condition or an empty value kept something out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Segment {
    /// One past its last byte.
    pub end: u32,
    /// Where the bytes came from.
    pub origin: OriginId,
}

#[derive(Default)]
pub(crate) struct Inner {
    pub(crate) bytes: Bytes,
    /// Empty where one origin holds for all bytes: that of the value.
    segments: Box<[Segment]>,
}

/// The text's own, or those of a file that may be large and that hardly any template reads.
pub(crate) enum Bytes {
    Own(Vec<u8>),
    Shared(Arc<[u8]>),
}

impl Default for Bytes {
    fn default() -> Self {
        Bytes::Own(Vec::new())
    }
}

impl Deref for Bytes {
    type Target = [u8];
    #[inline]
    fn deref(&self) -> &[u8] {
        match self {
            Bytes::Own(bytes) => bytes,
            Bytes::Shared(bytes) => bytes,
        }
    }
}

/// A string of Go: bytes, UTF-8 by habit only, shared by all who hold it.
///
/// It dereferences to its bytes. Functions that keep characters build their result from pieces of what they were
/// given ([`Text::slice`], [`TextBuilder::push`]), and so the origins travel with the bytes; with tracing off no
/// text has segments and this costs a comparison.
///
/// ```
/// use gotmpl::Text;
/// let text = Text::from("  abc ");
/// assert_eq!(&*text.slice(2..5), b"abc");
/// ```
#[derive(Clone)]
pub struct Text {
    pub(crate) inner: Rc<Inner>,
    pub(crate) origin: OriginId,
}

impl Text {
    /// Bytes of one origin.
    pub fn with_origin(bytes: impl Into<Vec<u8>>, origin: OriginId) -> Self {
        Text::of(Bytes::Own(bytes.into()), origin)
    }

    /// Bytes of one origin that others hold too, and that are not copied.
    pub fn shared(bytes: Arc<[u8]>, origin: OriginId) -> Self {
        Text::of(Bytes::Shared(bytes), origin)
    }

    fn of(bytes: Bytes, origin: OriginId) -> Self {
        Text { inner: Rc::new(Inner { bytes, segments: Box::default() }), origin }
    }

    /// Bytes with their segments, which have to cover them without gaps; one alone is kept as the origin.
    pub fn with_segments(bytes: impl Into<Vec<u8>>, segments: Vec<Segment>) -> Self {
        let bytes = bytes.into();
        debug_assert!(segments.last().is_none_or(|s| s.end as usize == bytes.len()));
        match segments.as_slice() {
            [] => Text::with_origin(bytes, OriginId::UNKNOWN),
            [one] => Text::with_origin(bytes, one.origin),
            _ => {
                let inner = Inner { bytes: Bytes::Own(bytes), segments: segments.into() };
                Text { inner: Rc::new(inner), origin: OriginId::UNKNOWN }
            }
        }
    }

    /// The bytes; what a function looks at.
    pub fn bytes(&self) -> &[u8] {
        &self.inner.bytes
    }

    /// The bytes alone; a copy only where somebody else holds them too.
    pub fn into_bytes(self) -> Vec<u8> {
        match Rc::try_unwrap(self.inner) {
            Ok(Inner { bytes: Bytes::Own(bytes), .. }) => bytes,
            Ok(inner) => inner.bytes.to_vec(),
            Err(inner) => inner.bytes.to_vec(),
        }
    }

    /// The text, with U+FFFD for what is no UTF-8.
    pub fn lossy(&self) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(&self.inner.bytes)
    }

    /// The origin of the whole, where it has one; see [`Text::segments`].
    pub fn origin(&self) -> OriginId {
        self.origin
    }

    /// Whether its bytes have more than one origin.
    pub fn is_segmented(&self) -> bool {
        !self.inner.segments.is_empty()
    }

    /// The runs in order: (range, origin). A text of one origin has one run, an empty text of no origin none.
    pub fn segments(&self) -> impl Iterator<Item = (Range<usize>, OriginId)> + '_ {
        let is_something = !self.is_empty() || self.origin != OriginId::UNKNOWN;
        let whole = (!self.is_segmented() && is_something).then_some((0..self.len(), self.origin));
        let mut start = 0;
        whole.into_iter().chain(self.inner.segments.iter().map(move |s| {
            let range = start..s.end as usize;
            start = range.end;
            (range, s.origin)
        }))
    }

    /// The bytes of a range with their origins. A range outside of the text is cut to it.
    pub fn slice(&self, range: Range<usize>) -> Text {
        let end = range.end.min(self.len());
        let start = range.start.min(end);
        if (start, end) == (0, self.len()) {
            return self.clone();
        }
        if !self.is_segmented() {
            return Text::with_origin(&self.bytes()[start..end], self.origin);
        }
        let mut builder = TextBuilder::with_capacity(end - start);
        builder.push_range(self, start..end);
        builder.finish()
    }

    /// The same bytes, all of one other origin.
    pub fn over(&self, origin: OriginId) -> Text {
        if self.is_segmented() {
            Text::with_origin(self.bytes(), origin)
        } else {
            Text { inner: self.inner.clone(), origin }
        }
    }
}

impl Default for Text {
    fn default() -> Self {
        Text::with_origin(Vec::new(), OriginId::UNKNOWN)
    }
}

impl Deref for Text {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        &self.inner.bytes
    }
}

impl Borrow<[u8]> for Text {
    fn borrow(&self) -> &[u8] {
        &self.inner.bytes
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Text) -> bool {
        self.bytes() == other.bytes()
    }
}

impl Eq for Text {}

impl PartialOrd for Text {
    fn partial_cmp(&self, other: &Text) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Text {
    fn cmp(&self, other: &Text) -> Ordering {
        self.bytes().cmp(other.bytes())
    }
}

impl std::fmt::Debug for Text {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", self.lossy())
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Text {
        Text::with_origin(text.as_bytes(), OriginId::UNKNOWN)
    }
}

impl From<String> for Text {
    fn from(text: String) -> Text {
        Text::with_origin(text.into_bytes(), OriginId::UNKNOWN)
    }
}

impl From<&[u8]> for Text {
    fn from(bytes: &[u8]) -> Text {
        Text::with_origin(bytes, OriginId::UNKNOWN)
    }
}

impl From<Vec<u8>> for Text {
    fn from(bytes: Vec<u8>) -> Text {
        Text::with_origin(bytes, OriginId::UNKNOWN)
    }
}

/// Puts a text together from pieces, with their origins.
///
/// ```
/// use gotmpl::{Text, TextBuilder};
/// let mut out = TextBuilder::default();
/// out.push_str("\"");
/// out.push(&Text::from("a"));
/// out.push_str("\"");
/// assert_eq!(&*out.finish(), b"\"a\"");
/// ```
#[derive(Default)]
pub struct TextBuilder {
    bytes: Vec<u8>,
    /// All but the last run; empty as long as there is one origin.
    segments: Vec<Segment>,
    current: Option<OriginId>,
}

impl TextBuilder {
    /// Room for that many bytes.
    pub fn with_capacity(bytes: usize) -> Self {
        TextBuilder { bytes: Vec::with_capacity(bytes), ..TextBuilder::default() }
    }

    /// What stands there so far.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// How many bytes stand there so far.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Whether nothing stands there yet.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Characters of the function's own: they have no origin.
    pub fn push_str(&mut self, text: &str) {
        self.push_bytes(text.as_bytes(), OriginId::UNKNOWN);
    }

    /// Bytes of that origin.
    pub fn push_bytes(&mut self, bytes: &[u8], origin: OriginId) {
        if bytes.is_empty() {
            return;
        }
        match self.current {
            Some(current) if current != origin => {
                self.segments.push(Segment { end: self.bytes.len() as u32, origin: current });
                self.current = Some(origin);
            }
            Some(_) => {}
            None => self.current = Some(origin),
        }
        self.bytes.extend_from_slice(bytes);
    }

    /// A place without bytes that has an origin: see [`Segment`].
    pub fn push_gap(&mut self, origin: OriginId) {
        let end = self.bytes.len() as u32;
        if origin == OriginId::UNKNOWN || self.segments.last().is_some_and(|s| *s == Segment { end, origin })
        {
            return;
        }
        if let Some(current) = self.current.take()
            && self.segments.last().map_or(0, |s| s.end) < end
        {
            self.segments.push(Segment { end, origin: current });
        }
        self.segments.push(Segment { end, origin });
    }

    /// A text with its origins.
    pub fn push(&mut self, text: &Text) {
        if text.is_segmented() {
            self.push_pieces(text, 0, text.len());
        } else if text.is_empty() {
            self.push_gap(text.origin);
        } else {
            self.push_bytes(text.bytes(), text.origin);
        }
    }

    /// A part of a text with its origins; a range outside of the text is cut to it.
    pub fn push_range(&mut self, text: &Text, range: Range<usize>) {
        let end = range.end.min(text.len());
        let start = range.start.min(end);
        if text.is_empty() {
            // What kept it empty is known still.
            return self.push(text);
        }
        if !text.is_segmented() {
            return self.push_bytes(&text.bytes()[start..end], text.origin);
        }
        self.push_pieces(text, start, end);
    }

    fn push_pieces(&mut self, text: &Text, start: usize, end: usize) {
        let segments = &text.inner.segments;
        let mut at = start;
        let first = segments.partition_point(|s| (s.end as usize) < start);
        let mut from = first.checked_sub(1).map_or(0, |before| segments[before].end as usize);
        for segment in &segments[first..] {
            let begin = std::mem::replace(&mut from, segment.end as usize);
            if begin > end {
                break;
            }
            if begin == from {
                self.push_gap(segment.origin);
                continue;
            }
            let stop = from.min(end);
            if stop > at {
                self.push_bytes(&text.bytes()[at..stop], segment.origin);
                at = stop;
            }
        }
    }

    /// The text.
    pub fn finish(mut self) -> Text {
        if self.segments.is_empty() {
            return Text::with_origin(self.bytes, self.current.unwrap_or(OriginId::UNKNOWN));
        }
        if let Some(origin) = self.current {
            self.segments.push(Segment { end: self.bytes.len() as u32, origin });
        }
        if let [Segment { end: 0, origin }] = self.segments.as_slice() {
            return Text::with_origin(self.bytes, *origin);
        }
        Text::with_segments(self.bytes, self.segments)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use source::{Chain, Origins, SourceId, Span};

    #[test]
    fn gaps_go_where_their_neighbours_go() {
        let mut origins = Origins::new();
        let [a, b] = [0, 1].map(|i| origins.intern(Chain::Read(Span::new(SourceId(0), i, i + 1))));
        let mut builder = TextBuilder::default();
        builder.push_bytes(b"abc", a);
        builder.push_gap(b);
        builder.push_bytes(b"de", a);
        let text = builder.finish();
        assert_eq!(text.segments().collect::<Vec<_>>(), [(0..3, a), (3..3, b), (3..5, a)]);
        for (range, gaps) in [(0..2, 0), (0..3, 1), (1..4, 1), (3..5, 1), (4..5, 0), (3..3, 1)] {
            let part = text.slice(range.clone());
            assert_eq!(part.segments().filter(|(r, _)| r.is_empty()).count(), gaps, "{range:?}");
            assert_eq!(part.bytes(), &text.bytes()[range]);
        }
        let mut around = TextBuilder::default();
        around.push_str("<");
        around.push(&Text::with_origin(&b""[..], b));
        around.push_str(">");
        assert_eq!(around.finish().segments().filter(|(r, o)| r.is_empty() && *o == b).count(), 1);
    }

    #[test]
    fn segments_follow_their_bytes() {
        let mut origins = Origins::new();
        let [a, b] = [0, 1].map(|i| origins.intern(Chain::Read(Span::new(SourceId(0), i, i + 1))));
        let mut builder = TextBuilder::default();
        builder.push_bytes(b"abc", a);
        builder.push_bytes(b"de", b);
        builder.push_bytes(b"f", b);
        let text = builder.finish();
        assert_eq!(text.segments().collect::<Vec<_>>(), [(0..3, a), (3..6, b)]);
        let part = text.slice(2..5);
        assert_eq!(part.segments().collect::<Vec<_>>(), [(0..1, a), (1..3, b)]);
        assert_eq!(text.slice(3..6).origin(), b);
    }
}
