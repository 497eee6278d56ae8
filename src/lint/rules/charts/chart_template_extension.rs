use super::prelude::*;

rule! {
    /// A file among the templates is none by its name.
    ///
    /// Helm renders every file below `templates/`, whatever it is called, and installs what comes out: a picture, a README or a
    /// backup copy breaks the release or is installed with it.
    ///
    /// ```yaml bad
    /// apiVersion: v2
    /// name: shop
    /// version: 1.0.0
    /// ## templates/web.yaml.bak
    /// kind: ConfigMap #! templates/web.yaml.bak is rendered and installed like any template
    /// ```
    /// ```yaml good
    /// apiVersion: v2
    /// name: shop
    /// version: 1.0.0
    /// ## templates/web.yaml
    /// kind: ConfigMap
    /// ```
    "chart-template-extension": Medium, Recommended, since "0.1.0";
    refs: ["helm lint: file extension not valid"];
    help: "move it out of `templates/`, or end its name in .yaml, .yml, .tpl or .txt";
    check: Chart(check);
}

fn check(chart: &ChartView, report: &mut Report) {
    for file in chart.files.iter().filter(|file| file.path.starts_with("templates/")) {
        let name = file.path.rsplit('/').next().unwrap_or("");
        let extension = name.rfind('.').map_or("", |at| &name[at..]);
        // What begins with an underscore is never rendered alone.
        if !matches!(extension, ".yaml" | ".yml" | ".tpl" | ".txt") && !name.starts_with('_') {
            let message = format!("{} is rendered and installed like any template", file.path);
            report.place(source::Span::top(file.source), message);
        }
    }
}
