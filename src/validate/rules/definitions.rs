//! CustomResourceDefinitions: names that fit each other, and schemas that say which fields there are
//! (apiextensions-apiserver pkg/apis/apiextensions/validation and pkg/apiserver/schema).
//!
//! A structural schema tells the types of all fields outside of `allOf`, `anyOf`, `oneOf` and `not`; what stands inside of these
//! only restricts values.

use std::fmt::Write;

use rustc_hash::FxHashSet;
use source::Code;
use yaml::{Kind, Node};

use super::super::codes::{
    ENUM_VALUE, INVALID_NAME, INVALID_VALUE, REQUIRED_FIELD_MISSING, SCHEMA_NOT_STRUCTURAL,
};
use super::super::decode::Walk;
use super::super::name;
use super::{is_set, items, text};
use crate::schema::Pattern;

/// Schemas of one definition that are looked at; what is beyond has been told by the compiler of definitions.
const SCHEMAS: usize = 500_000;
/// Levels, likewise.
const DEPTH: usize = 100;

/// A whole CustomResourceDefinition.
pub(super) fn definition<'a>(walk: &mut Walk<'a, '_>, node: Node<'a>) {
    let Some(spec) = node.get("spec").filter(|s| s.kind() == Kind::Map) else { return };
    names(walk, node, spec);
    let versions: Vec<Node<'a>> = items(spec, "versions").collect();
    let schema = |version: &Node<'a>| version.at("schema.openAPIV3Schema").filter(|schema| !schema.is_null());
    let schemas: Vec<Option<Node<'a>>> = versions.iter().map(schema).collect();
    // Where all versions agree the server speaks of the one schema that they share.
    let shared = schemas.first().copied().flatten().filter(|first| {
        let json = |node: Node<'_>| {
            let mut bytes = Vec::new();
            yaml::to_json(node, &mut bytes);
            bytes
        };
        schemas.len() == 1 || {
            let first = json(*first);
            schemas.iter().skip(1).all(|other| other.is_some_and(|other| json(other) == first))
        }
    });
    match shared {
        Some(schema) => judge(walk, schema, "spec.validation.openAPIV3Schema".to_owned()),
        None => {
            for (at, (schema, version)) in schemas.into_iter().zip(&versions).enumerate() {
                match schema {
                    Some(schema) => {
                        judge(walk, schema, format!("spec.versions[{at}].schema.openAPIV3Schema"))
                    }
                    None => without_schema(walk, *version, at),
                }
            }
        }
    }
}

/// Every version has to say what its objects hold.
fn without_schema(walk: &mut Walk<'_, '_>, version: Node<'_>, at: usize) {
    let shown = version.entry("schema").or_else(|| version.entry("name")).map_or(version, |(key, _)| key);
    let message = "this version has no `schema.openAPIV3Schema`";
    let below = format!(".spec.versions[{at}].schema.openAPIV3Schema");
    walk.tell(&REQUIRED_FIELD_MISSING, "FieldValueRequired", shown, below, message).help = Some(
        "say what its objects hold; `{type: object, x-kubernetes-preserve-unknown-fields: true}` takes anything"
            .to_owned(),
    );
}

/// A definition is called by what it defines.
fn names(walk: &mut Walk<'_, '_>, node: Node<'_>, spec: Node<'_>) {
    let word = |path: &str| spec.at(path).map_or("", Node::text);
    let wanted = format!("{}.{}", word("names.plural"), word("group"));
    called(walk, node, &wanted, "its plural and its group");
    for field in ["plural", "singular", "kind", "listKind"] {
        let Some((at, name)) = spec.get("names").and_then(|names| text(names, field)) else { continue };
        let lower = if field.ends_with("ind") { name.to_ascii_lowercase() } else { name.to_owned() };
        label(walk, at, &lower, &format!(".spec.names.{field}"));
    }
    for list in ["shortNames", "categories"] {
        for (at, name) in spec.get("names").into_iter().flat_map(|names| items(names, list)).enumerate() {
            label(walk, name, name.text(), &format!(".spec.names.{list}[{at}]"));
        }
    }
    if !word("names.kind").is_empty() && word("names.kind") == word("names.listKind") {
        let at = spec.at("names.listKind").unwrap_or(spec);
        let message = "`listKind` cannot be the `kind`";
        walk.tell(&INVALID_NAME, "FieldValueInvalid", at, ".spec.names.listKind", message);
    }
}

