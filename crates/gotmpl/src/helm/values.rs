//! `.Values`: a map with methods, which go before keys of the same name.

use std::rc::Rc;

use crate::value::{Data, Map, MapRef, Named, Text, Type, Value};
use crate::{Error, Func, Library, Profile, method};

static HELM4: Named = Named { name: "common.Values", under: Type::MAP, methods: METHODS };
static HELM3: Named = Named { name: "chartutil.Values", under: Type::MAP, methods: METHODS };

static METHODS: &[&Func] = &[&AS_MAP, &ENCODE, &YAML, &TABLE, &PATH_VALUE];

/// The type of `.Values`, `.Template` and the scope itself.
pub fn values_type(profile: Profile) -> Type {
    match profile {
        Profile::Helm3 => Type::Named(&HELM3),
        Profile::Helm4 => Type::Named(&HELM4),
    }
}

method! {
    /// The same entries as a plain map, for functions that take nothing else (`dig`).
    ///
    /// ```text
    /// {{ .Values.AsMap | typeOf }}  =>  map[string]interface {}
    /// ```
    static AS_MAP = "AsMap"(_cx, this) -> Value {
        match this.as_map() {
            Some(map) if !map.is_empty() => plain(&map),
            _ => MapRef::new().into(),
        }
    }

    /// Writes the values to a Go writer, of which no chart has one.
    static ENCODE = "Encode"(_cx, _this, _writer: Writer) -> Value {
        Value::NIL
    }

    /// The values as YAML, with the line break at the end.
    static YAML = "YAML"(cx, this) -> Result<Text, Error> {
        let text = to_yaml(cx, this)?;
        Ok(Text::from([text.bytes(), b"\n"].concat()))
    }

    /// The map at a path of keys with dots between.
    static TABLE = "Table"(cx, this, path: Text) -> Result<Value, Error> {
        let table = table(&this, path.split(|b| *b == b'.'))?;
        Ok(match table.as_map() {
            Some(map) => {
                let view = map.with_type(values_type(cx.profile));
                Value { data: Data::Map(Rc::new(view)), origin: map.origin }
            }
            None => table,
        })
    }

    /// The value at a path of keys with dots between, if it is no map.
    static PATH_VALUE = "PathValue"(_cx, this, path: Text) -> Result<Value, Error> {
        if path.is_empty() {
            return Err(Error::new("YAML path cannot be empty"));
        }
        let mut keys: Vec<&[u8]> = path.split(|b| *b == b'.').collect();
        let last = keys.pop().unwrap_or_default();
        let none = || Error::new(format!("{} is not a value", crate::strconv::quote(last)));
        let table = table(&this, keys.into_iter()).map_err(|_| none())?;
        let value = table.as_map().and_then(|m| m.get(last)).ok_or_else(none)?;
        if value.ty() == Type::MAP { Err(none()) } else { Ok(value) }
    }
}

fn plain(map: &MapRef) -> Value {
    Value { data: Data::Map(Rc::new(Map::with_type(map, Type::MAP))), origin: map.origin }
}

fn table<'a>(from: &Value, keys: impl Iterator<Item = &'a [u8]>) -> Result<Value, Error> {
    let mut at = from.clone();
    for key in keys {
        at = at
            .as_map()
            .and_then(|m| m.get(key))
            .filter(|v| v.ty().under() == Type::MAP)
            .ok_or_else(|| Error::new(format!("{} is not a table", crate::strconv::quote(key))))?;
    }
    Ok(at)
}

/// `toYaml` of the library.
pub(super) fn to_yaml(cx: &mut crate::Cx<'_>, value: Value) -> Result<Text, Error> {
    let Some(func) = Library::of(cx.profile).get(b"toYaml") else { return Ok(Text::default()) };
    let text = (func.call)(cx, crate::Args::new(&mut [value]))?;
    Ok(text.text().unwrap_or_default())
}

/// `io.Writer`
struct Writer;

impl crate::Arg for Writer {
    const TYPE: Type = Type::Object("io.Writer");
    fn take(args: &mut crate::Args<'_>) -> Option<Self> {
        args.next().map(|_| Writer)
    }
}
