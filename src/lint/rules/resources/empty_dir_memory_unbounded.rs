use super::super::prelude::*;

rule! {
    /// A volume in memory has no size.
    ///
    /// What is written to it counts as memory of the Pod, up to half of the node's where no limit says otherwise: a log
    /// that grows ends the containers.
    ///
    /// ```yaml bad
    /// volumes:
    ///   - name: cache
    ///     emptyDir:
    ///       medium: Memory #! volume `cache` is kept in memory and may grow without bound
    /// ```
    /// ```yaml good
    /// volumes:
    ///   - name: cache
    ///     emptyDir:
    ///       medium: Memory
    ///       sizeLimit: 64Mi
    /// ```
    "empty-dir-memory-unbounded": Low, Recommended, since "0.1.0";
    refs: ["kyverno: require-emptydir-requests-and-limits"];
    help: "set `sizeLimit`";
    check: Pod(check);
}

fn check(pod: &PodView<'_>, report: &mut Report) {
    for volume in pod.volumes() {
        let Some(dir) = volume.get("emptyDir") else { continue };
        let Some(medium) = dir.get("medium").filter(|m| m.text() == "Memory") else { continue };
        if dir.get("sizeLimit").is_none_or(Node::is_null) {
            let name = text(volume.get("name"));
            report.at(pod, medium, format!("volume `{name}` is kept in memory and may grow without bound"));
        }
    }
}
