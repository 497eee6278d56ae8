//! The path of a field, found from its node: rules deal in nodes, and only what is reported pays for a path.

use std::fmt::Write;

use yaml::{Kind, Node};

/// The path from `root` to a node below it, such as `spec.ports[0].name`; empty for `root` itself and for a node
/// that is not below it. A key has the path of its value.
pub fn path_of(root: Node<'_>, target: Node<'_>) -> String {
    let mut path = String::new();
    extend(&mut path, root, target);
    path
}

/// Appends the path from `root` to a node below it to the path of `root`.
pub fn extend(path: &mut String, root: Node<'_>, target: Node<'_>) {
    let mut at = root;
    // Every step goes down, and a tree is no deeper than it has nodes; an alias leads backwards only.
    while at.id() != target.id() {
        let next = match at.kind() {
            Kind::Map => at
                .entries()
                .find(|(key, value)| key.id() == target.id() || value.holds(target))
                .map(|(key, value)| {
                    push_key(path, key.text());
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
}

/// The node at a path as [`path_of`] writes it; a list's item may also be named, as in `containers[web].image`.
///
/// Keys that hold dots stand in brackets; one that does not stand so is found all the same where it is the rest
/// of the path.
pub fn find<'a>(root: Node<'a>, path: &str) -> Option<Node<'a>> {
    let mut at = root;
    let mut rest = path;
    while !rest.is_empty() {
        if let Some(value) = at.get(rest) {
            return Some(value);
        }
        if let Some(inner) = rest.strip_prefix('[') {
            let (word, behind) = inner.split_once(']')?;
            at = match at.kind() {
                Kind::Seq => match word.parse::<usize>() {
                    Ok(index) => at.items().nth(index)?,
                    Err(_) => at.items().find(|i| i.get("name").is_some_and(|n| n.text() == word))?,
                },
                _ => at.get(word)?,
            };
            rest = behind.strip_prefix('.').unwrap_or(behind);
        } else {
            let end = rest.find(['.', '[']).unwrap_or(rest.len());
            at = at.get(&rest[..end])?;
            rest = rest[end..].strip_prefix('.').unwrap_or(&rest[end..]);
        }
    }
    Some(at)
}

/// The same path with the items of lists by what names them instead of by their place: `ports[0].port` as
/// `ports[http].port`. Such a path stays what it is when an item is added above.
pub fn keyed(root: Node<'_>, path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    let mut done = 0;
    for (at, _) in path.match_indices('[') {
        let Some(end) = path[at..].find(']').map(|i| at + i) else { break };
        let item = path[at + 1..end].parse::<usize>().ok().and_then(|_| find(root, &path[..=end]));
        let name = item.and_then(|item| {
            let names = ITEM_NAMES.iter().filter_map(|key| item.get(key));
            names.map(Node::text).find(|text| !text.is_empty())
        });
        if let Some(name) = name {
            out.push_str(&path[done..=at]);
            out.push_str(name);
            done = end;
        }
    }
    out.push_str(&path[done..]);
    out
}

/// What names an item of a list, the best first.
const ITEM_NAMES: [&str; 12] = [
    "name",
    "key",
    "containerPort",
    "port",
    "mountPath",
    "devicePath",
    "topologyKey",
    "ip",
    "host",
    "path",
    "type",
    "kind",
];

/// Joins two paths, either of which may be empty.
pub fn join(base: &str, rest: &str) -> String {
    match (base.is_empty(), rest.is_empty()) {
        (true, _) => rest.to_owned(),
        (_, true) => base.to_owned(),
        _ if rest.starts_with('[') => format!("{base}{rest}"),
        _ => format!("{base}.{rest}"),
    }
}

/// Whether two nodes hold the same value: equal scalars by their text, lists by their items, maps by their keys in any
/// order. What is nested deeper than a hundred levels counts as different: no field of an object is.
pub fn same(a: Node<'_>, b: Node<'_>) -> bool {
    let mut open = vec![(a, b, 0)];
    while let Some((a, b, depth)) = open.pop() {
        if depth > 100 || a.kind() != b.kind() {
            return false;
        }
        match a.kind() {
            Kind::Scalar if a.text() != b.text() => return false,
            Kind::Scalar => {}
            Kind::Seq => {
                let (xs, ys): (Vec<Node<'_>>, Vec<Node<'_>>) = (a.items().collect(), b.items().collect());
                if xs.len() != ys.len() {
                    return false;
                }
                open.extend(xs.into_iter().zip(ys).map(|(x, y)| (x, y, depth + 1)));
            }
            Kind::Map => {
                if a.entries().count() != b.entries().count() {
                    return false;
                }
                for (key, value) in a.entries() {
                    let Some(other) = b.get(key.text()) else { return false };
                    open.push((value, other, depth + 1));
                }
            }
        }
    }
    true
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
