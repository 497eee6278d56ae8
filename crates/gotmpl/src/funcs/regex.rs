//! Regular expressions in Go's syntax: `regexMatch`, `regexFind`, `regexReplaceAll`, `regexSplit` and their kind.
//!
//! The twins whose names begin with `must` differ in the text of the error for a pattern that is none.

use std::rc::Rc;

use super::convert::room_for_pieces;
use crate::regexp::{Part, Piece, Pieces, Regexp, quote_meta};
use crate::{Capacity, Cx, Error, Func, Strings, Text, TextBuilder, func};

/// The functions of this family.
pub static ALL: &[&Func] = &[
    &REGEX_MATCH,
    &MUST_REGEX_MATCH,
    &REGEX_FIND,
    &MUST_REGEX_FIND,
    &REGEX_FIND_ALL,
    &MUST_REGEX_FIND_ALL,
    &REGEX_REPLACE_ALL,
    &MUST_REGEX_REPLACE_ALL,
    &REGEX_REPLACE_ALL_LITERAL,
    &MUST_REGEX_REPLACE_ALL_LITERAL,
    &REGEX_SPLIT,
    &MUST_REGEX_SPLIT,
    &REGEX_QUOTE_META,
];

func! {
    /// Whether the pattern matches anywhere in the text; never for a pattern that is none.
    ///
    /// ```text
    /// {{ regexMatch "^[a-z]+$" "abc" }}  =>  true
    /// {{ regexMatch "[" "abc" }}         =>  false
    /// ```
    pub static REGEX_MATCH = "regexMatch"(_cx, pattern: Text, text: Text) -> bool {
        Regexp::compile(&pattern).is_ok_and(|regexp| regexp.is_match(&text))
    }

    /// As `regexMatch`; an error for a pattern that is none.
    ///
    /// ```text
    /// {{ mustRegexMatch "[" "abc" }}  =>  error: error parsing regexp: missing closing ]: `[`
    /// ```
    pub static MUST_REGEX_MATCH = "mustRegexMatch"(_cx, pattern: Text, text: Text) -> Result<bool, Error> {
        Ok(checked(&pattern)?.is_match(&text))
    }

    /// The first match; an empty text if there is none.
    ///
    /// ```text
    /// {{ regexFind "[a-z][0-9]" "x a1 b2" }}  =>  a1
    /// {{ regexFind "[" "abc" }}               =>  error: regexp: Compile(`[`): error parsing regexp: missing closing ]: `[`
    /// ```
    pub static REGEX_FIND = "regexFind"(_cx, pattern: Text, text: Text) -> Result<Text, Error> {
        Ok(find(&*compiled(&pattern)?, &text))
    }

    /// As `regexFind`.
    ///
    /// ```text
    /// {{ mustRegexFind "b+" "abbc" }}  =>  bb
    /// ```
    pub static MUST_REGEX_FIND = "mustRegexFind"(_cx, pattern: Text, text: Text) -> Result<Text, Error> {
        Ok(find(&*checked(&pattern)?, &text))
    }

    /// The first `n` matches; all for a negative number.
    ///
    /// ```text
    /// {{ regexFindAll "[2,4,6,8]" "123456789" -1 }}  =>  [2 4 6 8]
    /// ```
    pub static REGEX_FIND_ALL = "regexFindAll"(cx, pattern: Text, text: Text, n: isize) -> Result<Strings, Error> {
        find_all(cx, &*compiled(&pattern)?, &text, n)
    }

    /// As `regexFindAll`.
    ///
    /// ```text
    /// {{ mustRegexFindAll "x" "abc" -1 | toJson }}  =>  null
    /// ```
    pub static MUST_REGEX_FIND_ALL = "mustRegexFindAll"(cx, pattern: Text, text: Text, n: isize) -> Result<Strings, Error> {
        find_all(cx, &*checked(&pattern)?, &text, n)
    }

    /// Replaces every match. In the replacement, `$1` and `${1}` stand for the first group, `${name}` for a named one.
    ///
    /// ```text
    /// {{ regexReplaceAll "a(x*)b" "-ab-axxb-" "${1}W" }}  =>  -W-xxW-
    /// {{ regexReplaceAll "a(x*)b" "-ab-axxb-" "$1W" }}    =>  ---
    /// ```
    pub static REGEX_REPLACE_ALL = "regexReplaceAll"(cx, pattern: Text, text: Text, by: Text) -> Result<Text, Error> {
        replace(cx, &*compiled(&pattern)?, &text, &by, true)
    }

    /// As `regexReplaceAll`.
    ///
    /// ```text
    /// {{ mustRegexReplaceAll "b*" "abc" "-" }}  =>  -a-c-
    /// ```
    pub static MUST_REGEX_REPLACE_ALL = "mustRegexReplaceAll"(cx, pattern: Text, text: Text, by: Text) -> Result<Text, Error> {
        replace(cx, &*checked(&pattern)?, &text, &by, true)
    }

    /// Replaces every match by the text as it stands.
    ///
    /// ```text
    /// {{ regexReplaceAllLiteral "a(x*)b" "-ab-" "${1}" }}  =>  -${1}-
    /// ```
    pub static REGEX_REPLACE_ALL_LITERAL = "regexReplaceAllLiteral"(cx, pattern: Text, text: Text, by: Text) -> Result<Text, Error> {
        replace(cx, &*compiled(&pattern)?, &text, &by, false)
    }

    /// As `regexReplaceAllLiteral`.
    ///
    /// ```text
    /// {{ mustRegexReplaceAllLiteral "x" "axb" "$0" }}  =>  a$0b
    /// ```
    pub static MUST_REGEX_REPLACE_ALL_LITERAL = "mustRegexReplaceAllLiteral"(cx, pattern: Text, text: Text, by: Text) -> Result<Text, Error> {
        replace(cx, &*checked(&pattern)?, &text, &by, false)
    }

    /// The parts between matches, at most `n`; all for a negative number.
    ///
    /// ```text
    /// {{ regexSplit "z+" "pizza" -1 }}  =>  [pi a]
    /// {{ regexSplit "a" "banana" 2 }}   =>  [b nana]
    /// ```
    pub static REGEX_SPLIT = "regexSplit"(cx, pattern: Text, text: Text, n: isize) -> Result<Strings, Error> {
        split(cx, &*compiled(&pattern)?, &text, n)
    }

    /// As `regexSplit`.
    ///
    /// ```text
    /// {{ mustRegexSplit "," "a,b" 0 | toJson }}  =>  null
    /// ```
    pub static MUST_REGEX_SPLIT = "mustRegexSplit"(cx, pattern: Text, text: Text, n: isize) -> Result<Strings, Error> {
        split(cx, &*checked(&pattern)?, &text, n)
    }

    /// The text as a pattern that matches it.
    ///
    /// ```text
    /// {{ regexQuoteMeta "1.2.3" }}  =>  1\.2\.3
    /// ```
    pub static REGEX_QUOTE_META = "regexQuoteMeta"(_cx, text: Text) -> Text {
        let mut out = TextBuilder::with_capacity(text.len());
        for (range, origin) in text.segments() {
            out.push_bytes(&quote_meta(&text[range]), origin);
        }
        out.finish()
    }
}

