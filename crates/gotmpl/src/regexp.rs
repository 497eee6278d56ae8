//! Go's regular expressions: RE2 syntax, leftmost-first, on byte strings.
//!
//! [`Regexp::compile`] reads Go's syntax with Go's error texts and hands the tree to the engine of the `regex`
//! crate, which has the same semantics. What the two syntaxes share is not trusted to be equal: `\d` is ASCII in
//! Go, classes do not nest, a lone `{` is a character.

mod class;
mod parse;
mod template;

use std::borrow::Cow;
use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use regex_automata::meta;
use regex_syntax::hir::Hir;

pub use parse::SyntaxError;
pub use template::Part;

/// Room for the compiled program; Go's own limit allows more, but nobody's pattern comes near.
const MAX_PROGRAM: usize = 32 << 20;
/// Compiled patterns that a thread remembers, since templates compile the same few again and again.
const REMEMBERED: usize = 128;

/// A compiled pattern.
///
/// ```
/// use gotmpl::regexp::Regexp;
/// let re = Regexp::compile(b"(?P<key>\\w+)=(\\d+)").unwrap();
/// assert!(re.is_match(b"a=1"));
/// assert_eq!(re.replace_all(b"a=1 b=2", b"${2}:$key"), b"1:a 2:b");
/// assert_eq!(Regexp::compile(b"a**").unwrap_err().to_string(),
///            "error parsing regexp: invalid nested repetition operator: `**`");
/// ```
#[derive(Debug)]
pub struct Regexp {
    is_empty: bool,
    names: Vec<String>,
    hir: Hir,
    /// For short texts.
    quick: meta::Regex,
    /// For long ones, made for the first of these.
    thorough: OnceCell<meta::Regex>,
}

/// Texts up to this many bytes are searched without automata: making these takes as long as searching some ten
/// thousand bytes, and templates ask about names and versions.
const SHORT: usize = 2 << 10;

/// One match: the ranges of the whole and of each group, `None` where the group took no part.
pub type Match = Vec<Option<Range<usize>>>;

/// What [`Regexp::split`] gives.
pub struct Pieces {
    /// The ranges between matches.
    pub ranges: Vec<Range<usize>>,
    /// How many matches there were, which is how many pieces Go makes room for.
    pub matches: usize,
}

impl Regexp {
    /// Compiles a pattern.
    ///
    /// # Errors
    /// The pattern is none, or it would need too much room.
    pub fn compile(pattern: &[u8]) -> Result<Rc<Regexp>, SyntaxError> {
        thread_local! {
            static KNOWN: RefCell<HashMap<Box<[u8]>, Rc<Regexp>>> = RefCell::default();
        }
        if let Some(known) = KNOWN.with_borrow(|known| known.get(pattern).cloned()) {
            return Ok(known);
        }
        let made = Rc::new(Regexp::compile_new(pattern)?);
        KNOWN.with_borrow_mut(|known| {
            if known.len() >= REMEMBERED {
                known.clear();
            }
            known.insert(pattern.into(), made.clone());
        });
        Ok(made)
    }

    fn compile_new(pattern: &[u8]) -> Result<Regexp, SyntaxError> {
        let (hir, names) = parse::parse(pattern)?;
        let quick = config().hybrid(false).dfa(false).onepass(false);
        let quick = meta::Builder::new()
            .configure(quick)
            .build_from_hir(&hir)
            .map_err(|_| SyntaxError::too_large(pattern))?;
        Ok(Regexp { is_empty: pattern.is_empty(), names, hir, quick, thorough: OnceCell::new() })
    }

    /// The engine for a text of that length: both find the same.
    fn engine(&self, length: usize) -> &meta::Regex {
        if length <= SHORT {
            return &self.quick;
        }
        self.thorough.get_or_init(|| {
            let made = meta::Builder::new().configure(config()).build_from_hir(&self.hir);
            // Without automata it takes longer, and that is all.
            made.unwrap_or_else(|_| self.quick.clone())
        })
    }

    /// The names of the groups, the whole first; empty for groups without one.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Whether it matches anywhere.
    pub fn is_match(&self, text: &[u8]) -> bool {
        let text = Haystack::new(text);
        self.engine(text.text.len()).is_match(text.text.as_ref())
    }

