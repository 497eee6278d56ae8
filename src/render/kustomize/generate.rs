//! ConfigMaps and Secrets from literals and files.

mod pairs;

use std::rc::Rc;

use base64::Engine;
use source::{OriginId, Place, Span};
use yaml::{NodeId, Style, Tree};

use super::codes::GENERATOR_INVALID;
use super::context::Cx;
use super::decode::{Pairs, Spanned};
use super::error::BuildError;
use super::kustomization::{GeneratorArgs, GeneratorOptions, Kustomization};
use super::loader::Root;
use super::resource::{Behavior, Resource};
use super::step::Generator;
use pairs::Pair;

/// What is made.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Product {
    /// A ConfigMap.
    ConfigMap,
    /// A Secret, whose data is base64.
    Secret,
}

/// One entry of `configMapGenerator` or `secretGenerator`.
pub struct DataGenerator {
    product: Product,
    args: Spanned<GeneratorArgs>,
    root: Rc<Root>,
    switches: Switches,
}

/// Where it is said whether there is a hash and whether the object is immutable, as far as that decides.
#[derive(Default)]
struct Switches {
    hash: Vec<Span>,
    immutable: Vec<Span>,
}

impl Switches {
    fn of(own: Option<&GeneratorOptions>, global: Option<&GeneratorOptions>) -> Switches {
        let all = [own, global];
        let hash = deciding(all.map(|options| options.map(|options| &options.disable_name_suffix_hash)));
        let immutable = deciding(all.map(|options| options.map(|options| &options.immutable)));
        Switches { hash, immutable }
    }
}

/// Of two switches either of which will do, those that alone would make it another.
fn deciding(switches: [Option<&Spanned<bool>>; 2]) -> Vec<Span> {
    let on = switches.iter().flatten().filter(|switch| switch.value).count();
    let deciding = switches.into_iter().flatten().filter(|switch| on == 0 || on == 1 && switch.value);
    deciding.filter_map(|switch| switch.at).collect()
}

impl DataGenerator {
    /// From an entry whose options are complete.
    pub fn new(product: Product, args: Spanned<GeneratorArgs>, root: Rc<Root>) -> DataGenerator {
        let switches = Switches::of(args.options.as_ref(), None);
        DataGenerator { product, args, root, switches }
    }
}

/// The generators of a kustomization, ConfigMaps first; the options of the file are put into each.
pub fn configure(kustomization: &Kustomization, root: &Rc<Root>) -> Vec<Box<dyn Generator>> {
    let lists = [
        (Product::ConfigMap, &kustomization.config_map_generator),
        (Product::Secret, &kustomization.secret_generator),
    ];
    let mut generators: Vec<Box<dyn Generator>> = Vec::new();
    for (product, list) in lists {
        for entry in list {
            let mut args = entry.clone();
            let global = kustomization.generator_options.as_ref();
            let switches = Switches::of(args.options.as_ref(), global);
            if let Some(global) = global {
                add_options(args.value.options.get_or_insert_default(), global);
            }
            generators.push(Box::new(DataGenerator { product, args, root: root.clone(), switches }));
        }
    }
    generators
}

/// Own labels and annotations win; a switch that is on anywhere is on.
fn add_options(own: &mut GeneratorOptions, global: &GeneratorOptions) {
    for (own, global) in [(&mut own.labels, &global.labels), (&mut own.annotations, &global.annotations)] {
        let missing: Vec<_> = global
            .0
            .iter()
            .filter(|(key, _)| !own.0.iter().any(|(known, _)| **known == **key))
            .cloned()
            .collect();
        own.0.extend(missing);
        own.0.sort_by(|a, b| a.0.value.cmp(&b.0.value));
    }
    if *global.disable_name_suffix_hash || own.disable_name_suffix_hash.at.is_none() {
        let value = *own.disable_name_suffix_hash || *global.disable_name_suffix_hash;
        own.disable_name_suffix_hash = Spanned { value, at: global.disable_name_suffix_hash.at };
    }
    own.immutable.value |= *global.immutable;
}

