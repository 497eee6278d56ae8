//! SELinux may be given another of the container types, never a user or a role.

use std::collections::BTreeSet;

use yaml::Node;

use super::blame::{Blame, plural};
use super::{Control, Level, Violation};
use crate::kube::PodView;

pub(super) static CONTROL: Control =
    Control { name: "seLinuxOptions", level: Level::Baseline, since: 0, overrides: None, check };

/// The types that are allowed at a minor version.
pub fn allowed_types(minor: u32) -> &'static [&'static str] {
    let all = &["", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"];
    if minor >= 31 { all } else { &all[..4] }
}

fn check<'a>(pod: &PodView<'a>, minor: u32) -> Option<Violation<'a>> {
    let field = |options: Node<'a>, name: &str| options.get(name).map_or("", Node::text);
    let is_allowed_type = |options: Node<'a>| allowed_types(minor).contains(&field(options, "type"));
    let is_allowed = |options: Node<'a>| {
        is_allowed_type(options) && field(options, "user").is_empty() && field(options, "role").is_empty()
    };
    let on_containers = pod.containers.iter().filter_map(|c| c.security.se_linux_options);
    let all: Vec<Node<'a>> = pod.security.se_linux_options.into_iter().chain(on_containers).collect();
    let types: BTreeSet<&str> =
        all.iter().filter(|o| !is_allowed_type(**o)).map(|o| field(*o, "type")).collect();
    let is_set = |name| all.iter().any(|o| !field(*o, name).is_empty());

    Blame::setters(pod, pod.security.se_linux_options, |c| c.security.se_linux_options, is_allowed)
        .with_values(types)
        .violation(CONTROL.name, "seLinuxOptions", |blame| {
            let mut what = Vec::new();
            if !blame.values.is_empty() {
                what.push(format!("{} {}", plural("type", blame.values.len()), blame.quoted_values()));
            }
            for name in ["user", "role"] {
                if is_set(name) {
                    what.push(format!("{name} may not be set"));
                }
            }
            format!("{} set forbidden securityContext.seLinuxOptions: {}", blame.who(), what.join("; "))
        })
}
