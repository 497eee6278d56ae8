use super::super::prelude::*;

rule! {
    /// A Pod mounts a directory that the node itself lives by.
    ///
    /// The node's configuration, keys, programs, devices and the state of its kubelet stand there. To read them is to
    /// read the credentials of the node and of all its Pods; to write them is to own the node.
    ///
    /// ```yaml bad
    /// volumes:
    ///   - name: config
    ///     hostPath: #! volume `config` mounts `/etc/kubernetes` of the node
    ///       path: /etc/kubernetes
    /// ```
    /// ```yaml good
    /// volumes:
    ///   - name: config
    ///     configMap:
    ///       name: app
    /// ```
    "host-path-sensitive": High, Recommended, since "0.1.0";
    refs: ["kube-linter: sensitive-host-mounts", "trivy: KSV-0121"];
    over: ["host-path-volume", "restricted-volume-type"];
    help: "mount the one file that is needed, read-only, or ask the Kubernetes API for what it says";
    check: Pod(check);
}

const ROOTS: [&str; 12] = [
    "/boot",
    "/dev",
    "/etc",
    "/lib",
    "/lib64",
    "/proc",
    "/root",
    "/sys",
    "/usr",
    "/var/lib/docker",
    "/var/lib/kubelet",
    "/var/run",
];

fn check(pod: &PodView<'_>, report: &mut Report) {
    for volume in pod.host_paths().filter(|v| is_sensitive(v.path)) {
        let message = format!("volume `{}` mounts `{}` of the node", volume.name, volume.path);
        report.at(pod, volume.key, message).label("the node itself lives by what stands there");
    }
}

fn is_sensitive(path: &str) -> bool {
    let path = path.trim_end_matches('/');
    path.is_empty()
        || ROOTS
            .iter()
            .any(|root| path.strip_prefix(root).is_some_and(|p| p.is_empty() || p.starts_with('/')))
}
