use super::super::prelude::*;

rule! {
    /// The containers of a Pod see each other's processes.
    ///
    /// Each can read the environment and, through `/proc`, the files of the others. It is meant for Pods whose containers
    /// watch each other.
    ///
    /// ```yaml bad
    /// shareProcessNamespace: true #! the Pod's containers see each other's processes
    /// ```
    /// ```yaml good
    /// shareProcessNamespace: false
    /// ```
    "share-process-namespace": Info, Strict, since "0.1.0";
    refs: [];
    help: "remove `shareProcessNamespace`";
    check: Pod(check);
}

fn check(pod: &PodView<'_>, report: &mut Report) {
    if let Some(set) = pod.spec.share_process_namespace.filter(|n| n.is_true()) {
        report.at(pod, set, "the Pod's containers see each other's processes");
    }
}
