//! An edit changes the value that it is for, and nothing else.

#![no_main]

use std::sync::Arc;

use libfuzzer_sys::fuzz_target;
use source::{Diagnostics, SourceId};
use yaml::emit::View;
use yaml::{Doc, Edits, Kind, Node, NodeId, Options, Path, Profile, read};

fn parse(text: &str) -> Option<Arc<Doc>> {
    let mut found = Diagnostics::new();
    let docs = read(SourceId(0), &text.into(), &Options::new(Profile::Kubernetes), &mut found);
    (found.is_empty() && docs.len() == 1).then(|| docs.into_iter().next()).flatten()
}

/// All nodes but keys, with their paths; `None` where something is written that an edit cannot see to.
fn nodes(doc: &Doc) -> Option<Vec<(Path, Node<'_>)>> {
    let root = doc.root()?;
    let mut all = Vec::new();
    let mut todo = vec![(Path::default(), root)];
    while let Some((path, node)) = todo.pop() {
        if node.is_alias() || node.anchor().is_some() || node.tag().is_some() || all.len() > 200 {
            return None;
        }
        for (at, item) in node.items().enumerate() {
            todo.push((path.clone().index(at), item));
        }
        for (key, value) in node.entries() {
            if key.kind() != Kind::Scalar || key.is_alias() || key.anchor().is_some() || key.tag().is_some() {
                return None;
            }
            todo.push((path.clone().key(key.text()), value));
        }
        all.push((path, node));
    }
    Some(all)
}

fuzz_target!(|data: (u16, &str)| {
    let (choice, text) = data;
    // A tab on the line behind a plain scalar is fine, behind a quoted one it is not.
    if text.contains('\t') {
        return;
    }
    let Some(doc) = parse(text) else { return };
    let Some(all) = nodes(&doc) else { return };
    let (path, node) = &all[usize::from(choice) % all.len()];
    let id: NodeId = node.id();
    let edits = Edits::of(&doc);
    let new = View::Text("new: value");
    let Ok(edit) = edits.replace_value(id, &new) else { return };
    let (start, end) = (edit.span.start as usize, edit.span.end as usize);
    let after = format!("{}{}{}", &text[..start], edit.text, &text[end..]);
    let Some(changed) = parse(&after) else { panic!("{text:?} became {after:?}") };
    let root = changed.root().expect("a value stands there");
    assert_eq!(path.find(root).map(|n| n.text()), Some("new: value"), "{text:?} became {after:?}");
    for (other, node) in &all {
        let above = path.steps.starts_with(&other.steps);
        let below = other.steps.starts_with(&path.steps);
        if !above && !below {
            let found = other.find(root).map(|n| (n.kind(), n.text().to_owned()));
            assert_eq!(found, Some((node.kind(), node.text().to_owned())), "{text:?} became {after:?}");
        }
    }
});
