use super::super::prelude::*;
use crate::kube::Quantity;

rule! {
    /// A claim does not fit the volume that was made for it.
    ///
    /// Where a claim names a PersistentVolume of the stream, or one is reserved for it, that volume must have the modes, the
    /// size and the class that the claim asks for: otherwise the claim stays `Pending`.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: PersistentVolume
    /// metadata:
    ///   name: data
    /// spec:
    ///   capacity: {storage: 5Gi}
    ///   accessModes: [ReadWriteOnce]
    ///   storageClassName: manual
    /// ---
    /// apiVersion: v1
    /// kind: PersistentVolumeClaim
    /// metadata:
    ///   name: data
    /// spec:
    ///   volumeName: data
    ///   storageClassName: manual
    ///   accessModes: [ReadWriteOnce]
    ///   resources:
    ///     requests:
    ///       storage: 10Gi #! claim `data` asks for 10Gi, PersistentVolume `data` has 5Gi
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: PersistentVolume
    /// metadata:
    ///   name: data
    /// spec:
    ///   capacity: {storage: 10Gi}
    ///   accessModes: [ReadWriteOnce]
    ///   storageClassName: manual
    /// ---
    /// apiVersion: v1
    /// kind: PersistentVolumeClaim
    /// metadata:
    ///   name: data
    /// spec:
    ///   storageClassName: manual
    ///   accessModes: [ReadWriteOnce]
    ///   resources:
    ///     requests:
    ///       storage: 5Gi
    /// ```
    "pvc-pv-mismatch": High, Recommended, since "0.1.0";
    refs: [];
    help: "make size, access modes and class of the two agree";
    check: Bundle(check);
}

fn check(graph: &Graph<'_>, report: &mut Report) {
    let mut reserved = rustc_hash::FxHashMap::default();
    let mut of_class: rustc_hash::FxHashMap<&str, Vec<&Resource>> = rustc_hash::FxHashMap::default();
    for volume in graph.all(Known::PersistentVolume).map(|v| v.resource) {
        let Some(spec) = volume.spec() else { continue };
        if let Some(claim) = spec.get("claimRef") {
            reserved.insert((text(claim.get("namespace")), text(claim.get("name"))), volume);
        }
        of_class.entry(text(spec.get("storageClassName"))).or_default().push(volume);
    }
    for claim in graph.each(Known::PersistentVolumeClaim) {
        let Some(spec) = claim.resource.spec() else { continue };
        let name = &*claim.resource.id.name;
        let class = spec.get("storageClassName").filter(|c| !c.text().is_empty());
        let meant = match spec.get("volumeName").filter(|n| !n.text().is_empty()) {
            Some(named) => graph.find(Known::PersistentVolume, "", named.text()).map(|v| v.resource),
            None => reserved.get(&(claim.namespace, name)).copied().or_else(|| {
                // Of a class that only volumes of the stream have, one of these is meant.
                let class = class.filter(|c| graph.find(Known::StorageClass, "", c.text()).is_none())?;
                let volumes = of_class.get(class.text())?;
                let first = volumes.first().copied()?;
                volumes.iter().take(64).all(|v| !faults(spec, v).is_empty()).then_some(first)
            }),
        };
        let Some(volume) = meant else { continue };
        for (node, what) in faults(spec, volume) {
            let message = format!(
                "claim `{name}` {}",
                what.replace("{}", &format!("PersistentVolume `{}`", volume.id.name))
            );
            let finding = match node {
                Some(node) => report.at(&claim.resource, node, message),
                None => report.on(&claim.resource, message),
            };
            finding.related_object(volume, "the volume");
        }
    }
}

/// What the volume lacks, each with the claim's field that asks for it.
fn faults<'a>(claim: Node<'a>, volume: &Resource) -> Vec<(Option<Node<'a>>, String)> {
    let mut found = Vec::new();
    let Some(spec) = volume.spec() else { return found };
    let asked = claim.at("resources.requests.storage");
    if let (Some(asked), Some(has)) = (asked, spec.at("capacity.storage"))
        && let (Ok(least), Ok(size)) = (Quantity::parse(asked.text()), Quantity::parse(has.text()))
        && size < least
    {
        found.push((Some(asked), format!("asks for {}, {{}} has {}", asked.text(), has.text())));
    }
    let modes: Vec<&str> =
        spec.get("accessModes").into_iter().flat_map(Node::items).map(Node::text).collect();
    let missing =
        claim.get("accessModes").into_iter().flat_map(Node::items).find(|m| !modes.contains(&m.text()));
    if let Some(mode) = missing {
        found.push((Some(mode), format!("asks for mode {}, which {{}} does not have", mode.text())));
    }
    let class = claim.get("storageClassName");
    let has = text(spec.get("storageClassName"));
    if let Some(class) = class.filter(|c| c.text() != has) {
        found.push((Some(class), format!("asks for class `{}`, {{}} has `{has}`", class.text())));
    }
    let mode = |node: Option<Node<'_>>| if text(node) == "Block" { "Block" } else { "Filesystem" };
    let wanted = claim.get("volumeMode");
    if mode(wanted) != mode(spec.get("volumeMode")) {
        found.push((wanted, format!("wants volume mode {}, {{}} has the other", mode(wanted))));
    }
    found
}
