//! Template files to trees, some of them by a second thread before it is known which are wanted.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use gotmpl::parse::Unnamed;
use gotmpl::{Error, Library, Templates};
use rustc_hash::FxHashMap;

use super::files::BufferedFile;
use super::scope::Template;

/// Bytes of templates from which on a second thread is worth its start: parsing them takes about half a millisecond.
const WORTH_A_THREAD: usize = 200 << 10;

/// Parses the files and takes them in, in their order.
///
/// # Errors
/// The first file in that order that cannot be parsed, and why.
pub(crate) fn parse<'t, 'c>(
    files: &'t [Template<'c>],
    profile: gotmpl::Profile,
    early: &Early,
) -> Result<Templates, (&'t Template<'c>, Error)> {
    let library = Library::of(profile);
    // The other thread comes from the front, so that the two meet in the middle.
    let taken: Vec<_> = files.iter().rev().map(|file| early.take(&file.file.data, library)).collect();
    early.close();
    let mut templates = Templates::new(profile);
    for (file, slot) in files.iter().zip(taken.into_iter().rev()) {
        let source = Some(file.file.source);
        match slot.and_then(|slot| slot.wait()?.named(file.name.clone())) {
            Some(ast) => templates.add_parsed(Arc::new(ast), source),
            // Files of archives and of charts that are there twice come here, and those that cannot be parsed: only with
            // its name the error is told.
            None => {
                templates.add(file.name.clone(), &*file.file.data, source).map_err(|error| (file, error))?;
            }
        }
    }
    Ok(templates)
}

/// Templates that are parsed while the values of the charts are still read and laid over each other.
///
/// It is a guess: which charts are on, and what their templates are called, comes out of the values.
#[derive(Default)]
pub(crate) struct Early {
    slots: Vec<Slot>,
    /// The slots by the address of their text, which stays in memory as long as they do.
    known: FxHashMap<usize, usize>,
    is_closed: AtomicBool,
}

struct Slot {
    text: Arc<[u8]>,
    is_taken: AtomicBool,
    done: OnceLock<Mutex<Option<Unnamed>>>,
}

impl Early {
    /// All templates among the files of a chart, if there is enough to parse.
    pub(crate) fn new(files: &[BufferedFile]) -> Early {
        let templates = || files.iter().filter(|file| is_template(&file.name));
        if templates().map(|file| file.data.bytes().len()).sum::<usize>() < WORTH_A_THREAD {
            return Early::default();
        }
        let slots: Vec<Slot> = templates().map(|file| Slot::new(file.data.shared())).collect();
        let known = slots.iter().enumerate().map(|(at, slot)| (address(&slot.text), at)).collect();
        Early { slots, known, is_closed: AtomicBool::new(false) }
    }

    /// Whether there is anything to do.
    pub(crate) fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// What the second thread does, until all is done or nothing more is wanted.
    pub(crate) fn work(&self, profile: gotmpl::Profile) {
        let library = Library::of(profile);
        for slot in &self.slots {
            if self.is_closed.load(Ordering::Relaxed) {
                return;
            }
            slot.parse(library);
        }
    }

    /// Says that nothing more is wanted.
    pub(crate) fn close(&self) {
        self.is_closed.store(true, Ordering::Relaxed);
    }

    /// The slot of that text, which is parsed, or just being parsed by the other thread.
    fn take(&self, text: &Arc<[u8]>, library: &Library) -> Option<&Slot> {
        let slot = self.slots.get(*self.known.get(&address(text))?)?;
        slot.parse(library);
        Some(slot)
    }
}

impl Slot {
    fn new(text: Arc<[u8]>) -> Slot {
        Slot { text, is_taken: AtomicBool::new(false), done: OnceLock::new() }
    }

    /// Parses the text, unless somebody does or did.
    fn parse(&self, library: &Library) {
        if !self.is_taken.swap(true, Ordering::Relaxed) {
            let _ = self.done.set(Mutex::new(Unnamed::parse(self.text.clone(), library)));
        }
    }

    /// The file; only the first who asks gets it.
    fn wait(&self) -> Option<Unnamed> {
        self.done.wait().lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

fn address(text: &Arc<[u8]>) -> usize {
    Arc::as_ptr(text).addr()
}

/// Whether a path below a chart's root is that of a template of the chart, or of one below it.
fn is_template(path: &str) -> bool {
    let mut path = path;
    while let Some((_, inner)) = path.strip_prefix("charts/").and_then(|inner| inner.split_once('/')) {
        path = inner;
    }
    path.starts_with("templates/")
}

#[cfg(test)]
mod tests {
    use super::super::files::Content;
    use super::*;

    #[test]
    fn each_text_is_parsed_once_by_whoever_comes_first() {
        let file = |i: usize| {
            let text = if i == 50 {
                "{{ nope".to_owned()
            } else {
                format!("{{{{ define \"{i}\" }}}}{}{{{{ end }}}}", "a".repeat(4 << 10))
            };
            BufferedFile {
                name: format!("charts/a/templates/{i}").into(),
                data: Content::of(text.as_bytes()),
            }
        };
        let files: Vec<_> = (0..100).map(file).collect();
        let early = Early::new(&files);
        let library = Library::of(gotmpl::Profile::Helm4);
        std::thread::scope(|scope| {
            scope.spawn(|| early.work(gotmpl::Profile::Helm4));
            for (i, file) in files.iter().enumerate().rev() {
                let slot = early.take(&file.data.shared(), library).expect("slot");
                let ast = slot.wait().and_then(|file| file.named("t"));
                let defined = ast.map(|ast| ast.define(i.to_string().as_bytes()).is_some());
                assert_eq!(defined, (i != 50).then_some(true));
            }
        });
        assert!(early.take(&Arc::from(&b"other"[..]), library).is_none());
    }

    #[test]
    fn templates_of_charts_within_charts_are_templates() {
        assert!(is_template("templates/a.yaml"));
        assert!(is_template("charts/b/templates/c/a.yaml"));
        assert!(is_template("charts/b/charts/c/templates/a.yaml"));
        assert!(!is_template("charts/templates"));
        assert!(!is_template("files/templates/a.yaml"));
        assert!(!is_template("charts/b.tgz"));
    }
}
