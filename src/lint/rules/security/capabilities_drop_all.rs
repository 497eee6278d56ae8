use super::super::prelude::*;

rule! {
    /// A container keeps the capabilities that its runtime gives it.
    ///
    /// A runtime gives more than a dozen by default, among them to change the owner of files and to become another
    /// user. Nearly every program runs with none. Drop `ALL` (written exactly so) and add what is missing.
    /// Pods that say `os.name: windows` are left alone.
    ///
    /// ```yaml bad
    /// securityContext:
    ///   capabilities:
    ///     drop: #! container `app` does not drop all capabilities
    ///       - NET_RAW
    /// ```
    /// ```yaml good
    /// securityContext:
    ///   capabilities:
    ///     drop: [ALL]
    /// ```
    "capabilities-drop-all": Medium, Recommended, since "0.1.0";
    refs: ["PSS restricted", "CIS 5.2.10", "polaris: insecureCapabilities", "trivy: KSV-0003", "checkov: CKV_K8S_37",
        "kubescape: C-0201", "checkov: CKV_K8S_28"];
    over: ["capability-net-raw"];
    help: "set `securityContext.capabilities.drop: [ALL]` and add what the program then lacks";
    check: Container(check);
}

fn check(pod: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    if !container.drops_all_capabilities() && !pod.is_windows() {
        let path = "securityContext.capabilities.drop";
        report.missing(container, path, format!("{container} does not drop all capabilities"));
    }
}
