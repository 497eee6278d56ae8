use super::prelude::*;

rule! {
    /// A chart has neither templates nor subcharts nor custom resources: it installs nothing.
    ///
    /// Usually the folder is misnamed, or `.helmignore` leaves it out.
    ///
    /// ```yaml bad
    /// apiVersion: v2
    /// name: shop #! the chart has no templates
    /// version: 1.0.0
    /// ## template/web.yaml
    /// kind: ConfigMap
    /// ```
    /// ```yaml good
    /// apiVersion: v2
    /// name: shop
    /// version: 1.0.0
    /// ## templates/web.yaml
    /// kind: ConfigMap
    /// ```
    "chart-templates-missing": Low, Recommended, since "0.1.0";
    refs: ["helm lint: templates/: directory does not exist"];
    help: "put what the chart installs into `templates/`";
    check: Chart(check);
}

fn check(chart: &ChartView, report: &mut Report) {
    let Some(root) = chart.metadata() else { return };
    let installs =
        |path: &str| ["templates/", "charts/", "crds/"].iter().any(|folder| path.starts_with(folder));
    if !chart.files.iter().any(|file| installs(&file.path)) && chart.dependencies().is_empty() {
        let at = root.get("name").map_or(chart.top(), |name| chart.place(name));
        report.place(at, "the chart has no templates");
    }
}
