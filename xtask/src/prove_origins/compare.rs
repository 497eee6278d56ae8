//! What differs between two renderings.

use std::collections::{HashMap, HashSet};

use super::tree::{Content, Tree};

/// One difference; numbers are nodes of the first tree.
pub enum Change {
    /// A scalar has another value, or something else than a scalar stands there.
    Value(usize),
    /// It is not there any more.
    Went(usize),
    /// Something new, by name, in a node that was there before; without one it is a document of that template.
    Appeared(String, Option<usize>),
}

impl Change {
    /// The node of the first tree that is another now.
    pub fn node(&self) -> Option<usize> {
        match self {
            Change::Value(node) | Change::Went(node) => Some(*node),
            Change::Appeared(..) => None,
        }
    }
}

/// All differences.
pub fn compare(old: &Tree, new: &Tree) -> Vec<Change> {
    let mut found = Vec::new();
    let mut left: Vec<usize> = (0..new.documents.len()).collect();
    let mut pairs = Vec::new();
    let mut unpaired: Vec<usize> = (0..old.documents.len()).collect();
    // By kind and name first, then by one of the two, for the other may have changed, then by order.
    for turn in 0..5 {
        unpaired.retain(|&o| {
            let document = &old.documents[o];
            let same = |n: &usize| {
                let other = &new.documents[*n];
                let name = |id: &str| id.split_once('/').map(|(_, name)| name.to_owned());
                other.path == document.path
                    && match turn {
                        0 => other.id == document.id && other.version == document.version,
                        1 => other.id == document.id,
                        2 => other.kind == document.kind,
                        3 => name(&other.id) == name(&document.id),
                        _ => old.documents.len() == new.documents.len(),
                    }
            };
            match left.iter().position(same) {
                Some(at) => {
                    pairs.push((o, left.remove(at)));
                    false
                }
                None => true,
            }
        });
    }
    for o in unpaired {
        found.extend(old.below(old.documents[o].root).into_iter().map(Change::Went));
    }
    for n in left {
        found.push(Change::Appeared(new.documents[n].path.clone(), None));
    }
    for (o, n) in pairs {
        nodes(old, new, old.documents[o].root, new.documents[n].root, &mut found);
    }
    found
}

fn nodes(old: &Tree, new: &Tree, o: usize, n: usize, found: &mut Vec<Change>) {
    let mut open = vec![(o, n)];
    while let Some((o, n)) = open.pop() {
        let (before, after) = (&old.nodes[o].content, &new.nodes[n].content);
        match (before, after) {
            (Content::Scalar(a), Content::Scalar(b)) => {
                if a != b {
                    found.push(Change::Value(o));
                }
            }
            (Content::Map(a), Content::Map(b)) => {
                let names: HashMap<&str, usize> =
                    b.iter().map(|&i| (new.nodes[i].name.as_str(), i)).collect();
                let mut met = 0;
                for &i in a {
                    match names.get(old.nodes[i].name.as_str()) {
                        Some(&j) => {
                            met += 1;
                            open.push((i, j));
                        }
                        None => found.extend(old.below(i).into_iter().map(Change::Went)),
                    }
                }
                if met < b.len() {
                    let known: HashSet<&str> = a.iter().map(|&i| old.nodes[i].name.as_str()).collect();
                    for &j in b.iter().filter(|&&j| !known.contains(new.nodes[j].name.as_str())) {
                        found.push(Change::Appeared(new.nodes[j].name.clone(), Some(o)));
                    }
                }
            }
            (Content::List(a), Content::List(b)) => items(old, new, o, a, b, &mut open, found),
            _ => {
                // Another kind of thing: what was there went, and the place has another value.
                found.push(Change::Value(o));
                found.extend(old.below(o).into_iter().skip(1).map(Change::Went));
            }
        }
    }
}

/// Lists are aligned by what their items are: equal ones first, then those of one name, then by order.
fn items(
    old: &Tree,
    new: &Tree,
    list: usize,
    a: &[usize],
    b: &[usize],
    open: &mut Vec<(usize, usize)>,
    found: &mut Vec<Change>,
) {
    if a.len() == b.len() {
        open.extend(a.iter().copied().zip(b.iter().copied()));
        return;
    }
    let shown = |tree: &Tree, list: &[usize]| list.iter().map(|&i| print(tree, i)).collect::<Vec<_>>();
    let (texts_a, texts_b) = (shown(old, a), shown(new, b));
    // The longest common subsequence; lists of manifests are short.
    let (n, m) = (a.len(), b.len());
    let mut length = vec![vec![0u32; m + 1]; n + 1];
    for i in (0..n).rev() {
        for j in (0..m).rev() {
            length[i][j] = if texts_a[i] == texts_b[j] {
                length[i + 1][j + 1] + 1
            } else {
                length[i + 1][j].max(length[i][j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    let (mut gone, mut came) = (Vec::new(), Vec::new());
    let mut flush = |gone: &mut Vec<usize>, came: &mut Vec<usize>| {
        let name = |tree: &Tree, item: usize| match &tree.nodes[item].content {
            Content::Map(entries) => {
                let entry = entries.iter().find(|&&e| tree.nodes[e].name == "name");
                entry.map(|&e| print(tree, e))
            }
            _ => None,
        };
        // Items of one name are the same item.
        gone.retain(|&o| {
            let Some(known) = name(old, o) else { return true };
            match came.iter().position(|&n| name(new, n).as_ref() == Some(&known)) {
                Some(at) => {
                    open.push((o, came.remove(at)));
                    false
                }
                None => true,
            }
        });
        let pairs = gone.len().min(came.len());
        open.extend(gone.drain(..pairs).zip(came.drain(..pairs)));
        for o in gone.drain(..) {
            found.extend(old.below(o).into_iter().map(Change::Went));
        }
        for n in came.drain(..) {
            found.push(Change::Appeared(new.nodes[n].name.clone(), Some(list)));
        }
    };
    while i < n || j < m {
        if i < n && j < m && texts_a[i] == texts_b[j] {
            flush(&mut gone, &mut came);
            i += 1;
            j += 1;
        } else if j >= m || (i < n && length[i + 1][j] >= length[i][j + 1]) {
            gone.push(a[i]);
            i += 1;
        } else {
            came.push(b[j]);
            j += 1;
        }
    }
    flush(&mut gone, &mut came);
}

fn print(tree: &Tree, node: usize) -> String {
    let mut text = String::new();
    for at in tree.below(node) {
        text += &tree.nodes[at].name;
        text.push(':');
        if let Content::Scalar(value) = &tree.nodes[at].content {
            text += value;
        }
        text.push('\n');
    }
    // The item's own name is its place in the list.
    text.split_once(':').map_or(String::new(), |(_, rest)| rest.to_owned())
}
