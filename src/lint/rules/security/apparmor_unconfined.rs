use super::super::prelude::*;
use crate::kube::pod_security::{APP_ARMOR_ANNOTATION, is_app_armor_allowed};

rule! {
    /// AppArmor is switched off.
    ///
    /// By the field `appArmorProfile`, or by the annotation that older versions read. The runtime's profile keeps a
    /// container from mounting and from writing to the kernel's control files.
    ///
    /// ```yaml bad
    /// securityContext:
    ///   appArmorProfile:
    ///     type: Unconfined #! the Pod switches AppArmor off
    /// ```
    /// ```yaml good
    /// securityContext:
    ///   appArmorProfile:
    ///     type: RuntimeDefault
    /// ```
    "apparmor-unconfined": High, Recommended, since "0.1.0";
    refs: ["PSS baseline", "trivy: KSV-0002"];
    over: ["deprecated-field"];
    help: "set the type to `RuntimeDefault`, or name a profile of the node with `Localhost`";
    check: Pod(check);
}

fn check(pod: &PodView<'_>, report: &mut Report) {
    let off = |profile: Node<'_>| !matches!(text(profile.get("type")), "RuntimeDefault" | "Localhost");
    if let Some(profile) = pod.security.app_armor_profile.filter(|p| off(*p)) {
        report.at(pod, profile.get("type").unwrap_or(profile), "the Pod switches AppArmor off");
    }
    for container in &pod.containers {
        if let Some(profile) = container.security.app_armor_profile.filter(|p| off(*p)) {
            let place = profile.get("type").unwrap_or(profile);
            report.at(container, place, format!("{container} switches AppArmor off"));
        }
    }
    for (key, value) in pod.metadata.and_then(|m| m.get("annotations")).into_iter().flat_map(Node::entries) {
        if let Some(container) = key.text().strip_prefix(APP_ARMOR_ANNOTATION)
            && !is_app_armor_allowed(value.text())
        {
            report.at(pod, value, format!("an annotation switches AppArmor off for container `{container}`"));
        }
    }
}
