//! What a scalar may be, type by type, as the Go types of the API read themselves from JSON.

use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use yaml::{Kind, Node, Value};

use super::time;
use crate::kube::Quantity;
use crate::schema::Shape;

/// Why a scalar does not do.
pub(super) struct Fault {
    /// What would do, where the type's own description is not precise enough.
    pub wanted: Option<String>,
    pub help: Option<String>,
}

/// Whether a scalar other than null may stand where that shape is wanted.
pub(super) fn judge(node: Node<'_>, shape: Shape) -> Result<(), Fault> {
    // Most fields are strings, and most of those are written as such.
    if shape == Shape::String && node.is_str() {
        return Ok(());
    }
    let value = node.value();
    let fits = match shape {
        Shape::Any | Shape::Alias => true,
        Shape::String => matches!(value, Value::Str(_)),
        Shape::Bool => matches!(value, Value::Bool(_)),
        Shape::Int32 => integer(value).is_some_and(|i| i32::try_from(i).is_ok()),
        Shape::Int64 => integer(value).is_some(),
        Shape::Number => number(value),
        Shape::Bytes => match value {
            Value::Str(text) => return base64(text),
            _ => false,
        },
        Shape::Quantity => match value {
            Value::Bool(_) => false,
            // A number is read from its JSON text, which is always a plain decimal or has a lower-case exponent.
            Value::Str(text) => return quantity(text),
            _ => number(value),
        },
        Shape::IntOrString => match value {
            Value::Str(_) => true,
            _ => integer(value).is_some_and(|i| i32::try_from(i).is_ok()),
        },
        Shape::Time => matches!(value, Value::Str(text) if time::is_rfc3339(text)),
        Shape::MicroTime => matches!(value, Value::Str(text) if time::is_rfc3339_micro(text)),
        Shape::Duration => matches!(value, Value::Str(text) if time::is_go_duration(text)),
        Shape::SchemaOrBool => matches!(value, Value::Bool(_)),
        Shape::Object | Shape::Map | Shape::List | Shape::SchemaOrList | Shape::SchemaOrStrings => false,
    };
    if fits { Ok(()) } else { Err(Fault { wanted: wanted(value, shape), help: help(node, value, shape) }) }
}

/// 2^63: the first float that is no `i64`.
const BOUND: f64 = 9_223_372_036_854_775_808.0;

/// The integer that Go's decoder would read from the JSON form of a number.
pub(super) fn integer(value: Value<'_>) -> Option<i64> {
    match value {
        Value::Int(i) => Some(i),
        // A float is written without a point or exponent where it is integral and below 1e21.
        Value::Float(f) if f.fract() == 0.0 && (-BOUND..BOUND).contains(&f) => Some(f as i64),
        _ => None,
    }
}

fn number(value: Value<'_>) -> bool {
    match value {
        Value::Int(_) | Value::UInt(_) => true,
        // Neither has a form in JSON.
        Value::Float(f) => f.is_finite(),
        _ => false,
    }
}

/// Go's standard decoder skips line breaks and does not look at trailing bits.
fn base64(text: &str) -> Result<(), Fault> {
    const LENIENT: GeneralPurpose = GeneralPurpose::new(
        &STANDARD,
        GeneralPurposeConfig::new()
            .with_decode_allow_trailing_bits(true)
            .with_decode_padding_mode(DecodePaddingMode::RequireCanonical),
    );
    let joined: String;
    let text = if text.contains(['\r', '\n']) {
        joined = text.replace(['\r', '\n'], "");
        &joined
    } else {
        text
    };
    let mut decoder = base64::read::DecoderReader::new(text.as_bytes(), &LENIENT);
    match std::io::copy(&mut decoder, &mut std::io::sink()) {
        Ok(_) => Ok(()),
        Err(_) => Err(Fault {
            wanted: None,
            help: Some(
                "encode it (`base64 -w0`), or put the plain text under `stringData` if this is a Secret"
                    .into(),
            ),
        }),
    }
}

