//! YAML: `toYaml`, `fromYaml` and their kind.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use source::{Diagnostics, OriginId, SourceId};
use yaml::{Doc, Extents, NodeId, Options, Profile};

use super::json::{AnyList, AnyMap, cannot};
use super::shown::{Came, Shown, holds_complex, or_empty, refused, traced, value_of};
use crate::{Cx, Error, Func, Text, Type, Value, func};

/// The functions of this family.
pub static ALL: &[&Func] = &[&TO_YAML, &MUST_TO_YAML, &TO_YAML_PRETTY, &FROM_YAML, &FROM_YAML_ARRAY];

func! {
    /// The value as YAML, without a line break at the end; an empty text if it has no form in YAML.
    ///
    /// ```text
    /// {{ dict "b" (list 1 "yes") "a" nil | toYaml }}  =>  "a: null\nb:\n- 1\n- \"yes\""
    /// ```
    pub static TO_YAML = "toYaml"(cx, value: Value) -> Result<Text, Error> {
        or_empty(write(cx, &value, true))
    }

    /// As `toYaml`; an error if the value has no form in YAML.
    ///
    /// ```text
    /// {{ mustToYaml (float64 "nan") }}  =>  error: error marshaling into JSON: json: unsupported value: NaN
    /// ```
    pub static MUST_TO_YAML = "mustToYaml"(cx, value: Value) -> Result<Text, Error> {
        write(cx, &value, true)
    }

    /// The value as YAML with lists indented under their keys. Numbers look as they print: `1e+06`.
    ///
    /// ```text
    /// {{ dict "a" (list 1 1e6) | toYamlPretty }}  =>  "a:\n  - 1\n  - 1e+06"
    /// ```
    pub static TO_YAML_PRETTY = "toYamlPretty"(cx, value: Value) -> Result<Text, Error> {
        // The one thing that the library panics of instead of returning an error.
        if holds_complex(&value) {
            return Err(Error::new("cannot marshal type: complex128"));
        }
        or_empty(write(cx, &value, false))
    }

    /// The dict that a text in YAML stands for; a dict with the key `Error` if it stands for none. Every number is a
    /// float, and documents after the first are ignored.
    ///
    /// ```text
    /// {{ (fromYaml "a: [1, yes]").a }}  =>  [1 true]
    /// {{ (fromYaml "- a").Error }}      =>  error unmarshaling JSON: while decoding JSON: json: cannot unmarshal array into Go value of type map[string]interface {}
    /// ```
    pub static FROM_YAML = "fromYaml"(cx, text: Text) -> AnyMap {
        AnyMap(match read(cx, &text) {
            Ok(value) if value.is_nil() => Value::map([]),
            Ok(value) if value.as_map().is_some() => value,
            Ok(value) => Value::map([("Error".into(), Value::str(unmarshal(&value, Type::MAP)))]),
            Err(error) => Value::map([("Error".into(), Value::str(error))]),
        })
    }

    /// The list that a text in YAML stands for; a list of the error's text if it stands for none.
    ///
    /// ```text
    /// {{ fromYamlArray "- a\n- 2" }}  =>  [a 2]
    /// ```
    pub static FROM_YAML_ARRAY = "fromYamlArray"(cx, text: Text) -> AnyList {
        AnyList(match read(cx, &text) {
            Ok(value) if value.is_nil() => Value::list(Vec::new()),
            Ok(value) if value.as_list().is_some() => value,
            Ok(value) => Value::list(vec![Value::str(unmarshal(&value, Type::LIST))]),
            Err(error) => Value::list(vec![Value::str(error)]),
        })
    }
}

/// JSON's words, behind what sigs.k8s.io/yaml puts before them.
fn unmarshal(value: &Value, want: Type) -> String {
    format!("error unmarshaling JSON: while decoding JSON: {}", cannot(value, want))
}

