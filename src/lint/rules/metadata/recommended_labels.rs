use super::super::prelude::*;

rule! {
    /// An object lacks the labels by which tools tell what belongs together.
    ///
    /// `app.kubernetes.io/name` and `app.kubernetes.io/instance`, unless `recommended-labels` lists others.
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
    "recommended-labels": Info, Strict, since "0.1.0";
    refs: ["polaris: metadataAndInstanceMismatched", "kubescape: C-0076", "kubescape: C-0077"];
    help: "add the label";
    check: Any(check);
}

fn check(resource: &Resource, report: &mut Report) {
    let labels = resource.labels();
    for key in &report.settings().parameters.recommended_labels {
        if labels.and_then(|l| l.get(key)).is_none() {
            let (kind, name) = (&resource.id.gvk.kind, resource.name());
            report.missing(&resource, "metadata.labels", format!("{kind} `{name}` lacks the label `{key}`"));
        }
    }
}
