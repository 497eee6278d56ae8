//! Generators of ConfigMaps and Secrets.

use super::Builder;
use crate::fuzz_kustomize::objects::Object;
use crate::fuzz_kustomize::pool::{NAMES, NAMESPACES};
use crate::fuzz_kustomize::tree::{Node, map, raw, raws};

impl Builder<'_> {
    pub(super) fn generators(&mut self, dir: &str, k: &mut Node, all: &mut Vec<Object>) {
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
            let (old_name, namespace) = old.identity(self.random);
            old_name.clone_into(&mut name);
            let words = if self.random.percent(1) { &["create", "unheard"] } else { &["merge", "replace"] };
            behavior = Some(self.random.word(words));
            if let Some(namespace) = namespace
                && self.random.percent(97)
            {
                args.set("namespace", raw(namespace));
            }
        } else {
            if self.random.percent(5) {
                let words: &[&str] = if self.random.percent(3) { &["merge"] } else { &["create", "unheard"] };
                behavior = Some(self.random.word(words));
            }
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
        let keys = self.contents(dir, &mut args);
        if kind == "Secret" && self.random.percent(30) {
            args.set("type", raw(self.random.word(&["Opaque", "kubernetes.io/tls"])));
        }
        if self.random.percent(30) {
            let options = self.generator_options();
            args.set("options", options);
        }
        if old.is_none() {
            let namespace = args.get("namespace").and_then(Node::text).map(str::to_owned);
            let data = Node::Map(keys.into_iter().map(|key| (key.to_owned(), raw("x"))).collect());
            let tree = map([("metadata", map([("name", raw(&name))])), ("data", data)]);
            all.push(Object {
                api_version: "v1".to_owned(),
                kind: kind.to_owned(),
                first_name: name.clone(),
                name,
                first_namespace: namespace.clone(),
                namespace,
                tree,
                is_patched: false,
            });
        }
        args
    }

    /// Puts what they are made of into the arguments; some of the keys that come of it.
    fn contents(&mut self, dir: &str, args: &mut Node) -> Vec<&'static str> {
        let mut keys = vec!["k1", "k2", "k3", "k4", "K5", "k6", "k.7", "k-8"];
        let mut literal_keys = Vec::new();
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
                    literal_keys.push(key);
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
        literal_keys
    }
}
