//! The printer behind every verb: flags, padding, and values from the inside out, each byte with its value's origin.

use source::OriginId;

use super::float::format_float;
use crate::strconv::{is_print, quote};
use crate::value::{Data, IntKind, Kind, Object, Text, TextBuilder, Type, Value};

#[derive(Clone, Copy, Default)]
pub(super) struct Flags {
    pub width: Option<usize>,
    pub precision: Option<usize>,
    pub minus: bool,
    pub plus: bool,
    pub sharp: bool,
    pub space: bool,
    pub zero: bool,
    /// `%+v`
    pub plus_v: bool,
    /// `%#v`
    pub sharp_v: bool,
}

#[derive(Default)]
pub(super) struct Printer {
    pub out: TextBuilder,
    pub flags: Flags,
    /// The origin of what is printed now.
    origin: OriginId,
    /// A bad verb is being shown: methods are not called.
    erroring: bool,
}

const LOWER: &[u8; 17] = b"0123456789abcdefx";
const UPPER: &[u8; 17] = b"0123456789ABCDEFX";

impl Printer {
    pub(super) fn put(&mut self, text: &[u8]) {
        self.out.push_bytes(text, self.origin);
    }

    fn padding(&mut self, count: usize) {
        let byte = if self.flags.zero && !self.flags.minus { b'0' } else { b' ' };
        let origin = self.origin;
        for _ in 0..count {
            self.out.push_bytes(&[byte], origin);
        }
    }

    fn pad(&mut self, text: &[u8]) {
        let missing = self.missing(text);
        if !self.flags.minus {
            self.padding(missing);
        }
        self.put(text);
        if self.flags.minus {
            self.padding(missing);
        }
    }

    fn missing(&self, text: &[u8]) -> usize {
        match self.flags.width {
            Some(width) if width > 0 => width.saturating_sub(rune_count(text)),
            _ => 0,
        }
    }

    /// As `pad`, without zeros.
    fn pad_blank(&mut self, text: &[u8]) {
        let zero = std::mem::replace(&mut self.flags.zero, false);
        self.pad(text);
        self.flags.zero = zero;
    }

    // ---- values

    /// An operand.
    pub(super) fn arg(&mut self, value: &Value, verb: char) {
        self.origin = value.origin;
        if is_nil(value) {
            return match verb {
                'T' | 'v' => self.pad(b"<nil>"),
                _ => self.bad_verb(None, verb),
            };
        }
        match verb {
            'T' => self.string(&Text::from(value.type_name()), 's', value),
            'p' => self.pointer(value, 'p'),
            _ => match &value.data {
                Data::Bytes(_) => self.bytes(value, verb),
                // Of the types that Go's fast path names, none has a method.
                Data::Int(IntKind::Duration | IntKind::Month | IntKind::Weekday, _) | Data::Object(_) => {
                    if !self.methods(value, verb) {
                        self.value(value, verb, 0);
                    }
                }
                Data::List(_) | Data::Map(_) if verb == 'w' && !self.erroring => {
                    self.bad_verb(Some(value), verb);
                }
                _ => self.value(value, verb, 0),
            },
        }
    }

    pub(super) fn bad_verb(&mut self, value: Option<&Value>, verb: char) {
        self.erroring = true;
        self.put(format!("%!{verb}(").as_bytes());
        match value {
            Some(value) => {
                self.put(value.type_name().as_bytes());
                self.put(b"=");
                match value.data {
                    Data::List(_) | Data::Map(_) => self.value(value, 'v', 0),
                    _ => self.arg(value, 'v'),
                }
            }
            None => self.put(b"<nil>"),
        }
        self.put(b")");
        self.erroring = false;
    }

    /// Prints by the type's own method, if it has one for the verb.
    fn methods(&mut self, value: &Value, verb: char) -> bool {
        if self.erroring {
            return false;
        }
        if verb == 'w' {
            self.bad_verb(Some(value), verb);
            return true;
        }
        if self.flags.sharp_v {
            let Data::Object(object) = &value.data else { return false };
            let Some(text) = object.go_syntax() else { return false };
            self.format_string(&Text::from(text));
            return true;
        }
        if !matches!(verb, 'v' | 's' | 'x' | 'X' | 'q') {
            return false;
        }
        match string_method(value) {
            Some(text) => {
                let text = Text::with_origin(text.into_bytes(), value.origin);
                self.string(&text, verb, value);
                true
            }
            None => false,
        }
    }

