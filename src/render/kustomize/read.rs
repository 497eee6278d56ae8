//! A directory's kustomization file: found, read, checked, its deprecated fields put where they belong.

use std::sync::Arc;

use source::{Diagnostics, SourceId, Span};
use yaml::{Doc, Node, Value};

use super::codes::{KUSTOMIZATION_INVALID, KUSTOMIZATION_MISSING};
use super::context::Cx;
use super::decode::{Decode, Decoder, Misfit, Spanned};
use super::error::BuildError;
use super::findings;
use super::kustomization::{GeneratorArgs, HelmChart, HelmChartArgs, HelmGlobals, Kustomization};
use super::loader::Root;

/// The names that a kustomization file may have.
pub const NAMES: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/// A directory's kustomization.
pub struct Layer {
    /// What it says.
    pub kustomization: Kustomization,
    /// Its text.
    pub source: SourceId,
    /// The file's name.
    pub file_name: &'static str,
}

impl Layer {
    /// Whether it is a component.
    pub fn is_component(&self) -> bool {
        &**self.kustomization.kind == "Component"
    }
}

/// Reads the kustomization of a root.
///
/// # Errors
/// There is none or there are several; it is no YAML; it says what it cannot say. All misfits are told: the first, as
/// upstream would meet it, is the error.
pub fn read(root: &Root, cx: &mut Cx<'_>) -> Result<Layer, BuildError> {
    let (source, text, file_name) = find(root, cx)?;
    let mut found = Diagnostics::new();
    let doc = yaml::read_first(source, &text, &yaml::Options::new(yaml::Profile::HelmValues), &mut found);
    if let Some(mut first) = found.into_iter().find(|d| d.severity == source::Severity::Error) {
        let upstream = first.upstream.take().unwrap_or_else(|| first.message.clone());
        first.upstream = Some(format!("invalid Kustomization: {upstream}"));
        return Err(BuildError { diagnostic: Box::new(first), kind: super::error::ErrorKind::Plain });
    }
    let node = doc.as_ref().and_then(|doc| doc.root());
    let mut kustomization = match (&doc, node) {
        (Some(doc), Some(node)) => decode(source, doc, node, cx)?,
        _ => Kustomization::default(),
    };
    if let Some(node) = node {
        findings::deprecated::check(source, &text, node, cx);
        findings::duplicate_key::check(source, node, cx);
    }
    fix(&mut kustomization);
    if node.is_none_or(is_empty) {
        let message = "the kustomization is empty: it has to name resources, generators or components";
        let top = Span::top(source);
        return Err(BuildError::new(&KUSTOMIZATION_INVALID, top, message, "kustomization.yaml is empty"));
    }
    check_type(&kustomization, source, root)?;
    Ok(Layer { kustomization, source, file_name })
}

fn find(root: &Root, cx: &mut Cx<'_>) -> Result<(SourceId, Arc<str>, &'static str), BuildError> {
    let at = root.entry.map_or(source::Place::Origin(source::OriginId::UNKNOWN), Into::into);
    let found: Vec<_> =
        NAMES.iter().filter_map(|name| Some((*name, root.load(name, at, cx).ok()?))).collect();
    match &found[..] {
        [(name, file)] => {
            let (source, text) = cx.source_of(file);
            Ok((source, text, name))
        }
        [] => {
            let message = format!("there is no kustomization in {}", root.shown.display());
            let upstream = format!(
                "unable to find one of 'kustomization.yaml', 'kustomization.yml' or 'Kustomization' in directory '{}'",
                root.dir.display()
            );
            Err(BuildError::new(&KUSTOMIZATION_MISSING, at, message, upstream)
                .help("name a directory that has a kustomization.yaml, or add one"))
        }
        [(first, file), (second, _), ..] => {
            let (source, _) = cx.source_of(file);
            let message = format!("{} has both {first} and {second}", root.shown.display());
            let upstream = format!("Found multiple kustomization files under: {}\n", root.dir.display());
            Err(BuildError::new(&KUSTOMIZATION_MISSING, Span::top(source), message, upstream)
                .help("keep one of them"))
        }
    }
}

