use super::super::prelude::*;

rule! {
    /// A ReplicaSet or ReplicationController is written by hand.
    ///
    /// It replaces Pods that go, but cannot roll out a new version: a change of its template touches only Pods that are made
    /// later.
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: ReplicaSet
    /// metadata:
    ///   name: web #! ReplicaSet `web` cannot roll out a new version
    /// ```
    /// ```yaml good
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: web
    /// ```
    "bare-replica-set": Low, Recommended, since "0.1.0";
    refs: [];
    help: "use a Deployment; it takes the same fields";
    check: Resource(&[Known::ReplicaSet, Known::ReplicationController], check);
}

fn check(set: &Resource, report: &mut Report) {
    let owners = set.root().at("metadata.ownerReferences");
    if owners.is_none_or(|o| o.items().next().is_none()) {
        report.on(&set, format!("{} `{}` cannot roll out a new version", set.id.gvk.kind, set.name()));
    }
}
