use super::super::prelude::*;
use super::{Part, must};

rule! {
    /// The API server answers requests without a name.
    ///
    /// Such a request is `system:anonymous`: one careless binding, and everybody has what it gives.
    ///
    /// ```yaml bad
    /// command: [kube-apiserver, --anonymous-auth=true] #! container `app` runs `kube-apiserver`: `--anonymous-auth` is not `false`
    /// ```
    /// ```yaml good
    /// command: [kube-apiserver, --anonymous-auth=false]
    /// ```
    "control-plane-anonymous-auth": Medium, Strict, since "0.1.0";
    refs: ["CIS 1.2.1", "checkov: CKV_K8S_68"];
    help: "set `--anonymous-auth=false`, or limit it to the health checks by the authentication configuration";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    must(container, report, Part::ApiServer, "anonymous-auth", "is not `false`", |v| v == "false");
}
