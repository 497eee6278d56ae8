use super::super::prelude::*;

rule! {
    /// A container mounts a volume that its Pod does not have.
    ///
    /// The server refuses it. A volume that nobody mounts is a note: it is mostly the other half of a name that was mended
    /// in one place only.
    ///
    /// ```yaml bad
    /// volumes:
    ///   - name: config
    ///     emptyDir: {}
    /// containers:
    ///   - name: web
    ///     volumeMounts:
    ///       - name: config
    ///         mountPath: /etc/web
    ///       - name: data #! container `web` mounts volume `data`, which the Pod does not have
    ///         mountPath: /data
    /// ```
    /// ```yaml good
    /// volumes:
    ///   - name: config
    ///     emptyDir: {}
    /// containers:
    ///   - name: web
    ///     volumeMounts:
    ///       - name: config
    ///         mountPath: /etc/web
    /// ```
    "volume-mount-undefined": High, Minimal, since "0.1.0";
    refs: [];
    refused: true;
    help: "add the volume to the Pod's `volumes`, or mend the name";
    check: Pod(check);
}

fn check(pod: &PodView<'_>, report: &mut Report) {
    let claims = pod.resource.in_spec("volumeClaimTemplates").into_iter().flat_map(Node::items);
    let claims = claims.filter_map(|c| c.at("metadata.name")).map(Node::text);
    let volumes: Vec<Node<'_>> = pod.volumes().filter_map(|v| v.get("name")).collect();
    let names: Vec<&str> = volumes.iter().map(|v| v.text()).chain(claims).collect();
    let mut used = rustc_hash::FxHashSet::default();
    for container in &pod.containers {
        let devices = container.volume_devices.into_iter().flat_map(Node::items);
        for name in container.mounts().chain(devices).filter_map(|m| m.get("name")) {
            used.insert(name.text());
            if !names.contains(&name.text()) {
                let message =
                    format!("{container} mounts volume `{}`, which the Pod does not have", name.text());
                let near = source::closest(name.text(), names.iter().copied());
                let finding = report.at(container, name, message);
                if let Some(near) = near {
                    finding.help(format!("did you mean `{near}`?"));
                }
            }
        }
    }
    for volume in volumes.iter().filter(|v| !used.contains(v.text()) && !pod.containers.is_empty()) {
        let message = format!("no container mounts volume `{}`", volume.text());
        report.at(pod, *volume, message).note_unless(false).help("mount it, or remove it");
    }
}
