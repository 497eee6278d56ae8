use std::collections::BTreeMap;

use super::prelude::*;

rule! {
    /// Two subcharts define templates of the same name, and one of them gets the other's.
    ///
    /// All charts of a release share one set of names. Of definitions of one name Helm takes the one that it parses last: with
    /// siblings that of the chart whose name comes first. So a subchart that brings an older copy of a library breaks its
    /// neighbours. A parent that defines a subchart's template anew is taken to mean it.
    ///
    /// ```yaml bad
    /// apiVersion: v2
    /// name: shop
    /// version: 1.0.0
    /// ## charts/cache/templates/_lib.tpl
    /// {{ define "lib.name" }}cache{{ end }}
    /// ## charts/db/templates/_lib.tpl
    /// {{ define "lib.name" }}db{{ end }} #! `lib.name` of charts/db is replaced by that of charts/cache
    /// ```
    /// ```yaml good
    /// apiVersion: v2
    /// name: shop
    /// version: 1.0.0
    /// ## charts/cache/templates/_lib.tpl
    /// {{ define "lib.name" }}x{{ end }}
    /// ## charts/db/templates/_lib.tpl
    /// {{ define "lib.name" }}x{{ end }}
    /// ```
    "template-overridden": Medium, Recommended, since "0.1.0";
    refs: [];
    help: "begin the names of templates with the chart's name, or bring the library in one version";
    check: Chart(check);
}

/// Names that are told; of two versions of a library all differ.
const TOLD: usize = 3;

fn check(chart: &ChartView, report: &mut Report) {
    let mut pairs: BTreeMap<(&str, &str), Vec<(&str, &Define, &Define)>> = BTreeMap::new();
    for (name, defines) in chart.by_name() {
        let Some(winner) = defines.last() else { continue };
        for loser in &defines[..defines.len() - 1] {
            let is_parent = loser.chart.starts_with(&winner.chart);
            if !is_parent && loser.body != winner.body {
                pairs.entry((&loser.chart, &winner.chart)).or_default().push((name, loser, winner));
            }
        }
    }
    for ((loser, winner), names) in pairs {
        let Some((_, first, by)) = names.first() else { continue };
        let shown: Vec<_> = names.iter().take(TOLD).map(|(name, ..)| format!("`{name}`")).collect();
        let (verb, that) = if names.len() == 1 { ("is", "that") } else { ("are", "those") };
        let more = match names.len().saturating_sub(TOLD) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let message = format!("{}{more} of {loser} {verb} replaced by {that} of {winner}", shown.join(", "));
        report.place(first.at, message).also(by.at, "this one is used everywhere");
    }
}
