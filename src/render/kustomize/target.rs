//! Which objects a patch or a replacement is for: regular expressions over identity, and selectors over labels and annotations.

use std::rc::Rc;

use gotmpl::regexp::Regexp;
use yaml::NodeId;

use super::kustomization::Selector;
use super::label_selector::LabelSelector;
use super::res_id::ResId;
use super::res_map::ResMap;
use super::resource::Resource;

/// A selector, compiled: group, version, kind, name and namespace are regular expressions that must match the whole, and
/// what is empty matches anything.
pub struct Choice {
    group: Option<Rc<Regexp>>,
    version: Option<Rc<Regexp>>,
    kind: Option<Rc<Regexp>>,
    name: Option<Rc<Regexp>>,
    namespace: Option<Rc<Regexp>>,
    /// The name, where it is plain text: then only objects of that name are looked at.
    exact_name: Option<String>,
    labels: Result<LabelSelector, String>,
    annotations: Result<LabelSelector, String>,
    has_labels: bool,
}

impl Choice {
    /// Compiles a selector. The error is Go's.
    pub fn compile(selector: &Selector) -> Result<Choice, String> {
        let pattern = |text: &str| {
            if text.is_empty() {
                return Ok(None);
            }
            Regexp::compile(format!("^(?:{text})$").as_bytes()).map(Some).map_err(|e| e.to_string())
        };
        let name = &selector.name.value;
        let is_plain = !name.is_empty() && !name.bytes().any(gotmpl::regexp::is_meta);
        Ok(Choice {
            group: pattern(&selector.group)?,
            version: pattern(&selector.version)?,
            kind: pattern(&selector.kind)?,
            name: pattern(name)?,
            namespace: pattern(&selector.namespace)?,
            exact_name: is_plain.then(|| name.clone()),
            labels: LabelSelector::parse(&selector.label_selector),
            annotations: LabelSelector::parse(&selector.annotation_selector),
            has_labels: !selector.label_selector.is_empty() || !selector.annotation_selector.is_empty(),
        })
    }

    /// The places of all objects that it may select, in order.
    pub fn candidates(&self, all: &mut ResMap) -> Vec<usize> {
        match &self.exact_name {
            Some(name) => all.by_name(name),
            None => (0..all.len()).collect(),
        }
    }

    /// Whether it asks for labels or annotations.
    pub fn has_labels(&self) -> bool {
        self.has_labels
    }

    /// Whether it asks for any part of an identity.
    pub fn has_id(&self) -> bool {
        [&self.group, &self.version, &self.kind, &self.name, &self.namespace].iter().any(|p| p.is_some())
    }

    /// Whether an identity fits, its namespace as it is written.
    pub fn fits_id(&self, id: &ResId) -> bool {
        self.fits_gvk(id) && fits(&self.name, &id.name) && fits(&self.namespace, &id.namespace)
    }

    fn fits_gvk(&self, id: &ResId) -> bool {
        fits(&self.group, &id.gvk.group)
            && fits(&self.version, &id.gvk.version)
            && fits(&self.kind, &id.gvk.kind)
    }

