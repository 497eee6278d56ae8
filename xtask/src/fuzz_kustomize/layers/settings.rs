//! Variables, configurations and how the output is ordered and noted.

use super::Builder;
use super::marks::LABEL_PATHS;
use crate::fuzz_kustomize::objects::Object;
use crate::fuzz_kustomize::tree::{Node, map, quoted, raw, raws};

impl Builder<'_> {
    pub(super) fn variables(&mut self, k: &mut Node, all: &[Object]) {
        if !self.random.percent(9) {
            return;
        }
        let mut entries = Vec::new();
        for name in crate::fuzz_kustomize::pool::VARS {
            let Some(object) = self.some_unpatched(all) else { continue };
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
            let (called, namespace) = object.identity(self.random);
            objref.set("name", raw(quoted(called)));
            if let Some(namespace) = namespace
                && self.random.percent(90)
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

    pub(super) fn settings(&mut self, dir: &str, k: &mut Node, depth: usize) {
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

const CRD: &str = r##"{"example.com/v1.Foo": {"Schema": {"properties": {"spec": {"$ref": "example.com/v1.FooSpec"}, "kind": {"type": "string"}, "apiVersion": {"type": "string"}, "metadata": {"type": "object"}}}}, "example.com/v1.FooSpec": {"Schema": {"properties": {"ref": {"x-kubernetes-object-ref-api-version": "v1", "x-kubernetes-object-ref-kind": "ConfigMap", "$ref": "example.com/v1.Ref"}, "configMapRef": {"x-kubernetes-object-ref-api-version": "v1", "x-kubernetes-object-ref-kind": "Secret", "x-kubernetes-object-ref-name-key": "name", "type": "object"}, "template": {"x-kubernetes-annotation": "", "type": "object"}, "selector": {"x-kubernetes-label-selector": "", "type": "object"}, "name": {"x-kubernetes-identity": "", "type": "string"}}}}}"##;

const SCHEMA: &str = r##"{"definitions": {"v1.Foo": {"properties": {"spec": {"properties": {"items": {"items": {"type": "object", "properties": {"name": {"type": "string"}}}, "type": "array", "x-kubernetes-patch-merge-key": "name", "x-kubernetes-patch-strategy": "merge"}}}}, "x-kubernetes-group-version-kind": [{"group": "example.com", "kind": "Foo", "version": "v1"}]}}}"##;
