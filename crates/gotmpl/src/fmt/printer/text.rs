//! Strings and bytes: `%s`, `%q`, `%x`.

use super::{LOWER, Printer, UPPER};
use crate::strconv::quote;
use crate::value::{Data, Text, Value};

impl Printer {
    pub(super) fn string(&mut self, text: &Text, verb: char, value: &Value) {
        match verb {
            'v' if self.flags.sharp_v => self.quoted(text),
            'v' | 's' => self.format_string(text),
            'x' => self.hex(text, LOWER),
            'X' => self.hex(text, UPPER),
            'q' => self.quoted(text),
            _ => self.bad_verb(Some(value), verb),
        }
    }

    /// `%s`: the characters keep their origins.
    pub(super) fn format_string(&mut self, text: &Text) {
        let text = text.slice(0..self.cut(text));
        let missing = self.missing(&text);
        if !self.flags.minus {
            self.padding(missing);
        }
        if !self.is_full() {
            self.out.push(&text);
        }
        if self.flags.minus {
            self.padding(missing);
        }
    }

    /// How many bytes the precision leaves.
    pub(super) fn cut(&self, text: &[u8]) -> usize {
        let Some(precision) = self.flags.precision else { return text.len() };
        let mut at = 0;
        for _ in 0..precision {
            if at >= text.len() {
                break;
            }
            at += rune_width(&text[at..]);
        }
        at
    }

    pub(super) fn quoted(&mut self, text: &Text) {
        let text = text.slice(0..self.cut(text));
        if let Some((_, origin)) = text.segments().next() {
            self.origin = origin;
        }
        if self.flags.sharp && can_backquote(&text) {
            let mut raw = vec![b'`'];
            raw.extend_from_slice(&text);
            raw.push(b'`');
            return self.pad(&raw);
        }
        let quoted = quote(&text);
        self.pad(if self.flags.plus { to_ascii(&quoted) } else { quoted }.as_bytes());
    }

    pub(super) fn hex(&mut self, text: &[u8], digits: &[u8; 17]) {
        let length = self.flags.precision.map_or(text.len(), |p| p.min(text.len()));
        if length == 0 {
            return self.padding(self.flags.width.unwrap_or(0));
        }
        let mut out = Vec::with_capacity(2 * length + 2);
        for (i, byte) in text[..length].iter().enumerate() {
            if self.flags.space && i > 0 {
                out.push(b' ');
            }
            if self.flags.sharp && (i == 0 || self.flags.space) {
                out.extend_from_slice(&[b'0', digits[16]]);
            }
            out.extend_from_slice(&[digits[usize::from(byte >> 4)], digits[usize::from(byte & 15)]]);
        }
        self.pad(&out);
    }

    pub(super) fn bytes(&mut self, value: &Value, verb: char) {
        let Some(text) = value.raw() else { return };
        match verb {
            's' => self.format_string(&text),
            'x' => self.hex(&text, LOWER),
            'X' => self.hex(&text, UPPER),
            'q' => self.quoted(&text),
            'v' | 'd' if self.flags.sharp_v => {
                self.put(b"[]byte{");
                for (i, byte) in text.iter().enumerate() {
                    self.separator(i);
                    self.hex0x(u64::from(*byte));
                }
                self.put(b"}");
            }
            _ => self.byte_list(value, verb),
        }
    }

    pub(super) fn byte_list(&mut self, value: &Value, verb: char) {
        let Some(text) = value.raw() else { return };
        if matches!(verb, 's' | 'q' | 'x' | 'X') {
            return self.bytes(value, verb);
        }
        if !self.open(value, false, b"[") {
            return;
        }
        for (i, byte) in text.iter().enumerate() {
            self.separator(i);
            let byte = Value::new(Data::Uint(crate::value::UintKind::Uint8, u64::from(*byte)));
            self.by_kind(&byte, verb, 1);
        }
        self.put(if self.flags.sharp_v { b"}" } else { b"]" });
    }
}

/// Characters; each byte that is no UTF-8 counts as one.
pub(super) fn rune_count(bytes: &[u8]) -> usize {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.chars().count(),
        Err(_) => {
            let (mut at, mut count) = (0, 0);
            while at < bytes.len() {
                at += rune_width(&bytes[at..]);
                count += 1;
            }
            count
        }
    }
}

fn rune_width(bytes: &[u8]) -> usize {
    let head = &bytes[..bytes.len().min(4)];
    let valid = match std::str::from_utf8(head) {
        Ok(text) => text,
        Err(e) => std::str::from_utf8(&head[..e.valid_up_to()]).unwrap_or_default(),
    };
    valid.chars().next().map_or(1, char::len_utf8)
}

/// The quoted text with everything that is not ASCII escaped.
pub(super) fn to_ascii(quoted: &str) -> String {
    let mut out = String::new();
    for c in quoted.chars() {
        match c as u32 {
            code @ 0..0x80 => out.push(code as u8 as char),
            code @ 0x80..0x1_0000 => out += &format!("\\u{code:04x}"),
            code => out += &format!("\\U{code:08x}"),
        }
    }
    out
}

fn can_backquote(text: &[u8]) -> bool {
    std::str::from_utf8(text).is_ok_and(|text| {
        text.chars().all(|c| c == '\t' || !(c < ' ' || c == '`' || c == '\u{7f}' || c == '\u{feff}'))
    })
}
