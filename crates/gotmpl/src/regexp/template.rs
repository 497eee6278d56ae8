//! Replacement texts: `$1`, `${1}`, `$name`, `${name}`, `$$`.

use std::ops::Range;

use crate::unicode::{Category, is};

/// A piece of what a match is replaced by.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Part {
    /// Bytes of the replacement itself.
    Template(Range<usize>),
    /// Bytes of the text that was searched.
    Text(Range<usize>),
}

pub(super) fn expand(
    template: &[u8],
    names: &[String],
    found: &[Option<Range<usize>>],
    mut visit: impl FnMut(Part),
) {
    let mut at = 0;
    while let Some(dollar) = memchr::memchr(b'$', &template[at..]).map(|i| at + i) {
        if dollar > at {
            visit(Part::Template(at..dollar));
        }
        at = dollar + 1;
        if template.get(at) == Some(&b'$') {
            visit(Part::Template(dollar..at));
            at += 1;
            continue;
        }
        let Some((name, len)) = reference(&template[at..]) else {
            // A dollar that begins no reference is a character.
            visit(Part::Template(dollar..at));
            continue;
        };
        at += len;
        let group = match number(name) {
            Some(n) => found.get(n).cloned().flatten(),
            None => {
                let named = names.iter().zip(found).filter(|(n, _)| n.as_bytes() == name);
                named.filter_map(|(_, range)| range.clone()).next()
            }
        };
        if let Some(range) = group {
            visit(Part::Text(range));
        }
    }
    if at < template.len() {
        visit(Part::Template(at..template.len()));
    }
}

/// The name at the start of what follows a `$`, and how many bytes the reference takes. The name is as long as
/// it can be: `$1x` refers to a group `1x`.
fn reference(text: &[u8]) -> Option<(&[u8], usize)> {
    let brace = text.first() == Some(&b'{');
    let start = usize::from(brace);
    let rest = text.get(start..)?;
    let valid = rest.utf8_chunks().next().map_or("", |chunk| chunk.valid());
    let word = |c: &char| *c == '_' || is(Category::Letter, *c) || is(Category::Digit, *c);
    let len: usize = valid.chars().take_while(word).map(char::len_utf8).sum();
    if len == 0 || (brace && rest.get(len) != Some(&b'}')) {
        return None;
    }
    Some((&rest[..len], start + len + usize::from(brace)))
}

/// A number without leading zeros; anything else is a name.
fn number(name: &[u8]) -> Option<usize> {
    if name.len() > 9 || (name.len() > 1 && name[0] == b'0') || !name.iter().all(u8::is_ascii_digit) {
        return None;
    }
    Some(name.iter().fold(0, |n, d| n * 10 + usize::from(d - b'0')))
}
