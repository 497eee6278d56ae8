use super::super::prelude::*;
use super::{Part, is_written, must};

rule! {
    /// Secrets are stored without encryption.
    ///
    /// A copy of etcd's disk or backup holds every password in clear.
    ///
    /// ```yaml bad
    /// command: [kube-apiserver, --secure-port=6443] #! container `app` runs `kube-apiserver`: `--encryption-provider-config` is not set
    /// ```
    /// ```yaml good
    /// command: [kube-apiserver, --encryption-provider-config=/etc/encryption.yaml]
    /// ```
    "control-plane-encryption-at-rest": Medium, Strict, since "0.1.0";
    refs: ["CIS 1.2.27", "checkov: CKV_K8S_104"];
    help: "set `--encryption-provider-config`, with a provider such as `kms`";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    must(container, report, Part::ApiServer, "encryption-provider-config", "is not set", is_written);
}
