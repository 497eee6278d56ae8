use super::prelude::*;

rule! {
    /// A chart of apiVersion v1 has a field that only v2 has.
    ///
    /// `dependencies` and `type` came with apiVersion v2, which Helm 3 brought; a chart of v1 keeps its dependencies in
    /// `requirements.yaml`.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// name: shop
    /// version: 1.0.0
    /// type: application #! `type` needs apiVersion v2
    /// ```
    /// ```yaml good
    /// apiVersion: v2
    /// name: shop
    /// version: 1.0.0
    /// type: application
    /// ```
    "chart-field-needs-v2": Medium, Recommended, since "0.1.0";
    refs: ["helm lint: chart type is not valid in apiVersion", "helm lint: dependencies are not valid in the Chart file"];
    help: "set `apiVersion: v2`";
    check: Chart(check);
}

fn check(chart: &ChartView, report: &mut Report) {
    let Some(root) = chart.metadata() else { return };
    if chart.text("apiVersion") == "v2" {
        return;
    }
    for field in ["type", "dependencies"] {
        if let Some((key, value)) = root.entry(field)
            && (!value.text().is_empty() || value.items().next().is_some())
        {
            report.place(chart.place(key), format!("`{field}` needs apiVersion v2"));
        }
    }
}
