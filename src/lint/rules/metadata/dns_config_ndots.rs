use super::super::prelude::*;

rule! {
    /// Every name with few dots is looked up many times.
    ///
    /// Unless `ndots` is set, a name with fewer than five dots is first tried under each of the cluster's search domains.
    ///
    /// ```yaml bad
    /// containers: []
    /// dnsConfig: #! `ndots` is not set
    ///   options: []
    /// ```
    /// ```yaml good
    /// containers: []
    /// dnsConfig:
    ///   options:
    ///     - name: ndots
    ///       value: "2"
    /// ```
    "dns-config-ndots": Info, Strict, since "0.1.0";
    refs: ["kube-linter: dnsconfig-options"];
    help: "set `ndots` to 2 where names are written in full";
    check: Pod(check);
}

fn check(pod: &PodView<'_>, report: &mut Report) {
    let options = pod.spec.dns_config.and_then(|d| d.get("options")).into_iter().flat_map(Node::items);
    let is_set =
        |option: Node<'_>| text(option.get("name")) == "ndots" && !text(option.get("value")).is_empty();
    if !options.into_iter().any(is_set) {
        let place = if pod.spec.dns_config.is_some() { "dnsConfig.ndots" } else { "dnsConfig" };
        report.missing(pod, place, "`ndots` is not set");
    }
}
