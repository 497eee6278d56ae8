//! A Pod must not mount the node's directories.

use yaml::Node;

use super::blame::{plural, quoted};
use super::{Control, Level, Violation};
use crate::kube::PodView;

pub(super) static CONTROL: Control =
    Control { name: "hostPathVolumes", level: Level::Baseline, since: 0, overrides: None, check };

fn check<'a>(pod: &PodView<'a>, _: u32) -> Option<Violation<'a>> {
    let is_host_path = |v: &Node<'a>| v.get("hostPath").is_some_and(|p| !p.is_null());
    let volumes: Vec<Node<'a>> = pod.volumes().filter(is_host_path).collect();
    let names: Vec<&str> = volumes.iter().map(|v| v.get("name").map_or("", Node::text)).collect();
    let first = volumes.first()?.get("hostPath");
    Some(Violation {
        control: CONTROL.name,
        reason: "hostPath volumes".to_owned(),
        detail: format!("{} {}", plural("volume", names.len()), quoted(&names)),
        at: first,
        container: None,
    })
}
