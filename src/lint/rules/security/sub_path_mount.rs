use super::super::prelude::*;

rule! {
    /// A container mounts a part of a volume.
    ///
    /// Kubelets without the mend of CVE-2021-25741 can be led to mount files of the node instead. Besides, a file that is
    /// mounted so is never updated when its ConfigMap is.
    ///
    /// ```yaml bad
    /// volumeMounts:
    ///   - name: config
    ///     mountPath: /etc/app.conf
    ///     subPath: app.conf #! container `app` mounts a part of volume `config`
    /// ```
    /// ```yaml good
    /// volumeMounts:
    ///   - name: config
    ///     mountPath: /etc/app
    /// ```
    "sub-path-mount": Info, Strict, since "0.1.0";
    refs: ["NSA", "kubescape: C-0058"];
    help: "mount the whole volume at a directory of its own, or project the keys that are needed";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    for mount in container.mounts() {
        if let Some(part) = mount.get("subPath").or_else(|| mount.get("subPathExpr")).filter(|p| !p.is_null())
        {
            let volume = text(mount.get("name"));
            report.at(container, part, format!("{container} mounts a part of volume `{volume}`"));
        }
    }
}
