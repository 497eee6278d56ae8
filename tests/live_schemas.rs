//! The tables against what real servers publish of themselves, field by field.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use plimsoll::schema::{List, Schema, Shape, Type, VERSIONS, Version};
use serde_json::Value;

/// The recorded documents of one version; `None`, said aloud, where they are not there.
#[expect(clippy::print_stderr, reason = "a test that judges nothing must say so")]
fn recorded(version: Version) -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/conformance/validate/openapi");
    let folder = root.join(version.to_string());
    if !folder.is_dir() {
        eprintln!("skipped: no documents of a {version} server at {}", folder.display());
        return None;
    }
    Some(folder)
}

fn resources(folder: &Path) -> Vec<Value> {
    let beside = folder.join("resources.json");
    let path = if beside.exists() { beside } else { folder.join("../../resources.json") };
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn definitions(folder: &Path) -> BTreeMap<String, Value> {
    let mut all = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let name = entry.file_name().into_string().unwrap();
        if name.starts_with("api") && name.ends_with(".json.gz") {
            let file = std::fs::File::open(entry.path()).unwrap();
            let mut json: Value = serde_json::from_reader(flate2::read::GzDecoder::new(file)).unwrap();
            if let Some(Value::Object(found)) = json.pointer_mut("/components/schemas").map(Value::take) {
                all.extend(found);
            }
        }
    }
    all
}

#[test]
fn kinds_are_those_that_the_servers_list() {
    for version in VERSIONS {
        let Some(folder) = recorded(version) else { continue };
        let schema = Schema::of(version);
        let text = |value: &Value| value.as_str().unwrap_or("").to_owned();
        let mut live = BTreeSet::new();
        for resource in resources(&folder) {
            let creatable = resource["verbs"].as_array().unwrap().iter().any(|v| v == "create");
            let [group, version, kind, plural] =
                ["group", "version", "kind", "plural"].map(|k| text(&resource[k]));
            if !creatable || plural.contains('/') {
                continue;
            }
            let ours =
                schema.kind(&group, &version, &kind).unwrap_or_else(|| panic!("no {group}/{version} {kind}"));
            assert_eq!(ours.plural(), plural);
            assert_eq!(ours.singular(), text(&resource["singular"]), "{kind}");
            assert_eq!(ours.is_namespaced(), resource["namespaced"] == true, "{kind}");
            for (key, ours) in [
                ("shortNames", ours.short_names().collect::<Vec<_>>()),
                ("categories", ours.categories().collect()),
            ] {
                let theirs: Vec<String> = resource[key].as_array().into_iter().flatten().map(text).collect();
                assert_eq!(ours, theirs, "{key} of {kind}");
            }
            live.insert((group, version, kind));
        }
        let served = schema.kinds().filter(|k| k.is_served_by_default());
        let ours: BTreeSet<_> =
            served.map(|k| (k.group().to_owned(), k.version().to_owned(), k.kind().to_owned())).collect();
        assert_eq!(ours, live, "kinds of {version}");
    }
}

#[test]
fn fields_are_those_that_the_servers_publish() {
    for version in VERSIONS {
        let Some(folder) = recorded(version) else { continue };
        let schema = Schema::of(version);
        let mut wrong = Vec::new();
        let mut fields = 0;
        for (name, definition) in definitions(&folder) {
            let short = name.trim_start_matches("io.k8s.");
            let Some(ty) = schema.named(short) else {
                wrong.push(format!("no type {short}"));
                continue;
            };
            let empty = serde_json::Map::new();
            let theirs = definition["properties"].as_object().unwrap_or(&empty);
            let names: BTreeSet<&str> = theirs.keys().map(String::as_str).collect();
            let ours: BTreeSet<&str> = ty.fields().map(|f| f.name()).collect();
            let extra: Vec<_> = names.symmetric_difference(&ours).collect();
            if !extra.is_empty() {
                wrong.push(format!("{short}: only in one of the two: {extra:?}"));
            }
            for (name, property) in theirs {
                fields += 1;
                wrong.extend(
                    differences(ty, name, property, &definition)
                        .into_iter()
                        .map(|d| format!("{short}.{name}: {d}")),
                );
            }
        }
        assert!(fields > 2_000, "only {fields} fields of {version} were compared");
        assert!(wrong.is_empty(), "{version}: {} differences\n{}", wrong.len(), wrong.join("\n"));
    }
}

