use super::super::prelude::*;

rule! {
    /// A Secret does not have the key that a workload asks for.
    ///
    /// The Secret is there, the key is not: the container waits with `CreateContainerConfigError`, or the volume cannot be
    /// mounted. References that are `optional` are left alone.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Secret
    /// metadata:
    ///   name: db
    /// data:
    ///   user: d2Vi
    /// ---
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    /// spec:
    ///   containers:
    ///     - name: web
    ///       env:
    ///         - name: PASSWORD
    ///           valueFrom:
    ///             secretKeyRef:
    ///               name: db
    ///               key: password #! Secret `db` has no key `password`
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Secret
    /// metadata:
    ///   name: db
    /// data:
    ///   user: d2Vi
    /// ---
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    /// spec:
    ///   containers:
    ///     - name: web
    ///       env:
    ///         - name: USER
    ///           valueFrom:
    ///             secretKeyRef:
    ///               name: db
    ///               key: user
    /// ```
    "secret-key-missing": High, Recommended, since "0.1.0";
    refs: ["kube-linter: env-value-from"];
    help: "add the key, mend its name, or mark the reference `optional: true`";
    check: Bundle(check);
}

fn check(graph: &Graph<'_>, report: &mut Report) {
    super::missing::keys(graph, report, Known::Secret);
}
