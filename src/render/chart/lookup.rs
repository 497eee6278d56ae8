//! What `lookup` finds: objects of manifests that stand for the cluster. Without any it finds nothing, as Helm does
//! where it has no cluster.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gotmpl::{MapRef, Value};
use source::{Diagnostics, Origins, Source, SourceKind, Span};
use yaml::{Node, Options, Profile as Yaml};

use crate::kube::{Gvk, Known};

use super::Fail;
use super::codes::ARGUMENT_INVALID;
use super::load::{LoadCx, fail, system_text};
use super::tree::{Whole, deep_copy, value_of};

/// The largest file of objects, in bytes.
const MAX_FILE: u64 = 256 << 20;

/// The namespace of objects that name none, as `kubectl apply` has it.
const DEFAULT: &str = "default";

/// What stands for the cluster in all renderings of one run: the files are read when the first of them asks, with the
/// [`Origins`] that they share.
#[derive(Default)]
pub struct Cluster<'p> {
    paths: &'p [PathBuf],
    objects: Option<Lookup>,
}

impl<'p> Cluster<'p> {
    /// The objects of these manifests.
    pub fn new(paths: &'p [PathBuf]) -> Self {
        Cluster { paths, objects: None }
    }

    /// The objects; see [`Lookup::read`] for what goes wrong.
    pub(crate) fn objects(
        &mut self,
        cx: &mut LoadCx<'_>,
        origins: &mut Option<&mut Origins>,
    ) -> Result<&Lookup, Fail> {
        let objects = match self.objects.take() {
            Some(objects) => objects,
            None => Lookup::read(self.paths, cx, origins)?,
        };
        Ok(self.objects.insert(objects))
    }
}

/// Objects by what they are asked for.
#[derive(Default)]
pub(crate) struct Lookup {
    /// Whether there is anything to answer from.
    is_given: bool,
    /// By apiVersion and kind, then by namespace and name, in which order a server lists them.
    objects: BTreeMap<(String, String), BTreeMap<(String, String), Value>>,
}

impl Lookup {
    /// Reads the objects of manifests.
    ///
    /// # Errors
    /// A file that cannot be read or is no YAML.
    pub(crate) fn read(
        paths: &[PathBuf],
        cx: &mut LoadCx<'_>,
        origins: &mut Option<&mut Origins>,
    ) -> Result<Lookup, Fail> {
        let mut lookup = Lookup { is_given: !paths.is_empty(), ..Lookup::default() };
        for path in paths {
            let shown = path.display().to_string();
            let bytes = cx.world.read(path, MAX_FILE).map_err(|error| {
                let text = format!("--lookup: {shown}: {}", system_text(&error));
                fail(&ARGUMENT_INVALID, cx.place(path), text.clone(), &text)
            })?;
            let text: Arc<str> = String::from_utf8_lossy(&bytes).into();
            let source = cx.sources.add(Source::new(shown.clone(), SourceKind::File, text.clone()));
            let mut found = Diagnostics::new();
            let docs = yaml::read(source, &text, &Options::new(Yaml::Kubernetes), &mut found);
            if let Some(fault) = found.into_vec().into_iter().find(|d| d.severity == source::Severity::Error)
            {
                let upstream = format!("--lookup: {shown}: {}", fault.message);
                let message = format!("--lookup: {}", fault.message);
                return Err(fail(&ARGUMENT_INVALID, fault.primary.at, message, &upstream));
            }
            for doc in docs {
                let first = match origins {
                    Some(origins) => origins.add_document(source, doc.clone()),
                    None => source::OriginId::UNKNOWN,
                };
                if let Some(root) = doc.root() {
                    lookup.add(root, first);
                }
            }
        }
        Ok(lookup)
    }

    fn add(&mut self, root: Node<'_>, first: source::OriginId) {
        let text = |path: &str| root.at(path).map_or("", Node::text).to_owned();
        let kind = text("kind");
        if kind.ends_with("List") && root.get("items").is_some() {
            return root
                .get("items")
                .into_iter()
                .flat_map(Node::items)
                .for_each(|item| self.add(item, first));
        }
        let (version, name) = (text("apiVersion"), text("metadata.name"));
        let namespace = match Known::of(&Gvk::parse(&version, &kind)).is_cluster_scoped() {
            true => String::new(),
            false => Some(text("metadata.namespace")).filter(|n| !n.is_empty()).unwrap_or(DEFAULT.to_owned()),
        };
        let value = as_a_server_has_it(value_of(root, first, Whole::Int), &kind);
        self.objects.entry((version, kind)).or_default().insert((namespace, name), value);
    }