fn differences(ty: Type<'_>, name: &str, property: &Value, definition: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    let Some(field) = ty.field(name) else { return wrong };
    let mut differ = |what: &str, ours: String, theirs: String| {
        if ours != theirs {
            wrong.push(format!("{what}: {ours}, a server says {theirs}"));
        }
    };
    let words = |value: &Value| -> Vec<String> {
        value.as_array().into_iter().flatten().map(|v| v.as_str().unwrap_or("").to_owned()).collect()
    };
    differ(
        "required",
        field.is_required().to_string(),
        words(&definition["required"]).contains(&name.to_owned()).to_string(),
    );
    differ("type", shape(field.ty()), their_shape(property));
    let enums = [property, &property["items"]].map(|p| words(&p["enum"])).concat();
    let element = field.ty().element().filter(|_| field.ty().shape() == Shape::List).unwrap_or(field.ty());
    differ("enum", format!("{:?}", element.values().collect::<Vec<_>>()), format!("{enums:?}"));
    let keys = words(&property["x-kubernetes-list-map-keys"]);
    differ("keys", format!("{:?}", field.ty().list_keys().collect::<Vec<_>>()), format!("{keys:?}"));
    let list = match field.ty().list() {
        Some(List::Set) => "set",
        Some(List::Map) => "map",
        _ => "atomic",
    };
    differ("list", list.into(), property["x-kubernetes-list-type"].as_str().unwrap_or("atomic").into());
    let merge_key = property["x-kubernetes-patch-merge-key"].as_str().unwrap_or("");
    differ("merge key", field.merge_key().unwrap_or("").into(), merge_key.into());
    let strategy = property["x-kubernetes-patch-strategy"].as_str().unwrap_or("");
    let patch = field.patch();
    let ours: BTreeSet<&str> =
        [("merge", patch.merge), ("retainKeys", patch.retain_keys), ("replace", patch.replace)]
            .into_iter()
            .filter_map(|(word, set)| set.then_some(word))
            .collect();
    let theirs: BTreeSet<&str> = strategy.split(',').filter(|s| !s.is_empty()).collect();
    differ("patch", format!("{ours:?}"), format!("{theirs:?}"));
    let default = property.get("default").map(Value::to_string).unwrap_or_default();
    let empty = matches!(default.as_str(), "{}" | "\"\"" | "0" | "false");
    differ("default", field.default_json().unwrap_or("").into(), if empty { String::new() } else { default });
    wrong
}

fn shape(ty: Type<'_>) -> String {
    match ty.shape() {
        Shape::Object | Shape::SchemaOrBool | Shape::SchemaOrList | Shape::SchemaOrStrings => {
            ty.name().to_owned()
        }
        Shape::List => format!("[{}]", ty.element().map_or(String::new(), shape)),
        Shape::Map => format!("{{{}}}", ty.element().map_or(String::new(), shape)),
        _ if !ty.name().is_empty() => ty.name().to_owned(),
        Shape::String => "string".into(),
        Shape::Bool => "boolean".into(),
        Shape::Int32 => "integer int32".into(),
        Shape::Int64 => "integer int64".into(),
        Shape::Number => "number double".into(),
        Shape::Bytes => "string byte".into(),
        other => format!("{other:?}"),
    }
}

fn their_shape(property: &Value) -> String {
    let reference = property.get("$ref").or_else(|| property.pointer("/allOf/0/$ref"));
    if let Some(name) = reference.and_then(Value::as_str) {
        return name.rsplit('/').next().unwrap_or("").trim_start_matches("io.k8s.").to_owned();
    }
    let word = |key: &str| property[key].as_str().unwrap_or("");
    match word("type") {
        "array" => format!("[{}]", their_shape(&property["items"])),
        "object" => format!("{{{}}}", their_shape(&property["additionalProperties"])),
        other => format!("{other} {}", word("format")).trim().to_owned(),
    }
}