impl Generator for DataGenerator {
    fn generate(&mut self, cx: &mut Cx<'_>) -> Result<Vec<Resource>, BuildError> {
        let args = &self.args;
        let at = args.at.map_or(Place::from(OriginId::UNKNOWN), Place::from);
        if args.name.is_empty() {
            let message = "what is generated has to have a name";
            return Err(BuildError::new(&GENERATOR_INVALID, at, message, "a configmap must have a name"));
        }
        let made = cx.generated(args.at, OriginId::UNKNOWN);
        let mut tree = Tree::new(made);
        let root = tree.root();
        let kind = match self.product {
            Product::ConfigMap => "ConfigMap",
            Product::Secret => "Secret",
        };
        put(&mut tree, root, "apiVersion", "v1", made);
        put(&mut tree, root, "kind", kind, made);
        let metadata = tree.map(made);
        tree.set(root, "metadata", metadata);
        let named = cx.made_from(args.at, args.name.at);
        let switch = cx.all_of(&self.switches.hash);
        let named = cx.given(named, switch);
        put(&mut tree, metadata, "name", &args.name, named);
        let origin = cx.made_from(args.at, args.namespace.at);
        if args.namespace.is_empty() {
            let said = cx.read(args.namespace.at);
            tree.set_origin(metadata, cx.given(made, said));
        } else {
            put(&mut tree, metadata, "namespace", &args.namespace, origin);
        }
        if self.product == Product::Secret {
            let (text, at) = match &**args.secret_type {
                "" => ("Opaque", None),
                given => (given, args.secret_type.at),
            };
            let origin = cx.made_from(args.at, at);
            put(&mut tree, root, "type", text, origin);
            let data = tree.map(made);
            tree.set(root, "data", data);
        }
        let mut pairs = pairs::load(args, &self.root, cx)?;
        pairs.sort_by(|a, b| a.key.cmp(&b.key));
        for pair in &pairs {
            let origin = cx.generated(pair.at, pair.data);
            self.put_value(&mut tree, pair, made, origin);
        }
        // Which keys there are follows from all of the sources.
        let sources = pairs.iter().fold(OriginId::UNKNOWN, |all, pair| cx.both(all, pair.data));
        for field in ["data", "binaryData"] {
            if let Some(map) = tree.get(root, field) {
                let origin = cx.given(tree.origin(map), sources);
                tree.set_origin(map, origin);
            }
        }
        let options = args.options.clone().unwrap_or_default();
        put_all(&mut tree, metadata, "labels", &options.labels, args.at, cx);
        put_all(&mut tree, metadata, "annotations", &options.annotations, args.at, cx);
        let switch = cx.all_of(&self.switches.immutable);
        if *options.immutable {
            let origin = cx.given(made, switch);
            put(&mut tree, root, "immutable", "true", origin);
            if let Some(value) = tree.get(root, "immutable") {
                tree.set_untyped(value, "true", origin);
            }
        } else {
            tree.set_origin(root, cx.given(made, switch));
        }
        let mut resource = Resource::new(tree);
        resource.notes.needs_hash = !*options.disable_name_suffix_hash;
        resource.notes.behavior = Some(Behavior::parse(&args.behavior));
        Ok(vec![resource])
    }
}

impl DataGenerator {
    fn put_value(&self, tree: &mut Tree, pair: &Pair, made: OriginId, origin: OriginId) {
        let (field, text) = match (self.product, std::str::from_utf8(&pair.value)) {
            (Product::ConfigMap, Ok(text)) => ("data", text.to_owned()),
            (Product::ConfigMap, Err(_)) => ("binaryData", base64(&pair.value)),
            (Product::Secret, _) => ("data", base64(&pair.value)),
        };
        let root = tree.root();
        let map = match tree.get(root, field) {
            Some(map) => map,
            None => {
                let map = tree.map(made);
                tree.set(root, field, map);
                map
            }
        };
        put(tree, map, &pair.key, &text, origin);
    }
}

/// Base64 in lines of seventy characters where it takes more than one.
fn base64(bytes: &[u8]) -> String {
    const LINE: usize = 70;
    let text = base64::engine::general_purpose::STANDARD.encode(bytes);
    if text.len() < LINE {
        return text;
    }
    let mut lines = String::with_capacity(text.len() + text.len() / LINE + 1);
    let mut rest = &*text;
    while !rest.is_empty() {
        let (line, behind) = rest.split_at(rest.len().min(LINE));
        lines.push_str(line);
        lines.push('\n');
        rest = behind;
    }
    lines
}

