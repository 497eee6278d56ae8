use super::super::prelude::*;
use super::{Part, must};

rule! {
    /// etcd lets anybody join it.
    ///
    /// A new member gets a copy of all objects.
    ///
    /// ```yaml bad
    /// command: [etcd, --peer-client-cert-auth=false] #! container `app` runs `etcd`: `--peer-client-cert-auth` is not `true`
    /// ```
    /// ```yaml good
    /// command: [etcd, --peer-client-cert-auth=true]
    /// ```
    "control-plane-etcd-peer-client-cert-auth": High, Strict, since "0.1.0";
    refs: ["CIS 2.5"];
    help: "set `--peer-client-cert-auth=true`";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    must(container, report, Part::Etcd, "peer-client-cert-auth", "is not `true`", |v| v == "true");
}
