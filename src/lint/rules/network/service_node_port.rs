use super::super::prelude::*;

rule! {
    /// A Service opens a port on every node.
    ///
    /// It is reachable wherever a node is, past Ingress, its certificates and its logs.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: web
    /// spec:
    ///   type: NodePort #! Service `web` opens a port on every node
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: web
    /// spec:
    ///   type: ClusterIP
    /// ```
    "service-node-port": Low, Recommended, since "0.1.0";
    refs: ["kube-linter: exposed-services", "kube-score: service-type", "gatekeeper: block-nodeport-services"];
    help: "use an Ingress or a Gateway in front of a Service of type ClusterIP";
    check: Resource(&[Known::Service], check);
}

fn check(service: &Resource, report: &mut Report) {
    if let Some(kind) = service.in_spec("type").filter(|t| t.text() == "NodePort") {
        report.at(&service, kind, format!("Service `{}` opens a port on every node", service.name()));
    }
}
