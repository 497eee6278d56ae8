use super::super::prelude::*;
use crate::kube::pod_security::{NEWEST_MINOR, se_linux_types};

rule! {
    /// SELinux is given a user, a role, or a type that is not for containers.
    ///
    /// With them a process leaves the fence that SELinux draws around containers. Only the types `container_t`,
    /// `container_init_t`, `container_kvm_t` and `container_engine_t` keep it.
    ///
    /// ```yaml bad
    /// securityContext:
    ///   seLinuxOptions:
    ///     type: spc_t #! the Pod sets the SELinux type `spc_t`
    /// ```
    /// ```yaml good
    /// securityContext:
    ///   seLinuxOptions:
    ///     level: s0:c123,c456
    /// ```
    "selinux-options": High, Recommended, since "0.1.0";
    refs: ["PSS baseline", "trivy: KSV-0025"];
    help: "leave type, user and role to the runtime; `level` is free";
    check: Pod(check);
}

fn check(pod: &PodView<'_>, report: &mut Report) {
    for (field, value) in faults(pod.security.se_linux_options) {
        report.at(pod, value, format!("the Pod sets the SELinux {field} `{}`", value.text()));
    }
    for container in &pod.containers {
        for (field, value) in faults(container.security.se_linux_options) {
            report.at(container, value, format!("{container} sets the SELinux {field} `{}`", value.text()));
        }
    }
}

fn faults(options: Option<Node<'_>>) -> impl Iterator<Item = (&'static str, Node<'_>)> {
    let fields = ["type", "user", "role"].into_iter();
    let set =
        fields.filter_map(move |field| Some((field, options?.get(field).filter(|v| !v.text().is_empty())?)));
    set.filter(|(field, value)| *field != "type" || !se_linux_types(NEWEST_MINOR).contains(&value.text()))
}
