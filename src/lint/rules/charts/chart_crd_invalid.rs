use source::{Diagnostics, Span};
use yaml::{Options, Profile};

use super::prelude::*;

rule! {
    /// A file of `crds/` holds something else than a CustomResourceDefinition.
    ///
    /// Helm installs what lies there before everything else, never upgrades it and never deletes it: other objects get stuck
    /// in their first version.
    ///
    /// ```yaml bad
    /// apiVersion: v2
    /// name: shop
    /// version: 1.0.0
    /// ## crds/settings.yaml
    /// apiVersion: v1
    /// kind: ConfigMap #! a ConfigMap in crds/ is installed once and never upgraded
    /// metadata:
    ///   name: settings
    /// ```
    /// ```yaml good
    /// apiVersion: v2
    /// name: shop
    /// version: 1.0.0
    /// ## crds/orders.yaml
    /// apiVersion: apiextensions.k8s.io/v1
    /// kind: CustomResourceDefinition
    /// metadata:
    ///   name: orders.example.com
    /// ```
    "chart-crd-invalid": High, Recommended, since "0.1.0";
    refs: ["helm lint: object kind is not CustomResourceDefinition", "helm lint: apiVersion is not in apiextensions.k8s.io"];
    help: "move it to `templates/`";
    check: Chart(check);
}

fn check(chart: &ChartView, report: &mut Report) {
    let extensions = [".yaml", ".yml", ".json"];
    for file in chart.files.iter().filter(|file| file.path.starts_with("crds/")) {
        if !extensions.iter().any(|extension| file.path.ends_with(extension)) {
            continue;
        }
        let mut broken = Diagnostics::new();
        let options = Options::new(Profile::Kubernetes);
        for doc in yaml::read(file.source, &file.text, &options, &mut broken) {
            let Some(root) = doc.root().filter(|root| !root.is_null()) else { continue };
            let place = |node: Node<'_>| {
                let (start, end) = node.span().unwrap_or((0, 0));
                Span::new(file.source, start, end)
            };
            match root.get("kind") {
                Some(kind) if kind.text() != "CustomResourceDefinition" => {
                    let message = format!("a {} in crds/ is installed once and never upgraded", kind.text());
                    report.place(place(kind), message);
                }
                None => {
                    report.place(place(root), "what stands in crds/ is no object");
                }
                Some(_) => {
                    let version = root.get("apiVersion");
                    let group = text(version).split('/').next().unwrap_or("");
                    if let Some(version) = version.filter(|_| group != "apiextensions.k8s.io") {
                        let message = format!("`{}` has no CustomResourceDefinition", version.text());
                        report
                            .place(place(version), message)
                            .help("set `apiVersion: apiextensions.k8s.io/v1`");
                    }
                }
            }
        }
        if let Some(fault) = broken.into_vec().into_iter().find(|d| d.severity == source::Severity::Error)
            && let source::Place::Span(at) = fault.primary.at
        {
            report.place(at, fault.message).help("mend the YAML: Helm installs the file as it is");
        }
    }
}
