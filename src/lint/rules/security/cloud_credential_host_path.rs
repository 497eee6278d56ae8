use super::super::prelude::*;

rule! {
    /// A Pod mounts the file with the node's cloud credentials.
    ///
    /// Whoever reads it acts in the cloud account as the node does: it may create machines, read disks and images.
    /// Give the Pod an identity of its own through its ServiceAccount.
    ///
    /// ```yaml bad
    /// volumes:
    ///   - name: cloud
    ///     hostPath: #! volume `cloud` mounts `/etc/kubernetes/azure.json`, the node's credentials in the cloud
    ///       path: /etc/kubernetes/azure.json
    /// ```
    /// ```yaml good
    /// volumes:
    ///   - name: cloud
    ///     secret:
    ///       secretName: cloud-credentials
    /// ```
    "cloud-credential-host-path": High, Recommended, since "0.1.0";
    refs: ["kubescape: C-0020"];
    over: ["host-path-volume", "host-path-sensitive", "restricted-volume-type"];
    help: "give the Pod a cloud identity through its ServiceAccount";
    check: Pod(check);
}

/// Where the clouds' tools and node images keep them; a directory counts with all below it.
const PLACES: [&str; 12] = [
    "/etc/kubernetes/azure.json",
    "/etc/kubernetes/azure",
    "/.azure",
    "/root/.azure",
    "/home/*/.azure",
    "/.aws",
    "/root/.aws",
    "/home/*/.aws",
    "/.config/gcloud",
    "/root/.config/gcloud",
    "/home/*/.config/gcloud",
    "/gcloud",
];

fn check(pod: &PodView<'_>, report: &mut Report) {
    for volume in pod.host_paths().filter(|v| PLACES.iter().any(|place| is_at(v.path, place))) {
        let message =
            format!("volume `{}` mounts `{}`, the node's credentials in the cloud", volume.name, volume.path);
        report.at(pod, volume.key, message);
    }
}

/// Whether a path is the place or stands below it; `*` is any one name.
fn is_at(path: &str, place: &str) -> bool {
    let mut steps = path.trim_end_matches('/').split('/');
    place.split('/').all(|want| steps.next().is_some_and(|step| want == "*" || want == step))
}