/// With the words of a panic.
fn compiled(pattern: &Text) -> Result<Rc<Regexp>, Error> {
    Regexp::compile(pattern).map_err(|e| Error::new(e.panic_text(pattern)))
}

/// With the words of an error.
fn checked(pattern: &Text) -> Result<Rc<Regexp>, Error> {
    Regexp::compile(pattern).map_err(|e| Error::new(e.to_string()))
}

fn find(regexp: &Regexp, text: &Text) -> Text {
    regexp.find(text).map_or_else(Text::default, |range| text.slice(range))
}

/// So many pieces are more than there is room for.
const MOST: usize = 1 << 20;

fn find_all(cx: &mut Cx<'_>, regexp: &Regexp, text: &Text, n: isize) -> Result<Strings, Error> {
    // Go begins with room for that many.
    const START: usize = 10;
    let limit = usize::try_from(n).unwrap_or(usize::MAX);
    let found = regexp.find_all(text, limit.min(MOST));
    if found.is_empty() {
        return Ok(Strings::nil());
    }
    room_for_pieces(cx, found.len())?;
    let whole = found.into_iter().filter_map(|m| m.into_iter().next().flatten());
    Ok(Strings::from_texts(whole.map(|range| text.slice(range)), Capacity::GrownFrom(START)))
}

fn split(cx: &mut Cx<'_>, regexp: &Regexp, text: &Text, n: isize) -> Result<Strings, Error> {
    let most = if n < 0 { MOST as isize } else { n.min(MOST as isize) };
    let Some(Pieces { ranges, matches }) = regexp.split(text, most) else { return Ok(Strings::nil()) };
    room_for_pieces(cx, ranges.len())?;
    let texts = ranges.into_iter().map(|range| text.slice(range));
    Ok(Strings::from_texts(texts, Capacity::GrownFrom(matches)))
}

fn replace(cx: &mut Cx<'_>, regexp: &Regexp, text: &Text, by: &Text, expand: bool) -> Result<Text, Error> {
    let mut out = TextBuilder::with_capacity(text.len());
    let mut result = Ok(());
    let mut asked = 0;
    regexp.replacements(text, |piece| {
        if result.is_err() {
            return;
        }
        match piece {
            Piece::Kept(range) => out.push_range(text, range),
            Piece::Match(found) if expand => regexp.expand(by, found, |part| match part {
                Part::Template(range) => out.push_range(by, range),
                Part::Text(range) => out.push_range(text, range),
            }),
            Piece::Match(_) => out.push(by),
        }
        // Asked in steps, because a replacement may be long and a match empty.
        if out.len() - asked > 1 << 16 {
            result = cx.reserve(out.len() - asked);
            asked = out.len();
        }
    });
    result?;
    Ok(out.finish())
}
