use super::super::prelude::*;

rule! {
    /// An object lacks an annotation that the configuration demands.
    ///
    /// `required-annotations` lists keys, each perhaps with the values that are allowed. Without a list nothing is said.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings #! ConfigMap `settings` lacks the annotation `email`
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings
    ///   annotations:
    ///     email: web@example.com
    /// ```
    "required-annotation": Medium, Strict, since "0.1.0";
    refs: ["kube-linter: required-annotation-email"];
    help: "add the annotation, with a value that is allowed";
    check: Any(check);
}

fn check(resource: &Resource, report: &mut Report) {
    super::demand(resource, report, "annotation", &report.settings().parameters.required_annotations);
}
