use super::super::prelude::*;

rule! {
    /// A PodDisruptionBudget says nothing, or two things.
    ///
    /// It takes either `minAvailable` or `maxUnavailable`: with none it protects nothing, with both the server refuses it.
    ///
    /// ```yaml bad
    /// apiVersion: policy/v1
    /// kind: PodDisruptionBudget
    /// metadata:
    ///   name: web
    /// spec: #! PodDisruptionBudget `web` has neither `minAvailable` nor `maxUnavailable`
    ///   selector: {}
    /// ```
    /// ```yaml good
    /// apiVersion: policy/v1
    /// kind: PodDisruptionBudget
    /// metadata:
    ///   name: web
    /// spec:
    ///   maxUnavailable: 1
    /// ```
    "pdb-policy-missing": High, Recommended, since "0.1.0";
    refs: ["kube-score: poddisruptionbudget-has-policy"];
    refused: true;
    help: "set `maxUnavailable: 1`";
    check: Resource(&[Known::PodDisruptionBudget], check);
}

fn check(budget: &Resource, report: &mut Report) {
    let spec = budget.spec();
    let field = |name: &str| spec.and_then(|s| s.get(name)).filter(|n| !n.is_null());
    let name = budget.name();
    match (field("minAvailable"), field("maxUnavailable")) {
        (None, None) => {
            let message =
                format!("PodDisruptionBudget `{name}` has neither `minAvailable` nor `maxUnavailable`");
            report.missing(&budget, "spec.maxUnavailable", message);
        }
        (Some(first), Some(second)) => {
            let message =
                format!("PodDisruptionBudget `{name}` has both `minAvailable` and `maxUnavailable`");
            report.at(&budget, second, message).related(budget, first, "the other");
        }
        _ => {}
    }
}
