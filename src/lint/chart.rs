//! A chart as rules see it: its files, what its templates define and what they call.
//!
//! Nothing here is rendered: a chart that cannot be rendered is judged all the same, and so are the branches that the
//! values of the day do not take.

use std::collections::BTreeMap;
use std::sync::Arc;

use gotmpl::{Profile, Templates};
use source::{Diagnostics, SourceId, Span};
use yaml::{Doc, Node, Options};

/// One file of a chart.
pub struct ChartFile {
    /// The path below the chart's own folder, such as `templates/a.yaml` or `charts/db/Chart.yaml`.
    pub path: String,
    /// The text as a source.
    pub source: SourceId,
    /// The text.
    pub text: Arc<str>,
}

/// A template that a file defines by `define` or `block`.
pub struct Define {
    /// Its name.
    pub name: String,
    /// The folder of the chart that it belongs to: empty for the chart itself, else such as `charts/db`.
    pub chart: String,
    /// The name in the file.
    pub at: Span,
    /// The text between `define` and `end`, where several definitions of one name are compared.
    pub body: String,
}

/// A call of a template by a name that is written out.
pub struct Call {
    /// The name.
    pub name: String,
    /// The folder of the chart that it stands in.
    pub chart: String,
    /// The call.
    pub at: Span,
}

/// A chart with its subcharts.
pub struct ChartView {
    /// All files, sorted by path.
    pub files: Vec<ChartFile>,
    /// What templates define. Of equal names the last wins, as with Helm.
    pub defines: Vec<Define>,
    /// What templates call.
    pub calls: Vec<Call>,
    /// Whether every template could be parsed.
    pub is_parsed: bool,
    metadata: Option<Arc<Doc>>,
}

impl ChartView {
    /// A chart of these files; those of unpacked and packed subcharts stand under `charts/`.
    pub fn new(mut files: Vec<ChartFile>) -> Self {
        files.sort_by(|a, b| a.path.cmp(&b.path));
        let metadata = files.iter().find(|f| f.path == "Chart.yaml").and_then(|file| {
            let options = Options::new(yaml::Profile::HelmValues);
            yaml::read_first(file.source, &file.text, &options, &mut Diagnostics::new())
        });
        let mut view = ChartView { files, defines: Vec::new(), calls: Vec::new(), is_parsed: true, metadata };
        view.read_templates();
        view
    }

