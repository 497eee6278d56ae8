use super::super::prelude::*;

rule! {
    /// An object has an annotation that the configuration forbids.
    ///
    /// `forbidden-annotations` lists keys. Without a list nothing is said.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings
    ///   annotations:
    ///     example.com/legacy: "true" #! the annotation `example.com/legacy` is forbidden
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings
    /// ```
    "forbidden-annotation": Medium, Strict, since "0.1.0";
    refs: ["kube-linter: forbidden-annotation"];
    help: "remove the annotation";
    check: Any(check);
}

fn check(resource: &Resource, report: &mut Report) {
    let annotations = resource.annotations();
    for key in &report.settings().parameters.forbidden_annotations {
        if let Some(value) = annotations.and_then(|a| a.get(key)) {
            report.at(&resource, value, format!("the annotation `{key}` is forbidden"));
        }
    }
}
