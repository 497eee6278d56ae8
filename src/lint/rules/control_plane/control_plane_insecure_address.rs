use super::super::prelude::*;
use super::{Part, not_set};

rule! {
    /// The API server listens without authentication.
    ///
    /// Whoever reaches the insecure address is the administrator; no present version has the flag.
    ///
    /// ```yaml bad
    /// command: [kube-apiserver, --insecure-bind-address=0.0.0.0] #! container `app` runs `kube-apiserver`: `--insecure-bind-address` opens the server without authentication
    /// ```
    /// ```yaml good
    /// command: [kube-apiserver, --secure-port=6443]
    /// ```
    "control-plane-insecure-address": Critical, Strict, since "0.1.0";
    refs: ["checkov: CKV_K8S_86"];
    help: "remove the flag";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    not_set(
        container,
        report,
        Part::ApiServer,
        &["insecure-bind-address"],
        "opens the server without authentication",
    );
}
