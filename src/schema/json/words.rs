//! The validator's words: quotes, numbers, types.

use serde_json::Value;

/// A text as Go's `%q` shows it.
pub(super) fn go_quote(text: &str) -> String {
    gotmpl::strconv::quote(text.as_bytes())
}

/// A text in single quotes, with Go's escapes.
pub(crate) fn quote(text: &str) -> String {
    let quoted = go_quote(text).replace("\\\"", "\"").replace('\'', "\\'");
    format!("'{}'", quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or(""))
}

/// Several of them, with commas between.
pub(super) fn quote_all<T: AsRef<str>>(all: &[T]) -> String {
    all.iter().map(|text| quote(text.as_ref())).collect::<Vec<_>>().join(", ")
}

/// The JSON type of a value; an integer is a number.
pub(super) fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// A value as messages show it.
pub(super) fn display(value: &Value) -> String {
    match value {
        Value::Null => "<nil>".to_owned(),
        Value::Bool(b) => b.to_string(),
        Value::Number(number) => go_float(number.as_f64().unwrap_or_default()),
        Value::String(text) => quote(text),
        Value::Array(_) | Value::Object(_) => "value".to_owned(),
    }
}

fn go_float(number: f64) -> String {
    gotmpl::fmt::format_float(number, 'g', None)
}

/// A count in English: `12,345`.
pub(super) fn count(number: usize) -> String {
    grouped(&number.to_string())
}

/// A number in English, large and small ones with a power of ten: `65,535`, `1.5×10⁰⁷`.
pub(super) fn number(number: f64) -> String {
    let text = go_float(number);
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
