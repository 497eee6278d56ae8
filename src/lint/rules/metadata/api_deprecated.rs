use super::super::prelude::*;
use crate::schema::lifecycle;

rule! {
    /// An API version is deprecated.
    ///
    /// The server of the target version still serves it and answers with a warning; a later one will not. Versions that
    /// are gone already are `api-removed`'s.
    ///
    /// ```yaml bad
    /// apiVersion: resource.k8s.io/v1beta2 #! resource.k8s.io/v1beta2 DeviceClass is deprecated since 1.36 and goes in 1.39
    /// kind: DeviceClass
    /// metadata:
    ///   name: gpu
    /// ```
    /// ```yaml good
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: web
    /// ```
    "api-deprecated": Medium, Recommended, since "0.1.0";
    refs: ["kube-linter: no-extensions-v1beta", "kube-score: stable-version", "trivy: KSV-0107"];
    help: "move to the version that replaces it";
    check: Any(check);
}

fn check(resource: &Resource, report: &mut Report) {
    let gvk = &resource.id.gvk;
    let Some(life) = lifecycle(&gvk.group, &gvk.version, &gvk.kind) else { return };
    let target = report.settings().kubernetes_minor;
    let passed = |minor: Option<u8>| minor.filter(|m| u32::from(*m) <= target);
    if let (Some(since), None, Some(node)) =
        (passed(life.deprecated), passed(life.removed), resource.root().get("apiVersion"))
    {
        let goes = life.removed.map_or(String::new(), |minor| format!(" and goes in 1.{minor}"));
        let finding = report.at(&resource, node, format!("{gvk} is deprecated since 1.{since}{goes}"));
        if let Some((group, version, kind)) = life.replacement {
            finding.help(format!("use {group}/{version} {kind}"));
        }
    }
}
