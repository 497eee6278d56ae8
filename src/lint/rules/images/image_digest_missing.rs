use super::super::prelude::*;
use crate::kube::Image;

rule! {
    /// An image is named by its tag alone.
    ///
    /// A tag can be moved, by mistake or by whoever breaks into the registry; a digest names the same bytes for ever. Tools
    /// such as Renovate keep tag and digest up to date together.
    ///
    /// ```yaml bad
    /// image: app:1.4 #! container `app` names its image without a digest
    /// ```
    /// ```yaml good
    /// image: app:1.4@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    /// ```
    "image-digest-missing": Low, Strict, since "0.1.0";
    refs: ["checkov: CKV_K8S_43", "kubescape: C-0306", "gatekeeper: imagedigests"];
    help: "append the digest: `name:tag@sha256:...`";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    let Some(image) = container.image else { return };
    // What is wrong with a sha256 is for `image-reference-invalid` to say; few runtimes take another algorithm, and only
    // where it is whole.
    let is_written = |i: &Image<'_>| i.digest.is_some_and(|d| d.starts_with("sha256:")) || i.is_pinned();
    if let Some(parts) = Image::parse(image.text()).filter(|i| !is_written(i)) {
        let message = format!("{container} names its image without a digest");
        report.at_part(container, image, parts.tag.unwrap_or(parts.path), message);
    }
}
