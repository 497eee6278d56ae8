use super::super::prelude::*;
use crate::schema::{NEWEST, Schema, Shape, Type};

rule! {
    /// An object has a field that its kind does not have, or a value of the wrong type.
    ///
    /// `validate` says more, and more exactly: where it has spoken this rule is silent. It is here for those who run `lint`
    /// alone.
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: DaemonSet
    /// metadata:
    ///   name: agent
    /// spec:
    ///   replicas: 3 #! a DaemonSet has no field `spec.replicas`
    /// ```
    /// ```yaml good
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: web
    /// spec:
    ///   replicas: 3
    /// ```
    "schema-invalid": Critical, Minimal, since "0.1.0";
    refs: ["kube-linter: schema-validation"];
    refused: true;
    help: "compare with `plimsoll explain KIND.FIELD`";
    check: Any(check);
}

fn check(resource: &Resource, report: &mut Report) {
    let gvk = &resource.id.gvk;
    let minor = u8::try_from(report.settings().kubernetes_minor).unwrap_or(NEWEST.minor());
    let version = crate::schema::VERSIONS.into_iter().find(|v| v.minor() == minor).unwrap_or(NEWEST);
    let schema = Schema::of(version);
    let Some(kind) = schema.kind(&gvk.group, &gvk.version, &gvk.kind) else { return };
    // Depth first by hand: a text may nest deeper than the stack is long.
    let mut open = vec![(resource.root(), kind.ty())];
    while let Some((node, ty)) = open.pop() {
        if node.is_null() {
            continue;
        }
        if !takes(ty, node) {
            let path = crate::kube::path::path_of(resource.root(), node);
            report.at(&resource, node, format!("`{path}` must be {}", ty.describe()));
            continue;
        }
        match (ty.shape(), node.kind()) {
            (Shape::Object, yaml::Kind::Map) => {
                for (key, value) in node.entries() {
                    match ty.field(key.text()) {
                        Some(field) => open.push((value, field.ty())),
                        None if ty.keeps_unknown() => {}
                        None => {
                            let path = crate::kube::path::path_of(resource.root(), key);
                            report.at(&resource, key, format!("a {} has no field `{path}`", gvk.kind));
                        }
                    }
                }
            }
            (Shape::Map, yaml::Kind::Map) => {
                open.extend(node.entries().filter_map(|(_, value)| Some((value, ty.element()?))));
            }
            (Shape::List, yaml::Kind::Seq) => {
                open.extend(node.items().filter_map(|item| Some((item, ty.element()?))))
            }
            _ => {}
        }
    }
}

/// Whether a value is of a type, as far as its form tells.
fn takes(ty: Type<'_>, node: Node<'_>) -> bool {
    use yaml::{Kind, Value};
    match ty.shape() {
        Shape::Object | Shape::Map => node.kind() == Kind::Map || ty.keeps_unknown(),
        Shape::List => node.kind() == Kind::Seq || ty.keeps_unknown(),
        Shape::String | Shape::Bytes | Shape::Time | Shape::MicroTime | Shape::Duration => node.is_str(),
        Shape::Bool => node.as_bool().is_some(),
        Shape::Int32 | Shape::Int64 | Shape::Number => {
            matches!(node.value(), Value::Int(_) | Value::UInt(_) | Value::Float(_))
        }
        Shape::Quantity | Shape::IntOrString => node.kind() == Kind::Scalar && node.as_bool().is_none(),
        _ => true,
    }
}
