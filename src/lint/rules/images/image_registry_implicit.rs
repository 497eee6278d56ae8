use super::super::prelude::*;
use crate::kube::Image;

rule! {
    /// An image's name does not say which registry it comes from.
    ///
    /// Without a host every runtime asks docker.io, unless its node is told otherwise: the same manifest then runs
    /// different images on different nodes.
    ///
    /// ```yaml bad
    /// image: shop/app:1.4 #! container `app` does not say which registry its image comes from
    /// ```
    /// ```yaml good
    /// image: docker.io/shop/app:1.4
    /// ```
    "image-registry-implicit": Low, Strict, since "0.1.0";
    refs: ["trivy: KSV-0034", "kyverno: restrict-image-registries"];
    help: "write the registry's host before the name";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    let Some(image) = container.image else { return };
    if let Some(parts) = Image::parse(image.text()).filter(|i| i.registry.is_none()) {
        let message = format!("{container} does not say which registry its image comes from");
        report.at_part(container, image, parts.path, message);
    }
}
