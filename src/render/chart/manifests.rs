//! Rendered files as manifests and hooks, in the order in which Helm installs them.

use std::ops::Range;
use std::sync::Arc;

use source::{Diagnostic, Diagnostics, OriginId, Place, Source, SourceId, SourceKind, Sources, Span};
use yaml::{Doc, Node};

use super::aside::{Aside, Job, Slot};
use super::codes::HOOK_UNKNOWN;
use super::head::{self, Head, HeadError};
use super::log::{self, Level};
use super::pieces::Piece;
use super::profile::Profile;
use super::scope::Template;
use super::split::documents;
use crate::kube::INSTALL_ORDER;

/// One document of a rendered file.
pub struct Manifest {
    /// The template's name, such as `chart/templates/a.yaml`.
    pub path: Arc<str>,
    /// The text, as the version of Helm cut it out of the file.
    pub text: Piece,
    /// Where the text begins in the rendered file.
    pub start: u32,
    /// Where its bytes came from, if that was followed: the end of each run in the text, and its origin.
    pub segments: Vec<(u32, OriginId)>,
    /// `kind`; empty for a document of comments.
    pub kind: String,
    /// `apiVersion`.
    pub version: String,
    /// The events that run it, if it is a hook.
    pub hook: Option<Vec<HookEvent>>,
    /// The document; `None` for one of comments, and where only text was wanted.
    pub doc: Option<Arc<Doc>>,
}

/// When a hook runs.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[allow(missing_docs)]
pub enum HookEvent {
    PreInstall,
    PostInstall,
    PreDelete,
    PostDelete,
    PreUpgrade,
    PostUpgrade,
    PreRollback,
    PostRollback,
    Test,
}

const EVENTS: &[(&str, HookEvent)] = &[
    ("pre-install", HookEvent::PreInstall),
    ("post-install", HookEvent::PostInstall),
    ("pre-delete", HookEvent::PreDelete),
    ("post-delete", HookEvent::PostDelete),
    ("pre-upgrade", HookEvent::PreUpgrade),
    ("post-upgrade", HookEvent::PostUpgrade),
    ("pre-rollback", HookEvent::PreRollback),
    ("post-rollback", HookEvent::PostRollback),
    ("test", HookEvent::Test),
    // Helm 2's word.
    ("test-success", HookEvent::Test),
];

/// A file that a template rendered.
pub(crate) struct Rendered {
    /// The template's name.
    pub path: Arc<str>,
    /// The template's text.
    pub source: SourceId,
    /// The text.
    pub text: Arc<String>,
    /// What is in it, where that may have been looked at already.
    pub parts: Option<Arc<Parts>>,
    /// The end of each run of one origin, and that origin.
    pub segments: Vec<(u32, OriginId)>,
}

impl Rendered {
    /// What a template came to, of which nothing is known yet.
    pub(crate) fn of(file: &Template<'_>, text: Arc<String>) -> Rendered {
        let (path, source) = (file.name.clone(), file.file.source);
        Rendered { path, source, text, parts: None, segments: Vec::new() }
    }
}

/// Manifests and hooks, each sorted.
#[derive(Default)]
pub(crate) struct Sorted {
    /// What is installed.
    pub manifests: Vec<Manifest>,
    /// What runs around it.
    pub hooks: Vec<Manifest>,
}

/// The document that stopped the sorting.
pub(crate) struct Unreadable {
    /// The template's name.
    pub path: Arc<str>,
    /// The document's text.
    pub source: SourceId,
    /// What is wrong.
    pub error: HeadError,
    /// Where its bytes came from, if that was followed.
    pub segments: Vec<(u32, OriginId)>,
}

/// The documents of a rendered file, and what a look at them shows; either thread finds out.
pub(crate) struct Parts {
    text: Arc<String>,
    profile: Profile,
    all: Slot<Vec<(Range<usize>, Option<Head>)>>,
}

impl Parts {
    /// Of that text.
    pub(crate) fn of(text: Arc<String>, profile: Profile) -> Arc<Parts> {
        Arc::new(Parts { text, profile, all: Slot::new() })
    }

    fn find(&self) -> Vec<(Range<usize>, Option<Head>)> {
        let part = |range: Range<usize>| (range.clone(), self.text.get(range).and_then(head::look));
        documents(&self.text, self.profile).into_iter().map(part).collect()
    }
}

impl Job for Parts {
    fn run(&self) {
        self.all.fill(|| self.find());
    }
}

/// Files whose parts the second thread finds: waking it costs as much as a look at some manifests.
#[derive(Default)]
pub(crate) struct Batch {
    files: Vec<Arc<Parts>>,
    bytes: usize,
}

