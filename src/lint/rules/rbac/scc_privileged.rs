use super::super::prelude::*;

rule! {
    /// An OpenShift SecurityContextConstraints lets Pods be privileged.
    ///
    /// Whoever may use it owns the nodes.
    ///
    /// ```yaml bad
    /// apiVersion: security.openshift.io/v1
    /// kind: SecurityContextConstraints
    /// metadata:
    ///   name: app
    /// allowPrivilegedContainer: true #! SecurityContextConstraints `app` lets Pods be privileged
    /// ```
    /// ```yaml good
    /// apiVersion: security.openshift.io/v1
    /// kind: SecurityContextConstraints
    /// metadata:
    ///   name: app
    /// allowPrivilegedContainer: false
    /// ```
    "scc-privileged": High, Recommended, since "0.1.0";
    refs: ["kube-linter: scc-deny-privileged-container"];
    help: "set `allowPrivilegedContainer: false`";
    check: Resource(&[Known::SecurityContextConstraints], check);
}

fn check(constraints: &Resource, report: &mut Report) {
    if let Some(set) = constraints.root().get("allowPrivilegedContainer").filter(|n| n.is_true()) {
        let name = constraints.name();
        report.at(&constraints, set, format!("SecurityContextConstraints `{name}` lets Pods be privileged"));
    }
}