/// An APIService is called by the version that it serves.
pub(super) fn service<'a>(walk: &mut Walk<'a, '_>, node: Node<'a>) {
    let word = |path: &str| node.at(path).map_or("", Node::text);
    let wanted = format!("{}.{}", word("spec.version"), word("spec.group"));
    called(walk, node, &wanted, "its version and its group");
}

/// An object whose name is made of its fields.
pub(super) fn called(walk: &mut Walk<'_, '_>, node: Node<'_>, wanted: &str, of: &str) {
    for field in ["generateName", "name"] {
        let found = node.get("metadata").and_then(|m| text(m, field));
        let Some((at, name)) = found.filter(|(_, name)| *name != wanted) else { continue };
        let message = format!("`{name}` is not made of {of}");
        walk.tell(&INVALID_NAME, "FieldValueInvalid", at, format_args!(".metadata.{field}"), message).help =
            Some(format!("it has to be `{wanted}`"));
    }
}

fn label(walk: &mut Walk<'_, '_>, at: Node<'_>, name: &str, below: &str) {
    if name::label(name).is_some() || name.starts_with(|c: char| c.is_ascii_digit()) {
        let message = format!("`{name}` is no name of a kind");
        walk.tell(&INVALID_NAME, "FieldValueInvalid", at, below, message).help =
            Some("at most 63 lower-case letters, digits and `-`, with a letter at the beginning".to_owned());
    }
}

/// Where a schema stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Level {
    Root,
    Field,
    Item,
    /// Under `allOf`, `anyOf`, `oneOf` or `not`.
    Nested,
}

/// One schema that is still to be looked at.
struct Open<'a> {
    node: Node<'a>,
    level: Level,
    /// The step that led here, in the list of all.
    step: usize,
    depth: usize,
    /// Inside of what is said of `metadata`, `kind` and `apiVersion`: the server sets them, a default has no place there.
    in_metadata: bool,
    /// The schema that says which fields there are; of a nested one only.
    structure: Option<(Node<'a>, usize)>,
    /// What an int-or-string may repeat.
    skips_any_of: bool,
}

/// The ways to all schemas; texts are only made of those with a fault.
struct Ways<'a> {
    base: String,
    steps: Vec<(usize, Step<'a>)>,
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Root,
    Word(&'static str),
    Key(&'static str, &'a str),
    Index(&'static str, usize),
}

impl<'a> Ways<'a> {
    fn push(&mut self, from: usize, step: Step<'a>) -> usize {
        self.steps.push((from, step));
        self.steps.len() - 1
    }

    fn path(&self, mut at: usize) -> String {
        let mut chain = Vec::new();
        while let Some((from, step)) = self.steps.get(at).filter(|(_, step)| !matches!(step, Step::Root)) {
            chain.push(*step);
            at = *from;
        }
        let mut path = self.base.clone();
        for step in chain.into_iter().rev() {
            let _ = match step {
                Step::Root => Ok(()),
                Step::Word(word) => write!(path, ".{word}"),
                Step::Key(word, key) => write!(path, ".{word}[{key}]"),
                Step::Index(word, index) => write!(path, ".{word}[{index}]"),
            };
        }
        path
    }
}

/// One fault of a schema.
struct Fault<'a> {
    code: &'static Code,
    reason: &'static str,
    node: Node<'a>,
    path: String,
    message: String,
}

fn judge<'a>(walk: &mut Walk<'a, '_>, schema: Node<'a>, base: String) {
    let mut ways = Ways { base, steps: vec![(0, Step::Root)] };
    let mut all = Vec::new();
    gather(schema, &mut ways, &mut all);
    let mut faults: Vec<Fault<'a>> = Vec::new();
    let mut is_supported = true;
    for open in &all {
        is_supported &= plain(open, &ways, &mut faults);
    }
    // What the server cannot read as a structural schema at all it does not judge as one.
    if is_supported {
        for open in &all {
            structural(open, &ways, &mut faults);
        }
    }
    let mut told = FxHashSet::default();
    for fault in faults {
        if told.insert((fault.reason, fault.path.clone())) {
            walk.report.push(fault.code, fault.reason, fault.node, fault.path, fault.message);
        }
    }
}

const JUNCTORS: [&str; 3] = ["allOf", "anyOf", "oneOf"];

