//! A Pod may set the kernel parameters that stay within it.

use yaml::Node;

use super::{Control, Level, Violation};
use crate::kube::PodView;

pub(super) static CONTROL: Control =
    Control { name: "sysctls", level: Level::Baseline, since: 0, overrides: None, check };

/// Each with the minor version since which it is allowed.
const SAFE: [(&str, u32); 14] = [
    ("kernel.shm_rmid_forced", 0),
    ("net.ipv4.ip_local_port_range", 0),
    ("net.ipv4.ip_unprivileged_port_start", 0),
    ("net.ipv4.ping_group_range", 0),
    ("net.ipv4.tcp_syncookies", 0),
    ("net.ipv4.ip_local_reserved_ports", 27),
    ("net.ipv4.tcp_fin_timeout", 29),
    ("net.ipv4.tcp_keepalive_intvl", 29),
    ("net.ipv4.tcp_keepalive_probes", 29),
    ("net.ipv4.tcp_keepalive_time", 29),
    ("net.ipv4.tcp_rmem", 32),
    ("net.ipv4.tcp_wmem", 32),
    ("net.ipv4.tcp_notsent_lowat", 37),
    ("net.ipv4.tcp_slow_start_after_idle", 37),
];

/// Whether a parameter is allowed at a minor version. Names are compared as they are written, with dots.
pub fn is_safe(name: &str, minor: u32) -> bool {
    SAFE.iter().any(|&(safe, since)| safe == name && since <= minor)
}

fn check<'a>(pod: &PodView<'a>, minor: u32) -> Option<Violation<'a>> {
    let name = |sysctl: Node<'a>| sysctl.get("name");
    let all = pod.security.sysctls.into_iter().flat_map(Node::items);
    let unsafe_ones: Vec<Node<'a>> =
        all.filter(|s| !is_safe(name(*s).map_or("", Node::text), minor)).collect();
    let first = *unsafe_ones.first()?;
    let names: Vec<&str> = unsafe_ones.iter().map(|s| name(*s).map_or("", Node::text)).collect();
    Some(Violation {
        control: CONTROL.name,
        reason: "forbidden sysctls".to_owned(),
        detail: names.join(", "),
        at: name(first).or(Some(first)),
        container: None,
    })
}
