use super::super::prelude::*;

rule! {
    /// An object lacks the labels by which tools tell what belongs together.
    ///
    /// `app.kubernetes.io/name` and `app.kubernetes.io/instance`, unless `recommended-labels` lists others. An object that is
    /// its own instance, by its own name, needs no other name.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings
    ///   labels: #! ConfigMap `settings` lacks the label `app.kubernetes.io/instance`
    ///     app.kubernetes.io/name: web
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings
    ///   labels:
    ///     app.kubernetes.io/name: web
    ///     app.kubernetes.io/instance: web-prod
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings
    ///   labels:
    ///     app.kubernetes.io/instance: settings
    /// ```
    "recommended-labels": Info, Strict, since "0.1.0";
    refs: ["polaris: metadataAndInstanceMismatched", "kubescape: C-0076", "kubescape: C-0077"];
    help: "add the label";
    check: Any(check);
}

const NAME: &str = "app.kubernetes.io/name";
const INSTANCE: &str = "app.kubernetes.io/instance";

fn check(resource: &Resource, report: &mut Report) {
    let labels = resource.labels();
    let value = |key: &str| text(labels.and_then(|labels| labels.get(key)));
    let is_own_instance = !value(INSTANCE).is_empty() && value(INSTANCE) == &*resource.id.name;
    for key in &report.settings().parameters.recommended_labels {
        let is_missing = labels.and_then(|labels| labels.get(key)).is_none();
        if is_missing && !(key == NAME && is_own_instance) {
            let (kind, name) = (&resource.id.gvk.kind, resource.name());
            report.missing(&resource, "metadata.labels", format!("{kind} `{name}` lacks the label `{key}`"));
        }
    }
}
