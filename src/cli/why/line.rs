//! What became of a line: of a template or of values.

use std::collections::HashSet;

use serde::Serialize;
use source::{Chain, Reach, Source, SourceId, Span};
use yaml::{Kind, Options, Profile};

use super::field::{Decision, Layer, Rows, Shower, Spot};
use crate::cli::common::Run;
use crate::cli::{Failure, output};
use crate::kube::path::path_of;
use crate::report::{Condition, Fed, Story};

/// Fields that are shown to people.
const SHOWN: usize = 20;

/// One field that hangs on the line.
#[derive(Serialize, Debug)]
struct Became {
    object: String,
    path: String,
    /// `data` or `condition`.
    by: &'static str,
}

/// The answer.
#[derive(Serialize, Debug)]
#[serde(rename_all = "camelCase")]
pub(super) struct Answer {
    version: u32,
    file: String,
    line: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<Layer>,
    became: Vec<Became>,
    /// Layers that won over what stands there.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    lost_to: Vec<Layer>,
    /// Branches around the line that were not taken.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    left_out_by: Vec<Decision>,
    /// Places that read it without any field hanging on it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    asked_by: Vec<Spot>,
}

/// What became of a line of a source.
pub(super) fn answer(run: &Run, (source, text): (SourceId, &Source), line: u32) -> Answer {
    let outcome = &run.outcome;
    let start = text.lines().line_start(text.text(), line).unwrap_or(0);
    let end = start + text.lines().line_text(text.text(), line).len() as u32;
    let is_template = text.text().contains("{{") && text.name.contains("templates/");
    let target = if is_template { None } else { value_at(source, text, start, end) };
    let origins = &outcome.bundle.origins;
    let wanted = |span: Span| {
        span.source == source
            && match target {
                // What was read of a table as a whole is not read of each of its values.
                Some(value) => span.start >= value.start && span.end <= value.end,
                None => {
                    let begin = span.start + lead(text, span);
                    begin >= start && begin <= end
                }
            }
    };
    let reach = Reach::new(origins, wanted);
    let mut became = Vec::new();
    for resource in &outcome.bundle.resources {
        let range = resource.node_id().0..resource.end_id().0;
        let nodes = || range.clone().filter_map(|id| resource.doc().node(yaml::NodeId(id)));
        let keys: HashSet<_> = nodes().flat_map(|n| n.written_entries()).map(|(key, _)| key.id()).collect();
        for node in nodes() {
            let hold = reach.of(origins, resource.origin(node));
            // A collection is told only where it alone is meant; its fields speak for it.
            if !hold.any() || node.kind() != Kind::Scalar || keys.contains(&node.id()) {
                continue;
            }
            became.push(Became {
                object: resource.id.to_string(),
                path: path_of(resource.root(), node),
                by: if hold.data { "data" } else { "condition" },
            });
        }
    }
    became.sort_by_key(|field| field.by != "data");
    let shower = Shower::new(run);
    let mut answer = Answer {
        version: 1,
        file: text.name.to_string(),
        line,
        value: target.map(|at| shower.layer(&Fed { at, lost: Vec::new() })),
        became,
        lost_to: Vec::new(),
        left_out_by: Vec::new(),
        asked_by: Vec::new(),
    };
    for chain in origins.chains() {
        match *chain {
            Chain::Patched { by, was } => {
                let below = Story::of(origins, &outcome.sources, was).values;
                let is_meant = |fed: &Fed| wanted(fed.at) || fed.lost.iter().any(|at| wanted(*at));
                if below.iter().any(is_meant) && !wanted(by) {
                    answer.lost_to.push(shower.layer(&Fed { at: by, lost: Vec::new() }));
                }
            }
            Chain::Branched { at, cond, .. } if answer.became.is_empty() => {
                let is_around = at.source == source && at.start <= end && block_end(text, at.start) >= start;
                if is_template && is_around {
                    let values = Story::values_of(origins, cond);
                    answer.add_left_out(shower.decision(&Condition { at: Some(at), values }));
                } else if target.is_some() && Story::values_of(origins, cond).iter().any(|fed| wanted(fed.at))
                {
                    let spot = shower.action(at);
                    if !answer.asked_by.iter().any(|known| known.line == spot.line && known.file == spot.file)
                    {
                        answer.asked_by.push(spot);
                    }
                }
            }
            _ => {}
        }
    }
    answer.lost_to.dedup_by(|a, b| a.spot.file == b.spot.file && a.spot.line == b.spot.line);
    answer
}

