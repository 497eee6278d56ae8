use super::prelude::*;

rule! {
    /// A version in `Chart.yaml` is a number, and loses its zeros.
    ///
    /// YAML reads `1.10` as the number 1.1: labels and image tags made from it name another version than the one that was
    /// written.
    ///
    /// ```yaml bad
    /// apiVersion: v2
    /// name: shop
    /// version: 1.0.0
    /// appVersion: 1.10 #! `appVersion` is a number and not a string
    /// ```
    /// ```yaml good
    /// apiVersion: v2
    /// name: shop
    /// version: 1.0.0
    /// appVersion: "1.10"
    /// ```
    "chart-version-not-string": Medium, Recommended, since "0.1.0";
    refs: ["helm lint: version should be of type string", "helm lint: appVersion should be of type string"];
    help: "put it in quotes";
    check: Chart(check);
}

fn check(chart: &ChartView, report: &mut Report) {
    let Some(root) = chart.metadata() else { return };
    for field in ["version", "appVersion"] {
        let Some(node) = root.get(field) else { continue };
        let kind = match node.value() {
            yaml::Value::Int(_) | yaml::Value::UInt(_) | yaml::Value::Float(_) => "a number",
            yaml::Value::Bool(_) => "a boolean",
            _ => continue,
        };
        report.place(chart.place(node), format!("`{field}` is {kind} and not a string"));
    }
}
