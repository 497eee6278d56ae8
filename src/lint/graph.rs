//! All objects at once: who they are, which Pods they make, and who selects or names whom.

use std::collections::HashMap;
use std::sync::OnceLock;

use yaml::Node;

use super::Settings;
use crate::kube::selector::{Labels, label_selector_matches, map_matches};
use crate::kube::{Bundle, Gvk, Known, PodView, Resource, is_workload};

/// One object among the others.
pub struct Object<'a> {
    /// The object.
    pub resource: &'a Resource,
    /// Its kind.
    pub kind: Known,
    /// Its namespace: as written, or the one that objects without any go to; empty for kinds outside of namespaces.
    pub namespace: &'a str,
    /// The Pods that it makes.
    pub pods: Vec<PodView<'a>>,
    /// Whether it is part of what is judged, and not only known to be in the cluster.
    pub is_judged: bool,
    index: usize,
}

/// The objects of a bundle and of the cluster, with the indexes that keep look-ups between them cheap.
///
/// The world is open per kind: what is missing here may be in the cluster, unless the settings close the world or
/// objects of that kind stand in the same namespace, where the missing one would be expected, too.
pub struct Graph<'a> {
    objects: Vec<Object<'a>>,
    by_kind: HashMap<Known, Vec<usize>>,
    by_name: HashMap<(Known, &'a str, &'a str), usize>,
    /// (namespace, label, value) to (object, pod): a selector looks only at the Pods of its rarest label.
    by_label: HashMap<(&'a str, &'a str, &'a str), Vec<(usize, usize)>>,
    by_namespace: HashMap<&'a str, Vec<(usize, usize)>>,
    closed: bool,
    services: OnceLock<HashMap<(usize, usize), Vec<usize>>>,
}

impl<'a> Graph<'a> {
    /// The graph over what is judged and what the cluster is known to have.
    pub fn new(bundle: &'a Bundle, cluster: Option<&'a Bundle>, settings: &'a Settings) -> Self {
        let mut graph = Graph {
            objects: Vec::with_capacity(bundle.resources.len()),
            by_kind: HashMap::new(),
            by_name: HashMap::new(),
            by_label: HashMap::new(),
            by_namespace: HashMap::new(),
            closed: settings.closed_world || cluster.is_some(),
            services: OnceLock::new(),
        };
        let fallback = settings.namespace.as_deref().unwrap_or("default");
        bundle.resources.iter().for_each(|r| graph.add(r, fallback, true));
        cluster.iter().flat_map(|c| &c.resources).for_each(|r| graph.add(r, fallback, false));
        graph
    }

    fn add(&mut self, resource: &'a Resource, fallback: &'a str, is_judged: bool) {
        let kind = Known::of(&resource.id.gvk);
        let namespace = match kind.is_cluster_scoped() {
            true => "",
            false => resource.id.namespace.as_deref().unwrap_or(fallback),
        };
        let pods = if is_workload(kind) { PodView::of(resource, kind) } else { Vec::new() };
        let at = self.objects.len();
        self.by_kind.entry(kind).or_default().push(at);
        self.by_name.entry((kind, namespace, &*resource.id.name)).or_insert(at);
        for (i, pod) in pods.iter().enumerate() {
            self.by_namespace.entry(namespace).or_default().push((at, i));
            for (label, value) in pod.labels().iter() {
                self.by_label.entry((namespace, label, value)).or_default().push((at, i));
            }
        }
        self.objects.push(Object { resource, kind, namespace, pods, is_judged, index: at });
    }

    /// All objects.
    pub fn objects(&self) -> &[Object<'a>] {
        &self.objects
    }

