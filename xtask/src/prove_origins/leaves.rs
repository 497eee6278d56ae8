//! The leaves of the input, and other values for them.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::path::{Path, PathBuf};

use serde_json::Value as Json;
use source::{Diagnostics, Source, SourceKind, Sources, Span};
use yaml::{Kind, Node, Options, Profile, Value};

/// One scalar of a file, or a piece of text.
pub struct Leaf {
    /// The file.
    pub file: PathBuf,
    /// Its keys, joined with dots.
    pub path: String,
    /// Where it stands.
    pub span: Span,
    /// What else it is read as a part of.
    pub within: Option<Span>,
    value: Typed,
}

enum Typed {
    Bool(bool),
    Number(f64),
    Text(String),
    /// Text that is no YAML: it is put in as it is.
    Raw(String),
}

/// Up to so many leaves of the chart's own values file, of the files that the arguments give, and of its subcharts'
/// values files, spread evenly; the subcharts' make up two fifths at most, unless the others are too few.
pub fn of_chart(sources: &Sources, chart: &Path, given: &[String], count: usize) -> Vec<Leaf> {
    let own = chart.join("values.yaml").display().to_string();
    let below = format!("{}/charts/", chart.display());
    let (mut nearest, mut inner) = (Vec::new(), Vec::new());
    let mut names: Vec<&str> = Vec::new();
    let all: Vec<_> = sources.iter().filter(|(_, s)| s.kind == SourceKind::File).collect();
    for (id, source) in &all {
        // With Windows line ends it is read as a text of its own, and that is where the places are.
        let is_same = |other: &Source| {
            other.name == source.name && **other.text() == source.text().replace("\r\n", "\n")
        };
        let unix = all.iter().find(|(_, other)| source.text().contains('\r') && is_same(other));
        let (id, source) = unix.map_or((*id, *source), |(id, other)| (*id, *other));
        let name = &*source.name;
        let is_own = name == own || given.iter().any(|file| file == name);
        let is_inner = name.starts_with(&below) && name.ends_with("/values.yaml");
        if !(is_own || is_inner) || names.contains(&name) || !Path::new(name).is_file() {
            continue;
        }
        names.push(name);
        let mut found = Diagnostics::new();
        let docs = yaml::read(id, source.text(), &Options::new(Profile::HelmValues), &mut found);
        let [doc] = docs.as_slice() else { continue };
        if let Some(root) = doc.root() {
            let into = if is_own { &mut nearest } else { &mut inner };
            collect(root, Span::new(id, 0, 0), Path::new(name), into);
        }
    }
    let most = (count * 2 / 5).max(count.saturating_sub(nearest.len()));
    let inner = spread(inner, most);
    let mut all = spread(nearest, count - inner.len());
    all.extend(inner);
    all
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
                into.push(Leaf { file: file.to_owned(), path, span, within: None, value });
            }
        }
    }
}

/// Words that values are compared with.
pub struct Words {
    /// Most frequent first.
    all: Vec<String>,
    /// Those on lines that name a key.
    of_key: HashMap<String, Vec<String>>,
    /// Whether each leaf takes others of them, and not all leaves the first.
    is_spread: bool,
}

impl Words {
    /// Those words, of which each leaf takes others.
    pub fn spread(all: Vec<String>) -> Words {
        Words { all, of_key: HashMap::new(), is_spread: true }
    }

