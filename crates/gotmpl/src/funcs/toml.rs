//! TOML: `toToml`, `mustToToml`, `fromToml`.

use super::json::AnyMap;
use super::shown::WRITTEN;
use crate::fmt::format_float;
use crate::{Cx, Data, Error, Func, Text, Value, func};

/// The functions of this family.
pub static ALL: &[&Func] = &[&TO_TOML, &MUST_TO_TOML, &FROM_TOML];

func! {
    /// The value as TOML. Keys without a value are left out; an error's text stands for what has no form in TOML.
    ///
    /// ```text
    /// {{ dict "a" 1 "t" (dict "b" (list "x" 2.5)) | toToml }}  =>  "a = 1\n\n[t]\n  b = [\"x\", 2.5]\n"
    /// {{ toToml (list nil) }}                                  =>  toml: cannot encode array with nil element
    /// {{ toToml "a\xff" | printf "%q" }}                       =>  "\"\\\"a\\xff\\\"\""
    /// ```
    pub static TO_TOML = "toToml"(cx, value: Value) -> Result<Text, Error> {
        match write(cx, &value)? {
            Ok(text) => Ok(text),
            Err(refused) => Ok(Text::from(refused)),
        }
    }

    /// As `toToml`; an error for what has no form in TOML.
    ///
    /// ```text
    /// {{ mustToToml (list nil) }}  =>  error: toml: cannot encode array with nil element
    /// ```
    pub static MUST_TO_TOML = "mustToToml"(cx, value: Value) -> Result<Text, Error> {
        write(cx, &value)?.map_err(Error::new)
    }

    /// The dict that a text in TOML stands for; a dict with the key `Error` if it stands for none. Integers stay
    /// integers.
    ///
    /// ```text
    /// {{ (fromToml "a = [1, 2.5]\n[t]\nb = \"x\"").t.b }}  =>  x
    /// {{ (fromToml "a = ").Error }}                        =>  toml: line 1 (last key "a"): unexpected EOF; expected value
    /// ```
    pub static FROM_TOML = "fromToml"(cx, text: Text) -> AnyMap {
        let origin = cx.union_deep(&Value::str(text.clone()));
        AnyMap(super::toml_read::read(&text, origin))
    }
}

/// The text, or why it has no form in TOML; the outer error is a panic of Go's.
fn write(cx: &mut Cx<'_>, value: &Value) -> Result<Result<Text, String>, Error> {
    if value.is_nil() {
        return Err(Error::new("reflect: call of reflect.Value.Type on zero Value"));
    }
    let mut writer = Writer { out: Vec::new(), has_written: false };
    let result = writer.root(value);
    cx.reserve(writer.out.len())?;
    let origin = cx.union_deep(value);
    Ok(result.map(|()| Text::with_origin(writer.out, origin)))
}

/// Levels of tables and arrays; the library has no limit, and dies.
const MAX_DEPTH: usize = 500;

struct Writer {
    out: Vec<u8>,
    has_written: bool,
}

/// A value as the library sees it: structs as their fields, times and what prints itself as texts.
fn seen(value: &Value) -> Value {
    match &value.data {
        Data::Bytes(_) => Value::list(super::convert::items(value).unwrap_or_default()),
        Data::Object(object) if object.type_name() == "*semver.Version" => {
            Value::str(object.string().unwrap_or_default())
        }
        Data::Object(object) if object.type_name() != "time.Time" => {
            Value::map(object.fields().into_iter().map(|(name, value)| (Text::from(name), value)))
        }
        _ => value.clone(),
    }
}

fn is_table(value: &Value) -> bool {
    matches!(value.data, Data::Map(_))
}

/// Whether a list is written as `[[...]]`: all of its items are tables.
fn is_table_list(value: &Value) -> bool {
    match &value.data {
        Data::List(list) => !list.is_empty() && list.iter().all(|item| is_table(&seen(item))),
        _ => false,
    }
}

impl Writer {
    /// Stops where the engine has no room for the result.
    fn within(&self) -> Result<(), String> {
        if self.out.len() > WRITTEN { Err(String::new()) } else { Ok(()) }
    }

    fn root(&mut self, value: &Value) -> Result<(), String> {
        let value = seen(value);
        match &value.data {
            Data::Map(map) if map.is_nil() => Ok(()),
            Data::Map(_) => self.table(&[], &value, 0),
            _ if is_table_list(&value) => Err("toml: top-level values must be Go maps or structs".to_owned()),
            Data::Complex(_) => Err("unsupported type for key '': complex128".to_owned()),
            _ => self.element(&value, 0),
        }
    }

