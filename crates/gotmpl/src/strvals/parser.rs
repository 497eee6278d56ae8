//! The grammar: keys, indexes, values, lists of values.

use std::ops::Range;
use std::rc::Rc;

use super::cursor::{Cursor, Piece};
use super::{Mode, SetError, Surroundings};
use crate::json::decode_first;
use crate::strconv::{parse_int, quote, quote_with};
use crate::{Data, List, MapRef, Text, Type, Value};

/// Helm's limits: the largest index, and names within names.
const MAX_INDEX: i64 = 65_536;
const MAX_NAMES: usize = 30;
/// Ours: levels of lists and maps, and items that lists are filled up with. Helm has none, and dies.
const MAX_DEPTH: usize = 400;
const MAX_FILL: usize = 1 << 22;

/// Why the reading stopped.
enum Stop {
    /// The argument is at its end. That is no error, but what is half made is not put in place.
    End,
    Error(String),
}

type Parsed<T> = Result<T, Stop>;

fn error<T>(text: impl Into<String>) -> Parsed<T> {
    Err(Stop::Error(text.into()))
}

pub(super) fn apply(
    mode: Mode,
    argument: &str,
    into: &MapRef,
    surroundings: &mut dyn Surroundings,
) -> Result<(), SetError> {
    let cursor = Cursor::new(argument, mode != Mode::Literal);
    let mut parser = Parser { mode, cursor, surroundings, filled: 0 };
    loop {
        match parser.key(into, 0, 0) {
            Ok(()) => {}
            Err(Stop::End) => return Ok(()),
            Err(Stop::Error(message)) => return Err(SetError { message, at: parser.cursor.at }),
        }
    }
}

struct Parser<'a> {
    mode: Mode,
    cursor: Cursor<'a>,
    surroundings: &'a mut dyn Surroundings,
    filled: usize,
}

