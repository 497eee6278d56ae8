use super::super::prelude::*;
use crate::kube::Image;

rule! {
    /// An image's tag may mean another image tomorrow.
    ///
    /// It has no tag or `latest`, and no digest. Two nodes may run different programs under one name, and a rollback
    /// rolls back to nothing. Tags such as `1.4` can move, too, but nobody expects it; a digest cannot.
    ///
    /// ```yaml bad
    /// image: registry.example.com:5000/app #! container `app` runs whatever `registry.example.com:5000/app` is at the time
    /// ```
    /// ```yaml bad
    /// image: app:latest #! container `app` runs whatever `app:latest` is at the time
    /// ```
    /// ```yaml good
    /// image: registry.example.com:5000/app:1.4
    /// ```
    "image-tag-floating": High, Recommended, since "0.1.0";
    refs: ["kube-linter: latest-tag", "kube-score: container-image-tag", "polaris: tagNotSpecified", "trivy: KSV-0013",
        "checkov: CKV_K8S_14", "kubescape: C-0075", "gatekeeper: disallowedtags", "checkov: CKV_K8S_43"];
    over: ["image-digest-missing"];
    help: "name a version, or better a digest";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    let Some(image) = container.image else { return };
    if let Some(parts) = Image::parse(image.text()).filter(Image::is_floating) {
        let message = format!("{container} runs whatever `{}` is at the time", image.text());
        report.at_part(container, image, parts.tag.unwrap_or(parts.path), message);
    }
}
