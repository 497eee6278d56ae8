//! Grows a case: layers of kustomizations over each other, each with some of the fields.

use super::objects::{Grower, Object};
use super::pool::{KEYS, NAMES, NAMESPACES};
use super::tree::{Case, Node, map, quoted, raw, raws};
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
        self.late_patches(dir, &mut k, &all);
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

    fn generators(&mut self, dir: &str, k: &mut Node, all: &mut Vec<Object>) {
        for (field, kind, percent) in
            [("configMapGenerator", "ConfigMap", 22), ("secretGenerator", "Secret", 14)]
        {
            if self.random.percent(percent) {
                let items = (0..1 + self.random.below(2)).map(|_| self.generator(dir, kind, all)).collect();
                k.set(field, Node::List(items));
            }
        }
        if self.random.percent(8) {
            let options = self.generator_options();
            k.set("generatorOptions", options);
        }
    }

    fn generator_options(&mut self) -> Node {
        let mut options = Node::Map(Vec::new());
        if self.random.percent(45) {
            let pairs = self.pairs();
            options.set("labels", pairs);
        }
        if self.random.percent(35) {
            let pairs = self.pairs();
            options.set("annotations", pairs);
        }
        if self.random.percent(40) {
            options.set("disableNameSuffixHash", raw(self.random.word(&["true", "false"])));
        }
        if self.random.percent(20) {
            options.set("immutable", raw(self.random.word(&["true", "false"])));
        }
        options
    }

    /// The arguments of a generator.
    pub fn generator(&mut self, dir: &str, kind: &str, all: &mut Vec<Object>) -> Node {
        let mut args = Node::Map(Vec::new());
        let old: Vec<Object> = all.iter().filter(|object| object.kind == kind).cloned().collect();
        let mut name = self.random.word(NAMES).to_owned();
        let mut behavior = None;
        let old = self.some(&old).filter(|_| self.random.percent(60));
        if let Some(old) = &old {
            name.clone_from(&old.first_name);
            let words = if self.random.percent(1) { &["create", "unheard"] } else { &["merge", "replace"] };
            behavior = Some(self.random.word(words));
            if let Some(namespace) = &old.namespace
                && self.random.percent(90)
            {
                args.set("namespace", raw(namespace));
            }
        } else if self.random.percent(5) {
            let words: &[&str] = if self.random.percent(3) { &["merge"] } else { &["create", "unheard"] };
            behavior = Some(self.random.word(words));
        } else {
            while self.taken.contains(&(kind.to_owned(), name.clone())) {
                self.count += 1;
                name = format!("g{}", self.count);
            }
            self.taken.push((kind.to_owned(), name.clone()));
            if self.random.percent(12) {
                args.set("namespace", raw(self.random.word(NAMESPACES)));
            }
        }
        args.set("name", raw(&name));
        if let Some(behavior) = behavior {
            args.set("behavior", raw(behavior));
        }
        self.contents(dir, &mut args);
        if kind == "Secret" && self.random.percent(30) {
            args.set("type", raw(self.random.word(&["Opaque", "kubernetes.io/tls"])));
        }
        if self.random.percent(30) {
            let options = self.generator_options();
            args.set("options", options);
        }
        if old.is_none() {
            let namespace = args.get("namespace").and_then(Node::text).map(str::to_owned);
            let data = map([("k1", raw("x")), ("k2", raw("x"))]);
            let tree = map([("metadata", map([("name", raw(&name))])), ("data", data)]);
            all.push(Object {
                api_version: "v1".to_owned(),
                kind: kind.to_owned(),
                first_name: name.clone(),
                name,
                namespace,
                tree,
            });
        }
        args
    }

    fn contents(&mut self, dir: &str, args: &mut Node) {
        let mut keys = vec!["k1", "k2", "k3", "k4", "K5", "k6", "k.7", "k-8"];
        if self.random.percent(70) {
            let mut literals = Vec::new();
            for _ in 0..1 + self.random.below(3) {
                if let Some(key) = keys.pop() {
                    let value = self.random.word(&[
                        "x",
                        "",
                        "a=b",
                        "'quoted'",
                        "$(A_VAR)",
                        "80",
                        "true",
                        "é☃",
                        "😀",
                        "a long literal that goes on and on and on until it is longer than the seventy columns that one line has",
                        "line\\nline",
                        "a<b&c>",
                        "  blanks  ",
                    ]);
                    let literal = format!("{key}={value}");
                    literals.push(if self.random.percent(60) {
                        serde_json::to_string(&literal).unwrap_or_default()
                    } else {
                        format!("'{}'", literal.replace('\'', "''"))
                    });
                }
            }
            if self.random.below(150) == 0 {
                literals.push("novalue".to_owned());
            }
            args.set("literals", raws(literals));
        }
        if self.random.percent(30) {
            let mut files = Vec::new();
            for _ in 0..1 + self.random.below(2) {
                let lines: Vec<String> = match self.random.below(6) {
                    0 => vec!["a: 1".into(), "b: [x, y]".into()],
                    1 => vec!["{".into(), "  \"a\": \"b\"".into(), "}".into()],
                    2 => vec!["tab\there".into(), "trailing ".into(), String::new()],
                    3 => vec![
                        "one line that is longer than seventy characters, which is where base64 is broken"
                            .into(),
                    ],
                    4 => Vec::new(),
                    _ => vec!["hello".into()],
                };
                let extension = self.random.word(&["txt", "properties", "json"]);
                let name = self.file(dir, "d", extension, Node::Lines(lines));
                match keys.pop() {
                    Some(key) if self.random.percent(40) => files.push(format!("{key}={name}")),
                    _ => files.push(name),
                }
            }
            args.set("files", raws(files));
        }
        if self.random.percent(15) {
            let mut lines = vec!["# comment".to_owned()];
            for _ in 0..self.random.below(3) {
                if let Some(key) = keys.pop() {
                    let value = self.random.word(&["=x", "=\"q\"", "", "=a b ", "=a=b"]);
                    lines.push(format!("{key}{value}"));
                }
            }
            let name = self.file(dir, "e", "env", Node::Lines(lines));
            if self.random.percent(30) {
                args.set("env", raw(name));
            } else {
                args.set("envs", raws([name]));
            }
        }
    }

    /// What selects an object among others.
    pub fn target(&mut self, object: &Object) -> Node {
        let mut target = Node::Map(Vec::new());
        if self.random.percent(75) {
            let kind = match self.random.below(12) {
                0 => "Deployment|StatefulSet".to_owned(),
                1 => ".*".to_owned(),
                _ => object.kind.clone(),
            };
            target.set("kind", raw(quoted(&kind)));
        }
        if self.random.percent(50) {
            let name = match self.random.below(10) {
                0 => ".*".to_owned(),
                1 => format!("{}.*", object.first_name),
                2 => "[a-c]+".to_owned(),
                3 => object.name.clone(),
                4 => "nothing".to_owned(),
                _ => object.first_name.clone(),
            };
            target.set("name", raw(quoted(&name)));
        }
        if self.random.percent(15) {
            target.set("group", raw(quoted(object.group())));
        }
        if self.random.percent(15) {
            target.set("version", raw(object.version()));
        }
        if self.random.percent(10) {
            let namespace = object.namespace.clone().unwrap_or_else(|| "default".to_owned());
            target.set("namespace", raw(namespace));
        }
        if self.random.percent(10) {
            let selector = self.random.word(&[
                "app=x",
                "app",
                "tier notin (x)",
                "app in (x,hello)",
                "k1!=x",
                "\"!app\"",
            ]);
            target.set("labelSelector", raw(selector));
        }
        if self.random.percent(6) {
            let selector = self.random.word(&["example.com/x=x", "app", "k1 in (x, main)", "\"!k1\""]);
            target.set("annotationSelector", raw(selector));
        }
        if target.children().is_empty() {
            target.set("kind", raw(&object.kind));
        }
        target
    }

    fn patch_fields(&mut self, dir: &str, k: &mut Node, all: &mut Vec<Object>) {
        if self.random.percent(12) {
            let mut entries = Vec::new();
            for _ in 0..1 + self.random.below(2) {
                if let Some(object) = self.some(all) {
                    let patch = self.strategic(&object, all);
                    let docs = Node::Docs(vec![patch]);
                    entries.push(if self.random.percent(50) {
                        docs
                    } else {
                        raw(self.file(dir, "p", "yaml", docs))
                    });
                }
            }
            k.set("patchesStrategicMerge", Node::List(entries));
        }
        if self.random.percent(55) {
            let mut entries = Vec::new();
            for _ in 0..1 + self.random.below(3) {
                if let Some(object) = self.some(all) {
                    entries.push(self.patch(dir, &object, all));
                }
            }
            k.set("patches", Node::List(entries));
        }
    }

    /// A strategic merge patch; what it deletes is gone.
    pub fn strategic(&mut self, object: &Object, all: &mut Vec<Object>) -> Node {
        let patch = self.grow().strategic(object);
        if patch.get("$patch").and_then(Node::text) == Some("delete") {
            all.retain(|other| other.kind != object.kind || other.first_name != object.first_name);
        }
        patch
    }

    /// An entry of `patches`.
    pub fn patch(&mut self, dir: &str, object: &Object, all: &mut Vec<Object>) -> Node {
        let mut entry = Node::Map(Vec::new());
        let (docs, is_json) = if self.random.percent(30) {
            let operations = self.grow().json_patch(&object.tree);
            let body = if self.random.percent(10) {
                let json: Vec<String> =
                    operations.iter().map(|op| json_text(op).unwrap_or_default()).collect();
                Node::Lines(vec![format!("[{}]", json.join(", "))])
            } else {
                Node::Docs(vec![Node::List(operations)])
            };
            (body, true)
        } else {
            let mut docs = vec![self.strategic(object, all)];
            if self.random.percent(4)
                && let Some(other) = self.some(all)
            {
                docs.push(self.strategic(&other, all));
            }
            (Node::Docs(docs), false)
        };
        let is_single = matches!(&docs, Node::Docs(docs) if docs.len() == 1);
        if is_json || self.random.percent(if is_single { 45 } else { 2 }) {
            let target = self.target(object);
            entry.set("target", target);
        }
        if self.random.percent(50) {
            entry.set("patch", docs);
        } else {
            let name = self.file(dir, "p", "yaml", docs);
            entry.set("path", raw(name));
        }
        if self.random.percent(12) {
            let mut options = Node::Map(Vec::new());
            for key in ["allowNameChange", "allowKindChange"] {
                if self.random.percent(60) {
                    options.set(key, raw(self.random.word(&["true", "true", "false"])));
                }
            }
            entry.set("options", options);
        }
        entry
    }

    fn naming(&mut self, k: &mut Node, all: &mut [Object]) {
        if self.random.percent(25) {
            let namespace = self.random.word(NAMESPACES).to_owned();
            k.set("namespace", raw(&namespace));
            for object in &mut *all {
                if object.is_namespaced() {
                    object.namespace = Some(namespace.clone());
                }
            }
        }
        for (field, percent) in [("namePrefix", 28), ("nameSuffix", 16)] {
            if !self.random.percent(percent) {
                continue;
            }
            let affix = match field {
                "namePrefix" => self.random.word(&["p-", "dev-", "a-", "1"]),
                _ => self.random.word(&["-s", "-v2", "-a"]),
            };
            k.set(field, raw(serde_json::to_string(affix).unwrap_or_default()));
            for object in all.iter_mut().filter(|object| !object.keeps_name()) {
                object.name = if field == "namePrefix" {
                    format!("{affix}{}", object.name)
                } else {
                    format!("{}{affix}", object.name)
                };
            }
        }
    }

    fn marks(&mut self, k: &mut Node) {
        if self.random.percent(14) {
            let pairs = self.pairs();
            k.set("commonLabels", pairs);
        }
        if self.random.percent(20) {
            let mut entries = Vec::new();
            for _ in 0..1 + self.random.below(2) {
                let mut entry = map([("pairs", self.pairs())]);
                for flag in ["includeSelectors", "includeTemplates"] {
                    if self.random.percent(35) {
                        entry.set(flag, raw(self.random.word(&["true", "true", "false"])));
                    }
                }
                if self.random.percent(20) {
                    let specs = (0..1 + self.random.below(2)).map(|_| self.field_spec(LABEL_PATHS)).collect();
                    entry.set("fields", Node::List(specs));
                }
                entries.push(entry);
            }
            k.set("labels", Node::List(entries));
        }
        if self.random.percent(14) {
            let pairs = self.pairs();
            k.set("commonAnnotations", pairs);
        }
    }

    /// Where a transformer is to look too.
    pub fn field_spec(&mut self, paths: &[&str]) -> Node {
        let mut spec = map([("path", raw(self.random.word(paths)))]);
        if self.random.percent(45) {
            spec.set("kind", raw(self.random.word(&["Deployment", "Foo", "Service", "ConfigMap", "Pod"])));
        }
        if self.random.percent(20) {
            spec.set("group", raw(self.random.word(&["apps", "example.com", "batch"])));
        }
        if self.random.percent(20) {
            spec.set("version", raw("v1"));
        }
        // The built-in tables make these, and may not be contradicted.
        let path = spec.get("path").and_then(Node::text).unwrap_or_default();
        let is_known = matches!(
            path,
            "metadata/labels"
                | "metadata/annotations"
                | "spec/selector"
                | "spec/template/metadata/labels"
                | "spec/replicas"
        );
        if is_known && self.random.percent(97) {
            spec.set("create", raw("true"));
        } else if self.random.percent(40) {
            spec.set("create", raw(self.random.word(&["true", "true", "false"])));
        }
        spec
    }

    fn late_patches(&mut self, dir: &str, k: &mut Node, all: &[Object]) {
        if !self.random.percent(10) {
            return;
        }
        let mut entries = Vec::new();
        for _ in 0..1 + self.random.below(2) {
            let Some(object) = self.some(all) else { continue };
            let mut target = map([("version", raw(object.version())), ("kind", raw(&object.kind))]);
            if !object.group().is_empty() {
                target.set("group", raw(object.group()));
            }
            let name = if self.random.percent(50) { &object.name } else { &object.first_name };
            target.set("name", raw(quoted(name)));
            if let Some(namespace) = &object.namespace
                && self.random.percent(40)
            {
                target.set("namespace", raw(namespace));
            }
            let operations = Node::Docs(vec![Node::List(self.grow().json_patch(&object.tree))]);
            let mut entry = map([("target", target)]);
            if self.random.percent(50) {
                entry.set("patch", operations);
            } else {
                let name = self.file(dir, "p", "yaml", operations);
                entry.set("path", raw(name));
            }
            entries.push(entry);
        }
        k.set("patchesJson6902", Node::List(entries));
    }

    /// An image's new name, tag, digest.
    pub fn image(&mut self) -> Node {
        let name = self.random.word(&[
            "nginx",
            "busybox",
            "reg.io/app",
            "reg.io:5000/team/app",
            "app",
            "ngi.x",
            "my/nginx",
        ]);
        let mut image = map([("name", raw(name))]);
        if self.random.percent(35) {
            image.set("newName", raw(self.random.word(&["other", "reg.io/other", "nginx"])));
        }
        if self.random.percent(45) {
            image.set("newTag", raw(self.random.word(&["v2", "\"1.10\"", "latest", "\"\""])));
        }
        if self.random.percent(12) {
            let digest = "sha256:25a0c4b4a4c0eb97a1aabb8e29f18e917d05abfe1b7a7c07857230879ce7d3d3";
            image.set("digest", raw(digest));
        }
        if self.random.percent(10) {
            image.set("tagSuffix", raw("-x"));
        }
        image
    }

    fn amounts(&mut self, k: &mut Node, all: &[Object]) {
        for (field, percent) in [("images", 22), ("imageTags", 3)] {
            if self.random.percent(percent) {
                let images = (0..1 + self.random.below(3)).map(|_| self.image()).collect();
                k.set(field, Node::List(images));
            }
        }
        if self.random.percent(25) {
            let with: Vec<Object> = all.iter().filter(|object| object.has_replicas()).cloned().collect();
            if let Some(object) = self.some(&with) {
                let entry = self.replica(&object);
                k.set("replicas", Node::List(vec![entry]));
            }
        }
    }

    /// A number of replicas for an object.
    pub fn replica(&mut self, object: &Object) -> Node {
        let name = if self.random.percent(50) { &object.name } else { &object.first_name };
        let name = if self.random.below(200) == 0 { "nobody" } else { name };
        map([("name", raw(quoted(name))), ("count", raw(self.random.word(&["0", "3", "5"])))])
    }

    fn variables(&mut self, k: &mut Node, all: &[Object]) {
        if !self.random.percent(12) {
            return;
        }
        let mut entries = Vec::new();
        for name in super::pool::VARS {
            let Some(object) = self.some(all) else { continue };
            if self.vars.iter().any(|var| var == name) || !self.random.percent(60) {
                continue;
            }
            self.vars.push((*name).to_owned());
            let mut objref = map([("kind", raw(&object.kind))]);
            if self.random.percent(60) {
                objref.set("apiVersion", raw(&object.api_version));
            } else {
                if !object.group().is_empty() {
                    objref.set("group", raw(object.group()));
                }
                objref.set("version", raw(object.version()));
            }
            let first = self.random.percent(90);
            objref.set("name", raw(quoted(if first { &object.first_name } else { &object.name })));
            if let Some(namespace) = &object.namespace
                && self.random.percent(60)
            {
                objref.set("namespace", raw(namespace));
            }
            let mut var = map([("name", raw(*name)), ("objref", objref)]);
            if self.random.percent(50) {
                let path = self.field_path(&object.tree, false);
                var.set("fieldref", map([("fieldPath", raw(quoted(&path)))]));
            }
            entries.push(var);
        }
        if !entries.is_empty() {
            k.set("vars", Node::List(entries));
        }
    }

    fn settings(&mut self, dir: &str, k: &mut Node, depth: usize) {
        if self.random.percent(3) {
            let mut metadata = map([("name", raw("x"))]);
            if self.random.percent(50) {
                metadata.set("namespace", raw("x"));
            }
            for key in ["labels", "annotations"] {
                if self.random.percent(50) {
                    let pairs = self.pairs();
                    metadata.set(key, pairs);
                }
            }
            k.set("metadata", metadata);
        }
        if self.random.percent(7) {
            let configuration = self.configuration();
            let name = self.file(dir, "conf", "yaml", Node::Docs(vec![configuration]));
            k.set("configurations", raws([name]));
        }
        if self.random.percent(4) {
            let name = self.file(dir, "crd", "json", Node::Lines(vec![CRD.to_owned()]));
            k.set("crds", raws([name]));
        }
        if !self.says_schema && self.random.below(1000) < 9 {
            self.says_schema = true;
            if self.random.percent(50) {
                k.set("openapi", map([("version", raw("v1.21.2"))]));
            } else {
                let name = self.file(dir, "schema", "json", Node::Lines(vec![SCHEMA.to_owned()]));
                k.set("openapi", map([("path", raw(name))]));
            }
        }
        if self.random.percent(if depth == 0 { 9 } else { 1 }) {
            let order = self.random.word(&["legacy", "fifo", "legacy"]);
            let mut options = map([("order", raw(order))]);
            if order == "legacy" && self.random.percent(60) {
                let mut legacy = Node::Map(Vec::new());
                legacy.set("orderFirst", raws(["Service", "Deployment", "ConfigMap"]));
                if self.random.percent(70) {
                    legacy.set("orderLast", raws(["Secret", "Namespace"]));
                }
                options.set("legacySortOptions", legacy);
            }
            k.set("sortOptions", options);
        }
        if self.random.percent(if depth == 0 { 10 } else { 2 }) {
            let notes = ["originAnnotations", "transformerAnnotations", "managedByLabel", "unheard"];
            let chosen: Vec<&str> = notes
                .into_iter()
                .filter(|note| self.random.percent(if *note == "unheard" { 3 } else { 50 }))
                .collect();
            k.set("buildMetadata", raws(chosen));
        }
    }

    fn configuration(&mut self) -> Node {
        let mut configuration = Node::Map(Vec::new());
        for key in [
            "namePrefix",
            "nameSuffix",
            "namespace",
            "commonLabels",
            "labels",
            "templateLabels",
            "commonAnnotations",
            "varReference",
            "images",
            "replicas",
        ] {
            if !self.random.percent(18) {
                continue;
            }
            let paths = match key {
                "images" => {
                    &["spec/image", "spec/items[]/image", "spec/template/image", "spec/containers/image"]
                }
                "replicas" => &["spec/count", "spec/replicas", "spec/template/count", "spec/nested/count"],
                "varReference" => &["spec/name", "data/k1", "spec/tags", "metadata/name"],
                "namePrefix" | "nameSuffix" => &["spec/name", "metadata/name", "data/k1", "spec/ref/name"],
                "namespace" => &["spec/namespace", "spec/name", "data/k1", "spec/ref/namespace"],
                _ => LABEL_PATHS,
            };
            let specs = (0..1 + self.random.below(2)).map(|_| self.field_spec(paths)).collect();
            configuration.set(key, Node::List(specs));
        }
        if self.random.percent(30) || configuration.children().is_empty() {
            let mut reference =
                map([("kind", raw(self.random.word(&["ConfigMap", "Foo", "Secret", "Deployment"])))]);
            if self.random.percent(40) {
                reference.set("version", raw("v1"));
            }
            if self.random.percent(20) {
                reference.set("group", raw(self.random.word(&["example.com", "apps"])));
            }
            let paths =
                &["spec/ref/name", "spec/name", "data/k1", "spec/configMapRef/name", "spec/tags", "spec/ref"];
            let specs = (0..1 + self.random.below(2)).map(|_| self.field_spec(paths)).collect();
            reference.set("fieldSpecs", Node::List(specs));
            configuration.set("nameReference", Node::List(vec![reference]));
        }
        configuration
    }
}

