use super::super::prelude::*;

rule! {
    /// Two PodDisruptionBudgets select the same Pods.
    ///
    /// The server then refuses every eviction of them with an error: no node that they are on can be drained.
    ///
    /// ```yaml bad
    /// apiVersion: policy/v1
    /// kind: PodDisruptionBudget
    /// metadata:
    ///   name: all
    /// spec:
    ///   maxUnavailable: 1
    ///   selector: {}
    /// ---
    /// apiVersion: policy/v1
    /// kind: PodDisruptionBudget
    /// metadata:
    ///   name: web
    /// spec:
    ///   maxUnavailable: 1
    ///   selector: #! PodDisruptionBudgets `all` and `web` both select the Pods of Pod `web`
    ///     matchLabels: {app: web}
    /// ---
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    ///   labels: {app: web}
    /// spec: {containers: []}
    /// ```
    /// ```yaml good
    /// apiVersion: policy/v1
    /// kind: PodDisruptionBudget
    /// metadata:
    ///   name: web
    /// spec:
    ///   maxUnavailable: 1
    ///   selector:
    ///     matchLabels: {app: web}
    /// ```
    "pdb-overlap": High, Recommended, since "0.1.0";
    refs: [];
    help: "narrow one of the selectors, or remove one of the two";
    check: Bundle(check);
}

fn check(graph: &Graph<'_>, report: &mut Report) {
    let mut said = rustc_hash::FxHashSet::default();
    for object in graph.judged() {
        for pod in &object.pods {
            let budgets: Vec<_> = graph.budgets_of(object, pod).collect();
            let [first, others @ ..] = &budgets[..] else { continue };
            for other in others {
                let names = (&*first.resource.id.name, &*other.resource.id.name);
                if !said.insert((object.namespace, names)) {
                    continue;
                }
                let message = format!(
                    "PodDisruptionBudgets `{}` and `{}` both select the Pods of {} `{}`",
                    names.0,
                    names.1,
                    object.kind.kind(),
                    object.resource.id.name
                );
                report
                    .missing(&other.resource, "spec.selector", message)
                    .related_object(first.resource, "the other")
                    .related_object(object.resource, "the Pods");
            }
        }
    }
}
