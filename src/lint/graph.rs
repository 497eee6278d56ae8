//! All objects at once: who they are, which Pods they make, and who selects or names whom.

use std::sync::OnceLock;

use rayon::prelude::*;
use rustc_hash::FxHashMap as HashMap;
use source::{Chain, Drawn, Origins, Span};
use yaml::Node;

use super::{ObjectPattern, Settings};
use crate::kube::references::{Reference, of_pod};
use crate::kube::rollout;
use crate::kube::selector::{Labels, expression_holds, label_selector_matches, map_matches};
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
    index: Index<'a>,
    closed: bool,
    external: &'a [ObjectPattern],
    origins: &'a Origins,
    drawn: OnceLock<Drawn>,
    services: OnceLock<HashMap<(usize, usize), Vec<usize>>>,
    /// By label and value the Services that have it.
    services_by_label: OnceLock<HashMap<(&'a str, &'a str), Vec<usize>>>,
    budgets: OnceLock<HashMap<(usize, usize), Vec<usize>>>,
    policies: OnceLock<HashMap<(usize, usize), Vec<usize>>>,
    scalers: OnceLock<HashMap<usize, usize>>,
    /// By the kind that is named: (object, pod, reference), of what is judged.
    references: OnceLock<HashMap<Known, Vec<Named<'a>>>>,
}

/// A name in a Pod: the object, which of its Pods, and what is named.
pub(super) type Named<'a> = (usize, usize, Reference<'a>);

/// The names in the Pods of what is judged among these objects.
pub(super) fn references<'a>(objects: &[Object<'a>]) -> Vec<Named<'a>> {
    let mut all = Vec::new();
    for object in objects.iter().filter(|object| object.is_judged) {
        for (at, pod) in object.pods.iter().enumerate() {
            all.extend(of_pod(pod).into_iter().map(|reference| (object.index, at, reference)));
        }
    }
    all
}

/// Where which objects are; all numbers are places in the list of objects.
#[derive(Default)]
pub(super) struct Index<'a> {
    by_kind: HashMap<Known, Vec<usize>>,
    /// (kind, namespace) to a list of `lists`; no kind means all that is judged.
    by_place: HashMap<(Option<Known>, &'a str), usize>,
    lists: Vec<Vec<usize>>,
    by_name: HashMap<(Known, &'a str, &'a str), usize>,
    /// (namespace, label, value) to (object, pod): a selector looks only at the Pods of its rarest label.
    by_label: HashMap<(&'a str, &'a str, &'a str), Vec<(usize, usize)>>,
    by_namespace: HashMap<&'a str, Vec<(usize, usize)>>,
}

/// What is judged and what the cluster is known to have, each with its kind and its Pods.
pub(super) fn objects<'a>(
    bundle: &'a Bundle,
    cluster: Option<&'a Bundle>,
    settings: &'a Settings,
) -> Vec<Object<'a>> {
    let fallback = settings.namespace.as_deref().unwrap_or("default");
    let known = cluster.map_or(&[][..], |c| c.resources.as_slice());
    let object = |(index, resource): (usize, &'a Resource)| {
        Object::new(index, resource, fallback, index < bundle.resources.len())
    };
    let count = bundle.resources.len() + known.len();
    if count <= MANY {
        return bundle.resources.iter().chain(known).enumerate().map(object).collect();
    }
    bundle.resources.par_iter().chain(known).enumerate().with_min_len(MANY).map(object).collect()
}

/// From so many objects on a second thread is worth its waking.
const MANY: usize = 64;

impl<'a> Object<'a> {
    fn new(index: usize, resource: &'a Resource, fallback: &'a str, is_judged: bool) -> Self {
        let kind = Known::of(&resource.id.gvk);
        let namespace = match kind.is_cluster_scoped() {
            true => "",
            false => resource.id.namespace.as_deref().unwrap_or(fallback),
        };
        let pods = if is_workload(kind) { PodView::of(resource, kind) } else { Vec::new() };
        Object { resource, kind, namespace, pods, is_judged, index }
    }

    /// Its place among the objects.
    pub fn order(&self) -> usize {
        self.index
    }
}

