use super::super::prelude::*;
use crate::kube::Image;

rule! {
    /// An image that is on the node already is run without asking the registry.
    ///
    /// With `Always` the registry checks the Pod's credentials each time and a moved tag is seen; the layers are not
    /// fetched again. Unset, the policy is `Always` for no tag and `latest`, `IfNotPresent` for others. An image with a
    /// digest needs none of this.
    ///
    /// ```yaml bad
    /// image: app:1.4
    /// imagePullPolicy: IfNotPresent #! container `app` may run an image without asking its registry
    /// ```
    /// ```yaml good
    /// image: app:1.4
    /// imagePullPolicy: Always
    /// ```
    "image-pull-policy-not-always": Info, Strict, since "0.1.0";
    refs: ["kube-score: container-image-pull-policy", "polaris: pullPolicyNotAlways", "checkov: CKV_K8S_15"];
    help: "set `imagePullPolicy: Always`, or pin the image by digest";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    let image = container.image.and_then(|i| Image::parse(i.text()));
    if image.is_some_and(|i| i.digest.is_some()) {
        return;
    }
    let message = || format!("{container} may run an image without asking its registry");
    match container.image_pull_policy {
        Some(policy) if policy.text() == "Always" => {}
        Some(policy) => {
            report.at(container, policy, message());
        }
        None if image.is_some_and(|i| i.is_floating()) => {}
        None => {
            report.missing(container, "imagePullPolicy", message());
        }
    }
}
