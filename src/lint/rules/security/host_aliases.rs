use super::super::prelude::*;

rule! {
    /// A Pod writes names into its own `/etc/hosts`.
    ///
    /// Names that the cluster's DNS does not know are easily forgotten when an address changes, and they can shadow
    /// names that it does know.
    ///
    /// ```yaml bad
    /// hostAliases: #! the Pod writes names into its own `/etc/hosts`
    ///   - ip: 192.0.2.7
    ///     hostnames: [db.example.com]
    /// ```
    /// ```yaml good
    /// dnsPolicy: ClusterFirst
    /// ```
    "host-aliases": Info, Strict, since "0.1.0";
    refs: ["trivy: KSV-0007"];
    help: "make the name known to the cluster's DNS, for instance with a Service of type ExternalName";
    check: Pod(check);
}

fn check(pod: &PodView<'_>, report: &mut Report) {
    if pod.spec.host_aliases.is_some() {
        report.missing(pod, "hostAliases", "the Pod writes names into its own `/etc/hosts`");
    }
}