    /// The range of the first match.
    pub fn find(&self, text: &[u8]) -> Option<Range<usize>> {
        let text = Haystack::new(text);
        self.engine(text.text.len()).find(text.text.as_ref()).map(|m| text.original(m.range()))
    }

    /// The first `limit` matches that do not overlap. An empty match right after another match does not count.
    pub fn find_all(&self, text: &[u8], limit: usize) -> Vec<Match> {
        let haystack = Haystack::new(text);
        let mut all = Vec::new();
        let (mut at, mut last) = (0, None);
        while all.len() < limit && at <= haystack.text.len() {
            let Some(found) = self.search(&haystack, at) else { break };
            let Some(whole) = found.first().cloned().flatten() else { break };
            let mut accept = true;
            if whole.end == at {
                accept = Some(whole.start) != last;
                at += haystack.width(at).max(1);
            } else {
                at = whole.end;
            }
            last = Some(whole.end);
            if accept {
                all.push(found.into_iter().map(|r| r.map(|r| haystack.original(r))).collect());
            }
        }
        all
    }

    /// Walks through the text as a replacement does: what stays, and each match that is replaced.
    pub fn replacements(&self, text: &[u8], mut visit: impl FnMut(Piece<'_>)) {
        let haystack = Haystack::new(text);
        let (mut last, mut at) = (0, 0);
        while at <= haystack.text.len() {
            let Some(found) = self.search(&haystack, at) else { break };
            let Some(whole) = found.first().cloned().flatten() else { break };
            if whole.start > last {
                visit(Piece::Kept(haystack.original(last..whole.start)));
            }
            // An empty match right after another match is not replaced.
            if whole.end > last || whole.start == 0 {
                let found: Match = found.into_iter().map(|r| r.map(|r| haystack.original(r))).collect();
                visit(Piece::Match(&found));
            }
            last = whole.end;
            at = whole.end.max(at + haystack.width(at).max(1));
        }
        if last < haystack.text.len() {
            visit(Piece::Kept(haystack.original(last..haystack.text.len())));
        }
    }

    /// `ReplaceAllString`: in the replacement `$1`, `${1}`, `$name` and `${name}` stand for groups.
    pub fn replace_all(&self, text: &[u8], template: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(text.len());
        self.replacements(text, |piece| match piece {
            Piece::Kept(range) => out.extend_from_slice(&text[range]),
            Piece::Match(found) => self.expand(template, found, |part| match part {
                Part::Template(range) => out.extend_from_slice(&template[range]),
                Part::Text(range) => out.extend_from_slice(&text[range]),
            }),
        });
        out
    }

    /// Takes a replacement apart for one match.
    pub fn expand(&self, template: &[u8], found: &Match, visit: impl FnMut(Part)) {
        template::expand(template, &self.names, found, visit);
    }

    /// `Split`: the pieces between matches, at most `limit` of them; all for a negative limit, `None` (Go's nil)
    /// for 0.
    pub fn split(&self, text: &[u8], limit: isize) -> Option<Pieces> {
        if limit == 0 {
            return None;
        }
        if !self.is_empty && text.is_empty() {
            return Some(Pieces { ranges: std::iter::once(0..0).collect(), matches: 1 });
        }
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let (mut ranges, mut start, mut end) = (Vec::new(), 0, 0);
        let found = self.find_all(text, limit);
        let matches = found.len();
        for whole in found.into_iter().filter_map(|m| m.into_iter().next().flatten()) {
            if ranges.len() >= limit - 1 {
                break;
            }
            end = whole.start;
            if whole.end != 0 {
                ranges.push(start..end);
            }
            start = whole.end;
        }
        if end != text.len() {
            ranges.push(start..text.len());
        }
        Some(Pieces { ranges, matches })
    }

    fn search(&self, haystack: &Haystack<'_>, from: usize) -> Option<Match> {
        let text = haystack.text.as_ref();
        let engine = self.engine(text.len());
        let mut captures = engine.create_captures();
        engine.captures(regex_automata::Input::new(text).span(from..text.len()), &mut captures);
        captures.is_match().then(|| captures.iter().map(|s| s.map(|s| s.range())).collect())
    }
}

fn config() -> meta::Config {
    meta::Config::new().utf8_empty(true).nfa_size_limit(Some(MAX_PROGRAM)).hybrid_cache_capacity(2 << 20)
}

/// `QuoteMeta`: the text with a backslash before each character that means something.
///
/// ```
/// assert_eq!(gotmpl::regexp::quote_meta(b"1.2*"), b"1\\.2\\*");
/// ```
pub fn quote_meta(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for &byte in text {
        if is_meta(byte) {
            out.push(b'\\');
        }
        out.push(byte);
    }
    out
}

/// Whether [`quote_meta`] writes a backslash before the byte.
pub fn is_meta(byte: u8) -> bool {
    b"\\.+*?()|[]{}^$".contains(&byte)
}

/// A step of [`Regexp::replacements`].
pub enum Piece<'a> {
    /// These bytes of the text stay.
    Kept(Range<usize>),
    /// This match is replaced.
    Match(&'a Match),
}

/// The text as the engine sees it.
///
/// Go reads each byte that is no UTF-8 as one U+FFFD. The engine has no such rule, so such a text is searched in a
/// copy with U+FFFD written out, and the ranges are led back.
struct Haystack<'a> {
    text: Cow<'a, str>,
    /// For every byte of the copy, where it came from; empty if the text is its own copy.
    from: Vec<usize>,
}