/// All schemas below one, without recursion.
fn gather<'a>(schema: Node<'a>, ways: &mut Ways<'a>, all: &mut Vec<Open<'a>>) {
    let root = Open {
        node: schema,
        level: Level::Root,
        step: 0,
        depth: 0,
        in_metadata: false,
        structure: None,
        skips_any_of: false,
    };
    let mut pending = vec![root];
    while let Some(open) = pending.pop() {
        if open.node.kind() != Kind::Map || open.depth > DEPTH || all.len() > SCHEMAS {
            continue;
        }
        let is_nested = open.level == Level::Nested;
        let child = |node, level, step, structure| Open {
            node,
            level,
            step,
            depth: open.depth + 1,
            in_metadata: open.in_metadata,
            structure,
            skips_any_of: false,
        };
        let here = open.node;
        if let Some(items) = here.get("items") {
            let step = ways.push(open.step, Step::Word("items"));
            let structure = open.structure.and_then(|(s, _)| Some((s.get("items")?, step)));
            pending.push(child(items, if is_nested { Level::Nested } else { Level::Item }, step, structure));
        }
        for (key, schema) in here.get("properties").into_iter().flat_map(Node::entries) {
            let step = ways.push(open.step, Step::Key("properties", key.text()));
            let structure =
                open.structure.and_then(|(s, _)| Some((s.get("properties")?.get(key.text())?, step)));
            let level = if is_nested { Level::Nested } else { Level::Field };
            let is_meta =
                open.level == Level::Root && matches!(key.text(), "metadata" | "kind" | "apiVersion");
            pending.push(Open {
                in_metadata: open.in_metadata || is_meta,
                ..child(schema, level, step, structure)
            });
        }
        if let Some(schema) = here.get("additionalProperties") {
            let step = ways.push(open.step, Step::Word("additionalProperties"));
            pending.push(child(schema, if is_nested { Level::Nested } else { Level::Field }, step, None));
        }
        let structure = if is_nested { open.structure } else { Some((here, open.step)) };
        for word in JUNCTORS {
            for (at, schema) in items(here, word).enumerate() {
                let skipped = (word == "anyOf"
                    && (open.skips_any_of || (!is_nested && is_int_or_string(here))))
                    && is_int_or_string(here);
                if skipped {
                    continue;
                }
                let step = ways.push(open.step, Step::Index(word, at));
                let skips_any_of = word == "allOf" && at == 0 && !is_nested && is_int_or_string(schema);
                pending.push(Open { skips_any_of, ..child(schema, Level::Nested, step, structure) });
            }
        }
        if let Some(schema) = here.get("not") {
            let step = ways.push(open.step, Step::Word("not"));
            pending.push(child(schema, Level::Nested, step, structure));
        }
        all.push(open);
    }
}

/// Whether a value says nothing to Go: it is as good as absent.
fn is_void(value: Node<'_>) -> bool {
    match value.kind() {
        Kind::Scalar => value.is_null() || value.as_str() == Some("") || value.as_bool() == Some(false),
        Kind::Seq => value.items().next().is_none(),
        Kind::Map => value.entries().next().is_none(),
    }
}

/// The text of a string; empty where there is none.
fn word<'a>(node: Node<'a>, key: &str) -> &'a str {
    node.get(key).and_then(Node::as_str).unwrap_or("")
}

/// Whether the `anyOf` of a schema is that of an int-or-string.
fn is_int_or_string(schema: Node<'_>) -> bool {
    let says = |s: Node<'_>| s.entries().filter(|(_, value)| !is_void(*value)).count();
    let types: Vec<(&str, usize)> = items(schema, "anyOf").map(|s| (word(s, "type"), says(s))).collect();
    types == [("integer", 1), ("string", 1)]
}

