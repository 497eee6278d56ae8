//! What a create throws away before it is judged: fields of features that are off in that version, and volumes that a
//! StatefulSet puts its own in place of.

use yaml::Node;

use super::decode::{Frame, Step};

/// Collections of features that are off by default before a minor version; sources: the feature gates of k8s.io/kubernetes
/// 1.35.4, 1.36.4 and 1.37.1 (pkg/features), and what pkg/api/pod and pkg/registry/resource drop without them.
const GATED: &[(&str, &str, u8)] = &[
    ("ExactDeviceRequest", "tolerations", 36),
    ("DeviceSubRequest", "tolerations", 36),
    ("VolumeProjection", "clusterTrustBundle", 37),
    ("VolumeProjection", "podCertificate", 37),
];

/// Whether a collection that `step` leads to is thrown away.
pub(super) fn drops(minor: u8, frames: &[Frame<'_>], node: Node<'_>, step: Step<'_>) -> bool {
    match step {
        Step::Field(name @ ("clusterTrustBundle" | "podCertificate" | "tolerations")) => {
            let Some(owner) = frames.last().map(|frame| frame.ty.short_name()) else { return false };
            GATED.iter().any(|(ty, field, since)| *ty == owner && *field == name && minor < *since)
        }
        Step::Index(_) => is_replaced(frames, node),
        _ => false,
    }
}

/// Whether it is a volume of a StatefulSet's template in whose place the one of a claim template of that name is put.
fn is_replaced(frames: &[Frame<'_>], volume: Node<'_>) -> bool {
    let [_, set, .., volumes] = frames else { return false };
    if !matches!(volumes.step, Step::Field("volumes")) || set.ty.short_name() != "StatefulSetSpec" {
        return false;
    }
    let name = volume.get("name").map_or("", Node::text);
    let claims = set.node.get("volumeClaimTemplates").into_iter().flat_map(Node::items);
    claims.filter_map(|claim| claim.at("metadata.name")).any(|claim| claim.text() == name)
}
