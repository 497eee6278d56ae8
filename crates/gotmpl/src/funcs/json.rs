//! JSON: `toJson`, `fromJson` and their kind.

use std::ops::Range;

use yaml::emit::{JsonStyle, json, json_traced};

use super::shown::{Shown, or_empty, refused, traced};
use crate::json::decode_lenient;
use crate::{Cx, Data, Error, Func, List, ListRef, Map, MapRef, Ret, Text, Type, Value, func};

/// The functions of this family.
pub static ALL: &[&Func] = &[
    &TO_JSON,
    &MUST_TO_JSON,
    &TO_PRETTY_JSON,
    &MUST_TO_PRETTY_JSON,
    &TO_RAW_JSON,
    &MUST_TO_RAW_JSON,
    &FROM_JSON,
    &FROM_JSON_ARRAY,
    &MUST_FROM_JSON,
];

/// A `map[string]interface {}` that may be nil.
pub struct AnyMap(pub Value);

impl Ret for AnyMap {
    const TYPE: Type = Type::MAP;
    fn ret(self) -> Result<Value, Error> {
        Ok(self.0)
    }
}

/// An `[]interface {}` that may be nil.
pub struct AnyList(pub Value);

impl Ret for AnyList {
    const TYPE: Type = Type::LIST;
    fn ret(self) -> Result<Value, Error> {
        Ok(self.0)
    }
}

func! {
    /// The value as JSON, in one line; an empty text if it has no form in JSON.
    ///
    /// ```text
    /// {{ dict "b" (list 1 nil) "a" "<" | toJson }}  =>  {"a":"\u003c","b":[1,null]}
    /// ```
    pub static TO_JSON = "toJson"(cx, value: Value) -> Result<Text, Error> {
        or_empty(write(cx, &value, JsonStyle::default()))
    }

    /// As `toJson`; an error if the value has no form in JSON.
    ///
    /// ```text
    /// {{ mustToJson (float64 "nan") }}  =>  error: json: unsupported value: NaN
    /// ```
    pub static MUST_TO_JSON = "mustToJson"(cx, value: Value) -> Result<Text, Error> {
        write(cx, &value, JsonStyle::default())
    }

    /// The value as JSON in lines.
    ///
    /// ```text
    /// {{ dict "a" (list 1) | toPrettyJson }}  =>  "{\n  \"a\": [\n    1\n  ]\n}"
    /// ```
    pub static TO_PRETTY_JSON = "toPrettyJson"(cx, value: Value) -> Result<Text, Error> {
        or_empty(write(cx, &value, JsonStyle { indent: 2, ..JsonStyle::default() }))
    }

    /// As `toPrettyJson`; an error if the value has no form in JSON.
    ///
    /// ```text
    /// {{ mustToPrettyJson (list) }}  =>  []
    /// ```
    pub static MUST_TO_PRETTY_JSON = "mustToPrettyJson"(cx, value: Value) -> Result<Text, Error> {
        write(cx, &value, JsonStyle { indent: 2, ..JsonStyle::default() })
    }

    /// The value as JSON in one line, with `<`, `>` and `&` as they are.
    ///
    /// ```text
    /// {{ toRawJson "<a>" }}  =>  "\"<a>\""
    /// ```
    pub static TO_RAW_JSON = "toRawJson"(cx, value: Value) -> Result<Text, Error> {
        write(cx, &value, JsonStyle { escape_html: false, ..JsonStyle::default() })
    }

    /// As `toRawJson`.
    ///
    /// ```text
    /// {{ mustToRawJson "&" }}  =>  "\"&\""
    /// ```
    pub static MUST_TO_RAW_JSON = "mustToRawJson"(cx, value: Value) -> Result<Text, Error> {
        write(cx, &value, JsonStyle { escape_html: false, ..JsonStyle::default() })
    }

    /// The dict that a text in JSON stands for; a dict with the key `Error` if it stands for none.
    ///
    /// ```text
    /// {{ (fromJson "{\"a\": [1, 2]}").a }}  =>  [1 2]
    /// {{ (fromJson "[1]").Error }}          =>  json: cannot unmarshal array into Go value of type map[string]interface {}
    /// ```
    pub static FROM_JSON = "fromJson"(cx, text: Text) -> AnyMap {
        AnyMap(map_or_error(read(cx, &text)))
    }

    /// The list that a text in JSON stands for; a list of the error's text if it stands for none.
    ///
    /// ```text
    /// {{ fromJsonArray "[1, \"a\"]" }}  =>  [1 a]
    /// ```
    pub static FROM_JSON_ARRAY = "fromJsonArray"(cx, text: Text) -> AnyList {
        AnyList(list_or_error(read(cx, &text)))
    }

    /// The value that a text in JSON stands for.
    ///
    /// ```text
    /// {{ mustFromJson "5" }}  =>  5
    /// {{ mustFromJson "x" }}  =>  error: invalid character 'x' looking for beginning of value
    /// ```
    pub static MUST_FROM_JSON = "mustFromJson"(cx, text: Text) -> Result<Value, Error> {
        match read(cx, &text) {
            Ok((value, None)) => Ok(value),
            Ok((_, Some(error))) | Err(error) => Err(Error::new(error)),
        }
    }
}