/// Where the block that an action opens is closed.
fn block_end(text: &Source, start: u32) -> u32 {
    let all: &str = text.text();
    let (mut depth, mut at) = (0, start as usize);
    while let Some(open) = all.get(at..).and_then(|rest| rest.find("{{")).map(|n| at + n) {
        let inner = all[open + 2..].trim_start_matches('-').trim_start();
        let word = &inner[..inner.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(inner.len())];
        at = all[open..].find("}}").map_or(all.len(), |n| open + n + 2);
        match word {
            "if" | "with" | "range" | "define" | "block" => depth += 1,
            "end" => depth -= 1,
            _ => {}
        }
        if depth <= 0 {
            return at as u32;
        }
    }
    all.len() as u32
}

/// How much space a range begins with.
fn lead(text: &Source, span: Span) -> u32 {
    let inner = text.text().get(span.start as usize..span.end as usize).unwrap_or("");
    (inner.len() - inner.trim_start().len()) as u32
}

/// The value that stands on a line of values: beside its key, or below it.
fn value_at(id: SourceId, text: &Source, start: u32, end: u32) -> Option<Span> {
    let mut found = source::Diagnostics::new();
    for doc in yaml::read(id, text.text(), &Options::new(Profile::HelmValues), &mut found) {
        let root = doc.root()?;
        let mut open = vec![root];
        while let Some(node) = open.pop() {
            let inside = |node: yaml::Node<'_>| node.span().is_some_and(|(at, _)| at >= start && at < end);
            for (key, value) in node.written_entries() {
                if inside(key) {
                    return value.span().map(|(from, to)| Span::new(id, from, to));
                }
                open.push(value);
            }
            for item in node.items() {
                if inside(item) && item.kind() == Kind::Scalar {
                    return item.span().map(|(from, to)| Span::new(id, from, to));
                }
                open.push(item);
            }
        }
    }
    None
}

impl Answer {
    /// Adds a branch, unless another one of its line is there.
    fn add_left_out(&mut self, decision: Decision) {
        let place = |decision: &Decision| decision.at.as_ref().map(|at| (at.file.clone(), at.line));
        if self.left_out_by.len() < SHOWN
            && !self.left_out_by.iter().any(|known| place(known) == place(&decision))
        {
            self.left_out_by.push(decision);
        }
    }

    /// Writes it.
    pub(super) fn show(&self, json: bool) -> Result<(), Failure> {
        if json {
            let mut text = serde_json::to_string(self).unwrap_or_default();
            text.push('\n');
            return output::result(&text);
        }
        output::result(&self.to_text())
    }

    fn to_text(&self) -> String {
        let mut rows = Rows::default();
        let mut head = format!("{}:{}", self.file, self.line);
        if let Some(value) = &self.value {
            head = format!("{head}  {}", value.path);
            if !value.spot.text.is_empty() {
                head = format!("{head}: {}", value.spot.text);
            }
        }
        for (n, field) in self.became.iter().take(SHOWN).enumerate() {
            let word = match (n > 0 && self.became[n - 1].by == field.by, field.by) {
                (true, _) => "",
                (_, "data") => "became",
                _ => "decides on",
            };
            rows.add(word, &format!("{} {}", field.object, field.path), "", "");
        }
        if self.became.len() > SHOWN {
            rows.add("", &format!("and {} more", self.became.len() - SHOWN), "", "");
        }
        self.lost_to.iter().take(SHOWN).for_each(|layer| rows.layer("lost to", layer, ""));
        self.left_out_by.iter().for_each(|decision| rows.decision("left out by", decision));
        self.asked_by.iter().take(SHOWN).for_each(|spot| rows.spot("asked by", spot, ""));
        if self.became.is_empty()
            && self.lost_to.is_empty()
            && self.left_out_by.is_empty()
            && self.asked_by.is_empty()
        {
            rows.add("became", "nothing", "", "");
        }
        format!("{head}\n{}", rows.print())
    }
}
