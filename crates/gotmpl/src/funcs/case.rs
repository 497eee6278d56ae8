//! Letters large and small: `upper`, `lower`, `title`, `camelcase` and their kind.

use crate::unicode::{Category, chars, is, is_space, map_chars, to_lower, to_title, to_upper};
use crate::{Func, Text, TextBuilder, func};

/// The functions of this family.
pub static ALL: &[&Func] =
    &[&UPPER, &LOWER, &TITLE, &UNTITLE, &SWAPCASE, &SNAKECASE, &KEBABCASE, &CAMELCASE, &INITIALS];

func! {
    /// Every letter as a capital. Each character becomes one character: `ß` stays.
    ///
    /// ```text
    /// {{ upper "abc ß" }}  =>  ABC ß
    /// ```
    pub static UPPER = "upper"(_cx, text: Text) -> Text {
        map_chars(&text, |c| Some(to_upper(c)))
    }

    /// Every letter as a small one.
    ///
    /// ```text
    /// {{ lower "ABC" }}  =>  abc
    /// ```
    pub static LOWER = "lower"(_cx, text: Text) -> Text {
        map_chars(&text, |c| Some(to_lower(c)))
    }

    /// The first letter of every word as a capital. A word begins after anything but a letter, digit or underscore.
    ///
    /// ```text
    /// {{ title "hello big-world's" }}  =>  Hello Big-World'S
    /// ```
    pub static TITLE = "title"(_cx, text: Text) -> Text {
        let mut last = ' ';
        map_chars(&text, |c| {
            let begins = separates(last);
            last = c;
            Some(if begins { to_title(c) } else { c })
        })
    }

    /// The first letter of every word as a small one.
    ///
    /// ```text
    /// {{ untitle "Hello Big World" }}  =>  hello big world
    /// ```
    pub static UNTITLE = "untitle"(_cx, text: Text) -> Text {
        let mut begins = true;
        map_chars(&text, |c| {
            if is_space(c) {
                begins = true;
                return Some(c);
            }
            let first = std::mem::replace(&mut begins, false);
            Some(if first { to_lower(c) } else { c })
        })
    }

    /// Capitals as small letters and the reverse.
    ///
    /// ```text
    /// {{ swapcase "This Is A.Test" }}  =>  tHIS iS a.tEST
    /// ```
    pub static SWAPCASE = "swapcase"(_cx, text: Text) -> Text {
        let mut after_blank = true;
        map_chars(&text, |c| {
            Some(if is(Category::Upper, c) || is(Category::Title, c) {
                after_blank = false;
                to_lower(c)
            } else if is(Category::Lower, c) {
                if std::mem::replace(&mut after_blank, false) { to_title(c) } else { to_upper(c) }
            } else {
                after_blank = is_space(c);
                c
            })
        })
    }

    /// Words in small letters with underscores between them.
    ///
    /// ```text
    /// {{ snakecase "HTTPServer" }}    =>  http_server
    /// {{ snakecase "Bld4Floor3rd" }}  =>  bld4_floor_3rd
    /// {{ snakecase "\xffaB" | printf "%q" }}  =>  "\"\\xffa_b\""
    /// ```
    pub static SNAKECASE = "snakecase"(_cx, text: Text) -> Text {
        split_case(&text, '_')
    }

    /// Words in small letters with hyphens between them.
    ///
    /// ```text
    /// {{ kebabcase "FirstName" }}     =>  first-name
    /// {{ kebabcase "HTTPServerV2" }}  =>  http-server-v2
    /// ```
    pub static KEBABCASE = "kebabcase"(_cx, text: Text) -> Text {
        split_case(&text, '-')
    }

    /// Words put together, each with a capital.
    ///
    /// ```text
    /// {{ camelcase "http_server" }}      =>  HttpServer
    /// {{ camelcase "foo-bar.baz qux" }}  =>  FooBar.bazQux
    /// ```
    pub static CAMELCASE = "camelcase"(_cx, text: Text) -> Text {
        join_case(&text)
    }

    /// The first character of every word. Bytes are taken for characters.
    ///
    /// ```text
    /// {{ initials "First Try" }}  =>  FT
    /// ```
    pub static INITIALS = "initials"(_cx, text: Text) -> Text {
        let mut out = TextBuilder::default();
        let mut after_gap = true;
        for (range, origin) in text.segments() {
            for byte in &text[range] {
                let c = char::from(*byte);
                if is_space(c) {
                    after_gap = true;
                } else if std::mem::replace(&mut after_gap, false) {
                    out.push_bytes(c.encode_utf8(&mut [0; 4]).as_bytes(), origin);
                }
            }
        }
        out.finish()
    }
}

