//! `.Files`: the chart's other files, by path.

use std::rc::Rc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::glob::Glob;
use super::values::to_yaml;
use crate::value::{Data, Map, MapRef, Named, Text, Type, UintKind, Value};
use crate::{Error, Func, Profile, method};

const BYTES: Type = Type::List(&Type::Uint(UintKind::Uint8));

static FILES: Named = Named { name: "engine.files", under: Type::Map(&BYTES), methods: METHODS };

static METHODS: &[&Func] = &[&GET, &GET_BYTES, &GLOB, &AS_CONFIG, &AS_SECRETS, &LINES];

/// The object for these files; a text's origin should be the file.
pub fn files(files: impl IntoIterator<Item = (Text, Text)>) -> Value {
    let entries = files.into_iter().map(|(path, bytes)| (path, Value::bytes(bytes))).collect();
    Value::new(Data::Map(Rc::new(Map::of(Type::Named(&FILES), entries))))
}

fn bytes(this: &Value, name: &[u8]) -> Option<Text> {
    this.as_map()?.get(name)?.raw()
}

fn base(path: &Text) -> Text {
    let trimmed = path.iter().rposition(|b| *b != b'/').map_or(0, |at| at + 1);
    let from = path[..trimmed].iter().rposition(|b| *b == b'/').map_or(0, |at| at + 1);
    path.slice(from..trimmed)
}

method! {
    /// A file as text; empty where there is none of that path.
    static GET = "Get"(cx, this, name: Text) -> FileText {
        let found = Value::str(bytes(&this, &name).unwrap_or_default());
        let asked = cx.surface(&Value::str(name));
        FileText(cx.also(found, asked))
    }

    /// A file as bytes.
    static GET_BYTES = "GetBytes"(_cx, this, name: Text) -> Bytes {
        Bytes(bytes(&this, &name).unwrap_or_default())
    }

    /// The files whose paths match: `*` within a folder, `**` across folders, `?`, `[a-z]`, `{a,b}`.
    static GLOB = "Glob"(_cx, this, pattern: Text) -> Value {
        let glob = Glob::new(&pattern.lossy());
        let entries = this.as_map().map(|m| m.entries()).unwrap_or_default();
        let found = entries.into_iter().filter(|(path, _)| glob.matches(&path.lossy())).collect();
        Value::new(Data::Map(Rc::new(Map::of(Type::Named(&FILES), found))))
    }

    /// The files as the data of a ConfigMap: base names and texts, as YAML.
    static AS_CONFIG = "AsConfig"(cx, this) -> Result<Text, Error> {
        let data = MapRef::from(Map::new(Type::Map(&Type::String)));
        for (path, file) in this.as_map().map(|m| m.entries()).unwrap_or_default() {
            data.insert(base(&path), Value::str(file.raw().unwrap_or_default()));
        }
        to_yaml(cx, data.into())
    }

    /// The files as the data of a Secret: base names and base64 texts, as YAML.
    static AS_SECRETS = "AsSecrets"(cx, this) -> Result<Text, Error> {
        let data = MapRef::from(Map::new(Type::Map(&Type::String)));
        for (path, file) in this.as_map().map(|m| m.entries()).unwrap_or_default() {
            let file = file.raw().unwrap_or_default();
            let encoded = Text::with_origin(STANDARD.encode(file.bytes()).into_bytes(), file.origin());
            data.insert(base(&path), Value::str(encoded));
        }
        to_yaml(cx, data.into())
    }

    /// The lines of a file, without the last line break.
    static LINES = "Lines"(cx, this, name: Text) -> Result<Vec<Text>, Error> {
        let Some(file) = bytes(&this, &name) else { return Ok(Vec::new()) };
        if file.is_empty() {
            // Helm 4 looks at the last byte of an empty file.
            return match cx.profile {
                Profile::Helm3 => Ok(Vec::new()),
                Profile::Helm4 => Err(Error::new("runtime error: index out of range [-1]")),
            };
        }
        let end = file.len() - usize::from(file.ends_with(b"\n"));
        let mut lines = Vec::new();
        let mut from = 0;
        for at in memchr::memchr_iter(b'\n', &file[..end]).chain([end]) {
            lines.push(file.slice(from..at));
            from = at + 1;
        }
        Ok(lines)
    }
}

/// A file's text, which is there because of the name that it was asked for by.
struct FileText(Value);

impl crate::Ret for FileText {
    const TYPE: Type = Type::String;
    fn ret(self) -> Result<Value, Error> {
        Ok(self.0)
    }
}

struct Bytes(Text);

impl crate::Ret for Bytes {
    const TYPE: Type = BYTES;
    fn ret(self) -> Result<Value, Error> {
        Ok(Value::bytes(self.0))
    }
}
