//! What the server calls a fault where it does so in its own way: another reason than the schema suggests, another place.
//!
//! Types go by the last word of their name, as in [`super::facts`]; facts of Kubernetes' validation, 1.37.

/// What of a path the server names.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum At {
    /// All of it.
    Whole,
    /// The object that has the field.
    Owner,
    /// All but the innermost index: the list rather than the item, or a field as if there were one item.
    WithoutIndex,
}

const REQUIRED: &str = "FieldValueRequired";
const INVALID: &str = "FieldValueInvalid";
const NOT_SUPPORTED: &str = "FieldValueNotSupported";

/// Missing fields that the server calls otherwise: what is missing is nought or empty to it, and wrong as such.
const MISSING: &[(&str, &str, &str, At)] = &[
    ("APIServiceSpec", "groupPriorityMinimum", INVALID, At::Whole),
    ("APIServiceSpec", "version", INVALID, At::Whole),
    ("CSIStorageCapacity", "storageClassName", INVALID, At::Whole),
    ("CertificateSigningRequestSpec", "request", INVALID, At::Whole),
    ("ConfigMapKeySelector", "name", INVALID, At::Whole),
    ("ContainerRestartRule", "action", NOT_SUPPORTED, At::Whole),
    ("Device", "name", INVALID, At::Whole),
    ("DeviceTaint", "key", INVALID, At::Whole),
    ("EndpointPort", "port", INVALID, At::Whole),
    ("HPAScalingPolicy", "periodSeconds", INVALID, At::Whole),
    ("HPAScalingPolicy", "value", INVALID, At::Whole),
    ("HTTPGetAction", "port", INVALID, At::Whole),
    ("LabelSelectorRequirement", "key", INVALID, At::Whole),
    ("LabelSelectorRequirement", "operator", INVALID, At::Whole),
    ("PodDNSConfigOption", "name", REQUIRED, At::Owner),
    ("PreferredSchedulingTerm", "weight", INVALID, At::Whole),
    ("ResourceClaim", "name", REQUIRED, At::Owner),
    ("ResourcePool", "resourceSliceCount", INVALID, At::Whole),
    ("SecretKeySelector", "name", INVALID, At::Whole),
    ("ServicePort", "port", INVALID, At::Whole),
    ("Subject", "kind", NOT_SUPPORTED, At::Whole),
    ("TCPSocketAction", "port", INVALID, At::Whole),
    ("TopologySelectorLabelRequirement", "key", INVALID, At::Whole),
    ("TopologySpreadConstraint", "maxSkew", INVALID, At::Whole),
    ("TopologySpreadConstraint", "whenUnsatisfiable", NOT_SUPPORTED, At::Whole),
    ("WeightedPodAffinityTerm", "weight", INVALID, At::Whole),
];

/// Values that are none of those allowed, likewise.
const ENUMS: &[(&str, &str, &str, At)] = &[
    ("DaemonSetUpdateStrategy", "type", NOT_SUPPORTED, At::Owner),
    ("DeploymentStrategy", "type", NOT_SUPPORTED, At::Owner),
    ("NodeSelectorRequirement", "operator", INVALID, At::Whole),
    ("PersistentVolumeClaimSpec", "accessModes", NOT_SUPPORTED, At::WithoutIndex),
    ("PersistentVolumeSpec", "accessModes", NOT_SUPPORTED, At::WithoutIndex),
    ("ResourceQuotaSpec", "scopes", INVALID, At::WithoutIndex),
    ("ScopedResourceSelectorRequirement", "operator", INVALID, At::WithoutIndex),
    ("ScopedResourceSelectorRequirement", "scopeName", INVALID, At::WithoutIndex),
    ("StatefulSetSpec", "podManagementPolicy", INVALID, At::Whole),
    ("StatefulSetUpdateStrategy", "type", INVALID, At::Owner),
    ("VolumeMount", "mountPropagation", NOT_SUPPORTED, At::WithoutIndex),
];

/// The reason and the place of a missing field.
pub(super) fn missing(ty: &str, field: &str) -> (&'static str, At) {
    find(MISSING, ty, field).unwrap_or((REQUIRED, At::Whole))
}

/// The reason and the place of a value that is none of those allowed.
pub(super) fn not_allowed(ty: &str, field: &str) -> (&'static str, At) {
    find(ENUMS, ty, field).unwrap_or((NOT_SUPPORTED, At::Whole))
}

fn find(
    table: &[(&'static str, &'static str, &'static str, At)],
    ty: &str,
    field: &str,
) -> Option<(&'static str, At)> {
    let at = table.binary_search_by(|(owner, name, ..)| (*owner, *name).cmp(&(ty, field))).ok()?;
    table.get(at).map(|(.., reason, place)| (*reason, *place))
}

impl At {
    /// What is left of a path.
    pub fn of(self, mut path: String) -> String {
        match self {
            At::Whole => {}
            At::Owner => path.truncate(path.rfind('.').unwrap_or(0)),
            At::WithoutIndex => {
                if let Some((start, end)) =
                    path.rfind('[').and_then(|at| Some((at, at + path[at..].find(']')? + 1)))
                {
                    path.replace_range(start..end, "");
                }
            }
        }
        path
    }
}

/// A path as the server writes it, which has the taints of a Node under `metadata`.
pub(super) fn path(kind: &str, path: &str) -> String {
    match path.strip_prefix("spec.taints") {
        Some(rest) if kind == "Node" => format!("metadata.taints{rest}"),
        _ => path.replace(".gcePersistentDisk.pdName", ".persistentDisk.pdName"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted() {
        assert!(MISSING.is_sorted_by_key(|(ty, field, ..)| (*ty, *field)));
        assert!(ENUMS.is_sorted_by_key(|(ty, field, ..)| (*ty, *field)));
    }

    #[test]
    fn paths_are_cut_as_the_server_cuts_them() {
        assert_eq!(At::Owner.of("spec.strategy.type".into()), "spec.strategy");
        assert_eq!(At::WithoutIndex.of("spec.scopes[3]".into()), "spec.scopes");
        assert_eq!(At::WithoutIndex.of("a[1].b[2].c".into()), "a[1].b.c");
        assert_eq!(path("Node", "spec.taints[0].key"), "metadata.taints[0].key");
    }
}