/// What holds for every schema; gives whether the server can read it as a structural one.
fn plain<'a>(open: &Open<'a>, ways: &Ways<'a>, out: &mut Vec<Fault<'a>>) -> bool {
    let node = open.node;
    let mut is_supported = true;
    let mut tell = |reason: &'static str, below: &str, message: String| {
        let at = node.get(below.trim_start_matches('.')).unwrap_or(node);
        let code = match reason {
            "FieldValueRequired" => &REQUIRED_FIELD_MISSING,
            "FieldValueNotSupported" => &ENUM_VALUE,
            "FieldValueForbidden" => &SCHEMA_NOT_STRUCTURAL,
            _ => &INVALID_VALUE,
        };
        out.push(Fault { code, reason, node: at, path: format!("{}{below}", ways.path(open.step)), message });
    };
    let ty = word(node, "type");
    if !ty.is_empty() && !matches!(ty, "array" | "boolean" | "integer" | "number" | "object" | "string") {
        tell("FieldValueNotSupported", ".type", format!("there is no type `{ty}`"));
        if ty == "null" {
            tell("FieldValueForbidden", ".type", "`null` is no type here: use `nullable`".to_owned());
        }
    }
    if open.in_metadata && is_set(node, "default") {
        tell("FieldValueForbidden", ".default", "what every object has takes no default".to_owned());
    }
    let is_some = |key: &str| {
        node.get(key).is_some_and(|v| {
            !v.is_null()
                && (v.kind() == Kind::Scalar || v.entries().next().is_some() || v.items().next().is_some())
        })
    };
    for word in ["id", "additionalItems", "patternProperties", "definitions", "$ref"] {
        if is_some(word) && node.get(word).and_then(Node::as_str) != Some("") {
            is_supported = false;
            tell(
                "FieldValueForbidden",
                &format!(".{word}"),
                format!("`{word}` is not supported in a definition"),
            );
        }
    }
    if is_set(node, "dependencies") {
        is_supported &= !is_some("dependencies");
        tell(
            "FieldValueForbidden",
            ".dependencies",
            "`dependencies` is not supported in a definition".to_owned(),
        );
    }
    if node.get("uniqueItems").is_some_and(Node::is_true) {
        tell(
            "FieldValueForbidden",
            ".uniqueItems",
            "`uniqueItems` would take too long: use `x-kubernetes-list-type: set`".to_owned(),
        );
    }
    if node.get("items").is_some_and(|i| i.kind() == Kind::Seq) {
        is_supported = false;
        tell("FieldValueForbidden", ".items", "`items` must be one schema".to_owned());
    }
    let has_properties = node.get("properties").is_some_and(|p| p.entries().next().is_some());
    if has_properties
        && node.get("additionalProperties").is_some_and(|a| !a.is_null() && a.as_bool() != Some(true))
    {
        tell(
            "FieldValueForbidden",
            ".additionalProperties",
            "`additionalProperties` cannot stand beside `properties`".to_owned(),
        );
    }
    if node.get("x-kubernetes-preserve-unknown-fields").is_some_and(|p| p.as_bool() == Some(false)) {
        is_supported = false;
        let message = "`x-kubernetes-preserve-unknown-fields` is `true` or absent";
        tell("FieldValueInvalid", ".x-kubernetes-preserve-unknown-fields", message.to_owned());
    }
    let mut typed = |word: &str, wanted: &str| {
        if is_set(node, word) && ty != wanted {
            let reason = if ty.is_empty() { "FieldValueRequired" } else { "FieldValueInvalid" };
            tell(reason, ".type", format!("with `{word}` the type must be `{wanted}`"));
        }
    };
    typed("x-kubernetes-map-type", "object");
    typed("x-kubernetes-list-type", "array");
    let known = |word: &str, known: &[&str]| {
        node.get(word).is_some_and(|v| !v.is_null() && !known.contains(&v.text()))
    };
    if known("x-kubernetes-map-type", &["atomic", "granular"]) {
        tell("FieldValueNotSupported", ".x-kubernetes-map-type", "use `atomic` or `granular`".to_owned());
    }
    if known("x-kubernetes-list-type", &["atomic", "set", "map"]) {
        tell("FieldValueNotSupported", ".x-kubernetes-list-type", "use `atomic`, `set` or `map`".to_owned());
    }
    lists(node, ty, &mut tell);
    is_supported
}