fn put_all(tree: &mut Tree, metadata: NodeId, field: &str, all: &Pairs, by: Option<Span>, cx: &mut Cx<'_>) {
    if all.0.is_empty() {
        return;
    }
    let map = tree.map(cx.generated(by, OriginId::UNKNOWN));
    tree.set(metadata, field, map);
    for (key, value) in &all.0 {
        let origin = cx.made_from(by, value.at);
        put(tree, map, key, value, origin);
    }
}

/// A string under a key, in a block where it has several lines.
pub(super) fn put(tree: &mut Tree, map: NodeId, key: &str, text: &str, origin: OriginId) {
    let value = tree.string(text, origin);
    if text.contains('\n') {
        tree.set_style(value, Style::Literal);
    }
    // The key may look like anything, and is a string even so.
    match tree.entry(map, key) {
        Some((at, _, _)) => {
            tree.replace_child(map, 2 * at + 1, value);
        }
        None => {
            let key = tree.string(key, origin);
            tree.insert_entry(map, usize::MAX, key, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::kustomize::context::BuildOptions;
    use crate::render::kustomize::read::read;
    use crate::render::kustomize::testing::with_cx;
    use crate::world::Memory;

    fn made(text: &str) -> Result<Vec<(String, bool)>, String> {
        let world = Memory::new()
            .with("a/kustomization.yaml", text)
            .with("a/e.env", "\u{FEFF}  K=v \n# c\n\nALONE\n")
            .with("a/bin", [0xFF, 0xFE])
            .with("a/t.txt", "one\ntwo\n");
        with_cx(&world, &BuildOptions::default(), |cx| {
            let root = Root::top("a", cx).unwrap();
            let layer = read(&root, cx).map_err(|e| e.upstream().to_owned())?;
            let mut out = Vec::new();
            for mut generator in configure(&layer.kustomization, &root) {
                for resource in generator.generate(cx).map_err(|e| e.upstream().to_owned())? {
                    out.push((yaml::emit::tree(resource.tree()).unwrap(), resource.notes.needs_hash));
                }
            }
            Ok(out)
        })
    }

    #[test]
    fn all_kinds_of_sources() {
        let text = "configMapGenerator:\n- name: m\n  envs: [e.env]\n  literals: [\"l='x=y'\"]\n  files: [t.txt, b=bin]\n";
        let (map, hash) = made(text).unwrap().remove(0);
        assert!(hash);
        assert_eq!(
            map,
            "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: m\ndata:\n  ALONE: \"\"\n  K: 'v '\n  l: x=y\n  t.txt: |\n    one\n    two\nbinaryData:\n  b: //4=\n"
        );
    }

    #[test]
    fn options_of_the_file_and_of_the_entry() {
        let text = "generatorOptions: {labels: {a: g, b: g}, disableNameSuffixHash: true}\nsecretGenerator:\n- name: s\n  options: {labels: {a: o}, immutable: true}\n";
        let (secret, hash) = made(text).unwrap().remove(0);
        assert!(!hash);
        assert_eq!(
            secret,
            "apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\n  labels:\n    a: o\n    b: g\ntype: Opaque\ndata: {}\nimmutable: true\n"
        );
    }

    #[test]
    fn long_data_is_cut_into_lines() {
        assert_eq!(base64(&[0; 51]).len(), 68);
        assert_eq!(base64(&[0; 54]).lines().map(str::len).collect::<Vec<_>>(), [70, 2]);
    }

    #[test]
    fn what_cannot_be_made() {
        for (entry, told) in [
            (
                "literals: [a]",
                "loading KV pairs: literal sources [a]: invalid literal source a, expected key=value",
            ),
            ("literals: [a=1, a=2]", "configmap m illegally repeats the key `a`"),
            (
                "files: [a=b=c]",
                "loading KV pairs: file sources: [a=b=c]: source \"a=b=c\" key name or file path contains '='",
            ),
            (
                "files: [none]",
                "loading KV pairs: file sources: [none]: evalsymlink failure on 'a/none' : lstat a/none: no such file or directory",
            ),
        ] {
            let text = format!("configMapGenerator:\n- name: m\n  {entry}\n");
            assert_eq!(made(&text).unwrap_err(), told, "{entry}");
        }
        assert_eq!(
            made("configMapGenerator:\n- literals: [a=b]\n").unwrap_err(),
            "a configmap must have a name"
        );
    }
}
