use super::super::prelude::*;
use super::{Part, ciphers};

rule! {
    /// The API server takes weak ciphers.
    ///
    /// Suites with RC4, 3DES, CBC or a fixed RSA key exchange are broken or close to it.
    ///
    /// ```yaml bad
    /// command: [kube-apiserver, --tls-cipher-suites=TLS_RSA_WITH_AES_128_CBC_SHA] #! container `app` runs `kube-apiserver`: `--tls-cipher-suites` has `TLS_RSA_WITH_AES_128_CBC_SHA`
    /// ```
    /// ```yaml good
    /// command: [kube-apiserver, --tls-cipher-suites=TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256]
    /// ```
    "control-plane-weak-ciphers": Medium, Strict, since "0.1.0";
    refs: ["CIS 1.2.29", "checkov: CKV_K8S_105"];
    help: "leave the choice to the server, or list suites with ECDHE and GCM or CHACHA20";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    ciphers(container, report, Part::ApiServer);
}