/// Bytes of rendered text that are worth handing over.
const WORTH_A_BATCH: usize = 32 << 10;

impl Batch {
    /// Adds a file; what there is by now is given away when it is enough. What never is, is found where it is needed.
    pub(crate) fn add(&mut self, parts: &Arc<Parts>, aside: &Aside) {
        self.bytes += parts.text.len();
        self.files.push(parts.clone());
        if self.bytes >= WORTH_A_BATCH {
            aside.give(Arc::new(std::mem::take(self)));
        }
    }
}

impl Job for Batch {
    fn run(&self) {
        self.files.iter().for_each(|parts| parts.run());
    }
}

/// Cuts files into documents, reads their heads and sorts them by kind; files in the order of their paths. Those whose
/// parts are known come without their documents.
pub(crate) fn sort(
    mut files: Vec<Rendered>,
    profile: Profile,
    sources: &mut Sources,
    out: &mut Diagnostics,
) -> Result<Sorted, Box<Unreadable>> {
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let mut sorted = Sorted::default();
    for file in &files {
        let base = file.path.rsplit('/').next().unwrap_or(&file.path);
        if base.starts_with('_') || file.text.trim().is_empty() {
            continue;
        }
        match &file.parts {
            Some(parts) => {
                for (range, head) in parts.all.get(|| parts.find()) {
                    let text = Piece::Part(file.text.clone(), range.clone());
                    let head = match head {
                        Some(head) => head.clone(),
                        None => read(file, range, &text, profile, sources)?.0,
                    };
                    sorted.add(file, range, text, head, profile, out);
                }
            }
            None => {
                for range in documents(&file.text, profile) {
                    let text = file.text.get(range.clone()).unwrap_or_default();
                    let (head, text) = read(file, &range, text, profile, sources)?;
                    sorted.add(file, &range, Piece::Own(text), head, profile, out);
                }
            }
        }
    }
    sort_by_kind(&mut sorted.manifests, profile);
    sort_by_kind(&mut sorted.hooks, profile);
    Ok(sorted)
}

/// Reads a document, which becomes a text of its own.
fn read(
    file: &Rendered,
    range: &Range<usize>,
    text: &str,
    profile: Profile,
    sources: &mut Sources,
) -> Result<(Head, Arc<str>), Box<Unreadable>> {
    let source = Source::new(&*file.path, SourceKind::Rendered, text);
    let text = source.text().clone();
    let source = sources.add(source);
    match head::read(source, &text, profile) {
        Ok(head) => Ok((head, text)),
        Err(error) => {
            let segments = part(&file.segments, range.start as u32, range.end as u32);
            Err(Box::new(Unreadable { path: file.path.clone(), source, error, segments }))
        }
    }
}

impl Sorted {
    fn add(
        &mut self,
        file: &Rendered,
        range: &Range<usize>,
        text: Piece,
        head: Head,
        profile: Profile,
        out: &mut Diagnostics,
    ) {
        let start = range.start as u32;
        let segments = part(&file.segments, start, range.end as u32);
        let hook = match &head.hook {
            None => None,
            Some(words) => match events(words) {
                Some(events) => Some(events),
                None => {
                    let at = hook_place(&head, &segments, file.source);
                    out.push(unknown_hook(words, at, profile));
                    return;
                }
            },
        };
        let into = if hook.is_some() { &mut self.hooks } else { &mut self.manifests };
        into.push(Manifest {
            path: file.path.clone(),
            text,
            start,
            segments,
            kind: head.kind,
            version: head.version,
            hook,
            doc: head.doc,
        });
    }
}

/// The runs of a part of a text, counted from its start; empty ones at its ends are part of it.
fn part(segments: &[(u32, OriginId)], start: u32, end: u32) -> Vec<(u32, OriginId)> {
    let first = segments.partition_point(|(to, _)| *to < start);
    let mut all = Vec::new();
    let mut from = first.checked_sub(1).map_or(0, |before| segments[before].0);
    for (to, origin) in segments.get(first..).unwrap_or_default() {
        if from > end {
            break;
        }
        let is_gap = from == *to;
        from = *to;
        if is_gap || *to > start {
            all.push((to.min(&end) - start, *origin));
        }
    }
    all
}

fn sort_by_kind(manifests: &mut [Manifest], profile: Profile) {
    let known = if profile.is_helm3() { &INSTALL_ORDER[..INSTALL_ORDER.len() - 2] } else { INSTALL_ORDER };
    let rank = |kind: &str| known.iter().position(|k| *k == kind).unwrap_or(known.len());
    manifests.sort_by_cached_key(|m| {
        let rank = rank(&m.kind);
        (rank, if rank == known.len() { m.kind.clone() } else { String::new() })
    });
}

