//! What a scalar's text allows: plain, quoted or block form.

use crate::doc::Style;

/// What the emitter has to know of a text before it picks a form; the rules are libyaml's, which all Go emitters
/// share.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct Analysis {
    /// It holds a line break of any kind.
    pub multiline: bool,
    /// It may stand plain inside of brackets.
    pub flow_plain: bool,
    /// It may stand plain outside of brackets.
    pub block_plain: bool,
    /// It may stand in single quotes.
    pub single: bool,
    /// It may stand as a literal or folded block.
    pub block: bool,
    /// Its characters are bytes.
    pub ascii: bool,
}

const SPACE: u8 = 1;
const BREAK: u8 = 2; // \n and \r
const TAB: u8 = 4;
const SPECIAL: u8 = 8; // cannot be printed as it is; \r among them
const FLOW: u8 = 16; // ends a plain scalar inside of brackets
const COLON: u8 = 32;
const HASH: u8 = 64;
const WIDE: u8 = 128; // the first byte of a character of several bytes

const CLASS: [u8; 256] = {
    let mut t = [0u8; 256];
    let mut i = 0;
    while i < 256 {
        t[i] = match i as u8 {
            b'\n' => BREAK,
            b'\r' => BREAK | SPECIAL,
            b'\t' => TAB,
            b' ' => SPACE,
            b':' => COLON,
            b'#' => HASH,
            b',' | b'?' | b'[' | b']' | b'{' | b'}' => FLOW,
            0x80.. => WIDE,
            0..0x20 | 0x7f => SPECIAL,
            _ => 0,
        };
        i += 1;
    }
    t
};

/// Bytes of the character that starts so.
#[inline]
pub(crate) fn width(first: u8) -> usize {
    match first {
        0..0x80 => 1,
        0x80..0xE0 => 2,
        0xE0..0xF0 => 3,
        _ => 4,
    }
}

/// Bytes of the line break at the start of a text, 0 where none stands there: LF, CR, NEL, LS, PS.
#[inline]
pub(crate) fn break_at(text: &[u8]) -> usize {
    match text {
        [b'\n' | b'\r', ..] => 1,
        [0xC2, 0x85, ..] => 2,
        [0xE2, 0x80, 0xA8 | 0xA9, ..] => 3,
        _ => 0,
    }
}

/// Whether the character at the start of a text is printed as it is.
pub(crate) fn printable(text: &[u8]) -> bool {
    match text {
        [b'\n' | 0x20..=0x7E, ..] => true,
        [0xC2, next, ..] => *next >= 0xA0,
        [0xC3..=0xEC | 0xEE, ..] => true,
        [0xED, next, ..] => *next < 0xA0,
        [0xEF, 0xBB, 0xBF, ..] | [0xEF, 0xBF, 0xBE | 0xBF, ..] => false,
        [0xEF, ..] => true,
        _ => false,
    }
}

fn blank(byte: Option<&u8>) -> bool {
    matches!(byte, Some(b' ' | b'\t'))
}

/// Looks at a text. `tabs_in_blocks`: whether a tab is allowed in block scalars (go-yaml v3; v2 escapes it).
#[inline]
pub(crate) fn analyze(text: &[u8], tabs_in_blocks: bool) -> Analysis {
    analyze_seen(text, Seen::of(text), tabs_in_blocks)
}

/// Which kinds of bytes a text holds: what most questions about it can be answered by.
#[derive(Clone, Copy)]
pub(crate) struct Seen(u8);

impl Seen {
    #[inline]
    pub fn of(text: &[u8]) -> Seen {
        Seen(text.iter().fold(0, |seen, &b| seen | CLASS[b as usize]))
    }

    /// Whether there may be line breaks.
    #[inline]
    pub fn breaks(self) -> bool {
        self.0 & BREAK != 0
    }

    /// Whether all of it is ASCII without control characters other than tab, CR and LF; DEL is one.
    #[inline]
    pub fn plain_ascii(self) -> bool {
        self.0 & (WIDE | SPECIAL) == 0
    }
}

