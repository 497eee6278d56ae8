//! ValueAddTransformer: one value into fields of many objects, or into the file paths that they hold.

use std::rc::Rc;

use source::{Diagnostics, OriginId, Place, Span};
use yaml::{Kind, Options, Profile, Tree, read_first};

use super::base_name;
use super::config::{ValueAddConfig, ValueAddTarget};
use crate::render::kustomize::codes::TRANSFORMER_INVALID;
use crate::render::kustomize::context::Cx;
use crate::render::kustomize::decode::{Decode, Decoder, Spanned};
use crate::render::kustomize::error::BuildError;
use crate::render::kustomize::field_spec::split_path;
use crate::render::kustomize::loader::Root;
use crate::render::kustomize::merge::{expect, is_other_than_string};
use crate::render::kustomize::res_map::ResMap;
use crate::render::kustomize::step::Transformer;
use crate::render::kustomize::target::Target;
use crate::render::kustomize::transform::NamespaceTransformer;

/// The transformer.
pub(super) struct ValueAdd {
    value: String,
    at: Option<Span>,
    targets: Vec<Spanned<ValueAddTarget>>,
}

impl ValueAdd {
    /// Reads the file of targets, if one is named.
    pub(super) fn new(
        config: ValueAddConfig,
        root: &Rc<Root>,
        cx: &mut Cx<'_>,
    ) -> Result<ValueAdd, BuildError> {
        let value = match config.value.trim() {
            "" => base_name(root),
            value => value.to_owned(),
        };
        let mut targets = config.targets;
        if !config.target_file_path.is_empty() {
            let at = place(config.target_file_path.at);
            let (source, text) = root.load_text(&config.target_file_path, at, cx)?;
            let options = Options::new(Profile::HelmValues);
            let doc = read_first(source, &text, &options, &mut Diagnostics::new());
            let mut decoder = Decoder::new(source, "ValueAddTransformerPlugin");
            if let Some(node) = doc.as_ref().and_then(|doc| doc.root()) {
                targets.extend(ValueAddConfig::decode(node, &mut decoder).targets);
            }
        }
        if targets.is_empty() {
            let message = "`targets` says where the value goes, and it is missing";
            return Err(invalid(config.value.at, message, "must specify at least one target"));
        }
        for target in &targets {
            if target.field_path.is_empty() {
                return Err(invalid(target.at, "a target needs a `fieldPath`", "fieldPath cannot be empty"));
            }
            if target.file_path_position < 0 {
                let upstream =
                    format!("value of FilePathPosition ({}) cannot be negative", target.file_path_position);
                return Err(invalid(target.at, "`filePathPosition` counts from one", upstream));
            }
        }
        Ok(ValueAdd { value, at: config.value.at, targets })
    }
}

impl Transformer for ValueAdd {
    fn transform(&mut self, all: &mut ResMap, cx: &mut Cx<'_>) -> Result<(), BuildError> {
        for target in &self.targets {
            let places = match &target.selector {
                None => (0..all.len()).collect(),
                Some(selector) => {
                    Target::compile(selector).and_then(|compiled| compiled.select(all)).map_err(|text| {
                        invalid(target.at, format!("the selector cannot be read: {text}"), text)
                    })?
                }
            };
            for place in places {
                let Some(resource) = all.get_mut(place) else { continue };
                if target.field_path.as_str() == "metadata/namespace" {
                    // Upstream's filter for namespaces, without its memory of the one before.
                    let mut one: ResMap = std::iter::once(resource.clone()).collect();
                    NamespaceTransformer::new(&self.value, self.at, &[]).transform(&mut one, cx)?;
                    if let Some(mut changed) = one.into_vec().pop() {
                        changed.notes.previous.pop();
                        all.replace(place, changed);
                    }
                    continue;
                }
                let origin = cx.patched(self.at, OriginId::UNKNOWN);
                let object = resource.place();
                let value = &self.value;
                let done = resource
                    .edit(|tree| put(tree, &target.field_path, target.file_path_position, value, origin));
                done.map_err(|text| {
                    invalid(target.at, format!("the value cannot be put there: {}", text.trim_end()), text)
                        .via(object, "into this object")
                })?;
            }
        }
        Ok(())
    }
}

/// Sets the field, made where it is missing; or inserts the value into the file path that it holds.
fn put(tree: &mut Tree, path: &str, position: i64, value: &str, origin: OriginId) -> Result<(), String> {
    let mut at = tree.root();
    let parts: Vec<String> = split_path(path, '/')
        .into_iter()
        .map(|part| part.trim().to_owned())
        .filter(|p| !p.is_empty())
        .collect();
    for (place, part) in parts.iter().enumerate() {
        expect(tree, at, Kind::Map)?;
        at = match tree.get(at, part) {
            Some(found) => found,
            None => {
                let made = if place + 1 == parts.len() { tree.plain("", origin) } else { tree.map(origin) };
                tree.set(at, part, made);
                made
            }
        };
    }
    expect(tree, at, Kind::Scalar)?;
    let text = match usize::try_from(position) {
        Ok(position) if position > 0 => inserted(tree.text(at), position - 1, value),
        _ => value.to_owned(),
    };
    if tree.style(at) == yaml::Style::Plain && is_other_than_string(&text) && tree.text(at).is_empty() {
        tree.set_style(at, yaml::Style::Plain);
    }
    tree.set_untyped(at, text, origin);
    Ok(())
}

/// A path with one more part, counted without its leading slash.
fn inserted(path: &str, position: usize, part: &str) -> String {
    let path = path.trim_end_matches('/');
    let (root, rest) = match path.strip_prefix('/') {
        Some(rest) => ("/", rest),
        None => ("", path),
    };
    let mut parts: Vec<&str> = rest.split('/').filter(|part| !part.is_empty()).collect();
    parts.insert(position.min(parts.len()), part);
    format!("{root}{}", parts.join("/"))
}

fn invalid(at: Option<Span>, message: impl Into<String>, upstream: impl Into<String>) -> BuildError {
    BuildError::new(&TRANSFORMER_INVALID, place(at), message, upstream)
}

fn place(at: Option<Span>) -> Place {
    at.map_or(Place::Origin(OriginId::UNKNOWN), Place::Span)
}

#[cfg(test)]
mod tests {
    use super::inserted;

    #[test]
    fn parts_of_file_paths() {
        for (path, position, result) in [
            ("pie", 0, "PEACH/pie"),
            ("/pie", 0, "/PEACH/pie"),
            ("raw", 1, "raw/PEACH"),
            ("/raw", 9, "/raw/PEACH"),
            ("a/nice/warm/pie", 3, "a/nice/warm/PEACH/pie"),
            ("/a/nice/warm/pie", 3, "/a/nice/warm/PEACH/pie"),
            ("", 0, "PEACH"),
        ] {
            assert_eq!(inserted(path, position, "PEACH"), result, "{path}");
        }
    }
}
