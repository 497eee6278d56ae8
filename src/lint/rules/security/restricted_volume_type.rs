use super::super::prelude::*;
use crate::kube::pod_security::{ALLOWED_VOLUMES, volume_type};

rule! {
    /// A volume is of a type that the restricted Pod Security Standard does not know.
    ///
    /// Types that name a disk or a server let the author of a Pod choose storage that nobody gave to him. With a
    /// PersistentVolumeClaim the cluster decides.
    ///
    /// ```yaml bad
    /// volumes:
    ///   - name: data
    ///     nfs: #! volume `data` is of type `nfs`
    ///       server: files.example.com
    ///       path: /data
    /// ```
    /// ```yaml good
    /// volumes:
    ///   - name: data
    ///     persistentVolumeClaim:
    ///       claimName: data
    /// ```
    "restricted-volume-type": Medium, Recommended, since "0.1.0";
    refs: ["PSS restricted", "trivy: KSV-0028"];
    help: "use a PersistentVolumeClaim";
    check: Pod(check);
}

fn check(pod: &PodView<'_>, report: &mut Report) {
    for volume in pod.volumes() {
        if let Some((kind, node)) = volume_type(volume)
            && !ALLOWED_VOLUMES.contains(&kind)
        {
            let key = volume.entry(kind).map_or(node, |(key, _)| key);
            report.at(pod, key, format!("volume `{}` is of type `{kind}`", text(volume.get("name"))));
        }
    }
}
