use super::prelude::*;

rule! {
    /// `Chart.yaml` has a field that Helm does not know.
    ///
    /// Helm reads past it without a word, so a misspelt `appversion` or `dependancies` simply has no effect.
    ///
    /// ```yaml bad
    /// apiVersion: v2
    /// name: shop
    /// version: 1.0.0
    /// appversion: "2.1" #! `appversion` is no field of Chart.yaml
    /// ```
    /// ```yaml good
    /// apiVersion: v2
    /// name: shop
    /// version: 1.0.0
    /// appVersion: "2.1"
    /// ```
    "chart-field-unknown": Medium, Recommended, since "0.1.0";
    refs: ["helm lint: failed to strictly parse chart metadata file"];
    help: "remove it, or move it below `annotations`";
    check: Chart(check);
}

/// What Helm 3.21 and 4.2 read.
const FIELDS: &[&str] = &[
    "annotations",
    "apiVersion",
    "appVersion",
    "condition",
    "dependencies",
    "deprecated",
    "description",
    "home",
    "icon",
    "keywords",
    "kubeVersion",
    "maintainers",
    "name",
    "sources",
    "tags",
    "type",
    "version",
];

const OF_DEPENDENCY: &[&str] =
    &["alias", "condition", "enabled", "import-values", "name", "repository", "tags", "version"];

const OF_MAINTAINER: &[&str] = &["email", "name", "url"];

fn check(chart: &ChartView, report: &mut Report) {
    let Some(root) = chart.metadata() else { return };
    unknown(chart, root, FIELDS, "Chart.yaml", report);
    for (list, fields, whose) in
        [("dependencies", OF_DEPENDENCY, "a dependency"), ("maintainers", OF_MAINTAINER, "a maintainer")]
    {
        for entry in root.get(list).into_iter().flat_map(Node::items) {
            unknown(chart, entry, fields, whose, report);
        }
    }
}

fn unknown(chart: &ChartView, node: Node<'_>, fields: &[&str], whose: &str, report: &mut Report) {
    for (key, _) in node.entries() {
        let name = key.text();
        if fields.contains(&name) {
            continue;
        }
        let finding = report.place(chart.place(key), format!("`{name}` is no field of {whose}"));
        if let Some(near) = source::closest(name, fields.iter().copied()) {
            finding.help(format!("did you mean `{near}`?"));
        }
    }
}