fn write(cx: &mut Cx<'_>, value: &Value, through_json: bool) -> Result<Text, Error> {
    let root = if through_json { Shown::json(value) } else { Shown::pretty(value) };
    let mut out = Vec::new();
    let mut nodes: Vec<(Shown, Range<usize>)> = Vec::new();
    let mut trace = |node: &Shown, range: Range<usize>| nodes.push((node.clone(), range));
    let result = match (through_json, cx.traced) {
        (true, true) => yaml::emit::sigs_traced(&root, &mut out, &mut trace),
        (true, false) => yaml::emit::sigs(&root, &mut out),
        (false, true) => yaml::emit::pretty_traced(&root, &mut out, &mut trace),
        (false, false) => yaml::emit::pretty(&root, &mut out),
    };
    result.map_err(|e| refused(value, &e))?;
    cx.reserve(out.len())?;
    if out.last() == Some(&b'\n') {
        out.pop();
    }
    Ok(match cx.traced {
        true => traced(cx, value, out, nodes),
        false => Text::from(out),
    })
}

/// Of each list and map: what could have put more into it.
fn missing(cx: &mut Cx<'_>, doc: &Doc, text: &Text) -> HashMap<NodeId, OriginId> {
    let mut all = HashMap::new();
    let mut extents = None;
    for (range, origin) in text.segments().filter(|(range, _)| range.is_empty()) {
        let (before, behind) = (&text[..range.start], &text[range.start..]);
        let before = before.trim_ascii_end().len() as u32;
        let behind = (text.len() - behind.trim_ascii_start().len()) as u32;
        for owner in extents.get_or_insert_with(|| Extents::of(doc)).between(before, behind) {
            let known: &mut OriginId = all.entry(owner).or_default();
            *known = cx.host.union(*known, origin);
        }
    }
    all
}

/// Reads the first document, as sigs.k8s.io/yaml does.
fn read(cx: &mut Cx<'_>, text: &Text) -> Result<Value, String> {
    let source = SourceId(0);
    let words = |d: &source::Diagnostic| d.upstream.clone().unwrap_or_else(|| d.message.clone());
    let fail = |error: String| Err(format!("error converting YAML to JSON: {error}"));
    let decoded: Arc<str> = match yaml::decode(source, text) {
        Ok(decoded) => decoded,
        Err(diagnostic) => return fail(words(&diagnostic)),
    };
    let mut found = Diagnostics::new();
    let doc = yaml::read_first(source, &decoded, &Options::new(Profile::Kubernetes), &mut found);
    // Equal keys are no mistake here. What go-yaml says comes before what the conversion to JSON says.
    let equal_keys = |d: &&source::Diagnostic| {
        *d.code == yaml::codes::YAML_DUPLICATE_KEY || *d.code == yaml::codes::YAML_MERGE_OVERRIDE
    };
    let mut errors = found.iter().filter(|d| !equal_keys(d)).map(words).peekable();
    if errors.peek().is_some() {
        let all: Vec<String> = errors.collect();
        let first = all.iter().find(|text| text.starts_with("yaml:")).unwrap_or(&all[0]);
        return fail(first.clone());
    }
    let Some(root) = doc.as_ref().and_then(|doc| doc.root()) else { return Ok(Value::NIL) };
    // Ranges are only those of the text as long as decoding has changed nothing.
    let same = decoded.len() == text.len();
    let whole = if cx.traced { cx.union_deep(&Value::str(text.clone())) } else { source::OriginId::UNKNOWN };
    let missing = match doc.as_ref().filter(|_| cx.traced && same && text.is_segmented()) {
        Some(doc) => missing(cx, doc, text),
        None => HashMap::new(),
    };
    let mut origin = |node: yaml::Node<'_>| match node.span() {
        _ if !cx.traced || !text.is_segmented() => Came { whole, ..Came::default() },
        Some((start, end)) if same && node.kind() == yaml::Kind::Scalar => {
            let part = text.slice(start as usize..end as usize);
            let origins: Vec<_> = part.segments().map(|(_, origin)| origin).collect();
            Came { whole: cx.union(origins), ..Came::default() }
        }
        _ if same => {
            let shape = missing.get(&node.id()).copied().unwrap_or_default();
            Came { shape, ..Came::default() }
        }
        _ => Came { whole, ..Came::default() },
    };
    Ok(value_of(root, &mut origin))
}
