use super::super::prelude::*;
use super::{Part, must};

rule! {
    /// etcd lets in whoever reaches it.
    ///
    /// etcd is the cluster: who writes there is the administrator, past all roles.
    ///
    /// ```yaml bad
    /// command: [etcd, --client-cert-auth=false] #! container `app` runs `etcd`: `--client-cert-auth` is not `true`
    /// ```
    /// ```yaml good
    /// command: [etcd, --client-cert-auth=true]
    /// ```
    "control-plane-etcd-client-cert-auth": Critical, Strict, since "0.1.0";
    refs: ["CIS 2.2", "checkov: CKV_K8S_117"];
    help: "set `--client-cert-auth=true`";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    must(container, report, Part::Etcd, "client-cert-auth", "is not `true`", |v| v == "true");
}
