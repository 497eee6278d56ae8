use yaml::Kind;

use super::super::prelude::*;
use crate::kube::path::path_of;

rule! {
    /// A value is another one with every rendering.
    ///
    /// A template drew it by `randAlphaNum`, `uuidv4`, `genCA`, `htpasswd`, `now` or their like. Whoever renders again gets
    /// another password or certificate: an upgrade changes it under the feet of what uses it, tools that compare what
    /// is rendered with what runs never find rest, and a checksum over it restarts Pods each time. `helm upgrade` can keep
    /// the old value by `lookup`, but there is nothing to look up where charts are rendered without a cluster, as Argo CD
    /// does. Where that is understood, allow it beside the call.
    ///
    /// ```yaml bad
    /// {{- $password := randAlphaNum 16 }}
    /// apiVersion: v1
    /// kind: Secret
    /// metadata:
    ///   name: db
    /// data:
    ///   user: {{ "shop" | b64enc }}
    ///   password: {{ $password | b64enc }} #! `data.password` is another one with every rendering
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings
    /// data:
    ///   level: {{ "info" | quote }}
    /// ```
    "value-non-deterministic": Medium, Recommended, since "0.1.0";
    refs: [];
    help: "make the value once, outside of the chart, and refer to the Secret that holds it";
    check: Bundle(check);
}

fn check(graph: &Graph<'_>, report: &mut Report) {
    if !graph.has_drawn() {
        return;
    }
    for object in graph.judged() {
        let resource = object.resource;
        let mut open = vec![resource.root()];
        while let Some(node) = open.pop() {
            // What an alias stands for is told where it is written.
            if node.is_alias() {
                continue;
            }
            open.extend(node.entries().map(|(_, value)| value));
            open.extend(node.items());
            if node.kind() != Kind::Scalar {
                continue;
            }
            let Some(call) = graph.drawn(resource, node) else { continue };
            let path = path_of(resource.root(), node);
            let message = format!("`{path}` is another one with every rendering");
            report.at(&resource, node, message).also(call, "drawn here");
        }
    }
}
