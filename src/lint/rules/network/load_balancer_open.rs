use super::super::prelude::*;

rule! {
    /// A load balancer takes connections from everywhere.
    ///
    /// Neither `loadBalancerSourceRanges` nor an annotation for an internal one says who may connect: the whole internet may.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: web
    /// spec: #! Service `web` takes connections from the whole internet
    ///   type: LoadBalancer
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: web
    /// spec:
    ///   type: LoadBalancer
    ///   loadBalancerSourceRanges: [203.0.113.0/24]
    /// ```
    "load-balancer-open": Medium, Recommended, since "0.1.0";
    refs: [];
    help: "list those who may connect in `loadBalancerSourceRanges`, or make it internal";
    check: Resource(&[Known::Service], check);
}

/// The annotations by which the clouds make one internal, and the value where it matters.
const INTERNAL: [(&str, &str); 9] = [
    ("service.beta.kubernetes.io/aws-load-balancer-internal", "true"),
    ("service.beta.kubernetes.io/aws-load-balancer-scheme", "internal"),
    ("service.beta.kubernetes.io/azure-load-balancer-internal", "true"),
    ("networking.gke.io/load-balancer-type", "Internal"),
    ("cloud.google.com/load-balancer-type", "Internal"),
    ("service.beta.kubernetes.io/openstack-internal-load-balancer", "true"),
    ("service.beta.kubernetes.io/oci-load-balancer-internal", "true"),
    ("service.kubernetes.io/ibm-load-balancer-cloud-provider-ip-type", "private"),
    ("service.beta.kubernetes.io/alibaba-cloud-loadbalancer-address-type", "intranet"),
];

fn check(service: &Resource, report: &mut Report) {
    let Some(spec) = service.spec().filter(|s| text(s.get("type")) == "LoadBalancer") else {
        return;
    };
    let annotations = service.annotations();
    let is_internal =
        INTERNAL.iter().any(|(key, value)| text(annotations.and_then(|a| a.get(key))) == *value);
    let ranges = spec.get("loadBalancerSourceRanges").into_iter().flat_map(Node::items);
    let by_annotation =
        annotations.and_then(|a| a.get("service.beta.kubernetes.io/load-balancer-source-ranges"));
    if !is_internal && ranges.count() == 0 && by_annotation.is_none() {
        let message = format!("Service `{}` takes connections from the whole internet", service.name());
        report.missing(&service, "spec.loadBalancerSourceRanges", message);
    }
}