fn decode(
    source: SourceId,
    doc: &Arc<Doc>,
    node: Node<'_>,
    cx: &mut Cx<'_>,
) -> Result<Kustomization, BuildError> {
    let first = cx.origins.add_document(source, doc.clone());
    let mut decoder = Decoder::new(source, "Kustomization").with_origins(first);
    if !matches!(node.value(), Value::Map | Value::Null) {
        let message = "a kustomization is a map of fields";
        let is = if node.value() == Value::Seq { "array" } else { "string" };
        let upstream = format!(
            "invalid Kustomization: json: cannot unmarshal {is} into Go value of type types.Kustomization"
        );
        return Err(BuildError::new(&KUSTOMIZATION_INVALID, decoder.span(node), message, upstream));
    }
    let kustomization = Kustomization::decode(node, &mut decoder);
    let mut misfits = decoder.misfits.into_iter();
    let Some(first) = misfits.next() else { return Ok(kustomization) };
    for other in misfits {
        cx.out.push(*misfit(other, "").diagnostic);
    }
    Err(misfit(first, "invalid Kustomization: "))
}

/// What to say of a value that does not fit.
pub fn misfit(misfit: Misfit, prefix: &str) -> BuildError {
    let upstream = format!("{prefix}{}", misfit.upstream);
    let error = BuildError::new(&KUSTOMIZATION_INVALID, misfit.at, &misfit.message, upstream);
    let unknown = misfit.upstream.rsplit('"').nth(1).filter(|_| !misfit.known.is_empty());
    let near = unknown.and_then(|name| source::closest(name, misfit.known.iter().copied()));
    match near {
        Some(near) => error.help(format!("did you mean `{near}`?")),
        None if !misfit.known.is_empty() => error.help(format!("known here: {}", misfit.known.join(", "))),
        None => error,
    }
}

/// Puts deprecated fields where they belong.
fn fix(k: &mut Kustomization) {
    if k.kind.is_empty() {
        k.kind.value = "Kustomization".to_owned();
    }
    if k.api_version.is_empty() {
        k.api_version.value = wanted_version(&k.kind).to_owned();
    }
    let bases = std::mem::take(&mut k.bases);
    k.resources.extend(bases);
    let images = std::mem::take(&mut k.image_tags);
    k.images.extend(images);
    for args in k.config_map_generator.iter_mut().chain(&mut k.secret_generator) {
        fix_env(&mut args.value);
    }
    let charts = std::mem::take(&mut k.helm_chart_inflation_generator);
    let mut globals = HelmGlobals::default();
    for chart in charts {
        if !chart.value.chart_home.is_empty() {
            globals.chart_home = chart.value.chart_home.clone();
        }
        if !chart.value.helm_home.is_empty() {
            globals.config_home = chart.value.helm_home.clone();
        }
        k.helm_charts.push(Spanned { at: chart.at, value: modern_chart(chart.value) });
    }
    if k.helm_globals.is_none() && !(globals.chart_home.is_empty() && globals.config_home.is_empty()) {
        k.helm_globals = Some(globals);
    }
}

fn fix_env(args: &mut GeneratorArgs) {
    let env = std::mem::take(&mut args.env);
    if !env.is_empty() {
        args.envs.push(env);
    }
}

fn modern_chart(old: HelmChartArgs) -> HelmChart {
    HelmChart {
        name: old.chart_name,
        version: old.chart_version,
        repo: old.chart_repo_url,
        release_name: old.release_name,
        values_file: old.values,
        values_inline: old.values_local,
        values_merge: old.values_merge,
        ..HelmChart::default()
    }
}

/// Whether nothing but the type is said. A list that is there and empty says something, but for the deprecated ones, which
/// are added to others first.
fn is_empty(node: Node<'_>) -> bool {
    node.entries().all(|(key, value)| match &*key.text().to_ascii_lowercase() {
        "apiversion" | "kind" => true,
        "nameprefix" | "namesuffix" | "namespace" => value.is_null() || value.text().is_empty(),
        "bases" | "imagetags" | "helmchartinflationgenerator" => {
            value.is_null() || value.items().next().is_none()
        }
        _ => value.is_null(),
    })
}

