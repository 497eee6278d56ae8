use super::prelude::*;

rule! {
    /// A chart has no `values.yaml`.
    ///
    /// Nobody can see what may be set, and every value that a template reads is null until somebody sets it.
    ///
    /// ```yaml bad
    /// apiVersion: v2
    /// name: shop #! the chart has no values.yaml
    /// version: 1.0.0
    /// ```
    /// ```yaml good
    /// apiVersion: v2
    /// name: shop
    /// version: 1.0.0
    /// ## values.yaml
    /// replicas: 1
    /// ```
    "chart-values-missing": Info, Strict, since "0.1.0";
    refs: ["helm lint: values.yaml: file does not exist"];
    help: "add a values.yaml with the defaults of all that can be set";
    check: Chart(check);
}

fn check(chart: &ChartView, report: &mut Report) {
    let Some(root) = chart.metadata() else { return };
    if !chart.files.iter().any(|file| file.path == "values.yaml") {
        let at = root.get("name").map_or(chart.top(), |name| chart.place(name));
        report.place(at, "the chart has no values.yaml");
    }
}
