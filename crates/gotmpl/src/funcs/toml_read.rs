//! TOML 1.0 to values, with the error texts of BurntSushi/toml 1.6 for the common mistakes.

mod scalar;

use std::collections::HashSet;

use source::OriginId;

use crate::strconv::quote_with;
use crate::time::Time;
use crate::{Capacity, Data, List, ListRef, MapRef, Text, Type, Value};

/// Levels of arrays and inline tables.
const MAX_DEPTH: usize = 200;
/// Tables with a header and inline ones: what is known of them is searched at each.
const MAX_TABLES: usize = 10_000;

/// The zones by whose names the library tells local dates and times apart.
const LOCAL_ZONES: [(&str, &str); 3] = [
    ("datetime-local", "2006-01-02T15:04:05.999999999"),
    ("date-local", "2006-01-02"),
    ("time-local", "15:04:05.999999999"),
];

/// A time as it stands in TOML: local ones without a zone.
pub fn time_text(time: &Time) -> String {
    let local = LOCAL_ZONES.into_iter().find(|(zone, _)| time.location.name() == *zone);
    let layout = local.map_or(crate::time::RFC3339_NANO, |(_, layout)| layout);
    String::from_utf8_lossy(&time.format(layout.as_bytes())).into_owned()
}

/// Reads a text; what is wrong with it goes under the key `Error`, beside what was read before.
pub fn read(text: &[u8], origin: OriginId) -> Value {
    let root = MapRef { origin, ..MapRef::new() };
    if let Err(error) = read_into(text, &root, origin) {
        // Nothing is decoded before all is parsed.
        let failed = MapRef::new();
        failed.insert("Error".into(), Value::str(error));
        return failed.into();
    }
    root.into()
}

fn read_into(text: &[u8], root: &MapRef, origin: OriginId) -> Result<(), String> {
    let Ok(text) = std::str::from_utf8(text) else {
        return Err("toml: line 1: invalid UTF-8".to_owned());
    };
    if text.contains('\0') {
        let why = "files cannot contain NULL bytes; probably using UTF-16; TOML files must be UTF-8";
        return Err(format!("toml: line 1: {why}"));
    }
    let mut reader = Reader {
        text,
        at: 0,
        last_key: Vec::new(),
        origin,
        defined: HashSet::new(),
        closed: HashSet::new(),
        lists: HashSet::new(),
        tables: 0,
    };
    reader.document(root).map_err(|message| {
        let before = &text.as_bytes()[..reader.at.min(text.len())];
        let lines = before.iter().filter(|b| **b == b'\n').count();
        // A line break that was expected not to be there belongs to the line that it ends.
        let line = 1 + lines - usize::from(lines > 0 && before.last() == Some(&b'\n'));
        let key = match reader.last_key.is_empty() {
            true => String::new(),
            false => format!(" (last key {})", crate::strconv::quote(reader.last_key.join(".").as_bytes())),
        };
        format!("toml: line {line}{key}: {message}")
    })
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    last_key: Vec<String>,
    origin: OriginId,
    /// Tables that a header has opened.
    defined: HashSet<Vec<String>>,
    /// Tables and arrays that are written in one place and cannot be added to.
    closed: HashSet<Vec<String>>,
    /// Arrays of tables.
    lists: HashSet<Vec<String>>,
    tables: usize,
}

type Parsed<T> = Result<T, String>;

/// The value of a `[[name]]`, which is of a type of its own.
fn tables(items: Vec<Value>) -> Value {
    let list = List::of(Type::List(&Type::MAP), items);
    ListRef::from(list.with_capacity(Capacity::GrownFrom(4))).into()
}

fn shown(c: Option<char>) -> String {
    match c {
        Some(c) => quote_with(c.to_string().as_bytes(), '\''),
        None => "'\\x00'".to_owned(),
    }
}

