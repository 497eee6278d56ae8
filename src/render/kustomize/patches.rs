//! Patches: the fields `patches`, `patchesStrategicMerge` and `patchesJson6902`, and the builtin transformers of the same
//! meaning.
//!
//! Upstream configures all transformers of a layer before it runs one, so files are read and texts told apart first
//! ([`configure`] and its siblings), and targets are looked for when the transformer runs.

mod json6902;
mod read;
mod strategic;

pub(super) use strategic::rewrite_strings;

use std::rc::Rc;

use gotmpl::strconv::quote;
use source::{OriginId, Place, Span};

use super::codes::TRANSFORMER_INVALID;
use super::context::Cx;
use super::decided::Before;
use super::decode::Text;
use super::embedded;
use super::error::BuildError;
use super::findings::{self, Texts};
use super::kustomization::{Kustomization, Patch, Selector};
use super::loader::Root;
use super::res_map::ResMap;
use super::resource::Resource;
use super::step::Transformer;
use super::target::Target;
use json6902::JsonPatch;

/// The entries of `patches`: each a strategic merge patch or a JSON patch, told apart by trying both.
///
/// # Errors
/// A file cannot be read, a text is neither or both.
pub fn configure(
    kustomization: &Kustomization,
    root: &Rc<Root>,
    cx: &mut Cx<'_>,
) -> Result<Vec<Box<dyn Transformer>>, BuildError> {
    let mut steps: Vec<Box<dyn Transformer>> = Vec::new();
    for entry in &kustomization.patches {
        let step = PatchStep::new(entry, entry.at, root, cx)
            .map_err(|error| trouble(error, "PatchTransformer", entry, "patch"))?;
        steps.push(Box::new(step));
    }
    Ok(steps)
}

/// The entries of `patchesStrategicMerge`: each a text, or else a file.
///
/// # Errors
/// An entry is neither.
pub fn configure_strategic_merge(
    kustomization: &Kustomization,
    root: &Rc<Root>,
    cx: &mut Cx<'_>,
) -> Result<Vec<Box<dyn Transformer>>, BuildError> {
    let entries = &kustomization.patches_strategic_merge;
    if entries.is_empty() {
        return Ok(Vec::new());
    }
    let step = StrategicMergeStep::new(entries, &Text::default(), None, root, cx)?;
    Ok(vec![Box::new(step)])
}

/// The entries of `patchesJson6902`.
///
/// # Errors
/// An entry names no target, no operations, or what are none.
pub fn configure_json6902(
    kustomization: &Kustomization,
    root: &Rc<Root>,
    cx: &mut Cx<'_>,
) -> Result<Vec<Box<dyn Transformer>>, BuildError> {
    let mut steps: Vec<Box<dyn Transformer>> = Vec::new();
    for entry in &kustomization.patches_json6902 {
        let step = Json6902Step::new(entry, entry.at, root, cx)
            .map_err(|error| trouble(error, "PatchJson6902Transformer", entry, "jsonOp"))?;
        steps.push(Box::new(step));
    }
    Ok(steps)
}

/// Upstream's words around what is wrong with an entry, which has it printed once more.
fn trouble(error: BuildError, kind: &str, entry: &Patch, text_key: &str) -> BuildError {
    let config = config_text(entry, text_key);
    error.wrap(format!("trouble configuring builtin {kind} with config: `\n{config}`"))
}

/// An entry as Go prints it: keys sorted, what is empty left out.
fn config_text(entry: &Patch, text_key: &str) -> String {
    let mut config = String::new();
    let quoted = |text: &str| {
        let mut tree = yaml::Tree::new(OriginId::UNKNOWN);
        let value = tree.string(text, OriginId::UNKNOWN);
        tree.set(tree.root(), "x", value);
        let text = yaml::emit::tree(&tree).unwrap_or_default();
        text.strip_prefix("x: ").unwrap_or_default().trim_end().to_owned()
    };
    let field = |config: &mut String, indent: &str, key: &str, text: &str| {
        if !text.is_empty() {
            config.push_str(&format!("{indent}{key}: {}\n", quoted(text)));
        }
    };
    if let Some(options) = &entry.options {
        config.push_str("options:");
        match (*options.allow_kind_change, *options.allow_name_change) {
            (false, false) => config.push_str(" {}\n"),
            (kind, name) => {
                config.push('\n');
                for (set, key) in [(kind, "allowKindChange"), (name, "allowNameChange")] {
                    if set {
                        config.push_str(&format!("  {key}: true\n"));
                    }
                }
            }
        }
    }
    field(&mut config, "", text_key, &entry.patch);
    field(&mut config, "", "path", &entry.path);
    if let Some(target) = &entry.target {
        let fields = [
            ("annotationSelector", &target.annotation_selector),
            ("group", &target.group),
            ("kind", &target.kind),
            ("labelSelector", &target.label_selector),
            ("name", &target.name),
            ("namespace", &target.namespace),
            ("version", &target.version),
        ];
        if fields.iter().all(|(_, text)| text.is_empty()) {
            config.push_str("target: {}\n");
        } else {
            config.push_str("target:\n");
            for (key, text) in fields {
                field(&mut config, "  ", key, text);
            }
        }
    }
    if config.is_empty() { "{}\n".to_owned() } else { config }
}

