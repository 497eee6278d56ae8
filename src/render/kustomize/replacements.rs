//! Replacements: a value of one object, or a text, copied into fields of others.

mod matcher;
mod path;
mod structured;

use std::rc::Rc;

use gotmpl::strconv::quote;
use source::{OriginId, Place, Span};
use yaml::{Kind, Node, NodeId, Options, Profile, Tree, read_first};

use super::codes::TRANSFORMER_INVALID;
use super::context::Cx;
use super::decided::Before;
use super::decode::{Decode, Decoder, Spanned};
use super::error::BuildError;
use super::findings::{self, Touched};
use super::kustomization::{
    FieldOptions, Kustomization, Replacement, ReplacementSource, ReplacementTarget, Selector,
};
use super::loader::Root;
use super::res_id::{ResId, is_selected};
use super::res_map::ResMap;
use super::step::Transformer;
use super::target::Choice;
use matcher::Create;

/// The field `replacements`: one step that does them in order.
///
/// # Errors
/// An entry has a path and something else, or its file cannot be read.
pub fn configure(
    kustomization: &Kustomization,
    root: &Rc<Root>,
    cx: &mut Cx<'_>,
) -> Result<Vec<Box<dyn Transformer>>, BuildError> {
    if kustomization.replacements.is_empty() {
        return Ok(Vec::new());
    }
    let step = ReplacementStep::new(&kustomization.replacements, root, cx)
        .map_err(|error| error.wrap("trouble configuring builtin ReplacementTransformer with config"))?;
    Ok(vec![Box::new(step)])
}

/// A list of replacements, or a ReplacementTransformer.
pub struct ReplacementStep {
    /// Each with whether it may go without targets: an empty list in a file of its own is none too few.
    replacements: Vec<(Spanned<Replacement>, bool)>,
}

impl ReplacementStep {
    /// Reads the files that entries name.
    ///
    /// # Errors
    /// An entry has a path and something else, or its file cannot be read.
    pub fn new(
        entries: &[Spanned<Replacement>],
        root: &Rc<Root>,
        cx: &mut Cx<'_>,
    ) -> Result<ReplacementStep, BuildError> {
        let mut replacements = Vec::new();
        for entry in entries {
            if entry.path.is_empty() {
                replacements.push((entry.clone(), false));
                continue;
            }
            if entry.source.is_some() || !entry.targets.is_empty() {
                let upstream = "cannot specify both path and inline replacement";
                return Err(invalid(entry.at, "the entry has `path` and a replacement of its own", upstream));
            }
            replacements.extend(from_file(entry, root, cx)?);
        }
        Ok(ReplacementStep { replacements })
    }
}

/// The one or several replacements of a file.
fn from_file(
    entry: &Replacement,
    root: &Rc<Root>,
    cx: &mut Cx<'_>,
) -> Result<Vec<(Spanned<Replacement>, bool)>, BuildError> {
    let at = entry.path.at;
    let (source, text) = root.load_text(&entry.path, place(at), cx)?;
    let mut found = source::Diagnostics::new();
    let doc = read_first(source, &text, &Options::new(Profile::HelmValues), &mut found);
    if let Some(fault) = found.iter().find(|_| doc.as_ref().is_none_or(|doc| doc.is_broken())) {
        let upstream = fault.upstream.clone().unwrap_or_else(|| fault.message.clone());
        let message = format!("{} is no YAML: {}", entry.path.value, fault.message);
        return Err(invalid(at, message, format!("error converting YAML to JSON: {upstream}")));
    }
    let node = doc.as_ref().and_then(|doc| doc.root());
    let Some(node) = node.filter(|node| node.kind() != Kind::Scalar) else {
        let kind = match node.map(|node| node.value()) {
            None | Some(yaml::Value::Null) => "invalid",
            Some(yaml::Value::Bool(_)) => "bool",
            Some(yaml::Value::Str(_)) => "string",
            Some(_) => "float64",
        };
        let upstream = format!("unsupported replacement type encountered within replacement path: {kind}");
        let message = format!("{} holds no replacement", entry.path.value);
        return Err(invalid(at, message, upstream));
    };
    let mut decoder = Decoder::new(source, "Replacement");
    let replacements = match node.kind() {
        Kind::Seq => Vec::<Spanned<Replacement>>::decode(node, &mut decoder),
        _ => vec![Spanned::<Replacement>::decode(node, &mut decoder)],
    };
    // Fields that nobody knows are passed over here.
    if let Some(misfit) = decoder.misfits.iter().find(|misfit| misfit.known.is_empty()) {
        let upstream = format!("error unmarshaling JSON: while decoding JSON: {}", misfit.upstream);
        return Err(invalid(Some(misfit.at), misfit.message.clone(), upstream));
    }
    let nodes: Vec<Node<'_>> = if node.kind() == Kind::Seq { node.items().collect() } else { vec![node] };
    let has_list = |node: &Node<'_>| node.get("targets").is_some_and(|list| list.kind() == Kind::Seq);
    Ok(replacements.into_iter().zip(nodes.iter().map(has_list)).collect())
}

