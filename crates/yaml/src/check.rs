//! What go-yaml and sigs.k8s.io/yaml refuse in a document that parses: keys, tags, merges, numbers.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};

use source::{Diagnostic, Diagnostics, LineIndex, Span};

use crate::codes;
use crate::doc::{ALIAS, Doc, MERGES, NodeId, Resolved, Style};
use crate::merge::{Key, sources};
use crate::node::{Kind, Node, Value};
use crate::number::{Number, number};
use crate::reader::Profile;
use crate::upstream::{go_quote, go_syntax, go_type};

/// A document has a key that is no plain string.
pub(crate) const ODD_KEYS: u8 = 1;
/// A document has an infinity or NaN.
pub(crate) const NOT_FINITE: u8 = 2;
/// A document has a key that is no string by its text, such as `true`.
pub(crate) const TYPED_KEYS: u8 = 4;

/// Says what that profile's reader refuses, in its order. `lines` is for all documents of a text.
pub(crate) fn check(doc: &Doc, profile: Profile, lines: &OnceCell<LineIndex>, out: &mut Diagnostics) {
    // kyaml keeps the tree as it is written; only equal keys trouble it, once it looks.
    if profile != Profile::Kustomize {
        let mut faults: Vec<(u32, Diagnostic)> = Vec::new();
        tags(doc, &mut faults);
        if doc.odd & ODD_KEYS != 0 {
            keys(doc, &mut faults);
        }
        faults.sort_by_key(|f| f.0);
        // A template has many actions: one word about it is enough.
        let mut templates = 0;
        faults.retain(|(_, d)| {
            templates += u32::from(*d.code == codes::YAML_TEMPLATE);
            *d.code != codes::YAML_TEMPLATE || templates == 1
        });
        out.extend(faults.into_iter().map(|f| f.1));
    }
    match profile {
        Profile::Kubernetes => duplicates(doc, lines, out),
        Profile::GoYamlV3 | Profile::Kustomize => duplicate_texts(doc, lines, out),
        Profile::HelmValues | Profile::GoYamlV2 => {}
    }
    if matches!(profile, Profile::Kubernetes | Profile::HelmValues) && doc.odd & (ODD_KEYS | NOT_FINITE) != 0
    {
        through_json(doc, out);
    }
}

pub(crate) fn span(doc: &Doc, id: NodeId) -> Span {
    let raw = doc.raw(id);
    Span::new(doc.source, raw.start, raw.end)
}

/// Key and value of each written entry of a map.
fn pairs(doc: &Doc, map: NodeId) -> impl Iterator<Item = (NodeId, NodeId)> + '_ {
    Node::of_doc(doc, map).pairs().map(|(key, value)| (key.id(), value.id()))
}

/// Tags that the text does not fit.
fn tags(doc: &Doc, faults: &mut Vec<(u32, Diagnostic)>) {
    for (id, tag) in &doc.tags {
        let raw = &doc.nodes[*id as usize];
        if raw.kind != Kind::Scalar {
            continue;
        }
        let node = NodeId(*id);
        let text = doc.scalar(node);
        let fits = match (&**tag, raw.resolved) {
            ("!!int", Resolved::Int) | ("!!bool", Resolved::Bool) | ("!!null", Resolved::Null) => true,
            ("!!float", Resolved::Float) => !matches!(number(text), Some(Number::UInt(_))),
            ("!!timestamp", Resolved::Timestamp) => true,
            ("!!int" | "!!bool" | "!!null" | "!!float" | "!!timestamp", _) => false,
            ("!!binary", _) => {
                if doc.invalid_binary.contains(id) {
                    let message = "the text of this `!!binary` is not base64";
                    faults.push((
                        *id,
                        Diagnostic::new(&codes::YAML_TAG, span(doc, node), message)
                            .upstream("yaml: !!binary value contains invalid base64 data"),
                    ));
                }
                true
            }
            _ => true,
        };
        if !fits {
            let is = match crate::resolve::resolve(text, doc.v3) {
                Resolved::Null => "!!null",
                Resolved::Bool => "!!bool",
                Resolved::Int => "!!int",
                Resolved::Float => "!!float",
                _ => "!!str",
            };
            let message = format!("`{text}` is tagged `{tag}`, but it is a `{is}`");
            faults.push((
                *id,
                Diagnostic::new(&codes::YAML_TAG, span(doc, node), message)
                    .help("remove the tag, or write a value that it fits")
                    .upstream(format!("yaml: cannot decode {is} `{text}` as a {tag}")),
            ));
        }
    }
}

