//! The objects that a Pod names: ConfigMaps, Secrets, claims, accounts, classes.

use yaml::Node;

use super::{Known, PodView};

/// One name in a Pod that another object must have.
#[derive(Clone, Copy)]
pub struct Reference<'a> {
    /// The kind of the other object.
    pub target: Known,
    /// Its name.
    pub name: Node<'a>,
    /// The key of its data that is needed, where one is named.
    pub key: Option<Node<'a>>,
    /// Whether the Pod starts without it.
    pub optional: bool,
    /// The container that names it, by its place in [`PodView::containers`].
    pub container: Option<usize>,
    /// What the object is needed for.
    pub purpose: Purpose,
}

/// What a reference is for, where rules tell the purposes apart.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Purpose {
    /// An environment variable, or all of them.
    Environment,
    /// A volume.
    Volume,
    /// Credentials for the registry.
    ImagePull,
    /// What the Pod runs as, or is ranked or run by.
    Identity,
}

/// All names in a Pod. Names that are empty or hold a placeholder are for others to judge and are left out.
pub fn of_pod<'a>(pod: &PodView<'a>) -> Vec<Reference<'a>> {
    let mut all = Vec::new();
    let mut add =
        |target, name: Option<Node<'a>>, keys: &[Option<Node<'a>>], optional, container, purpose| {
            let Some(name) = name.filter(|n| !n.text().is_empty() && !n.text().contains("$(")) else {
                return;
            };
            for &key in keys {
                all.push(Reference { target, name, key, optional, container, purpose });
            }
        };
    let optional = |source: Node<'a>| source.get("optional").is_some_and(Node::is_true);

    for (i, container) in pod.containers.iter().enumerate() {
        for variable in container.env_list() {
            for (field, target) in [("configMapKeyRef", Known::ConfigMap), ("secretKeyRef", Known::Secret)] {
                let Some(source) = variable.get("valueFrom").and_then(|v| v.get(field)) else { continue };
                let key = source.get("key");
                add(target, source.get("name"), &[key], optional(source), Some(i), Purpose::Environment);
            }
        }
        for from in container.env_from.into_iter().flat_map(Node::items) {
            for (field, target) in [("configMapRef", Known::ConfigMap), ("secretRef", Known::Secret)] {
                let Some(source) = from.get(field) else { continue };
                add(target, source.get("name"), &[None], optional(source), Some(i), Purpose::Environment);
            }
        }
    }
    for volume in pod.volumes() {
        let projected = volume.at("projected.sources").into_iter().flat_map(Node::items);
        for part in std::iter::once(volume).chain(projected) {
            for (field, target) in [("configMap", Known::ConfigMap), ("secret", Known::Secret)] {
                let Some(source) = part.get(field) else { continue };
                let keys: Vec<Option<Node<'a>>> = source
                    .get("items")
                    .into_iter()
                    .flat_map(Node::items)
                    .map(|item| item.get("key"))
                    .collect();
                let keys = if keys.is_empty() { vec![None] } else { keys };
                let name = source.get("name").or_else(|| source.get("secretName"));
                add(target, name, &keys, optional(source), None, Purpose::Volume);
            }
        }
        let claim = volume.at("persistentVolumeClaim.claimName");
        add(Known::PersistentVolumeClaim, claim, &[None], false, None, Purpose::Volume);
    }
    for secret in pod.spec.image_pull_secrets.into_iter().flat_map(Node::items) {
        add(Known::Secret, secret.get("name"), &[None], false, None, Purpose::ImagePull);
    }
    let account = pod.spec.service_account_name.or(pod.spec.service_account);
    for (target, name) in [
        (Known::ServiceAccount, account),
        (Known::PriorityClass, pod.spec.priority_class_name),
        (Known::RuntimeClass, pod.spec.runtime_class_name),
    ] {
        add(target, name, &[None], false, None, Purpose::Identity);
    }
    all
}
