//! What the rules on missing objects and missing keys share.

use super::super::prelude::*;
use crate::kube::references::Reference;
use crate::lint::Object;

/// Among how many names the nearest is looked for: beyond that, every finding would cost as much as all objects.
const NEAR: usize = 64;

/// Reports the objects of a kind that Pods name and that are not there.
pub(super) fn objects(
    graph: &Graph<'_>,
    report: &mut Report,
    target: Known,
    is_meant: impl Fn(&Reference<'_>) -> bool,
) {
    for (object, pod, reference) in graph.references(target) {
        let namespace = if target.is_cluster_scoped() { "" } else { object.namespace };
        let name = reference.name.text();
        let is_there = match target {
            Known::Secret => secret_is_made(graph, namespace, name),
            _ => graph.has(target, namespace, name),
        };
        if reference.optional || !is_meant(reference) || is_there {
            continue;
        }
        let place = if namespace.is_empty() { String::new() } else { format!(" in namespace `{namespace}`") };
        let message = format!("there is no {} `{name}`{place}", target.kind());
        let finding = match reference.container.and_then(|i| pod.containers.get(i)) {
            Some(container) => report.at(container, reference.name, message),
            None => report.at(pod, reference.name, message),
        };
        let names = graph.of(target, namespace).take(NEAR).map(|o| &*o.resource.id.name);
        let near = source::closest(name, names);
        let finding = finding.note_unless(graph.is_closed(target, namespace));
        if let Some(near) = near {
            finding.help(format!("did you mean `{near}`?"));
        }
    }
}

/// Reports the keys of ConfigMaps or Secrets that Pods name and that the object, which is there, does not have.
pub(super) fn keys(graph: &Graph<'_>, report: &mut Report, target: Known) {
    for (object, pod, reference) in graph.references(target) {
        let Some(key) = reference.key.filter(|_| !reference.optional) else { continue };
        let Some(holder) = graph.find(target, object.namespace, reference.name.text()) else { continue };
        let lists = ["data", "stringData", "binaryData"].map(|list| holder.resource.root().get(list));
        if lists.iter().flatten().any(|list| list.get(key.text()).is_some()) || is_filled_elsewhere(holder) {
            continue;
        }
        let message = format!("{} `{}` has no key `{}`", target.kind(), reference.name.text(), key.text());
        let finding = match reference.container.and_then(|i| pod.containers.get(i)) {
            Some(container) => report.at(container, key, message),
            None => report.at(pod, key, message),
        };
        let names = lists.iter().flatten().flat_map(|list| list.entries()).map(|(k, _)| k.text());
        let near = source::closest(key.text(), names);
        let finding = finding.related_object(holder.resource, "it is here");
        if let Some(near) = near {
            finding.help(format!("did you mean `{near}`?"));
        }
    }
}

pub(super) fn secret_is_made(graph: &Graph<'_>, namespace: &str, name: &str) -> bool {
    let makers = || graph.of(Known::ExternalSecret, namespace);
    graph.has(Known::Secret, namespace, name)
        || graph.has(Known::SealedSecret, namespace, name)
        || makers().any(|o| *o.resource.id.name == *name || text(o.resource.in_spec("target.name")) == name)
}

/// A service account token gets its keys from the cluster.
fn is_filled_elsewhere(holder: &Object<'_>) -> bool {
    text(holder.resource.root().get("type")) == "kubernetes.io/service-account-token"
}
