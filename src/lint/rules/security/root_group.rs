use super::super::prelude::*;

rule! {
    /// A Pod or container is in the group of root.
    ///
    /// Files of the node that a volume brings along are mostly readable, often writable for root's group.
    ///
    /// ```yaml bad
    /// securityContext:
    ///   fsGroup: 0 #! `fsGroup` is root's group
    ///   supplementalGroups: [2000]
    /// ```
    /// ```yaml good
    /// securityContext:
    ///   fsGroup: 10001
    /// ```
    "root-group": Low, Recommended, since "0.1.0";
    refs: ["kube-linter: run-as-non-root", "trivy: KSV-0116"];
    help: "choose a group above 10000";
    check: Pod(check);
}

fn check(pod: &PodView<'_>, report: &mut Report) {
    let is_root = |group: &Node<'_>| group.as_i64() == Some(0);
    let groups = pod.security.supplemental_groups.into_iter().flat_map(Node::items);
    let on_pod = [("fsGroup", pod.security.fs_group), ("runAsGroup", pod.security.run_as_group)];
    let on_pod = on_pod.into_iter().filter_map(|(name, group)| Some((name, group?)));
    for (name, group) in on_pod.chain(groups.map(|g| ("supplementalGroups", g))).filter(|(_, g)| is_root(g)) {
        report.at(pod, group, format!("`{name}` is root's group"));
    }
    for container in &pod.containers {
        if let Some(group) = container.security.run_as_group.filter(is_root) {
            report.at(container, group, format!("{container} runs in root's group"));
        }
    }
}
