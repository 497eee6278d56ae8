use super::super::prelude::*;
use crate::schema::lifecycle;

rule! {
    /// An API version is not served any more.
    ///
    /// The server of the target version does not know it and refuses the object.
    ///
    /// ```yaml bad
    /// apiVersion: extensions/v1beta1 #! extensions/v1beta1 Deployment is not served since 1.16
    /// kind: Deployment
    /// metadata:
    ///   name: web
    /// ```
    /// ```yaml good
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: web
    /// ```
    "api-removed": Critical, Minimal, since "0.1.0";
    refs: ["kube-score: stable-version", "trivy: KSV-0107", "gatekeeper: verifydeprecatedapi"];
    refused: true;
    help: "move to the version that replaces it";
    check: Any(check);
}

fn check(resource: &Resource, report: &mut Report) {
    let gvk = &resource.id.gvk;
    let Some(life) = lifecycle(&gvk.group, &gvk.version, &gvk.kind) else { return };
    let target = report.settings().kubernetes_minor;
    if let (Some(minor), Some(node)) =
        (life.removed.filter(|m| u32::from(*m) <= target), resource.root().get("apiVersion"))
    {
        let finding = report.at(&resource, node, format!("{gvk} is not served since 1.{minor}"));
        if let Some((group, version, kind)) = life.replacement {
            finding.help(format!("use {group}/{version} {kind}"));
        }
    }
}
