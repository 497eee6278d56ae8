use super::super::prelude::*;

rule! {
    /// A class that an object names is not in sight.
    ///
    /// Priority, runtime, storage, Ingress and Gateway classes are mostly made with the cluster: it is a note, unless the
    /// world is closed or other classes of the kind stand in the stream. Classes of the cluster itself are known.
    ///
    /// ```yaml bad
    /// priorityClassName: important #! there is no PriorityClass `important`
    /// ```
    /// ```yaml good
    /// priorityClassName: system-cluster-critical
    /// ```
    "class-missing": Info, Recommended, since "0.1.0";
    refs: [];
    help: "compare the name with the classes of the cluster: `--cluster-state` knows them";
    check: Bundle(check);
}

/// Kind and field of what names a class, and the class's kind.
const FIELDS: [(Known, &str, Known); 4] = [
    (Known::PersistentVolumeClaim, "spec.storageClassName", Known::StorageClass),
    (Known::PersistentVolume, "spec.storageClassName", Known::StorageClass),
    (Known::Ingress, "spec.ingressClassName", Known::IngressClass),
    (Known::Gateway, "spec.gatewayClassName", Known::GatewayClass),
];

fn check(graph: &Graph<'_>, report: &mut Report) {
    let is_built_in = |name: &str| matches!(name, "system-cluster-critical" | "system-node-critical");
    for class in [Known::PriorityClass, Known::RuntimeClass] {
        super::missing::objects(graph, report, class, |r| !is_built_in(r.name.text()));
    }
    for (kind, field, class) in FIELDS {
        for object in graph.each(kind) {
            let Some(name) = object.resource.root().at(field).filter(|n| !n.text().is_empty()) else {
                continue;
            };
            if !graph.has(class, "", name.text()) && !is_static(graph, class, name.text()) {
                let message = format!("there is no {} `{}`", class.kind(), name.text());
                report.at(&object.resource, name, message).note_unless(graph.is_closed(class, ""));
            }
        }
    }
}

/// A storage class that a PersistentVolume of the stream has need not exist: it only matches claim and volume.
fn is_static(graph: &Graph<'_>, class: Known, name: &str) -> bool {
    class == Known::StorageClass
        && graph.all(Known::PersistentVolume).any(|v| text(v.resource.in_spec("storageClassName")) == name)
}
