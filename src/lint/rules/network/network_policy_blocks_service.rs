use super::super::prelude::*;
use super::Direction;

rule! {
    /// A NetworkPolicy isolates the Pods of a Service, and nothing lets anybody in at its port.
    ///
    /// A Pod that one policy selects takes only what the policies that select it allow. None of them has a rule for the port
    /// that the Service leads to: whoever connects to the Service waits in vain.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    ///   labels: {app: web}
    /// spec: {containers: []}
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: web
    /// spec:
    ///   selector: {app: web}
    ///   ports:
    ///     - port: 80
    ///       targetPort: 8080
    /// ---
    /// apiVersion: networking.k8s.io/v1
    /// kind: NetworkPolicy
    /// metadata:
    ///   name: web
    /// spec:
    ///   podSelector:
    ///     matchLabels: {app: web} #! NetworkPolicy `web` isolates Pod `web`: nothing reaches port 80 of Service `web`
    ///   ingress:
    ///     - ports: [{port: 9090}]
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    ///   labels: {app: web}
    /// spec: {containers: []}
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: web
    /// spec:
    ///   selector: {app: web}
    ///   ports:
    ///     - port: 80
    ///       targetPort: 8080
    /// ---
    /// apiVersion: networking.k8s.io/v1
    /// kind: NetworkPolicy
    /// metadata:
    ///   name: web
    /// spec:
    ///   podSelector:
    ///     matchLabels: {app: web}
    ///   ingress:
    ///     - ports: [{port: 8000, endPort: 9000}]
    /// ```
    "network-policy-blocks-service": Medium, Recommended, since "0.1.0";
    refs: [];
    help: "allow the port in `ingress`, from whoever needs it";
    check: Bundle(check);
}

fn check(graph: &Graph<'_>, report: &mut Report) {
    for service in graph.each(Known::Service) {
        let Some(spec) = service.resource.root().get("spec") else { continue };
        let Some(selector) = spec.get("selector").filter(|s| s.entries().next().is_some()) else { continue };
        let pods = graph.selected_by_map(service.namespace, selector);
        for port in spec.get("ports").into_iter().flat_map(Node::items) {
            // The first policy that keeps this port shut, if it is shut at every Pod.
            let mut shut = None;
            let is_open = pods.iter().any(|(object, pod)| {
                let policies =
                    graph.policies_of(object, pod).filter(|p| Direction::Ingress.is_of(p.resource));
                let policies: Vec<_> = policies.collect();
                let Some(first) = policies.first() else { return true };
                // Neither the node's own network nor a port that nobody knows can be judged.
                let of_node = pod.node().get("hostNetwork").and_then(Node::as_bool) == Some(true);
                let Some(target) = Target::of(port, pod).filter(|_| !of_node) else { return true };
                shut = shut.or(Some((*first, *object)));
                policies.iter().any(|policy| target.is_let_in(policy.resource))
            });
            let Some((policy, object)) = shut.filter(|_| !is_open) else { continue };
            let (kind, name) = (&object.resource.id.gvk.kind, object.resource.name());
            let message = format!(
                "NetworkPolicy `{}` isolates {kind} `{name}`: nothing reaches port {} of Service `{}`",
                policy.resource.name(),
                text(port.get("port")),
                service.resource.name()
            );
            let selector = policy.resource.root().at("spec.podSelector").filter(|_| policy.is_judged);
            match selector {
                Some(place) => {
                    let finding = report.at(&policy.resource, place, message);
                    finding.related_object(service.resource, "the Service");
                }
                // A policy of the cluster is nobody's to edit here.
                None => {
                    report.at(&service.resource, port, message);
                }
            }
        }
    }
}

/// The port of a Pod that a Service leads to.
struct Target<'a> {
    number: i64,
    name: Option<&'a str>,
    protocol: &'a str,
}

impl<'a> Target<'a> {
    fn of(port: Node<'a>, pod: &PodView<'a>) -> Option<Self> {
        let target = port.get("targetPort").filter(|t| !t.is_null()).or_else(|| port.get("port"))?;
        let protocol = port.get("protocol").map_or("TCP", Node::text);
        let mut declared = pod.containers.iter().flat_map(Container::port_list);
        let number = |port: Node<'_>| port.get("containerPort").and_then(Node::as_i64);
        let (number, name) = match target.as_i64() {
            Some(asked) => (asked, declared.find(|p| number(*p) == Some(asked)).and_then(|p| p.get("name"))),
            None => {
                let found = declared.find(|p| text(p.get("name")) == target.text())?;
                (number(found)?, Some(target))
            }
        };
        Some(Target { number, name: name.map(Node::text), protocol })
    }

    /// Whether a rule of the policy lets somebody in.
    fn is_let_in(&self, policy: &Resource) -> bool {
        let mut rules = policy.root().at("spec.ingress").into_iter().flat_map(Node::items);
        rules.any(|rule| {
            let mut ports = rule.get("ports").into_iter().flat_map(Node::items).peekable();
            ports.peek().is_none() || ports.any(|port| self.is(port))
        })
    }

    fn is(&self, port: Node<'_>) -> bool {
        if port.get("protocol").map_or("TCP", Node::text) != self.protocol {
            return false;
        }
        let Some(wanted) = port.get("port").filter(|p| !p.is_null()) else { return true };
        match wanted.as_i64() {
            Some(first) => {
                let last = port.get("endPort").and_then(Node::as_i64).unwrap_or(first);
                (first..=last).contains(&self.number)
            }
            None => self.name == Some(wanted.text()),
        }
    }
}
