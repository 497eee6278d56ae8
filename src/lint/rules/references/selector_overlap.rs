use super::super::prelude::*;

rule! {
    /// A controller selects the Pods of another.
    ///
    /// Both count the same Pods as theirs, and each deletes and makes Pods until the number is right for itself: they fight
    /// for ever.
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: web
    /// spec:
    ///   selector:
    ///     matchLabels: {app: shop}
    ///   template:
    ///     metadata:
    ///       labels: {app: shop, tier: web}
    /// ---
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: api
    /// spec:
    ///   selector: #! Deployment `api` selects the Pods of Deployment `web`, too
    ///     matchLabels: {app: shop}
    ///   template:
    ///     metadata:
    ///       labels: {app: shop, tier: api}
    /// ```
    /// ```yaml good
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: web
    /// spec:
    ///   selector:
    ///     matchLabels: {app: shop, tier: web}
    ///   template:
    ///     metadata:
    ///       labels: {app: shop, tier: web}
    /// ---
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: api
    /// spec:
    ///   selector:
    ///     matchLabels: {app: shop, tier: api}
    ///   template:
    ///     metadata:
    ///       labels: {app: shop, tier: api}
    /// ```
    "selector-overlap": High, Minimal, since "0.1.0";
    refs: [];
    help: "give each a label of its own, in the selector and in the template";
    check: Bundle(check);
}

fn check(graph: &Graph<'_>, report: &mut Report) {
    let mut said = rustc_hash::FxHashSet::default();
    for object in graph.judged() {
        let Some(selector) = object.resource.in_spec("selector") else { continue };
        let selected = match object.kind {
            Known::ReplicationController | Known::DeploymentConfig => {
                graph.selected_by_map(object.namespace, selector)
            }
            Known::Deployment | Known::ReplicaSet | Known::StatefulSet | Known::DaemonSet => {
                graph.selected_by(object.namespace, selector)
            }
            _ => continue,
        };
        for (other, _) in selected {
            let is_controller = !matches!(other.kind, Known::Pod | Known::Job | Known::CronJob);
            let pair = |a: &Resource, b: &Resource| (std::ptr::from_ref(a), std::ptr::from_ref(b));
            // Of two that select each other, the later is blamed, once.
            if !is_controller
                || std::ptr::eq(other.resource, object.resource)
                || said.contains(&pair(other.resource, object.resource))
                || later_selects(other, object)
                || !said.insert(pair(object.resource, other.resource))
            {
                continue;
            }
            let message = format!(
                "{} `{}` selects the Pods of {} `{}`, too",
                object.kind.kind(),
                object.resource.name(),
                other.kind.kind(),
                other.resource.name()
            );
            report
                .missing(&object.resource, "spec.selector", message)
                .related_object(other.resource, "the other");
        }
    }
}

/// Whether the other stands later and selects this one's Pods as well: it is the one to blame then.
fn later_selects(other: &crate::lint::Object<'_>, this: &crate::lint::Object<'_>) -> bool {
    let Some(selector) = other.resource.in_spec("selector") else { return false };
    other.order() > this.order()
        && this.pods.iter().any(|p| crate::kube::selector::label_selector_matches(selector, p.labels()))
}