    /// Whether labels and annotations fit. The error is that of a selector that cannot be read.
    pub fn fits_labels(&self, resource: &Resource) -> Result<bool, String> {
        for (selector, field) in [(&self.labels, "labels"), (&self.annotations, "annotations")] {
            let selector = selector.as_ref().map_err(Clone::clone)?;
            let map = resource.metadata().and_then(|metadata| resource.tree().get(metadata, field));
            if !selector.matches(|key| map.and_then(|map| value(resource, map, key))) {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

fn fits(pattern: &Option<Rc<Regexp>>, text: &str) -> bool {
    pattern.as_ref().is_none_or(|pattern| pattern.is_match(text.as_bytes()))
}

fn value<'r>(resource: &'r Resource, map: NodeId, key: &str) -> Option<&'r str> {
    resource.tree().get(map, key).map(|value| resource.tree().text(value))
}

/// A patch's `target`, compiled.
///
/// Name and namespace may be the object's first or present ones; the rest is as it is now.
pub struct Target(Choice);

impl Target {
    /// Compiles a selector. The error is Go's.
    pub fn compile(selector: &Selector) -> Result<Target, String> {
        Choice::compile(selector).map(Target)
    }

    /// The places of the objects that it selects, in order.
    ///
    /// A label selector that cannot be read is an error only where an object got past everything before it, as upstream
    /// reads it for each object anew.
    pub fn select(&self, all: &mut ResMap) -> Result<Vec<usize>, String> {
        let mut found = Vec::new();
        for at in self.0.candidates(all) {
            let Some(resource) = all.get(at) else { continue };
            let (now, first) = (resource.id(), resource.original_id());
            let either =
                |pattern: &Option<Rc<Regexp>>, a: &str, b: &str| fits(pattern, a) || fits(pattern, b);
            if either(&self.0.namespace, first.effective_namespace(), now.effective_namespace())
                && either(&self.0.name, &first.name, &now.name)
                && self.0.fits_gvk(now)
                && self.0.fits_labels(resource)?
            {
                found.push(at);
            }
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::kustomize::testing::resource;

    fn selected(selector: &Selector) -> Result<Vec<usize>, String> {
        let mut all = ResMap::new();
        for text in [
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, labels: {app: a}}\n",
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web-2, namespace: x, annotations: {n: 1}}\n",
            "apiVersion: v1\nkind: Namespace\nmetadata: {name: x}\n",
        ] {
            all.push(resource(text));
        }
        Target::compile(selector)?.select(&mut all)
    }

    fn text(text: &str) -> crate::render::kustomize::Text {
        crate::render::kustomize::Text { value: text.to_owned(), at: None }
    }

    #[test]
    fn patterns_match_the_whole() {
        let by_name = |name: &str| selected(&Selector { name: text(name), ..Selector::default() }).unwrap();
        assert_eq!(by_name("web"), [0]);
        assert_eq!(by_name("we."), [0]);
        assert_eq!(by_name("web.*"), [0, 1]);
        assert_eq!(by_name("eb"), [0; 0]);
        assert_eq!(by_name(""), [0, 1, 2]);
        let by_namespace =
            |name: &str| selected(&Selector { namespace: text(name), ..Selector::default() }).unwrap();
        assert_eq!(by_namespace("default"), [0]);
        assert_eq!(by_namespace("_non.*"), [2]);
        let broken = Selector { kind: text("a["), ..Selector::default() };
        assert!(selected(&broken).unwrap_err().contains("missing closing ]"));
    }

    #[test]
    fn selectors_are_read_when_they_are_needed() {
        let labels = Selector { label_selector: text("app=a"), ..Selector::default() };
        assert_eq!(selected(&labels).unwrap(), [0]);
        let annotations = Selector { annotation_selector: text("n=1"), ..Selector::default() };
        assert_eq!(selected(&annotations).unwrap(), [1]);
        let broken = Selector { label_selector: text("a b"), ..Selector::default() };
        assert!(selected(&broken).is_err());
        assert_eq!(selected(&Selector { name: text("none"), ..broken }).unwrap(), [0; 0]);
    }

    #[test]
    fn first_names_count_too() {
        let mut all = ResMap::new();
        let mut map = resource("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n");
        map.store_previous_id();
        let name = map.tree().get(map.metadata().unwrap(), "name").unwrap();
        map.tree_mut().set_text(name, "p-a", source::OriginId::UNKNOWN);
        all.push(map);
        for name in ["a", "p-a"] {
            let target = Target::compile(&Selector { name: text(name), ..Selector::default() }).unwrap();
            assert_eq!(target.select(&mut all).unwrap(), [0], "{name}");
        }
    }
}
