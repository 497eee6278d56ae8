//! Go's view of characters: simple case mappings, categories, blanks.
//!
//! Go maps one character to one; Rust's standard library maps `ß` to `SS`. The categories come from the tables
//! of `regex-syntax`, since the standard library's `is_uppercase` takes more than the category does.

use std::ops::Range;
use std::sync::OnceLock;

use source::OriginId;

use crate::{Text, TextBuilder};

/// A general category that Go's functions ask for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Category {
    /// `Lu`
    Upper,
    /// `Ll`
    Lower,
    /// `Lt`
    Title,
    /// `L`
    Letter,
    /// `Nd`
    Digit,
    /// `N`
    Number,
    /// `P`
    Punctuation,
}

/// Whether a character is of that category.
///
/// ```
/// use gotmpl::unicode::{Category, is};
/// assert!(is(Category::Upper, 'É') && !is(Category::Upper, 'Ⓐ'));
/// ```
pub fn is(category: Category, c: char) -> bool {
    if c.is_ascii() {
        return match category {
            Category::Upper => c.is_ascii_uppercase(),
            Category::Lower => c.is_ascii_lowercase(),
            Category::Title => false,
            Category::Letter => c.is_ascii_alphabetic(),
            Category::Digit | Category::Number => c.is_ascii_digit(),
            // ASCII's symbols (`$+<=>^|~` and the backtick) are no punctuation in Unicode.
            Category::Punctuation => c.is_ascii_punctuation() && !"$+<=>^`|~".contains(c),
        };
    }
    static TABLES: [OnceLock<Vec<(char, char)>>; 7] = [const { OnceLock::new() }; 7];
    let names = ["Lu", "Ll", "Lt", "L", "Nd", "N", "P"];
    let ranges = TABLES[category as usize].get_or_init(|| table(names[category as usize]));
    let at = ranges.partition_point(|&(_, last)| last < c);
    ranges.get(at).is_some_and(|&(first, _)| first <= c)
}

fn table(name: &str) -> Vec<(char, char)> {
    use regex_syntax::hir::{Class, HirKind};
    match regex_syntax::parse(&format!("\\p{{gc={name}}}")).map(regex_syntax::hir::Hir::into_kind) {
        Ok(HirKind::Class(Class::Unicode(class))) => class.iter().map(|r| (r.start(), r.end())).collect(),
        _ => Vec::new(),
    }
}

/// `unicode.ToUpper`
pub fn to_upper(c: char) -> char {
    let mut all = c.to_uppercase();
    match (all.next(), all.next()) {
        (Some(upper), None) => upper,
        // What has no capital of its own stays, but for Greek with iota below.
        _ => match c as u32 {
            n @ (0x1F80..=0x1F87 | 0x1F90..=0x1F97 | 0x1FA0..=0x1FA7) => char::from_u32(n + 8).unwrap_or(c),
            n @ (0x1FB3 | 0x1FC3 | 0x1FF3) => char::from_u32(n + 9).unwrap_or(c),
            _ => c,
        },
    }
}

/// `unicode.ToLower`
pub fn to_lower(c: char) -> char {
    c.to_lowercase().next().unwrap_or(c)
}

/// `unicode.ToTitle`
pub fn to_title(c: char) -> char {
    match c {
        'Ǆ' | 'ǅ' | 'ǆ' => 'ǅ',
        'Ǉ' | 'ǈ' | 'ǉ' => 'ǈ',
        'Ǌ' | 'ǋ' | 'ǌ' => 'ǋ',
        'Ǳ' | 'ǲ' | 'ǳ' => 'ǲ',
        'ა'..='ჺ' | 'ჽ'..='ჿ' => c,
        _ => to_upper(c),
    }
}

/// `unicode.IsSpace`
pub fn is_space(c: char) -> bool {
    c.is_whitespace()
}

/// The characters with their byte ranges; a byte that is no UTF-8 is U+FFFD, as `range` reads it in Go.
pub fn chars(bytes: &[u8]) -> impl Iterator<Item = (Range<usize>, char)> + '_ {
    let mut at = 0;
    bytes.utf8_chunks().flat_map(move |chunk| {
        let start = at;
        at += chunk.valid().len() + chunk.invalid().len();
        let valid = chunk.valid().char_indices().map(move |(i, c)| (start + i..start + i + c.len_utf8(), c));
        let bad = start + chunk.valid().len();
        let invalid = (0..chunk.invalid().len()).map(move |i| (bad + i..bad + i + 1, '\u{fffd}'));
        valid.chain(invalid)
    })
}

/// Replaces or drops (`None`) each character, which keeps its origin: `strings.Map`.
pub fn map_chars(text: &Text, mut map: impl FnMut(char) -> Option<char>) -> Text {
    let mut buffer = [0; 4];
    if !text.is_segmented() {
        let mut out = Vec::with_capacity(text.len());
        for (_, c) in chars(text) {
            if let Some(c) = map(c) {
                out.extend_from_slice(c.encode_utf8(&mut buffer).as_bytes());
            }
        }
        return Text::with_origin(out, text.origin());
    }
    let mut out = TextBuilder::with_capacity(text.len());
    let mut segments = text.segments();
    let mut current: (Range<usize>, OriginId) = (0..0, text.origin());
    for (range, c) in chars(text) {
        while current.0.end <= range.start {
            match segments.next() {
                Some(next) => current = next,
                None => break,
            }
        }
        if let Some(c) = map(c) {
            out.push_bytes(c.encode_utf8(&mut buffer).as_bytes(), current.1);
        }
    }
    out.finish()
}