/// Whether a word begins after the character.
fn separates(c: char) -> bool {
    if c.is_ascii() {
        return !c.is_ascii_alphanumeric() && c != '_';
    }
    !is(Category::Letter, c) && !is(Category::Digit, c) && is_space(c)
}

fn is_connector(c: char) -> bool {
    c == '-' || c == '_' || is_space(c)
}

/// A letter that is no Chinese character.
fn is_alphabet(c: char) -> bool {
    let is_chinese = matches!(c as u32, 0x4E00..=0x9FCC | 0x3400..=0x4D85 | 0x20000..=0x2B81D);
    is(Category::Letter, c) && !is_chinese
}

/// Puts a character with the origin of the bytes that it came from.
fn push_char(out: &mut TextBuilder, text: &Text, at: &std::ops::Range<usize>, c: char) {
    let origin = match text.is_segmented() {
        true => text.slice(at.clone()).segments().next().map_or(text.origin(), |(_, origin)| origin),
        false => text.origin(),
    };
    out.push_bytes(c.encode_utf8(&mut [0; 4]).as_bytes(), origin);
}

fn join_case(text: &Text) -> Text {
    let all: Vec<_> = chars(text).collect();
    let mut out = TextBuilder::with_capacity(text.len());
    // Connectors at the start stay.
    let lead = all.iter().take_while(|(_, c)| is_connector(*c)).count();
    for (range, c) in &all[..lead] {
        push_char(&mut out, text, range, *c);
    }
    let Some((first, rest)) = all[lead..].split_first() else {
        // Upstream writes the last of nothing but connectors twice.
        if let Some((range, c)) = all.last() {
            push_char(&mut out, text, range, *c);
        }
        return out.finish();
    };
    let mut first_is_upper = is(Category::Upper, first.1);
    let mut pending = (first.0.clone(), to_upper(first.1));
    for (range, c) in rest {
        let (last_range, last) = pending.clone();
        let mut c = *c;
        if is_connector(c) && is_connector(last) {
            push_char(&mut out, text, &last_range, last);
        } else {
            if is_connector(last) {
                first_is_upper = is(Category::Upper, c);
                c = to_upper(c);
            } else {
                if first_is_upper {
                    if is(Category::Upper, c) {
                        c = to_lower(c);
                    } else {
                        first_is_upper = false;
                    }
                }
                push_char(&mut out, text, &last_range, last);
            }
        }
        pending = (range.clone(), c);
    }
    push_char(&mut out, text, &pending.0, pending.1);
    out.finish()
}

/// What a word is made of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Word {
    End,
    Number,
    Upper,
    Alphabet,
    Connector,
    Punctuation,
    Other,
}

/// A character, and the range that it is read from.
type Char = (std::ops::Range<usize>, char);

/// The characters as words are made of them: bytes that are no UTF-8, and U+FFFD with them, belong to the character
/// behind them, and at the end they are taken for another one of the last.
fn valid_chars(text: &Text) -> Vec<Char> {
    let mut all: Vec<Char> = Vec::new();
    let mut invalid = None;
    for (range, c) in chars(text) {
        if c == char::REPLACEMENT_CHARACTER {
            invalid.get_or_insert(range.start);
        } else {
            all.push((invalid.take().unwrap_or(range.start)..range.end, c));
        }
    }
    if let (Some(start), Some((_, last))) = (invalid, all.last()) {
        let last = *last;
        all.push((start..text.len(), last));
    }
    all
}

struct Words<'a> {
    rest: &'a [Char],
}