fn events(words: &str) -> Option<Vec<HookEvent>> {
    words
        .split(',')
        .map(|word| {
            let word = word.trim().to_lowercase();
            EVENTS.iter().find(|(name, _)| *name == word).map(|(_, event)| *event)
        })
        .collect()
}

/// Where the annotation was written: in the template, if that was followed.
fn hook_place(head: &Head, segments: &[(u32, OriginId)], template: SourceId) -> Place {
    let root = head.doc.as_ref().and_then(|doc| doc.root());
    let annotations = root.and_then(|root| root.at("metadata.annotations"));
    let span = annotations.and_then(|all| all.get("helm.sh/hook")).and_then(Node::span);
    let (start, end) = span.unwrap_or((0, 0));
    match origin_at(segments, start) {
        Some(origin) => Place::Origin(origin),
        None => {
            head.doc.as_ref().map_or(Span::top(template), |doc| Span::new(doc.source(), start, end)).into()
        }
    }
}

/// Where the byte of a text came from, if that was followed.
pub(crate) fn origin_at(segments: &[(u32, OriginId)], byte: u32) -> Option<OriginId> {
    let at = segments.partition_point(|(end, _)| *end <= byte);
    segments.get(at).or(segments.last()).map(|(_, origin)| *origin)
}

fn unknown_hook(words: &str, at: Place, profile: Profile) -> Diagnostic {
    let quoted = gotmpl::strconv::quote(words.as_bytes());
    let upstream = match profile {
        Profile::Helm3 => format!("manifest_sorter.go:199: info: skipping unknown hook: {quoted}"),
        Profile::Helm4 => log::line(Level::Info, "skipping unknown hooks", &[("hookTypes", words)]),
    };
    let message = format!("helm.sh/hook {quoted} names no event, so Helm drops this manifest");
    let names = EVENTS.iter().map(|(name, _)| *name);
    let wrong = words.split(',').map(str::trim).find(|w| !EVENTS.iter().any(|(n, _)| *n == w.to_lowercase()));
    let diagnostic = Diagnostic::new(&HOOK_UNKNOWN, at, message).upstream(upstream);
    match wrong.and_then(|word| source::closest(word, names)) {
        Some(name) => diagnostic.help(format!("did you mean `{name}`?")),
        None => diagnostic,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(profile: Profile, files: &[(&str, &str)]) -> (Vec<String>, Vec<String>) {
        let files = files
            .iter()
            .map(|(path, text)| Rendered {
                path: (*path).into(),
                source: SourceId(0),
                text: Arc::new((*text).to_owned()),
                parts: None,
                segments: Vec::new(),
            })
            .collect();
        let sorted = sort(files, profile, &mut Sources::new(), &mut Diagnostics::new()).ok().expect("sorted");
        let names = |all: Vec<Manifest>| all.into_iter().map(|m| format!("{} {}", m.path, m.kind)).collect();
        (names(sorted.manifests), names(sorted.hooks))
    }

    #[test]
    fn known_kinds_come_first_and_equal_ones_keep_their_order() {
        let files = [
            ("b", "kind: Zebra\n---\nkind: Service\n---\n# nothing\n"),
            ("a", "kind: Service\n---\nkind: Namespace\n"),
            ("_c", "kind: Pod\n"),
        ];
        let (manifests, hooks) = order(Profile::Helm4, &files);
        assert_eq!(manifests, ["a Namespace", "a Service", "b Service", "b ", "b Zebra"]);
        assert!(hooks.is_empty());
    }

    #[test]
    fn version_3_does_not_know_webhooks() {
        let files = [("a", "kind: Alpha\n---\nkind: MutatingWebhookConfiguration\n")];
        assert_eq!(order(Profile::Helm4, &files).0, ["a MutatingWebhookConfiguration", "a Alpha"]);
        assert_eq!(order(Profile::Helm3, &files).0, ["a Alpha", "a MutatingWebhookConfiguration"]);
    }

    #[test]
    fn a_misspelt_hook_vanishes_with_a_warning() {
        let text = "kind: Job\nmetadata:\n  annotations:\n    helm.sh/hook: pre-instal\n";
        let mut out = Diagnostics::new();
        let file = Rendered {
            path: "a".into(),
            source: SourceId(0),
            text: Arc::new(text.to_owned()),
            parts: None,
            segments: Vec::new(),
        };
        let sorted = sort(vec![file], Profile::Helm4, &mut Sources::new(), &mut out).ok().expect("sorted");
        assert!(sorted.manifests.is_empty() && sorted.hooks.is_empty());
        let warning = out.iter().next().expect("warning");
        assert_eq!(warning.help.as_deref(), Some("did you mean `pre-install`?"));
    }
}