impl<'a> Index<'a> {
    pub fn new(objects: &[Object<'a>]) -> Self {
        let mut index = Index::default();
        index.by_name.reserve(objects.len());
        objects.iter().for_each(|object| index.add(object));
        index
    }

    fn add(&mut self, object: &Object<'a>) {
        let Object { resource, kind, namespace, index: at, .. } = *object;
        self.by_kind.entry(kind).or_default().push(at);
        let places = [Some((Some(kind), namespace)), object.is_judged.then_some((None, namespace))];
        for place in places.into_iter().flatten() {
            let next = self.lists.len();
            let list = *self.by_place.entry(place).or_insert(next);
            if list == next {
                self.lists.push(Vec::new());
            }
            self.lists[list].push(at);
        }
        self.by_name.entry((kind, namespace, &*resource.id.name)).or_insert(at);
        for (i, pod) in object.pods.iter().enumerate() {
            self.by_namespace.entry(namespace).or_default().push((at, i));
            for (label, value) in pod.labels().iter() {
                self.by_label.entry((namespace, label, value)).or_default().push((at, i));
            }
        }
    }
}

impl<'a> Graph<'a> {
    /// The graph over what is judged and what the cluster is known to have; `closed`: what is not among it is not there.
    /// `origins` are those of what is judged.
    pub(super) fn new(
        objects: Vec<Object<'a>>,
        origins: &'a Origins,
        closed: bool,
        settings: &'a Settings,
    ) -> Self {
        let index = Index::new(&objects);
        Graph::with(objects, index, origins, closed, settings)
    }

    /// The same with the index of these objects.
    pub(super) fn with(
        objects: Vec<Object<'a>>,
        index: Index<'a>,
        origins: &'a Origins,
        closed: bool,
        settings: &'a Settings,
    ) -> Self {
        Graph {
            objects,
            index,
            closed: settings.closed_world || closed,
            external: &settings.external,
            origins,
            drawn: OnceLock::new(),
            services: OnceLock::new(),
            services_by_label: OnceLock::new(),
            budgets: OnceLock::new(),
            policies: OnceLock::new(),
            scalers: OnceLock::new(),
            references: OnceLock::new(),
        }
    }

    /// The same with what [`references`] found in its objects, which are all in these lists, in order.
    pub(super) fn naming(self, named: Vec<Vec<Named<'a>>>) -> Self {
        let mut all: HashMap<Known, Vec<Named<'a>>> = HashMap::default();
        for one in named.into_iter().flatten() {
            all.entry(one.2.target).or_default().push(one);
        }
        Graph { references: all.into(), ..self }
    }

    /// All objects.
    pub fn objects(&self) -> &[Object<'a>] {
        &self.objects
    }

    /// The objects about which something may be said.
    pub fn judged(&self) -> impl Iterator<Item = &Object<'a>> {
        self.objects.iter().filter(|o| o.is_judged)
    }

