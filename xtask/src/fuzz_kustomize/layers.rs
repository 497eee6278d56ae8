//! Grows a case: layers of kustomizations over each other, each with some of the fields.

mod generators;
mod marks;
mod patching;
mod settings;

pub use marks::LABEL_PATHS;

use super::objects::{Grower, Object};
use super::pool::{KEYS, NAMES};
use super::tree::{Case, Node, map, raw, raws};
use crate::fuzz::Random;

/// A case from a seed's randomness.
pub fn case(random: &mut Random) -> Case {
    let mut builder = Builder {
        random,
        case: Case::default(),
        taken: Vec::new(),
        vars: Vec::new(),
        count: 0,
        says_schema: false,
    };
    let args: &[&str] = match builder.random.below(100) {
        0..10 => &["--reorder=none"],
        10..12 => &["--reorder=legacy"],
        12..14 => &["--load-restrictor=LoadRestrictionsNone"],
        14..16 => &["--enable-managedby-label"],
        _ => &[],
    };
    builder.case.args = args.iter().map(|arg| (*arg).to_owned()).collect();
    builder.layer("top", 0, false, Vec::new());
    builder.case
}

/// Grows the files of a case.
pub struct Builder<'r> {
    pub random: &'r mut Random,
    pub case: Case,
    /// Kinds and names that are there: two of one name would be refused.
    taken: Vec<(String, String)>,
    vars: Vec<String>,
    count: usize,
    says_schema: bool,
}

