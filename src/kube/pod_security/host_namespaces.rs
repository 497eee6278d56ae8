//! A Pod must not share the node's network, processes or interprocess communication.

use yaml::Node;

use super::{Control, Level, Violation};
use crate::kube::PodView;

pub(super) static CONTROL: Control =
    Control { name: "hostNamespaces", level: Level::Baseline, since: 0, overrides: None, check };

fn check<'a>(pod: &PodView<'a>, _: u32) -> Option<Violation<'a>> {
    let fields = [
        ("hostNetwork=true", pod.spec.host_network),
        ("hostPID=true", pod.spec.host_pid),
        ("hostIPC=true", pod.spec.host_ipc),
    ];
    let shared: Vec<(&str, Node<'a>)> =
        fields.into_iter().filter_map(|(text, node)| Some((text, node.filter(|n| n.is_true())?))).collect();
    let (_, first) = *shared.first()?;
    let texts: Vec<&str> = shared.iter().map(|(text, _)| *text).collect();
    Some(Violation {
        control: CONTROL.name,
        reason: "host namespaces".to_owned(),
        detail: texts.join(", "),
        at: Some(first),
        container: None,
    })
}
