//! The printer behind every verb: flags, padding, and values from the inside out, each byte with its value's origin.

mod number;
mod text;

use source::OriginId;

use text::rune_count;

use crate::time::{duration_string, month_name, weekday_name};
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
        if self.is_full() {
            return;
        }
        self.out.push_bytes(text, self.origin);
    }

    /// Whether there is more than any caller takes.
    fn is_full(&self) -> bool {
        self.out.len() > MAX_BYTES
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
        if value.is_nil_interface() {
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
        if depth > MAX_DEPTH || self.is_full() {
            return self.put(b"...");
        }
        stacker::maybe_grow(64 << 10, 1 << 20, || self.value_inner(value, verb, depth));
    }

    fn value_inner(&mut self, value: &Value, verb: char, depth: usize) {
        let outer = self.origin;
        if value.origin != OriginId::UNKNOWN {
            self.origin = value.origin;
        }
        if depth == 0 || value.is_nil_interface() || !self.methods(value, verb) {
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
}

/// As deep as Go's YAML reader lets a value be, twice over.
const MAX_DEPTH: usize = 20_000;

/// A map that holds itself twice doubles with each level, and a format may name a long text many times. Beyond this
/// nothing is added; it is more than the engine lets a template print.
const MAX_BYTES: usize = 80 << 20;

/// What `String()` gives.
fn string_method(value: &Value) -> Option<String> {
    match &value.data {
        Data::Object(object) => object.string(),
        Data::Int(IntKind::Duration, n) => Some(duration_string(*n)),
        Data::Int(IntKind::Month, n) => Some(month_name(*n)),
        Data::Int(IntKind::Weekday, n) => Some(weekday_name(*n)),
        _ => None,
    }
}