fn wanted_version(kind: &str) -> &'static str {
    if kind == "Component" { "kustomize.config.k8s.io/v1alpha1" } else { "kustomize.config.k8s.io/v1beta1" }
}

fn check_type(k: &Kustomization, source: SourceId, root: &Root) -> Result<(), BuildError> {
    let mut told: Vec<(Span, String, String)> = Vec::new();
    let at = |span: Option<Span>| span.unwrap_or(Span::top(source));
    if !matches!(&**k.kind, "Kustomization" | "Component") {
        let message = format!("`{}` is no kind of kustomization: it is Kustomization or Component", *k.kind);
        told.push((at(k.kind.at), message, "kind should be Kustomization or Component".to_owned()));
    }
    let wanted = wanted_version(&k.kind);
    if *k.api_version != wanted {
        let message = format!("the apiVersion of a {} is {wanted}", *k.kind);
        told.push((at(k.api_version.at), message, format!("apiVersion for {} should be {wanted}", *k.kind)));
    }
    let Some((at, message, _)) = told.first() else { return Ok(()) };
    let all: Vec<&str> = told.iter().map(|(_, _, upstream)| &**upstream).collect();
    let upstream =
        format!("Failed to read kustomization file under {}:\n{}", root.dir.display(), all.join("\n"));
    Err(BuildError::new(&KUSTOMIZATION_INVALID, *at, message, upstream))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::kustomize::context::BuildOptions;
    use crate::render::kustomize::testing::with_cx;
    use crate::world::Memory;

    fn layer(text: &str) -> Result<Kustomization, String> {
        let world = Memory::new().with("a/kustomization.yaml", text);
        with_cx(&world, &BuildOptions::default(), |cx| {
            let root = Root::top("a", cx).map_err(|e| e.upstream().to_owned())?;
            read(&root, cx).map(|layer| layer.kustomization).map_err(|e| e.upstream().to_owned())
        })
    }

    #[test]
    fn keys_have_any_case_and_old_ones_go_behind_the_new() {
        let k = layer("Resources: [a]\nBASES: [b]\nnamePREFIX: p-\n").unwrap();
        let names: Vec<&str> = k.resources.iter().map(|r| &***r).collect();
        assert_eq!((names, &**k.name_prefix, &**k.kind), (vec!["a", "b"], "p-", "Kustomization"));
    }

    #[test]
    fn what_a_kustomization_cannot_say() {
        for (text, told) in [
            ("", "kustomization.yaml is empty"),
            ("kind: Kustomization\n", "kustomization.yaml is empty"),
            ("bases: []\n", "kustomization.yaml is empty"),
            ("resource: [a]\n", "invalid Kustomization: json: unknown field \"resource\""),
            (
                "resources: x\n",
                "invalid Kustomization: json: cannot unmarshal string into Go struct field Kustomization.resources of type []string",
            ),
            (
                "kind: Foo\nresources: []\n",
                "Failed to read kustomization file under a:\nkind should be Kustomization or Component",
            ),
        ] {
            assert_eq!(layer(text).unwrap_err(), told, "{text}");
        }
        assert!(layer("resources: []\n").is_ok());
    }

    #[test]
    fn one_file_of_the_three() {
        let world =
            Memory::new().with("a/x", "").with("b/kustomization.yaml", "").with("b/Kustomization", "");
        with_cx(&world, &BuildOptions::default(), |cx| {
            let none = read(&Root::top("a", cx).unwrap(), cx).err().unwrap();
            assert!(none.upstream().starts_with("unable to find one of"));
            let two = read(&Root::top("b", cx).unwrap(), cx).err().unwrap();
            assert_eq!(two.upstream(), "Found multiple kustomization files under: b\n");
        });
    }
}
