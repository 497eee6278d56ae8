use super::super::prelude::*;

rule! {
    /// An object lacks a label that the configuration demands.
    ///
    /// `required-labels` lists keys, each perhaps with the values that are allowed. Without a list nothing is said.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings #! ConfigMap `settings` lacks the label `owner`
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings
    ///   labels:
    ///     owner: web-team
    /// ```
    "required-label": Medium, Strict, since "0.1.0";
    refs: ["kube-linter: required-label-owner", "gatekeeper: requiredlabels"];
    help: "add the label, with a value that is allowed";
    check: Any(check);
}

fn check(resource: &Resource, report: &mut Report) {
    super::demand(resource, report, "label", &report.settings().parameters.required_labels);
}
