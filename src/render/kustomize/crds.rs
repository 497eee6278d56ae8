//! Files of `crds`: OpenAPI definitions of types, whose extensions say which fields hold labels, annotations and names.

use std::rc::Rc;

use source::{Diagnostics, Place, Span};
use yaml::{Node, Value};

use super::codes::KUSTOMIZATION_INVALID;
use super::config::{TransformerConfig, merge_fields};
use super::context::Cx;
use super::decode::Text;
use super::error::BuildError;
use super::field_spec::{FieldSpec, Referrers};
use super::loader::Root;
use crate::kube::Gvk;

/// Types that name each other deeper than this are a circle, which upstream follows until it dies.
const DEPTH: usize = 64;

/// The fields that the files add (api 0.21.1, `LoadConfigFromCRDs`).
///
/// # Errors
/// A file cannot be read, or two fields disagree.
pub fn load(files: &[Text], root: &Rc<Root>, cx: &mut Cx<'_>) -> Result<TransformerConfig, BuildError> {
    let mut config = TransformerConfig::default();
    let list: Vec<&str> = files.iter().map(|file| &***file).collect();
    let list = list.join(" ");
    for file in files {
        let at = file.at.map_or(Place::Origin(source::OriginId::UNKNOWN), Place::from);
        let one = load_one(file, at, root, cx).and_then(|one| {
            config.merge(&one).map_err(|text| {
                BuildError::new(&KUSTOMIZATION_INVALID, at, "two definitions disagree on a field", text)
            })
        });
        one.map_err(|error| error.wrap(format!("loading CRDs [{list}]")))?;
    }
    Ok(config)
}

fn load_one(
    file: &str,
    at: Place,
    root: &Rc<Root>,
    cx: &mut Cx<'_>,
) -> Result<TransformerConfig, BuildError> {
    let (source, text) = root.load_text(file, at, cx)?;
    if text.is_empty() {
        let upstream = "panic: runtime error: index out of range [0] with length 0";
        return Err(BuildError::new(
            &KUSTOMIZATION_INVALID,
            at,
            "the file of definitions is empty",
            upstream,
        ));
    }
    let mut found = Diagnostics::new();
    let doc = yaml::read_first(source, &text, &yaml::Options::new(yaml::Profile::HelmValues), &mut found);
    if let Some(mut first) = found.into_iter().find(|d| d.severity == source::Severity::Error) {
        let upstream = first.upstream.take().unwrap_or_else(|| first.message.clone());
        first.upstream = Some(format!("unable to parse open API definition from '{file}': {upstream}"));
        return Err(BuildError { diagnostic: Box::new(first), kind: super::error::ErrorKind::Plain });
    }
    let mut config = TransformerConfig::default();
    let Some(types) = doc.as_ref().and_then(|doc| doc.root()) else { return Ok(config) };
    let odd = types.entries().find(|(_, value)| !matches!(value.value(), Value::Map | Value::Null));
    if let Some((name, value)) = odd {
        let is = match value.value() {
            Value::Seq => "array",
            Value::Bool(_) => "bool",
            Value::Int(_) | Value::UInt(_) | Value::Float(_) => "number",
            _ => "string",
        };
        let json = if text.starts_with('{') { "" } else { "error unmarshaling JSON: while decoding JSON: " };
        let upstream = format!(
            "unable to parse open API definition from '{file}': {json}json: cannot unmarshal {is} into Go value of type accumulator.OpenAPIDefinition"
        );
        let message = format!("`{}` is no definition of a type", name.text());
        let (start, end) = name.span().unwrap_or((0, 0));
        let error = BuildError::new(&KUSTOMIZATION_INVALID, Span::new(source, start, end), message, upstream);
        return Err(
            error.help("`crds` wants OpenAPI definitions by type name, not CustomResourceDefinitions")
        );
    }
    let mut names: Vec<&str> = types.entries().map(|(name, _)| name.text()).collect();
    names.sort_unstable();
    for name in names {
        let Some(properties) = properties(types, name) else { continue };
        if !["kind", "apiVersion", "metadata"].iter().all(|key| properties.get(key).is_some()) {
            continue;
        }
        let kind = name.rsplit('.').next().unwrap_or(name);
        let mut path = Vec::new();
        collect(types, name, kind, &mut path, &mut config).map_err(|text| {
            BuildError::new(&KUSTOMIZATION_INVALID, at, "two definitions disagree on a field", text)
        })?;
    }
    Ok(config)
}

fn properties<'d>(types: Node<'d>, name: &str) -> Option<Node<'d>> {
    let schema = types.get(name)?.entries().find(|(key, _)| key.text().eq_ignore_ascii_case("schema"))?.1;
    schema.get("properties")
}

fn collect(
    types: Node<'_>,
    name: &str,
    kind: &str,
    path: &mut Vec<String>,
    config: &mut TransformerConfig,
) -> Result<(), String> {
    let Some(properties) = properties(types, name).filter(|_| path.len() < DEPTH) else { return Ok(()) };
    for (key, property) in properties.entries() {
        path.push(key.text().to_owned());
        let spec = |path: &[String]| FieldSpec {
            group: "".into(),
            version: "".into(),
            kind: kind.to_owned().into(),
            path: path.join("/").into(),
            create: false,
        };
        let extension = |name: &str| property.get(name).and_then(Node::as_str);
        if extension("x-kubernetes-annotation").is_some() {
            merge_fields(&mut config.common_annotations, &[spec(path)])?;
        }
        if extension("x-kubernetes-label-selector").is_some() {
            merge_fields(&mut config.common_labels, &[spec(path)])?;
        }
        if extension("x-kubernetes-identity").is_some() {
            merge_fields(&mut config.name_prefix, &[spec(path)])?;
        }
        if let (Some(version), Some(target)) =
            (extension("x-kubernetes-object-ref-api-version"), extension("x-kubernetes-object-ref-kind"))
        {
            let name_key = extension("x-kubernetes-object-ref-name-key").unwrap_or("name");
            path.push(name_key.to_owned());
            let gvk = Gvk { group: "".into(), version: version.into(), kind: target.into() };
            config.add_referrers(&Referrers { gvk, fields: vec![spec(path)] })?;
            path.pop();
        }
        if let Some(next) = property.get("$ref").and_then(Node::as_str) {
            collect(types, next, kind, path, config)?;
        }
        path.pop();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::kustomize::context::BuildOptions;
    use crate::render::kustomize::decode::Spanned;
    use crate::render::kustomize::testing::with_cx;
    use crate::world::Memory;

    #[test]
    fn extensions_become_fields() {
        let text = "io.example.v1.Bee:\n  Schema:\n    properties:\n      kind: {}\n      apiVersion: {}\n      metadata: {}\n      spec: {$ref: io.example.v1.BeeSpec}\nio.example.v1.BeeSpec:\n  Schema:\n    properties:\n      hive: {x-kubernetes-object-ref-api-version: v1, x-kubernetes-object-ref-kind: Secret}\n      tags: {x-kubernetes-annotation: \"\"}\n";
        let world = Memory::new().with("a/crd.yaml", text);
        with_cx(&world, &BuildOptions::default(), |cx| {
            let root = Root::top("a", cx).unwrap();
            let file = Spanned { value: "crd.yaml".to_owned(), at: None };
            let config = load(&[file], &root, cx).unwrap();
            assert_eq!(config.name_references[0].fields[0].path, "spec/hive/name");
            assert_eq!(&*config.name_references[0].gvk.kind, "Secret");
            assert_eq!(
                (&*config.common_annotations[0].path, &*config.common_annotations[0].kind),
                ("spec/tags", "Bee")
            );
        });
    }
}