impl Parser<'_> {
    /// A key with what follows it, put into `data`. `names` counts the names before it on this path.
    fn key(&mut self, data: &MapRef, names: usize, depth: usize) -> Parsed<()> {
        let marks: &[char] =
            if self.mode == Mode::Literal { &['=', '[', '.'] } else { &['=', '[', ',', '.'] };
        let key = self.cursor.until(marks);
        let quoted = quote(key.text.as_bytes());
        match key.mark {
            None if key.text.is_empty() => Err(Stop::End),
            None => error(format!("key {quoted} has no value")),
            Some('[') => {
                let index = self.index()?;
                let list = self.take_list(data, &key)?;
                let mut list = list;
                let result = self.list_item(&mut list, index, names, depth + 1);
                let origin = self.surroundings.origin(key.range.clone());
                let made = Value::new(Data::List(Rc::new(List::of(Type::LIST, list)))).with_origin(origin);
                self.set(data, &key, made);
                result
            }
            Some('=') => self.value(data, &key),
            Some('.') => {
                if names + 1 > MAX_NAMES {
                    return error(format!(
                        "value name nested level is greater than maximum supported nested level of {MAX_NAMES}"
                    ));
                }
                if depth >= MAX_DEPTH {
                    return error(format!("more than {MAX_DEPTH} levels of lists and maps"));
                }
                let inner = match data.get(key.text.as_bytes()) {
                    None => MapRef::new(),
                    Some(found) => found.as_map().map_or_else(|| wrong_type(&found, Type::MAP), Ok)?,
                };
                let result = self.key(&inner, names + 1, depth + 1);
                if inner.is_empty() {
                    return match result {
                        Ok(()) => error(format!("key map {quoted} has no value")),
                        stop => stop,
                    };
                }
                if !data.get(key.text.as_bytes()).is_some_and(|v| is_same_map(&v, &inner)) {
                    let origin = self.surroundings.origin(key.range.clone());
                    self.set(data, &key, Value::from(inner).with_origin(origin));
                }
                result
            }
            Some(_) => {
                self.set(data, &key, Value::str(""));
                error(format!("key {quoted} has no value (cannot end with ,)"))
            }
        }
    }

    /// What stands after `key=`.
    fn value(&mut self, data: &MapRef, key: &Piece) -> Parsed<()> {
        match self.mode {
            Mode::Literal => {
                let value = self.cursor.until(&[]);
                let value = self.string(&value, key);
                self.set(data, key, value);
                Ok(())
            }
            Mode::Json => {
                let value = self.json(key.range.clone())?;
                self.set(data, key, value);
                Ok(())
            }
            _ => match self.cursor.peek() {
                None => {
                    let value = self.empty(key.range.clone());
                    self.set(data, key, value);
                    Err(Stop::End)
                }
                Some(_) => {
                    let value = self.plain_or_list(key.range.clone())?;
                    self.set(data, key, value);
                    Ok(())
                }
            },
        }
    }

    /// What stands after `[index]`, put into `list`.
    fn list_item(&mut self, list: &mut Vec<Value>, index: i64, names: usize, depth: usize) -> Parsed<()> {
        if index < 0 {
            return error(format!("negative {index} index not allowed"));
        }
        if depth >= MAX_DEPTH {
            return error(format!("more than {MAX_DEPTH} levels of lists and maps"));
        }
        let start = self.cursor.at;
        let key = self.cursor.until(&['[', '.', '=']);
        if !key.text.is_empty() {
            let runes: Vec<String> =
                key.text.chars().map(|c| quote_with(c.to_string().as_bytes(), '\'')).collect();
            return error(format!("unexpected data at end of array index: [{}]", runes.join(" ")));
        }
        let at = usize::try_from(index).unwrap_or(usize::MAX);
        match key.mark {
            None => Err(Stop::End),
            Some('=') => {
                let value = match self.mode {
                    Mode::Literal => {
                        let value = self.cursor.until(&[]);
                        self.string(&value, &key)
                    }
                    Mode::Json => self.json(start..self.cursor.at)?,
                    _ if self.cursor.peek().is_none() => self.empty(start..self.cursor.at),
                    _ => self.plain_or_list(start..self.cursor.at)?,
                };
                self.set_index(list, index, value)
            }
            Some('[') => {
                let next = self.index()?;
                let mut inner = match list.get_mut(at).map(std::mem::take) {
                    None => Vec::new(),
                    Some(found) if found.is_nil() => Vec::new(),
                    Some(found) => items(found)?,
                };
                if let Err(stop) = self.list_item(&mut inner, next, names, depth + 1) {
                    if let Some(slot) = list.get_mut(at).filter(|_| !inner.is_empty()) {
                        *slot = Value::list(inner);
                    }
                    return Err(stop);
                }
                let origin = self.surroundings.origin(start..self.cursor.at);
                self.set_index(list, index, Value::list(inner).with_origin(origin))
            }
            Some(_) => {
                let origin = self.surroundings.origin(start..self.cursor.at);
                let inner = match list.get_mut(at) {
                    None => MapRef { origin, ..MapRef::new() },
                    Some(found) => match found.as_map() {
                        Some(map) => map,
                        // Indexes may come out of order, and leave holes; whatever else is there gives way.
                        None => {
                            let map = MapRef { origin, ..MapRef::new() };
                            *found = Value::from(map.clone());
                            map
                        }
                    },
                };
                self.key(&inner, names, depth + 1)?;
                self.set_index(list, index, inner.into())
            }
        }
    }

    fn set_index(&mut self, list: &mut Vec<Value>, index: i64, value: Value) -> Parsed<()> {
        if index > MAX_INDEX {
            return error(format!("index of {index} is greater than maximum supported index of {MAX_INDEX}"));
        }
        let index = usize::try_from(index).unwrap_or_default();
        if list.len() <= index {
            self.filled += index + 1 - list.len();
            if self.filled > MAX_FILL {
                return error(format!("more than {MAX_FILL} list items"));
            }
            list.resize(index + 1, Value::NIL);
        }
        list[index] = value;
        Ok(())
    }

    fn index(&mut self) -> Parsed<i64> {
        let piece = self.cursor.until(&[']']);
        if piece.mark.is_none() {
            return Err(Stop::End);
        }
        let text = piece.text.as_bytes();
        parse_int(text, 10).or_else(|e| error(format!("error parsing index: {}", e.text("Atoi", text))))
    }

    /// A value up to the next comma, or a list in braces.
    fn plain_or_list(&mut self, key: Range<usize>) -> Parsed<Value> {
        if self.cursor.peek() != Some('{') {
            let piece = self.cursor.until(&[',']);
            return self.typed(&piece, key);
        }
        let start = self.cursor.at;
        self.cursor.next();
        let mut list = Vec::new();
        loop {
            let piece = self.cursor.until(&[',', '}']);
            if piece.mark.is_none() {
                return error("list must terminate with '}'");
            }
            let brace = start..self.cursor.at;
            if piece.mark == Some('}') && self.cursor.peek() == Some(',') {
                self.cursor.next();
            }
            list.push(self.typed(&piece, key.clone())?);
            if piece.mark == Some('}') {
                return Ok(Value::read_list(list).with_origin(self.surroundings.origin(brace)));
            }
        }
    }

    fn typed(&mut self, piece: &Piece, key: Range<usize>) -> Parsed<Value> {
        let text = piece.text.as_str();
        let range = if piece.range.is_empty() { key } else { piece.range.clone() };
        let value = match self.mode {
            Mode::File => return self.surroundings.read(text).map(Value::str).or_else(error),
            Mode::Set => plain(text),
            _ => Value::str(text),
        };
        let origin = self.surroundings.origin(range);
        Ok(value.with_origin(origin))
    }

    fn json(&mut self, key: Range<usize>) -> Parsed<Value> {
        if self.cursor.skip_empty() {
            return Ok(Value::NIL.with_origin(self.surroundings.origin(key)));
        }
        let base = self.cursor.at;
        let surroundings = &mut *self.surroundings;
        let mut origin = |part: Range<usize>| surroundings.origin(base + part.start..base + part.end);
        let decoded = decode_first(self.cursor.rest().as_bytes(), &mut origin);
        let (value, len) = decoded.or_else(|e| error(e.stream_text()))?;
        self.cursor.at += len;
        self.cursor.skip_empty();
        Ok(value)
    }

    fn string(&mut self, piece: &Piece, key: &Piece) -> Value {
        let range = if piece.range.is_empty() { key.range.clone() } else { piece.range.clone() };
        Value::str(piece.text.as_str()).with_origin(self.surroundings.origin(range))
    }

    fn empty(&mut self, key: Range<usize>) -> Value {
        Value::str("").with_origin(self.surroundings.origin(key))
    }

    /// The list that is there already, taken out of the map: lists have no interior that could be changed.
    fn take_list(&mut self, data: &MapRef, key: &Piece) -> Parsed<Vec<Value>> {
        match data.get(key.text.as_bytes()) {
            None => Ok(Vec::new()),
            Some(found) => {
                if !key.text.is_empty() && found.as_list().is_some() {
                    data.remove(key.text.as_bytes(), source::OriginId::UNKNOWN);
                }
                items(found)
            }
        }
    }

    /// An empty key sets nothing.
    fn set(&mut self, data: &MapRef, key: &Piece, value: Value) {
        if !key.text.is_empty() {
            let origin = self.surroundings.origin(key.range.clone());
            data.insert(Text::with_origin(key.text.as_bytes(), origin), value);
        }
    }
}