/// As [`analyze`], with what was seen of the text already.
#[inline]
pub(crate) fn analyze_seen(text: &[u8], Seen(seen): Seen, tabs_in_blocks: bool) -> Analysis {
    let (Some(&first), Some(&last)) = (text.first(), text.last()) else {
        return Analysis {
            multiline: false,
            flow_plain: false,
            block_plain: true,
            single: true,
            block: false,
            ascii: true,
        };
    };
    let document_mark = text.starts_with(b"---") || text.starts_with(b"...");
    let (mut flow, mut block) = (document_mark, document_mark);
    match first {
        b'#' | b',' | b'[' | b']' | b'{' | b'}' | b'&' | b'*' | b'!' | b'|' | b'>' | b'\'' | b'"' | b'%'
        | b'@' | b'`' => {
            flow = true;
            block = true;
        }
        b'?' | b':' => {
            flow = true;
            block |= text.len() == 1 || blank(text.get(1));
        }
        b'-' if text.len() == 1 || blank(text.get(1)) => {
            flow = true;
            block = true;
        }
        _ => {}
    }
    if seen & !(SPACE | FLOW | COLON | HASH) == 0 {
        // One line of printable ASCII: what matters are its ends, colons before blanks and hashes after them.
        if seen & (FLOW | COLON | HASH) != 0 {
            flow |= seen & (FLOW | COLON) != 0
                && text[1..].iter().any(|&b| CLASS[b as usize] & (FLOW | COLON) != 0);
            if seen & COLON != 0 {
                block |= last == b':' || text.windows(2).any(|w| w == b": ");
            }
            if seen & HASH != 0 {
                block |= text.windows(2).any(|w| w == b" #");
            }
        }
        let ends = first == b' ' || last == b' ';
        return Analysis {
            multiline: false,
            flow_plain: !(flow || block || ends),
            block_plain: !(block || ends),
            single: true,
            block: last != b' ',
            ascii: true,
        };
    }
    slow(text, flow, block, tabs_in_blocks)
}

fn slow(text: &[u8], mut flow: bool, mut block: bool, tabs_in_blocks: bool) -> Analysis {
    let (mut line_breaks, mut special, mut tabs) = (false, false, false);
    let (mut break_space, mut space_break) = (false, false);
    let (mut after_space, mut after_break, mut after_blank) = (false, false, true);
    let mut at = 0;
    while at < text.len() {
        let class = CLASS[text[at] as usize];
        if class == 0 {
            (after_space, after_break, after_blank) = (false, false, false);
            at += 1;
            continue;
        }
        let here = &text[at..];
        let bytes = width(text[at]);
        if at > 0 {
            if class & (FLOW | COLON) != 0 {
                flow = true;
                block |= class & COLON != 0 && (at + 1 == text.len() || blank(text.get(at + 1)));
            } else if class & HASH != 0 && after_blank {
                flow = true;
                block = true;
            }
        }
        tabs |= class & TAB != 0;
        special |= class & SPECIAL != 0 || class & WIDE != 0 && !printable(here);
        let is_break = class & (BREAK | WIDE) != 0 && break_at(here) > 0;
        if class & SPACE != 0 {
            break_space |= after_break;
            (after_space, after_break) = (true, false);
        } else if is_break {
            line_breaks = true;
            space_break |= after_space;
            (after_space, after_break) = (false, true);
        } else {
            (after_space, after_break) = (false, false);
        }
        after_blank = class & (SPACE | TAB) != 0 || is_break || text[at] == 0;
        at += bytes;
    }
    let starts = text[0] == b' ' || break_at(text) > 0;
    // At the end of the loop the last character is what the flags were set by.
    let plain = !(starts
        || after_space
        || after_break
        || break_space
        || space_break
        || tabs
        || special
        || line_breaks);
    Analysis {
        multiline: line_breaks,
        flow_plain: plain && !flow,
        block_plain: plain && !block,
        single: !(break_space || space_break || tabs || special),
        block: !(after_space || space_break || special || tabs && !tabs_in_blocks),
        ascii: text.is_ascii(),
    }
}

impl Analysis {
    /// The form that is used in place of a wanted one.
    #[inline]
    pub(crate) fn settle(&self, wanted: Style, empty: bool, in_flow: bool, simple_key: bool) -> Style {
        let mut style = wanted;
        if simple_key && self.multiline {
            style = Style::DoubleQuoted;
        }
        if style == Style::Plain {
            let allowed = if in_flow { self.flow_plain } else { self.block_plain };
            if !allowed || empty && (in_flow || simple_key) {
                style = Style::SingleQuoted;
            }
        }
        if style == Style::SingleQuoted && !self.single {
            style = Style::DoubleQuoted;
        }
        if matches!(style, Style::Literal | Style::Folded) && (!self.block || in_flow || simple_key) {
            style = Style::DoubleQuoted;
        }
        style
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The fast way for one line of ASCII must say what the general one says.
    #[test]
    fn both_ways_agree() {
        let letters = b"a :#,-?'\"[";
        for len in 1..5u32 {
            for n in 0..10usize.pow(len) {
                let text: Vec<u8> = (0..len).map(|k| letters[n / 10usize.pow(k) % 10]).collect();
                let fast = analyze(&text, true);
                let (mut flow, mut block) = (false, false);
                // What the first character alone decides, by a wide character in front of nothing else.
                if let [c, rest @ ..] = text.as_slice() {
                    let lone = rest.is_empty() || rest[0] == b' ';
                    flow |= b"#,['\"?:".contains(c) || *c == b'-' && lone || text.starts_with(b"---");
                    block |= b"#,['\"".contains(c) || b"?:-".contains(c) && lone || text.starts_with(b"---");
                }
                let slow = slow(&text, flow, block, true);
                assert_eq!(format!("{fast:?}"), format!("{slow:?}"), "{:?}", String::from_utf8_lossy(&text));
            }
        }
    }
}