impl Builder<'_> {
    pub fn grow(&mut self) -> Grower<'_> {
        Grower::new(self.random)
    }

    /// Puts a file into a directory; gives its name there.
    pub fn file(&mut self, dir: &str, prefix: &str, extension: &str, body: Node) -> String {
        self.count += 1;
        let name = format!("{prefix}{}.{extension}", self.count);
        self.case.files.push((format!("{dir}/{name}"), body));
        name
    }

    /// An object that is not there yet.
    fn object(&mut self) -> Object {
        for _ in 0..20 {
            let name = self.random.word(NAMES).to_owned();
            let object = self.grow().object(&name);
            let key = (object.kind.clone(), name);
            if !self.taken.contains(&key) || self.random.below(2000) == 0 {
                self.taken.push(key);
                return object;
            }
        }
        let name = self.fresh();
        self.grow().object(&name)
    }

    /// A file of objects; its name.
    fn objects(&mut self, dir: &str, all: &mut Vec<Object>) -> String {
        let objects: Vec<Object> = (0..1 + self.random.below(3)).map(|_| self.object()).collect();
        let mut trees: Vec<Node> = objects.iter().map(|object| object.tree.clone()).collect();
        if self.random.percent(3) {
            let kind = self.random.word(&["List", "ConfigMapList", "FooList"]);
            trees = vec![map([("apiVersion", raw("v1")), ("kind", raw(kind)), ("items", Node::List(trees))])];
        }
        all.extend(objects);
        self.file(dir, "r", "yaml", Node::Docs(trees))
    }

    /// Writes a directory with a kustomization; what comes out of it, as far as it can be told.
    fn layer(&mut self, dir: &str, depth: usize, is_component: bool, given: Vec<Object>) -> Vec<Object> {
        let mut all = given;
        let mut k = Node::Map(Vec::new());
        if is_component || self.random.percent(50) {
            let (version, kind) =
                if is_component { ("v1alpha1", "Component") } else { ("v1beta1", "Kustomization") };
            k.set("apiVersion", raw(format!("kustomize.config.k8s.io/{version}")));
            k.set("kind", raw(kind));
        }
        let mut resources: Vec<String> = Vec::new();
        let bases = match depth {
            0 => self.random.below(3),
            1 => self.random.below(10) / 8,
            _ => 0,
        };
        let mut old_bases = Vec::new();
        for _ in 0..bases {
            self.count += 1;
            let name = format!("base{}", self.count);
            all.extend(self.layer(&name, depth + 1, false, Vec::new()));
            let entry = format!("../{name}");
            if self.random.percent(10) { old_bases.push(entry) } else { resources.push(entry) }
        }
        let least = usize::from(!is_component && (depth > 0 || resources.is_empty()));
        for _ in 0..least + self.random.below(2) {
            let name = self.objects(dir, &mut all);
            let at = self.random.below(resources.len() + 1);
            resources.insert(at, name);
        }
        if self.random.below(400) == 0 {
            resources.push(self.random.word(&["missing.yaml", "../nowhere", ".", "../top"]).to_owned());
        }
        if !resources.is_empty() || self.random.percent(50) {
            k.set("resources", raws(resources));
        }
        if !old_bases.is_empty() {
            k.set("bases", raws(old_bases));
        }
        self.generators(dir, &mut k, &mut all);
        if depth < 2 && self.random.percent(if is_component { 2 } else { 12 }) {
            let mut entries = Vec::new();
            for _ in 0..1 + self.random.below(2) {
                self.count += 1;
                let name = format!("part{}", self.count);
                all = self.layer(&name, depth + 1, true, all);
                entries.push(format!("../{name}"));
            }
            k.set("components", raws(entries));
        }
        self.patch_fields(dir, &mut k, &mut all);
        self.naming(&mut k, &mut all);
        self.marks(&mut k);
        self.late_patches(dir, &mut k, &mut all);
        self.amounts(&mut k, &all);
        self.replacements(dir, &mut k, &all);
        self.plugin_fields(dir, &mut k, &mut all);
        self.variables(&mut k, &all);
        self.settings(dir, &mut k, depth);
        if k.children().is_empty() {
            k.set("namePrefix", raw("p-"));
        }
        self.disguise(&mut k);
        let name = match self.random.below(20) {
            0 => "kustomization.yml",
            1 => "Kustomization",
            _ => "kustomization.yaml",
        };
        self.case.files.push((format!("{dir}/{name}"), Node::Docs(vec![k])));
        all
    }

    /// Keys in other cases, nulls, empty lists, wrong types and unknown fields.
    fn disguise(&mut self, k: &mut Node) {
        let Node::Map(entries) = k else { return };
        match self.random.below(1000) {
            0..6 => {
                let at = self.random.below(entries.len());
                entries[at].0 = entries[at].0.to_uppercase();
            }
            6..12 => {
                let at = self.random.below(entries.len() + 1);
                let key =
                    self.random.word(&["patches", "labels", "configMapGenerator", "crds", "vars", "images"]);
                if !entries.iter().any(|(k, _)| k == key) {
                    let value = self.random.word(&["null", "[]", "~"]);
                    entries.insert(at, (key.to_owned(), raw(value)));
                }
            }
            12 => entries.push(("unknownField".to_owned(), raw("x"))),
            13 => entries.push(("patches".to_owned(), raw("x"))),
            14 => entries.push(("namePrefix".to_owned(), raw("yes"))),
            15 => entries.push(("commonLabels".to_owned(), map([("a", raw("1"))]))),
            _ => {}
        }
    }

    /// A name that nothing has.
    pub fn fresh(&mut self) -> String {
        self.count += 1;
        format!("n{}", self.count)
    }

    /// One of the objects.
    pub fn some(&mut self, all: &[Object]) -> Option<Object> {
        (!all.is_empty()).then(|| self.random.pick(all).clone())
    }

    /// One of those that are what they look like still, mostly.
    pub fn some_unpatched(&mut self, all: &[Object]) -> Option<Object> {
        let rest: Vec<Object> = all.iter().filter(|object| !object.is_patched).cloned().collect();
        if rest.is_empty() || self.random.percent(8) { self.some(all) } else { self.some(&rest) }
    }

    /// Pairs of text.
    pub fn pairs(&mut self) -> Node {
        let mut pairs = Node::Map(Vec::new());
        for _ in 0..1 + self.random.below(2) {
            let key = self.random.word(KEYS);
            let value = self.random.text();
            pairs.set(key, raw(value));
        }
        pairs
    }
}