/// Where labels and annotations may be put.
pub const LABEL_PATHS: &[&str] = &[
    "metadata/labels",
    "spec/labels",
    "spec/template/metadata/labels",
    "spec/selector",
    "metadata/annotations",
    "spec/items[]/metadata/labels",
    "spec/items/metadata/labels",
];

const CRD: &str = r##"{"example.com/v1.Foo": {"Schema": {"properties": {"spec": {"$ref": "example.com/v1.FooSpec"}, "kind": {"type": "string"}, "apiVersion": {"type": "string"}, "metadata": {"type": "object"}}}}, "example.com/v1.FooSpec": {"Schema": {"properties": {"ref": {"x-kubernetes-object-ref-api-version": "v1", "x-kubernetes-object-ref-kind": "ConfigMap", "$ref": "example.com/v1.Ref"}, "configMapRef": {"x-kubernetes-object-ref-api-version": "v1", "x-kubernetes-object-ref-kind": "Secret", "x-kubernetes-object-ref-name-key": "name", "type": "object"}, "template": {"x-kubernetes-annotation": "", "type": "object"}, "selector": {"x-kubernetes-label-selector": "", "type": "object"}, "name": {"x-kubernetes-identity": "", "type": "string"}}}}}"##;

const SCHEMA: &str = r##"{"definitions": {"v1.Foo": {"properties": {"spec": {"properties": {"items": {"items": {"type": "object", "properties": {"name": {"type": "string"}}}, "type": "array", "x-kubernetes-patch-merge-key": "name", "x-kubernetes-patch-strategy": "merge"}}}}, "x-kubernetes-group-version-kind": [{"group": "example.com", "kind": "Foo", "version": "v1"}]}}}"##;

/// A tree of simple scalars as JSON.
pub fn json_text(node: &Node) -> Option<String> {
    Some(match node {
        Node::Raw(text) => match text.as_str() {
            "true" | "false" | "null" => text.clone(),
            text if text.starts_with('"') => text.to_owned(),
            text => serde_json::to_string(text).ok()?,
        },
        Node::Map(entries) => {
            let entries: Option<Vec<String>> = entries
                .iter()
                .map(|(key, value)| {
                    Some(format!("{}: {}", serde_json::to_string(key).ok()?, json_text(value)?))
                })
                .collect();
            format!("{{{}}}", entries?.join(", "))
        }
        Node::List(items) => {
            let items: Option<Vec<String>> = items.iter().map(json_text).collect();
            format!("[{}]", items?.join(", "))
        }
        Node::Docs(_) | Node::Lines(_) => serde_json::to_string(&node.block()).ok()?,
        Node::Flow(inner) | Node::Noted(_, inner) => json_text(inner)?,
    })
}
