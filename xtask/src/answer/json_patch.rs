//! JSON Patch as Kustomize applies it.

use serde_json::Value;
use source::{Diagnostics, OriginId, SourceId};
use yaml::{Kind, Node, Options, Profile, Tree, read_first};

use super::{Answer, Question};

pub fn answer(question: &Question) -> Answer {
    let read = |text: &str| {
        let mut found = Diagnostics::new();
        let doc = read_first(SourceId(0), &text.into(), &Options::new(Profile::Kubernetes), &mut found);
        match found.iter().next() {
            Some(first) => Err(first.upstream.clone().unwrap_or_else(|| first.message.clone())),
            None => doc.ok_or_else(|| "nothing to read".to_owned()),
        }
    };
    let doc = read(&question.get("doc").ok_or("no `doc`")?.to_string())?;
    let mut tree = Tree::bare(&doc, OriginId::UNKNOWN).ok_or("no document")?;
    let text = question.get("patch").and_then(Value::as_str).ok_or("no `patch`")?;
    if text.starts_with('[') {
        // JSON proper: what YAML would take besides is refused.
        serde_json::from_str::<Vec<serde_json::Map<String, Value>>>(text).map_err(|e| e.to_string())?;
    }
    let mut patch = read(text)?;
    if !text.starts_with('[') {
        let mut json = Vec::new();
        if let Some(root) = patch.root() {
            yaml::to_json(root, &mut json);
        }
        patch = read(&String::from_utf8_lossy(&json))?;
    }
    let operations = patch.root().filter(|root| root.kind() == Kind::Seq || root.is_null());
    let operations = operations.ok_or("json: cannot unmarshal into Go value of type jsonpatch.Patch")?;
    if operations.items().any(|item| item.kind() != Kind::Map && !item.is_null()) {
        return Err("json: cannot unmarshal into Go value of type jsonpatch.Operation".to_owned());
    }
    yaml::patch(&mut tree, operations, &|_| OriginId::UNKNOWN)?;
    Ok(Question::from_iter([("json".to_owned(), json(tree.node(tree.root())))]))
}

/// Numbers keep their text, as raw JSON does upstream.
fn json(node: Node<'_>) -> Value {
    match node.kind() {
        Kind::Seq => Value::Array(node.items().map(json).collect()),
        Kind::Map => Value::Object(node.entries().map(|(k, v)| (k.text().to_owned(), json(v))).collect()),
        Kind::Scalar => match node.as_str() {
            Some(text) => text.into(),
            None if node.is_null() => Value::Null,
            None => serde_json::from_str(node.text()).unwrap_or_else(|_| node.text().into()),
        },
    }
}
