use super::super::prelude::*;
use super::{Part, has, must_not};

rule! {
    /// Pods get no service account of their own accord.
    ///
    /// The plugin `ServiceAccount` checks and fills in who a Pod is; switched off, Pods run as nobody or as an account
    /// that is none.
    ///
    /// ```yaml bad
    /// command: [kube-apiserver, --disable-admission-plugins=ServiceAccount] #! container `app` runs `kube-apiserver`: `--disable-admission-plugins` has `ServiceAccount`
    /// ```
    /// ```yaml good
    /// command: [kube-apiserver, --disable-admission-plugins=AlwaysAdmit]
    /// ```
    "control-plane-admission-without-service-account": Medium, Strict, since "0.1.0";
    refs: ["CIS 1.2.12", "checkov: CKV_K8S_82"];
    help: "remove `ServiceAccount` from the list";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    must_not(container, report, Part::ApiServer, "disable-admission-plugins", "has `ServiceAccount`", |v| {
        has(v, "ServiceAccount")
    });
}
