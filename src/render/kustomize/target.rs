//! Which objects a patch is for: regular expressions over identity, and selectors over labels and annotations.

use std::rc::Rc;

use gotmpl::regexp::Regexp;
use yaml::NodeId;

use super::kustomization::Selector;
use super::label_selector::LabelSelector;
use super::res_map::ResMap;
use super::resource::Resource;

/// A patch's `target`, compiled.
///
/// Group, version, kind, name and namespace are regular expressions that must match the whole. Name and namespace may be
/// the object's first or present ones; the rest is as it is now. What is empty matches anything.
pub struct Target {
    group: Option<Rc<Regexp>>,
    version: Option<Rc<Regexp>>,
    kind: Option<Rc<Regexp>>,
    name: Option<Rc<Regexp>>,
    namespace: Option<Rc<Regexp>>,
    /// The name, where it is plain text: then only objects of that name are looked at.
    exact_name: Option<String>,
    labels: Result<LabelSelector, String>,
    annotations: Result<LabelSelector, String>,
}

impl Target {
    /// Compiles a selector. The error is Go's.
    pub fn compile(selector: &Selector) -> Result<Target, String> {
        let pattern = |text: &str| {
            if text.is_empty() {
                return Ok(None);
            }
            Regexp::compile(format!("^(?:{text})$").as_bytes()).map(Some).map_err(|e| e.to_string())
        };
        let name = &selector.name.value;
        let is_plain = !name.is_empty() && !name.bytes().any(gotmpl::regexp::is_meta);
        Ok(Target {
            group: pattern(&selector.group)?,
            version: pattern(&selector.version)?,
            kind: pattern(&selector.kind)?,
            name: pattern(name)?,
            namespace: pattern(&selector.namespace)?,
            exact_name: is_plain.then(|| name.clone()),
            labels: LabelSelector::parse(&selector.label_selector),
            annotations: LabelSelector::parse(&selector.annotation_selector),
        })
    }

    /// The places of the objects that it selects, in order.
    ///
    /// A label selector that cannot be read is an error only where an object got past everything before it, as upstream
    /// reads it for each object anew.
    pub fn select(&self, all: &mut ResMap) -> Result<Vec<usize>, String> {
        let places: Vec<usize> = match &self.exact_name {
            Some(name) => all.by_name(name),
            None => (0..all.len()).collect(),
        };
        let mut found = Vec::new();
        for at in places {
            if let Some(resource) = all.get(at)
                && self.selects(resource)?
            {
                found.push(at);
            }
        }
        Ok(found)
    }

    fn selects(&self, resource: &Resource) -> Result<bool, String> {
        let (now, first) = (resource.id(), resource.original_id());
        let fits = |pattern: &Option<Rc<Regexp>>, text: &str| {
            pattern.as_ref().is_none_or(|pattern| pattern.is_match(text.as_bytes()))
        };
        let either = |pattern: &Option<Rc<Regexp>>, a: &str, b: &str| fits(pattern, a) || fits(pattern, b);
        if !either(&self.namespace, first.effective_namespace(), now.effective_namespace())
            || !either(&self.name, &first.name, &now.name)
            || !fits(&self.group, &now.gvk.group)
            || !fits(&self.version, &now.gvk.version)
            || !fits(&self.kind, &now.gvk.kind)
        {
            return Ok(false);
        }
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

fn value<'r>(resource: &'r Resource, map: NodeId, key: &str) -> Option<&'r str> {
    resource.tree().get(map, key).map(|value| resource.tree().text(value))
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
