use super::super::prelude::*;
use crate::kube::rbac::{Grant, is_default};

rule! {
    /// Whoever gets into a workload gets far.
    ///
    /// Its ServiceAccount, whose token it mounts, may read Secrets, run commands in other Pods, make Pods, change roles or do
    /// everything: a fault in the program is then one of the namespace, or of the cluster.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    ///   namespace: shop
    /// spec:
    ///   serviceAccountName: web #! whoever gets into the Pods of Pod `web` is an administrator of the cluster
    ///   containers: []
    /// ---
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRoleBinding
    /// metadata:
    ///   name: web
    /// roleRef: {kind: ClusterRole, name: cluster-admin}
    /// subjects:
    ///   - kind: ServiceAccount
    ///     name: web
    ///     namespace: shop
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    ///   namespace: shop
    /// spec:
    ///   serviceAccountName: web
    ///   automountServiceAccountToken: false
    ///   containers: []
    /// ---
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRoleBinding
    /// metadata:
    ///   name: web
    /// roleRef: {kind: ClusterRole, name: cluster-admin}
    /// subjects:
    ///   - kind: ServiceAccount
    ///     name: web
    ///     namespace: shop
    /// ```
    "workload-takeover": High, Recommended, since "0.1.0";
    refs: ["checkov: CKV2_K8S_1", "checkov: CKV2_K8S_5", "kubescape: C-0267", "kubescape: C-0272"];
    help: "give the account only what the program needs, or do not mount its token";
    check: Bundle(check);
}

fn check(graph: &Graph<'_>, report: &mut Report) {
    // By account, the bindings that name it: looked up once a Pod.
    let mut of_account: rustc_hash::FxHashMap<(&str, &str), Vec<&crate::lint::Object<'_>>> =
        Default::default();
    for binding in graph.all(Known::RoleBinding).chain(graph.all(Known::ClusterRoleBinding)) {
        if is_default(binding.resource) {
            continue;
        }
        for subject in binding.resource.root().get("subjects").into_iter().flat_map(Node::items) {
            if text(subject.get("kind")) == "ServiceAccount" {
                let namespace = subject.get("namespace").map_or(binding.namespace, Node::text);
                of_account.entry((namespace, text(subject.get("name")))).or_default().push(binding);
            }
        }
    }
    for object in graph.judged() {
        for pod in object.pods.iter().filter(|pod| graph.mounts_token(object, pod)) {
            let bindings = of_account.get(&(object.namespace, pod.service_account()));
            let found = bindings.into_iter().flatten().find_map(|b| Some((*b, power(graph, b)?)));
            let Some((binding, what)) = found else { continue };
            let reach = if binding.kind == Known::ClusterRoleBinding { "cluster" } else { "namespace" };
            let (kind, name) = (&pod.resource.id.gvk.kind, pod.resource.name());
            let message = format!("whoever gets into the Pods of {kind} `{name}` {what} of the {reach}");
            report
                .missing(pod, "serviceAccountName", message)
                .related_object(binding.resource, "by this binding");
        }
    }
}

/// The worst that a binding gives, in words that end in "of the cluster" or "of the namespace".
fn power(graph: &Graph<'_>, binding: &crate::lint::Object<'_>) -> Option<&'static str> {
    let role = binding.resource.root().get("roleRef")?;
    let name = text(role.get("name"));
    let is_role = text(role.get("kind")) == "Role";
    if !is_role && name == "cluster-admin" {
        return Some("is an administrator");
    }
    let (kind, namespace) = if is_role { (Known::Role, binding.namespace) } else { (Known::ClusterRole, "") };
    let role = graph.find(kind, namespace, name)?;
    Grant::of(role.resource).filter(|g| !g.is_named()).find_map(|grant| {
        let may = |verbs: &[&str], group: &str, resources: &[&str]| {
            grant.verb(verbs).is_some() && grant.has_group(group) && grant.resource(resources).is_some()
        };
        let rbac = "rbac.authorization.k8s.io";
        let bindings = ["roles", "clusterroles", "rolebindings", "clusterrolebindings"];
        if grant.is_everything() {
            Some("is an administrator")
        } else if may(&["escalate", "bind", "create", "update", "patch"], rbac, &bindings) {
            Some("changes the roles")
        } else if may(&["impersonate"], "", &["users", "groups", "serviceaccounts"]) {
            Some("acts as any user")
        } else if may(&["get", "list", "watch"], "", &["secrets"]) {
            Some("reads the Secrets")
        } else if may(&["create", "get"], "", &["pods/exec", "pods/attach", "nodes/proxy"]) {
            Some("runs commands in the Pods")
        } else if may(&["create", "update", "patch"], "", &["pods"])
            || may(&["create", "update", "patch"], "apps", &["deployments", "daemonsets", "statefulsets"])
        {
            Some("makes Pods with any account")
        } else {
            None
        }
    })
}
