use super::super::prelude::*;
use super::{Access, ROLES, report_access};

rule! {
    /// A role may make PersistentVolumes.
    ///
    /// A PersistentVolume can be a directory of the node: whoever makes one mounts what he likes, past Pod Security.
    ///
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: app
    /// rules:
    ///   - apiGroups: [""]
    ///     resources: [persistentvolumes] #! ClusterRole `app` makes PersistentVolumes: `create` on `persistentvolumes`
    ///     verbs: [create]
    /// ```
    /// ```yaml good
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: app
    /// rules:
    ///   - apiGroups: [""]
    ///     resources: [pods]
    ///     verbs: [get, list]
    /// ```
    "rbac-pv-create": Medium, Recommended, since "0.1.0";
    refs: ["CIS 5.1.9", "kubescape: C-0278"];
    help: "leave it to the storage driver";
    check: Resource(ROLES, check);
}

const WHAT: &[Access] = &[Access { verbs: &["create"], group: "", resources: &["persistentvolumes"] }];

fn check(role: &Resource, report: &mut Report) {
    report_access(role, report, WHAT, "makes PersistentVolumes");
}
