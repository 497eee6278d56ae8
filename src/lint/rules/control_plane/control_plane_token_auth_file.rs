use super::super::prelude::*;
use super::{Part, not_set};

rule! {
    /// The API server takes passwords or tokens from a file.
    ///
    /// They stand in clear on the disk, never expire, and change only with a restart.
    ///
    /// ```yaml bad
    /// command: [kube-apiserver, --token-auth-file=/etc/tokens.csv] #! container `app` runs `kube-apiserver`: `--token-auth-file` holds credentials that never expire
    /// ```
    /// ```yaml good
    /// command: [kube-apiserver, --oidc-issuer-url=https://id.example.com]
    /// ```
    "control-plane-token-auth-file": High, Strict, since "0.1.0";
    refs: ["CIS 1.2.2", "checkov: CKV_K8S_69", "checkov: CKV_K8S_70"];
    help: "use certificates, OpenID Connect or service account tokens";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    not_set(
        container,
        report,
        Part::ApiServer,
        &["token-auth-file", "basic-auth-file"],
        "holds credentials that never expire",
    );
}
