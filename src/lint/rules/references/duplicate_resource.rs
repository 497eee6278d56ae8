use source::Severity;

use super::super::prelude::*;

rule! {
    /// Two objects of the stream have the same name.
    ///
    /// Group, kind, namespace and name are equal: the later overwrites the earlier, and what was in the earlier alone is
    /// gone without a word. Files that are applied to different clusters may well repeat a name: between two files it is
    /// a warning.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings
    /// ---
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings #! ConfigMap `settings` stands in the stream twice
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings
    /// ---
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings
    ///   namespace: shop
    /// ```
    "duplicate-resource": Critical, Minimal, since "0.1.0";
    refs: [];
    help: "rename one, or remove it";
    check: Bundle(check);
}

fn check(graph: &Graph<'_>, report: &mut Report) {
    let mut first_of = rustc_hash::FxHashMap::default();
    for object in graph.judged().filter(|o| !o.resource.id.name.is_empty()) {
        let id = &object.resource.id;
        let key = (&*id.gvk.group, &*id.gvk.kind, object.namespace, &*id.name);
        match first_of.entry(key) {
            std::collections::hash_map::Entry::Vacant(slot) => {
                slot.insert(object.resource);
            }
            std::collections::hash_map::Entry::Occupied(first) => {
                let message = format!("{} `{}` stands in the stream twice", id.gvk.kind, id.name);
                let finding = report.on(&object.resource, message).related_object(first.get(), "the first");
                if graph.are_of_different_files(first.get(), object.resource) {
                    finding.severity(Severity::Warning);
                }
            }
        }
    }
}
