use super::super::prelude::*;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

rule! {
    /// A value of a Secret is not base64, or is base64 twice.
    ///
    /// `data` holds base64: the server refuses anything else. What was encoded twice it takes, and the program then gets
    /// base64 where it expects the secret. `stringData` takes plain text.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Secret
    /// metadata:
    ///   name: db
    /// data:
    ///   password: hunter_2 #! `password` of Secret `db` is not base64
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Secret
    /// metadata:
    ///   name: db
    /// data:
    ///   password: aHVudGVyMg==
    /// ```
    "secret-data-not-base64": High, Minimal, since "0.1.0";
    refs: [];
    over: ["secret-manifest-plain"];
    refused: true;
    help: "encode it once (`base64 -w0`), or put it into `stringData` as it is";
    check: Resource(&[Known::Secret], check);
}

fn check(secret: &Resource, report: &mut Report) {
    if secret.root().get("sops").is_some() {
        return;
    }
    for (key, value) in secret.root().get("data").into_iter().flat_map(Node::entries) {
        let (name, holder) = (key.text(), secret.name());
        // Go's decoder passes over line breaks.
        let packed: String = value.text().chars().filter(|c| !matches!(c, '\n' | '\r')).collect();
        if is_placeholder(&packed) {
            continue;
        }
        match STANDARD.decode(&packed) {
            Err(_) => {
                report.at(&secret, value, format!("`{name}` of Secret `{holder}` is not base64"));
            }
            Ok(bytes) if is_base64_of_text(&bytes) => {
                report.at(&secret, value, format!("`{name}` of Secret `{holder}` is base64 twice"));
            }
            Ok(_) => {}
        }
    }
}

fn is_placeholder(value: &str) -> bool {
    ["${", "$(", "{{", "<", "ENC["].iter().any(|open| value.contains(open))
}

/// Padded base64 of printable text: a secret that happens to look so is rare.
fn is_base64_of_text(bytes: &[u8]) -> bool {
    let text = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    text.len() >= 8
        && text.ends_with(b"=")
        && STANDARD
            .decode(text)
            .is_ok_and(|inner| inner.iter().all(|b| (b' '..=b'~').contains(b) || *b == b'\n'))
}