impl<'a> Haystack<'a> {
    fn new(bytes: &'a [u8]) -> Haystack<'a> {
        if let Ok(text) = std::str::from_utf8(bytes) {
            return Haystack { text: Cow::Borrowed(text), from: Vec::new() };
        }
        let (mut text, mut from, mut at) = (String::new(), Vec::new(), 0);
        for chunk in bytes.utf8_chunks() {
            from.extend(at..at + chunk.valid().len());
            text.push_str(chunk.valid());
            at += chunk.valid().len();
            for _ in chunk.invalid() {
                text.push(char::REPLACEMENT_CHARACTER);
                from.extend([at; char::REPLACEMENT_CHARACTER.len_utf8()]);
                at += 1;
            }
        }
        from.push(at);
        Haystack { text: Cow::Owned(text), from }
    }

    fn original(&self, range: Range<usize>) -> Range<usize> {
        match (self.from.get(range.start), self.from.get(range.end)) {
            (Some(&start), Some(&end)) => start..end,
            _ => range,
        }
    }

    /// How many bytes the character has that begins there; 0 at the end.
    fn width(&self, at: usize) -> usize {
        self.text.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(pattern: &str) -> String {
        Regexp::compile(pattern.as_bytes()).err().map(|e| e.to_string()).unwrap_or_default()
    }

    #[test]
    fn bombs_are_bounded() {
        assert!(error(&"(".repeat(5_000)).contains("missing closing )"));
        let nested = |n: usize| format!("{}a{}", "(".repeat(n), ")".repeat(n));
        assert_eq!(error(&nested(990)), "");
        assert!(error(&nested(1_100)).contains("expression nests too deeply"));
        assert!(error("((((a{10}){10}){10}){10})").contains("invalid repeat count: `{10}`"));
        assert!(error(&"(\\pL{500})".repeat(200)).contains("expression too large"));
        let slow = Regexp::compile(b"(x+x+)+y").unwrap();
        assert!(!slow.is_match("x".repeat(20_000).as_bytes()));
    }

    #[test]
    fn bytes_that_are_no_text_count_as_one_character() {
        let dot = Regexp::compile(b"^.{2}$").unwrap();
        assert!(dot.is_match(b"\xff\xfe") && !dot.is_match("é".as_bytes()));
        let all = Regexp::compile(b"b").unwrap().find_all(b"\xffab\xc3b", usize::MAX);
        assert_eq!(all, [[Some(2..3)], [Some(4..5)]]);
    }

    #[test]
    fn folding_is_unicode_and_words_are_ascii() {
        assert!(Regexp::compile("(?i)^É\u{212a}$".as_bytes()).unwrap().is_match("ék".as_bytes()));
        assert!(!Regexp::compile(b"\\w").unwrap().is_match("é".as_bytes()));
        let edges = Regexp::compile(b"\\B").unwrap().find_all("é".as_bytes(), usize::MAX);
        assert_eq!(edges, [[Some(0..0)], [Some(2..2)]]);
    }
}