    /// The objects of a namespace about which something may be said.
    pub fn judged_in<'g>(&'g self, namespace: &str) -> impl Iterator<Item = &'g Object<'a>> + use<'g, 'a> {
        self.listed_at(None, namespace).map(|&at| &self.objects[at])
    }

    /// Whether two objects of what is judged were read from different files: they may be for different clusters.
    pub fn are_of_different_files(&self, a: &Resource, b: &Resource) -> bool {
        let file = |resource: &Resource| match self.origins.chain(resource.origin(resource.root())) {
            Chain::Read(span) => Some(span.source),
            _ => None,
        };
        matches!((file(a), file(b)), (Some(a), Some(b)) if a != b)
    }

    /// The call in a template that drew a node of what is judged, or a part of it, out of randomness or of the clock.
    pub fn drawn(&self, resource: &Resource, node: Node<'_>) -> Option<Span> {
        self.all_drawn().by(self.origins, resource.origin(node))
    }

    /// Whether [`Graph::drawn`] can find any.
    pub fn has_drawn(&self) -> bool {
        !self.all_drawn().is_empty()
    }

    fn all_drawn(&self) -> &Drawn {
        self.drawn.get_or_init(|| Drawn::new(self.origins))
    }

    /// The objects of a kind, those of the cluster included.
    pub fn all(&self, kind: Known) -> impl Iterator<Item = &Object<'a>> {
        self.index.by_kind.get(&kind).into_iter().flatten().map(|&at| &self.objects[at])
    }

    /// The objects of a kind about which something may be said.
    pub fn each(&self, kind: Known) -> impl Iterator<Item = &Object<'a>> {
        self.all(kind).filter(|o| o.is_judged)
    }

    /// The object of that kind, namespace and name; the namespace is empty for kinds outside of namespaces.
    pub fn find(&self, kind: Known, namespace: &str, name: &str) -> Option<&Object<'a>> {
        // The map's key borrows from the objects, so the look-up narrows its lifetime.
        let by_name: &HashMap<(Known, &str, &str), usize> = &self.index.by_name;
        by_name.get(&(kind, namespace, name)).map(|&at| &self.objects[at])
    }

    /// Whether there is such an object, here or, by the configuration's word, in the cluster.
    pub fn has(&self, kind: Known, namespace: &str, name: &str) -> bool {
        self.find(kind, namespace, name).is_some() || self.is_external(kind.kind(), namespace, name)
    }

    /// Whether the configuration says that the cluster has such an object.
    pub fn is_external(&self, kind: &str, namespace: &str, name: &str) -> bool {
        self.external.iter().any(|pattern| pattern.means(kind, namespace, name))
    }

    /// Whether what is not here does not exist: the world is closed, or others of that kind stand in the namespace.
    pub fn is_closed(&self, kind: Known, namespace: &str) -> bool {
        self.closed || self.of(kind, namespace).next().is_some()
    }

    /// The objects of a kind in a namespace, those of the cluster included.
    pub fn of<'g>(
        &'g self,
        kind: Known,
        namespace: &str,
    ) -> impl Iterator<Item = &'g Object<'a>> + use<'g, 'a> {
        self.listed_at(Some(kind), namespace).map(|&at| &self.objects[at])
    }

    fn listed_at(&self, kind: Option<Known>, namespace: &str) -> std::slice::Iter<'_, usize> {
        // The key's lifetime ends here: the map only says which list it is.
        let by_place: &HashMap<(Option<Known>, &str), usize> = &self.index.by_place;
        by_place.get(&(kind, namespace)).copied().map_or(&[][..], |list| &self.index.lists[list]).iter()
    }

    /// The names of objects of a kind in the Pods that are judged, in order. A dozen rules ask, so that all are found
    /// at once.
    pub fn references(
        &self,
        target: Known,
    ) -> impl Iterator<Item = (&Object<'a>, &PodView<'a>, &Reference<'a>)> {
        let all = self.references.get_or_init(|| {
            let mut all: HashMap<Known, Vec<Named<'a>>> = HashMap::default();
            for one in references(&self.objects) {
                all.entry(one.2.target).or_default().push(one);
            }
            all
        });
        all.get(&target).into_iter().flatten().map(|(object, pod, reference)| {
            let object = &self.objects[*object];
            (object, &object.pods[*pod], reference)
        })
    }

    /// The NetworkPolicies that select a Pod.
    pub fn policies_of(&self, object: &Object<'a>, pod: &PodView<'a>) -> impl Iterator<Item = &Object<'a>> {
        let policies = self.policies.get_or_init(|| {
            self.by_pod(Known::NetworkPolicy, |policy| {
                Some(match policy.resource.in_spec("podSelector") {
                    Some(selector) => self.selected_by(policy.namespace, selector),
                    None => self.pods(policy.namespace).collect(),
                })
            })
        });
        self.listed(policies, object, pod)
    }

    /// The Pods of a namespace, each with the object that makes it.
    pub fn pods(&self, namespace: &'a str) -> impl Iterator<Item = (&Object<'a>, &PodView<'a>)> {
        self.pods_at(self.index.by_namespace.get(namespace).map_or(&[], Vec::as_slice))
    }

    /// Whether a Pod gets its ServiceAccount's token: unless it says no, or says nothing and the account says no.
    pub fn mounts_token(&self, object: &Object<'a>, pod: &PodView<'a>) -> bool {
        let says = |node: Option<Node<'_>>| node.and_then(Node::as_bool);
        let account = || {
            let account = self.find(Known::ServiceAccount, object.namespace, pod.service_account())?;
            says(account.resource.root().get("automountServiceAccountToken"))
        };
        says(pod.spec.automount_service_account_token).or_else(account).unwrap_or(true)
    }

    /// The kind of what an autoscaler drives; `None` for kinds that are not known.
    pub fn target_kind(&self, scaler: &Object<'a>) -> Option<Known> {
        let target = scaler.resource.in_spec("scaleTargetRef")?;
        let field = |name: &str, default: &'static str| match target.get(name).map_or("", Node::text) {
            "" => default,
            text => text,
        };
        // KEDA's defaults; an autoscaler of the cluster itself has none and names both.
        let kind = Known::of(&Gvk::parse(field("apiVersion", "apps/v1"), field("kind", "Deployment")));
        (kind != Known::Other).then_some(kind)
    }

    /// The object that an autoscaler drives, if it is here.
    pub fn scale_target(&self, scaler: &Object<'a>) -> Option<&Object<'a>> {
        let name = scaler.resource.in_spec("scaleTargetRef.name")?;
        self.find(self.target_kind(scaler)?, scaler.namespace, name.text())
    }

    /// The names of the Namespaces here that a `LabelSelector` selects.
    pub fn namespaces_with(&self, selector: Node<'a>) -> Vec<&'a str> {
        let named = |name: &str| {
            // The server gives every Namespace a label with its name.
            let own = "kubernetes.io/metadata.name";
            let by_label =
                selector.get("matchLabels").and_then(|l| l.get(own)).is_none_or(|l| l.text() == name);
            let expressions = selector.get("matchExpressions").into_iter().flat_map(Node::items);
            by_label
                && expressions.filter(|e| e.get("key").is_some_and(|k| k.text() == own)).all(|e| {
                    let listed = e.get("values").into_iter().flat_map(Node::items).any(|v| v.text() == name);
                    match e.get("operator").map_or("", Node::text) {
                        "In" => listed,
                        "NotIn" => !listed,
                        operator => operator == "Exists",
                    }
                })
        };
        let others = |labels: Labels<'_>| {
            let own = "kubernetes.io/metadata.name";
            let plain = selector.get("matchLabels").into_iter().flat_map(Node::entries);
            let expressions = selector.get("matchExpressions").into_iter().flat_map(Node::items);
            plain.filter(|(k, _)| k.text() != own).all(|(k, v)| labels.get(k.text()) == Some(v.text()))
                && expressions
                    .filter(|e| e.get("key").is_none_or(|k| k.text() != own))
                    .all(|e| expression_holds(e, labels))
        };
        let all = self.all(Known::Namespace).map(|o| o.resource);
        all.filter(|ns| named(&ns.id.name) && others(Labels(ns.labels()))).map(|ns| &*ns.id.name).collect()
    }

    /// Whether anything makes Pods in a namespace.
    pub fn has_pods(&self, namespace: &str) -> bool {
        self.closed || self.index.by_namespace.contains_key(namespace)
    }

    /// The Services that select a Pod.
    pub fn services_of(&self, object: &Object<'a>, pod: &PodView<'a>) -> impl Iterator<Item = &Object<'a>> {
        let services = self.services.get_or_init(|| {
            self.by_pod(Known::Service, |service| {
                let selector = service.resource.in_spec("selector")?;
                selector.entries().next()?;
                Some(self.selected_by_map(service.namespace, selector))
            })
        });
        self.listed(services, object, pod)
    }

    /// The Services of all namespaces that a `LabelSelector` may select: those with the rarest of its labels.
    pub fn services_labelled<'g>(&'g self, selector: Node<'a>) -> impl Iterator<Item = &'g Object<'a>> {
        let by_label = self.services_by_label.get_or_init(|| {
            let mut all: HashMap<_, Vec<usize>> = HashMap::default();
            for service in self.all(Known::Service) {
                for label in Labels(service.resource.labels()).iter() {
                    all.entry(label).or_default().push(service.index);
                }
            }
            all
        });
        let labels = selector.get("matchLabels").into_iter().flat_map(Node::entries);
        let listed = |(key, value): (Node<'a>, Node<'a>)| by_label.get(&(key.text(), value.text()));
        let rarest = labels.map(|label| listed(label).map_or(&[][..], Vec::as_slice)).min_by_key(|l| l.len());
        let all = || self.index.by_kind.get(&Known::Service).map_or(&[][..], Vec::as_slice);
        rarest.unwrap_or_else(all).iter().map(|&at| &self.objects[at])
    }

    /// The PodDisruptionBudgets that select a Pod.
    pub fn budgets_of(&self, object: &Object<'a>, pod: &PodView<'a>) -> impl Iterator<Item = &Object<'a>> {
        let budgets = self.budgets.get_or_init(|| {
            self.by_pod(Known::PodDisruptionBudget, |budget| {
                let selector = budget.resource.in_spec("selector")?;
                Some(self.selected_by(budget.namespace, selector))
            })
        });
        self.listed(budgets, object, pod)
    }

    /// The autoscaler that drives a workload.
    pub fn scaler_of(&self, object: &Object<'a>) -> Option<&Object<'a>> {
        let scalers = self.scalers.get_or_init(|| {
            let all = self.all(Known::HorizontalPodAutoscaler).chain(self.all(Known::ScaledObject));
            all.filter_map(|scaler| Some((self.scale_target(scaler)?.index, scaler.index))).collect()
        });
        scalers.get(&object.index).map(|&at| &self.objects[at])
    }

    /// How many Pods a workload asks for at least: the minimum of its autoscaler, or else its `replicas`, 1 where that
    /// is not set; `None` for kinds that have no such number.
    pub fn replicas(&self, object: &Object<'a>) -> Option<i64> {
        let own = rollout::replicas(object.resource, object.kind)?;
        let Some(scaler) = self.scaler_of(object) else { return Some(own) };
        let spec = scaler.resource.spec();
        let least = spec.and_then(|s| s.get("minReplicas").or_else(|| s.get("minReplicaCount")));
        Some(least.and_then(Node::as_i64).unwrap_or(1))
    }

    /// How many Pods a PodDisruptionBudget counts on: the replicas of all workloads that it selects; `None` where it
    /// selects none, or one that has no such number.
    pub fn expected_pods(&self, budget: &Object<'a>) -> Option<i64> {
        let selected = self.selected_by(budget.namespace, budget.resource.in_spec("selector")?);
        let counts = selected.iter().map(|(object, _)| match object.kind {
            Known::Pod => Some(1),
            _ => self.replicas(object),
        });
        counts.sum::<Option<i64>>().filter(|_| !selected.is_empty())
    }

    /// By Pod, the objects of a kind that select it.
    fn by_pod<'g>(
        &'g self,
        kind: Known,
        selects: impl Fn(&'g Object<'a>) -> Option<Vec<(&'g Object<'a>, &'g PodView<'a>)>>,
    ) -> HashMap<(usize, usize), Vec<usize>> {
        let mut found: HashMap<(usize, usize), Vec<usize>> = HashMap::default();
        for selecting in self.all(kind) {
            for (object, pod) in selects(selecting).into_iter().flatten() {
                found.entry(key(object, pod)).or_default().push(selecting.index);
            }
        }
        found
    }

    fn listed<'g>(
        &'g self,
        index: &'g HashMap<(usize, usize), Vec<usize>>,
        object: &Object<'a>,
        pod: &PodView<'a>,
    ) -> impl Iterator<Item = &'g Object<'a>> + use<'g, 'a> {
        index.get(&key(object, pod)).into_iter().flatten().map(|&at| &self.objects[at])
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
            .map(|(key, value)| self.index.by_label.get(&(namespace, key.text(), value.text())))
            .map(|pods| pods.map_or(&[][..], Vec::as_slice))
            .min_by_key(|pods| pods.len());
        let places = rarest.or_else(|| self.index.by_namespace.get(namespace).map(Vec::as_slice));
        places.unwrap_or(&[])
    }

    fn pods_at(&self, places: &[(usize, usize)]) -> impl Iterator<Item = (&Object<'a>, &PodView<'a>)> {
        places.iter().map(|&(object, pod)| (&self.objects[object], &self.objects[object].pods[pod]))
    }
}

/// A Pod by the places of its object and of itself in that.
fn key(object: &Object<'_>, pod: &PodView<'_>) -> (usize, usize) {
    let own: *const PodView<'_> = pod;
    (object.index, object.pods.iter().position(|p| std::ptr::eq(p, own)).unwrap_or(0))
}
