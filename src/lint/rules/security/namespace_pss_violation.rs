use super::super::prelude::*;
use crate::kube::pod_security::{Level, Standard, parse_version};

rule! {
    /// A workload breaks the Pod Security Standard of its own Namespace.
    ///
    /// The Namespace of the same stream says with its labels which level is enforced, audited or warned of. The server
    /// refuses Pods that break what is enforced. A Deployment that does is taken with a warning only, and then never gets
    /// a Pod.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata:
    ///   name: shop
    ///   labels:
    ///     pod-security.kubernetes.io/enforce: baseline
    /// ---
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: app
    ///   namespace: shop
    /// spec:
    ///   hostNetwork: true #! Namespace `shop` enforces baseline:v1.37: host namespaces (hostNetwork=true)
    ///   containers: []
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata:
    ///   name: shop
    ///   labels:
    ///     pod-security.kubernetes.io/enforce: baseline
    /// ---
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: app
    ///   namespace: shop
    /// spec:
    ///   containers: []
    /// ```
    "namespace-pss-violation": High, Recommended, since "0.1.0";
    refs: [];
    over: ["privileged-container", "privilege-escalation", "host-network", "host-pid", "host-ipc", "host-port",
        "host-path-volume", "capabilities-non-default", "capabilities-restricted-add", "capabilities-drop-all",
        "run-as-non-root", "run-as-user-root", "seccomp-unconfined", "seccomp-profile-missing", "apparmor-unconfined",
        "selinux-options", "proc-mount-unmasked", "unsafe-sysctl", "windows-host-process", "probe-host-field",
        "restricted-volume-type"];
    help: "mend the workload, or give it a Namespace whose level allows it";
    check: Bundle(check);
}

fn check(graph: &Graph<'_>, report: &mut Report) {
    for object in graph.judged().filter(|o| !o.pods.is_empty()) {
        let Some(namespace) = graph.find(Known::Namespace, "", object.namespace) else { continue };
        let labels = namespace.resource.labels();
        let label = |key: String| labels.and_then(|l| l.get(&format!("pod-security.kubernetes.io/{key}")));
        let mut said = Vec::new();
        for (mode, does) in [("enforce", "enforces"), ("audit", "audits"), ("warn", "warns of")] {
            let Some(level) = label(mode.to_owned()) else { continue };
            let minor = parse_version(label(format!("{mode}-version")).map_or("latest", Node::text));
            let (Ok(kind), Ok(minor)) = (level.text().parse::<Level>(), minor) else { continue };
            let standard = Standard { level: kind, minor };
            for pod in &object.pods {
                for broken in standard.violations(pod) {
                    // What is enforced need not be said again because it is audited, too.
                    if said.contains(&broken.control) {
                        continue;
                    }
                    said.push(broken.control);
                    let message = format!("Namespace `{}` {does} {standard}: {broken}", object.namespace);
                    let container = broken.container.and_then(|i| pod.containers.get(i));
                    let finding = match (broken.at, container) {
                        (Some(at), Some(container)) => report.at(container, at, message),
                        (Some(at), None) => report.at(pod, at, message),
                        (None, Some(container)) => report.on(container, message),
                        (None, None) => report.on(pod, message),
                    };
                    finding.related(namespace.resource, level, "the level is set here");
                }
            }
        }
    }
}
