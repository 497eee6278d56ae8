use gotmpl::semver::Version;

use super::prelude::*;

rule! {
    /// A chart's version is not a full semantic version.
    ///
    /// Helm reads `1.2` and `v1.2.0`, but registries, package names and other tools want the three numbers of SemVer 2 and
    /// nothing before them.
    ///
    /// ```yaml bad
    /// apiVersion: v2
    /// name: shop
    /// version: "1.2" #! `version` is `1.2`, which is not of the form 1.2.3
    /// ```
    /// ```yaml good
    /// apiVersion: v2
    /// name: shop
    /// version: 1.2.0-rc.1
    /// ```
    "chart-version-loose": Low, Recommended, since "0.1.0";
    refs: ["helm lint: version is not a valid SemVerV2"];
    help: "write all three numbers, without a `v`";
    check: Chart(check);
}

fn check(chart: &ChartView, report: &mut Report) {
    let Some(node) = chart.metadata().and_then(|root| root.get("version")) else { return };
    let text = node.text();
    if Version::parse(text.as_bytes()).is_ok() && !is_strict(text) {
        let message = format!("`version` is `{text}`, which is not of the form 1.2.3");
        report.place(chart.place(node), message);
    }
}

/// Three numbers without leading zeros, and nothing before them.
fn is_strict(text: &str) -> bool {
    let numbers = text.split(['-', '+']).next().unwrap_or("");
    let is_number = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|b| b.is_ascii_digit())
            && (part == "0" || !part.starts_with('0'))
    };
    numbers.split('.').count() == 3 && numbers.split('.').all(is_number)
}
