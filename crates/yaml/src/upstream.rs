//! Values as Go's `%#v` prints them, for the sake of upstream's error texts.

use crate::node::{Node, Value};

/// Longer texts are cut: nobody reads them, and an alias may stand for anything.
const LONGEST: usize = 1 << 14;

/// `%#v` of the value that go-yaml makes of a node.
pub(crate) fn go_syntax(node: Node<'_>, v3: bool) -> String {
    enum Work<'a> {
        Text(&'static str),
        Node(Node<'a>),
    }
    let mut out = String::new();
    let mut work = vec![Work::Node(node)];
    while let Some(item) = work.pop() {
        if out.len() > LONGEST {
            break;
        }
        let node = match item {
            Work::Text(text) => {
                out.push_str(text);
                continue;
            }
            Work::Node(node) => node,
        };
        match node.value() {
            Value::Null => out.push_str("interface {}(nil)"),
            Value::Bool(b) => out.push_str(if b { "true" } else { "false" }),
            Value::Int(i) => out.push_str(&i.to_string()),
            Value::UInt(u) => out.push_str(&format!("{u:#x}")),
            Value::Float(f) => out.push_str(&go_type::float(f, false)),
            Value::Str(s) => out.push_str(&go_quote(s)),
            Value::Seq => {
                out.push_str("[]interface {}{");
                work.push(Work::Text("}"));
                let items: Vec<_> = node.items().collect();
                for (at, item) in items.into_iter().enumerate().rev() {
                    work.push(Work::Node(item));
                    if at > 0 {
                        work.push(Work::Text(", "));
                    }
                }
            }
            Value::Map => {
                let mut entries: Vec<_> = node.entries().collect();
                let strings = v3 && entries.iter().all(|(k, _)| k.as_str().is_some());
                out.push_str(if strings {
                    "map[string]interface {}{"
                } else {
                    "map[interface {}]interface {}{"
                });
                entries.sort_by_key(|(k, _)| k.text());
                work.push(Work::Text("}"));
                for (at, (key, value)) in entries.into_iter().enumerate().rev() {
                    work.push(Work::Node(value));
                    work.push(Work::Text(":"));
                    work.push(Work::Node(key));
                    if at > 0 {
                        work.push(Work::Text(", "));
                    }
                }
            }
        }
    }
    out
}

/// `strconv.Quote`.
pub(crate) fn go_quote(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\x07' => out.push_str("\\a"),
            '\x08' => out.push_str("\\b"),
            '\x0B' => out.push_str("\\v"),
            '\x0C' => out.push_str("\\f"),
            c if c < ' ' || c == '\x7F' => out.push_str(&format!("\\x{:02x}", c as u32)),
            c if c.is_control() || c == '\u{FEFF}' => out.push_str(&format!("\\u{:04x}", c as u32)),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Floats in Go's forms.
pub(crate) mod go_type {
    /// Go's names of what is no finite number.
    pub(crate) fn non_finite(f: f64) -> &'static str {
        if f.is_nan() {
            "NaN"
        } else if f > 0.0 {
            "+Inf"
        } else {
            "-Inf"
        }
    }

    /// `strconv.FormatFloat(value, 'g', -1, bits)`; `single` is for 32 bits.
    ///
    /// Go counts six digits for its shortest forms, whatever their number: 1e6 has an exponent, 123456 has none.
    pub(crate) fn float(value: f64, single: bool) -> String {
        if !value.is_finite() || single && (value as f32).is_infinite() {
            return non_finite(value).to_owned();
        }
        let text = if single { format!("{:e}", value as f32) } else { format!("{value:e}") };
        let Some((digits, exponent)) = text.split_once('e') else { return text };
        let exponent: i32 = exponent.parse().unwrap_or(0);
        if (-4..6).contains(&exponent) {
            return if single { format!("{}", value as f32) } else { format!("{value}") };
        }
        let sign = if exponent < 0 { '-' } else { '+' };
        format!("{digits}e{sign}{:02}", exponent.abs())
    }

    #[cfg(test)]
    mod tests {
        use super::float;

        #[test]
        fn shortest_forms() {
            for (f, want) in [
                (1.0, "1"),
                (1e6, "1e+06"),
                (123456.0, "123456"),
                (1234567.0, "1.234567e+06"),
                (1e-5, "1e-05"),
                (0.0001, "0.0001"),
                (1e21, "1e+21"),
            ] {
                assert_eq!(float(f, false), want);
            }
            assert_eq!(float(2.123456789, true), "2.1234567");
            assert_eq!(float(12345678901234.0, true), "1.2345679e+13");
            assert_eq!(float(1e300, true), "+Inf");
        }
    }
}
