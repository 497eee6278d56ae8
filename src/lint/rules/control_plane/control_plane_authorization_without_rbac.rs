use super::super::prelude::*;
use super::{Part, has, must};

rule! {
    /// The API server does not look at roles.
    ///
    /// Without the mode `RBAC` Roles and bindings have no effect.
    ///
    /// ```yaml bad
    /// command: [kube-apiserver, --authorization-mode=Node] #! container `app` runs `kube-apiserver`: `--authorization-mode` lacks `RBAC`
    /// ```
    /// ```yaml good
    /// command: [kube-apiserver, "--authorization-mode=Node,RBAC"]
    /// ```
    "control-plane-authorization-without-rbac": High, Strict, since "0.1.0";
    refs: ["CIS 1.2.8", "checkov: CKV_K8S_77"];
    help: "set `--authorization-mode=Node,RBAC`";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    must(container, report, Part::ApiServer, "authorization-mode", "lacks `RBAC`", |v| has(v, "RBAC"));
}