    /// What `lookup` gives: the object; without a name all of the kind, in the namespace if one is named; an empty map
    /// where there is none.
    pub(crate) fn find(&self, version: &str, kind: &str, namespace: &str, name: &str) -> Value {
        if !self.is_given {
            return Value::map([]);
        }
        let all = self.objects.get(&(version.to_owned(), kind.to_owned()));
        let is_cluster_scoped = Known::of(&Gvk::parse(version, kind)).is_cluster_scoped();
        let fits = |of: &str| is_cluster_scoped || of == namespace || namespace.is_empty();
        let mut found = all.into_iter().flatten().filter(|((of, _), _)| fits(of));
        if !name.is_empty() {
            // A server knows objects in namespaces only by both names.
            let is_there = |of: &str| is_cluster_scoped || of == namespace;
            let one = found.find(|((of, known), _)| known == name && is_there(of));
            return one.map_or_else(|| Value::map([]), |(_, value)| deep_copy(value));
        }
        let items: Vec<Value> = found.map(|(_, value)| deep_copy(value)).collect();
        Value::map([
            ("apiVersion".into(), Value::str(version)),
            ("kind".into(), Value::str(format!("{kind}List"))),
            ("metadata".into(), Value::map([("resourceVersion".into(), Value::str(""))])),
            ("items".into(), Value::list(items)),
        ])
    }
}

/// A server keeps of a Secret's `stringData` only what it becomes: base64 under `data`.
fn as_a_server_has_it(object: Value, kind: &str) -> Value {
    let Some(map) = object.as_map().filter(|_| kind == "Secret") else { return object };
    let Some(plain) = map.get(b"stringData").and_then(|value| value.as_map()) else { return object };
    let data = map.get(b"data").and_then(|value| value.as_map()).unwrap_or_else(MapRef::new);
    for (key, value) in plain.entries() {
        let bytes = value.raw().map_or_else(Vec::new, |text| text.bytes().to_vec());
        data.insert(key, Value::str(STANDARD.encode(bytes)).with_origin(value.origin));
    }
    map.insert("data".into(), data.into());
    map.remove(b"stringData", source::OriginId::UNKNOWN);
    object
}

/// The values of Secrets among the files, which must not be shown.
pub(crate) fn secrets(lookup: &Lookup, origins: &Origins) -> Vec<Span> {
    let of_secrets = lookup.objects.iter().filter(|((_, kind), _)| kind == "Secret");
    let data =
        of_secrets.flat_map(|(_, all)| all.values()).filter_map(|v| v.as_map()?.get(b"data")?.as_map());
    data.flat_map(|map| map.entries()).filter_map(|(_, value)| origins.primary(value.origin)).collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use gotmpl::Data;
    use source::Sources;

    use super::*;
    use crate::render::chart::Profile;
    use crate::world::Memory;

    fn lookup(text: &str) -> Lookup {
        let world = Memory::new().with("state.yaml", text);
        let (mut sources, mut out) = (Sources::new(), Diagnostics::new());
        let mut cx = LoadCx { world: &world, sources: &mut sources, profile: Profile::Helm4, out: &mut out };
        Lookup::read(&[Path::new("state.yaml").to_owned()], &mut cx, &mut None).expect("read")
    }

    const STATE: &str = "\
kind: List
items:
- {apiVersion: v1, kind: Secret, metadata: {name: a, namespace: shop}, stringData: {p: x}}
- {apiVersion: v1, kind: Secret, metadata: {name: b}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: shop, generation: 2}}
";

    fn is_empty(value: &Value) -> bool {
        value.as_map().is_some_and(|map| map.is_empty())
    }

    #[test]
    fn objects_are_found_as_a_server_finds_them() {
        let lookup = lookup(STATE);
        let secret = lookup.find("v1", "Secret", "shop", "a").as_map().expect("a map");
        let data = secret.get(b"data").and_then(|d| d.as_map()).expect("data");
        assert_eq!(data.get(b"p").and_then(|v| v.raw()).expect("text").bytes(), b"eA==");
        assert!(!is_empty(&lookup.find("v1", "Secret", "default", "b")));
        assert!(!is_empty(&lookup.find("v1", "Namespace", "", "shop")));
        for (namespace, name) in [("", "a"), ("shop", "b"), ("shop", "c")] {
            assert!(is_empty(&lookup.find("v1", "Secret", namespace, name)), "{namespace}/{name}");
        }
    }

    #[test]
    fn the_files_of_a_run_are_read_once() {
        let world = Memory::new().with("state.yaml", STATE);
        let (mut sources, mut out) = (Sources::new(), Diagnostics::new());
        let mut cx = LoadCx { world: &world, sources: &mut sources, profile: Profile::Helm4, out: &mut out };
        let paths = ["state.yaml".into()];
        let mut cluster = Cluster::new(&paths);
        for _ in 0..2 {
            let objects = cluster.objects(&mut cx, &mut None).expect("read");
            assert!(!is_empty(&objects.find("v1", "Secret", "shop", "a")));
        }
        assert_eq!(sources.iter().count(), 1);
        let missing = ["none.yaml".into()];
        let mut cx = LoadCx { world: &world, sources: &mut sources, profile: Profile::Helm4, out: &mut out };
        assert!(Cluster::new(&missing).objects(&mut cx, &mut None).is_err());
    }

    #[test]
    fn lists_hold_a_namespace_or_all() {
        let lookup = lookup(STATE);
        let count = |namespace: &str| {
            let list = lookup.find("v1", "Secret", namespace, "").as_map().expect("a list");
            let Some(Data::List(items)) = list.get(b"items").map(|v| v.data) else { panic!("no items") };
            items.len()
        };
        assert_eq!((count(""), count("shop"), count("other")), (2, 1, 0));
        assert!(is_empty(&Lookup::default().find("v1", "Secret", "", "")));
    }
}
