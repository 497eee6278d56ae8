use super::super::prelude::*;

rule! {
    /// Two ports of a Service are the same, or cannot be told apart.
    ///
    /// Name, and number with protocol, must each be unique, and with several ports each needs a name. The server refuses
    /// anything else.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: web
    /// spec:
    ///   ports:
    ///     - name: http
    ///       port: 80
    ///     - name: http #! Service `web` has two ports named `http`
    ///       port: 443
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: web
    /// spec:
    ///   ports:
    ///     - name: http
    ///       port: 80
    ///     - name: https
    ///       port: 443
    /// ```
    "service-port-duplicate": High, Minimal, since "0.1.0";
    refs: [];
    refused: true;
    help: "give every port a name of its own";
    check: Resource(&[Known::Service], check);
}

fn check(service: &Resource, report: &mut Report) {
    let ports: Vec<Node<'_>> = service.in_spec("ports").into_iter().flat_map(Node::items).collect();
    let (mut names, mut numbers) = (rustc_hash::FxHashSet::default(), rustc_hash::FxHashSet::default());
    let who = service.name();
    for port in &ports {
        match port.get("name").filter(|n| !n.text().is_empty()) {
            Some(name) if !names.insert(name.text()) => {
                report.at(&service, name, format!("Service `{who}` has two ports named `{}`", name.text()));
            }
            None if ports.len() > 1 => {
                report.at(
                    &service,
                    *port,
                    format!("Service `{who}` has several ports and this one has no name"),
                );
            }
            _ => {}
        }
        let protocol = port.get("protocol").map_or("TCP", Node::text);
        if let Some(number) = port.get("port")
            && !numbers.insert((number.text(), protocol))
        {
            report.at(
                &service,
                number,
                format!("Service `{who}` has port {}/{protocol} twice", number.text()),
            );
        }
    }
}
