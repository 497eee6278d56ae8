//! Template files to trees, many of them by a second thread before it is known which are wanted.

use std::sync::{Arc, Mutex, PoisonError};

use gotmpl::parse::{Ast, Unnamed, may_define};
use gotmpl::{Error, Library, Templates};
use rustc_hash::FxHashMap;

use super::aside::{Aside, Job, Slot};
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
    let mut templates = Templates::new(profile);
    for file in files {
        let source = Some(file.file.source);
        let tree = early.tree(&file.file.data);
        match tree.and_then(|tree| tree.take()?.named(file.name.clone())) {
            Some(ast) => templates.add_parsed(Arc::new(ast), source),
            // Of those that cannot be parsed the error is told only with the name.
            None => {
                templates.add(file.name.clone(), &*file.file.data, source).map_err(|error| (file, error))?;
            }
        }
    }
    Ok(templates)
}

/// Takes the files in and parses only those that may define more than themselves: the others when they are needed, which
/// may be never. `None` where only [`parse`] can tell what is there.
///
/// Go parses all before it renders any, so whatever comes of it counts only if [`check`] finds nothing.
pub(crate) fn begin(files: &[Template<'_>], profile: gotmpl::Profile, early: &Early) -> Option<Templates> {
    let library = Library::of(profile);
    let mut templates = Templates::new(profile);
    let (defining, plain): (Vec<_>, Vec<_>) = files.iter().partition(|file| may_define(&file.file.data));
    for file in defining {
        let tree = early.tree(&file.file.data);
        let ast = named(tree.as_deref(), &file.name, &file.file.data, library)?;
        templates.add_parsed(ast, Some(file.file.source));
    }
    for file in plain {
        // Which of the two counts depends on their order.
        if templates.contains(&file.name) {
            return None;
        }
        let (tree, name, text) = (early.tree(&file.file.data), file.name.clone(), file.file.data.clone());
        let parse = move || named(tree.as_deref(), &name, &text, library);
        templates.add_pending(&file.name, Some(file.file.source), parse);
    }
    Some(templates)
}

/// A file as it was or is parsed; `None` if that cannot be done.
fn named(tree: Option<&Tree>, name: &Arc<str>, text: &Arc<[u8]>, library: &Library) -> Option<Arc<Ast>> {
    let early = tree.and_then(|tree| tree.take()?.named(name.clone()));
    // Files of archives and of charts that are there twice come here, and those that cannot be parsed.
    let parsed = early.or_else(|| gotmpl::parse::parse(name.clone(), text.clone(), library).ok());
    parsed.map(Arc::new)
}

/// Parses what nobody needed.
///
/// # Errors
/// As [`parse`] has them.
pub(crate) fn check<'t, 'c>(
    files: &'t [Template<'c>],
    profile: gotmpl::Profile,
    templates: &Templates,
) -> Result<(), (&'t Template<'c>, Error)> {
    match files.iter().find(|file| !templates.contains(&file.name)) {
        None => Ok(()),
        Some(file) => {
            let again =
                Templates::new(profile).add(file.name.clone(), &*file.file.data, Some(file.file.source));
            again.map(|_| ()).map_err(|error| (file, error))
        }
    }
}

/// Templates that are parsed while the other files are read and the values of the charts laid over each other.
///
/// It is a guess: which charts are on, and what their templates are called, comes out of the values.
pub(crate) struct Early {
    library: &'static Library,
    aside: Aside,
    /// Those that wait until there are enough of them.
    waiting: Vec<Arc<Tree>>,
    bytes: usize,
    /// By the address of their text, which stays in memory as long as they do.
    known: FxHashMap<usize, Arc<Tree>>,
}

/// A text, and what it is parsed to.
struct Tree {
    text: Arc<[u8]>,
    library: &'static Library,
    slot: Slot<Mutex<Option<Unnamed>>>,
}

impl Early {
    /// None yet.
    pub(crate) fn new(profile: gotmpl::Profile) -> Early {
        Early {
            library: Library::of(profile),
            aside: Aside::default(),
            waiting: Vec::new(),
            bytes: 0,
            known: FxHashMap::default(),
        }
    }

    /// Takes in a file of the chart, in whatever order they come.
    pub(crate) fn see(&mut self, file: &BufferedFile) {
        if !is_template(&file.name) {
            return;
        }
        self.bytes += file.data.bytes().len();
        let (text, slot) = (file.data.shared(), Slot::new());
        self.waiting.push(Arc::new(Tree { text, library: self.library, slot }));
        if !self.aside.is_there() && self.bytes >= WORTH_A_THREAD {
            self.aside.start();
        }
        if self.aside.is_there() {
            for tree in self.waiting.drain(..) {
                self.known.insert(address(&tree.text), tree.clone());
                self.aside.give(tree);
            }
        }
    }

    /// The thread that parses, and has nothing more to do soon.
    pub(crate) fn aside(&self) -> &Aside {
        &self.aside
    }

    fn tree(&self, text: &Arc<[u8]>) -> Option<Arc<Tree>> {
        self.known.get(&address(text)).cloned()
    }
}

impl Tree {
    fn parse(&self) -> Mutex<Option<Unnamed>> {
        Mutex::new(Unnamed::parse(self.text.clone(), self.library))
    }

    /// The file; only the first who asks gets it.
    fn take(&self) -> Option<Unnamed> {
        self.slot.get(|| self.parse()).lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl Job for Tree {
    fn run(&self) {
        self.slot.fill(|| self.parse());
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
        let mut early = Early::new(gotmpl::Profile::Helm4);
        files.iter().for_each(|file| early.see(file));
        assert!(early.aside().is_there());
        for (i, file) in files.iter().enumerate().rev() {
            let tree = early.tree(&file.data.shared()).expect("seen");
            let ast = tree.take().and_then(|file| file.named("t"));
            let defined = ast.map(|ast| ast.define(i.to_string().as_bytes()).is_some());
            assert_eq!(defined, (i != 50).then_some(true));
            assert!(tree.take().is_none());
        }
        assert!(early.tree(&Arc::from(&b"other"[..])).is_none());
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