impl Transformer for ReplacementStep {
    fn transform(&mut self, all: &mut ResMap, cx: &mut Cx<'_>) -> Result<(), BuildError> {
        for (replacement, may_be_idle) in &self.replacements {
            if (replacement.source.is_none() && replacement.source_value.is_none())
                || (replacement.targets.is_empty() && !may_be_idle)
            {
                let upstream = "replacements must specify a source and at least one target";
                return Err(invalid(
                    replacement.at,
                    "a replacement needs a source and at least one target",
                    upstream,
                ));
            }
            let value = Value::of(replacement, all, cx)?;
            let source = source_asked(replacement, cx);
            let mut touched = cx.options.findings.then(Touched::default);
            let unmatched = cx.out.len();
            for target in &replacement.targets {
                write(target, &value, source, all, &mut touched, cx)?;
            }
            if touched.is_some_and(|touched| !touched.is_changed(all)) && cx.out.len() == unmatched {
                findings::replacement::idle(replacement.at, cx);
            }
        }
        // Writing goes by the places in the list, so what it left of nothing goes now.
        all.drop_empty();
        Ok(())
    }
}

/// What is copied.
enum Value {
    /// A text, or a part of one.
    Own(Tree),
    /// A node of an object: it may be a target too, and change between two of them.
    Live(usize, NodeId),
}

impl Value {
    fn of(
        replacement: &Spanned<Replacement>,
        all: &mut ResMap,
        cx: &mut Cx<'_>,
    ) -> Result<Value, BuildError> {
        let source = match (&replacement.source, &replacement.source_value) {
            (Some(_), Some(_)) => {
                let upstream = "value and resource selectors are mutually exclusive";
                return Err(invalid(
                    replacement.at,
                    "`source` and `sourceValue` exclude each other",
                    upstream,
                ));
            }
            (None, Some(text)) => {
                let mut tree = Tree::new(OriginId::UNKNOWN);
                let value = tree.plain(text.value.as_str(), cx.read(text.at));
                tree.set_root(value);
                return Ok(Value::Own(tree));
            }
            (Some(source), None) => source,
            (None, None) => return Ok(Value::Own(Tree::new(OriginId::UNKNOWN))),
        };
        let at = source.field_path.at.or(source.name.at).or(source.kind.at).or(replacement.at);
        let place = select_source(source, at, all)?;
        let Some(resource) = all.get(place) else { return Ok(Value::Own(Tree::new(OriginId::UNKNOWN))) };
        let tree = resource.tree();
        let field = match source.field_path.as_str() {
            "" => "metadata.name",
            path => path,
        };
        let found = matcher::lookup(tree, tree.root(), &path::split(field)).map_err(|text| {
            let upstream = format!("error looking up replacement source: {text}");
            invalid(at, format!("`{field}` cannot be looked up: {text}"), upstream)
        })?;
        let is_nothing =
            |id: NodeId| tree.is_null(id) || (tree.kind(id) != Kind::Scalar && tree.children(id).is_empty());
        let Some(node) = found.filter(|node| !is_nothing(*node)) else {
            let upstream =
                format!("fieldPath `{field}` is missing for replacement source {}", source_id(source));
            return Err(invalid(at, format!("the source has no `{field}`"), upstream)
                .via(resource.place(), "this is the source"));
        };
        let options = source.options.clone().unwrap_or_default();
        if options.delimiter.is_empty() {
            return Ok(Value::Live(place, node));
        }
        if tree.kind(node) != Kind::Scalar {
            return Err(delimiter_misplaced(at));
        }
        let text = tree.text(node);
        let mut parts = text.split(options.delimiter.as_str());
        let part = usize::try_from(*options.index).ok().and_then(|index| parts.nth(index));
        let Some(part) = part.map(str::to_owned) else {
            let upstream = format!("options.index {} is out of bounds for value {text}", *options.index);
            let message =
                format!("`{text}` has no part {} between `{}`", *options.index, options.delimiter.value);
            return Err(invalid(at, message, upstream));
        };
        let mut own = Tree::new(OriginId::UNKNOWN);
        let copy = own.graft(tree, node);
        own.set_root(copy);
        own.set_text(copy, part, tree.origin(node));
        Ok(Value::Own(own))
    }

