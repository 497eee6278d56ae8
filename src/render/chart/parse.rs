//! Template files to trees, many of them by a second thread before it is known which are wanted.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

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
        let tree = early.trees.get(&address(&file.file.data));
        match tree.and_then(|tree| tree.named(&file.name)) {
            Some(ast) => templates.add_parsed(ast, source),
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
pub(crate) fn begin(files: &[Template<'_>], profile: gotmpl::Profile, trees: &Trees) -> Option<Templates> {
    let library = Library::of(profile);
    let mut templates = Templates::new(profile);
    let mut plain = Vec::new();
    for file in files {
        let text = &file.file.data;
        let tree = trees.get(&address(text)).cloned();
        if tree.as_ref().map_or_else(|| may_define(text), |tree| tree.may_define()) {
            let ast = named(tree.as_deref(), &file.name, text, library)?;
            templates.add_parsed(ast, Some(file.file.source));
        } else {
            plain.push((file, tree));
        }
    }
    for (file, tree) in plain {
        // Which of the two counts depends on their order.
        if templates.contains(&file.name) {
            return None;
        }
        let (name, text) = (file.name.clone(), file.file.data.clone());
        let parse = move || named(tree.as_deref(), &name, &text, library);
        templates.add_pending(&file.name, Some(file.file.source), parse);
    }
    Some(templates)
}

/// A file as it was or is parsed; `None` if that cannot be done.
fn named(tree: Option<&Tree>, name: &Arc<str>, text: &Arc<[u8]>, library: &Library) -> Option<Arc<Ast>> {
    // Files of archives come without, and of charts that are there twice one has another name.
    let shared = tree.and_then(|tree| tree.named(name));
    shared.or_else(|| gotmpl::parse::parse(name.clone(), text.clone(), library).ok().map(Arc::new))
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
    trees: Trees,
}

/// What is parsed early, by the address of its text, which stays in memory as long as it does.
pub(crate) type Trees = FxHashMap<usize, Arc<Tree>>;

/// A text, and what it is parsed to.
pub(crate) struct Tree {
    text: Arc<[u8]>,
    library: &'static Library,
    slot: Slot<Option<Parsed>>,
    ast: OnceLock<Option<Arc<Ast>>>,
}

/// Functions that take milliseconds.
const SLOW: &[&str] = &[
    "genPrivateKey",
    "genCA",
    "genCAWithKey",
    "genSelfSignedCert",
    "genSelfSignedCertWithKey",
    "genSignedCert",
    "genSignedCertWithKey",
    "htpasswd",
    "bcrypt",
    "derivePassword",
];

struct Parsed {
    defines: bool,
    is_slow: bool,
    /// Until it has a name.
    file: Mutex<Option<Unnamed>>,
}

impl Early {
    /// None yet.
    pub(crate) fn new(profile: gotmpl::Profile) -> Early {
        Early {
            library: Library::of(profile),
            aside: Aside::default(),
            waiting: Vec::new(),
            bytes: 0,
            trees: Trees::default(),
        }
    }

    /// Takes in a file of the chart, in whatever order they come.
    pub(crate) fn see(&mut self, file: &BufferedFile) {
        if !is_template(&file.name) {
            return;
        }
        self.bytes += file.data.bytes().len();
        let (text, library) = (file.data.shared(), self.library);
        self.waiting.push(Arc::new(Tree { text, library, slot: Slot::new(), ast: OnceLock::new() }));
        if !self.aside.is_there() && self.bytes >= WORTH_A_THREAD {
            self.aside.start();
        }
        if self.aside.is_there() {
            for tree in self.waiting.drain(..) {
                self.trees.insert(address(&tree.text), tree.clone());
                self.aside.give(tree);
            }
        }
    }

    /// The thread that parses, and has nothing more to do soon.
    pub(crate) fn aside(&self) -> &Aside {
        &self.aside
    }

    /// What is parsed so far, and what will be.
    pub(crate) fn trees(&self) -> &Trees {
        &self.trees
    }
}

impl Tree {
    fn parse(&self) -> Option<Parsed> {
        let file = Unnamed::parse(self.text.clone(), self.library)?;
        let (defines, is_slow) = (file.defines(), file.calls(SLOW));
        Some(Parsed { defines, is_slow, file: Mutex::new(Some(file)) })
    }

    /// Whether it asks for keys or hashes that take longer than all else, and are not to be made twice.
    pub(crate) fn is_slow(&self) -> bool {
        self.slot.get(|| self.parse()).as_ref().is_some_and(|parsed| parsed.is_slow)
    }

    /// Whether it may define more than itself; it is not parsed to find out.
    fn may_define(&self) -> bool {
        match self.slot.result() {
            Some(Some(parsed)) => parsed.defines,
            _ => may_define(&self.text),
        }
    }

    /// The file by that name; only the first name that is asked for is given.
    fn named(&self, name: &Arc<str>) -> Option<Arc<Ast>> {
        let first = || {
            let parsed = self.slot.get(|| self.parse()).as_ref()?;
            let file = parsed.file.lock().unwrap_or_else(PoisonError::into_inner).take()?;
            file.named(name.clone()).map(Arc::new)
        };
        self.ast.get_or_init(first).clone().filter(|ast| ast.name == *name)
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
            let tree = early.trees().get(&address(&file.data.shared())).expect("seen");
            for _ in 0..2 {
                let ast = tree.named(&"t".into());
                let defined = ast.map(|ast| ast.define(i.to_string().as_bytes()).is_some());
                assert_eq!(defined, (i != 50).then_some(true));
            }
            assert!(tree.named(&"other".into()).is_none());
        }
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