/// Lists whose items are told apart.
fn lists(node: Node<'_>, ty: &str, tell: &mut impl FnMut(&'static str, &str, String)) {
    let list = node.get("x-kubernetes-list-type").filter(|l| !l.is_null()).map(Node::text);
    let keys: Vec<&str> = items(node, "x-kubernetes-list-map-keys").map(Node::text).collect();
    let item = node.get("items").filter(|i| i.kind() == Kind::Map);
    if !keys.is_empty() && list != Some("map") {
        let reason = if list.is_none() { "FieldValueRequired" } else { "FieldValueInvalid" };
        tell(
            reason,
            ".x-kubernetes-list-type",
            "with `x-kubernetes-list-map-keys` the list type must be `map`".to_owned(),
        );
    }
    if ty == "array"
        && list == Some("set")
        && let Some(item) = item
    {
        let is_atomic = |key: &str, absent: bool| item.get(key).map_or(absent, |v| v.text() == "atomic");
        match word(item, "type") {
            "array" if !is_atomic("x-kubernetes-list-type", true) => {
                tell(
                    "FieldValueInvalid",
                    ".items.x-kubernetes-list-type",
                    "lists in a set must be `atomic`".to_owned(),
                );
            }
            "object" if !is_atomic("x-kubernetes-map-type", false) => {
                tell(
                    "FieldValueInvalid",
                    ".items.x-kubernetes-map-type",
                    "maps in a set must be `atomic`".to_owned(),
                );
            }
            _ => {}
        }
    }
    if list == Some("map") {
        if keys.is_empty() {
            tell(
                "FieldValueRequired",
                ".x-kubernetes-list-map-keys",
                "a list of the type `map` needs keys".to_owned(),
            );
        }
        if node.get("items").is_none_or(Node::is_null) {
            tell("FieldValueRequired", ".items", "a list of the type `map` needs `items`".to_owned());
        }
        if let Some(item) = item {
            match word(item, "type") {
                "object" => {
                    let mut seen = FxHashSet::default();
                    for key in &keys {
                        let property = item.get("properties").and_then(|p| p.get(key));
                        if property.is_none() || !seen.insert(*key) {
                            let message = format!("`{key}` must be one property of the items, named once");
                            tell("FieldValueInvalid", ".x-kubernetes-list-map-keys", message);
                        }
                        if property.is_some_and(|p| matches!(word(p, "type"), "array" | "object")) {
                            let below = format!(".items.properties[{key}].type");
                            tell("FieldValueInvalid", &below, "a key of a list must be a scalar".to_owned());
                        }
                    }
                }
                _ => tell(
                    "FieldValueInvalid",
                    ".items.type",
                    "the items of such a list must be of the type `object`".to_owned(),
                ),
            }
        }
    }
    if let (Some("set" | "map"), Some(item)) = (list, item) {
        if item.get("nullable").is_some_and(Node::is_true) {
            tell("FieldValueForbidden", ".items.nullable", "what is told apart cannot be null".to_owned());
        }
        let required: Vec<&str> = items(item, "required").map(Node::text).collect();
        for key in keys.iter().filter(|_| list == Some("map")) {
            let Some(property) = item.get("properties").and_then(|p| p.get(key)) else { continue };
            if !required.contains(key) && !is_set(property, "default") {
                let below = format!(".items.properties[{key}].default");
                tell(
                    "FieldValueRequired",
                    &below,
                    format!("the key `{key}` must be required or have a default"),
                );
            }
            if property.get("nullable").is_some_and(Node::is_true) {
                let below = format!(".items.properties[{key}].nullable");
                tell("FieldValueForbidden", &below, format!("the key `{key}` cannot be null"));
            }
        }
    }
}

