//! `images`.

use std::cell::Cell;

use gotmpl::regexp::Regexp;
use source::{OriginId, Place, Span};
use yaml::{Kind, NodeId, Tree};

use super::{failed, set_untyped, walks};
use crate::render::kustomize::codes::TRANSFORMER_INVALID;
use crate::render::kustomize::context::Cx;
use crate::render::kustomize::decode::Spanned;
use crate::render::kustomize::error::BuildError;
use crate::render::kustomize::field_spec::{FieldSpec, Make, Walk, wrong_kind};
use crate::render::kustomize::findings;
use crate::render::kustomize::kustomization::Image;
use crate::render::kustomize::res_map::ResMap;
use crate::render::kustomize::step::Transformer;

/// Gives images other names, tags and digests (api 0.21.1, `ImageTagTransformer`).
///
/// It runs twice over every object but definitions of custom resources: first over all lists called `containers` or
/// `initContainers` wherever they stand, then over the fields of the table. What is changed twice is changed twice:
/// a `tagSuffix` doubles.
pub struct ImageTransformer {
    image: Spanned<Image>,
    walks: Vec<Walk>,
    /// What came of it, for findings.
    seen: Cell<Seen>,
}

/// What an entry met.
#[derive(Clone, Copy, Default)]
struct Seen {
    matched: bool,
    changed: bool,
}

impl ImageTransformer {
    /// From an entry of `images`.
    pub fn new(image: Spanned<Image>, specs: &[FieldSpec]) -> ImageTransformer {
        ImageTransformer { image, walks: walks(specs), seen: Cell::default() }
    }
}

impl Transformer for ImageTransformer {
    fn transform(&mut self, all: &mut ResMap, cx: &mut Cx<'_>) -> Result<(), BuildError> {
        let matcher = Matcher::new(&self.image)?;
        for resource in all.iter_fields() {
            if resource.kind() == "CustomResourceDefinition" {
                continue;
            }
            let any = OriginId::UNKNOWN;
            let mut set = |tree: &mut Tree, node| self.set(&matcher, tree, node, any, cx);
            let result = everywhere(resource.fields_mut(), &mut set);
            result.map_err(|text| failed(resource, text))?;
        }
        let once = self.seen.take();
        for resource in all.iter_for(&self.walks) {
            if resource.kind() == "CustomResourceDefinition" {
                continue;
            }
            let id = resource.id().clone();
            for walk in &self.walks {
                let typed = cx.typed_for(walk, resource);
                let mut set = |tree: &mut Tree, node| self.set(&matcher, tree, node, typed, cx);
                let made = OriginId::UNKNOWN;
                let result = walk.visit(resource.tree_for(walk), &id, Make::Nothing, made, &mut set);
                result.map_err(|text| failed(resource, text))?;
            }
        }
        let twice = self.seen.take();
        let is_matched = once.matched || twice.matched;
        findings::image::check(&self.image, is_matched, once.changed || twice.changed, cx);
        let has_suffix = !self.image.tag_suffix.is_empty() && self.image.new_tag.is_empty();
        let is_doubled = has_suffix && self.image.digest.is_empty() && once.changed && twice.changed;
        findings::tag_suffix::check(&self.image, is_doubled, cx);
        Ok(())
    }
}

impl ImageTransformer {
    /// The origin of an image that was changed: every field that says what it becomes, the one that says most last.
    fn origin(&self, was: OriginId, typed: OriginId, cx: &mut Cx<'_>) -> OriginId {
        let image = &self.image;
        let fields = [&image.tag_suffix, &image.new_name, &image.digest, &image.new_tag];
        let mut origin = was;
        for field in fields.into_iter().filter(|field| !field.is_empty()) {
            origin = cx.adapted(field.at.or(image.at), origin);
        }
        // A field that is there and empty could say something.
        let said = [&image.tag_suffix, &image.new_name, &image.digest, &image.new_tag];
        let empty: Vec<Span> =
            said.into_iter().filter(|field| field.is_empty()).filter_map(|f| f.at).collect();
        let mut asked = cx.said_by([&image.name]);
        for cond in [cx.all_of(&empty), typed] {
            asked = cx.both(asked, cond);
        }
        cx.given(origin, asked)
    }

