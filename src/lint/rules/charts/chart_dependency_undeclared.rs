use super::prelude::*;

rule! {
    /// A chart lies in `charts/` that `Chart.yaml` does not declare.
    ///
    /// It is installed always, no condition can switch it off, and the next `helm dependency update` may delete it.
    ///
    /// ```yaml bad
    /// apiVersion: v2
    /// name: shop
    /// version: 1.0.0
    /// ## charts/db/Chart.yaml
    /// apiVersion: v2 #! the chart `db` lies in charts/ and is not declared
    /// name: db
    /// version: 1.0.0
    /// ```
    /// ```yaml good
    /// apiVersion: v2
    /// name: shop
    /// version: 1.0.0
    /// dependencies:
    ///   - name: db
    ///     version: 1.x.x
    /// ## charts/db/Chart.yaml
    /// apiVersion: v2
    /// name: db
    /// version: 1.0.0
    /// ```
    "chart-dependency-undeclared": Medium, Recommended, since "0.1.0";
    refs: ["helm lint: chart metadata is missing these dependencies"];
    help: "declare it under `dependencies` in Chart.yaml, or remove it";
    check: Chart(check);
}

fn check(chart: &ChartView, report: &mut Report) {
    let declared = chart.dependencies();
    for (name, file) in chart.subcharts() {
        if !name.is_empty() && !declared.contains(&name) {
            let message = format!("the chart `{name}` lies in charts/ and is not declared");
            report.place(source::Span::top(file.source), message);
        }
    }
}
