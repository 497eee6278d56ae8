use super::super::prelude::*;

rule! {
    /// A port's name or number is none.
    ///
    /// A name has at most 15 characters, small letters, digits and single dashes, with a letter among them; a number lies
    /// between 1 and 65535. The server refuses anything else.
    ///
    /// ```yaml bad
    /// containers:
    ///   - name: app
    ///     ports:
    ///       - name: prometheus-metrics #! `prometheus-metrics` is no name for a port: it has more than 15 characters
    ///         containerPort: 9090
    /// ```
    /// ```yaml good
    /// containers:
    ///   - name: app
    ///     ports:
    ///       - name: metrics
    ///         containerPort: 9090
    /// ```
    "port-name-invalid": High, Minimal, since "0.1.0";
    refs: ["kube-linter: invalid-target-ports", "kube-score: container-ports-check"];
    refused: true;
    help: "at most 15 small letters, digits and dashes; 1 to 65535";
    check: Bundle(check);
}

fn check(graph: &Graph<'_>, report: &mut Report) {
    for container in graph.judged().flat_map(|o| &o.pods).flat_map(|p| &p.containers) {
        for port in container.port_list() {
            for (field, must_be_set) in [("name", false), ("containerPort", true), ("hostPort", false)] {
                let Some(value) = port.get(field).filter(|v| !v.is_null()) else { continue };
                if let Some(fault) =
                    fault(value, field == "name").filter(|_| must_be_set || value.text() != "0")
                {
                    report.at(container, value, fault);
                }
            }
        }
    }
    for service in graph.each(Known::Service) {
        for port in service.resource.in_spec("ports").into_iter().flat_map(Node::items) {
            for field in ["port", "targetPort"] {
                let Some(value) = port.get(field).filter(|v| !v.is_null()) else { continue };
                let is_name = field == "targetPort" && value.as_i64().is_none();
                if let Some(fault) = fault(value, is_name) {
                    report.at(&service.resource, value, fault);
                }
            }
        }
    }
}

fn fault(value: Node<'_>, is_name: bool) -> Option<String> {
    let name = value.text();
    if !is_name {
        let is_port = value.as_i64().or_else(|| name.parse().ok()).is_some_and(|n| (1..=65535).contains(&n));
        return (!is_port).then(|| format!("`{name}` is no port: ports go from 1 to 65535"));
    }
    let why = if name.len() > 15 {
        "it has more than 15 characters"
    } else if !name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') {
        "it has more than small letters, digits and dashes"
    } else if !name.bytes().any(|b| b.is_ascii_lowercase()) {
        "it has no letter"
    } else if name.starts_with('-') || name.ends_with('-') || name.contains("--") {
        "dashes stand alone and between others"
    } else {
        return None;
    };
    Some(format!("`{name}` is no name for a port: {why}"))
}