    fn set(
        &self,
        matcher: &Matcher,
        tree: &mut Tree,
        node: NodeId,
        typed: OriginId,
        cx: &mut Cx<'_>,
    ) -> Result<(), String> {
        if !tree.is_null(node) && tree.kind(node) != Kind::Scalar {
            return Err(wrong_kind(tree, node, "ScalarNode"));
        }
        let old = tree.text(node);
        if !matcher.matches(old) {
            return Ok(());
        }
        let new = self.renamed(old);
        let changed = self.seen.get().changed || new != old;
        self.seen.set(Seen { matched: true, changed });
        let origin = self.origin(tree.origin(node), typed, cx);
        set_untyped(tree, node, &new, origin)
    }

    fn renamed(&self, old: &str) -> String {
        let image = &self.image;
        let (name, tag, digest) = split(old);
        let mut new = if image.new_name.is_empty() { name } else { &image.new_name }.to_owned();
        let (tag, digest) = match (&**image.new_tag, &**image.digest, &**image.tag_suffix) {
            ("", "", "") => (tag.to_owned(), digest),
            ("", "", suffix) => (format!("{tag}{suffix}"), ""),
            (tag, digest, _) => (tag.to_owned(), digest),
        };
        if !tag.is_empty() {
            new.push(':');
            new.push_str(&tag);
        }
        if !digest.is_empty() {
            new.push('@');
            new.push_str(digest);
        }
        new
    }
}

/// Calls `set` on the image of every item of every list under the two keys.
fn everywhere(
    tree: &mut Tree,
    set: &mut dyn FnMut(&mut Tree, NodeId) -> Result<(), String>,
) -> Result<(), String> {
    let mut todo = vec![tree.root()];
    let mut images = Vec::new();
    while let Some(node) = todo.pop() {
        match tree.kind(node) {
            Kind::Scalar => {}
            Kind::Seq => todo.extend(tree.children(node)),
            Kind::Map => {
                for (key, value) in tree.entries(node) {
                    todo.push(value);
                    if matches!(tree.text(key), "containers" | "initContainers")
                        && tree.kind(value) == Kind::Seq
                    {
                        images.extend(tree.children(value));
                    }
                }
            }
        }
    }
    for item in images {
        if tree.is_null(item) {
            continue;
        }
        if tree.kind(item) != Kind::Map {
            return Err(wrong_kind(tree, item, "MappingNode"));
        }
        if let Some(image) = tree.get(item, "image") {
            set(tree, image)?;
        }
    }
    Ok(())
}

/// Tells whether an image is the one that is meant.
enum Matcher {
    /// The name has nothing that means something in a regular expression.
    Plain(String),
    Regexp(std::rc::Rc<Regexp>),
}

impl Matcher {
    /// The name is put into a regular expression as it is.
    fn new(image: &Spanned<Image>) -> Result<Matcher, BuildError> {
        let name = &**image.name;
        if !name.bytes().any(|b| gotmpl::regexp::is_meta(b) || b == b'(' || b == b'[' || b == b'{') {
            return Ok(Matcher::Plain(name.to_owned()));
        }
        let pattern = format!("^{name}(:[a-zA-Z0-9_.{{}}-]*)?(@sha256:[a-zA-Z0-9_.{{}}-]*)?$");
        Regexp::compile(pattern.as_bytes()).map(Matcher::Regexp).map_err(|error| {
            let at = image.name.at.or(image.at).map_or(Place::from(OriginId::UNKNOWN), Place::from);
            let message = format!("`{name}` is read as part of a regular expression, and is none: {error:?}");
            let upstream = "panic: runtime error: invalid memory address or nil pointer dereference";
            BuildError::new(&TRANSFORMER_INVALID, at, message, upstream)
        })
    }

