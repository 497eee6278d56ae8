use super::super::prelude::*;

rule! {
    /// An environment variable is set twice.
    ///
    /// The last one wins, the first is gone without a word.
    ///
    /// ```yaml bad
    /// env:
    ///   - name: LEVEL
    ///     value: info
    ///   - name: LEVEL #! container `app` sets `LEVEL` twice: only the last counts
    ///     value: debug
    /// ```
    /// ```yaml good
    /// env:
    ///   - name: LEVEL
    ///     value: info
    /// ```
    "env-duplicate": Medium, Recommended, since "0.1.0";
    refs: ["kube-linter: duplicate-env-var", "kube-score: environment-variable-key-duplication", "kubescape: C-0295"];
    help: "remove one of the two";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    let mut first_of = rustc_hash::FxHashMap::default();
    for name in container.env_list().filter_map(|e| e.get("name")) {
        if let Some(first) = first_of.insert(name.text(), name) {
            let message = format!("{container} sets `{}` twice: only the last counts", name.text());
            report.at(container, name, message).related(container.resource, first, "the first");
        }
    }
}
