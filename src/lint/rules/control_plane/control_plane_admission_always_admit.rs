use super::super::prelude::*;
use super::{Part, has, must_not};

rule! {
    /// The API server admits everything.
    ///
    /// The plugin `AlwaysAdmit` does nothing but stand for all those that look; it has been deprecated for years.
    ///
    /// ```yaml bad
    /// command: [kube-apiserver, --enable-admission-plugins=AlwaysAdmit] #! container `app` runs `kube-apiserver`: `--enable-admission-plugins` has `AlwaysAdmit`
    /// ```
    /// ```yaml good
    /// command: [kube-apiserver, --enable-admission-plugins=NodeRestriction]
    /// ```
    "control-plane-admission-always-admit": High, Strict, since "0.1.0";
    refs: ["CIS 1.2.10", "checkov: CKV_K8S_79"];
    help: "remove `AlwaysAdmit`";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    must_not(container, report, Part::ApiServer, "enable-admission-plugins", "has `AlwaysAdmit`", |v| {
        has(v, "AlwaysAdmit")
    });
}