    fn matches(&self, image: &str) -> bool {
        match self {
            Matcher::Regexp(regexp) => regexp.is_match(image.as_bytes()),
            Matcher::Plain(name) => {
                let Some(rest) = image.strip_prefix(&**name) else { return false };
                let is_tag =
                    |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'{' | b'}' | b'-');
                let behind = |text: &'_ str| text.bytes().take_while(|b| is_tag(*b)).count();
                let mut rest = rest;
                if let Some(tag) = rest.strip_prefix(':') {
                    rest = &tag[behind(tag)..];
                }
                if let Some(digest) = rest.strip_prefix("@sha256:") {
                    rest = &digest[behind(digest)..];
                }
                rest.is_empty()
            }
        }
    }
}

/// Name, tag and digest of an image; a registry's port is no tag.
fn split(image: &str) -> (&str, &str, &str) {
    let start = image.find('/').unwrap_or(0);
    let (at, colon) = (image[start..].find('@'), image[start..].find(':'));
    match (at.map(|n| n + start), colon.map(|n| n + start)) {
        (None, None) => (image, "", ""),
        (Some(at), colon) if colon.is_none_or(|colon| at < colon) => (&image[..at], "", &image[at + 1..]),
        (Some(at), Some(colon)) => (&image[..colon], &image[colon + 1..at], &image[at + 1..]),
        (_, Some(colon)) => (&image[..colon], &image[colon + 1..], ""),
        (Some(at), None) => (&image[..at], "", &image[at + 1..]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::kustomize::config::TransformerConfig;
    use crate::render::kustomize::testing::transformed;

    fn transformer(name: &str, change: impl FnOnce(&mut Image)) -> ImageTransformer {
        let mut image = Image::default();
        image.name.value = name.to_owned();
        change(&mut image);
        let specs = TransformerConfig::builtin().images.clone();
        ImageTransformer::new(Spanned { value: image, at: None }, &specs)
    }

    #[test]
    fn parts_of_images() {
        assert_eq!(split("r:5000/a/b"), ("r:5000/a/b", "", ""));
        assert_eq!(split("r:5000/a/b:1"), ("r:5000/a/b", "1", ""));
        assert_eq!(split("a@sha256:f"), ("a", "", "sha256:f"));
        assert_eq!(split("a:1@sha256:f"), ("a", "1", "sha256:f"));
    }

    #[test]
    fn tags_digests_and_names() {
        let tag = transformer("a", |image| image.new_tag.value = "2".to_owned());
        assert_eq!(tag.renamed("a:1@sha256:f"), "a:2");
        let digest = transformer("a", |image| image.digest.value = "sha256:e".to_owned());
        assert_eq!(digest.renamed("a:1"), "a@sha256:e");
        let name = transformer("a", |image| image.new_name.value = "b".to_owned());
        assert_eq!(name.renamed("a:1@sha256:f"), "b:1@sha256:f");
    }

    #[test]
    fn the_name_is_an_expression() {
        let matches = |name: &str, image: &str| {
            let image_of = transformer(name, |_| {});
            Matcher::new(&image_of.image).map(|m| m.matches(image)).map_err(|e| e.upstream().to_owned())
        };
        assert_eq!(matches("re.ex", "reXex:1"), Ok(true));
        assert_eq!(matches("a", "ab"), Ok(false));
        assert_eq!(matches("a", "a:1@sha256:0"), Ok(true));
        assert!(matches("a(", "a").is_err());
    }

    #[test]
    fn a_suffix_is_put_twice() {
        let mut suffix = transformer("a", |image| image.tag_suffix.value = "-x".to_owned());
        let text = "kind: Pod\nmetadata: {name: a}\nspec: {containers: [{image: \"a:1\"}], other: {initContainers: [{image: \"a\"}]}}\n";
        assert_eq!(
            transformed(text, &mut suffix).unwrap(),
            text.replace("a:1", "a:1-x-x").replace("\"a\"", "\"a:-x\"")
        );
    }
}