    /// What `Chart.yaml` says; `None` where it cannot be read.
    pub fn metadata(&self) -> Option<Node<'_>> {
        self.metadata.as_ref().and_then(|doc| doc.root())
    }

    /// The place of a node of `Chart.yaml`.
    pub fn place(&self, node: Node<'_>) -> Span {
        let source = self.metadata.as_ref().map_or(SourceId(0), |doc| doc.source());
        let (start, end) = node.span().unwrap_or((0, 0));
        Span::new(source, start, end)
    }

    /// The start of `Chart.yaml`, where what is missing would stand.
    pub fn top(&self) -> Span {
        let file = self.files.iter().find(|f| f.path == "Chart.yaml").or(self.files.first());
        Span::top(file.map_or(SourceId(0), |file| file.source))
    }

    /// The text of a field of `Chart.yaml`; empty where there is none.
    pub fn text(&self, field: &str) -> &str {
        self.metadata().and_then(|root| root.get(field)).map_or("", Node::text)
    }

    /// The names of the charts below `charts/`, as their own `Chart.yaml` gives them, with that file.
    pub fn subcharts(&self) -> Vec<(String, &ChartFile)> {
        let direct = self.files.iter().filter(|file| {
            let inner = file.path.strip_prefix("charts/").and_then(|p| p.strip_suffix("/Chart.yaml"));
            inner.is_some_and(|name| !name.contains('/') && !name.starts_with(['_', '.']))
        });
        direct
            .map(|file| {
                let options = Options::new(yaml::Profile::HelmValues);
                let doc = yaml::read_first(file.source, &file.text, &options, &mut Diagnostics::new());
                let name = doc.as_ref().and_then(|d| d.root()?.get("name").map(|n| n.text().to_owned()));
                (name.unwrap_or_default(), file)
            })
            .collect()
    }

    /// The entries of `dependencies` in `Chart.yaml`, or in the `requirements.yaml` of a chart of apiVersion v1.
    pub fn dependencies(&self) -> Vec<String> {
        let own = self.metadata().and_then(|root| root.get("dependencies"));
        let mut names: Vec<String> = own
            .into_iter()
            .flat_map(Node::items)
            .filter_map(|entry| Some(entry.get("name")?.text().to_owned()))
            .collect();
        if let Some(file) = self.files.iter().find(|f| f.path == "requirements.yaml") {
            let options = Options::new(yaml::Profile::HelmValues);
            let doc = yaml::read_first(file.source, &file.text, &options, &mut Diagnostics::new());
            let list = doc.as_ref().and_then(|d| d.root()?.get("dependencies"));
            names.extend(
                list.into_iter()
                    .flat_map(Node::items)
                    .filter_map(|entry| Some(entry.get("name")?.text().to_owned())),
            );
        }
        names
    }

    fn read_templates(&mut self) {
        let is_template = |file: &&ChartFile| template_chart(&file.path).is_some();
        let mut order: Vec<&ChartFile> = self.files.iter().filter(is_template).collect();
        // The order in which Helm parses: the deepest first, and the last names before the first.
        let key = |file: &&ChartFile| (file.path.matches('/').count(), file.path.clone());
        order.sort_by_cached_key(|file| std::cmp::Reverse(key(file)));
        let mut parser = Templates::new(Profile::Helm4);
        for file in order {
            let chart = template_chart(&file.path).unwrap_or("").to_owned();
            let Ok(ast) = parser.add(&*file.path, &*file.text, Some(file.source)) else {
                self.is_parsed = false;
                continue;
            };
            for define in
                ast.defines.iter().filter(|define| *define.name != *file.path.as_bytes() && !define.blank)
            {
                let name = String::from_utf8_lossy(&define.name).into_owned();
                let at = definition(&file.text, &name).unwrap_or((0, 0));
                let stmts = ast.body(define.body);
                let (from, to) = (stmts.first(), stmts.last());
                let body =
                    from.zip(to).and_then(|(f, t)| file.text.get(f.span.start as usize..t.span.end as usize));
                self.defines.push(Define {
                    name,
                    chart: chart.clone(),
                    at: Span::new(file.source, at.0, at.1),
                    body: body.unwrap_or("").to_owned(),
                });
            }
            for (name, span) in ast.calls() {
                self.calls.push(Call {
                    name: String::from_utf8_lossy(name).into_owned(),
                    chart: chart.clone(),
                    at: Span::new(file.source, span.start, span.end),
                });
            }
        }
    }

    /// Definitions by name, each list in the order in which one replaces the other.
    pub fn by_name(&self) -> BTreeMap<&str, Vec<&Define>> {
        let mut all: BTreeMap<&str, Vec<&Define>> = BTreeMap::new();
        for define in &self.defines {
            all.entry(&define.name).or_default().push(define);
        }
        all
    }
}

/// The folder of the chart that a template belongs to; `None` for other files.
fn template_chart(path: &str) -> Option<&str> {
    if path.starts_with("templates/") {
        return Some("");
    }
    let at = path.rfind("/templates/").filter(|_| path.starts_with("charts/"))?;
    // `charts/a/templates/charts/b/templates/x` is a's.
    let first = path.find("/templates/").unwrap_or(at);
    Some(&path[..first])
}

/// Where a template's name stands in the action that defines it.
fn definition(text: &str, name: &str) -> Option<(u32, u32)> {
    for quote in ['"', '`'] {
        let quoted = format!("{quote}{name}{quote}");
        for (at, _) in text.match_indices(&quoted) {
            let before = text[..at].trim_end();
            if before.ends_with("define") || before.ends_with("block") {
                return Some((at as u32, (at + quoted.len()) as u32));
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_belong_to_the_chart_around_them() {
        assert_eq!(template_chart("templates/charts/x/templates/a"), Some(""));
        assert_eq!(template_chart("charts/db/templates/a.yaml"), Some("charts/db"));
        assert_eq!(template_chart("charts/db/charts/x/templates/a"), Some("charts/db/charts/x"));
        assert_eq!(template_chart("charts/db/values.yaml"), None);
    }
}