fn invalid(at: Option<Span>, message: impl Into<String>, upstream: impl Into<String>) -> BuildError {
    BuildError::new(&TRANSFORMER_INVALID, span_place(at), message, upstream)
}

fn span_place(at: Option<Span>) -> Place {
    at.map_or(Place::Origin(OriginId::UNKNOWN), Place::Span)
}

/// An entry of `patches`, or a PatchTransformer.
pub struct PatchStep {
    strategic: Vec<Resource>,
    json: Option<JsonPatch>,
    target: Option<(Selector, Option<Span>)>,
    /// As upstream's texts name it.
    shown: String,
    at: Option<Span>,
    /// Where it is said whether the name, and whether the kind may change.
    allowed: [Option<Span>; 2],
}

impl PatchStep {
    /// Reads the patch.
    ///
    /// # Errors
    /// There is none, or two; it cannot be read; it is no patch.
    pub fn new(
        entry: &Patch,
        at: Option<Span>,
        root: &Rc<Root>,
        cx: &mut Cx<'_>,
    ) -> Result<PatchStep, BuildError> {
        let inline = entry.patch.trim_matches(|c: char| c.is_whitespace() || c == '\u{85}');
        let (text, place, shown) = match (inline, entry.path.as_str()) {
            ("", "") => {
                let upstream =
                    format!("must specify one of patch and path in\n{}", config_text(entry, "patch"));
                return Err(invalid(at, "the patch has neither `path` nor `patch`", upstream));
            }
            ("", path) => {
                let (source, text) = root
                    .load_text(path, span_place(entry.path.at), cx)
                    .map_err(|error| error.wrap(format!("failed to get the patch file from path({path})")))?;
                (text, embedded::Place::file(source), format!("[path: {}]", quote(path.as_bytes())))
            }
            (inline, "") => {
                let skipped = entry.patch.find(inline).unwrap_or(0);
                let place = embedded::of_scalar(&entry.patch, skipped, cx);
                (inline.into(), place, format!("[patch: {}]", quote(inline.as_bytes())))
            }
            _ => {
                let config = config_text(entry, "patch");
                let upstream = format!("patch and path can't be set at the same time\n{config}");
                return Err(invalid(at, "the patch has both `path` and `patch`", upstream));
            }
        };
        let strategic = read::strategic(&text, &place, cx);
        let json = JsonPatch::read(&text, &place, cx.origins);
        let mut step = PatchStep {
            strategic: Vec::new(),
            json: None,
            target: entry.target.as_ref().map(|target| (target.value.clone(), target.at)),
            shown,
            at: entry.path.at.or(entry.patch.at).or(at),
            allowed: entry
                .options
                .as_ref()
                .map_or([None; 2], |options| [options.allow_name_change.at, options.allow_kind_change.at]),
        };
        match (strategic, json) {
            (Ok(strategic), Ok(json)) if !strategic.is_empty() && !json.is_empty() => {
                let upstream = format!("illegally qualifies as both an SM and JSON patch: {}", step.shown);
                Err(invalid(step.at, "it is a strategic merge patch and a JSON patch at once", upstream))
            }
            (Err(first), Err(second)) => {
                let upstream = format!("unable to parse SM or JSON patch from {}", step.shown);
                let message = format!(
                    "it is no patch: not a strategic merge patch ({}), nor a JSON patch ({})",
                    first.upstream().trim_end(),
                    second.trim_end()
                );
                Err(invalid(step.at, message, upstream).help(
                    "a strategic merge patch is an object with apiVersion, kind and metadata.name; a JSON patch is a list of operations",
                ))
            }
            (Ok(strategic), _) => {
                step.strategic = strategic;
                if let Some(options) = &entry.options {
                    for patch in &mut step.strategic {
                        patch.notes.allows_name_change |= *options.allow_name_change;
                        patch.notes.allows_kind_change |= *options.allow_kind_change;
                        // Upstream notes the leave among the annotations, which makes strings of them all.
                        if (*options.allow_name_change || *options.allow_kind_change)
                            && let Some(metadata) = patch.metadata()
                        {
                            rewrite_strings(patch.fields_mut(), metadata, "annotations");
                        }
                    }
                }
                Ok(step)
            }
            (Err(_), Ok(json)) => {
                step.json = Some(json);
                Ok(step)
            }
        }
    }

