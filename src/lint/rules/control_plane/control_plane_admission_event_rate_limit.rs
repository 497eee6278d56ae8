use super::super::prelude::*;
use super::{Part, has, must};

rule! {
    /// Nothing limits how many events the API server takes.
    ///
    /// A controller that runs wild fills etcd with events.
    ///
    /// ```yaml bad
    /// command: [kube-apiserver, --enable-admission-plugins=NodeRestriction] #! container `app` runs `kube-apiserver`: `--enable-admission-plugins` lacks `EventRateLimit`
    /// ```
    /// ```yaml good
    /// command: [kube-apiserver, "--enable-admission-plugins=NodeRestriction,EventRateLimit"]
    /// ```
    "control-plane-admission-event-rate-limit": Low, Strict, since "0.1.0";
    refs: ["CIS 1.2.9", "checkov: CKV_K8S_78"];
    help: "add `EventRateLimit` and its configuration";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    must(container, report, Part::ApiServer, "enable-admission-plugins", "lacks `EventRateLimit`", |v| {
        has(v, "EventRateLimit")
    });
}
