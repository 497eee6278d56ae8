//! Taking texts apart and searching them: `split`, `splitList`, `join`, `contains`.

use std::collections::BTreeMap;
use std::ops::Range;

use super::convert::{room_for_pieces, strings_of, text_of, texts_of};
use crate::func::Flag;
use crate::unicode::chars;
use crate::{
    Capacity, Cx, Error, Func, Kind, Map, MapRef, Ret, Strings, Text, TextBuilder, Type, Value, func,
};

/// The functions of this family.
pub static ALL: &[&Func] =
    &[&SPLIT, &SPLITN, &SPLIT_LIST, &JOIN, &SORT_ALPHA, &CONTAINS, &HAS_PREFIX, &HAS_SUFFIX];

/// A `map[string]string` with the keys `_0`, `_1` ...
pub struct Parts(Vec<Text>);

impl Ret for Parts {
    const TYPE: Type = Type::Map(&Type::String);
    fn ret(self) -> Result<Value, Error> {
        let key = |i: usize| Text::from(format!("_{i}"));
        let entries: BTreeMap<Text, Value> =
            self.0.into_iter().enumerate().map(|(i, part)| (key(i), Value::str(part))).collect();
        Ok(MapRef::from(Map::of(Self::TYPE, entries)).into())
    }
}

func! {
    /// The parts between separators, as a map with the keys `_0`, `_1` ...
    ///
    /// ```text
    /// {{ (split "." "a.b.c")._1 }}  =>  b
    /// {{ split "," "a" }}           =>  map[_0:a]
    /// ```
    pub static SPLIT = "split"(cx, separator: Text, text: Text) -> Result<Parts, Error> {
        parts(cx, &separator, -1, &text).map(Parts)
    }

    /// At most `n` parts, the last with all the rest.
    ///
    /// ```text
    /// {{ splitn "." 2 "a.b.c" }}  =>  map[_0:a _1:b.c]
    /// ```
    pub static SPLITN = "splitn"(cx, separator: Text, n: isize, text: Text) -> Result<Parts, Error> {
        parts(cx, &separator, n, &text).map(Parts)
    }

    /// The parts between separators, as a list.
    ///
    /// ```text
    /// {{ splitList "." "a.b.c" }}      =>  [a b c]
    /// {{ splitList "." "" | len }}     =>  1
    /// {{ splitList "" "añb" | last }}  =>  b
    /// ```
    pub static SPLIT_LIST = "splitList"(cx, separator: Text, text: Text) -> Result<Vec<Text>, Error> {
        parts(cx, &separator, -1, &text)
    }

    /// The items' texts with a separator between them.
    ///
    /// ```text
    /// {{ join "-" (list 1 nil "a") }}  =>  1-a
    /// {{ join "-" "a" }}               =>  a
    /// ```
    pub static JOIN = "join"(cx, separator: Text, value: Value) -> Result<Text, Error> {
        let texts = texts_of(cx, &value)?;
        let size: usize = texts.iter().map(|t| t.len()).sum();
        cx.reserve(size.saturating_add(separator.len().saturating_mul(texts.len())))?;
        let mut out = TextBuilder::with_capacity(size);
        for (i, text) in texts.iter().enumerate() {
            if i > 0 {
                out.push(&separator);
            }
            out.push(text);
        }
        Ok(out.finish())
    }

    /// The items' texts in the order of their bytes. A list that holds nothing but texts by its type, such as that of
    /// `splitList`, is itself sorted, for all who have it.
    ///
    /// ```text
    /// {{ sortAlpha (list "b" "a" 10 9) }}  =>  [10 9 a b]
    /// {{ $l := splitList "," "b,a" }}{{ $s := sortAlpha $l }}{{ $l }}  =>  [a b]
    /// ```
    pub static SORT_ALPHA = "sortAlpha"(cx, value: Value) -> Result<Strings, Error> {
        if value.kind() != Kind::Slice {
            return Ok(Strings::from_texts([text_of(&value)], Capacity::Length));
        }
        let strings = strings_of(cx, &value)?;
        // Who goes through the list keeps its array as it was.
        cx.reserve(strings.0.array_len().saturating_mul(size_of::<Value>()))?;
        strings.0.sort();
        Ok(strings)
    }

    /// Whether the text has the part in it.
    ///
    /// ```text
    /// {{ contains "ell" "hello" }}  =>  true
    /// ```
    pub static CONTAINS = "contains"(cx, part: Text, text: Text) -> Flag {
        let found = memchr::memmem::find(&text, part.bytes());
        let mut answer = Flag::from(found.is_some());
        if let Some(at) = found.filter(|_| cx.traced) {
            // As long as this is there nothing else matters.
            let here = text.slice(at..at + part.len());
            let by = [cx.surface(&Value::str(here)), cx.surface(&Value::str(part))];
            answer.origin = cx.union(by);
        }
        answer
    }

    /// Whether the text begins so.
    ///
    /// ```text
    /// {{ hasPrefix "he" "hello" }}  =>  true
    /// ```
    pub static HAS_PREFIX = "hasPrefix"(_cx, prefix: Text, text: Text) -> bool {
        text.starts_with(prefix.bytes())
    }

    /// Whether the text ends so.
    ///
    /// ```text
    /// {{ hasSuffix "he" "hello" }}  =>  false
    /// ```
    pub static HAS_SUFFIX = "hasSuffix"(_cx, suffix: Text, text: Text) -> bool {
        text.ends_with(suffix.bytes())
    }
}

/// Go's `SplitN`: all parts for a negative limit, none for 0; an empty separator splits into characters.
fn parts(cx: &mut Cx<'_>, separator: &[u8], limit: isize, text: &Text) -> Result<Vec<Text>, Error> {
    /// Few pieces need no asking.
    const BATCH: usize = 1024;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    if limit == 0 {
        return Ok(Vec::new());
    }
    let mut by_character = chars(text).map(|(range, _)| range.end..range.end);
    let mut by_separator = memchr::memmem::find_iter(text, separator).map(|at| at..at + separator.len());
    let ends: &mut dyn Iterator<Item = Range<usize>> =
        if separator.is_empty() { &mut by_character } else { &mut by_separator };
    let mut out = Vec::new();
    let mut start = 0;
    for end in ends.take(limit - 1) {
        if out.len() % BATCH == BATCH - 1 {
            room_for_pieces(cx, BATCH)?;
        }
        out.push(text.slice(start..end.start));
        start = end.end;
    }
    // Behind the last character there is nothing more.
    if start < text.len() || !separator.is_empty() {
        out.push(text.slice(start..text.len()));
    }
    Ok(out)
}