/// Lists and maps as keys, and merges of what is no map.
fn keys(doc: &Doc, faults: &mut Vec<(u32, Diagnostic)>) {
    // A key is decoded before it is found unfit, so the inner ones come first.
    let mut complex: Vec<(u32, NodeId)> = Vec::new();
    for id in maps(doc) {
        for (key, value) in pairs(doc, id) {
            if doc.raw(key).resolved == Resolved::Merge {
                let fits = sources(Node::of_doc(doc, value)).into_iter().all(|s| s.kind() == Kind::Map);
                if !fits && faults.len() < MANY {
                    faults.push((
                        value.0,
                        Diagnostic::new(
                            &codes::YAML_MERGE,
                            span(doc, value),
                            "`<<` merges maps, and this is none",
                        )
                        .help("give an alias of a map, or a list of such aliases")
                        .upstream("yaml: map merge requires map or sequence of maps as the value"),
                    ));
                }
            } else if doc.raw(doc.follow(key)).kind != Kind::Scalar {
                complex.push((doc.raw(key).next, key));
            }
        }
    }
    complex.sort_unstable_by_key(|(order, key)| (*order, u32::MAX - key.0));
    faults.extend(complex.into_iter().take(MANY).map(|(order, key)| (order, complex_key(doc, key))));
}

fn complex_key(doc: &Doc, key: NodeId) -> Diagnostic {
    let node = Node::of_doc(doc, key);
    let upstream = format!("yaml: invalid map key: {}", go_syntax(node, doc.v3));
    let raw = doc.raw(key);
    let written = doc.text.get(raw.start as usize..raw.end as usize).unwrap_or("");
    let before = doc.text.get(..raw.start as usize).unwrap_or("");
    if written.starts_with('{') && (before.ends_with('{') || written.starts_with("{{")) {
        let outer = Span::new(doc.source, raw.start - u32::from(before.ends_with('{')), raw.end);
        return Diagnostic::new(
            &codes::YAML_TEMPLATE,
            outer,
            "`{{` begins a template action, which YAML takes for a map as a key",
        )
        .help("render the template first, or put the value in quotes")
        .upstream(upstream);
    }
    let what = if node.kind() == Kind::Seq { "list" } else { "map" };
    Diagnostic::new(&codes::YAML_KEY, span(doc, key), format!("a {what} cannot be a key"))
        .help("keys are strings; put the key in quotes if the brackets belong to it")
        .upstream(upstream)
}

fn maps(doc: &Doc) -> impl Iterator<Item = NodeId> + '_ {
    let is_map = |(_, raw): &(usize, &crate::doc::Raw)| raw.kind == Kind::Map && raw.flags & ALIAS == 0;
    doc.nodes.iter().enumerate().filter(is_map).map(|(id, _)| NodeId(id as u32))
}

/// Up to so many keys are compared with each other; more are hashed.
const FEW: usize = 12;

/// Calls back with the first and each further of equal keys.
fn equal_keys<'a, K: Eq + std::hash::Hash + Copy>(
    keys: &[(K, NodeId, NodeId)],
    mut found: impl FnMut(&'a Doc, NodeId, NodeId, NodeId),
    doc: &'a Doc,
) {
    if keys.len() <= FEW {
        for (at, (key, id, value)) in keys.iter().enumerate() {
            if let Some((_, first, _)) = keys[..at].iter().find(|(k, ..)| k == key) {
                found(doc, *first, *id, *value);
            }
        }
        return;
    }
    let mut seen: HashMap<K, NodeId> = HashMap::with_capacity(keys.len());
    for (key, id, value) in keys {
        match seen.entry(*key) {
            std::collections::hash_map::Entry::Occupied(first) => found(doc, *first.get(), *id, *value),
            std::collections::hash_map::Entry::Vacant(place) => {
                place.insert(*id);
            }
        }
    }
}

