use super::super::prelude::*;

rule! {
    /// A container can write to a directory of its node.
    ///
    /// A file in the right place of the node (a timer, a unit, a static Pod) is run by it. Agents that collect only
    /// read; say so with `readOnly: true`.
    ///
    /// ```yaml bad
    /// volumes:
    ///   - name: logs
    ///     hostPath: {path: /var/log}
    /// containers:
    ///   - name: agent
    ///     volumeMounts:
    ///       - name: logs #! container `agent` can write to `/var/log` of its node
    ///         mountPath: /logs
    /// ```
    /// ```yaml good
    /// volumes:
    ///   - name: logs
    ///     hostPath: {path: /var/log}
    /// containers:
    ///   - name: agent
    ///     volumeMounts:
    ///       - name: logs
    ///         mountPath: /logs
    ///         readOnly: true
    /// ```
    "host-path-writable": High, Recommended, since "0.1.0";
    refs: ["kube-linter: writable-host-mount", "kubescape: C-0045"];
    help: "set `readOnly: true` on the mount";
    check: Pod(check);
}

fn check(pod: &PodView<'_>, report: &mut Report) {
    let volumes: Vec<_> = pod.host_paths().collect();
    for container in &pod.containers {
        for mount in container.mounts().filter(|m| !m.get("readOnly").is_some_and(Node::is_true)) {
            let Some(name) = mount.get("name") else { continue };
            if let Some(volume) = volumes.iter().find(|v| v.name == name.text()) {
                let place = mount.get("readOnly").filter(|r| !r.is_null()).unwrap_or(name);
                let message = format!("{container} can write to `{}` of its node", volume.path);
                report.at(container, place, message).related(pod.resource, volume.key, "the volume");
            }
        }
    }
}
