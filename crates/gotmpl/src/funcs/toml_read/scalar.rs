//! TOML's strings, numbers and dates.

use super::{LOCAL_ZONES, Parsed, Reader};
use crate::Value;
use crate::funcs::moment::Moment;
use crate::time::{Location, Time, parse};

impl Reader<'_> {
    pub(super) fn literal_string(&mut self) -> Parsed<String> {
        let mut out = String::new();
        loop {
            match self.next() {
                None => return Err("unexpected EOF; expected \"'\"".to_owned()),
                Some('\n') => return Err("strings cannot contain newlines".to_owned()),
                Some('\'') => return Ok(out),
                Some(c) => out.push(c),
            }
        }
    }

    pub(super) fn basic_string(&mut self) -> Parsed<String> {
        let mut out = String::new();
        loop {
            match self.next() {
                None => return Err("unexpected EOF; expected '\"'".to_owned()),
                Some('\n') => return Err("strings cannot contain newlines".to_owned()),
                Some('"') => return Ok(out),
                Some('\\') => out.push(self.escape()?),
                Some(c) => out.push(c),
            }
        }
    }

    pub(super) fn long_string(&mut self, mark: char) -> Parsed<String> {
        if !self.eat("\r\n") {
            self.eat("\n");
        }
        let close = String::from_iter([mark; 3]);
        let mut out = String::new();
        loop {
            if self.eat(&close) {
                // Up to two marks before the closing ones belong to the text.
                for _ in 0..2 {
                    if self.peek() == Some(mark) {
                        self.at += 1;
                        out.push(mark);
                    }
                }
                return Ok(out);
            }
            match self.next() {
                None if mark == '"' => return Err("unexpected EOF; expected '\"\"\"'".to_owned()),
                None => return Err("unexpected EOF; expected \"'''\"".to_owned()),
                Some('\\') if mark == '"' => {
                    // A backslash at the end of a line swallows what is blank up to the next character.
                    let rest = &self.text[self.at..];
                    let blank = rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len();
                    match rest[..blank].contains('\n') {
                        true => self.at += blank,
                        false => out.push(self.escape()?),
                    }
                }
                Some(c) => out.push(c),
            }
        }
    }

    pub(super) fn escape(&mut self) -> Parsed<char> {
        let digits = match self.next() {
            Some('b') => return Ok('\x08'),
            Some('t') => return Ok('\t'),
            Some('n') => return Ok('\n'),
            Some('f') => return Ok('\x0c'),
            Some('r') => return Ok('\r'),
            Some('e') => return Ok('\x1b'),
            Some(c @ ('"' | '\\')) => return Ok(c),
            Some('x') => 2,
            Some('u') => 4,
            Some('U') => 8,
            got => {
                let got = got.map_or("end of file".to_owned(), |c| format!("'{c}'"));
                return Err(format!("invalid escape character {got}"));
            }
        };
        let mut code = 0u32;
        for _ in 0..digits {
            let digit = self.next().and_then(|c| c.to_digit(16)).ok_or("invalid hexadecimal digit")?;
            code = code.wrapping_mul(16).wrapping_add(digit);
        }
        char::from_u32(code).ok_or_else(|| format!("Escaped character '\\u{code:04x}' is not valid UTF-8."))
    }

    pub(super) fn number_or_date(&mut self) -> Parsed<Value> {
        let start = self.at;
        let part_of = |c: char| c.is_ascii_alphanumeric() || "+-._:".contains(c);
        while self.peek().is_some_and(part_of) {
            self.at += 1;
        }
        // A blank may stand between a date and a time.
        let date_len = self.at - start == 10 && self.text.as_bytes()[start + 4] == b'-';
        let hour = self.text.get(self.at + 1..self.at + 4).unwrap_or_default().as_bytes();
        if date_len
            && self.peek() == Some(' ')
            && matches!(hour, [a, b, b':'] if a.is_ascii_digit() && b.is_ascii_digit())
        {
            self.at += 1;
            while self.peek().is_some_and(part_of) {
                self.at += 1;
            }
        }
        let text = &self.text[start..self.at];
        if let Some(time) = date(text) {
            return Ok(Value::object(Moment(time)));
        }
        if text.contains(':') || text.matches('-').count() > 2 {
            return Err(format!("Invalid TOML Datetime: {}.", crate::strconv::quote(text.as_bytes())));
        }
        number(text)
    }
}

fn date(text: &str) -> Option<Time> {
    let text = match text.as_bytes().get(10) {
        Some(b't' | b' ') => format!("{}T{}", &text[..10], &text[11..]),
        _ => text.to_owned(),
    };
    let text = text.replace('z', "Z");
    let zoned = parse(crate::time::RFC3339_NANO.as_bytes(), text.as_bytes()).ok();
    zoned.or_else(|| {
        LOCAL_ZONES.into_iter().find_map(|(zone, layout)| {
            let time = parse(layout.as_bytes(), text.as_bytes()).ok()?;
            Some(Time { location: Location::Fixed(zone.into(), 0), ..time })
        })
    })
}

fn number(text: &str) -> Parsed<Value> {
    let unsigned = text.trim_start_matches(['+', '-']);
    let negative = text.starts_with('-');
    match unsigned {
        "inf" => return Ok(Value::float(if negative { f64::NEG_INFINITY } else { f64::INFINITY })),
        "nan" => return Ok(Value::float(f64::NAN)),
        _ => {}
    }
    let bytes = text.as_bytes();
    let separated = |(i, _): (usize, &u8)| {
        i > 0 && bytes[i - 1].is_ascii_hexdigit() && bytes.get(i + 1).is_some_and(u8::is_ascii_hexdigit)
    };
    if !bytes.iter().enumerate().filter(|(_, b)| **b == b'_').all(separated) {
        let shown = crate::strconv::quote(bytes);
        return Err(format!("Invalid integer {shown}: underscores must be surrounded by digits"));
    }
    let is_based = unsigned.starts_with("0x") || unsigned.starts_with("0o") || unsigned.starts_with("0b");
    let leading_zero =
        unsigned.len() > 1 && unsigned.starts_with('0') && unsigned.as_bytes()[1].is_ascii_digit();
    let is_float = !is_based && unsigned.contains(['.', 'e', 'E']);
    if leading_zero {
        let kind = if is_float { "float" } else { "integer" };
        return Err(format!("Invalid {kind} {}: cannot have leading zeroes", crate::strconv::quote(bytes)));
    }
    let bad = |kind: &str| format!("Invalid {kind} value: {}", crate::strconv::quote(bytes));
    if is_float {
        return crate::strconv::parse_float(bytes).map(Value::float).map_err(|_| bad("float"));
    }
    crate::strconv::parse_int(bytes, 0).map(Value::int64).map_err(|_| bad("integer"))
}