    pub(super) fn value(&mut self, value: &Value, verb: char, depth: usize) {
        // Values are as deep as their YAML, and may hold themselves.
        if depth > MAX_DEPTH || self.out.len() > MAX_BYTES {
            return self.put(b"...");
        }
        stacker::maybe_grow(64 << 10, 1 << 20, || self.value_inner(value, verb, depth));
    }

    fn value_inner(&mut self, value: &Value, verb: char, depth: usize) {
        let outer = self.origin;
        if value.origin != OriginId::UNKNOWN {
            self.origin = value.origin;
        }
        if depth == 0 || is_nil(value) || !self.methods(value, verb) {
            self.by_kind(value, verb, depth);
        }
        self.origin = outer;
    }

    fn by_kind(&mut self, value: &Value, verb: char, depth: usize) {
        match &value.data {
            Data::Nil => {
                let text: &[u8] = if self.flags.sharp_v { b"interface {}(nil)" } else { b"<nil>" };
                self.put(text);
            }
            Data::NilPtr(ty) if **ty == Type::Any => self.put(b"<nil>"),
            Data::NilPtr(_) => self.pointer(value, verb),
            Data::Bool(b) => match verb {
                't' | 'v' => self.pad(if *b { b"true" } else { b"false" }),
                _ => self.bad_verb(Some(value), verb),
            },
            Data::Int(_, n) => self.integer(n.unsigned_abs(), *n < 0, true, verb, value),
            Data::Uint(_, n) => self.integer(*n, false, false, verb, value),
            Data::Float(f) => self.float(*f, verb, value),
            Data::Complex(c) => match verb {
                'v' | 'b' | 'g' | 'G' | 'x' | 'X' | 'f' | 'F' | 'e' | 'E' => {
                    let plus = self.flags.plus;
                    self.put(b"(");
                    self.float(c.0, verb, value);
                    self.flags.plus = true;
                    self.float(c.1, verb, value);
                    self.put(b"i)");
                    self.flags.plus = plus;
                }
                _ => self.bad_verb(Some(value), verb),
            },
            Data::Str(_) => {
                if let Some(text) = value.text() {
                    self.string(&text, verb, value);
                }
            }
            Data::Bytes(_) => self.byte_list(value, verb),
            Data::List(list) => {
                let close = self.open(value, list.is_nil(), b"[");
                if !close {
                    return;
                }
                for (i, item) in list.iter().enumerate() {
                    self.separator(i);
                    self.element(item, verb, depth);
                }
                self.put(if self.flags.sharp_v { b"}" } else { b"]" });
            }
            Data::Map(map) => {
                if !self.open(value, map.is_nil(), b"map[") {
                    return;
                }
                for (i, (key, item)) in map.entries().iter().enumerate() {
                    self.separator(i);
                    self.value(&Value::str(key.clone()), verb, depth + 1);
                    self.put(b":");
                    self.element(item, verb, depth);
                }
                self.put(if self.flags.sharp_v { b"}" } else { b"]" });
            }
            Data::Object(object) => {
                if object.kind() == Kind::Ptr {
                    if depth > 0 {
                        return self.pointer(value, verb);
                    }
                    self.put(b"&");
                }
                self.fields(&**object.as_ref(), verb);
            }
        }
    }

    /// An item: nothing prints as nil with every verb.
    fn element(&mut self, item: &Value, verb: char, depth: usize) {
        self.value(item, verb, depth + 1);
    }

    /// The start of a list or map; `false` if that is all there is.
    fn open(&mut self, value: &Value, nil: bool, plain: &[u8]) -> bool {
        if !self.flags.sharp_v {
            self.put(plain);
            return true;
        }
        self.put(value.ty().to_string().as_bytes());
        self.put(if nil { b"(nil)" } else { b"{" });
        !nil
    }

    fn separator(&mut self, i: usize) {
        if i > 0 {
            self.put(if self.flags.sharp_v { b", " } else { b" " });
        }
    }

    /// `{a b}`
    pub(super) fn fields(&mut self, object: &dyn Object, verb: char) {
        if self.flags.sharp_v {
            self.put(object.type_name().trim_start_matches('*').as_bytes());
        }
        self.put(b"{");
        for (i, (name, field)) in object.fields().iter().enumerate() {
            self.separator(i);
            if self.flags.plus_v || self.flags.sharp_v {
                self.put(name.as_bytes());
                self.put(b":");
            }
            self.value(field, verb, 1);
        }
        self.put(b"}");
    }

    // ---- strings

