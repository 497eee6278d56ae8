//! The suite `strvals`: Helm's `--set` arguments.

use gotmpl::strvals::{Mode, Surroundings, apply};
use gotmpl::{Data, MapRef, Text, Value as GoValue};
use serde_json::{Map, Value, json};

use super::{Answer, Question};

/// Results beyond this size are recorded by their length alone.
const LONG: usize = 100_000;

pub fn answer(question: &Question) -> Answer {
    let mode = match question.get("mode").and_then(Value::as_str).unwrap_or_default() {
        "set" => Mode::Set,
        "set-string" => Mode::String,
        "set-json" => Mode::Json,
        "set-literal" => Mode::Literal,
        "set-file" => Mode::File,
        other => return Err(format!("unknown mode {other}")),
    };
    let values = question.get("base").map(from_typed).and_then(|v| v.as_map()).unwrap_or_default();
    for argument in question.get("expressions").and_then(Value::as_array).into_iter().flatten() {
        apply(mode, argument.as_str().unwrap_or_default(), &values, &mut Files).map_err(|e| e.message)?;
    }
    let mut result = to_typed(&values.into());
    let len = result.to_string().len();
    if len > LONG {
        result = json!({"!long": len});
    }
    Ok(Map::from_iter([("json".to_owned(), result)]))
}

struct Files;

impl Surroundings for Files {
    fn read(&mut self, path: &str) -> Result<Text, String> {
        match path.contains("missing") {
            true => Err(format!("open {path}: no such file or directory")),
            false => Ok(format!("content of {path}").into()),
        }
    }
}

fn from_typed(json: &Value) -> GoValue {
    match json {
        Value::Null => GoValue::NIL,
        Value::Bool(b) => GoValue::bool(*b),
        Value::Number(n) => match n.as_i64() {
            Some(n) => GoValue::int64(n),
            None => GoValue::float(n.as_f64().unwrap_or(f64::NAN)),
        },
        Value::String(s) => GoValue::str(s.as_str()),
        Value::Array(items) => GoValue::list(items.iter().map(from_typed).collect()),
        Value::Object(map) => {
            let values = MapRef::new();
            for (key, value) in map {
                values.insert(key.as_str().into(), from_typed(value));
            }
            values.into()
        }
    }
}

fn to_typed(value: &GoValue) -> Value {
    match &value.data {
        Data::Bool(b) => json!(b),
        Data::Int(_, n) => json!(n),
        Data::Float(n) => json!(n),
        Data::Str(_) => value.text().map(|t| t.lossy().into_owned()).into(),
        Data::List(list) => list.iter().map(to_typed).collect(),
        Data::Map(map) => {
            Value::Object(map.entries().iter().map(|(k, v)| (k.lossy().into_owned(), to_typed(v))).collect())
        }
        _ => Value::Null,
    }
}
