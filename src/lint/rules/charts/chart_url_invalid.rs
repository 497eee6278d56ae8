use super::prelude::*;

rule! {
    /// The icon or a source of a chart is no full address.
    ///
    /// Catalogues open what stands there as it stands: an address needs its scheme, such as `https://`.
    ///
    /// ```yaml bad
    /// apiVersion: v2
    /// name: shop
    /// version: 1.0.0
    /// icon: shop.svg #! `icon` is no full address
    /// sources:
    ///   - github.com/example/shop #! an entry of `sources` is no full address
    /// ```
    /// ```yaml good
    /// apiVersion: v2
    /// name: shop
    /// version: 1.0.0
    /// icon: https://example.com/shop.svg
    /// sources:
    ///   - https://github.com/example/shop
    /// ```
    "chart-url-invalid": Low, Recommended, since "0.1.0";
    refs: ["helm lint: invalid icon URL", "helm lint: invalid source URL"];
    help: "write the whole address, from `https://` on";
    check: Chart(check);
}

fn check(chart: &ChartView, report: &mut Report) {
    let Some(root) = chart.metadata() else { return };
    if let Some(icon) = root.get("icon").filter(|icon| !icon.text().is_empty() && !is_request(icon.text())) {
        report.place(chart.place(icon), "`icon` is no full address");
    }
    for source in root.get("sources").into_iter().flat_map(Node::items) {
        if !is_request(source.text()) {
            report.place(chart.place(source), "an entry of `sources` is no full address");
        }
    }
}

/// Whether it has a scheme and nothing that an address cannot have.
fn is_request(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
        && !rest.is_empty()
        && !rest.contains(|c: char| c.is_control() || c == ' ')
}