fn items(value: Value) -> Parsed<Vec<Value>> {
    match value.data {
        Data::List(list) => Ok(match Rc::try_unwrap(list) {
            Ok(mut list) => list.take_values(),
            Err(shared) => shared.to_vec(),
        }),
        _ => wrong_type(&value, Type::LIST),
    }
}

fn wrong_type<T>(value: &Value, want: Type) -> Parsed<T> {
    let is = if value.is_nil() { "nil".to_owned() } else { value.type_name() };
    error(format!("unable to parse key: interface conversion: interface {{}} is {is}, not {want}"))
}

fn is_same_map(value: &Value, map: &MapRef) -> bool {
    matches!(&value.data, Data::Map(found) if Rc::ptr_eq(found, &map.map))
}

/// The types of `--set`: a number with a leading zero is a string, and so is what has a point.
fn plain(text: &str) -> Value {
    // Go folds by Unicode, where the long s is an s.
    let is = |word: &str| {
        text.chars().count() == word.len()
            && text
                .chars()
                .zip(word.chars())
                .all(|(c, w)| c.eq_ignore_ascii_case(&w) || (c == 'ſ' && w == 's'))
    };
    if is("true") {
        return Value::bool(true);
    }
    if is("false") {
        return Value::bool(false);
    }
    if is("null") {
        return Value::NIL;
    }
    match parse_int(text.as_bytes(), 10) {
        Ok(number) if text == "0" || !text.starts_with('0') => Value::int64(number),
        _ => Value::str(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use source::{Chain, OriginId, Origins, SourceId, Span};

    struct Traced(Origins);

    impl Surroundings for Traced {
        fn origin(&mut self, part: Range<usize>) -> OriginId {
            self.0.intern(Chain::Read(Span::new(SourceId(7), part.start as u32, part.end as u32)))
        }
        fn read(&mut self, _path: &str) -> Result<Text, String> {
            Ok("".into())
        }
    }

    #[test]
    fn values_know_their_part_of_the_argument() {
        let values = MapRef::new();
        let mut traced = Traced(Origins::new());
        apply(Mode::Set, "a.b=1,list[1]=é\\,x,e=", &values, &mut traced).unwrap();
        let place = |id| match traced.0.chain(id) {
            Chain::Read(span) => (span.start, span.end),
            other => panic!("{other:?}"),
        };
        let a = values.get(b"a").unwrap().as_map().unwrap();
        let (key, value) = a.get_entry(b"b").unwrap();
        assert_eq!((place(key.origin()), place(value.origin)), ((2, 3), (4, 5)));
        let list = values.get(b"list").unwrap().as_list().unwrap();
        assert_eq!(list[1].as_bytes(), Some("é,x".as_bytes()));
        assert_eq!(place(list[1].origin), (14, 19));
        assert_eq!(place(values.get(b"e").unwrap().origin), (20, 21));
    }

    #[test]
    fn deep_and_wide_arguments_are_refused() {
        let refuse = |argument: String| {
            apply(Mode::Set, &argument, &MapRef::new(), &mut Traced(Origins::new())).unwrap_err().message
        };
        assert!(refuse(format!("a{}=1", "[0]".repeat(100_000))).contains("levels of lists"));
        assert!(refuse(format!("a{}=1", "[0].b".repeat(100_000))).contains("levels of lists"));
        assert!(refuse(format!("a{}=1", "[65536]".repeat(300))).contains("list items"));
    }

    #[test]
    fn many_items_of_one_list_cost_their_number() {
        let argument: Vec<String> = (0..20_000).map(|i| format!("a[{i}]=x")).collect();
        let values = MapRef::new();
        apply(Mode::Set, &argument.join(","), &values, &mut Traced(Origins::new())).unwrap();
        assert_eq!(values.get(b"a").unwrap().as_list().unwrap().len(), 20_000);
    }
}
