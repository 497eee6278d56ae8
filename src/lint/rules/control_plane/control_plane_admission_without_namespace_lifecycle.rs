use super::super::prelude::*;
use super::{Part, has, must_not};

rule! {
    /// Objects can be made in namespaces that are being deleted.
    ///
    /// Without `NamespaceLifecycle` such objects stay, and `default` and `kube-system` can be deleted.
    ///
    /// ```yaml bad
    /// command: [kube-apiserver, --disable-admission-plugins=NamespaceLifecycle] #! container `app` runs `kube-apiserver`: `--disable-admission-plugins` has `NamespaceLifecycle`
    /// ```
    /// ```yaml good
    /// command: [kube-apiserver, --disable-admission-plugins=AlwaysAdmit]
    /// ```
    "control-plane-admission-without-namespace-lifecycle": Medium, Strict, since "0.1.0";
    refs: ["CIS 1.2.13", "checkov: CKV_K8S_83"];
    help: "remove `NamespaceLifecycle` from the list";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    must_not(
        container,
        report,
        Part::ApiServer,
        "disable-admission-plugins",
        "has `NamespaceLifecycle`",
        |v| has(v, "NamespaceLifecycle"),
    );
}