/// What makes a schema structural.
fn structural<'a>(open: &Open<'a>, ways: &Ways<'a>, out: &mut Vec<Fault<'a>>) {
    let node = open.node;
    let path = || ways.path(open.step);
    let fault = |reason: &'static str, below: String, message: String| {
        let code =
            if reason == "FieldValueRequired" { &REQUIRED_FIELD_MISSING } else { &SCHEMA_NOT_STRUCTURAL };
        let at = node.get(below.trim_start_matches('.')).unwrap_or(node);
        Fault { code, reason, node: at, path: format!("{}{below}", path()), message }
    };
    if let Some(text) = node.get("pattern").and_then(Node::as_str)
        && let Some(why) = Pattern::new(text).fault()
    {
        let shown: String = text.chars().take(40).collect();
        let message = format!("the pattern `{shown}` cannot be compiled: {why}");
        let at = node.get("pattern").unwrap_or(node);
        let code = &super::super::codes::CRD_INVALID;
        out.push(Fault {
            code,
            reason: "FieldValueInvalid",
            node: at,
            path: format!("{}.pattern", path()),
            message,
        });
    }
    let ty = word(node, "type");
    let on = |word: &str| node.get(word).is_some_and(Node::is_true);
    if open.level == Level::Nested {
        nested(open, ways, out);
        return;
    }
    let is_embedded = on("x-kubernetes-embedded-resource");
    let keeps = on("x-kubernetes-preserve-unknown-fields");
    let mut tell =
        |reason, below: &str, message: &str| out.push(fault(reason, below.to_owned(), message.to_owned()));
    if ty == "array" && node.get("items").is_none_or(Node::is_null) {
        tell("FieldValueRequired", ".items", "`items` is missing: a list needs the type of its items");
    }
    if is_set(node, "additionalProperties") && open.level == Level::Root {
        tell(
            "FieldValueForbidden",
            ".additionalProperties",
            "the object itself takes no `additionalProperties`",
        );
    }
    if on("x-kubernetes-int-or-string") {
        let message = "an int-or-string has no fields";
        if keeps {
            tell("FieldValueInvalid", ".x-kubernetes-preserve-unknown-fields", message);
        }
        if is_embedded {
            tell("FieldValueInvalid", ".x-kubernetes-embedded-resource", message);
        }
    }
    if is_embedded && ty != "object" {
        let reason = if ty.is_empty() { "FieldValueRequired" } else { "FieldValueInvalid" };
        tell(reason, ".type", "an embedded object must be of the type `object`");
    } else if ty.is_empty() && !on("x-kubernetes-int-or-string") && !keeps {
        tell("FieldValueRequired", ".type", "`type` is missing: every field needs one");
    }
    if is_embedded && is_set(node, "additionalProperties") {
        tell(
            "FieldValueForbidden",
            ".additionalProperties",
            "an embedded object takes no `additionalProperties`",
        );
    }
    if open.level == Level::Root && !ty.is_empty() && ty != "object" {
        tell("FieldValueInvalid", ".type", "the object itself must be of the type `object`");
    }
    let property = |name: &str| node.get("properties").and_then(|p| p.get(name));
    if open.level == Level::Root || is_embedded {
        for (name, wanted) in [("kind", "string"), ("apiVersion", "string"), ("metadata", "object")] {
            if property(name).is_some_and(|p| word(p, "type") != wanted) {
                tell(
                    "FieldValueInvalid",
                    &format!(".properties[{name}].type"),
                    &format!("`{name}` is of the type `{wanted}`"),
                );
            }
        }
    }
    if open.level == Level::Root
        && let Some(metadata) = property("metadata")
    {
        let only_names = metadata.get("properties").is_none_or(|properties| {
            properties.entries().all(|(key, _)| matches!(key.text(), "name" | "generateName"))
        });
        let says_more = metadata.entries().any(|(key, value)| {
            !matches!(key.text(), "type" | "properties" | "default")
                && !value.is_null()
                && value.as_bool() != Some(false)
                && value.as_str() != Some("")
        });
        if !only_names || says_more {
            tell(
                "FieldValueForbidden",
                ".properties[metadata]",
                "of `metadata` only `name` and `generateName` can be restricted",
            );
        }
    }
    if is_embedded && !keeps && node.get("properties").is_none_or(|p| p.entries().next().is_none()) {
        tell(
            "FieldValueRequired",
            ".properties",
            "an embedded object needs `properties`, or keeps unknown fields",
        );
    }
}

/// What a schema under `allOf`, `anyOf`, `oneOf` or `not` may not say, and what must be said outside of it.
fn nested<'a>(open: &Open<'a>, ways: &Ways<'a>, out: &mut Vec<Fault<'a>>) {
    let node = open.node;
    let path = ways.path(open.step);
    let mut tell = |reason: &'static str, at: Node<'a>, path: String, message: String| {
        let code =
            if reason == "FieldValueRequired" { &REQUIRED_FIELD_MISSING } else { &SCHEMA_NOT_STRUCTURAL };
        out.push(Fault { code, reason, node: at, path, message });
    };
    for (key, value) in node.entries() {
        let word = key.text();
        let says = match word {
            "type" | "title" | "description" => value.as_str().is_some_and(|t| !t.is_empty()),
            "nullable"
            | "x-kubernetes-preserve-unknown-fields"
            | "x-kubernetes-embedded-resource"
            | "x-kubernetes-int-or-string" => value.is_true(),
            "additionalProperties" | "default" | "x-kubernetes-list-type" | "x-kubernetes-map-type" => {
                !value.is_null()
            }
            "x-kubernetes-list-map-keys" | "x-kubernetes-validations" => value.items().next().is_some(),
            _ => false,
        };
        if says {
            let message = format!("`{word}` must stand outside of `allOf`, `anyOf`, `oneOf` and `not`");
            tell("FieldValueForbidden", key, format!("{path}.{word}"), message);
        }
    }
    let properties = node.get("properties").into_iter().flat_map(Node::entries);
    for (key, _) in properties {
        if key.text() == "metadata" {
            let message = "nothing can be said of `metadata` here".to_owned();
            tell("FieldValueForbidden", key, format!("{path}.properties[metadata]"), message);
        }
    }
}
