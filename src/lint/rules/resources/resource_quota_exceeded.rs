use super::super::prelude::*;
use crate::kube::Quantity;

rule! {
    /// A namespace's workloads together want more than its ResourceQuota gives.
    ///
    /// All Pods of the stream at once, with the replicas that their workloads ask for: the last of them are never made.
    /// Quotas with scopes are left alone.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: ResourceQuota
    /// metadata:
    ///   name: shop
    /// spec:
    ///   hard:
    ///     requests.memory: 1Gi #! the workloads of namespace `default` want requests.memory of 2Gi, ResourceQuota `shop` gives 1Gi
    /// ---
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: web
    /// spec:
    ///   replicas: 4
    ///   template:
    ///     spec:
    ///       containers:
    ///         - name: web
    ///           resources:
    ///             requests: {memory: 512Mi}
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: ResourceQuota
    /// metadata:
    ///   name: shop
    /// spec:
    ///   hard:
    ///     requests.memory: 4Gi
    /// ---
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: web
    /// spec:
    ///   replicas: 4
    ///   template:
    ///     spec:
    ///       containers:
    ///         - name: web
    ///           resources:
    ///             requests: {memory: 512Mi}
    /// ```
    "resource-quota-exceeded": High, Recommended, since "0.1.0";
    refs: [];
    help: "raise the quota, or lower requests or replicas";
    check: Bundle(check);
}

fn check(graph: &Graph<'_>, report: &mut Report) {
    for quota in graph.each(Known::ResourceQuota) {
        let Some(spec) = quota.resource.spec() else { continue };
        if spec.get("scopes").or_else(|| spec.get("scopeSelector")).is_some_and(|s| !s.is_null()) {
            continue;
        }
        for (key, hard) in spec.get("hard").into_iter().flat_map(Node::entries) {
            let Ok(most) = Quantity::parse(hard.text()) else { continue };
            let Some(none) = zero() else { continue };
            let wanted = graph
                .judged_in(quota.namespace)
                .filter_map(|o| wanted(graph, o, key.text()))
                .try_fold(none, |sum, one| sum.checked_add(&one));
            if let Some(wanted) = wanted.filter(|w| *w > most) {
                let message = format!(
                    "the workloads of namespace `{}` want {} of {wanted}, ResourceQuota `{}` gives {}",
                    quota.namespace,
                    key.text(),
                    quota.resource.name(),
                    hard.text()
                );
                report.at(&quota.resource, hard, message);
            }
        }
    }
}

fn zero() -> Option<Quantity> {
    Quantity::parse("0").ok()
}

/// What one object takes of a quota's resource; `None` for nothing.
fn wanted<'a>(graph: &Graph<'a>, object: &crate::lint::Object<'a>, key: &str) -> Option<Quantity> {
    let replicas = match object.kind {
        _ if object.pods.is_empty() => 0,
        // What runs to its end or once a node cannot be counted from here.
        Known::CronJob | Known::DaemonSet | Known::PodTemplate => 0,
        Known::Job => object.resource.in_spec("parallelism").and_then(Node::as_i64).unwrap_or(1),
        _ => graph.replicas(object).unwrap_or(1),
    };
    let (list, name) = match key.split_once('.') {
        Some((list @ ("requests" | "limits"), name)) => (list, name),
        None if matches!(key, "cpu" | "memory" | "ephemeral-storage") => ("requests", key),
        None if matches!(key, "pods" | "count/pods") => return Quantity::parse(&replicas.to_string()).ok(),
        _ => return count_of(object, key),
    };
    let mut sum = zero()?;
    for pod in object.pods.iter().filter(|_| replicas > 0) {
        for container in pod.containers.iter().filter(|c| c.is_long_running()) {
            let own =
                container.resource_field(list, name).or_else(|| container.resource_field("limits", name));
            let Some(own) = own.and_then(|q| Quantity::parse(q.text()).ok()) else { continue };
            // Replicas are few; a number that is not is cut where the sum has long passed every quota.
            for _ in 0..replicas.min(10_000) {
                sum = sum.checked_add(&own)?;
            }
        }
    }
    Some(sum)
}

/// Quotas on the number of objects: `count/configmaps`, `services`.
fn count_of(object: &crate::lint::Object<'_>, key: &str) -> Option<Quantity> {
    let plural = key.strip_prefix("count/").unwrap_or(key);
    let plural = plural.split('.').next().unwrap_or(plural);
    let kind = object.kind.kind().to_ascii_lowercase();
    let is_it = plural == format!("{kind}s") || plural == format!("{kind}es");
    is_it.then(|| Quantity::parse("1").ok())?
}
