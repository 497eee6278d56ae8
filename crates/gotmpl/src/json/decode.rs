//! From JSON text to values: objects become `map[string]interface {}`, every number a `float64`.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use std::rc::Rc;

use source::OriginId;

use crate::strconv::{parse_float, quote};
use crate::{Data, Map, Text, Type, Value};

/// Go refuses what is nested deeper.
const MAX_DEPTH: usize = 10_000;

/// Why a text is no JSON, in Go's words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum JsonError {
    /// It ends too early.
    End,
    /// Anything else.
    Other(String),
}

impl JsonError {
    /// What `json.Decoder` says, which differs where the text ends too early.
    pub fn stream_text(&self) -> String {
        match self {
            JsonError::End => "unexpected EOF".to_owned(),
            JsonError::Other(text) => text.clone(),
        }
    }
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            JsonError::End => f.write_str("unexpected end of JSON input"),
            JsonError::Other(text) => f.write_str(text),
        }
    }
}

impl std::error::Error for JsonError {}

/// Reads a whole text as one value; `origin` gives the origin of each part by its byte range.
///
/// ```
/// use gotmpl::json::decode;
/// use source::OriginId;
/// let value = decode(br#"{"a": [1, "x"]}"#, &mut |_| OriginId::UNKNOWN).unwrap();
/// assert!(value.as_map().unwrap().contains(b"a"));
/// let error = decode(b"{'a': 1}", &mut |_| OriginId::UNKNOWN).err().unwrap();
/// assert_eq!(error.to_string(), r"invalid character '\'' looking for beginning of object key string");
/// ```
///
/// # Errors
/// It is no JSON, or more than one value, or has a number that no float64 holds.
pub fn decode(text: &[u8], origin: &mut dyn FnMut(Range<usize>) -> OriginId) -> Result<Value, JsonError> {
    match decode_lenient(text, origin)? {
        (value, None) => Ok(value),
        (_, Some(error)) => Err(error),
    }
}

/// As [`decode`], but a number that no float64 holds is nil, and the error is given beside the value: Go decodes on
/// after it.
///
/// # Errors
/// It is no JSON, or more than one value.
pub fn decode_lenient(
    text: &[u8],
    origin: &mut dyn FnMut(Range<usize>) -> OriginId,
) -> Result<(Value, Option<JsonError>), JsonError> {
    let mut reader = Reader { text, at: 0, origin, whole: true, out_of_range: None };
    let value = reader.value()?;
    reader.blanks();
    match reader.peek() {
        Some(byte) => Err(invalid(byte, "after top-level value")),
        None => Ok((value, reader.out_of_range())),
    }
}

/// Reads the first value of a text; gives it and the number of bytes that it takes.
///
/// # Errors
/// As [`decode`], but for what follows the value.
pub fn decode_first(
    text: &[u8],
    origin: &mut dyn FnMut(Range<usize>) -> OriginId,
) -> Result<(Value, usize), JsonError> {
    let mut reader = Reader { text, at: 0, origin, whole: false, out_of_range: None };
    let value = reader.value()?;
    match reader.out_of_range() {
        None => Ok((value, reader.at)),
        Some(error) => Err(error),
    }
}

struct Reader<'a> {
    text: &'a [u8],
    at: usize,
    origin: &'a mut dyn FnMut(Range<usize>) -> OriginId,
    /// The text is one value: where it ends inside of a number or a word, Go complains of a blank.
    whole: bool,
    /// Go checks the whole text before it reads a number, so that this is said last.
    out_of_range: Option<Range<usize>>,
}

/// A container that is being read.
enum Open {
    List(usize, Vec<Value>),
    /// With the key whose value comes next.
    Map(usize, BTreeMap<Text, Value>, Text),
}

fn invalid(byte: u8, context: &str) -> JsonError {
    let shown = match byte {
        b'\'' => "'\\''".to_owned(),
        b'"' => "'\"'".to_owned(),
        _ => {
            let quoted = quote(char::from(byte).to_string().as_bytes());
            format!("'{}'", &quoted[1..quoted.len() - 1])
        }
    };
    JsonError::Other(format!("invalid character {shown} {context}"))
}

