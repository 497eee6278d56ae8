use super::super::prelude::*;
use super::{Part, must_not};

rule! {
    /// Tokens of deleted service accounts stay valid.
    ///
    /// The server checks only the signature, not whether the account is still there.
    ///
    /// ```yaml bad
    /// command: [kube-apiserver, --service-account-lookup=false] #! container `app` runs `kube-apiserver`: `--service-account-lookup` is `false`
    /// ```
    /// ```yaml good
    /// command: [kube-apiserver, --service-account-lookup=true]
    /// ```
    "control-plane-service-account-lookup-off": High, Strict, since "0.1.0";
    refs: ["CIS 1.2.21", "checkov: CKV_K8S_96"];
    help: "remove the flag";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    must_not(container, report, Part::ApiServer, "service-account-lookup", "is `false`", |v| v == "false");
}
