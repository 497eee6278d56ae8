use super::super::prelude::*;
use crate::kube::Image;

rule! {
    /// An image is known for holes that nobody mends any more.
    ///
    /// Tiller gives the whole cluster to whoever reaches it, the Kubernetes dashboard has no maintainers, ingress-nginx
    /// ended in March 2026, and git-sync runs a command that its settings name.
    ///
    /// ```yaml bad
    /// image: gcr.io/kubernetes-helm/tiller:v2.16.9 #! container `app` runs Tiller: Helm needs it no more since 2019
    /// ```
    /// ```yaml good
    /// image: registry.example.com/app:1.4
    /// ```
    "image-known-bad": Medium, Recommended, since "0.1.0";
    refs: ["trivy: KSV-0102", "checkov: CKV_K8S_33", "checkov: CKV_K8S_34", "checkov: CKV_K8S_159",
        "kubescape: C-0292"];
    help: "replace it by a program that is still maintained";
    check: Container(check);
}

/// The end of an image's path, and what is wrong with it.
const KNOWN: [(&str, &str); 6] = [
    ("tiller", "Tiller: Helm needs it no more since 2019"),
    ("kubernetes-dashboard-amd64", "the Kubernetes dashboard, which is not maintained"),
    ("kubernetesui/dashboard", "the Kubernetes dashboard, which is not maintained"),
    ("ingress-nginx/controller", "ingress-nginx, which ended in March 2026"),
    ("nginx-ingress-controller", "ingress-nginx, which ended in March 2026"),
    ("git-sync", "git-sync, which runs any command that its settings name"),
];

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    let Some(node) = container.image else { return };
    let Some(image) = Image::parse(node.text()) else { return };
    let is_it = |end: &&(&str, &str)| {
        image.path.strip_suffix(end.0).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
    };
    if let Some((_, what)) = KNOWN.iter().find(is_it) {
        report.at_part(container, node, image.path, format!("{container} runs {what}"));
    }
}
