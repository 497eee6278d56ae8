use super::super::prelude::*;
use crate::kube::selector::{Labels, label_selector_matches, map_matches};

rule! {
    /// A controller does not select the Pods that it makes.
    ///
    /// Its selector asks for labels that its own template does not have. The server refuses that where it can; where it
    /// cannot, the controller makes Pods for ever, because it never sees one.
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: web
    /// spec:
    ///   selector:
    ///     matchLabels:
    ///       app: web
    ///   template:
    ///     metadata:
    ///       labels:
    ///         app: site #! Deployment `web` does not select its own Pods: their label `app` is `site`
    /// ```
    /// ```yaml good
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: web
    /// spec:
    ///   selector:
    ///     matchLabels:
    ///       app: web
    ///   template:
    ///     metadata:
    ///       labels:
    ///         app: web
    ///         tier: front
    /// ```
    "selector-mismatch": Critical, Minimal, since "0.1.0";
    refs: ["kube-linter: mismatching-selector", "kube-score: deployment-pod-selector-labels-match-template-metadata-labels",
        "kubescape: C-0296"];
    refused: true;
    help: "give the template's `metadata.labels` every label of the selector";
    check: Any(check);
}

fn check(resource: &Resource, report: &mut Report) {
    let root = resource.root();
    // A CronJob's Jobs may have a selector, too.
    for path in ["spec", "spec.jobTemplate.spec"] {
        let Some(spec) = root.at(path) else { continue };
        let (Some(selector), Some(template)) = (spec.get("selector"), spec.get("template")) else { continue };
        let labels = Labels(template.at("metadata.labels"));
        let kind = &resource.id.gvk.kind;
        let is_plain = matches!(&**kind, "ReplicationController" | "DeploymentConfig");
        let matches =
            if is_plain { map_matches(selector, labels) } else { label_selector_matches(selector, labels) };
        if matches || selector.is_null() {
            continue;
        }
        let wanted = if is_plain { Some(selector) } else { selector.get("matchLabels") };
        let missing =
            wanted.into_iter().flat_map(Node::entries).find(|(k, v)| labels.get(k.text()) != Some(v.text()));
        let who = format!("{kind} `{}` does not select its own Pods", resource.name());
        match missing {
            Some((key, value)) => {
                let has = match labels.get(key.text()) {
                    Some(other) => format!("their label `{}` is `{other}`", key.text()),
                    None => format!("they have no label `{}`", key.text()),
                };
                // The labels are what can be edited: the selector of most controllers never changes again.
                let label = labels.0.and_then(|labels| labels.get(key.text()));
                let message = format!("{who}: {has}");
                let finding = match label {
                    Some(label) => report.at(&resource, label, message),
                    None => report.missing(&resource, &format!("{path}.template.metadata.labels"), message),
                };
                finding.related(resource, value, "the selector asks for this");
            }
            None => {
                let finding = report.missing(&resource, &format!("{path}.template.metadata.labels"), who);
                finding.related(resource, selector, "the selector");
            }
        }
    }
}
