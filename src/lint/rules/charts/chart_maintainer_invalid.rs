use super::prelude::*;

rule! {
    /// A maintainer of a chart cannot be reached: no name, or an address that is none.
    ///
    /// ```yaml bad
    /// apiVersion: v2
    /// name: shop
    /// version: 1.0.0
    /// maintainers:
    ///   - name: jane
    ///     email: jane(at)example.com #! `jane(at)example.com` is no e-mail address
    ///   - email: joe@example.com #! a maintainer has no name
    /// ```
    /// ```yaml good
    /// apiVersion: v2
    /// name: shop
    /// version: 1.0.0
    /// maintainers:
    ///   - name: jane
    ///     email: jane@example.com
    ///     url: https://example.com/jane
    /// ```
    "chart-maintainer-invalid": Low, Recommended, since "0.1.0";
    refs: ["helm lint: each maintainer requires a name", "helm lint: invalid email", "helm lint: invalid url"];
    help: "give each maintainer a name, and addresses that lead somewhere";
    check: Chart(check);
}

fn check(chart: &ChartView, report: &mut Report) {
    let list = chart.metadata().and_then(|root| root.get("maintainers"));
    for entry in list.into_iter().flat_map(Node::items) {
        if text(entry.get("name")).is_empty() {
            let at = entry.entries().next().map_or(entry, |(key, _)| key);
            report.place(chart.place(at), "a maintainer has no name");
            continue;
        }
        if let Some(email) = entry.get("email").filter(|e| !e.text().is_empty() && !is_email(e.text())) {
            report.place(chart.place(email), format!("`{}` is no e-mail address", email.text()));
        }
        if let Some(url) = entry.get("url").filter(|u| !u.text().is_empty() && !is_site(u.text())) {
            report.place(chart.place(url), format!("`{}` is no web address", url.text()));
        }
    }
}

fn is_email(text: &str) -> bool {
    text.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty() && !local.contains(['@', ' ', '(', ')', ',']) && is_domain(domain)
    })
}

/// A web address, with or without its scheme.
fn is_site(text: &str) -> bool {
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#']).next().unwrap_or("");
    let host = host.rsplit('@').next().unwrap_or(host);
    let host = host.split(':').next().unwrap_or(host);
    !text.contains(' ') && (host == "localhost" || is_domain(host))
}

fn is_domain(text: &str) -> bool {
    let is_label =
        |label: &str| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || "-_".contains(c));
    text.contains('.') && text.split('.').all(is_label)
}
