//! The words of Helm's schema library: quotes, numbers, types.

use gotmpl::{Data, Value};

use crate::render::chart::decode::float_text;

/// A text in single quotes, with Go's escapes.
pub(super) fn quote(text: &str) -> String {
    let quoted = gotmpl::strconv::quote(text.as_bytes()).replace("\\\"", "\"").replace('\'', "\\'");
    format!("'{}'", &quoted[1..quoted.len().saturating_sub(1).max(1)])
}

/// Several of them, with commas between.
pub(super) fn quote_all<T: AsRef<str>>(all: &[T]) -> String {
    all.iter().map(|text| quote(text.as_ref())).collect::<Vec<_>>().join(", ")
}

/// The JSON type of a value; an integer is a number.
pub(super) fn type_of(value: &Value) -> &'static str {
    match &value.data {
        Data::Nil => "null",
        Data::Bool(_) => "boolean",
        Data::Int(..) | Data::Uint(..) | Data::Float(_) => "number",
        Data::List(_) => "array",
        Data::Map(_) => "object",
        _ => "string",
    }
}

/// The number that a value is.
pub(super) fn number_of(value: &Value) -> Option<f64> {
    match value.data {
        Data::Int(_, n) => Some(n as f64),
        Data::Uint(_, n) => Some(n as f64),
        Data::Float(f) => Some(f),
        _ => None,
    }
}

/// A value as messages show it.
pub(super) fn display(value: &Value) -> String {
    match &value.data {
        Data::Nil => "<nil>".to_owned(),
        Data::Bool(b) => b.to_string(),
        Data::List(_) | Data::Map(_) => "value".to_owned(),
        _ => match (number_of(value), value.text()) {
            (Some(number), _) => float_text(number),
            (None, Some(text)) => quote(&text.lossy()),
            (None, None) => String::new(),
        },
    }
}

/// A count in English: `12,345`.
pub(super) fn count(number: usize) -> String {
    grouped(&number.to_string())
}

/// A number in English, large and small ones with a power of ten: `65,535`, `1.5×10⁰⁷`.
pub(super) fn number(number: f64) -> String {
    let text = float_text(number);
    match text.split_once('e') {
        Some((digits, exponent)) => {
            let raised = exponent.chars().filter_map(|c| match c {
                '-' => Some('⁻'),
                '0'..='9' => {
                    ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'].get(c as usize - '0' as usize).copied()
                }
                _ => None,
            });
            format!("{digits}×10{}", raised.collect::<String>())
        }
        None => match text.split_once('.') {
            Some((whole, fraction)) => format!("{}.{fraction}", grouped(whole)),
            None => grouped(&text),
        },
    }
}

fn grouped(digits: &str) -> String {
    let (sign, digits) = digits.strip_prefix('-').map_or(("", digits), |rest| ("-", rest));
    let mut out = String::from(sign);
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i) % 3 == 0 {
            out.push(',');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_english() {
        for (n, text) in [
            (70_000.0, "70,000"),
            (80.5, "80.5"),
            (-1234.5678, "-1,234.5678"),
            (7_000_000.5, "7.0000005×10⁰⁶"),
            (1e-5, "1×10⁻⁰⁵"),
            (1e21, "1×10²¹"),
        ] {
            assert_eq!(number(n), text);
        }
        assert_eq!(quote("it's \"x\"\n"), "'it\\'s \"x\"\\n'");
    }
}