    /// The objects about which something may be said.
    pub fn judged(&self) -> impl Iterator<Item = &Object<'a>> {
        self.objects.iter().filter(|o| o.is_judged)
    }

    /// The objects of a kind, those of the cluster included.
    pub fn all(&self, kind: Known) -> impl Iterator<Item = &Object<'a>> {
        self.by_kind.get(&kind).into_iter().flatten().map(|&at| &self.objects[at])
    }

    /// The objects of a kind about which something may be said.
    pub fn each(&self, kind: Known) -> impl Iterator<Item = &Object<'a>> {
        self.all(kind).filter(|o| o.is_judged)
    }

    /// The object of that kind, namespace and name; the namespace is empty for kinds outside of namespaces.
    pub fn find(&self, kind: Known, namespace: &str, name: &str) -> Option<&Object<'a>> {
        // The map's key borrows from the objects, so the look-up narrows its lifetime.
        let by_name: &HashMap<(Known, &str, &str), usize> = &self.by_name;
        by_name.get(&(kind, namespace, name)).map(|&at| &self.objects[at])
    }

    /// Whether what is not here does not exist: the world is closed, or others of that kind stand in the namespace.
    pub fn is_closed(&self, kind: Known, namespace: &str) -> bool {
        self.closed || self.all(kind).any(|o| o.namespace == namespace)
    }

    /// The Pods of a namespace, each with the object that makes it.
    pub fn pods(&self, namespace: &'a str) -> impl Iterator<Item = (&Object<'a>, &PodView<'a>)> {
        self.pods_at(self.by_namespace.get(namespace).map_or(&[], Vec::as_slice))
    }

    /// The object that an autoscaler drives, if it is here.
    pub fn scale_target(&self, scaler: &Object<'a>) -> Option<&Object<'a>> {
        let target = scaler.resource.root().at("spec.scaleTargetRef")?;
        let field = |name: &str| target.get(name).map_or("", Node::text);
        let version = match field("apiVersion") {
            // KEDA's default; the autoscaler's own has none.
            "" => "apps/v1",
            version => version,
        };
        let kind = if field("kind").is_empty() { "Deployment" } else { field("kind") };
        let kind = Known::of(&Gvk::parse(version, kind));
        (kind != Known::Other).then(|| self.find(kind, scaler.namespace, field("name")))?
    }

    /// Whether anything makes Pods in a namespace.
    pub fn has_pods(&self, namespace: &str) -> bool {
        self.closed || self.by_namespace.contains_key(namespace)
    }

    /// The Services that select a Pod.
    pub fn services_of(&self, object: &Object<'a>, pod: &PodView<'a>) -> impl Iterator<Item = &Object<'a>> {
        let index = |part: &PodView<'a>| object.pods.iter().position(|p| std::ptr::eq(p, part));
        let at = index(pod).map(|i| (object.index, i));
        let services = self.services.get_or_init(|| self.find_services());
        at.and_then(|at| services.get(&at)).into_iter().flatten().map(|&service| &self.objects[service])
    }

    fn find_services(&self) -> HashMap<(usize, usize), Vec<usize>> {
        let mut found: HashMap<(usize, usize), Vec<usize>> = HashMap::new();
        for service in self.all(Known::Service) {
            let Some(selector) = service.resource.root().at("spec.selector") else { continue };
            if selector.entries().next().is_none() {
                continue;
            }
            let labels = |at: &(usize, usize)| self.objects[at.0].pods[at.1].labels();
            for at in self.places(service.namespace, Some(selector)) {
                if map_matches(selector, labels(at)) {
                    found.entry(*at).or_default().push(service.index);
                }
            }
        }
        found
    }

    /// The Pods that a plain map of labels selects, such as a Service's `selector`.
    pub fn selected_by_map(
        &self,
        namespace: &'a str,
        selector: Node<'a>,
    ) -> Vec<(&Object<'a>, &PodView<'a>)> {
        let matches = |labels: Labels<'_>| map_matches(selector, labels);
        self.narrowed(namespace, Some(selector)).filter(|(_, pod)| matches(pod.labels())).collect()
    }

    /// The Pods that a `LabelSelector` selects.
    pub fn selected_by(&self, namespace: &'a str, selector: Node<'a>) -> Vec<(&Object<'a>, &PodView<'a>)> {
        let matches = |labels: Labels<'_>| label_selector_matches(selector, labels);
        self.narrowed(namespace, selector.get("matchLabels"))
            .filter(|(_, pod)| matches(pod.labels()))
            .collect()
    }

    /// The Pods that have the rarest of some labels, or all Pods where no label narrows the choice.
    fn narrowed(
        &self,
        namespace: &'a str,
        labels: Option<Node<'a>>,
    ) -> impl Iterator<Item = (&Object<'a>, &PodView<'a>)> {
        self.pods_at(self.places(namespace, labels))
    }

    fn places(&self, namespace: &'a str, labels: Option<Node<'a>>) -> &[(usize, usize)] {
        let labels = labels.into_iter().flat_map(Node::entries);
        let rarest = labels
            .map(|(key, value)| self.by_label.get(&(namespace, key.text(), value.text())))
            .map(|pods| pods.map_or(&[][..], Vec::as_slice))
            .min_by_key(|pods| pods.len());
        let places = rarest.or_else(|| self.by_namespace.get(namespace).map(Vec::as_slice));
        places.unwrap_or(&[])
    }

    fn pods_at(&self, places: &[(usize, usize)]) -> impl Iterator<Item = (&Object<'a>, &PodView<'a>)> {
        places.iter().map(|&(object, pod)| (&self.objects[object], &self.objects[object].pods[pod]))
    }
}
