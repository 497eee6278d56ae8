use super::super::prelude::*;
use crate::kube::Image;

rule! {
    /// An image comes from a registry that is not allowed.
    ///
    /// The configuration lists what may be run: `allowed-registries` and `denied-registries`, each a registry or a
    /// registry with the beginning of a path, such as `registry.example.com/shop`. Without a list nothing is said.
    ///
    /// ```yaml bad
    /// image: evil.example.net/app:1.4 #! container `app` takes its image from `evil.example.net`, which is not allowed
    /// ```
    /// ```yaml good
    /// image: registry.example.com/app:1.4
    /// ```
    "image-registry-not-allowed": High, Recommended, since "0.1.0";
    refs: ["kube-linter: latest-tag", "trivy: KSV-0125", "kubescape: C-0078", "gatekeeper: allowedrepos"];
    help: "copy the image to a registry that is allowed, or add the registry to `allowed-registries`";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    let parameters = &report.settings().parameters;
    if parameters.allowed_registries.is_empty() && parameters.denied_registries.is_empty() {
        return;
    }
    let Some(node) = container.image else { return };
    let Some(image) = Image::parse(node.text()) else { return };
    let full = format!("{}/{}", image.registry_or_default(), image.path);
    let is_in = |list: &[String]| {
        list.iter().any(|entry| {
            let rest = full.strip_prefix(entry.trim_end_matches('/'));
            rest.is_some_and(|r| r.is_empty() || r.starts_with('/'))
        })
    };
    let allowed = &parameters.allowed_registries;
    if is_in(&parameters.denied_registries) || !(allowed.is_empty() || is_in(allowed)) {
        let registry = image.registry_or_default();
        let message = format!("{container} takes its image from `{registry}`, which is not allowed");
        report.at_part(container, node, image.registry.unwrap_or(image.path), message);
    }
}
