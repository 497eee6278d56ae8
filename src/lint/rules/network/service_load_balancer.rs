use super::super::prelude::*;

rule! {
    /// A Service gets a load balancer of its own.
    ///
    /// Each costs money and is a way in from outside that goes past Ingress.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: web
    /// spec:
    ///   type: LoadBalancer #! Service `web` gets a load balancer of its own
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: web
    /// spec:
    ///   type: ClusterIP
    /// ```
    "service-load-balancer": Low, Recommended, since "0.1.0";
    refs: ["kube-linter: exposed-services", "kubescape: C-0256", "gatekeeper: block-loadbalancer-services"];
    help: "use an Ingress or a Gateway in front of a Service of type ClusterIP";
    check: Resource(&[Known::Service], check);
}

fn check(service: &Resource, report: &mut Report) {
    if let Some(kind) = service.in_spec("type").filter(|t| t.text() == "LoadBalancer") {
        report.at(&service, kind, format!("Service `{}` gets a load balancer of its own", service.name()));
    }
}
