//! Where the values of Secrets stand in the texts of a run, so that no report shows them.

use std::collections::HashSet;

use source::{Chain, OriginId, Origins, Span};
use yaml::Node;

use crate::kube::Bundle;

/// The values of all Secrets, where they stand in the texts: whatever flows into them.
pub(super) fn values(bundle: &Bundle) -> Vec<Span> {
    let mut spans = Vec::new();
    // Most Secrets of a chart come out of the same few helpers: what was followed for one is known for all.
    let mut seen = HashSet::new();
    for secret in bundle.resources.iter().filter(|r| &*r.id.gvk.kind == "Secret") {
        let root = secret.root();
        let values = ["data", "stringData"].into_iter().filter_map(|key| root.get(key));
        // What kubectl keeps of the last `apply` repeats the whole object.
        let copy = root
            .at("metadata.annotations")
            .and_then(|a| a.get("kubectl.kubernetes.io/last-applied-configuration"));
        for node in values.flat_map(Node::entries).map(|(_, value)| value).chain(copy) {
            flows_into(&bundle.origins, secret.origin(node), &mut seen, &mut spans);
        }
    }
    spans.sort_unstable();
    spans.dedup();
    spans
}

/// What fed an action. Of what a call drew, only what it was given: the call itself is no value.
fn fed(origins: &Origins, id: OriginId) -> Vec<OriginId> {
    let (mut all, mut open) = (Vec::new(), origins.data(id));
    // Two draws may have been given the same, and that by two others again.
    let mut seen = HashSet::new();
    while let Some(id) = open.pop() {
        if !seen.insert(id) {
            continue;
        }
        match origins.chain(id) {
            Chain::Generated { data, .. } => open.extend(origins.data(data)),
            _ => all.push(id),
        }
    }
    all
}

/// Every place whose text becomes a part of a node: values in all their layers, and text of templates. What was seen
/// before is in the list already.
fn flows_into(origins: &Origins, id: OriginId, seen: &mut HashSet<OriginId>, into: &mut Vec<Span>) {
    let mut open = origins.data(id);
    while let Some(id) = open.pop() {
        if !seen.insert(id) {
            continue;
        }
        match origins.chain(id) {
            Chain::Read(span) => into.push(span),
            Chain::Patched { by, was } => {
                into.push(by);
                open.extend(origins.data(was));
            }
            Chain::Generated { by, data } => {
                into.push(by);
                open.extend(origins.data(data));
            }
            Chain::Rendered { action, data, .. } => match fed(origins, data) {
                // Text that stands in the template, or what an action made out of nothing.
                made if made.is_empty() => into.push(action),
                made => open.extend(made),
            },
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use source::SourceId;

    use super::*;

    fn span(at: u32) -> Span {
        Span::new(SourceId(0), at, at + 1)
    }

    #[test]
    fn each_thing_is_followed_once_however_many_ways_lead_to_it() {
        let mut origins = Origins::new();
        let mut data = origins.intern(Chain::Read(span(0)));
        // Each pair of draws was given both of the pair before: as many ways lead back as there are pairs of two.
        for at in 1..200 {
            let [a, b] = [2 * at, 2 * at + 1].map(|at| Chain::Generated { by: span(at), data });
            let (a, b) = (origins.intern(a), origins.intern(b));
            data = origins.union(a, b);
        }
        assert_eq!(fed(&origins, data).len(), 1);
        let (mut seen, mut spans) = (HashSet::new(), Vec::new());
        flows_into(&origins, data, &mut seen, &mut spans);
        assert_eq!(spans.len(), 399);
        flows_into(&origins, data, &mut seen, &mut spans);
        assert_eq!(spans.len(), 399);
    }
}
