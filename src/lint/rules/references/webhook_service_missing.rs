use super::super::prelude::*;

rule! {
    /// The server is told to ask a Service that is not there.
    ///
    /// A webhook, an extension of the API or the conversion of a custom resource names it. A webhook that must be asked and
    /// does not answer stops every change that it watches. Unless the world is closed or other Services stand in the
    /// namespace, it is a note.
    ///
    /// ```yaml bad
    /// apiVersion: apiregistration.k8s.io/v1
    /// kind: APIService
    /// metadata:
    ///   name: v1.example.com
    /// spec:
    ///   service:
    ///     name: api #! there is no Service `api` in namespace `shop`
    ///     namespace: shop
    /// ```
    /// ```yaml good
    /// apiVersion: apiregistration.k8s.io/v1
    /// kind: APIService
    /// metadata:
    ///   name: v1.apps
    /// spec: {}
    /// ```
    "webhook-service-missing": High, Recommended, since "0.1.0";
    refs: [];
    help: "add the Service, or mend name and namespace";
    check: Bundle(check);
}

fn check(graph: &Graph<'_>, report: &mut Report) {
    let asking = [
        Known::ValidatingWebhookConfiguration,
        Known::MutatingWebhookConfiguration,
        Known::ApiService,
        Known::CustomResourceDefinition,
    ];
    for object in asking.into_iter().flat_map(|kind| graph.each(kind)) {
        let root = object.resource.root();
        let webhooks = root.get("webhooks").into_iter().flat_map(Node::items);
        let services = webhooks
            .filter_map(|w| w.at("clientConfig.service"))
            .chain(root.at("spec.service"))
            .chain(root.at("spec.conversion.webhook.clientConfig.service"));
        for service in services {
            let Some(name) = service.get("name").filter(|n| !n.text().is_empty()) else { continue };
            let namespace = text(service.get("namespace"));
            if !graph.has(Known::Service, namespace, name.text()) {
                let message = format!("there is no Service `{}` in namespace `{namespace}`", name.text());
                let is_known = graph.is_closed(Known::Service, namespace);
                report.at(&object.resource, name, message).note_unless(is_known);
            }
        }
    }
}
