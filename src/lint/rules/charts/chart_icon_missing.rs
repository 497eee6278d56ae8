use super::prelude::*;

rule! {
    /// A chart has no icon.
    ///
    /// Catalogues show a grey box in its place.
    ///
    /// ```yaml bad
    /// apiVersion: v2
    /// name: shop #! the chart has no icon
    /// version: 1.0.0
    /// ```
    /// ```yaml good
    /// apiVersion: v2
    /// name: shop
    /// version: 1.0.0
    /// icon: https://example.com/shop.svg
    /// ```
    "chart-icon-missing": Info, Strict, since "0.1.0";
    refs: ["helm lint: icon is recommended"];
    help: "give `icon` the address of a picture";
    check: Chart(check);
}

fn check(chart: &ChartView, report: &mut Report) {
    let Some(root) = chart.metadata() else { return };
    if chart.text("icon").is_empty() && chart.text("type") != "library" {
        let at = root.get("name").map_or(chart.top(), |name| chart.place(name));
        report.place(at, "the chart has no icon");
    }
}
