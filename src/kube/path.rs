//! The path of a field, found from its node: rules deal in nodes, and only what is reported pays for a path.

use std::fmt::Write;

use yaml::{Kind, Node};

/// The path from `root` to a node below it, such as `spec.ports[0].name`; empty for `root` itself and for a node
/// that is not below it. A key has the path of its value.
pub fn path_of(root: Node<'_>, target: Node<'_>) -> String {
    let mut path = String::new();
    let mut at = root;
    // Every step goes down, and a tree is no deeper than it has nodes; an alias leads backwards only.
    while at.id() != target.id() {
        let next = match at.kind() {
            Kind::Map => at
                .entries()
                .find(|(key, value)| key.id() == target.id() || value.holds(target))
                .map(|(key, value)| {
                    push_key(&mut path, key.text());
                    if key.id() == target.id() { target } else { value }
                }),
            Kind::Seq => at.items().enumerate().find(|(_, item)| item.holds(target)).map(|(i, item)| {
                let _ = write!(path, "[{i}]");
                item
            }),
            Kind::Scalar => None,
        };
        match next {
            Some(node) => at = node,
            None => break,
        }
    }
    path
}

/// Joins two paths, either of which may be empty.
pub fn join(base: &str, rest: &str) -> String {
    match (base.is_empty(), rest.is_empty()) {
        (true, _) => rest.to_owned(),
        (_, true) => base.to_owned(),
        _ if rest.starts_with('[') => format!("{base}{rest}"),
        _ => format!("{base}.{rest}"),
    }
}

fn push_key(path: &mut String, key: &str) {
    // Labels and file names hold dots: in brackets they stay one step.
    if key.contains(['.', '/', '[']) {
        let _ = write!(path, "[{key}]");
    } else {
        if !path.is_empty() {
            path.push('.');
        }
        path.push_str(key);
    }
}
