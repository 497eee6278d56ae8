//! The leaves of the input, and other values for them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use source::{Diagnostics, SourceKind, Sources, Span};
use yaml::{Kind, Node, Options, Profile, Value};

/// One scalar of a file, or a piece of text.
pub struct Leaf {
    /// The file.
    pub file: PathBuf,
    /// Its keys, joined with dots.
    pub path: String,
    /// Where it stands.
    pub span: Span,
    value: Typed,
}

enum Typed {
    Bool(bool),
    Number(f64),
    Text(String),
    /// Text that is no YAML: it is put in as it is.
    Raw(String),
}

/// Up to so many leaves of the chart's own values file and those of its subcharts, spread evenly.
pub fn of_chart(sources: &Sources, chart: &Path, count: usize) -> Vec<Leaf> {
    let mut all = Vec::new();
    let own = chart.join("values.yaml").display().to_string();
    let below = format!("{}/", chart.display());
    let is_values = |name: &str| name == own || (name.starts_with(&below) && name.ends_with("/values.yaml"));
    let mut files: Vec<_> = sources
        .iter()
        .filter(|(_, s)| s.kind == SourceKind::File && (is_values(&s.name) || s.name.contains("-values")))
        .collect();
    files.sort_by_key(|(_, s)| s.name.matches('/').count());
    let mut names: Vec<&str> = Vec::new();
    for (id, source) in files {
        if names.contains(&&*source.name) || !Path::new(&*source.name).is_file() {
            continue;
        }
        names.push(&source.name);
        let mut found = Diagnostics::new();
        let docs = yaml::read(id, source.text(), &Options::new(Profile::HelmValues), &mut found);
        let [doc] = docs.as_slice() else { continue };
        if let Some(root) = doc.root() {
            collect(root, Span::new(id, 0, 0), Path::new(&*source.name), &mut all);
        }
        if all.len() >= count {
            break;
        }
    }
    spread(all, count)
}

/// So many of them, evenly.
pub fn spread(mut all: Vec<Leaf>, count: usize) -> Vec<Leaf> {
    let total = all.len();
    let kept = total.min(count);
    let mut index = 0;
    all.retain(|_| {
        index += 1;
        index * kept / total.max(1) != (index - 1) * kept / total.max(1)
    });
    all
}

/// All leaves of a document; its text begins where the span does.
pub fn collect(root: Node<'_>, at: Span, file: &Path, into: &mut Vec<Leaf>) {
    let mut open = vec![(root, String::new())];
    while let Some((node, path)) = open.pop() {
        if node.is_alias() || node.is_merge() || node.anchor().is_some() || node.tag().is_some() {
            continue;
        }
        match node.kind() {
            Kind::Map => {
                let entries: Vec<_> = node.written_entries().collect();
                for (key, value) in entries.into_iter().rev() {
                    let name = key.text();
                    open.push((
                        value,
                        if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") },
                    ));
                }
            }
            Kind::Seq => {
                let items: Vec<_> = node.items().collect();
                for (at, item) in items.into_iter().enumerate().rev() {
                    open.push((item, format!("{path}[{at}]")));
                }
            }
            Kind::Scalar => {
                let value = match node.value() {
                    Value::Bool(b) => Typed::Bool(b),
                    Value::Int(n) => Typed::Number(n as f64),
                    Value::UInt(n) => Typed::Number(n as f64),
                    Value::Float(f) => Typed::Number(f),
                    Value::Str(text) => Typed::Text(text.to_owned()),
                    _ => continue,
                };
                let Some((start, end)) = node.span().filter(|(start, end)| start < end) else { continue };
                let span = Span::new(at.source, at.start + start, at.start + end);
                into.push(Leaf { file: file.to_owned(), path, span, value });
            }
        }
    }
}

/// Words that templates compare with, most frequent first.
pub fn words(sources: &Sources) -> Vec<String> {
    let mut count: BTreeMap<String, usize> = BTreeMap::new();
    for (_, source) in sources.iter().filter(|(_, s)| s.name.contains("/templates/")) {
        for line in source.text().lines().filter(|line| line.contains("eq ") || line.contains("ne ")) {
            for word in line.split('"').skip(1).step_by(2).filter(|word| !word.is_empty() && word.len() < 24)
            {
                *count.entry(word.to_owned()).or_default() += 1;
            }
        }
    }
    let mut all: Vec<_> = count.into_iter().collect();
    all.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    all.into_iter().map(|(word, _)| word).collect()
}

impl Leaf {
    /// A piece of text that is no YAML.
    pub fn raw(file: &Path, span: Span, text: &str) -> Leaf {
        Leaf { file: file.to_owned(), path: String::new(), span, value: Typed::Raw(text.to_owned()) }
    }

    /// The value, if it is text of YAML.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Typed::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Other values of the same type, the one that recall is measured with first.
    pub fn others(&self, words: &[String]) -> Vec<String> {
        let number = |n: f64| format!("{n}");
        let quoted = |text: &str| Json::from(text).to_string();
        match &self.value {
            Typed::Bool(b) => vec![(!b).to_string()],
            Typed::Number(n) => {
                [n + 1.0, 0.0, 1.0, n * 2.0 + 1.0, 7.0].into_iter().filter(|m| m != n).map(number).collect()
            }
            Typed::Raw(text) => {
                let bare = text.trim_end_matches('\n');
                let end = &text[bare.len()..];
                vec![format!("{bare}x{end}"), format!("{bare}yz{end}")]
            }
            Typed::Text(text) => {
                let mut all = vec![format!("{text}x"), String::new()];
                let spread = self.span.start as usize;
                all.extend((0..3).filter_map(|i| words.get((spread + i * 7) % words.len().max(1)).cloned()));
                all.retain(|other| other != text);
                all.dedup();
                all.iter().map(|text| quoted(text)).collect()
            }
        }
    }

    /// The file with that instead of the leaf.
    pub fn with(&self, sources: &Sources, value: &str) -> String {
        let text = sources.get(self.span.source).map_or("", |s| &**s.text());
        let (before, behind) = (&text[..self.span.start as usize], &text[self.span.end as usize..]);
        // A block ends with its line.
        let is_block = !matches!(self.value, Typed::Raw(_)) && text[..self.span.end as usize].ends_with('\n');
        let end = if is_block { "\n" } else { "" };
        format!("{before}{value}{end}{behind}")
    }

    /// The value as it stands.
    pub fn shown(&self) -> String {
        match &self.value {
            Typed::Bool(b) => b.to_string(),
            Typed::Number(n) => n.to_string(),
            Typed::Text(text) | Typed::Raw(text) => {
                format!("{:?}", text.chars().take(40).collect::<String>())
            }
        }
    }
}

use serde_json::Value as Json;
