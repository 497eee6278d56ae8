use super::super::prelude::*;

rule! {
    /// The keys of a map are not sorted.
    ///
    /// A matter of taste: sorted keys make smaller differences.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings
    /// data: #! `data` stands after `metadata`
    ///   level: info
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings
    /// ```
    "sorted-keys": Info, Strict, since "0.1.0";
    refs: ["kube-linter: sorted-keys"];
    help: "sort the keys";
    check: Any(check);
}

fn check(resource: &Resource, report: &mut Report) {
    let mut open = vec![resource.root()];
    while let Some(node) = open.pop() {
        let mut last: Option<Node<'_>> = None;
        let mut is_said = false;
        for (key, _) in node.entries() {
            if let Some(before) = last.filter(|before| !is_said && before.text() > key.text()) {
                report.at(&resource, key, format!("`{}` stands after `{}`", key.text(), before.text()));
                is_said = true;
            }
            last = Some(key);
        }
        // Aliases would be judged where they are named, too.
        let below = node.entries().map(|(_, value)| value).chain(node.items());
        open.extend(below.filter(|node| node.kind() != yaml::Kind::Scalar && !node.is_alias()));
    }
}
