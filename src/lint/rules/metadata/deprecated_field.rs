use super::super::prelude::*;
use crate::kube::pod_security::APP_ARMOR_ANNOTATION;

rule! {
    /// A field or annotation has been replaced by another.
    ///
    /// The server still takes it, or takes it and does nothing: `serviceAccount`, annotations for seccomp and AppArmor,
    /// volumes of drivers that left the tree, node labels of the beta time, the annotation for an Ingress's class.
    ///
    /// ```yaml bad
    /// serviceAccount: web #! `serviceAccount` is the old name of `serviceAccountName`
    /// ```
    /// ```yaml good
    /// serviceAccountName: web
    /// ```
    "deprecated-field": Low, Recommended, since "0.1.0";
    refs: ["kube-linter: deprecated-service-account-field", "kubescape: C-0294"];
    over: ["restricted-volume-type"];
    help: "use what replaces it";
    check: Bundle(check);
}

const VOLUMES: [&str; 15] = [
    "awsElasticBlockStore",
    "azureDisk",
    "azureFile",
    "cephfs",
    "cinder",
    "flexVolume",
    "flocker",
    "gcePersistentDisk",
    "gitRepo",
    "glusterfs",
    "photonPersistentDisk",
    "portworxVolume",
    "rbd",
    "scaleIO",
    "vsphereVolume",
];

fn check(graph: &Graph<'_>, report: &mut Report) {
    for object in graph.judged() {
        for pod in &object.pods {
            in_pod(pod, report);
        }
        let annotations = object.resource.annotations();
        if let Some(class) = annotations.and_then(|a| a.get("kubernetes.io/ingress.class"))
            && object.kind == Known::Ingress
        {
            let message =
                "the annotation `kubernetes.io/ingress.class` is the old form of `spec.ingressClassName`";
            report.at(&object.resource, class, message);
        }
        if object.kind == Known::PersistentVolume {
            for kind in VOLUMES {
                if let Some((key, _)) = object.resource.spec().and_then(|s| s.entry(kind)) {
                    report.at(
                        &object.resource,
                        key,
                        format!("volumes of type `{kind}` need the driver's CSI form"),
                    );
                }
            }
        }
    }
}

fn in_pod(pod: &PodView<'_>, report: &mut Report) {
    // The server writes both names, so that equal ones come from a cluster.
    if let Some(old) = pod.spec.service_account.filter(|o| text(pod.spec.service_account_name) != o.text()) {
        report.at(pod, old, "`serviceAccount` is the old name of `serviceAccountName`");
    }
    for volume in pod.volumes() {
        for (key, _) in volume.entries().filter(|(key, _)| VOLUMES.contains(&key.text())) {
            report.at(pod, key, format!("volumes of type `{}` need the driver's CSI form", key.text()));
        }
    }
    for (key, value) in pod.metadata.and_then(|m| m.get("annotations")).into_iter().flat_map(Node::entries) {
        let name = key.text();
        let field = if name.starts_with(APP_ARMOR_ANNOTATION) {
            "appArmorProfile"
        } else if name.contains("seccomp.security.alpha.kubernetes.io/") {
            "seccompProfile"
        } else {
            continue;
        };
        report.at(
            pod,
            value,
            format!("the annotation `{name}` is the old form of `securityContext.{field}`"),
        );
    }
    for (key, value) in pod.spec.node_selector.into_iter().flat_map(Node::entries) {
        if let Some(name) =
            key.text().strip_prefix("beta.kubernetes.io/").filter(|n| matches!(*n, "os" | "arch"))
        {
            let message =
                format!("the node label `{}` is the old name of `kubernetes.io/{name}`", key.text());
            report.at(pod, value, message);
        }
    }
}
