use super::super::prelude::*;

rule! {
    /// A Pod mounts a directory of its node.
    ///
    /// What it writes there other Pods and the node itself may read, what it reads may be the node's keys, and on
    /// another node the directory holds something else. Storage, log and network agents of the cluster need it.
    ///
    /// ```yaml bad
    /// volumes:
    ///   - name: logs
    ///     hostPath: #! volume `logs` mounts `/srv/logs` of the node
    ///       path: /srv/logs
    /// ```
    /// ```yaml good
    /// volumes:
    ///   - name: logs
    ///     emptyDir: {}
    /// ```
    "host-path-volume": High, Recommended, since "0.1.0";
    refs: ["PSS baseline", "CIS 5.2.12", "polaris: hostPathSet", "trivy: KSV-0023", "kubescape: C-0048"];
    over: ["restricted-volume-type"];
    help: "use an `emptyDir`, a PersistentVolumeClaim or a `local` PersistentVolume";
    check: Pod(check);
}

fn check(pod: &PodView<'_>, report: &mut Report) {
    for volume in pod.host_paths() {
        let message = format!("volume `{}` mounts `{}` of the node", volume.name, volume.path);
        report.at(pod, volume.key, message);
    }
}
