use super::super::prelude::*;

rule! {
    /// An init container has a probe or a lifecycle hook.
    ///
    /// It runs to its end before the others start, so nothing can be asked of it: the server refuses it. An init container
    /// with `restartPolicy: Always` is a sidecar and may have them.
    ///
    /// ```yaml bad
    /// initContainers:
    ///   - name: migrate
    ///     readinessProbe: #! init container `migrate` must not have `readinessProbe`: it runs to its end first
    ///       tcpSocket: {port: 8080}
    /// containers: []
    /// ```
    /// ```yaml good
    /// initContainers:
    ///   - name: proxy
    ///     restartPolicy: Always
    ///     readinessProbe:
    ///       tcpSocket: {port: 8080}
    /// containers: []
    /// ```
    "probe-on-init-container": High, Minimal, since "0.1.0";
    refs: [];
    refused: true;
    help: "remove it, or make the container a sidecar with `restartPolicy: Always`";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    if container.role != Role::Init {
        return;
    }
    let hooks = container.lifecycle.map(|hooks| ("lifecycle", hooks));
    for (field, _) in container.probes().chain(hooks) {
        report.missing(
            container,
            field,
            format!("{container} must not have `{field}`: it runs to its end first"),
        );
    }
}
