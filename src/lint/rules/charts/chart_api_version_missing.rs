use super::prelude::*;

rule! {
    /// A chart does not say which version of the format it is in.
    ///
    /// Helm takes a `Chart.yaml` without `apiVersion` for one of version 1, whose dependencies stand in
    /// `requirements.yaml`: what stands under `dependencies` may then be read otherwise than it was meant.
    ///
    /// ```yaml bad
    /// name: shop #! the chart has no `apiVersion`
    /// version: 1.0.0
    /// ```
    /// ```yaml good
    /// apiVersion: v2
    /// name: shop
    /// version: 1.0.0
    /// ```
    "chart-api-version-missing": Medium, Recommended, since "0.1.0";
    refs: ["helm lint: apiVersion is required"];
    help: "add `apiVersion: v2`";
    check: Chart(check);
}

fn check(chart: &ChartView, report: &mut Report) {
    let Some(root) = chart.metadata() else { return };
    if chart.text("apiVersion").is_empty() {
        let at = root.get("name").map_or(chart.top(), |name| chart.place(name));
        report.place(at, "the chart has no `apiVersion`");
    }
}
