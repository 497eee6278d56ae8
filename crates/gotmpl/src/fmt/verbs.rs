//! `printf`: the format with its flags, widths and indexes, and Go's inline complaints.

use super::printer::{Flags, Printer};
use crate::value::{Data, Text, Value};

/// Widths and precisions beyond this are errors, as in Go.
const TOO_LARGE: usize = 1_000_000;

/// `fmt.Sprintf`.
///
/// ```
/// use gotmpl::{Text, Value, fmt::sprintf};
/// let text = sprintf(&Text::from("%-4s|%d"), &[Value::str("a"), Value::float(5.0)]);
/// assert_eq!(&*text, b"a   |%!d(float64=5)");
/// ```
pub fn sprintf(format: &Text, args: &[Value]) -> Text {
    let mut state =
        State { p: Printer::default(), format, args, at: 0, arg: 0, reordered: false, good: true };
    state.run();
    state.p.out.finish()
}

struct State<'a> {
    p: Printer,
    format: &'a Text,
    args: &'a [Value],
    at: usize,
    arg: usize,
    reordered: bool,
    /// Whether the index of the operand could be used.
    good: bool,
}

impl State<'_> {
    fn run(&mut self) {
        let end = self.format.len();
        while self.at < end {
            self.good = true;
            let from = self.at;
            self.at = memchr::memchr(b'%', &self.format[from..]).map_or(end, |n| from + n);
            self.p.out.push_range(self.format, from..self.at);
            if self.at >= end {
                break;
            }
            self.at += 1;
            if !self.directive() {
                break;
            }
        }
        self.extra();
    }

    fn byte(&self) -> Option<u8> {
        self.format.get(self.at).copied()
    }

    /// One directive; `false` at the end of the format.
    fn directive(&mut self) -> bool {
        self.p.flags = Flags::default();
        while let Some(c) = self.byte() {
            let flags = &mut self.p.flags;
            match c {
                b'#' => flags.sharp = true,
                b'0' => flags.zero = true,
                b'+' => flags.plus = true,
                b'-' => flags.minus = true,
                b' ' => flags.space = true,
                _ => break,
            }
            self.at += 1;
        }
        let mut after_index = self.index();
        if self.byte() == Some(b'*') {
            self.at += 1;
            let (width, is_minus) = self.int_arg();
            self.p.flags.width = width;
            if width.is_none() {
                self.p.put(b"%!(BADWIDTH)");
            }
            if is_minus {
                self.p.flags.minus = true;
                self.p.flags.zero = false;
            }
            after_index = false;
        } else {
            self.p.flags.width = self.number();
            if after_index && self.p.flags.width.is_some() {
                self.good = false;
            }
        }
        if self.byte() == Some(b'.') && self.at + 1 < self.format.len() {
            self.at += 1;
            if after_index {
                self.good = false;
            }
            after_index = self.index();
            if self.byte() == Some(b'*') {
                self.at += 1;
                let (precision, is_minus) = self.int_arg();
                self.p.flags.precision = precision.filter(|_| !is_minus);
                if self.p.flags.precision.is_none() {
                    self.p.put(b"%!(BADPREC)");
                }
                after_index = false;
            } else {
                self.p.flags.precision = Some(self.number().unwrap_or(0));
            }
        }
        if !after_index {
            self.index();
        }
        if self.at >= self.format.len() {
            self.p.put(b"%!(NOVERB)");
            return false;
        }
        let (verb, width) = decode(&self.format[self.at..]);
        self.at += width;
        if verb == '%' {
            self.p.out.push_str("%");
        } else if !self.good {
            self.p.put(format!("%!{verb}(BADINDEX)").as_bytes());
        } else if let Some(arg) = self.args.get(self.arg) {
            if matches!(verb, 'v' | 'w') {
                let flags = &mut self.p.flags;
                flags.sharp_v = std::mem::take(&mut flags.sharp);
                flags.plus_v = std::mem::take(&mut flags.plus);
            }
            self.arg += 1;
            self.p.arg(arg, verb);
        } else {
            self.p.put(format!("%!{verb}(MISSING)").as_bytes());
        }
        true
    }

    /// Decimal digits; `None` where there are none or too many.
    fn number(&mut self) -> Option<usize> {
        let from = self.at;
        let mut value = 0usize;
        while let Some(d) = self.byte().filter(u8::is_ascii_digit) {
            if value > TOO_LARGE {
                return None;
            }
            value = value * 10 + usize::from(d - b'0');
            self.at += 1;
        }
        (self.at > from).then_some(value)
    }

    /// `[n]`: whether there was one that could be read.
    fn index(&mut self) -> bool {
        if self.byte() != Some(b'[') {
            return false;
        }
        self.reordered = true;
        let rest = &self.format[self.at..];
        let Some(close) = memchr::memchr(b']', rest).filter(|_| rest.len() >= 3) else {
            self.good = false;
            self.at += 1;
            return false;
        };
        let digits = &rest[1..close];
        self.at += close + 1;
        let number = std::str::from_utf8(digits)
            .ok()
            .filter(|d| !d.is_empty() && d.bytes().all(|b| b.is_ascii_digit()))
            .and_then(|d| d.parse::<usize>().ok())
            .filter(|n| *n <= 10 * TOO_LARGE);
        let Some(number) = number else {
            self.good = false;
            return false;
        };
        match number.checked_sub(1).filter(|n| *n < self.args.len()) {
            Some(n) => self.arg = n,
            None => self.good = false,
        }
        true
    }

    /// The operand of a `*`: its size, and whether it is negative.
    fn int_arg(&mut self) -> (Option<usize>, bool) {
        let Some(arg) = self.args.get(self.arg) else { return (None, false) };
        self.arg += 1;
        let (abs, is_minus) = match arg.data {
            Data::Int(_, n) => (n.unsigned_abs(), n < 0),
            Data::Uint(_, n) => (n, false),
            _ => return (None, false),
        };
        (usize::try_from(abs).ok().filter(|n| *n <= TOO_LARGE), is_minus)
    }

    fn extra(&mut self) {
        if self.reordered || self.arg >= self.args.len() {
            return;
        }
        self.p.flags = Flags::default();
        self.p.put(b"%!(EXTRA ");
        for (i, arg) in self.args[self.arg..].iter().enumerate() {
            if i > 0 {
                self.p.put(b", ");
            }
            self.p.put(arg.type_name().as_bytes());
            if !arg.is_nil() {
                self.p.put(b"=");
                self.p.arg(arg, 'v');
            }
        }
        self.p.put(b")");
    }
}

fn decode(bytes: &[u8]) -> (char, usize) {
    let head = &bytes[..bytes.len().min(4)];
    let valid = match std::str::from_utf8(head) {
        Ok(text) => text,
        Err(e) => std::str::from_utf8(&head[..e.valid_up_to()]).unwrap_or_default(),
    };
    valid.chars().next().map_or(('\u{fffd}', 1), |c| (c, c.len_utf8()))
}
