use super::super::prelude::*;
use crate::kube::Image;

rule! {
    /// An image's name is none.
    ///
    /// The node answers `InvalidImageName` and the Pod never starts. The cause is mostly a value that a template did not
    /// get: `app:` without a tag, `<no value>`, a name with capital letters.
    ///
    /// ```yaml bad
    /// image: "registry.example.com/app:" #! container `app` has no valid image: nothing follows the colon
    /// ```
    /// ```yaml bad
    /// image: Shop/App:1.4 #! container `app` has no valid image: the name has an upper-case letter
    /// ```
    /// ```yaml good
    /// image: shop/app:1.4
    /// ```
    "image-reference-invalid": High, Minimal, since "0.1.0";
    refs: [];
    over: ["image-tag-floating", "image-digest-missing", "image-registry-implicit", "image-pull-policy-stale"];
    help: "write it as `registry/path:tag`, in lower case";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    let Some(node) = container.image else { return };
    let fault = match Image::parse(node.text()) {
        _ if node.text().is_empty() || has_placeholder(node.text()) => None,
        Some(image) => image.fault(),
        None => Some(("it has no name", node.text())),
    };
    if let Some((fault, part)) = fault {
        report.at_part(container, node, part, format!("{container} has no valid image: {fault}"));
    }
}

/// A name that another tool fills in is for that tool to judge.
fn has_placeholder(text: &str) -> bool {
    ["${", "$(", "{{", "<%"].iter().any(|open| text.contains(open))
}
