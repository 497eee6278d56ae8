//! Which object it is, as a build sees it: type, name and effective namespace.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::OnceLock;

use crate::kube::Gvk;
use crate::schema::{Kind, Schema};

/// The namespace that kustomize gives to objects which certainly have none.
pub const NOT_A_NAMESPACE: &str = "_non_namespaceable_";

/// An object's identity.
///
/// Two are equal if type, name and *effective* namespace are, so that no namespace and `default` are one
/// (kyaml 0.21.1, `resid.ResId.Equals`).
///
/// ```
/// use plimsoll::render::kustomize::ResId;
/// let id = |namespace: &str| ResId::new("v1", "ConfigMap", "a", namespace);
/// assert_eq!(id(""), id("default"));
/// assert_eq!(id("").to_string(), "ConfigMap.v1.[noGrp]/a.[noNs]");
/// assert_eq!(ResId::new("v1", "Node", "a", "x").effective_namespace(), "_non_namespaceable_");
/// ```
#[derive(Clone, Debug)]
pub struct ResId {
    /// Its type.
    pub gvk: Gvk,
    /// `metadata.name`
    pub name: Box<str>,
    /// `metadata.namespace` as written; empty where there is none.
    pub namespace: Box<str>,
    /// Whether the schema knows the kind, and knows that it is in no namespace.
    pub is_cluster_scoped: bool,
}

impl ResId {
    /// From an object's fields.
    pub fn new(api_version: &str, kind: &str, name: &str, namespace: &str) -> ResId {
        ResId::of_gvk(Gvk::parse(api_version, kind), name, namespace)
    }

    /// Of that type.
    pub fn of_gvk(gvk: Gvk, name: &str, namespace: &str) -> ResId {
        let is_cluster_scoped = is_cluster_scoped(&gvk);
        ResId { gvk, name: name.into(), namespace: namespace.into(), is_cluster_scoped }
    }

    /// The namespace for comparisons: never empty.
    pub fn effective_namespace(&self) -> &str {
        match &*self.namespace {
            _ if self.is_cluster_scoped => NOT_A_NAMESPACE,
            "" => "default",
            other => other,
        }
    }

    /// Whether type and name are equal, whatever the namespace.
    pub fn is_gvkn(&self, other: &ResId) -> bool {
        self.name == other.name && self.gvk == other.gvk
    }

    /// As Go's `%#v` prints it: some of upstream's texts have it so.
    pub fn go_syntax(&self) -> String {
        let quote = |text: &str| gotmpl::strconv::quote(text.as_bytes());
        format!(
            "resid.ResId{{Gvk:resid.Gvk{{Group:{}, Version:{}, Kind:{}, isClusterScoped:{}}}, Name:{}, Namespace:{}}}",
            quote(&self.gvk.group),
            quote(&self.gvk.version),
            quote(&self.gvk.kind),
            self.is_cluster_scoped,
            quote(&self.name),
            quote(&self.namespace),
        )
    }
}

/// A type as kustomize's texts have it: `Deployment.v1.apps`.
pub fn gvk_text(gvk: &Gvk) -> String {
    let or = |text: &str, none: &'static str| if text.is_empty() { none.to_owned() } else { text.to_owned() };
    format!("{}.{}.{}", or(&gvk.kind, "[noKind]"), or(&gvk.version, "[noVer]"), or(&gvk.group, "[noGrp]"))
}

/// Whether an empty part of the selector or an equal one stands for each part of the type.
pub fn is_selected(gvk: &Gvk, group: &str, version: &str, kind: &str) -> bool {
    let fits = |wanted: &str, is: &str| wanted.is_empty() || wanted == is;
    fits(group, &gvk.group) && fits(version, &gvk.version) && fits(kind, &gvk.kind)
}

/// Whether the schema that kustomize carries (Kubernetes 1.21.2) says that the kind is in no namespace. Unknown kinds count
/// as namespaced, and so do those that a server answers and never keeps: upstream learns scopes from the paths to read from.
pub fn is_cluster_scoped(gvk: &Gvk) -> bool {
    known(gvk).is_some_and(|kind| !kind.is_namespaced())
}

/// Whether that schema says anything of the kind's scope.
pub fn is_known(gvk: &Gvk) -> bool {
    known(gvk).is_some()
}

fn known(gvk: &Gvk) -> Option<Kind<'static>> {
    static SCHEMA: OnceLock<Schema> = OnceLock::new();
    let kind = SCHEMA.get_or_init(Schema::kustomize).kind(&gvk.group, &gvk.version, &gvk.kind);
    let is_kept = !matches!(&*gvk.group, "authentication.k8s.io" | "authorization.k8s.io");
    kind.filter(|_| is_kept)
}

impl PartialEq for ResId {
    fn eq(&self, other: &ResId) -> bool {
        self.is_gvkn(other) && self.effective_namespace() == other.effective_namespace()
    }
}

impl Eq for ResId {}

impl Hash for ResId {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.gvk.hash(state);
        self.name.hash(state);
        self.effective_namespace().hash(state);
    }
}

impl fmt::Display for ResId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let or =
            |text: &str, none: &'static str| if text.is_empty() { none.to_owned() } else { text.to_owned() };
        write!(f, "{}/{}.{}", gvk_text(&self.gvk), or(&self.name, "[noName]"), or(&self.namespace, "[noNs]"))
    }
}
