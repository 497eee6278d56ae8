use super::super::prelude::*;

rule! {
    /// A Pod mounts the socket of its node's container runtime.
    ///
    /// Through it every program can start a privileged container, and so owns the node: no capability, no root, no
    /// write permission is needed. Image builders that ask for it have successors that do not.
    ///
    /// ```yaml bad
    /// volumes:
    ///   - name: docker
    ///     hostPath: #! volume `docker` mounts the container runtime's socket
    ///       path: /var/run/docker.sock
    /// ```
    /// ```yaml good
    /// volumes:
    ///   - name: socket
    ///     emptyDir: {}
    /// ```
    "container-runtime-socket": Critical, Minimal, since "0.1.0";
    refs: ["kube-linter: docker-sock", "trivy: KSV-0006", "checkov: CKV_K8S_27", "kubescape: C-0074"];
    over: ["host-path-volume", "host-path-sensitive", "restricted-volume-type"];
    help: "build images with a builder that needs no daemon, read container state from the Kubernetes API";
    check: Pod(check);
}

const SOCKETS: [&str; 6] =
    ["docker.sock", "containerd.sock", "crio.sock", "cri-dockerd.sock", "podman.sock", "dockershim.sock"];

fn check(pod: &PodView<'_>, report: &mut Report) {
    let is_socket =
        |path: &str| path.trim_end_matches('/').rsplit('/').next().is_some_and(|f| SOCKETS.contains(&f));
    for volume in pod.host_paths().filter(|v| is_socket(v.path)) {
        report.at(pod, volume.key, format!("volume `{}` mounts the container runtime's socket", volume.name));
    }
}
