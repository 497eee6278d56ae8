use super::super::prelude::*;
use crate::kube::Quantity;

rule! {
    /// A container asks for more of a resource than it may use.
    ///
    /// The server refuses such a Pod; a Deployment with it is taken and then never gets one.
    ///
    /// ```yaml bad
    /// resources:
    ///   requests:
    ///     memory: 1Gi #! container `app` asks for more memory than it may use: 1Gi of at most 512Mi
    ///   limits:
    ///     memory: 512Mi
    /// ```
    /// ```yaml good
    /// resources:
    ///   requests:
    ///     memory: 512Mi
    ///   limits:
    ///     memory: 512Mi
    /// ```
    "request-exceeds-limit": High, Minimal, since "0.1.0";
    refs: [];
    over: ["requests-equal-limits"];
    refused: true;
    help: "raise the limit or lower the request";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    let Some(resources) = container.resources else { return };
    for (name, request) in resources.get("requests").into_iter().flat_map(Node::entries) {
        let Some(limit) = container.resource_field("limits", name.text()) else { continue };
        let (Ok(asked), Ok(most)) = (Quantity::parse(request.text()), Quantity::parse(limit.text())) else {
            continue;
        };
        if asked > most {
            let message = format!(
                "{container} asks for more {} than it may use: {} of at most {}",
                name.text(),
                request.text(),
                limit.text()
            );
            report.at(container, request, message).related(container.resource, limit, "the limit");
        }
    }
}
