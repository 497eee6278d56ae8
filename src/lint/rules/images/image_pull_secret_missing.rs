use super::super::prelude::*;
use crate::kube::references::Purpose;

rule! {
    /// The credentials for an image's registry are not there, or are of another type.
    ///
    /// A Secret that is missing is ignored, and the pull then fails with `ErrImagePull`. It must be of type
    /// `kubernetes.io/dockerconfigjson` (or the older `kubernetes.io/dockercfg`). Unless the world is closed or other
    /// Secrets stand in the namespace, a missing one is a note.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Secret
    /// metadata:
    ///   name: registry
    /// type: Opaque
    /// ---
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    /// spec:
    ///   imagePullSecrets:
    ///     - name: registry #! Secret `registry` holds no credentials for a registry: its type is `Opaque`
    ///   containers: []
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Secret
    /// metadata:
    ///   name: registry
    /// type: kubernetes.io/dockerconfigjson
    /// ---
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    /// spec:
    ///   imagePullSecrets:
    ///     - name: registry
    ///   containers: []
    /// ```
    "image-pull-secret-missing": Medium, Recommended, since "0.1.0";
    refs: [];
    over: ["secret-missing"];
    help: "create it with `kubectl create secret docker-registry`, in the same namespace";
    check: Bundle(check);
}

fn check(graph: &Graph<'_>, report: &mut Report) {
    let pulls = graph.references(Known::Secret).filter(|(.., r)| r.purpose == Purpose::ImagePull);
    for (object, pod, reference) in pulls {
        let name = reference.name.text();
        let Some(secret) = graph.find(Known::Secret, object.namespace, name) else {
            if graph.has(Known::Secret, object.namespace, name) {
                continue;
            }
            let message = format!("there is no Secret `{name}` in namespace `{}`", object.namespace);
            let is_known = graph.is_closed(Known::Secret, object.namespace);
            report.at(pod, reference.name, message).note_unless(is_known);
            continue;
        };
        let kind = match text(secret.resource.root().get("type")) {
            "" => "Opaque",
            kind => kind,
        };
        if !matches!(kind, "kubernetes.io/dockerconfigjson" | "kubernetes.io/dockercfg") {
            let message =
                format!("Secret `{name}` holds no credentials for a registry: its type is `{kind}`");
            report.at(pod, reference.name, message).related_object(secret.resource, "the Secret");
        }
    }
}
