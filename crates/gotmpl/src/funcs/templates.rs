//! Helm's own: `include`, `tpl`, `required`, `fail`, `lookup`, `getHostByName`.

use crate::helm::errors::{END, START};
use crate::{Error, Func, Ret, Text, Type, Value, func};

/// The functions of this family.
pub static ALL: &[&Func] = &[&INCLUDE, &TPL, &REQUIRED, &FAIL, &LOOKUP, &GET_HOST_BY_NAME];

/// A `map[string]interface {}` that the host gave.
pub struct Found(Value);

impl Ret for Found {
    const TYPE: Type = Type::MAP;
    fn ret(self) -> Result<Value, Error> {
        Ok(self.0)
    }
}

func! {
    /// Renders the template of that name with that data, as a text that can be piped on.
    ///
    /// ```text
    /// {{ define "a" }}<{{ . }}>{{ end }}{{ include "a" 5 }}  =>  <5>
    /// ```
    pub static INCLUDE = "include"(cx, name: Text, data: Value) -> Result<Text, Error> {
        cx.host.include(&name, data)
    }

    /// Renders a text as a template with that data.
    ///
    /// ```text
    /// {{ tpl "{{ .a }}!" (dict "a" 5) }}  =>  5!
    /// ```
    pub static TPL = "tpl"(cx, text: Text, data: Value) -> Result<Text, Error> {
        cx.host.tpl(&text, data)
    }

    /// The value; an error with that text where it is missing, nil or an empty text.
    ///
    /// ```text
    /// {{ required "a name is needed" "x" }}  =>  x
    /// ```
    pub static REQUIRED = "required"(cx, message: Text, value: Value) -> Result<Value, Error> {
        let missing = value.is_nil() || value.as_bytes().is_some_and(<[u8]>::is_empty);
        match missing {
            true if cx.host.is_lint() => Ok(Value::str("")),
            true => Err(marked(&message)),
            false => Ok(value),
        }
    }

    /// Ends the rendering with that text.
    ///
    /// ```text
    /// {{ if false }}{{ fail "no" }}{{ end }}ok  =>  ok
    /// ```
    pub static FAIL = "fail"(cx, message: Text) -> Result<Text, Error> {
        match cx.host.is_lint() {
            true => Ok(Text::default()),
            false => Err(marked(&message)),
        }
    }

    /// An object of the cluster by API version, kind, namespace and name; an empty dict without a cluster.
    ///
    /// ```text
    /// {{ lookup "v1" "Secret" "ns" "name" }}  =>  map[]
    /// ```
    pub static LOOKUP = "lookup"(cx, version: Text, kind: Text, namespace: Text, name: Text) -> Result<Found, Error> {
        cx.host.lookup(&version.lossy(), &kind.lossy(), &namespace.lossy(), &name.lossy()).map(Found)
    }

    /// An address of a host; an empty text unless looking up was allowed.
    ///
    /// ```text
    /// {{ getHostByName "example.com" | quote }}  =>  "\"\""
    /// ```
    pub static GET_HOST_BY_NAME = "getHostByName"(cx, name: Text) -> String {
        cx.host.resolve(&name.lossy())
    }
}

fn marked(message: &Text) -> Error {
    Error::new(format!("{}{}{}", START, message.lossy(), END))
}