fn write(cx: &mut Cx<'_>, value: &Value, style: JsonStyle) -> Result<Text, Error> {
    let mut out = Vec::new();
    let mut nodes: Vec<(Shown, Range<usize>)> = Vec::new();
    let root = Shown::json(value);
    let result = match cx.traced {
        true => {
            let mut trace = |node: &Shown, range: Range<usize>| nodes.push((node.clone(), range));
            json_traced(&root, style, &mut out, &mut trace)
        }
        false => json(&root, style, &mut out),
    };
    result.map_err(|e| {
        let error = refused(value, &e);
        match error.message.strip_prefix("error marshaling into JSON: ") {
            Some(text) => Error::new(text),
            None => error,
        }
    })?;
    cx.reserve(out.len())?;
    Ok(match cx.traced {
        true => traced(cx, value, out, nodes),
        false => Text::from(out),
    })
}

/// The value, with what was wrong with a number in it.
fn read(cx: &mut Cx<'_>, text: &Text) -> Result<(Value, Option<String>), String> {
    let mut origin = |range| {
        let part = text.slice(range);
        let origins: Vec<_> = part.segments().map(|(_, origin)| origin).collect();
        cx.union(origins)
    };
    let read = decode_lenient(text, &mut origin).map_err(|e| e.to_string())?;
    Ok((read.0, read.1.map(|e| e.to_string())))
}

fn kind_of(value: &Value) -> &'static str {
    match &value.data {
        Data::Bool(_) => "bool",
        Data::Float(_) => "number",
        Data::Str(_) => "string",
        Data::List(_) => "array",
        _ => "object",
    }
}

/// What Helm makes of a decoded value where it wants a map: `null` is a nil map, an error an entry.
pub fn map_or_error(read: Result<(Value, Option<String>), String>) -> Value {
    let (value, error) = match read {
        Ok((value, error)) if value.is_nil() => (MapRef::from(Map::nil(Type::MAP)).into(), error),
        Ok((value, error)) if value.as_map().is_some() => (value, error),
        Ok((value, _)) => (Value::map([]), Some(cannot(&value, Type::MAP))),
        Err(error) => (Value::map([]), Some(error)),
    };
    if let (Some(error), Some(map)) = (error, value.as_map()) {
        map.insert("Error".into(), Value::str(error));
    }
    value
}

/// The same where it wants a list.
pub fn list_or_error(read: Result<(Value, Option<String>), String>) -> Value {
    let error = match read {
        Ok((value, None)) if value.is_nil() => return ListRef::from(List::nil(Type::LIST)).into(),
        Ok((value, None)) if value.as_list().is_some() => return value,
        Ok((_, Some(error))) | Err(error) => error,
        Ok((value, None)) => cannot(&value, Type::LIST),
    };
    Value::list(vec![Value::str(error)])
}

/// Go's words for a value that is of another kind than wanted.
pub fn cannot(value: &Value, want: Type) -> String {
    format!("json: cannot unmarshal {} into Go value of type {want}", kind_of(value))
}
