use super::super::prelude::*;
use super::{Part, has, must_not};

rule! {
    /// The API server allows every request.
    ///
    /// With `AlwaysAllow` no role counts: whoever has a name is the administrator.
    ///
    /// ```yaml bad
    /// command: [kube-apiserver, --authorization-mode=AlwaysAllow] #! container `app` runs `kube-apiserver`: `--authorization-mode` has `AlwaysAllow`
    /// ```
    /// ```yaml good
    /// command: [kube-apiserver, "--authorization-mode=Node,RBAC"]
    /// ```
    "control-plane-authorization-always-allow": Critical, Strict, since "0.1.0";
    refs: ["CIS 1.2.6", "checkov: CKV_K8S_74"];
    over: ["control-plane-authorization-without-node", "control-plane-authorization-without-rbac"];
    help: "set `--authorization-mode=Node,RBAC`";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    must_not(container, report, Part::ApiServer, "authorization-mode", "has `AlwaysAllow`", |v| {
        has(v, "AlwaysAllow")
    });
}
