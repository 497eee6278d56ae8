//! Numbers and addresses: `%d`, `%x`, `%c`, `%U`, `%e`, `%g`, `%p`.

use super::text::to_ascii;
use super::{LOWER, Printer, UPPER};
use crate::fmt::format_float;
use crate::strconv::is_print;
use crate::value::{Data, Kind, Value};

impl Printer {
    pub(super) fn integer(&mut self, abs: u64, negative: bool, signed: bool, verb: char, value: &Value) {
        match verb {
            'v' if self.flags.sharp_v && !signed => self.hex0x(abs),
            'v' | 'd' => self.digits(abs, negative, 10, verb, LOWER),
            'b' => self.digits(abs, negative, 2, verb, LOWER),
            'o' | 'O' => self.digits(abs, negative, 8, verb, LOWER),
            'x' => self.digits(abs, negative, 16, verb, LOWER),
            'X' => self.digits(abs, negative, 16, verb, UPPER),
            'c' | 'q' | 'U' => {
                // The bits of a negative number are those of a large one.
                let bits = if negative { abs.wrapping_neg() } else { abs };
                match verb {
                    'c' => self.pad(rune(bits).to_string().as_bytes()),
                    'q' => {
                        let quoted = quote_rune(rune(bits));
                        self.pad(if self.flags.plus { to_ascii(&quoted) } else { quoted }.as_bytes());
                    }
                    _ => self.unicode(bits),
                }
            }
            _ => self.bad_verb(Some(value), verb),
        }
    }

    pub(super) fn hex0x(&mut self, n: u64) {
        let sharp = std::mem::replace(&mut self.flags.sharp, true);
        self.digits(n, false, 16, 'v', LOWER);
        self.flags.sharp = sharp;
    }

    pub(super) fn digits(&mut self, n: u64, negative: bool, base: u64, verb: char, digits: &[u8; 17]) {
        let mut least = 0;
        if let Some(precision) = self.flags.precision {
            least = precision;
            if precision == 0 && n == 0 {
                let zero = std::mem::replace(&mut self.flags.zero, false);
                self.padding(self.flags.width.unwrap_or(0));
                self.flags.zero = zero;
                return;
            }
        } else if let Some(width) = self.flags.width
            && self.flags.zero
            && !self.flags.minus
        {
            least = width;
            if negative || self.flags.plus || self.flags.space {
                least = least.saturating_sub(1);
            }
        }
        // From the last digit to the first.
        let mut text = Vec::new();
        let mut rest = n;
        loop {
            text.push(digits[(rest % base) as usize]);
            rest /= base;
            if rest == 0 {
                break;
            }
        }
        while text.len() < least {
            text.push(b'0');
        }
        if self.flags.sharp {
            match base {
                2 => text.extend_from_slice(b"b0"),
                8 if text.last() != Some(&b'0') => text.push(b'0'),
                16 => text.extend_from_slice(&[digits[16], b'0']),
                _ => {}
            }
        }
        if verb == 'O' {
            text.extend_from_slice(b"o0");
        }
        if negative {
            text.push(b'-');
        } else if self.flags.plus {
            text.push(b'+');
        } else if self.flags.space {
            text.push(b' ');
        }
        text.reverse();
        self.pad_blank(&text);
    }

    pub(super) fn unicode(&mut self, n: u64) {
        let least = self.flags.precision.unwrap_or(4).max(4);
        let mut text = format!("U+{n:0least$X}", least = least.min(1_000_000));
        if self.flags.sharp
            && let Some(c) = u32::try_from(n).ok().and_then(char::from_u32)
            && is_print(c)
        {
            text += &format!(" '{c}'");
        }
        self.pad_blank(text.as_bytes());
    }

    pub(super) fn float(&mut self, value: f64, verb: char, of: &Value) {
        let (layout, default) = match verb {
            'v' => ('g', None),
            'b' | 'g' | 'G' | 'x' | 'X' => (verb, None),
            'f' | 'e' | 'E' => (verb, Some(6)),
            'F' => ('f', Some(6)),
            _ => return self.bad_verb(Some(of), verb),
        };
        let precision = self.flags.precision.or(default);
        let mut text = format_float(value, layout, precision);
        let mut sign = '+';
        if text.starts_with(['-', '+']) {
            sign = text.remove(0);
        }
        if self.flags.space && sign == '+' && !self.flags.plus {
            sign = ' ';
        }
        if !value.is_finite() {
            // An infinity always has its sign.
            let bare = value.is_nan() && !self.flags.space && !self.flags.plus;
            let shown = if bare { text } else { format!("{sign}{text}") };
            return self.pad_blank(shown.as_bytes());
        }
        if self.flags.sharp && layout != 'b' {
            text = with_point(text, layout, precision);
        }
        if self.flags.plus || sign != '+' {
            let width = self.flags.width.unwrap_or(0);
            if self.flags.zero && !self.flags.minus && width > text.len() + 1 {
                self.put(&[sign as u8]);
                self.padding(width - text.len() - 1);
                return self.put(text.as_bytes());
            }
            return self.pad(format!("{sign}{text}").as_bytes());
        }
        self.pad(text.as_bytes());
    }

    pub(super) fn pointer(&mut self, value: &Value, verb: char) {
        // An address cannot be the same as Go's; 0xc000000000 is where its heap begins.
        let address = match &value.data {
            Data::NilPtr(_) => 0,
            Data::List(list) if list.is_nil() => 0,
            Data::Map(map) if map.is_nil() => 0,
            Data::List(_) | Data::Map(_) | Data::Bytes(_) => 0xc0_0000_0000,
            Data::Object(object) if object.kind() == Kind::Ptr => 0xc0_0000_0000,
            _ => return self.bad_verb(Some(value), verb),
        };
        match verb {
            'v' if self.flags.sharp_v => {
                let shown = if address == 0 { "nil".to_owned() } else { format!("{address:#x}") };
                self.put(format!("({})({shown})", value.type_name()).as_bytes());
            }
            'v' if address == 0 => self.pad(b"<nil>"),
            'v' | 'p' => {
                let sharp = self.flags.sharp;
                self.flags.sharp = !sharp;
                self.digits(address, false, 16, 'v', LOWER);
                self.flags.sharp = sharp;
            }
            'b' | 'o' | 'd' | 'x' | 'X' => self.integer(address, false, false, verb, value),
            _ => self.bad_verb(Some(value), verb),
        }
    }
}

/// `%#g`: a point and as many digits as the precision says.
fn with_point(text: String, layout: char, precision: Option<usize>) -> String {
    let mut digits = match layout {
        'g' | 'G' | 'x' => precision.map_or(6, |p| p as i64),
        _ => 0,
    };
    let is_hex = matches!(layout, 'x' | 'X');
    let tail_at = text.find(|c: char| matches!(c, 'p' | 'P') || (!is_hex && matches!(c, 'e' | 'E')));
    let (number, tail) = text.split_at(tail_at.unwrap_or(text.len()));
    let mut number = number.to_owned();
    let mut seen = false;
    for c in number.chars().filter(|c| *c != '.') {
        seen |= c != '0';
        digits -= i64::from(seen);
    }
    if !number.contains('.') {
        digits -= i64::from(number == "0");
        number.push('.');
    }
    for _ in 0..digits.clamp(0, 1_000_000) {
        number.push('0');
    }
    number + tail
}

fn rune(bits: u64) -> char {
    u32::try_from(bits).ok().and_then(char::from_u32).unwrap_or('\u{fffd}')
}

fn quote_rune(c: char) -> String {
    crate::strconv::quote_with(c.encode_utf8(&mut [0; 4]).as_bytes(), '\'')
}
