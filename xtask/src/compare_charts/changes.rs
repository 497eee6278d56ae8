//! Random changes of a chart's values: nulls, wrong types, switches turned over.

use std::path::Path;

use source::{Diagnostics, SourceId};
use yaml::{Kind, Node, Options, Profile, Value};

use crate::fuzz::Random;

/// A value that can be set: its path as `--set` takes it, and what it is.
pub struct Leaf {
    path: String,
    is_bool: Option<bool>,
}

/// The leaves of a values file, and its tables and lists, which can be replaced whole.
pub fn leaves(file: &Path) -> Vec<Leaf> {
    let Ok(bytes) = std::fs::read(file) else { return Vec::new() };
    let text = String::from_utf8_lossy(&bytes).into_owned().into();
    let options = Options::new(Profile::HelmValues);
    let doc = yaml::read_first(SourceId(0), &text, &options, &mut Diagnostics::new());
    let mut all = Vec::new();
    if let Some(root) = doc.as_ref().and_then(|doc| doc.root()) {
        collect(root, "", 0, &mut all);
    }
    all
}

fn collect(node: Node<'_>, path: &str, depth: usize, all: &mut Vec<Leaf>) {
    if !path.is_empty() {
        let is_bool = match node.value() {
            Value::Bool(value) => Some(value),
            _ => None,
        };
        all.push(Leaf { path: path.to_owned(), is_bool });
    }
    if node.kind() != Kind::Map || depth > 8 {
        return;
    }
    for (key, value) in node.entries() {
        let mut name = String::new();
        for c in key.text().chars() {
            if matches!(c, '.' | ',' | '=' | '[' | ']' | '\\' | '{' | '}') {
                name.push('\\');
            }
            name.push(c);
        }
        let path = if path.is_empty() { name } else { format!("{path}.{name}") };
        collect(value, &path, depth + 1, all);
    }
}

/// Up to four changes: mostly switches turned over, or nearly every chart would fail.
pub fn arguments(leaves: &[Leaf], random: &mut Random) -> Vec<String> {
    let switches: Vec<&Leaf> = leaves.iter().filter(|leaf| leaf.is_bool.is_some()).collect();
    let mut arguments = Vec::new();
    for _ in 0..1 + random.below(4) {
        if !switches.is_empty() && random.percent(60) {
            let leaf = random.pick(&switches);
            arguments.extend(["--set".to_owned(), format!("{}={}", leaf.path, leaf.is_bool == Some(false))]);
            continue;
        }
        let path = &random.pick(leaves).path;
        let (flag, value) = *random.pick(&[
            ("--set", "null"),
            ("--set", "null"),
            ("--set", "x"),
            ("--set", ""),
            ("--set", "0"),
            ("--set", "12345678"),
            ("--set", "true"),
            ("--set", "{p,q}"),
            ("--set", "{}"),
            ("--set-string", "007"),
            ("--set-string", "a: b"),
            ("--set-json", "{}"),
            ("--set-json", "[]"),
            ("--set-json", "{\"p\": 1.5, \"q\": null}"),
            ("--set-json", "[{\"name\": \"p\", \"value\": 1}]"),
            ("--set-literal", "{a,b}"),
        ]);
        arguments.extend([flag.to_owned(), format!("{path}={value}")]);
    }
    arguments
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_and_leaf_can_be_changed() {
        let dir = tempfile::tempdir().expect("a folder");
        let file = dir.path().join("values.yaml");
        std::fs::write(&file, "a: {b.c: true}\nd: [1]\n").expect("written");
        let leaves = leaves(&file);
        let paths: Vec<&str> = leaves.iter().map(|l| &*l.path).collect();
        assert_eq!(paths, ["a", r"a.b\.c", "d"]);
        assert_eq!(leaves[1].is_bool, Some(true));
    }
}