fn is_bare(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '-'
}

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.text.get(self.at..).and_then(|rest| rest.chars().next())
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn eat(&mut self, prefix: &str) -> bool {
        let found = self.text.get(self.at..).is_some_and(|rest| rest.starts_with(prefix));
        self.at += if found { prefix.len() } else { 0 };
        found
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(' ' | '\t')) {
            self.at += 1;
        }
    }

    /// Blanks, line breaks and comments.
    fn space(&mut self) {
        loop {
            match self.peek() {
                Some(' ' | '\t' | '\n' | '\r') => self.at += 1,
                Some('#') => self.comment(),
                _ => return,
            }
        }
    }

    fn comment(&mut self) {
        while self.peek().is_some_and(|c| c != '\n') {
            self.next();
        }
    }

    fn document(&mut self, root: &MapRef) -> Parsed<()> {
        let mut table = root.clone();
        let mut path: Vec<String> = Vec::new();
        loop {
            self.space();
            match self.peek() {
                None => return Ok(()),
                Some('[') => {
                    self.at += 1;
                    self.count_table()?;
                    let is_list = self.eat("[");
                    path = self.table_name()?;
                    if is_list && !self.eat("]") {
                        let got = self.next();
                        return Err(format!(
                            "expected end of table array name delimiter ']', but got {} instead",
                            shown(got)
                        ));
                    }
                    self.last_key.clear();
                    table = self.open(root, &path, is_list)?;
                }
                Some(_) => self.entry(&table, &path, 0)?,
            }
            self.blanks();
            match self.peek() {
                None => {}
                Some('#') => self.comment(),
                Some('\n') => {}
                Some('\r') if self.text[self.at..].starts_with("\r\n") => {}
                got => {
                    return Err(format!(
                        "expected a top-level item to end with a newline, comment, or EOF, but got {} instead",
                        shown(got)
                    ));
                }
            }
            self.last_key.clear();
        }
    }

    fn count_table(&mut self) -> Parsed<()> {
        self.tables += 1;
        match self.tables > MAX_TABLES {
            true => Err(format!("more than {MAX_TABLES} tables")),
            false => Ok(()),
        }
    }

    fn table_name(&mut self) -> Parsed<Vec<String>> {
        let mut path = Vec::new();
        loop {
            self.blanks();
            match self.peek() {
                None | Some(']') => {
                    return Err("unexpected end of table name (table names cannot be empty)".to_owned());
                }
                Some('.') => {
                    return Err("unexpected table separator (table names cannot be empty)".to_owned());
                }
                _ => path.push(self.key_part()?),
            }
            self.blanks();
            match self.next() {
                Some('.') => {}
                Some(']') => return Ok(path),
                got => {
                    return Err(format!(
                        "expected '.' or ']' to end table name, but got {} instead",
                        shown(got)
                    ));
                }
            }
        }
    }

    fn key_part(&mut self) -> Parsed<String> {
        match self.peek() {
            Some('"') => {
                self.at += 1;
                self.basic_string()
            }
            Some('\'') => {
                self.at += 1;
                self.literal_string()
            }
            _ => {
                let start = self.at;
                while self.peek().is_some_and(is_bare) {
                    self.at += 1;
                }
                Ok(self.text[start..self.at].to_owned())
            }
        }
    }

    /// The table of a header, made where it is missing.
    fn open(&mut self, root: &MapRef, path: &[String], is_list: bool) -> Parsed<MapRef> {
        let again = |path: &[String]| Err(format!("Key '{}' has already been defined.", path.join(".")));
        let mut table = root.clone();
        for (i, key) in path.iter().enumerate() {
            let so_far = &path[..=i];
            let is_last = i + 1 == path.len();
            if self.closed.contains(so_far) {
                return again(so_far);
            }
            let there = table.get(key.as_bytes());
            table = match there.as_ref().map(|value| &value.data) {
                None => {
                    let made = MapRef { origin: self.origin, ..MapRef::new() };
                    let value = if is_last && is_list {
                        self.lists.insert(so_far.to_vec());
                        tables(vec![made.clone().into()]).with_origin(self.origin)
                    } else {
                        made.clone().into()
                    };
                    self.put(&table, key, value);
                    made
                }
                Some(Data::List(list)) if self.lists.contains(so_far) && (is_list || !is_last) => {
                    if is_last {
                        let made = MapRef { origin: self.origin, ..MapRef::new() };
                        let mut items = list.to_vec();
                        items.push(made.clone().into());
                        self.put(&table, key, tables(items).with_origin(self.origin));
                        // What was defined in the table before this one may be defined again.
                        self.defined.retain(|other| !other.starts_with(so_far));
                        self.closed.retain(|other| !other.starts_with(so_far));
                        made
                    } else {
                        match list.last().and_then(Value::as_map) {
                            Some(map) => map,
                            None => return again(so_far),
                        }
                    }
                }
                Some(Data::Map(_)) if !is_last || !is_list => {
                    there.as_ref().and_then(Value::as_map).unwrap_or_default()
                }
                Some(_) => return again(so_far),
            };
        }
        if !is_list && !self.defined.insert(path.to_vec()) {
            return again(path);
        }
        Ok(table)
    }

    fn put(&self, table: &MapRef, key: &str, value: Value) {
        table.insert(Text::with_origin(key.as_bytes(), self.origin), value);
    }

    /// `a.b = value`
    fn entry(&mut self, table: &MapRef, path: &[String], depth: usize) -> Parsed<()> {
        self.blanks();
        match self.peek() {
            None | Some('=') => return Err("unexpected '=': key name appears blank".to_owned()),
            Some('.') => return Err("unexpected '.': keys cannot start with a '.'".to_owned()),
            _ => {}
        }
        let mut keys = Vec::new();
        loop {
            self.blanks();
            match self.peek() {
                None | Some('=') => return Err("unexpected '='".to_owned()),
                Some('.') => return Err("unexpected '.'".to_owned()),
                _ => keys.push(self.key_part()?),
            }
            self.blanks();
            match self.next() {
                Some('.') => {}
                Some('=') => break,
                None => return Err("unexpected EOF; expected key separator '='".to_owned()),
                got => return Err(format!("expected '.' or '=', but got {} instead", shown(got))),
            }
        }
        let outer = self.last_key.clone();
        self.last_key = [path, &keys].concat();
        self.blanks();
        let value = self.value(depth)?;
        let again = |key: &str| Err(format!("Key '{key}' has already been defined."));
        let mut at = table.clone();
        let mut full = path.to_vec();
        let Some((last, parents)) = keys.split_last() else { return Ok(()) };
        for key in parents {
            full.push(key.clone());
            if self.closed.contains(&full) || self.defined.contains(&full) {
                return again(&full.join("."));
            }
            at = match at.get(key.as_bytes()) {
                None => {
                    let made = MapRef { origin: self.origin, ..MapRef::new() };
                    self.put(&at, key, made.clone().into());
                    made
                }
                Some(there) => match there.as_map() {
                    Some(map) => map,
                    None => return again(&full.join(".")),
                },
            };
        }
        full.push(last.clone());
        if at.contains(last.as_bytes()) {
            return again(&full.join("."));
        }
        self.put(&at, last, value);
        self.closed.insert(full);
        self.last_key = outer;
        Ok(())
    }

    fn value(&mut self, depth: usize) -> Parsed<Value> {
        if depth > MAX_DEPTH {
            return Err(format!("more than {MAX_DEPTH} levels"));
        }
        let value = match self.peek() {
            None => return Err("unexpected EOF; expected value".to_owned()),
            Some('"') if self.eat("\"\"\"") => Value::str(self.long_string('"')?),
            Some('\'') if self.eat("'''") => Value::str(self.long_string('\'')?),
            Some('"') => {
                self.at += 1;
                Value::str(self.basic_string()?)
            }
            Some('\'') => {
                self.at += 1;
                Value::str(self.literal_string()?)
            }
            Some('[') => {
                self.at += 1;
                self.array(depth)?
            }
            Some('{') => {
                self.at += 1;
                self.inline_table(depth)?
            }
            Some('.') => return Err("floats must start with a digit, not '.'".to_owned()),
            Some(c) if c.is_ascii_digit() || c == '+' || c == '-' => self.number_or_date()?,
            Some(_) if self.eat("inf") => Value::float(f64::INFINITY),
            Some(_) if self.eat("nan") => Value::float(f64::NAN),
            Some(c) if c.is_alphabetic() => {
                let start = self.at;
                // A digit ends the word.
                while self.peek().is_some_and(char::is_alphabetic) {
                    self.next();
                }
                match &self.text[start..self.at] {
                    "true" => Value::bool(true),
                    "false" => Value::bool(false),
                    other => {
                        let other = crate::strconv::quote(other.as_bytes());
                        return Err(format!("expected value but found {other} instead"));
                    }
                }
            }
            got => {
                self.next();
                return Err(format!("expected value but found {} instead", shown(got)));
            }
        };
        Ok(value.with_origin(self.origin))
    }

    fn array(&mut self, depth: usize) -> Parsed<Value> {
        let mut items = Vec::new();
        loop {
            self.space();
            match self.peek() {
                Some(']') => break,
                Some(',') => return Err("unexpected comma".to_owned()),
                _ => items.push(self.value(depth + 1)?),
            }
            self.space();
            match self.peek() {
                Some(',') => self.at += 1,
                Some(']') => {}
                got => {
                    let got = got.map_or("end of file".to_owned(), |c| format!("'{c}'"));
                    return Err(format!("expected a comma (',') or array terminator (']'), but got {got}"));
                }
            }
        }
        self.at += 1;
        Ok(ListRef::from(List::of(Type::LIST, items).with_capacity(Capacity::GrownFrom(2))).into())
    }

    fn inline_table(&mut self, depth: usize) -> Parsed<Value> {
        self.count_table()?;
        let table = MapRef { origin: self.origin, ..MapRef::new() };
        // Keys are new in here whatever stands outside: a path that no header can have keeps them apart.
        let path = [self.last_key.clone(), vec![String::new()]].concat();
        let outer = self.last_key.clone();
        self.closed.retain(|other| !other.starts_with(&path));
        loop {
            self.space();
            match self.peek() {
                Some('}') => break,
                Some(',') => return Err("unexpected comma".to_owned()),
                _ => self.entry(&table, &path, depth + 1)?,
            }
            self.space();
            match self.peek() {
                Some(',') => self.at += 1,
                Some('}') => {}
                got => {
                    let got = got.map_or("end of file".to_owned(), |c| format!("'{c}'"));
                    return Err(format!(
                        "expected a comma or an inline table terminator '}}', but got {got} instead"
                    ));
                }
            }
        }
        self.at += 1;
        self.last_key = outer;
        Ok(table.into())
    }
}