impl<'a> Words<'a> {
    fn next(&mut self) -> (Word, &'a [Char]) {
        let all = self.rest;
        let Some((_, first)) = all.first() else { return (Word::End, &[]) };
        let run = |from: usize, kind: &dyn Fn(char) -> bool| {
            from + all[from..].iter().take_while(|(_, c)| kind(*c)).count()
        };
        let upper = |c| is(Category::Upper, c);
        let lower = |c| is_alphabet(c) && !upper(c);
        let first = *first;
        let (word, len) = if is_connector(first) {
            (Word::Connector, run(1, &is_connector))
        } else if is(Category::Punctuation, first) {
            (Word::Punctuation, run(1, &|c| is(Category::Punctuation, c)))
        } else if upper(first) {
            let capitals = run(1, &upper);
            let len = match all.get(capitals) {
                _ if capitals == 1 => run(1, &lower),
                // The last capital belongs to the word that follows: HTTPServer is HTTP and Server.
                Some((_, next)) if is_alphabet(*next) => capitals - 1,
                _ => capitals,
            };
            (Word::Upper, len)
        } else if is_alphabet(first) {
            (Word::Alphabet, run(1, &lower))
        } else if is(Category::Number, first) {
            (Word::Number, run(1, &|c| is(Category::Number, c)))
        } else {
            let ends = |c| {
                is_connector(c) || is_alphabet(c) || is(Category::Number, c) || is(Category::Punctuation, c)
            };
            (Word::Other, run(1, &|c| !ends(c)))
        };
        self.rest = &all[len..];
        (word, &all[..len])
    }
}

fn split_case(text: &Text, connector: char) -> Text {
    let all = valid_chars(text);
    if all.is_empty() {
        return text.clone();
    }
    let mut words = Words { rest: &all };
    let mut out = TextBuilder::with_capacity(text.len() + 8);
    let put = |out: &mut TextBuilder, kind: Word, word: &[Char]| {
        let Some(((first, _), (last, _))) = word.first().zip(word.last()) else { return };
        let word = text.slice(first.start..last.end);
        out.push(&match kind {
            Word::Connector | Word::Upper => map_chars(&word, |c| {
                Some(if is_connector(c) {
                    connector
                } else if is(Category::Upper, c) {
                    to_lower(c)
                } else {
                    c
                })
            }),
            _ => word,
        });
    };
    let glue = |out: &mut TextBuilder| out.push_str(connector.encode_utf8(&mut [0; 4]));
    let (mut kind, mut word) = words.next();
    while !words.rest.is_empty() {
        if kind != Word::Connector {
            put(&mut out, kind, word);
        }
        let (before, last) = (kind, word);
        (kind, word) = words.next();
        match before {
            Word::Number => {
                while matches!(kind, Word::Alphabet | Word::Number) {
                    put(&mut out, kind, word);
                    (kind, word) = words.next();
                }
                if !matches!(kind, Word::End | Word::Punctuation | Word::Connector) {
                    glue(&mut out);
                }
            }
            Word::Connector => put(&mut out, before, last),
            Word::Punctuation => {}
            _ if kind != Word::Number => {
                if !matches!(kind, Word::Connector | Word::Punctuation) {
                    glue(&mut out);
                }
            }
            _ if words.rest.is_empty() => {}
            _ => {
                let number = word;
                (kind, word) = words.next();
                // A number belongs to the word before it, unless small letters follow it.
                if kind != Word::Alphabet {
                    put(&mut out, Word::Number, number);
                    if !matches!(kind, Word::Connector | Word::Punctuation) {
                        glue(&mut out);
                    }
                } else {
                    glue(&mut out);
                    put(&mut out, Word::Number, number);
                    while matches!(kind, Word::Alphabet | Word::Number) {
                        put(&mut out, kind, word);
                        (kind, word) = words.next();
                    }
                    if !matches!(kind, Word::End | Word::Connector | Word::Punctuation) {
                        glue(&mut out);
                    }
                }
            }
        }
    }
    put(&mut out, kind, word);
    out.finish()
}
