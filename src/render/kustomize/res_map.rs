//! The objects of a build in their order, found by identity without looking at all of them.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

use source::Place;

use super::codes::RESOURCE_CONFLICT;
use super::error::BuildError;
use super::field_spec::Walk;
use super::res_id::ResId;
use super::resource::Resource;

/// The objects of a build.
///
/// Upstream searches its list for every question, which is why it is quadratic. Here an index over all identities, former
/// ones included, is built at the first question and kept up with what changes. A place in the list names an object until
/// [`ResMap::drop_empty`] is called or the list is taken apart.
///
/// ```
/// use plimsoll::render::kustomize::{ResId, ResMap, Resource};
/// # let tree = yaml::Tree::new(source::OriginId::UNKNOWN);
/// let mut map = ResMap::new();
/// map.push(Resource::new(tree));
/// let id = map.get(0).unwrap().id().clone();
/// assert_eq!(map.by_current_id(&id), [0]);
/// assert!(map.append(map.get(0).unwrap().clone()).is_err());
/// ```
#[derive(Default)]
pub struct ResMap {
    list: Vec<Resource>,
    index: Option<Index>,
    /// Places whose identities may not be in the index.
    changed: Vec<u32>,
    hasher: RandomState,
}

/// Places by the hash of an identity or of a name. What stands here may be out of date; whoever looks compares.
#[derive(Default)]
struct Index {
    first: HashMap<u64, u32>,
    /// (place, the next entry of the same hash)
    entries: Vec<(u32, u32)>,
}

const END: u32 = u32::MAX;

impl ResMap {
    /// Without any.
    pub fn new() -> ResMap {
        ResMap::default()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// In order.
    pub fn iter(&self) -> std::slice::Iter<'_, Resource> {
        self.list.iter()
    }

