//! The document that Kustomize carries and merges by: an OpenAPI v2 document in gnostic's protobuf form.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Map, Value, json};

use super::definitions::{Kind, Tables, kinds_of, text};

/// Reads `swagger.pb` of the kyaml module.
pub fn tables(module: &Path, version: &str) -> Result<Tables, String> {
    let folder = format!("openapi/kubernetesapi/v{}/swagger.pb", version.replace('.', "_"));
    let path = module.join(folder);
    let bytes = std::fs::read(&path).map_err(|e| format!("{}: {e}", path.display()))?;
    let mut definitions = Map::new();
    let mut scopes: BTreeMap<(String, String, String), (bool, String)> = BTreeMap::new();
    for (field, part) in messages(&bytes) {
        match field {
            8 => messages(part).filter(|(f, _)| *f == 2).for_each(|(_, path)| scope(path, &mut scopes)),
            9 => definitions.extend(named_schemas(part)),
            _ => {}
        }
    }
    let mut tables = Tables::of_definitions(&definitions, |_, _| None)?;
    for ((group, version, kind), type_name) in kinds_of(&definitions) {
        if let Some((namespaced, plural)) = scopes.get(&(group.clone(), version.clone(), kind.clone())) {
            let singular = kind.to_lowercase();
            let (short_names, categories) = (Vec::new(), Vec::new());
            let (namespaced, plural) = (*namespaced, plural.clone());
            tables.kinds.push(Kind {
                group,
                version,
                kind,
                plural,
                singular,
                namespaced,
                short_names,
                categories,
                type_name,
            });
        }
    }
    Ok(tables)
}

/// A path whose POST or GET names a kind tells its scope: a `{namespace}` in any of them makes it namespaced.
fn scope(named: &[u8], scopes: &mut BTreeMap<(String, String, String), (bool, String)>) {
    let mut path = "";
    for (field, part) in messages(named) {
        match field {
            1 => path = std::str::from_utf8(part).unwrap_or(""),
            2 => {
                for (_, operation) in messages(part).filter(|(f, _)| matches!(f, 2..=8)) {
                    let extensions =
                        messages(operation).filter(|(f, _)| *f == 13).filter_map(|(_, e)| extension(e));
                    for (name, gvk) in extensions {
                        let last = path.rsplit('/').find(|s| !s.starts_with('{')).unwrap_or("");
                        if name != "x-kubernetes-group-version-kind" || path.contains("/watch/") {
                            continue;
                        }
                        // Below `{name}` stands a subresource, whose kind may be another one.
                        let own = !path.trim_end_matches(last).trim_end_matches('/').ends_with("{name}");
                        let key = (
                            text(&gvk["group"]).into(),
                            text(&gvk["version"]).into(),
                            text(&gvk["kind"]).into(),
                        );
                        if own || scopes.contains_key(&key) {
                            let entry = scopes.entry(key).or_insert((false, last.to_owned()));
                            entry.0 |= path.contains("namespaces/{namespace}");
                        }
                    }
                }
            }
            _ => {}
        }
    }
}

fn named_schemas(bytes: &[u8]) -> Vec<(String, Value)> {
    let named = messages(bytes).filter(|(f, _)| *f == 1);
    named
        .map(|(_, pair)| {
            let (mut name, mut value) = (String::new(), Value::Null);
            for (field, part) in messages(pair) {
                match field {
                    1 => name = String::from_utf8_lossy(part).into_owned(),
                    _ => value = schema(part),
                }
            }
            (name, value)
        })
        .collect()
}

