//! The JSON that sigs.k8s.io/yaml makes of a document: what the API server, kubectl and Helm go on with.

use crate::emit::{JsonStyle, json_float, json_string};
use crate::node::{Node, Value};
use crate::upstream::go_type;

/// Appends a node as canonical JSON: keys sorted by their bytes, no blanks, numbers in Go's forms, `<`, `>` and
/// `&` escaped; of equal keys the last, merges applied, aliases expanded.
///
/// Keys become strings as sigs.k8s.io/yaml 1.6 has them: integers in decimal, floats with 32 bits, booleans by
/// name. What it refuses (null as a key, NaN) is written as JSON's nearest; reading with
/// [`Profile::Kubernetes`](crate::Profile::Kubernetes) has reported it.
///
/// ```
/// use std::sync::Arc;
/// let text: Arc<str> = "b: [0x1F, 1.50, on]\n1: a\nb2: &x {y: }\nc: *x\n".into();
/// let options = yaml::Options::new(yaml::Profile::Kubernetes);
/// let docs = yaml::read(source::SourceId(0), &text, &options, &mut source::Diagnostics::new());
/// let mut out = Vec::new();
/// yaml::to_json(docs[0].root().unwrap(), &mut out);
/// assert_eq!(out, br#"{"1":"a","b":[31,1.5,true],"b2":{"true":null},"c":{"true":null}}"#);
/// ```
pub fn to_json(node: Node<'_>, out: &mut Vec<u8>) {
    let mut number = String::new();
    // What is still to be written of each open collection, the next one last.
    let mut items: Vec<(String, Node<'_>)> = Vec::new();
    let mut open: Vec<(u8, usize, bool)> = Vec::new();
    let mut next = Some(node);
    loop {
        if let Some(node) = next.take() {
            match node.value() {
                Value::Null => number.push_str("null"),
                Value::Bool(b) => number.push_str(if b { "true" } else { "false" }),
                Value::Int(i) => number.push_str(&i.to_string()),
                Value::UInt(u) => number.push_str(&u.to_string()),
                Value::Float(f) if f.is_finite() => json_float(&mut number, f),
                Value::Float(_) => number.push_str("null"),
                Value::Str(s) => json_string(s.as_bytes(), JsonStyle::default(), out),
                Value::Seq => {
                    let base = items.len();
                    items.extend(node.items().map(|item| (String::new(), item)));
                    items[base..].reverse();
                    out.push(b'[');
                    open.push((b']', base, false));
                }
                Value::Map => {
                    let base = items.len();
                    items.extend(node.entries().map(|(key, value)| (json_key(key), value)));
                    last_of_equals(&mut items, base);
                    out.push(b'{');
                    open.push((b'}', base, false));
                }
            }
        }
        out.extend_from_slice(number.as_bytes());
        number.clear();
        let Some((close, base, begun)) = open.last_mut() else { return };
        if items.len() == *base {
            out.push(*close);
            open.pop();
            continue;
        }
        if std::mem::replace(begun, true) {
            out.push(b',');
        }
        if let Some((key, value)) = items.pop() {
            if *close == b'}' {
                json_string(key.as_bytes(), JsonStyle::default(), out);
                out.push(b':');
            }
            next = Some(value);
        }
    }
}

/// Sorts the entries from `base` on, the smallest key last; of equal keys the last stays.
fn last_of_equals(items: &mut Vec<(String, Node<'_>)>, base: usize) {
    items[base..].reverse();
    items[base..].sort_by(|a, b| b.0.cmp(&a.0));
    // Among equals the one written last comes first now, and the first of a run is what `dedup` keeps.
    let mut at = base;
    for from in base..items.len() {
        if from == base || items[from].0 != items[at - 1].0 {
            items.swap(at, from);
            at += 1;
        }
    }
    items.truncate(at);
}

/// A key as sigs.k8s.io/yaml makes a string of it.
pub fn json_key(key: Node<'_>) -> String {
    match key.value() {
        Value::Bool(b) => b.to_string(),
        Value::Int(i) => i.to_string(),
        Value::UInt(u) => u.to_string(),
        Value::Float(f) => float_key(f),
        Value::Null => "null".to_owned(),
        _ => key.text().to_owned(),
    }
}

/// A float that is a key: with the digits of 32 bits.
pub(crate) fn float_key(f: f64) -> String {
    if f.is_nan() {
        return ".nan".to_owned();
    }
    match go_type::float(f, true).as_str() {
        "+Inf" => ".inf".to_owned(),
        "-Inf" => "-.inf".to_owned(),
        text => text.to_owned(),
    }
}
