use super::prelude::*;

rule! {
    /// A template calls another that nothing defines.
    ///
    /// The rendering fails as soon as the call is reached. While the values of the day do not lead there nobody notices: it
    /// waits for the first user who switches that part on.
    ///
    /// ```yaml bad
    /// apiVersion: v2
    /// name: shop
    /// version: 1.0.0
    /// ## templates/_names.tpl
    /// {{ define "shop.name" }}shop{{ end }}
    /// ## templates/web.yaml
    /// {{ if .Values.never }}
    /// name: {{ include "shop.nmae" . }} #! nothing defines the template `shop.nmae`
    /// {{ end }}
    /// ```
    /// ```yaml good
    /// apiVersion: v2
    /// name: shop
    /// version: 1.0.0
    /// ## templates/_names.tpl
    /// {{ define "shop.name" }}shop{{ end }}
    /// ## templates/web.yaml
    /// {{ if .Values.never }}
    /// name: {{ include "shop.name" . }}
    /// {{ end }}
    /// ```
    "template-undefined": High, Minimal, since "0.1.0";
    refs: [];
    help: "define it in a file whose name begins with `_`, or take the chart that defines it into `charts/`";
    check: Chart(check);
}

fn check(chart: &ChartView, report: &mut Report) {
    // What a missing dependency would define, and what users of a library define, nobody knows.
    let present = chart.subcharts();
    let is_missing = |name: &String| !present.iter().any(|(sub, _)| sub == name);
    let is_library = chart.text("type").eq_ignore_ascii_case("library");
    if is_library || !chart.is_parsed || chart.dependencies().iter().any(is_missing) {
        return;
    }
    let defined = chart.by_name();
    // The subcharts' own calls are their authors' business.
    for call in chart.calls.iter().filter(|call| call.chart.is_empty()) {
        let name = call.name.as_str();
        // Files can be called by their paths, which begin with the chart's name.
        if defined.contains_key(name) || name.contains("/templates/") {
            continue;
        }
        let finding = report.place(call.at, format!("nothing defines the template `{name}`"));
        if let Some(near) = source::closest(name, defined.keys().copied()) {
            finding.help(format!("did you mean `{near}`?"));
        }
    }
}
