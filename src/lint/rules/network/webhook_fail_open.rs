use super::super::prelude::*;

rule! {
    /// A webhook lets everything through when it is down, or stops everything.
    ///
    /// With `failurePolicy: Ignore` on what guards Pods, an attacker only has to make it slow. With `Fail` and no exception
    /// for its own namespace, it cannot come back once it is down. Waiting longer than 10 s makes every change of the
    /// cluster slow.
    ///
    /// ```yaml bad
    /// apiVersion: admissionregistration.k8s.io/v1
    /// kind: ValidatingWebhookConfiguration
    /// metadata:
    ///   name: policy
    /// webhooks:
    ///   - name: pods.policy.example.com
    ///     failurePolicy: Ignore #! webhook `pods.policy.example.com` lets everything through when it is down
    ///     rules:
    ///       - resources: [pods]
    /// ```
    /// ```yaml good
    /// apiVersion: admissionregistration.k8s.io/v1
    /// kind: ValidatingWebhookConfiguration
    /// metadata:
    ///   name: policy
    /// webhooks:
    ///   - name: pods.policy.example.com
    ///     failurePolicy: Fail
    ///     namespaceSelector:
    ///       matchExpressions: [{key: kubernetes.io/metadata.name, operator: NotIn, values: [policy]}]
    ///     rules:
    ///       - resources: [pods]
    /// ```
    "webhook-fail-open": Medium, Recommended, since "0.1.0";
    refs: ["kubescape: C-0036", "kubescape: C-0039"];
    help: "`Fail`, with a `namespaceSelector` that leaves out its own namespace, and a short `timeoutSeconds`";
    check: Resource(&[Known::ValidatingWebhookConfiguration, Known::MutatingWebhookConfiguration], check);
}

fn check(configuration: &Resource, report: &mut Report) {
    let guards = &*configuration.id.gvk.kind == "ValidatingWebhookConfiguration";
    for webhook in configuration.root().get("webhooks").into_iter().flat_map(Node::items) {
        let name = text(webhook.get("name"));
        let rules = webhook.get("rules").into_iter().flat_map(Node::items);
        let mut watched = rules.filter_map(|r| r.get("resources")).flat_map(Node::items);
        let watches_pods = watched.any(|r| matches!(r.text(), "*" | "*/*" | "pods"));
        match webhook.get("failurePolicy").filter(|p| !p.is_null()) {
            Some(policy) if policy.text() == "Ignore" && guards && watches_pods => {
                report.at(
                    &configuration,
                    policy,
                    format!("webhook `{name}` lets everything through when it is down"),
                );
            }
            Some(policy) if policy.text() == "Ignore" => {}
            policy
                if watches_pods
                    && webhook.get("namespaceSelector").is_none_or(|s| s.entries().next().is_none()) =>
            {
                let runs_here = webhook.at("clientConfig.service").is_some();
                if let Some(place) = policy.or_else(|| webhook.get("name")).filter(|_| runs_here) {
                    report.at(
                        &configuration,
                        place,
                        format!("webhook `{name}` must be asked before its own Pods may start"),
                    );
                }
            }
            _ => {}
        }
        if let Some(timeout) = webhook.get("timeoutSeconds").filter(|t| t.as_i64().is_some_and(|t| t > 10)) {
            let message = format!("webhook `{name}` may hold up every change for {} s", timeout.text());
            report.at(&configuration, timeout, message);
        }
    }
}