    fn string(&mut self, text: &Text, verb: char, value: &Value) {
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
    fn format_string(&mut self, text: &Text) {
        let text = text.slice(0..self.cut(text));
        let missing = self.missing(&text);
        if !self.flags.minus {
            self.padding(missing);
        }
        self.out.push(&text);
        if self.flags.minus {
            self.padding(missing);
        }
    }

    /// How many bytes the precision leaves.
    fn cut(&self, text: &[u8]) -> usize {
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

    fn quoted(&mut self, text: &Text) {
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

    fn hex(&mut self, text: &[u8], digits: &[u8; 17]) {
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

    fn bytes(&mut self, value: &Value, verb: char) {
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

    fn byte_list(&mut self, value: &Value, verb: char) {
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

    // ---- numbers

    fn integer(&mut self, abs: u64, negative: bool, signed: bool, verb: char, value: &Value) {
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

    fn hex0x(&mut self, n: u64) {
        let sharp = std::mem::replace(&mut self.flags.sharp, true);
        self.digits(n, false, 16, 'v', LOWER);
        self.flags.sharp = sharp;
    }

    fn digits(&mut self, n: u64, negative: bool, base: u64, verb: char, digits: &[u8; 17]) {
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

    fn unicode(&mut self, n: u64) {
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

    fn float(&mut self, value: f64, verb: char, of: &Value) {
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

    fn pointer(&mut self, value: &Value, verb: char) {
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

/// As deep as Go's YAML reader lets a value be, twice over.
const MAX_DEPTH: usize = 20_000;

/// A map that holds itself twice doubles with each level. Beyond this nothing is added; it is more than the engine lets a
/// template print.
const MAX_BYTES: usize = 80 << 20;

fn is_nil(value: &Value) -> bool {
    match &value.data {
        Data::Nil => true,
        Data::NilPtr(ty) => **ty == Type::Any,
        _ => false,
    }
}

/// What `String()` gives.
fn string_method(value: &Value) -> Option<String> {
    match &value.data {
        Data::Object(object) => object.string(),
        Data::Int(IntKind::Duration, n) => Some(duration(*n)),
        Data::Int(IntKind::Month, n) => {
            Some(name(&MONTHS, *n - 1).unwrap_or_else(|| format!("%!Month({n})")))
        }
        Data::Int(IntKind::Weekday, n) => {
            Some(name(&WEEKDAYS, *n).unwrap_or_else(|| format!("%!Weekday({n})")))
        }
        _ => None,
    }
}

fn name(names: &[&str], at: i64) -> Option<String> {
    usize::try_from(at).ok().and_then(|at| names.get(at)).map(|n| (*n).to_owned())
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const WEEKDAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/// `time.Duration.String`: `1h1m1.5s`, with smaller units below a second.
fn duration(nanos: i64) -> String {
    let sign = if nanos < 0 { "-" } else { "" };
    let abs = nanos.unsigned_abs();
    let fraction = |value: u64, unit: u64| {
        let mut text = (value / unit).to_string();
        let rest = value % unit;
        if rest > 0 {
            let digits = unit.ilog10() as usize;
            let rest = format!("{rest:0digits$}");
            text += &format!(".{}", rest.trim_end_matches('0'));
        }
        text
    };
    match abs {
        0 => "0s".to_owned(),
        1..1_000 => format!("{sign}{abs}ns"),
        1_000..1_000_000 => format!("{sign}{}µs", fraction(abs, 1_000)),
        1_000_000..1_000_000_000 => format!("{sign}{}ms", fraction(abs, 1_000_000)),
        _ => {
            let minutes = abs / 60_000_000_000;
            let seconds = fraction(abs % 60_000_000_000, 1_000_000_000);
            match (minutes / 60, minutes % 60) {
                (0, 0) => format!("{sign}{seconds}s"),
                (0, m) => format!("{sign}{m}m{seconds}s"),
                (h, m) => format!("{sign}{h}h{m}m{seconds}s"),
            }
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

/// The quoted text with everything that is not ASCII escaped.
fn to_ascii(quoted: &str) -> String {
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

fn rune_width(bytes: &[u8]) -> usize {
    let head = &bytes[..bytes.len().min(4)];
    let valid = match std::str::from_utf8(head) {
        Ok(text) => text,
        Err(e) => std::str::from_utf8(&head[..e.valid_up_to()]).unwrap_or_default(),
    };
    valid.chars().next().map_or(1, char::len_utf8)
}

/// Characters; each byte that is no UTF-8 counts as one.
fn rune_count(bytes: &[u8]) -> usize {
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
