//! Reads YAML into Go's structs as Helm does: by way of JSON, with the conversions and the errors of that way.

use std::borrow::Cow;

use yaml::{Node, Value};

/// The first thing that does not fit its Go type. Go reads on and reports the first.
pub(crate) struct Mismatch {
    /// As `encoding/json` says it, from `json:` on.
    pub text: String,
    /// The bytes of the value in its source.
    pub span: (u32, u32),
}

/// Where in which Go struct the reader stands, and what went wrong first.
#[derive(Default)]
pub(crate) struct Decoder {
    structure: &'static str,
    path: Vec<&'static str>,
    mismatch: Option<Mismatch>,
}

impl Decoder {
    /// What went wrong, if anything did.
    pub(crate) fn finish(self) -> Result<(), Mismatch> {
        self.mismatch.map_or(Ok(()), Err)
    }

    /// The entries of an object, in the order in which Go sees them: sorted by key, the last of equal keys. `None`
    /// for null, and for what is no object of that Go type, which is noted.
    pub(crate) fn object<'a>(&mut self, node: Node<'a>, go: &str) -> Option<Vec<(String, Node<'a>)>> {
        match node.value() {
            Value::Map => Some(sorted_entries(node)),
            Value::Null => None,
            _ => self.refuse(node, go),
        }
    }

    /// Calls `read` with each entry whose key names a field, regardless of case as Go does it; `fields` holds the
    /// names. Whatever is noted inside says that struct and field.
    pub(crate) fn fields<'a>(
        &mut self,
        entries: Vec<(String, Node<'a>)>,
        structure: &'static str,
        fields: &[&'static str],
        mut read: impl FnMut(&mut Decoder, &'static str, Node<'a>),
    ) {
        let outer = std::mem::replace(&mut self.structure, structure);
        for (key, value) in entries {
            let field = fields
                .iter()
                .find(|f| **f == key)
                .or_else(|| fields.iter().find(|f| f.eq_ignore_ascii_case(&key)));
            if let Some(field) = field {
                self.path.push(field);
                read(self, field, value);
                self.path.pop();
                self.structure = structure;
            }
        }
        self.structure = outer;
    }

    /// A string: numbers and booleans are written out, null leaves it as it is.
    pub(crate) fn string(&mut self, node: Node<'_>, into: &mut String) {
        match node.value() {
            Value::Null => {}
            Value::Map | Value::Seq => {
                self.refuse::<()>(node, "string");
            }
            _ => *into = scalar_text(node).into_owned(),
        }
    }

    /// A boolean.
    pub(crate) fn boolean(&mut self, node: Node<'_>, into: &mut bool) {
        match node.value() {
            Value::Null => {}
            Value::Bool(b) => *into = b,
            _ => {
                self.refuse::<()>(node, "bool");
            }
        }
    }

    /// The items of an array; `None` for null, and for what is no array of that Go type, which is noted.
    pub(crate) fn items<'a>(&mut self, node: Node<'a>, go: &str) -> Option<Vec<Node<'a>>> {
        match node.value() {
            Value::Seq => Some(node.items().collect()),
            Value::Null => None,
            _ => self.refuse(node, go),
        }
    }

    /// An array of strings, converted as a single one is.
    pub(crate) fn strings(&mut self, node: Node<'_>) -> Option<Vec<String>> {
        let items = self.items(node, "[]string")?;
        let mut all = Vec::with_capacity(items.len());
        for item in items {
            let mut text = String::new();
            self.string(item, &mut text);
            all.push(text);
        }
        Some(all)
    }

    /// Notes that a value is not of that Go type.
    pub(crate) fn refuse<T>(&mut self, node: Node<'_>, go: &str) -> Option<T> {
        let what = match node.value() {
            Value::Map => "object",
            Value::Seq => "array",
            Value::Str(_) => "string",
            Value::Bool(_) => "bool",
            Value::Null => "null",
            Value::Int(_) | Value::UInt(_) | Value::Float(_) => "number",
        };
        let text = if self.path.is_empty() {
            format!("json: cannot unmarshal {what} into Go value of type {go}")
        } else {
            let (structure, path) = (self.structure, self.path.join("."));
            format!("json: cannot unmarshal {what} into Go struct field {structure}.{path} of type {go}")
        };
        self.note(node, text);
        None
    }

    /// Notes any other error.
    pub(crate) fn note(&mut self, node: Node<'_>, text: String) {
        if self.mismatch.is_none() {
            self.mismatch = Some(Mismatch { text, span: node.span().unwrap_or((0, 0)) });
        }
    }
}

/// The entries of a map in the order of their keys' bytes; of equal keys the last.
fn sorted_entries(node: Node<'_>) -> Vec<(String, Node<'_>)> {
    let mut all: Vec<_> = node.entries().map(|(key, value)| (yaml::json_key(key), value)).collect();
    // Stable, so that the last of equal keys comes last: it is the one to keep.
    all.sort_by(|a, b| a.0.cmp(&b.0));
    all.reverse();
    all.dedup_by(|later, kept| later.0 == kept.0);
    all.reverse();
    all
}

/// A scalar written out as a string field takes it. Floats come with 32 bits of precision: that is what Helm's YAML
/// library keeps of them.
fn scalar_text(node: Node<'_>) -> Cow<'_, str> {
    match node.value() {
        Value::Str(s) => Cow::Borrowed(s),
        Value::Bool(b) => Cow::Borrowed(if b { "true" } else { "false" }),
        Value::Int(n) => n.to_string().into(),
        Value::UInt(n) => n.to_string().into(),
        Value::Float(f) => float_text(f as f32).into(),
        Value::Null | Value::Map | Value::Seq => Cow::Borrowed(""),
    }
}

/// Go's shortest form of a float, from Rust's: with an exponent below 1e-4 and from 1e6 on, of two digits at least.
pub(crate) fn float_text(float: impl std::fmt::LowerExp) -> String {
    let shortest = format!("{float:e}");
    let (digits, exponent) = match shortest.split_once('e') {
        Some((digits, exponent)) => (digits, exponent.parse::<i32>().unwrap_or(0)),
        None => {
            return match &*shortest {
                "inf" => "+Inf".to_owned(),
                "-inf" => "-Inf".to_owned(),
                other => other.to_owned(),
            };
        }
    };
    if !(-4..6).contains(&exponent) {
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{digits}e{sign}{:02}", exponent.abs());
    }
    let (sign, digits) = digits.strip_prefix('-').map_or(("", digits), |d| ("-", d));
    let digits = digits.replace('.', "");
    let point = exponent + 1;
    if point <= 0 {
        format!("{sign}0.{}{digits}", "0".repeat(-point as usize))
    } else if point as usize >= digits.len() {
        format!("{sign}{digits}{}", "0".repeat(point as usize - digits.len()))
    } else {
        format!("{sign}{}.{}", &digits[..point as usize], &digits[point as usize..])
    }
}

#[cfg(test)]
mod tests {
    use super::float_text;

    #[test]
    fn floats_are_written_as_go_writes_them() {
        for (float, text) in [
            (1.1, "1.1"),
            (-12.25, "-12.25"),
            (1e-5, "1e-05"),
            (1e6, "1e+06"),
            (12_345_678.0, "1.2345678e+07"),
            (100.0, "100"),
        ] {
            assert_eq!(float_text(float as f32), text);
        }
    }
}
