//! Patterns as Go takes them, for a judge that holds to those of ECMA 262.
//!
//! Go's regular expressions have flags, named groups and bare brackets that ECMA's do not: `(?i)yes`, `(?P<n>a)`, `[a-z]]`. The
//! crate refuses a schema with one, so such a schema is read with all its patterns written out in a form that both take.

use std::collections::HashMap;

use serde_json::Value;

/// The schema with its patterns written out, and what each was; `None` where nothing is to be gained.
pub(super) fn written_out(schema: &Value) -> Option<(Value, HashMap<String, String>)> {
    let mut names = HashMap::new();
    let mut whole = schema.clone();
    let mut open = vec![&mut whole];
    while let Some(value) = open.pop() {
        match value {
            Value::Array(items) => open.extend(items.iter_mut()),
            Value::Object(map) => {
                if let Some(Value::String(pattern)) = map.get_mut("pattern")
                    && let Some(plain) = plain(pattern)
                {
                    names.insert(plain.clone(), std::mem::replace(pattern, plain));
                }
                if let Some(Value::Object(patterns)) = map.get_mut("patternProperties") {
                    let old = std::mem::take(patterns);
                    patterns
                        .extend(old.into_iter().map(|(key, schema)| (plain(&key).unwrap_or(key), schema)));
                }
                // What stands there are values, whatever they look like.
                let is_schema =
                    |key: &str| !matches!(key, "enum" | "const" | "default" | "examples" | "example");
                open.extend(map.iter_mut().filter(|(key, _)| is_schema(key)).map(|(_, value)| value));
            }
            _ => {}
        }
    }
    (whole != *schema).then_some((whole, names))
}

/// A pattern without flags and what else ECMA does not know; `None` where it is none to Go either.
fn plain(pattern: &str) -> Option<String> {
    gotmpl::regexp::Regexp::compile(pattern.as_bytes()).ok()?;
    let written = regex_syntax::parse(&in_ascii(pattern)).ok()?.to_string();
    let mut out = String::new();
    let mut rest = written.chars().peekable();
    while let Some(c) = rest.next() {
        match (c, rest.peek()) {
            ('\\', Some('A')) => {
                rest.next();
                out.push('^');
            }
            ('\\', Some('z')) => {
                rest.next();
                out.push('$');
            }
            ('\\', Some(_)) => {
                out.push(c);
                out.extend(rest.next());
            }
            _ => out.push(c),
        }
    }
    Some(out.replace("(?P<", "(?<"))
}

/// A pattern whose classes are those of ASCII, as Go's are.
fn in_ascii(pattern: &str) -> String {
    let mut out = String::new();
    let mut rest = pattern.chars();
    let mut in_class = false;
    while let Some(c) = rest.next() {
        let class = match c {
            '\\' => match rest.next() {
                Some('d') => "0-9",
                Some('w') => "0-9A-Za-z_",
                Some('s') => r"\t\n\f\r ",
                Some(other) => {
                    out.extend([c, other]);
                    continue;
                }
                None => break,
            },
            c => {
                in_class = (in_class || c == '[') && c != ']';
                out.push(c);
                continue;
            }
        };
        match in_class {
            true => out.push_str(class),
            false => out.push_str(&format!("[{class}]")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_and_bare_brackets_go() {
        assert_eq!(plain("(?i)a").as_deref(), Some("[Aa]"));
        assert_eq!(plain("^x]$").as_deref(), Some("(?:^(?:x\\])$)"));
        assert_eq!(plain(r"[\d.]\s"), plain(r"[0-9.][\t\n\f\r ]"));
        assert_eq!(plain("(?P<n>a)").as_deref(), Some("(?<n>a)"));
        assert_eq!(plain("(?=a)"), None);
    }
}
