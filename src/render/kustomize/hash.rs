//! The hash behind the names of what is generated.

use sha2::{Digest, Sha256};
use source::OriginId;
use yaml::emit::{GoTyped, JsonStyle};
use yaml::{Kind, NodeId, Tree, Value};

use super::codes::GENERATOR_INVALID;
use super::context::Cx;
use super::error::BuildError;
use super::res_map::ResMap;
use super::resource::Resource;

/// Puts the hash of its content behind the name of every object that wants one.
///
/// # Errors
/// The content of one has no JSON.
pub fn add_hashes(all: &mut ResMap, cx: &mut Cx<'_>) -> Result<(), BuildError> {
    for at in 0..all.len() {
        if !all.get(at).is_some_and(|resource| resource.notes.needs_hash) {
            continue;
        }
        let Some(resource) = all.get_mut(at) else { continue };
        let hash = hash(resource.tree()).map_err(|upstream| {
            let message =
                format!("no hash can be made of {} `{}`: {upstream}", resource.kind(), resource.name());
            BuildError::new(&GENERATOR_INVALID, resource.place(), message, upstream)
        })?;
        resource.store_previous_id();
        let name = format!("{}-{hash}", resource.name());
        let content = content(resource.tree(), cx);
        rename(resource, &name, content, cx);
    }
    Ok(())
}

/// Where all that is hashed came from.
fn content(tree: &Tree, cx: &mut Cx<'_>) -> OriginId {
    let mut all = OriginId::UNKNOWN;
    if !cx.options.trace {
        return all;
    }
    let fields = ["kind", "data", "binaryData", "stringData", "type"];
    let mut open: Vec<NodeId> = fields.iter().filter_map(|field| tree.get(tree.root(), field)).collect();
    while let Some(node) = open.pop() {
        open.extend(tree.children(node));
        all = cx.both(all, tree.origin(node));
    }
    all
}

/// Gives an object another name, which says nothing of its type (kyaml 0.21.1, `RNode.SetName`).
fn rename(resource: &mut Resource, name: &str, content: OriginId, cx: &mut Cx<'_>) {
    let Some(metadata) = resource.metadata() else { return };
    let tree = resource.tree_mut();
    match tree.get(metadata, "name") {
        Some(node) => {
            let origin = cx.given(tree.origin(node), content);
            tree.set_untyped(node, name, origin);
        }
        None => {
            let node = tree.plain(name, OriginId::UNKNOWN);
            tree.set(metadata, "name", node);
        }
    }
}

/// The hash of an object: ten letters and digits.
///
/// It is made of kind, data and type alone; the name that upstream means to put in is always empty, for it is looked for
/// under a key that nothing has (api 0.21.1, `hasher`).
///
/// # Errors
/// The content has no JSON, or, of other kinds than ConfigMap and Secret, is not hashed here.
pub fn hash(tree: &Tree) -> Result<String, String> {
    let root = tree.root();
    let kind = tree.get(root, "kind").map_or("", |kind| tree.text(kind));
    let mut json = b"{".to_vec();
    let data = value_of(tree, "data")?;
    match kind {
        "ConfigMap" => {
            if let Some(binary) = map_of(tree, "binaryData")? {
                json.extend_from_slice(b"\"binaryData\":");
                json.extend(binary);
                json.push(b',');
            }
            json.extend_from_slice(b"\"data\":");
            json.extend(data);
            json.extend_from_slice(b",\"kind\":\"ConfigMap\",\"name\":\"\"");
        }
        "Secret" => {
            json.extend_from_slice(b"\"data\":");
            json.extend(data);
            json.extend_from_slice(b",\"kind\":\"Secret\",\"name\":\"\"");
            if let Some(text) = map_of(tree, "stringData")? {
                json.extend_from_slice(b",\"stringData\":");
                json.extend(text);
            }
            json.extend_from_slice(b",\"type\":");
            json.extend(value_of(tree, "type")?);
        }
        other => return Err(format!("only ConfigMaps and Secrets are hashed, and this is {other}")),
    }
    json.push(b'}');
    Ok(encode(&Sha256::digest(&json)))
}

/// Hexadecimal digits with those replaced that might make a word.
fn encode(digest: &[u8]) -> String {
    let digits = digest.iter().take(5).flat_map(|byte| [byte >> 4, byte & 15]);
    digits
        .map(|digit| match char::from_digit(u32::from(digit), 16).unwrap_or('0') {
            '0' => 'g',
            '1' => 'h',
            '3' => 'k',
            'a' => 'm',
            'e' => 't',
            other => other,
        })
        .collect()
}

/// A field as JSON: maps as they are, scalars as their text, what is missing as an empty text.
fn value_of(tree: &Tree, key: &str) -> Result<Vec<u8>, String> {
    match tree.get(tree.root(), key) {
        None => Ok(b"\"\"".to_vec()),
        Some(node) if tree.kind(node) == Kind::Scalar => {
            let mut text = Tree::new(OriginId::UNKNOWN);
            let scalar = text.string(tree.text(node), OriginId::UNKNOWN);
            json(&text, scalar)
        }
        // Upstream decodes into a map, and what is none leaves it null.
        Some(node) if tree.kind(node) == Kind::Seq => Ok(b"null".to_vec()),
        Some(node) => match large_integers(tree, node)[..] {
            [] => json(tree, node),
            ref large => {
                let mut copy = tree.clone();
                for (id, text) in large {
                    copy.set_untyped(*id, text.as_str(), OriginId::UNKNOWN);
                }
                json(&copy, node)
            }
        },
    }
}

/// The integers that are others as a 64-bit float, which is what upstream decodes numbers into, and how Go prints them.
fn large_integers(tree: &Tree, node: NodeId) -> Vec<(NodeId, String)> {
    let (mut large, mut open) = (Vec::new(), vec![node]);
    while let Some(node) = open.pop() {
        open.extend(tree.children(node));
        let float = match tree.node(node).value() {
            Value::Int(int) if int.unsigned_abs() >= 1 << 53 => int as f64,
            Value::UInt(int) if int >= 1 << 53 => int as f64,
            _ => continue,
        };
        large.push((node, float.to_string()));
    }
    large
}

fn map_of(tree: &Tree, key: &str) -> Result<Option<Vec<u8>>, String> {
    match tree.get(tree.root(), key) {
        Some(node) if tree.kind(node) != Kind::Scalar => value_of(tree, key).map(Some),
        _ => Ok(None),
    }
}

fn json(tree: &Tree, node: NodeId) -> Result<Vec<u8>, String> {
    let mut out = Vec::new();
    let style = JsonStyle { escape_html: true, ..JsonStyle::default() };
    yaml::emit::json(&GoTyped::root(tree.node(node)), style, &mut out).map_err(|error| error.to_string())?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::kustomize::testing::resource;

    fn hash_of(text: &str) -> String {
        hash(resource(text).tree()).unwrap()
    }

    #[test]
    fn hashes_of_the_real_program() {
        let map = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n";
        assert_eq!(hash_of(map), "6ct58987ht");
        assert_eq!(hash_of(&format!("{map}data: {{one: \"\"}}\n")), "9g67k2htb6");
        assert_eq!(hash_of(&format!("{map}data: {{k6: 12345678901234567890}}\n")), "mfm8bkgh2m");
        let secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ntype: Opaque\ndata: {a: Yg==}\n";
        assert_eq!(hash_of(secret), "k695gkmbtk");
    }
}