    /// The entries of a table: first what fits in a line, then the tables, both by their keys.
    fn table(&mut self, path: &[Vec<u8>], table: &Value, depth: usize) -> Result<(), String> {
        if depth > MAX_DEPTH {
            return Err(format!("toml: more than {MAX_DEPTH} levels"));
        }
        self.within()?;
        let Some(map) = table.as_map() else { return Ok(()) };
        let entries: Vec<(Text, Value)> = map
            .entries()
            .into_iter()
            .map(|(key, value)| (key, seen(&value)))
            .filter(|(_, v)| !v.is_nil_of_any_type())
            .collect();
        let is_sub = |value: &Value| is_table(value) || is_table_list(value);
        for (key, value) in entries.iter().filter(|(_, value)| !is_sub(value)) {
            self.indent(path.len());
            self.out.extend(key_text(key));
            self.out.extend(b" = ");
            self.element(value, depth + 1)?;
            self.out.push(b'\n');
            self.has_written = true;
        }
        for (key, value) in entries.iter().filter(|(_, value)| is_sub(value)) {
            let mut path = path.to_vec();
            path.push(key_text(key));
            match value.as_list() {
                None => {
                    if path.len() == 1 {
                        // A blank line before each table at the top.
                        self.newline();
                    }
                    self.header(&path, "[", "]");
                    self.table(&path, value, depth + 1)?;
                }
                Some(list) => {
                    for item in list.iter() {
                        self.newline();
                        self.header(&path, "[[", "]]");
                        self.table(&path, &seen(item), depth + 1)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn newline(&mut self) {
        if self.has_written {
            self.out.push(b'\n');
        }
    }

    fn header(&mut self, path: &[Vec<u8>], open: &str, close: &str) {
        self.indent(path.len() - 1);
        self.out.extend(open.as_bytes());
        self.out.extend(path.join(&b'.'));
        self.out.extend(close.as_bytes());
        self.out.push(b'\n');
        self.has_written = true;
    }

    fn indent(&mut self, levels: usize) {
        self.out.extend(std::iter::repeat_n(b' ', 2 * levels));
    }

    /// A value in a line.
    fn element(&mut self, value: &Value, depth: usize) -> Result<(), String> {
        if depth > MAX_DEPTH {
            return Err(format!("toml: more than {MAX_DEPTH} levels"));
        }
        self.within()?;
        match &value.data {
            Data::Bool(b) => self.out.extend(b.to_string().into_bytes()),
            Data::Int(crate::IntKind::Duration, nanos) => {
                self.out.extend(quoted(crate::time::duration_string(*nanos).as_bytes()));
            }
            Data::Int(_, n) => self.out.extend(n.to_string().into_bytes()),
            Data::Uint(_, n) => self.out.extend(n.to_string().into_bytes()),
            Data::Float(f) => self.out.extend(float(*f).into_bytes()),
            Data::Str(_) => self.out.extend(quoted(value.as_bytes().unwrap_or_default())),
            Data::List(list) => {
                self.out.push(b'[');
                for (i, item) in list.iter().enumerate() {
                    if item.is_nil_of_any_type() {
                        return Err("toml: cannot encode array with nil element".to_owned());
                    }
                    if i > 0 {
                        self.out.extend(b", ");
                    }
                    self.element(&seen(item), depth + 1)?;
                }
                self.out.push(b']');
            }
            Data::Map(map) => {
                // As in a table, what fits in a line comes first. Upstream counts entries that it leaves out, which
                // can leave a comma at the end.
                let is_sub = |value: &Value| is_table(value) || is_table_list(value);
                let entries = map.entries().into_iter().map(|(key, value)| (key, seen(&value)));
                let (subs, direct): (Vec<_>, Vec<_>) = entries.partition(|(_, value)| is_sub(value));
                self.out.push(b'{');
                let (direct_len, sub_len) = (direct.len(), subs.len());
                for (i, (key, value)) in direct.into_iter().chain(subs).enumerate() {
                    if value.is_nil_of_any_type() {
                        continue;
                    }
                    self.out.extend(key_text(&key));
                    self.out.extend(b" = ");
                    self.element(&value, depth + 1)?;
                    if i + 1 < direct_len + sub_len {
                        self.out.extend(b", ");
                    }
                }
                self.out.push(b'}');
            }
            Data::Object(_) => match value.as_object::<super::moment::Moment>() {
                Some(time) => self.out.extend(super::toml_read::time_text(&time.0).into_bytes()),
                None => return Err(unsupported(value)),
            },
            _ => return Err(unsupported(value)),
        }
        Ok(())
    }
}

fn unsupported(value: &Value) -> String {
    format!("unsupported type: {}", value.kind().word())
}

/// A float always shows that it is one.
fn float(f: f64) -> String {
    if f.is_nan() {
        return if f.is_sign_negative() { "-nan" } else { "nan" }.to_owned();
    }
    if f.is_infinite() {
        return if f > 0.0 { "inf" } else { "-inf" }.to_owned();
    }
    // Integers that floats hold exactly are written out; from there on `%g` and its exponent.
    let text = if f.trunc() == f && f.abs() < 1e6 { format!("{f:.0}") } else { format_float(f, 'g', None) };
    if text.contains(['.', 'e']) { text } else { text + ".0" }
}

fn key_text(key: &[u8]) -> Vec<u8> {
    let bare = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_' || *b == b'-';
    if !key.is_empty() && key.iter().all(bare) { key.to_vec() } else { quoted(key) }
}

/// Bytes that are no UTF-8 stay as they are.
fn quoted(text: &[u8]) -> Vec<u8> {
    let mut out = vec![b'"'];
    for byte in text {
        match byte {
            b'\t' => out.extend(b"\\t"),
            b'\n' => out.extend(b"\\n"),
            b'\r' => out.extend(b"\\r"),
            b'"' => out.extend(b"\\\""),
            b'\\' => out.extend(b"\\\\"),
            b'\x08' => out.extend(b"\\b"),
            b'\x0c' => out.extend(b"\\f"),
            b'\0'..=b'\x1f' | b'\x7f' => out.extend(format!("\\u{byte:04x}").into_bytes()),
            _ => out.push(*byte),
        }
    }
    out.push(b'"');
    out
}
