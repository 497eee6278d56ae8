use super::super::prelude::*;
use crate::kube::Image;

rule! {
    /// A tag that moves is fetched once a node and never again.
    ///
    /// With `IfNotPresent` or `Never` and no tag or `latest`, every node keeps the version that it happened to fetch.
    ///
    /// ```yaml bad
    /// image: app:latest
    /// imagePullPolicy: IfNotPresent #! container `app` keeps whatever `app:latest` its node fetched first
    /// ```
    /// ```yaml good
    /// image: app:1.4
    /// imagePullPolicy: IfNotPresent
    /// ```
    "image-pull-policy-stale": Medium, Recommended, since "0.1.0";
    refs: ["kube-score: container-image-pull-policy", "kubescape: C-0075", "kyverno: imagepullpolicy-always", "checkov: CKV_K8S_15"];
    over: ["image-pull-policy-not-always"];
    help: "name a version, or set `imagePullPolicy: Always`";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    let (Some(image), Some(policy)) = (container.image, container.image_pull_policy) else { return };
    let is_floating = Image::parse(image.text()).is_some_and(|i| i.is_floating());
    if is_floating && matches!(policy.text(), "IfNotPresent" | "Never") {
        let message = format!("{container} keeps whatever `{}` its node fetched first", image.text());
        report.at(container, policy, message);
    }
}