fn quantity(text: &str) -> Result<(), Fault> {
    let text = text.trim();
    if Quantity::parse(text).is_ok() {
        return Ok(());
    }
    let known = ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei", "n", "u", "m", "k", "M", "G", "T", "P", "E"];
    let number = text.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == ' ');
    let suffix = text[number.len()..].trim();
    let bare = suffix.trim_end_matches(['b', 'B']);
    // `512MB` means mega, and not milli.
    let exact = known.into_iter().find(|k| *k == bare);
    let meant =
        exact.or_else(|| known.into_iter().find(|k| k.eq_ignore_ascii_case(bare) && !bare.is_empty()));
    Err(Fault {
        wanted: None,
        help: meant.filter(|_| !number.is_empty()).map(|k| format!("did you mean `{}{k}`?", number.trim())),
    })
}

fn wanted(value: Value<'_>, shape: Shape) -> Option<String> {
    let out_of_range = matches!(value, Value::Int(_) | Value::UInt(_))
        || matches!(value, Value::Float(f) if f.fract() == 0.0 && f.is_finite());
    match shape {
        Shape::Int32 | Shape::IntOrString if out_of_range => Some("an integer of 32 bits".to_owned()),
        Shape::Int64 if out_of_range => Some("an integer of 64 bits".to_owned()),
        _ => None,
    }
}

fn help(node: Node<'_>, value: Value<'_>, shape: Shape) -> Option<String> {
    let text = node.text();
    Some(match (value, shape) {
        (Value::Bool(_) | Value::Int(_) | Value::UInt(_) | Value::Float(_), Shape::String) => {
            let word = matches!(value, Value::Bool(_)) && !matches!(text, "true" | "false");
            let why = if word { " (YAML 1.1 reads it as a boolean)" } else { "" };
            format!("put it in quotes: `\"{text}\"`{why}")
        }
        (Value::Str(s), Shape::Int32 | Shape::Int64 | Shape::Number) if s.parse::<f64>().is_ok() => {
            format!("remove the quotes: `{s}`")
        }
        (Value::Str(s), Shape::Bool) if s.eq_ignore_ascii_case("true") || s.eq_ignore_ascii_case("false") => {
            format!("write `{}` without quotes", s.to_ascii_lowercase())
        }
        (Value::Float(f), Shape::Int32 | Shape::Int64) if f.fract() != 0.0 && f.abs() < 1e15 => {
            format!("use a whole number such as `{}`", f.round())
        }
        (Value::Str(_), Shape::MicroTime) => {
            "write six digits of a second's fraction: `12:00:00.000000Z`".into()
        }
        _ => return None,
    })
}

/// Whether a list can be read as bytes: Go takes numbers up to 255.
pub(super) fn are_bytes(node: Node<'_>) -> bool {
    node.items().all(|item| item.is_null() || integer(item.value()).is_some_and(|i| (0..=255).contains(&i)))
}

/// What a value is, for a person.
pub(super) fn describe(node: Node<'_>) -> String {
    match node.kind() {
        Kind::Map => "a map".to_owned(),
        Kind::Seq => "a list".to_owned(),
        Kind::Scalar => match node.value() {
            Value::Null => "null".to_owned(),
            Value::Bool(_) => format!("the boolean `{}`", node.text()),
            Value::Int(_) | Value::UInt(_) | Value::Float(_) => format!("the number `{}`", node.text()),
            Value::Str("") => "an empty string".to_owned(),
            // A long text, or one that may be secret, says nothing by being repeated.
            Value::Str(_) | Value::Seq | Value::Map => "a string".to_owned(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_are_what_the_json_form_says() {
        assert_eq!(integer(Value::Float(1e3)), Some(1000));
        assert_eq!(integer(Value::Float(1.5)), None);
        assert_eq!(integer(Value::UInt(u64::MAX)), None);
        assert_eq!(integer(Value::Float(f64::NAN)), None);
    }

    #[test]
    fn base64_skips_line_breaks_but_not_blanks() {
        assert!(base64("aG\nk=").is_ok());
        assert!(base64("").is_ok());
        assert!(base64("aG k=").is_err());
        assert!(base64("aGk").is_err());
    }

    #[test]
    fn a_unit_in_the_wrong_case_is_told() {
        let help = |text| quantity(text).err().and_then(|f| f.help);
        assert_eq!(help("1GI").as_deref(), Some("did you mean `1Gi`?"));
        assert_eq!(help("512MB").as_deref(), Some("did you mean `512M`?"));
        assert_eq!(help("x"), None);
    }
}