    /// The value as it is now.
    fn now(&self, all: &ResMap) -> Tree {
        match self {
            Value::Own(tree) => tree.clone(),
            Value::Live(place, node) => {
                let mut own = Tree::new(OriginId::UNKNOWN);
                if let Some(resource) = all.get(*place) {
                    let copy = own.graft(resource.tree(), *node);
                    own.set_root(copy);
                }
                own
            }
        }
    }
}

fn select_source(
    source: &ReplacementSource,
    at: Option<Span>,
    all: &mut ResMap,
) -> Result<usize, BuildError> {
    let id = source_id(source);
    // The scope of no kind counts here.
    let or_default =
        |namespace: &str| if namespace.is_empty() { "default".to_owned() } else { namespace.to_owned() };
    let namespace = or_default(&id.namespace);
    let is_it = |other: &ResId| {
        (id.name.is_empty() || id.name == other.name)
            && (id.namespace.is_empty() || namespace == or_default(&other.namespace))
            && is_selected(&other.gvk, &id.gvk.group, &id.gvk.version, &id.gvk.kind)
    };
    let candidates = if id.name.is_empty() { (0..all.len()).collect() } else { all.by_name(&id.name) };
    let mut found = candidates.into_iter().filter(|&place| {
        all.get(place).is_some_and(|r| is_it(r.id()) || r.previous_ids().any(|former| is_it(&former)))
    });
    let text = || {
        let mut parts = vec![id.to_string()];
        if !source.field_path.is_empty() {
            parts.push(source.field_path.value.clone());
        }
        if let Some(options) = source.options.as_ref().filter(|o| !o.delimiter.is_empty() || o.create) {
            let FieldOptions { delimiter, index, create, .. } = options;
            parts.push(format!("{}({}), create={create}", delimiter.value, index.value));
        }
        parts.join(":")
    };
    match (found.next(), found.next()) {
        (Some(one), None) => Ok(one),
        (None, _) => {
            let upstream = format!("nothing selected by {}", text());
            Err(invalid(at, "no object is the source", upstream)
                .help("group, version, kind, name and namespace of a source are compared as they are, not as patterns"))
        }
        (Some(one), Some(other)) => {
            let upstream = format!("multiple matches for selector {}", text());
            let mut error = invalid(at, "several objects may be the source", upstream);
            for place in [one, other] {
                if let Some(resource) = all.get(place) {
                    error = error.via(resource.place(), "one of them");
                }
            }
            Err(error.help("say more of it: kind, name, namespace"))
        }
    }
}

fn source_id(source: &ReplacementSource) -> ResId {
    let gvk = crate::kube::Gvk {
        group: source.group.as_str().into(),
        version: source.version.as_str().into(),
        kind: source.kind.as_str().into(),
    };
    // A selector is of no scope, whatever its kind.
    ResId { is_cluster_scoped: false, ..ResId::of_gvk(gvk, &source.name, &source.namespace) }
}

/// What a replacement says of where its value comes from.
fn source_asked(replacement: &Replacement, cx: &mut Cx<'_>) -> OriginId {
    let Some(s) = &replacement.source else { return OriginId::UNKNOWN };
    let mut asked = cx.said_by([&s.group, &s.version, &s.kind, &s.name, &s.namespace, &s.field_path]);
    let Some(options) = &s.options else { return asked };
    for said in [cx.said_by([&options.delimiter]), cx.read(options.index.at)] {
        asked = cx.both(asked, said);
    }
    asked
}