    fn merge_strategic(&self, all: &mut ResMap, cx: &mut Cx<'_>) -> Result<(), BuildError> {
        let Some((selector, at)) = &self.target else {
            for patch in &self.strategic {
                let id = patch.id().clone();
                let place = all.one_by_any_id(&id).map_err(|text| {
                    let upstream = format!(
                        "no resource matches strategic merge patch {}: {text}",
                        quote(id.to_string().as_bytes())
                    );
                    no_target(patch, upstream)
                })?;
                if let Some(resource) = all.get_mut(place) {
                    strategic::apply(resource, patch, &patch.exposed(), OriginId::UNKNOWN, cx)?;
                    self.permit(resource, patch, cx);
                }
            }
            return Ok(());
        };
        if self.strategic.len() > 1 {
            let upstream = format!(
                "Multiple Strategic-Merge Patches in one `patches` entry is not allowed to set `patches.target` field: {}",
                self.shown
            );
            let message = "a patch with a target has to be one document";
            return Err(invalid(*at, message, upstream).help(
                "make an entry of each document, or take `target` out, so that each names its object",
            ));
        }
        let Some(patch) = self.strategic.first() else { return Ok(()) };
        let target = compile(selector, *at).map_err(|error| {
            let text = selector_text(selector);
            error.wrap(format!("unable to find patch target {} in `resources`", quote(text.as_bytes())))
        })?;
        let places = target.select(all).map_err(|text| bad_selector(text, *at))?;
        if places.is_empty() {
            findings::patch::unmatched(at.or(self.at), cx);
        }
        strategic::apply_to_all(
            all,
            &places,
            patch,
            Some(selector),
            &|resource, cx| {
                self.permit(resource, patch, cx);
            },
            cx,
        )
    }

    /// Says of name and kind that the options of the patch decided on them, where the patch has others.
    fn permit(&self, resource: &mut Resource, patch: &Resource, cx: &mut Cx<'_>) {
        if !cx.options.trace {
            return;
        }
        let notes = &patch.notes;
        let [by_name, by_kind] = self.allowed;
        let is_other = |own: &str, other: &str, allowed: bool| allowed || own != other;
        let name = is_other(resource.name(), patch.name(), notes.allows_name_change);
        let kind = is_other(resource.kind(), patch.kind(), notes.allows_kind_change);
        let tree = resource.tree();
        let nodes = [
            (resource.metadata().and_then(|map| tree.get(map, "name")).filter(|_| name), by_name),
            (tree.get(tree.root(), "kind").filter(|_| kind), by_kind),
        ];
        let tree = resource.fields_mut();
        for (node, at) in nodes {
            let (Some(node), Some(at)) = (node, at) else { continue };
            let asked = cx.read(Some(at));
            let origin = cx.given(tree.origin(node), asked);
            tree.set_origin(node, origin);
        }
    }
}

impl Transformer for PatchStep {
    fn transform(&mut self, all: &mut ResMap, cx: &mut Cx<'_>) -> Result<(), BuildError> {
        if !cx.options.findings {
            return self.apply(all, cx);
        }
        let places = self.places(all);
        let before = Texts::of(all, &places);
        let count = all.len();
        self.apply(all, cx)?;
        if !places.is_empty() && all.len() == count && before.are_same(all, &places) {
            findings::patch::idle(self.at, cx);
        }
        Ok(())
    }
}

