use super::super::prelude::*;

rule! {
    /// A ServiceAccount that a workload runs as is not there.
    ///
    /// No Pod is made at all: the controller is refused, and says so only in its events. `default` is always there. Unless
    /// the world is closed or other ServiceAccounts stand in the namespace, it is a note.
    ///
    /// ```yaml bad
    /// serviceAccountName: web #! there is no ServiceAccount `web` in namespace `shop`
    /// ```
    /// ```yaml good
    /// serviceAccountName: default
    /// ```
    "service-account-missing": High, Recommended, since "0.1.0";
    refs: ["kube-linter: non-existent-service-account", "kubescape: C-0307"];
    help: "add the ServiceAccount, or mend the name";
    check: Bundle(check);
}

fn check(graph: &Graph<'_>, report: &mut Report) {
    super::missing::objects(graph, report, Known::ServiceAccount, |r| r.name.text() != "default");
}