fn write(
    target: &Spanned<ReplacementTarget>,
    value: &Value,
    source: OriginId,
    all: &mut ResMap,
    touched: &mut Option<Touched>,
    cx: &mut Cx<'_>,
) -> Result<(), BuildError> {
    let Some(selector) = &target.select else {
        let upstream = "target must specify resources to select";
        return Err(invalid(target.at, "a target needs `select`", upstream));
    };
    let compile = |selector: &Selector| {
        Choice::compile(selector).map_err(|text| {
            let upstream = format!("error creating target selector: {text}");
            invalid(target.at, format!("the selector cannot be read: {text}"), upstream)
        })
    };
    let select = compile(selector)?;
    let reject: Vec<Choice> = target
        .reject
        .iter()
        .map(|one| compile(&one.clone().unwrap_or_default()))
        .collect::<Result<_, _>>()?;
    let default = [Spanned { value: "metadata.name".to_owned(), at: target.at }];
    let paths = if target.field_paths.is_empty() { &default[..] } else { &target.field_paths[..] };
    let options = target.options.clone().unwrap_or_default();
    let mut is_found = false;
    for place in select.candidates(all) {
        let Some(resource) = all.get(place) else { continue };
        let bad = |text: String| invalid(target.at, format!("the selector cannot be read: {text}"), text);
        if !select.fits_labels(resource).map_err(bad)? {
            continue;
        }
        let mut rejected = false;
        for one in &reject {
            rejected = rejected || (one.has_labels() && one.fits_labels(resource).map_err(bad)?);
        }
        let has_id = |choice: &Choice| {
            choice.fits_id(resource.id()) || resource.previous_ids().any(|former| choice.fits_id(&former))
        };
        if !has_id(&select) {
            continue;
        }
        if rejected || reject.iter().any(|one| one.has_id() && has_id(one)) {
            keep(all, place, target, paths, cx);
            continue;
        }
        is_found = true;
        if let Some(touched) = touched {
            touched.note(place, resource);
        }
        let mut asked = cx.selected_by(selector, resource);
        let said = [cx.said_by([&options.delimiter]), cx.read(options.index.at), source];
        for said in said {
            asked = cx.both(asked, said);
        }
        for one in target.reject.iter().flatten() {
            let said = cx.said_of(one);
            asked = cx.both(asked, said);
        }
        for field in paths {
            let value = value.now(all);
            let by = cx.patched(field.at, OriginId::UNKNOWN);
            let Some(resource) = all.get_mut(place) else { continue };
            let before = Before::of(resource, cx);
            let at = resource.place();
            let is_part = !options.delimiter.is_empty();
            let mut origin = |was: OriginId| {
                if by == OriginId::UNKNOWN {
                    return was;
                }
                let patched = if is_part { cx.adapted(field.at, was) } else { cx.patched(field.at, was) };
                cx.origins.union(patched, value.origin(value.root()))
            };
            let done = resource.edit(|tree| write_field(tree, field, &value, &options, &mut origin));
            done.map_err(|error| {
                let message = match &error {
                    Fault::Delimiter => return delimiter_misplaced(field.at.or(target.at)),
                    Fault::Missing(text) => {
                        let made = if options.create { "found or made" } else { "found" };
                        let why =
                            text.as_deref().map_or(String::new(), |text| format!(": {}", text.trim_end()));
                        format!("`{}` cannot be {made} in the target{why}", field.value)
                    }
                };
                let made = if options.create { "find or create" } else { "find" };
                let quoted = quote(field.as_bytes());
                let mut upstream = format!("unable to {made} field {quoted} in replacement target");
                if let Fault::Missing(Some(text)) = error {
                    upstream = format!("{upstream}: {text}");
                }
                let error = invalid(field.at.or(target.at), message, upstream).via(at, "this is the target");
                if options.create {
                    error
                } else {
                    error.help("`options: {create: true}` makes missing fields")
                }
            })?;
            if let Some(resource) = all.get_mut(place) {
                let said = cx.said_by([field]);
                Before::decided_at(before, resource, (asked, said), cx);
            }
        }
    }
    if !is_found {
        findings::replacement::unmatched(target.at, cx);
    }
    Ok(())
}