    /// What all templates that were read compare with.
    pub fn of_templates(sources: &Sources) -> Words {
        let mut count: BTreeMap<String, usize> = BTreeMap::new();
        let mut of_key: HashMap<String, Vec<String>> = HashMap::new();
        let is_template = |name: &str| name.contains("/templates/");
        let texts = sources.iter().filter(|(_, s)| s.kind == SourceKind::File && is_template(&s.name));
        for line in texts.flat_map(|(_, source)| source.text().lines()) {
            if !["eq ", "ne ", "has ", "contains ", "Prefix ", "Suffix "]
                .iter()
                .any(|word| line.contains(word))
            {
                continue;
            }
            let quoted = line.split('"').skip(1).step_by(2);
            let words: Vec<&str> = quoted.filter(|word| !word.is_empty() && word.len() < 24).collect();
            let is_name = |c: char| c.is_alphanumeric() || c == '_';
            let keys = line.split('.').skip(1).map(|part| part.split(|c| !is_name(c)).next().unwrap_or(""));
            for key in keys.filter(|key| !key.is_empty()) {
                let known = of_key.entry(key.to_owned()).or_default();
                known.extend(words.iter().map(|word| (*word).to_owned()));
                known.sort();
                known.dedup();
            }
            for word in words {
                *count.entry(word.to_owned()).or_default() += 1;
            }
        }
        let mut all: Vec<_> = count.into_iter().collect();
        all.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
        let all = all.into_iter().map(|(word, _)| word).collect();
        Words { all, of_key, is_spread: false }
    }

    /// For a value under that key at that place: first those that it is compared with.
    fn near<'a>(&'a self, key: &str, place: usize) -> impl Iterator<Item = &'a String> {
        let (first, step) = if self.is_spread { (place, 7) } else { (0, 1) };
        let all = (0..self.all.len()).filter_map(move |i| self.all.get((first + i * step) % self.all.len()));
        self.of_key.get(key).into_iter().flatten().chain(all)
    }
}

impl Leaf {
    /// A piece of text that is no YAML.
    pub fn raw(file: &Path, span: Span, text: &str) -> Leaf {
        Leaf {
            file: file.to_owned(),
            path: String::new(),
            span,
            within: None,
            value: Typed::Raw(text.to_owned()),
        }
    }

    /// The value, if it is text of YAML.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Typed::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Other values of the same type, the one that recall is measured with first.
    pub fn others(&self, words: &Words) -> VecDeque<String> {
        let number = |n: f64| format!("{n}");
        let quoted = |text: &str| Json::from(text).to_string();
        match &self.value {
            Typed::Bool(b) => [(!b).to_string()].into(),
            Typed::Number(n) => {
                [n + 1.0, 0.0, 1.0, n * 2.0 + 1.0, 7.0].into_iter().filter(|m| m != n).map(number).collect()
            }
            Typed::Raw(text) => {
                let bare = text.trim_end_matches('\n');
                let end = &text[bare.len()..];
                [format!("{bare}x{end}"), format!("{bare}yz{end}")].into()
            }
            Typed::Text(text) => {
                let mut all = vec![format!("{text}x"), String::new()];
                all.retain(|other| other != text);
                let key = self.path.rsplit('.').next().unwrap_or("");
                for word in words.near(key.split('[').next().unwrap_or(""), self.span.start as usize) {
                    if all.len() == 8 {
                        break;
                    }
                    if word != text && !all.contains(word) {
                        all.push(word.clone());
                    }
                }
                all.iter().map(|text| quoted(text)).collect()
            }
        }
    }

    /// The same for words and numbers that a statement names.
    pub fn named_in(&self, statement: &str) -> Vec<String> {
        let quoted = statement.split('"').skip(1).step_by(2).filter(|word| word.len() < 24);
        match &self.value {
            Typed::Text(text) => {
                quoted.filter(|word| word != text).map(|w| Json::from(w).to_string()).collect()
            }
            Typed::Number(n) => {
                let words = statement.split(|c: char| !(c.is_ascii_digit() || c == '.'));
                let numbers = words.filter_map(|word| word.parse::<f64>().ok());
                numbers.flat_map(|m| [m, m + 1.0]).filter(|m| m != n).map(|m| m.to_string()).collect()
            }
            Typed::Bool(_) | Typed::Raw(_) => Vec::new(),
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

    /// The file and the keys.
    pub fn name(&self) -> String {
        let file = self.file.display().to_string();
        let file = file.rsplit_once("/conformance/").map_or(&*file, |(_, rest)| rest);
        format!("{file}: {}", self.path)
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