impl PatchStep {
    /// The places of the objects that it is for, for findings.
    fn places(&self, all: &mut ResMap) -> Vec<usize> {
        match &self.target {
            Some((selector, _)) => {
                Target::compile(selector).and_then(|target| target.select(all)).unwrap_or_default()
            }
            None => self.strategic.iter().filter_map(|patch| all.one_by_any_id(patch.id()).ok()).collect(),
        }
    }

    fn apply(&self, all: &mut ResMap, cx: &mut Cx<'_>) -> Result<(), BuildError> {
        if !self.strategic.is_empty() {
            return self.merge_strategic(all, cx);
        }
        let Some(patch) = self.json.as_ref().filter(|patch| !patch.is_absent()) else { return Ok(()) };
        let Some((selector, at)) = &self.target else {
            let upstream = format!("must specify a target for JSON patch {}", self.shown);
            return Err(invalid(self.at, "a JSON patch needs a `target`", upstream)
                .help("say which objects it is for: `target: {kind: Deployment, name: ...}`"));
        };
        let places = compile(selector, *at)?.select(all).map_err(|text| bad_selector(text, *at))?;
        if places.is_empty() {
            findings::patch::unmatched(at.or(self.at), cx);
        }
        for place in places {
            if let Some(resource) = all.get_mut(place) {
                resource.store_previous_id();
                let (before, asked) = (Before::of(resource, cx), cx.selected_by(selector, resource));
                let (was, file) = (resource.place(), file_of(resource, cx));
                patch.apply(resource, cx)?;
                Before::decided(before, resource, asked, cx);
                if resource.is_empty() || is_of_another_file(resource, file, cx) {
                    cx.drop_object(was, asked);
                }
            }
        }
        Ok(())
    }
}

/// The file that an object is told by, where origins are followed.
fn file_of(resource: &Resource, cx: &Cx<'_>) -> Option<source::SourceId> {
    let root = resource.tree().origin(resource.tree().root());
    if cx.options.trace { cx.origins.primary(root).map(|at| at.source) } else { None }
}

/// Whether a patch put an object of its own in the place of another.
fn is_of_another_file(resource: &Resource, file: Option<source::SourceId>, cx: &Cx<'_>) -> bool {
    file.is_some() && file_of(resource, cx) != file
}

fn compile(selector: &Selector, at: Option<Span>) -> Result<Target, BuildError> {
    Target::compile(selector).map_err(|text| bad_selector(text, at))
}

fn bad_selector(text: String, at: Option<Span>) -> BuildError {
    invalid(at, format!("the target cannot be read: {text}"), text)
}

/// A selector as upstream's texts have it.
fn selector_text(selector: &Selector) -> String {
    let gvk = crate::kube::Gvk {
        group: selector.group.as_str().into(),
        version: selector.version.as_str().into(),
        kind: selector.kind.as_str().into(),
    };
    let id = super::res_id::ResId::of_gvk(gvk, &selector.name, &selector.namespace);
    format!("{id}:a={}:l={}", selector.annotation_selector.value, selector.label_selector.value)
}

fn no_target(patch: &Resource, upstream: String) -> BuildError {
    let id = patch.id();
    let name = match &*id.namespace {
        "" => format!("{} `{}`", id.gvk.kind, id.name),
        namespace => format!("{} `{}` of namespace `{namespace}`", id.gvk.kind, id.name),
    };
    BuildError::new(
        &TRANSFORMER_INVALID,
        patch.place(),
        format!("the patch is for {name}, and there is no such object, or there are several"),
        upstream,
    )
    .help("apiVersion, kind, name and namespace of a patch are those of the object before this layer renames it")
}

/// The entries of `patchesStrategicMerge`, or a PatchStrategicMergeTransformer.
pub struct StrategicMergeStep {
    patches: Vec<Resource>,
}