/// Says of the fields of an object that it was rejected.
fn keep(
    all: &mut ResMap,
    place: usize,
    target: &ReplacementTarget,
    paths: &[Spanned<String>],
    cx: &mut Cx<'_>,
) {
    if !cx.options.trace {
        return;
    }
    let Some(resource) = all.get(place) else { return };
    let mut asked = OriginId::UNKNOWN;
    for one in target.reject.iter().flatten() {
        let said = cx.selected_by(one, resource);
        asked = cx.both(asked, said);
    }
    let Some(resource) = all.get_mut(place) else { return };
    let tree = resource.fields_mut();
    for field in paths {
        let found = matcher::find(tree, tree.root(), &path::split(field), None).ok().flatten();
        for node in found.into_iter().flatten() {
            let origin = cx.given(tree.origin(node.id), asked);
            tree.set_origin(node.id, origin);
        }
    }
}

enum Fault {
    Delimiter,
    /// With why, where that is more than that it is not there.
    Missing(Option<String>),
}

fn write_field(
    tree: &mut Tree,
    field: &str,
    value: &Tree,
    options: &FieldOptions,
    origin: &mut dyn FnMut(OriginId) -> OriginId,
) -> Result<(), Fault> {
    let create = options.create.then(|| match value.kind(value.root()) {
        Kind::Scalar => Create::Scalar,
        Kind::Seq => Create::Seq,
        Kind::Map => Create::Map,
    });
    let path = path::split(field);
    if structured::set(tree, &path, value, create, origin).is_some() {
        return Ok(());
    }
    let root = tree.root();
    let found = matcher::find(tree, root, &path, create).map_err(|text| Fault::Missing(Some(text)))?;
    let found = found.filter(|nodes| !nodes.is_empty()).ok_or(Fault::Missing(None))?;
    for node in found {
        set(tree, node, value, options, origin)?;
    }
    Ok(())
}

/// Writes a value over a node. A scalar takes the text alone and keeps its type.
fn set(
    tree: &mut Tree,
    node: matcher::Found,
    value: &Tree,
    options: &FieldOptions,
    origin: &mut dyn FnMut(OriginId) -> OriginId,
) -> Result<(), Fault> {
    let from = value.root();
    let is_null = value.is_null(from);
    let mut text = if value.kind(from) == Kind::Scalar { value.text(from).to_owned() } else { String::new() };
    if !options.delimiter.is_empty() {
        if tree.kind(node.id) != Kind::Scalar {
            return Err(Fault::Delimiter);
        }
        let part = if is_null { "" } else { text.as_str() };
        let mut parts: Vec<&str> = tree.text(node.id).split(options.delimiter.as_str()).collect();
        match usize::try_from(*options.index) {
            Err(_) => parts.insert(0, part),
            Ok(index) => match parts.get_mut(index) {
                Some(place) => *place = part,
                None => parts.push(part),
            },
        }
        text = parts.join(options.delimiter.as_str());
    }
    let origin = origin(tree.origin(node.id));
    if tree.kind(node.id) != Kind::Scalar {
        let copy = tree.graft(value, from);
        tree.become_node(node.id, copy);
        tree.set_origin(node.id, origin);
    } else if node.is_untyped {
        tree.set_untyped(node.id, text, origin);
    } else {
        tree.set_text(node.id, text, origin);
    }
    Ok(())
}

fn delimiter_misplaced(at: Option<Span>) -> BuildError {
    let upstream = "delimiter option can only be used with scalar nodes";
    invalid(at, "`delimiter` cuts texts, and this field is a map or a list", upstream)
}

fn invalid(at: Option<Span>, message: impl Into<String>, upstream: impl Into<String>) -> BuildError {
    BuildError::new(&TRANSFORMER_INVALID, place(at), message, upstream)
}

fn place(at: Option<Span>) -> Place {
    at.map_or(Place::Origin(OriginId::UNKNOWN), Place::Span)
}

#[cfg(test)]
mod tests;
