//! Volumes must be of a type that gives no way to the node or around the cluster's storage classes.

use std::collections::BTreeSet;

use yaml::Node;

use super::blame::{plural, quoted};
use super::{Control, Level, Violation};
use crate::kube::PodView;

/// The types that `restricted` allows, by the name of their field.
pub const ALLOWED_VOLUMES: [&str; 9] = [
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "image",
    "persistentVolumeClaim",
    "projected",
    "secret",
];

/// In the order in which the server looks where a volume has several.
const OTHER_VOLUMES: [&str; 21] = [
    "hostPath",
    "gcePersistentDisk",
    "awsElasticBlockStore",
    "gitRepo",
    "nfs",
    "iscsi",
    "glusterfs",
    "rbd",
    "flexVolume",
    "cinder",
    "cephfs",
    "flocker",
    "fc",
    "azureFile",
    "vsphereVolume",
    "quobyte",
    "azureDisk",
    "photonPersistentDisk",
    "portworxVolume",
    "scaleIO",
    "storageos",
];

pub(super) static CONTROL: Control = Control {
    name: "restrictedVolumes",
    level: Level::Restricted,
    since: 0,
    overrides: Some("hostPathVolumes"),
    check,
};

/// The type of a volume by the name of its field, with that field's node; `None` for a volume that names none, which
/// the server makes an `emptyDir`.
pub fn volume_type<'a>(volume: Node<'a>) -> Option<(&'static str, Node<'a>)> {
    let field = |name: &&'static str| Some((*name, volume.get(name).filter(|v| !v.is_null())?));
    ALLOWED_VOLUMES.iter().find_map(field).or_else(|| OTHER_VOLUMES.iter().find_map(field))
}

fn check<'a>(pod: &PodView<'a>, _: u32) -> Option<Violation<'a>> {
    let (mut names, mut types, mut first) = (Vec::new(), BTreeSet::new(), None);
    for volume in pod.volumes() {
        if let Some((name, node)) = volume_type(volume)
            && !ALLOWED_VOLUMES.contains(&name)
        {
            names.push(volume.get("name").map_or("", Node::text));
            types.insert(name);
            first = first.or(Some(node));
        }
    }
    (!names.is_empty()).then(|| Violation {
        control: CONTROL.name,
        reason: "restricted volume types".to_owned(),
        detail: format!(
            "{} {} {} {} {}",
            plural("volume", names.len()),
            quoted(&names),
            if names.len() == 1 { "uses" } else { "use" },
            plural("restricted volume type", types.len()),
            quoted(&types)
        ),
        at: first,
        container: None,
    })
}