    /// In order, each to be changed.
    pub fn iter_mut(&mut self) -> std::slice::IterMut<'_, Resource> {
        self.index = None;
        self.changed.clear();
        self.list.iter_mut()
    }

    /// In order, each to be changed but for kind, name and namespace.
    pub fn iter_fields(&mut self) -> std::slice::IterMut<'_, Resource> {
        self.list.iter_mut()
    }

    /// In order, each to be changed where the walks lead.
    pub fn iter_for(&mut self, walks: &[Walk]) -> std::slice::IterMut<'_, Resource> {
        if walks.iter().any(Walk::identifies) { self.iter_mut() } else { self.iter_fields() }
    }

    /// The object at a place.
    pub fn get(&self, at: usize) -> Option<&Resource> {
        self.list.get(at)
    }

    /// The object at a place, to be changed.
    pub fn get_mut(&mut self, at: usize) -> Option<&mut Resource> {
        if self.index.is_some() && self.changed.last() != Some(&(at as u32)) {
            self.changed.push(at as u32);
        }
        self.list.get_mut(at)
    }

    /// Takes an object's tree out, so that it can be changed while others are looked at; what identifies the object is
    /// known meanwhile. [`ResMap::put_tree`] puts it back.
    pub fn take_tree(&mut self, at: usize) -> yaml::Tree {
        self.list.get_mut(at).map_or_else(|| yaml::Tree::new(source::OriginId::UNKNOWN), Resource::take_tree)
    }

    /// Puts back what [`ResMap::take_tree`] took, with nothing changed that identifies the object.
    pub fn put_tree(&mut self, at: usize, tree: yaml::Tree) {
        if let Some(resource) = self.list.get_mut(at) {
            *resource.fields_mut() = tree;
        }
    }

    /// Takes the list apart.
    pub fn into_vec(self) -> Vec<Resource> {
        self.list
    }

    /// Orders the objects: `order[i]` is the place of what comes to stand at `i`; it is a permutation.
    pub fn reorder(&mut self, order: &[usize]) {
        let mut list: Vec<Option<Resource>> = self.clear().into_iter().map(Some).collect();
        self.list = order.iter().filter_map(|&at| list.get_mut(at)?.take()).collect();
    }

    /// Takes all out.
    pub fn clear(&mut self) -> Vec<Resource> {
        self.index = None;
        self.changed.clear();
        std::mem::take(&mut self.list)
    }

    /// Adds one without asking whether its identity is taken.
    pub fn push(&mut self, resource: Resource) {
        if self.index.is_some() {
            self.changed.push(self.list.len() as u32);
        }
        self.list.push(resource);
    }

    /// Adds one whose identity must be free.
    ///
    /// # Errors
    /// `resource-conflict`, at both objects.
    pub fn append(&mut self, resource: Resource) -> Result<(), BuildError> {
        if let Some(&other) = self.by_current_id(resource.id()).first() {
            return Err(conflict(&resource, &self.list[other]));
        }
        self.push(resource);
        Ok(())
    }

    /// Adds all of them; each identity must be free.
    ///
    /// # Errors
    /// As [`ResMap::append`].
    pub fn append_all(&mut self, other: ResMap) -> Result<(), BuildError> {
        if self.is_empty() {
            // What is unique there is unique here, unless a transformer changed it since.
            let hasher = std::mem::take(&mut self.hasher);
            *self = other;
            if self.index.is_none() {
                self.hasher = hasher;
            }
            return self.check_conflicts();
        }
        for resource in other.list {
            self.append(resource)?;
        }
        Ok(())
    }

    /// Refuses two objects of one identity.
    ///
    /// # Errors
    /// `resource-conflict`, at both objects.
    pub fn check_conflicts(&mut self) -> Result<(), BuildError> {
        let mut suspects: Vec<u32> = match self.index {
            Some(_) => self.changed.clone(),
            None => (0..self.list.len() as u32).collect(),
        };
        suspects.sort_unstable();
        suspects.dedup();
        for at in suspects {
            let Some(id) = self.list.get(at as usize).map(|r| r.id().clone()) else { continue };
            let all = self.by_current_id(&id);
            if let [first, second, ..] = all[..] {
                return Err(conflict(&self.list[second], &self.list[first]));
            }
        }
        Ok(())
    }

    /// Puts one in the place of another.
    pub fn replace(&mut self, at: usize, resource: Resource) -> Option<Resource> {
        Some(std::mem::replace(self.get_mut(at)?, resource))
    }

    /// The places of those with that identity now, in order.
    pub fn by_current_id(&mut self, id: &ResId) -> Vec<usize> {
        let found = self.candidates(id);
        found.into_iter().filter(|&at| self.list[at].id() == id).collect()
    }

    /// The places of those that have or had that identity, in order.
    pub fn by_any_id(&mut self, id: &ResId) -> Vec<usize> {
        let found = self.candidates(id);
        found.into_iter().filter(|&at| !self.list[at].is_empty() && self.list[at].had_id(id)).collect()
    }

    /// The place of the one that has or had that identity: what a strategic merge patch without a target names.
    ///
    /// # Errors
    /// In upstream's words, none or several.
    pub fn one_by_any_id(&mut self, id: &ResId) -> Result<usize, String> {
        let found = self.by_any_id(id);
        match found[..] {
            [one] => Ok(one),
            [] => Err(format!("no matches for Id {id}; failed to find unique target for patch {id}")),
            _ => Err(format!("multiple matches for Id {id}; failed to find unique target for patch {id}")),
        }
    }

    /// The places of those that have or had that name, in order.
    pub fn by_name(&mut self, name: &str) -> Vec<usize> {
        self.refresh();
        let found = self.places(self.hasher.hash_one(name));
        let had = |resource: &Resource| {
            resource.name() == name || resource.notes.previous.iter().any(|former| &*former.name == name)
        };
        found.into_iter().filter(|&at| had(&self.list[at])).collect()
    }

    /// Drops the objects of which nothing is left.
    pub fn drop_empty(&mut self) {
        if self.list.iter().any(Resource::is_empty) {
            self.index = None;
            self.changed.clear();
            self.list.retain(|resource| !resource.is_empty());
        }
    }

    /// The places that the index has for an identity, each once, in order.
    fn candidates(&mut self, id: &ResId) -> Vec<usize> {
        self.refresh();
        self.places(self.hasher.hash_one(id))
    }

    fn places(&self, hash: u64) -> Vec<usize> {
        let Some(index) = &self.index else { return Vec::new() };
        let mut found = Vec::new();
        let mut entry = index.first.get(&hash).copied().unwrap_or(END);
        while let Some(&(at, next)) = index.entries.get(entry as usize) {
            found.push(at as usize);
            entry = next;
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Brings the index up to date.
    fn refresh(&mut self) {
        let places: Vec<u32> = match &self.index {
            Some(_) => std::mem::take(&mut self.changed),
            None => (0..self.list.len() as u32).collect(),
        };
        let index = self.index.get_or_insert_default();
        for at in places {
            let Some(resource) = self.list.get(at as usize) else { continue };
            index.add(self.hasher.hash_one(resource.id()), at);
            index.add(self.hasher.hash_one(resource.name()), at);
            for former in resource.previous_ids() {
                index.add(self.hasher.hash_one(&former), at);
                index.add(self.hasher.hash_one(&*former.name), at);
            }
        }
    }
}

impl Index {
    fn add(&mut self, hash: u64, at: u32) {
        let entry = self.entries.len() as u32;
        let next = self.first.insert(hash, entry).unwrap_or(END);
        self.entries.push((at, next));
    }
}

fn conflict(new: &Resource, old: &Resource) -> BuildError {
    let id = new.id();
    let message = format!("{} `{}` is there already", id.gvk.kind, id.name);
    let upstream = format!("may not add resource with an already registered id: {id}");
    let (new, old): (Place, Place) = (new.place(), old.place());
    BuildError::new(&RESOURCE_CONFLICT, new, message, upstream)
        .via(old, "the other one")
        .help("two objects of one kind, name and namespace cannot both be built: rename one, or take it out")
}

impl<'a> IntoIterator for &'a ResMap {
    type Item = &'a Resource;
    type IntoIter = std::slice::Iter<'a, Resource>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl FromIterator<Resource> for ResMap {
    fn from_iter<I: IntoIterator<Item = Resource>>(resources: I) -> ResMap {
        ResMap { list: resources.into_iter().collect(), ..ResMap::default() }
    }
}

#[cfg(test)]
mod tests {
    use source::OriginId;

    use super::*;
    use crate::render::kustomize::testing::resource;

    fn map(name: &str) -> Resource {
        resource(&format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}}}\n"))
    }

    fn rename(resource: &mut Resource, name: &str) {
        resource.store_previous_id();
        let at = resource.metadata().unwrap();
        let at = resource.tree().get(at, "name").unwrap();
        resource.tree_mut().set_text(at, name, OriginId::UNKNOWN);
    }

    #[test]
    fn renamed_objects_are_found_by_both_names() {
        let mut all = ResMap::new();
        all.append(map("a")).unwrap();
        all.append(map("b")).unwrap();
        let (a, c) = (ResId::new("v1", "ConfigMap", "a", ""), ResId::new("v1", "ConfigMap", "c", "default"));
        assert_eq!(all.by_current_id(&a), [0]);
        rename(all.get_mut(0).unwrap(), "c");
        assert!(all.by_current_id(&a).is_empty());
        assert_eq!(all.by_any_id(&a), [0]);
        assert_eq!(all.by_current_id(&c), [0]);
        assert_eq!(all.one_by_any_id(&c), Ok(0));
    }

    #[test]
    fn one_identity_is_for_one_object() {
        let mut all = ResMap::new();
        all.append(map("a")).unwrap();
        let error = all.append(map("a")).unwrap_err();
        assert_eq!(
            error.upstream(),
            "may not add resource with an already registered id: ConfigMap.v1.[noGrp]/a.[noNs]"
        );
        all.append(map("b")).unwrap();
        assert!(all.check_conflicts().is_ok());
        rename(all.get_mut(1).unwrap(), "a");
        assert!(all.check_conflicts().is_err());
    }
}
