//! Aliases and merges written out, as kyaml does it right after reading.

use yaml::{Kind, NodeId, Tree};

/// Puts what they stand for in place of all aliases, applies all `<<`, and takes all anchors away. The error is
/// kyaml's.
///
/// Where kyaml dies of an alias that stands inside of what it names, the depth limit ends it here.
pub fn expand(tree: &mut Tree) -> Result<(), String> {
    let root = tree.root();
    let root = resolved(tree, root)?;
    tree.set_root(root);
    // (node, how deep it stands)
    let mut todo = vec![(root, 0)];
    while let Some((id, depth)) = todo.pop() {
        if depth > DEPTH || tree.len() > NODES {
            return Err("yaml: document contains excessive aliasing".to_owned());
        }
        tree.clear_anchor(id);
        if tree.kind(id) == Kind::Map {
            merge(tree, id)?;
        }
        for at in 0..tree.children(id).len() {
            let child = tree.children(id)[at];
            let own = resolved(tree, child)?;
            if own != child {
                tree.replace_child(id, at, own);
            }
            if tree.kind(own) == Kind::Scalar {
                tree.clear_anchor(own);
            } else {
                todo.push((own, depth + 1));
            }
        }
    }
    Ok(())
}

const DEPTH: usize = 10_000;
/// A tree of so many nodes takes a gigabyte; the largest custom resource definitions have some 50,000.
const NODES: usize = 8_000_000;

/// A copy of what an alias stands for; other nodes themselves.
fn resolved(tree: &mut Tree, id: NodeId) -> Result<NodeId, String> {
    match tree.alias_target(id) {
        None => Ok(id),
        Some(target) => Ok(tree.copy(target)),
    }
}

/// Applies a map's `<<`: own fields first and as they are, then what they lack.
fn merge(tree: &mut Tree, map: NodeId) -> Result<(), String> {
    let mut merged: Option<NodeId> = None;
    for (key, value) in tree.entries(map) {
        if tree.tag(key) == "!!merge" && merged.replace(value).is_some() {
            return Err("duplicate merge key".to_owned());
        }
    }
    let mut sources = Vec::new();
    if let Some(value) = merged {
        find_sources(tree, value, &mut sources)?;
    }
    // Upstream clears the first field of that name, quoted or not, in every map.
    tree.remove(map, "<<", source::OriginId::UNKNOWN);
    let own = fields(tree, map);
    let has_null = own.iter().any(|(_, key, _)| tree.tag(*key) == "!!null");
    if sources.is_empty() && !has_null {
        // Setting fields to what they are changes nothing.
        return Ok(());
    }
    for from in sources {
        for (name, key, value) in fields(tree, from) {
            let (key, value) = (tree.copy(key), tree.copy(value));
            put(tree, map, &name, key, value);
        }
    }
    for (name, key, value) in own {
        put(tree, map, &name, key, value);
    }
    Ok(())
}

/// A map's fields: of equal names each stands for the first.
fn fields(tree: &Tree, map: NodeId) -> Vec<(String, NodeId, NodeId)> {
    let names: Vec<String> = tree.entries(map).map(|(key, _)| tree.text(key).to_owned()).collect();
    let field = |name: String| tree.entry(map, &name).map(|(_, key, value)| (name, key, value));
    let mut seen = std::collections::HashSet::new();
    names.into_iter().filter(|name| seen.insert(name.clone())).filter_map(field).collect()
}

fn put(tree: &mut Tree, map: NodeId, name: &str, key: NodeId, value: NodeId) {
    // A null key looks for the empty name, and so is added once more where it is written as a word.
    let wanted = if tree.tag(key) == "!!null" { "" } else { name };
    match tree.entry(map, wanted) {
        Some((at, _, _)) => {
            tree.replace_child(map, 2 * at, key);
            tree.replace_child(map, 2 * at + 1, value);
        }
        None => tree.insert_entry(map, usize::MAX, key, value),
    }
}

/// The maps that a merge's value names; of a list the last first, so that the first wins.
fn find_sources(tree: &Tree, value: NodeId, out: &mut Vec<NodeId>) -> Result<(), String> {
    let one = |id: NodeId| match (tree.alias_target(id), tree.kind(id)) {
        (Some(target), Kind::Map) => Ok(target),
        (Some(_), _) => Err("invalid map merge: received alias for a non-map value"),
        (None, Kind::Map) => Ok(id),
        (None, Kind::Seq) => Err("invalid map merge: received a nested sequence"),
        (None, Kind::Scalar) => Err("map merge requires map or sequence of maps as the value"),
    };
    if tree.alias_target(value).is_none() && tree.kind(value) == Kind::Seq {
        for item in tree.children(value).iter().rev() {
            out.push(one(*item)?);
        }
    } else {
        out.push(one(value)?);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use source::{Diagnostics, OriginId, SourceId};
    use yaml::{Options, Profile, read};

    use super::*;

    fn expanded(text: &str) -> Result<String, String> {
        let mut out = Diagnostics::new();
        let docs = read(SourceId(0), &text.into(), &Options::new(Profile::Kustomize), &mut out);
        let mut tree = Tree::of_doc(&docs[0], OriginId::UNKNOWN).unwrap();
        expand(&mut tree)?;
        yaml::emit::tree(&tree).map_err(|e| e.to_string())
    }

    #[test]
    fn aliases_become_what_they_name() {
        assert_eq!(expanded("a: &x {b: &y 1}\nc: *x\nd: *y\n").unwrap(), "a: {b: 1}\nc: {b: 1}\nd: 1\n");
    }

    #[test]
    fn own_fields_win_and_stand_first() {
        assert_eq!(
            expanded("a: &x {k: 1, l: 2}\nb: &y {l: 3, m: 4}\nc:\n  <<: [*x, *y]\n  k: 5\n").unwrap(),
            "a: {k: 1, l: 2}\nb: {l: 3, m: 4}\nc:\n  k: 5\n  l: 2\n  m: 4\n"
        );
    }

    #[test]
    fn what_cannot_be_merged() {
        for (text, error) in [
            ("a:\n  <<: 1\n", "map merge requires map or sequence of maps as the value"),
            ("a: &x [1]\nb:\n  <<: *x\n", "invalid map merge: received alias for a non-map value"),
            ("a:\n  <<: [[]]\n", "invalid map merge: received a nested sequence"),
            ("a:\n  <<: {}\n  <<: {}\n", "duplicate merge key"),
        ] {
            assert_eq!(expanded(text).unwrap_err(), error, "{text}");
        }
    }
}
