use super::super::prelude::*;
use super::{Part, has, must};

rule! {
    /// Pods may use images that others pulled to the node.
    ///
    /// In a cluster of several tenants a Pod reads a private image without its credentials, if it runs where the image
    /// is already.
    ///
    /// ```yaml bad
    /// command: [kube-apiserver, --enable-admission-plugins=NodeRestriction] #! container `app` runs `kube-apiserver`: `--enable-admission-plugins` lacks `AlwaysPullImages`
    /// ```
    /// ```yaml good
    /// command: [kube-apiserver, "--enable-admission-plugins=NodeRestriction,AlwaysPullImages"]
    /// ```
    "control-plane-admission-always-pull-images": Info, Strict, since "0.1.0";
    refs: ["CIS 1.2.11", "checkov: CKV_K8S_80"];
    help: "add `AlwaysPullImages` where tenants do not trust each other";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    must(container, report, Part::ApiServer, "enable-admission-plugins", "lacks `AlwaysPullImages`", |v| {
        has(v, "AlwaysPullImages")
    });
}