/// Whether the keys of a map certainly differ: few plain strings, told apart by length, first and last bytes. It
/// is what nearly all maps are, and spares them the comparison by type and value.
fn differ(doc: &Doc, map: NodeId, prints: &mut Vec<u64>) -> bool {
    prints.clear();
    let text = doc.text.as_bytes();
    let end = doc.raw(map).next;
    let mut at = map.0 + 1;
    while at < end {
        let key = doc.raw(NodeId(at));
        let plain = key.style == Style::Plain && key.resolved == Resolved::Str && key.flags == 0;
        if !plain || prints.len() == FEW {
            return false;
        }
        let Some(bytes) = text.get(key.start as usize..key.end as usize) else { return false };
        let edge = |byte: Option<&u8>| u64::from(byte.copied().unwrap_or(0));
        let print = (bytes.len() as u64) << 32
            | edge(bytes.first()) << 24
            | edge(bytes.get(1)) << 16
            | edge(bytes.get(bytes.len() / 2)) << 8
            | edge(bytes.last());
        if prints.contains(&print) {
            return false;
        }
        prints.push(print);
        at = doc.raw(NodeId(key.next)).next;
    }
    true
}

/// Equal keys as go-yaml v2's strict reader finds them: by type and value, merged ones included.
fn duplicates(doc: &Doc, lines: &OnceCell<LineIndex>, out: &mut Diagnostics) {
    let mut found: Vec<(u32, u32, NodeId, NodeId, NodeId, bool)> = Vec::new();
    let mut list = Vec::new();
    let mut prints = Vec::new();
    for id in maps(doc) {
        if doc.raw(id).flags & MERGES == 0 && differ(doc, id, &mut prints) {
            continue;
        }
        list.clear();
        if doc.raw(id).flags & MERGES == 0 {
            list.extend(pairs(doc, id).map(|(key, value)| (Key::of(Node::of_doc(doc, key)), key, value)));
        } else {
            // Each merge sets its entries where it stands; of several maps the last comes first.
            let mut work: Vec<(NodeId, NodeId)> = pairs(doc, id).collect();
            work.reverse();
            while let Some((key, value)) = work.pop() {
                if doc.raw(key).resolved != Resolved::Merge {
                    list.push((Key::of(Node::of_doc(doc, key)), key, value));
                    continue;
                }
                for source in sources(Node::of_doc(doc, value)) {
                    let from = work.len();
                    work.extend(pairs(doc, source.id()));
                    work[from..].reverse();
                }
            }
        }
        equal_keys(
            &list,
            |doc, first, key, value| {
                let written = |wanted: NodeId| pairs(doc, id).any(|(key, _)| key == wanted);
                let merges = doc.raw(id).flags & MERGES != 0;
                let merged = merges && !(written(first) && written(key));
                found.push((doc.raw(value).next, u32::MAX - value.0, first, key, value, merged));
            },
            doc,
        );
    }
    if found.is_empty() {
        return;
    }
    // Go finds them when a value is complete, so the inner ones first.
    found.sort_unstable_by_key(|f| (f.0, f.1));
    let lines = lines.get_or_init(|| LineIndex::new(&doc.text));
    for (_, _, first, key, value, merged) in found {
        let line = lines.line_column(&doc.text, doc.raw(value).start).line;
        let node = Node::of_doc(doc, key);
        let shown = if node.is_null() { "<nil>".to_owned() } else { go_syntax(node, false) };
        let upstream = format!("line {line}: key {shown} already set in map");
        let said = if merged { merge_override(doc, first, key) } else { duplicate(doc, first, key) };
        out.push(said.upstream(upstream));
    }
}

/// The idiom of merging defaults: lenient readers take whichever is set last, a strict one refuses both.
fn merge_override(doc: &Doc, first: NodeId, key: NodeId) -> Diagnostic {
    let text = doc.scalar(doc.follow(key));
    let message = format!("`{text}` is set here and by a `<<` merge");
    Diagnostic::new(&codes::YAML_MERGE_OVERRIDE, span(doc, key), message)
        .related(span(doc, first), "set here first")
        .help("put the merge first; what comes later wins")
}

