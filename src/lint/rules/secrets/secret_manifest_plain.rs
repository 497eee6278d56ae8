use super::super::prelude::*;

rule! {
    /// A Secret stands in clear in a file.
    ///
    /// base64 is no encryption: whoever reads the file, its copies or its history reads the secret. Sealed and SOPS
    /// encrypted Secrets are left alone, as are service account tokens that the cluster fills in and what a template
    /// draws at random.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Secret
    /// metadata:
    ///   name: db
    /// data:
    ///   password: aHVudGVyMg== #! Secret `db` holds `password` in clear: base64 is no encryption
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Secret
    /// metadata:
    ///   name: db
    /// data: {}
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Secret
    /// metadata:
    ///   name: db
    /// data:
    ///   password: {{ randAlphaNum 16 | b64enc }}
    /// ```
    "secret-manifest-plain": Medium, Recommended, since "0.1.0";
    refs: ["CIS 5.4.2", "kubescape: C-0208"];
    help: "keep it in a secret store or encrypt the file (External Secrets, Sealed Secrets, SOPS); change it if it was pushed";
    check: Bundle(check);
}

fn check(graph: &Graph<'_>, report: &mut Report) {
    for secret in graph.each(Known::Secret).map(|object| object.resource) {
        if secret.root().get("sops").is_none() {
            lists(graph, secret, report);
        }
    }
}

fn lists(graph: &Graph<'_>, secret: &Resource, report: &mut Report) {
    let root = secret.root();
    for (field, why) in
        [("data", "base64 is no encryption"), ("stringData", "whoever reads the file reads it")]
    {
        // One finding a Secret and list: the first value stands for its neighbours, none is printed.
        let values = root.get(field).into_iter().flat_map(Node::entries);
        let is_plain =
            |v: Node<'_>| !v.text().is_empty() && !is_encrypted(v.text()) && graph.drawn(secret, v).is_none();
        let mut filled = values.filter(|(_, v)| is_plain(*v));
        if let Some((key, value)) = filled.next() {
            let more = filled.count();
            let others = if more == 0 { String::new() } else { format!(" and {more} more") };
            let message =
                format!("Secret `{}` holds `{}`{others} in clear: {why}", secret.name(), key.text());
            report.at(&secret, value, message);
        }
    }
}

/// What SOPS and the operators of secret stores put in place of a value.
fn is_encrypted(value: &str) -> bool {
    value.starts_with("ENC[") || value.starts_with("<path:") || value.starts_with("vault:")
}
