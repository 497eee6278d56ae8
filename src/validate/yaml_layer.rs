//! What the server's YAML reader refuses beyond what ours calls broken: a key beside a merge that brings it too.

use yaml::{Kind, Node};

use super::codes::DUPLICATE_FIELD;
use super::report::Report;
use crate::kube::Resource;

/// Looks at every map of the object as it is written; what an alias names is looked at where it stands.
pub(super) fn judge(resource: &Resource, report: &mut Report<'_>) {
    if !resource.doc().may_merge() {
        return;
    }
    let mut open = vec![resource.root()];
    while let Some(node) = open.pop() {
        match node.kind() {
            _ if node.is_alias() => {}
            Kind::Scalar => {}
            Kind::Seq => open.extend(node.items()),
            Kind::Map => {
                overrides(node, report);
                open.extend(node.written_entries().map(|(_, value)| value));
            }
        }
    }
}

fn overrides<'a>(map: Node<'a>, report: &mut Report<'_>) {
    let mut merged: Vec<(Node<'a>, Node<'a>)> = Vec::new();
    for (merge, value) in map.written_entries().filter(|(key, _)| key.is_merge()) {
        let sources: Vec<Node<'a>> =
            if value.kind() == Kind::Seq { value.items().collect() } else { vec![value] };
        for (key, _) in sources.into_iter().flat_map(Node::entries) {
            if let Some((_, earlier)) = merged.iter().find(|(known, _)| known.text() == key.text()) {
                tell(report, merge, key.text(), *earlier);
            }
            merged.push((key, merge));
        }
    }
    for (key, _) in map.written_entries().filter(|(key, _)| !key.is_merge()) {
        if let Some((_, merge)) = merged.iter().find(|(known, _)| known.text() == key.text()) {
            tell(report, key, key.text(), *merge);
        }
    }
}

fn tell(report: &mut Report<'_>, at: Node<'_>, name: &str, merge: Node<'_>) {
    let merge = report.place(merge);
    let message = format!("`{name}` is set here and by a merge");
    let finding = report.push(&DUPLICATE_FIELD, "DuplicateKey", at, name.to_owned(), message);
    finding.related.push(source::Label::new(merge, "merged here"));
    finding.help =
        Some("the server does not let a key override a merged one: set it in one place".to_owned());
}
