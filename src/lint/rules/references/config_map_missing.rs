use super::super::prelude::*;

rule! {
    /// A ConfigMap that a workload refers to is not there.
    ///
    /// The container waits with `CreateContainerConfigError`, or the Pod with volumes that cannot be mounted, until
    /// somebody makes it. References that are `optional` are left alone. Unless the world is closed or other
    /// ConfigMaps stand in the namespace, it is a note: the cluster may have it.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings
    /// ---
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    /// spec:
    ///   containers:
    ///     - name: web
    ///       envFrom:
    ///         - configMapRef:
    ///             name: setings #! there is no ConfigMap `setings` in namespace `default`
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings
    /// ---
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    /// spec:
    ///   containers:
    ///     - name: web
    ///       envFrom:
    ///         - configMapRef:
    ///             name: settings
    /// ```
    "config-map-missing": High, Recommended, since "0.1.0";
    refs: ["kube-linter: env-value-from"];
    help: "add the ConfigMap, mend the name, or mark the reference `optional: true`";
    check: Bundle(check);
}

fn check(graph: &Graph<'_>, report: &mut Report) {
    super::missing::objects(graph, report, Known::ConfigMap, |_| true);
}