fn duplicate(doc: &Doc, first: NodeId, key: NodeId) -> Diagnostic {
    let text = doc.scalar(doc.follow(key));
    Diagnostic::new(&codes::YAML_DUPLICATE_KEY, span(doc, key), format!("the key `{text}` is set twice"))
        .label("set again here; lenient readers take the last")
        .related(span(doc, first), "set here first")
        .help("remove one of the two, or indent it if it belongs to another field")
}

/// Equal keys as go-yaml v3 finds them: by their texts, whatever their types.
fn duplicate_texts(doc: &Doc, lines: &OnceCell<LineIndex>, out: &mut Diagnostics) {
    let mut found = Vec::new();
    let mut list = Vec::new();
    for id in maps(doc) {
        list.clear();
        list.extend(pairs(doc, id).map(|(key, value)| {
            let raw = doc.raw(key);
            let alias = raw.flags & ALIAS != 0;
            let kind = if alias { None } else { Some(raw.kind) };
            let text = match kind {
                Some(Kind::Scalar) => doc.scalar(key),
                Some(_) => "",
                None => doc.text.get(raw.start as usize..raw.end as usize).unwrap_or(""),
            };
            ((kind, text), key, value)
        }));
        equal_keys(&list, |_, first, key, _| found.push((first, key)), doc);
    }
    if found.is_empty() {
        return;
    }
    let lines = lines.get_or_init(|| LineIndex::new(&doc.text));
    let line = |id: NodeId| lines.line_column(&doc.text, doc.raw(id).start).line;
    for (first, key) in found {
        let is_scalar = doc.raw(key).kind == Kind::Scalar;
        let text = if is_scalar { doc.scalar(doc.follow(key)) } else { "" };
        let shown = go_quote(text);
        out.push(duplicate(doc, first, key).upstream(format!(
            "line {}: mapping key {shown} already defined at line {}",
            line(key),
            line(first)
        )));
    }
}

/// What sigs.k8s.io/yaml cannot turn into JSON.
fn through_json(doc: &Doc, out: &mut Diagnostics) {
    if doc.odd & ODD_KEYS != 0 {
        for id in maps(doc) {
            for (key, value) in pairs(doc, id) {
                let node = Node::of_doc(doc, key);
                if doc.raw(key).resolved == Resolved::Merge
                    || !matches!(node.value(), Value::Null | Value::UInt(_))
                {
                    continue;
                }
                let shown = go_syntax(Node::of_doc(doc, value), false);
                let (message, kind) = match node.value() {
                    Value::Null => ("a key is missing".to_owned(), "%!s(<nil>)"),
                    _ => (format!("the number `{}` is too large for a key", node.text()), "uint64"),
                };
                let key_shown = if node.is_null() { "<nil>".to_owned() } else { go_syntax(node, false) };
                let value_shown = if shown == "interface {}(nil)" { "<nil>".to_owned() } else { shown };
                out.push(
                    Diagnostic::new(&codes::YAML_KEY, span(doc, key), message)
                        .help("put the key in quotes")
                        .upstream(format!(
                            "unsupported map key of type: {kind}, key: {key_shown}, value: {value_shown}"
                        )),
                );
            }
        }
    }
    if doc.odd & NOT_FINITE == 0 {
        return;
    }
    // As keys they become strings.
    let keys: HashSet<NodeId> = maps(doc).flat_map(|map| pairs(doc, map).map(|(key, _)| key)).collect();
    let floats = doc.nodes.iter().enumerate().filter(|(id, raw)| {
        raw.resolved == Resolved::Float && raw.flags & ALIAS == 0 && !keys.contains(&NodeId(*id as u32))
    });
    let not_finite = floats.filter_map(|(id, _)| match number(doc.scalar(NodeId(id as u32))) {
        Some(Number::Float(f)) if !f.is_finite() => Some((NodeId(id as u32), f)),
        _ => None,
    });
    out.extend(not_finite.take(MANY).map(|(id, f)| {
        let message = format!("`{}` is a number that JSON does not have", doc.scalar(id));
        Diagnostic::new(&codes::YAML_NUMBER, span(doc, id), message)
            .help("put it in quotes if it is a string")
            .upstream(format!("json: unsupported value: {}", go_type::non_finite(f)))
    }));
}

/// So many of one kind are told in a document.
const MANY: usize = 20;
