use super::super::prelude::*;

rule! {
    /// A Pod has the same port twice.
    ///
    /// The same number and protocol, or the same name: containers of a Pod share one address, so that only one of them can
    /// listen, and of two equal names only the first is found.
    ///
    /// ```yaml bad
    /// containers:
    ///   - name: web
    ///     ports:
    ///       - containerPort: 8080
    ///   - name: metrics
    ///     ports:
    ///       - containerPort: 8080 #! port 8080/TCP of the Pod is taken twice
    /// ```
    /// ```yaml good
    /// containers:
    ///   - name: web
    ///     ports:
    ///       - containerPort: 8080
    ///   - name: metrics
    ///     ports:
    ///       - containerPort: 8080
    ///         protocol: UDP
    /// ```
    "container-port-duplicate": Medium, Recommended, since "0.1.0";
    refs: ["kube-score: container-ports-check"];
    refused: true;
    help: "let one of them listen elsewhere";
    check: Pod(check);
}

fn check(pod: &PodView<'_>, report: &mut Report) {
    let mut numbers = rustc_hash::FxHashMap::default();
    let mut names = rustc_hash::FxHashMap::default();
    for container in pod.containers.iter().filter(|c| c.is_long_running()) {
        for port in container.port_list() {
            let protocol = port.get("protocol").map_or("TCP", Node::text);
            if let Some(number) = port.get("containerPort")
                && let Some(first) =
                    numbers.insert((number.text(), protocol, text(port.get("hostIP"))), number)
            {
                let message = format!("port {}/{protocol} of the Pod is taken twice", number.text());
                report.at(container, number, message).related(pod.resource, first, "the first");
            } else if let Some(name) = port.get("name").filter(|n| !n.text().is_empty())
                && let Some(first) = names.insert(name.text(), name)
            {
                let message = format!("two ports of the Pod are named `{}`", name.text());
                report.at(container, name, message).related(pod.resource, first, "the first");
            }
        }
    }
}
