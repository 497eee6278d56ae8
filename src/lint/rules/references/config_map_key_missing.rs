use super::super::prelude::*;

rule! {
    /// A ConfigMap does not have the key that a workload asks for.
    ///
    /// The ConfigMap is there, the key is not: the container waits with `CreateContainerConfigError`, or the volume cannot
    /// be mounted. References that are `optional` are left alone.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings
    /// data:
    ///   log-level: info
    /// ---
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    /// spec:
    ///   containers:
    ///     - name: web
    ///       env:
    ///         - name: LEVEL
    ///           valueFrom:
    ///             configMapKeyRef:
    ///               name: settings
    ///               key: loglevel #! ConfigMap `settings` has no key `loglevel`
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings
    /// data:
    ///   log-level: info
    /// ---
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    /// spec:
    ///   containers:
    ///     - name: web
    ///       env:
    ///         - name: LEVEL
    ///           valueFrom:
    ///             configMapKeyRef:
    ///               name: settings
    ///               key: log-level
    /// ```
    "config-map-key-missing": High, Recommended, since "0.1.0";
    refs: ["kube-linter: env-value-from"];
    help: "add the key, mend its name, or mark the reference `optional: true`";
    check: Bundle(check);
}

fn check(graph: &Graph<'_>, report: &mut Report) {
    super::missing::keys(graph, report, Known::ConfigMap);
}
