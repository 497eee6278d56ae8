//! The suites' typed JSON: `1` is an integer, `1.0` a float, and what JSON lacks is an object with one `!` key.

use base64::Engine;
use serde_json::Value;

/// A Go value.
#[derive(Clone, PartialEq, Debug)]
pub enum Typed {
    Null,
    Bool(bool),
    Int(i64),
    UInt(u64),
    Float(f64),
    Str(Vec<u8>),
    Time(String),
    List(Vec<Typed>),
    Map(Vec<(Typed, Typed)>),
}

impl Typed {
    /// Reads typed JSON.
    pub fn of(json: &Value) -> Typed {
        match json {
            Value::Null => Typed::Null,
            Value::Bool(b) => Typed::Bool(*b),
            Value::Number(n) => n
                .as_i64()
                .map(Typed::Int)
                .or_else(|| n.as_u64().map(Typed::UInt))
                .unwrap_or_else(|| Typed::Float(n.as_f64().unwrap_or(f64::NAN))),
            Value::String(s) => Typed::Str(s.clone().into_bytes()),
            Value::Array(items) => Typed::List(items.iter().map(Typed::of).collect()),
            Value::Object(map) => {
                if let (1, Some((key, value))) = (map.len(), map.iter().next())
                    && let Some(special) = special(key, value)
                {
                    return special;
                }
                Typed::Map(
                    map.iter().map(|(k, v)| (Typed::Str(k.clone().into_bytes()), Typed::of(v))).collect(),
                )
            }
        }
    }
}

fn special(key: &str, value: &Value) -> Option<Typed> {
    let text = value.as_str();
    Some(match key {
        "!float" => Typed::Float(match text? {
            ".nan" => f64::NAN,
            ".inf" | "+.inf" => f64::INFINITY,
            "-.inf" => f64::NEG_INFINITY,
            other => other.parse().ok()?,
        }),
        "!time" => Typed::Time(text?.to_owned()),
        "!bytes" => Typed::Str(base64::engine::general_purpose::STANDARD.decode(text?).ok()?),
        "!nil" => Typed::Null,
        "!map" => Typed::Map(
            value
                .as_array()?
                .iter()
                .filter_map(|pair| Some((Typed::of(pair.get(0)?), Typed::of(pair.get(1)?))))
                .collect(),
        ),
        _ => return None,
    })
}