impl Reader<'_> {
    fn out_of_range(&self) -> Option<JsonError> {
        let number = String::from_utf8_lossy(&self.text[self.out_of_range.clone()?]);
        let text = format!("json: cannot unmarshal number {number} into Go value of type float64");
        Some(JsonError::Other(text))
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    /// The next byte after blanks.
    fn next(&mut self) -> Result<u8, JsonError> {
        self.blanks();
        self.peek().ok_or(JsonError::End)
    }

    /// One value with all that is in it; a stack of what is open instead of recursion.
    fn value(&mut self) -> Result<Value, JsonError> {
        let mut open: Vec<Open> = Vec::new();
        loop {
            let start_byte = self.next()?;
            let start = self.at;
            let mut value = match start_byte {
                b'[' => {
                    self.deeper(open.len())?;
                    if self.next()? == b']' {
                        self.at += 1;
                        Value::list(Vec::new()).with_origin((self.origin)(start..self.at))
                    } else {
                        open.push(Open::List(start, Vec::new()));
                        continue;
                    }
                }
                b'{' => {
                    self.deeper(open.len())?;
                    if self.next()? == b'}' {
                        self.at += 1;
                        Value::map([]).with_origin((self.origin)(start..self.at))
                    } else {
                        let key = self.key()?;
                        open.push(Open::Map(start, BTreeMap::new(), key));
                        continue;
                    }
                }
                _ => self.scalar(start_byte)?,
            };
            // The value is whole: put it where it belongs, and close what it completes.
            loop {
                match open.pop() {
                    None => return Ok(value),
                    Some(Open::List(start, mut items)) => {
                        items.push(value);
                        match self.next()? {
                            b',' => {
                                self.at += 1;
                                open.push(Open::List(start, items));
                                break;
                            }
                            b']' => {
                                self.at += 1;
                                value = Value::read_list(items).with_origin((self.origin)(start..self.at));
                            }
                            other => return Err(invalid(other, "after array element")),
                        }
                    }
                    Some(Open::Map(start, mut entries, key)) => {
                        // The last of equal keys counts, with its own origin.
                        entries.remove(key.bytes());
                        entries.insert(key, value);
                        match self.next()? {
                            b',' => {
                                self.at += 1;
                                let key = self.key()?;
                                open.push(Open::Map(start, entries, key));
                                break;
                            }
                            b'}' => {
                                self.at += 1;
                                let map = Data::Map(Rc::new(Map::of(Type::MAP, entries)));
                                value = Value::new(map).with_origin((self.origin)(start..self.at));
                            }
                            other => return Err(invalid(other, "after object key:value pair")),
                        }
                    }
                }
            }
        }
    }

    fn deeper(&mut self, depth: usize) -> Result<(), JsonError> {
        self.at += 1;
        match depth < MAX_DEPTH {
            true => Ok(()),
            false => Err(JsonError::Other("exceeded max depth".to_owned())),
        }
    }

    /// A key and the colon after it.
    fn key(&mut self) -> Result<Text, JsonError> {
        let first = self.next()?;
        if first != b'"' {
            return Err(invalid(first, "looking for beginning of object key string"));
        }
        let key = self.string()?;
        match self.next()? {
            b':' => self.at += 1,
            other => return Err(invalid(other, "after object key")),
        }
        Ok(key)
    }

    fn scalar(&mut self, first: u8) -> Result<Value, JsonError> {
        let start = self.at;
        let value = match first {
            b'"' => return self.string().map(Value::str),
            b'-' | b'0'..=b'9' => {
                self.number()?;
                match parse_float(&self.text[start..self.at]) {
                    Ok(number) => Value::float(number),
                    Err(_) => {
                        self.out_of_range.get_or_insert(start..self.at);
                        Value::NIL
                    }
                }
            }
            b't' => self.literal("true", Value::bool(true))?,
            b'f' => self.literal("false", Value::bool(false))?,
            b'n' => self.literal("null", Value::NIL)?,
            other => return Err(invalid(other, "looking for beginning of value")),
        };
        Ok(value.with_origin((self.origin)(start..self.at)))
    }

    fn literal(&mut self, word: &str, value: Value) -> Result<Value, JsonError> {
        for expected in word.bytes() {
            match self.peek() {
                Some(byte) if byte == expected => self.at += 1,
                Some(byte) => {
                    let context = format!("in literal {word} (expecting '{}')", char::from(expected));
                    return Err(invalid(byte, &context));
                }
                None => {
                    return Err(
                        self.cut_short(&format!("in literal {word} (expecting '{}')", char::from(expected)))
                    );
                }
            }
        }
        Ok(value)
    }

    /// The text ends where the scanner wants more of a number or a word.
    fn cut_short(&self, context: &str) -> JsonError {
        if self.whole { invalid(b' ', context) } else { JsonError::End }
    }

    fn number(&mut self) -> Result<(), JsonError> {
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        match self.peek() {
            Some(b'0') => self.at += 1,
            _ => self.digits("in numeric literal")?,
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits("after decimal point in numeric literal")?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits("in exponent of numeric literal")?;
        }
        Ok(())
    }

    fn digits(&mut self, context: &str) -> Result<(), JsonError> {
        match self.peek() {
            None => return Err(self.cut_short(context)),
            Some(byte) if !byte.is_ascii_digit() => return Err(invalid(byte, context)),
            Some(_) => {}
        }
        while self.peek().is_some_and(|b| b.is_ascii_digit()) {
            self.at += 1;
        }
        Ok(())
    }

    fn string(&mut self) -> Result<Text, JsonError> {
        let start = self.at;
        self.at += 1;
        let mut out: Vec<u8> = Vec::new();
        loop {
            let run =
                self.text[self.at..].iter().take_while(|b| !matches!(**b, b'"' | b'\\' | 0..=0x1f)).count();
            let plain = &self.text[self.at..self.at + run];
            match std::str::from_utf8(plain) {
                Ok(_) => out.extend_from_slice(plain),
                Err(_) => push_lossy(&mut out, plain),
            }
            self.at += run;
            match self.peek() {
                None => return Err(JsonError::End),
                Some(b'"') => {
                    self.at += 1;
                    return Ok(Text::with_origin(out, (self.origin)(start..self.at)));
                }
                Some(b'\\') => {
                    self.at += 1;
                    self.escape(&mut out)?;
                }
                Some(control) => return Err(invalid(control, "in string literal")),
            }
        }
    }

    fn escape(&mut self, out: &mut Vec<u8>) -> Result<(), JsonError> {
        let byte = self.peek().ok_or(JsonError::End)?;
        self.at += 1;
        out.push(match byte {
            b'"' | b'\\' | b'/' => byte,
            b'b' => 8,
            b'f' => 0xC,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'u' => {
                let mut code = self.hex()?;
                if (0xD800..0xDC00).contains(&code) && self.text[self.at..].starts_with(b"\\u") {
                    let before = self.at;
                    self.at += 2;
                    let low = self.hex()?;
                    if (0xDC00..0xE000).contains(&low) {
                        code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
                    } else {
                        self.at = before;
                    }
                }
                // Half a pair is no character.
                let c = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
                out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                return Ok(());
            }
            other => return Err(invalid(other, "in string escape code")),
        });
        Ok(())
    }

    fn hex(&mut self) -> Result<u32, JsonError> {
        let mut code = 0;
        for _ in 0..4 {
            let byte = self.peek().ok_or(JsonError::End)?;
            let digit = char::from(byte).to_digit(16);
            code = code * 16 + digit.ok_or_else(|| invalid(byte, "in \\u hexadecimal character escape"))?;
            self.at += 1;
        }
        Ok(code)
    }
}

/// One U+FFFD for each byte that is no UTF-8.
fn push_lossy(out: &mut Vec<u8>, bytes: &[u8]) {
    for chunk in bytes.utf8_chunks() {
        out.extend_from_slice(chunk.valid().as_bytes());
        for _ in chunk.invalid() {
            out.extend_from_slice("\u{fffd}".as_bytes());
        }
    }
}
