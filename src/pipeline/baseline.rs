//! Findings that are known: a file of fingerprints, or what an older commit has.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use serde::{Deserialize, Serialize};
use source::{Class, Diagnostic, Source, SourceKind, Sources, Span, code};

use super::Fingerprint;

code! {
    /// The baseline holds a finding that is no more.
    ///
    /// It has been mended, or its object has another name. Remove it with `--update-baseline`, so that it does not hide
    /// the next one.
    pub static BASELINE_STALE = "baseline-stale", Note;
}

/// Findings that are known and not told, each so many times.
#[derive(Clone, Default, Debug)]
pub struct Known {
    entries: BTreeMap<String, Entry>,
    /// The file, for what is said of it.
    file: Option<(String, String)>,
}

#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
struct Entry {
    fingerprint: String,
    code: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    object: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    path: String,
    /// For people; it may move.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    file: String,
    count: usize,
}

#[derive(Deserialize)]
struct Document {
    version: u32,
    findings: Vec<Entry>,
}

impl Known {
    /// Reads a baseline's text; `name` is the file's, for messages.
    pub fn parse(name: &Path, text: &str) -> Result<Known, String> {
        let shown = name.display();
        let document: Document =
            serde_json::from_str(text).map_err(|error| format!("{shown}: this is no baseline: {error}"))?;
        if document.version != 1 {
            return Err(format!("{shown}: version {} of baselines is not known", document.version));
        }
        let mut known = Known { file: Some((shown.to_string(), text.to_owned())), ..Known::default() };
        for entry in document.findings {
            known
                .entries
                .entry(entry.fingerprint.clone())
                .or_insert(Entry { count: 0, ..entry.clone() })
                .count += entry.count;
        }
        Ok(known)
    }

    /// The findings of a run as known.
    pub fn of(diagnostics: &[Diagnostic], prints: &[Fingerprint], sources: &Sources) -> Known {
        let mut known = Known::default();
        for (diagnostic, print) in diagnostics.iter().zip(prints).filter(|(d, _)| may_be_known(d)) {
            let place = diagnostic.primary.at.span().and_then(|span| sources.get(span.source));
            let entry = known.entries.entry(print.digits.clone()).or_insert_with(|| Entry {
                fingerprint: print.digits.clone(),
                code: diagnostic.code.id.to_owned(),
                object: print.object.clone(),
                path: print.path.clone(),
                file: place.map_or_else(String::new, |source| source.name.to_string()),
                count: 0,
            });
            entry.count += 1;
        }
        known
    }

    /// The file's text: one line a finding, sorted by what a person looks for.
    pub fn to_text(&self) -> String {
        let mut entries: Vec<&Entry> = self.entries.values().collect();
        entries.sort_by_key(|e| (&e.object, &e.code, &e.path, &e.fingerprint));
        let lines: Vec<String> =
            entries.iter().filter_map(|entry| serde_json::to_string(entry).ok()).collect();
        match lines.is_empty() {
            true => "{\"version\": 1, \"findings\": []}\n".to_owned(),
            false => format!("{{\"version\": 1, \"findings\": [\n{}\n]}}\n", lines.join(",\n")),
        }
    }

    /// Only what is still found.
    pub fn without_stale(&self, now: &Known) -> Known {
        let mut kept = self.clone();
        kept.entries.retain(|print, entry| match now.entries.get(print) {
            Some(there) => {
                entry.count = entry.count.min(there.count);
                true
            }
            None => false,
        });
        kept
    }

    /// Takes the known ones out of findings and their fingerprints, and returns how many there were. With `tells_stale`
    /// entries of the file that met no finding are told.
    pub fn take_out(
        &self,
        diagnostics: &mut Vec<Diagnostic>,
        prints: &mut Vec<Fingerprint>,
        sources: &mut Sources,
        tells_stale: bool,
    ) -> usize {
        let mut left: HashMap<&str, usize> =
            self.entries.iter().map(|(print, entry)| (print.as_str(), entry.count)).collect();
        let before = diagnostics.len();
        let keep: Vec<bool> = diagnostics
            .iter()
            .zip(&*prints)
            .map(|(diagnostic, print)| match left.get_mut(print.digits.as_str()) {
                Some(count) if *count > 0 && may_be_known(diagnostic) => {
                    *count -= 1;
                    false
                }
                _ => true,
            })
            .collect();
        let (mut of_diagnostics, mut of_prints) = (keep.iter(), keep.iter());
        diagnostics.retain(|_| of_diagnostics.next().copied().unwrap_or(true));
        prints.retain(|_| of_prints.next().copied().unwrap_or(true));
        let known = before - diagnostics.len();
        if let Some((name, text)) = self.file.as_ref().filter(|_| tells_stale) {
            let stale = self
                .entries
                .values()
                .filter(|entry| left.get(entry.fingerprint.as_str()) == Some(&entry.count));
            let mut source = None;
            for entry in stale {
                let id = *source.get_or_insert_with(|| {
                    sources.add(Source::new(name.as_str(), SourceKind::File, text.as_str()))
                });
                let at = text.find(&entry.fingerprint).unwrap_or(0) as u32;
                let about = if entry.object.is_empty() { &entry.file } else { &entry.object };
                let message = format!("`{}` on {about} is found no more", entry.code);
                let end = at + entry.fingerprint.len() as u32;
                let diagnostic = Diagnostic::new(&BASELINE_STALE, Span::new(id, at, end), message)
                    .class(Class::Policy)
                    .help("`--update-baseline` removes it");
                prints.push(Fingerprint {
                    digits: entry.fingerprint.clone(),
                    object: entry.object.clone(),
                    path: entry.path.clone(),
                });
                diagnostics.push(diagnostic);
            }
        }
        known
    }
}

/// What cannot be read or rendered is never known: nothing else can be judged behind it.
fn may_be_known(diagnostic: &Diagnostic) -> bool {
    matches!(diagnostic.class, Class::Policy | Class::Server { .. })
}
