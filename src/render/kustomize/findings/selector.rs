//! Labels that a kustomization puts into selectors that cannot change.

use source::{Diagnostic, Span};

use crate::render::kustomize::context::Cx;
use crate::render::kustomize::kustomization::Kustomization;
use crate::render::kustomize::res_map::ResMap;

source::code! {
    /// Labels of a kustomization change the selector of a workload that cannot change.
    ///
    /// `commonLabels`, and `labels` with `includeSelectors: true`, go into `spec.selector` too. The selector of a
    /// Deployment, StatefulSet, DaemonSet, ReplicaSet or Job is immutable: where the workload is released already, adding or
    /// changing such a label makes a server refuse it, and it has to be deleted first.
    ///
    /// ```yaml
    /// labels:
    /// - pairs: {team: shop}
    ///   includeTemplates: true     # Pods get the label, selectors stay
    /// ```
    pub static SELECTOR_CHANGED = "kustomize-selector-changed", Note;
}

const IMMUTABLE: [&str; 5] = ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job"];

/// Looks at the labels of one layer and the objects that they went to.
pub fn check(k: &Kustomization, all: &ResMap, cx: &mut Cx<'_>) {
    if !cx.options.findings {
        return;
    }
    let common = k.common_labels.0.first().and_then(|(key, _)| key.at);
    let including = k.labels.iter().filter(|label| *label.include_selectors && !label.pairs.0.is_empty());
    let places: Vec<(Span, &str)> = common
        .map(|at| (at, "`commonLabels` changes"))
        .into_iter()
        .chain(
            including.filter_map(|label| Some((label.include_selectors.at?, "`includeSelectors` changes"))),
        )
        .collect();
    let Some(workload) = all.iter().find(|r| IMMUTABLE.contains(&r.kind())) else { return };
    for (at, what) in places {
        let (kind, name) = (workload.kind(), workload.name());
        let message =
            format!("{what} the selector of {kind} `{name}`, which is immutable once it is released");
        let told = Diagnostic::new(&SELECTOR_CHANGED, at, message)
            .related(workload.place(), "this workload")
            .help("use `labels` with `includeTemplates: true`, which leaves selectors alone");
        cx.out.push(told);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::codes;

    #[test]
    fn labels_in_selectors() {
        let of = |text: &str| codes(text).into_iter().map(|(code, _)| code).collect::<Vec<_>>();
        assert_eq!(
            of("commonLabels: {a: b}\n"),
            ["kustomize-field-deprecated", "kustomize-selector-changed"]
        );
        assert_eq!(of("labels: [{pairs: {a: b}, includeSelectors: true}]\n"), ["kustomize-selector-changed"]);
        assert!(of("labels: [{pairs: {a: b}, includeTemplates: true}]\n").is_empty());
    }
}
