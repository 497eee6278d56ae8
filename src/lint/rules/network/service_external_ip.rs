use super::super::prelude::*;

rule! {
    /// A Service claims an address of the outside world.
    ///
    /// With `externalIPs` whoever makes a Service draws the traffic for any address to it (CVE-2020-8554).
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: web
    /// spec:
    ///   externalIPs: #! Service `web` draws the traffic for 203.0.113.7 to it
    ///     - 203.0.113.7
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: web
    /// spec: {}
    /// ```
    "service-external-ip": High, Recommended, since "0.1.0";
    refs: ["trivy: KSV-0108", "gatekeeper: externalip"];
    help: "use a Service of type LoadBalancer";
    check: Resource(&[Known::Service], check);
}

fn check(service: &Resource, report: &mut Report) {
    let addresses = service.in_spec("externalIPs").into_iter().flat_map(Node::items);
    let addresses: Vec<&str> = addresses.map(Node::text).collect();
    if !addresses.is_empty() {
        let list = addresses.join(", ");
        let message = format!("Service `{}` draws the traffic for {list} to it", service.name());
        report.missing(&service, "spec.externalIPs", message);
    }
}