impl StrategicMergeStep {
    /// Reads the patches: of each path the text that it is, or else the file that it names; then those of a text.
    ///
    /// # Errors
    /// An entry is neither, or there is no patch at all.
    pub fn new(
        paths: &[Text],
        inline: &Text,
        at: Option<Span>,
        root: &Rc<Root>,
        cx: &mut Cx<'_>,
    ) -> Result<StrategicMergeStep, BuildError> {
        let at = paths.first().and_then(|path| path.at).or(at);
        if paths.is_empty() && inline.is_empty() {
            let upstream = "empty file path and empty patch content";
            return Err(invalid(at, "there is neither a path nor a patch", upstream));
        }
        let mut patches = Vec::new();
        for entry in paths {
            let place = embedded::of_scalar(entry, 0, cx);
            match read::strategic(entry, &place, cx) {
                Ok(read) => patches.extend(read),
                Err(_) => {
                    let (source, text) = root.load_text(entry, span_place(entry.at), cx)?;
                    patches.extend(read::strategic(&text, &embedded::Place::file(source), cx)?);
                }
            }
        }
        if !inline.is_empty() {
            let place = embedded::of_scalar(inline, 0, cx);
            patches.extend(read::strategic(inline, &place, cx)?);
        }
        if patches.is_empty() {
            let names: Vec<&str> = paths.iter().map(|entry| entry.value.as_str()).collect();
            let upstream =
                format!("patch appears to be empty; files=[{}], Patch={}", names.join(" "), inline.value);
            return Err(invalid(at, "there is no patch in these files", upstream));
        }
        Ok(StrategicMergeStep { patches })
    }
}

impl Transformer for StrategicMergeStep {
    fn transform(&mut self, all: &mut ResMap, cx: &mut Cx<'_>) -> Result<(), BuildError> {
        for patch in &self.patches {
            let place = all.one_by_any_id(patch.id()).map_err(|text| no_target(patch, text))?;
            strategic::apply_to_all(all, &[place], patch, None, &|_, _| (), cx)?;
        }
        Ok(())
    }
}

/// An entry of `patchesJson6902`, or a PatchJson6902Transformer.
pub struct Json6902Step {
    patch: JsonPatch,
    selector: Selector,
    at: Option<Span>,
}

impl Json6902Step {
    /// Reads the patch.
    ///
    /// # Errors
    /// The target has no name, there are no operations, or what is there are none.
    pub fn new(
        entry: &Patch,
        at: Option<Span>,
        root: &Rc<Root>,
        cx: &mut Cx<'_>,
    ) -> Result<Json6902Step, BuildError> {
        let Some(target) = entry.target.as_ref().filter(|target| !target.name.is_empty()) else {
            let at = entry.target.as_ref().and_then(|target| target.at).or(at);
            return Err(invalid(
                at,
                "the target of a JSON patch needs a name",
                "must specify the target name",
            ));
        };
        let (text, place) = match (entry.path.as_str(), entry.patch.as_str()) {
            ("", "") => {
                let upstream = "empty file path and empty jsonOp";
                return Err(invalid(at, "the patch has neither `path` nor `patch`", upstream));
            }
            ("", text) => (text.into(), embedded::of_scalar(&entry.patch, 0, cx)),
            (path, "") => {
                let (source, text) = root.load_text(path, span_place(entry.path.at), cx)?;
                if text.is_empty() {
                    let upstream = format!("patch file '{path}' empty seems to be empty");
                    return Err(invalid(entry.path.at, format!("{path} is empty"), upstream));
                }
                (text, embedded::Place::file(source))
            }
            _ => {
                let upstream = "must specify a file path or jsonOp, not both";
                return Err(invalid(at, "the patch has both `path` and `patch`", upstream));
            }
        };
        let at = entry.path.at.or(entry.patch.at).or(at);
        let patch = JsonPatch::read(&text, &place, cx.origins)
            .map_err(|text| invalid(at, format!("it is no JSON patch: {text}"), text))?;
        if patch.is_empty() {
            let upstream = format!("patch appears to be empty; file={}, JsonOp={text}", entry.path.value);
            return Err(invalid(at, "there is no operation in the patch", upstream));
        }
        Ok(Json6902Step { patch, selector: target.value.clone(), at: target.at })
    }
}

impl Transformer for Json6902Step {
    fn transform(&mut self, all: &mut ResMap, cx: &mut Cx<'_>) -> Result<(), BuildError> {
        let places =
            compile(&self.selector, self.at)?.select(all).map_err(|text| bad_selector(text, self.at))?;
        if places.is_empty() {
            findings::patch::unmatched(self.at, cx);
        }
        for place in places {
            if let Some(resource) = all.get_mut(place) {
                let asked = cx.selected_by(&self.selector, resource);
                let before = Before::of(resource, cx);
                let (was, file) = (resource.place(), file_of(resource, cx));
                self.patch.apply(resource, cx)?;
                Before::decided(before, resource, asked, cx);
                if resource.is_empty() || is_of_another_file(resource, file, cx) {
                    cx.drop_object(was, asked);
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