/// A `Schema` message as the JSON that it came from, as far as the tables read it.
fn schema(bytes: &[u8]) -> Value {
    let mut out = Map::new();
    let string = |part: &[u8]| Value::from(String::from_utf8_lossy(part).into_owned());
    for (field, part) in messages(bytes) {
        let (key, value) = match field {
            1 => ("$ref", string(part)),
            2 => ("format", string(part)),
            4 => ("description", string(part)),
            19 => {
                let mut all = out.remove("required").unwrap_or_else(|| json!([]));
                if let Value::Array(all) = &mut all {
                    all.push(string(part));
                }
                ("required", all)
            }
            21 => match messages(part).next() {
                Some((1, inner)) => ("additionalProperties", schema(inner)),
                _ => continue,
            },
            22 => ("type", messages(part).next().map_or(Value::Null, |(_, t)| string(t))),
            23 => ("items", messages(part).next().map_or(Value::Null, |(_, t)| schema(t))),
            25 => ("properties", Value::Object(named_schemas(part).into_iter().collect())),
            31 => match extension(part) {
                Some((name, value)) => {
                    out.insert(name, value);
                    continue;
                }
                None => continue,
            },
            _ => continue,
        };
        out.insert(key.to_owned(), value);
    }
    Value::Object(out)
}

/// A `NamedAny`: its value stands as a piece of YAML.
fn extension(bytes: &[u8]) -> Option<(String, Value)> {
    let mut name = String::new();
    let mut yaml = String::new();
    for (field, part) in messages(bytes) {
        match field {
            1 => name = String::from_utf8_lossy(part).into_owned(),
            _ => {
                for (_, text) in messages(part).filter(|(f, _)| *f == 2) {
                    yaml = String::from_utf8_lossy(text).into_owned();
                }
            }
        }
    }
    Some((name, small_yaml(&yaml)))
}

/// The three shapes that the extensions have: a word, a list of words, a list of small maps (or one of them).
fn small_yaml(text: &str) -> Value {
    let mut items: Vec<Value> = Vec::new();
    let mut map = Map::new();
    for line in text.lines() {
        let (dash, rest) = match line.strip_prefix("- ") {
            Some(rest) => (true, rest),
            None => (false, line.trim_start()),
        };
        if dash && !map.is_empty() {
            items.push(Value::Object(std::mem::take(&mut map)));
        }
        match rest.split_once(':') {
            Some((key, value)) => {
                map.insert(key.into(), value.trim().trim_matches('"').into());
            }
            None if dash => items.push(rest.into()),
            None => return rest.trim().trim_matches('"').into(),
        }
    }
    match (items.is_empty(), map.is_empty()) {
        (true, _) if !text.starts_with("- ") => Value::Object(map),
        (_, true) => items.into(),
        _ => {
            items.push(Value::Object(map));
            items.into()
        }
    }
}

/// The length-delimited fields of a protobuf message; numbers are stepped over.
fn messages(bytes: &[u8]) -> impl Iterator<Item = (u64, &[u8])> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let tag = varint(bytes, &mut at)?;
            match tag & 7 {
                0 => drop(varint(bytes, &mut at)?),
                1 => at += 8,
                5 => at += 4,
                2 => {
                    let length = varint(bytes, &mut at)? as usize;
                    let part = bytes.get(at..at + length)?;
                    at += length;
                    return Some((tag >> 3, part));
                }
                _ => return None,
            }
        }
    })
}

fn varint(bytes: &[u8], at: &mut usize) -> Option<u64> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let byte = *bytes.get(*at)?;
        *at += 1;
        value |= u64::from(byte & 127) << shift;
        if byte < 128 {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schemas::definitions::{array, short};

    #[test]
    fn extensions_are_read_in_their_three_shapes() {
        assert_eq!(small_yaml("merge\n"), json!("merge"));
        assert_eq!(small_yaml("- name\n- protocol\n"), json!(["name", "protocol"]));
        assert_eq!(small_yaml("- group: \"\"\n  kind: Pod\n"), json!([{"group": "", "kind": "Pod"}]));
        assert_eq!(array(&small_yaml("- a: b\n- a: c\n")).len(), 2);
        assert_eq!(short("#/definitions/io.k8s.api.core.v1.Pod"), "api.core.v1.Pod");
    }
}
