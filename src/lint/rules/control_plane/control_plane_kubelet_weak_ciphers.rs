use super::super::prelude::*;
use super::{Part, ciphers};

rule! {
    /// The kubelet takes weak ciphers.
    ///
    /// Suites with RC4, 3DES, CBC or a fixed RSA key exchange are broken or close to it.
    ///
    /// ```yaml bad
    /// command: [kubelet, --tls-cipher-suites=TLS_RSA_WITH_AES_128_CBC_SHA] #! container `app` runs `kubelet`: `--tls-cipher-suites` has `TLS_RSA_WITH_AES_128_CBC_SHA`
    /// ```
    /// ```yaml good
    /// command: [kubelet, --tls-cipher-suites=TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256]
    /// ```
    "control-plane-kubelet-weak-ciphers": Medium, Strict, since "0.1.0";
    refs: ["CIS 4.2.12", "checkov: CKV_K8S_151"];
    help: "leave the choice to the kubelet, or list suites with ECDHE and GCM or CHACHA20";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    ciphers(container, report, Part::Kubelet);
}
