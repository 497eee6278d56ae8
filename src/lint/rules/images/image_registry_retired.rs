use super::super::prelude::*;
use crate::kube::Image;

rule! {
    /// An image comes from a registry that gets no new images.
    ///
    /// `k8s.gcr.io` is frozen since 2023 and has been redirected since; `gcr.io/google_containers` and `quay.io/coreos`
    /// ended before. What stands there gets no security fixes.
    ///
    /// ```yaml bad
    /// image: k8s.gcr.io/pause:3.5 #! container `app` takes its image from `k8s.gcr.io`, which gets no new images
    /// ```
    /// ```yaml good
    /// image: registry.k8s.io/pause:3.10
    /// ```
    "image-registry-retired": Medium, Recommended, since "0.1.0";
    refs: ["kubescape: C-0253", "kyverno: restrict-deprecated-registry", "gatekeeper: disallowedrepos"];
    help: "take it from `registry.k8s.io`, under the same path";
    check: Container(check);
}

const RETIRED: [&str; 5] = [
    "k8s.gcr.io",
    "gcr.io/google_containers",
    "gcr.io/google-containers",
    "gcr.io/kubernetes-helm",
    "registry.svc.ci.openshift.org",
];

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    let Some(node) = container.image else { return };
    let Some(image) = Image::parse(node.text()) else { return };
    let full = format!("{}/{}", image.registry_or_default(), image.path);
    let retired = RETIRED.iter().find(|r| full.strip_prefix(*r).is_some_and(|rest| rest.starts_with('/')));
    if let Some(retired) = retired {
        let message = format!("{container} takes its image from `{retired}`, which gets no new images");
        report.at_part(container, node, image.registry.unwrap_or(image.path), message);
    }
}
