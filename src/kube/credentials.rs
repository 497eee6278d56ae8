//! What looks like a secret in clear: by the name of the field, or by the form of the value.

/// Whether a literal value under that name is most likely a secret.
///
/// Values of a known form (keys of clouds and code hosts, JSON web tokens, private keys, URLs with a password) always
/// count. Under a name that speaks of a secret, any literal of six characters or more does, and under a name that
/// means a password and nothing else every literal. Placeholders, paths, numbers and switches do not.
///
/// ```
/// use plimsoll::kube::credentials::is_secret;
/// assert!(is_secret("DB_PASSWORD", "hunter2"));
/// assert!(is_secret("URL", "postgres://web:hunter2@db/shop"));
/// assert!(!is_secret("DB_PASSWORD", "$(FROM_ELSEWHERE)"));
/// assert!(!is_secret("PASSWORD_FILE", "/run/secrets/password"));
/// ```
pub fn is_secret(name: &str, value: &str) -> bool {
    let value = value.trim().trim_matches(['"', '\'']);
    has_known_form(value) || (is_literal(value) && name_wants(name).is_some_and(|least| value.len() >= least))
}

/// Whether a value is a key, token or certificate by its form alone.
pub fn has_known_form(value: &str) -> bool {
    // Some of these stand inside of longer texts, such as a file in a ConfigMap.
    is_pem_key(value)
        || has_password_in_url(value)
        || value
            .split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | '+' | '=')))
            .any(is_token)
}

fn is_token(word: &str) -> bool {
    const PREFIXES: [(&str, usize); 17] = [
        ("AKIA", 20),
        ("ASIA", 20),
        ("ghp_", 36),
        ("gho_", 36),
        ("ghu_", 36),
        ("ghs_", 36),
        ("ghr_", 36),
        ("github_pat_", 40),
        ("glpat-", 20),
        ("xoxb-", 20),
        ("xoxp-", 20),
        ("xoxa-", 20),
        ("sk_live_", 20),
        ("rk_live_", 20),
        ("AIza", 39),
        ("npm_", 40),
        ("dckr_pat_", 30),
    ];
    // The shortest of all has twenty characters, and nearly all words have fewer.
    if word.len() < 20 {
        return false;
    }
    let word = word.trim_end_matches(['.', '=']);
    let known = PREFIXES.iter().any(|(prefix, least)| {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "_-".contains(c);
        word.starts_with(prefix) && word.len() >= *least && word.chars().all(is_plain)
    });
    let is_web_token = || {
        let mut parts = word.split('.');
        let header = parts.next().is_some_and(|p| p.starts_with("eyJ") && p.len() > 10);
        header
            && parts.next().is_some_and(|p| p.starts_with("eyJ"))
            && parts.next().is_some_and(|p| p.len() > 10)
    };
    known || is_web_token()
}

fn is_pem_key(value: &str) -> bool {
    // Most values hold neither: a search that fails is cheapest by bytes.
    memchr::memmem::find(value.as_bytes(), b"-----BEGIN ").is_some()
        && value.split("-----BEGIN ").skip(1).any(|rest| {
            rest.split("-----").next().is_some_and(|label| label.ends_with("PRIVATE KEY") && label.len() < 40)
        })
}

/// `scheme://user:password@host`, the password being a literal.
fn has_password_in_url(value: &str) -> bool {
    memchr::memmem::find(value.as_bytes(), b"://").is_some()
        && value.match_indices("://").any(|(at, _)| {
            let rest = &value[at + 3..];
            let authority = &rest[..rest.find(['/', '?', '#', ' ', '"', '\'', '\n']).unwrap_or(rest.len())];
            authority
                .rsplit_once('@')
                .and_then(|(user, _)| user.split_once(':'))
                .is_some_and(|(_, password)| !password.is_empty() && is_literal(password))
        })
}

/// Whether a value is written out: no placeholder, no path, no number, no switch.
fn is_literal(value: &str) -> bool {
    let is_placeholder = ["${", "$(", "{{", "<", "%(", "__", "ENC[", "vault:", "ref+", "op://"]
        .iter()
        .any(|open| value.starts_with(open))
        || value.starts_with('$')
        || value.as_bytes().windows(2).any(|pair| matches!(pair, b"${" | b"$("));
    let is_path = value.starts_with(['/', '.', '~']) || value.starts_with("file:") || value.contains("://");
    let is_switch = matches!(
        value.to_ascii_lowercase().as_str(),
        "true" | "false" | "yes" | "no" | "on" | "off" | "none" | "null" | "nil" | "enabled" | "disabled"
    );
    let is_number = !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    !(value.is_empty() || is_placeholder || is_path || is_switch || is_number || value.contains(' '))
}

/// The least length of a literal that counts under a name; `None` for names that speak of no secret.
fn name_wants(name: &str) -> Option<usize> {
    let words = words_of(name);
    let last = words.last().map_or("", String::as_str);
    // What follows a secret's name and makes it the name of something about the secret.
    const ABOUT: [&str; 32] = [
        "path",
        "file",
        "name",
        "names",
        "url",
        "uri",
        "dir",
        "directory",
        "mount",
        "type",
        "ttl",
        "enabled",
        "length",
        "policy",
        "algorithm",
        "timeout",
        "expiry",
        "expiration",
        "issuer",
        "endpoint",
        "header",
        "prefix",
        "namespace",
        "ref",
        "store",
        "provider",
        "count",
        "seconds",
        "lifetime",
        "host",
        "port",
        "audience",
    ];
    if ABOUT.contains(&last) {
        return None;
    }
    let has = |word: &str| words.iter().any(|w| w == word);
    let pair = |first: &str, second: &str| words.windows(2).any(|w| w[0] == first && w[1] == second);
    if ["password", "passwd", "pwd", "passphrase", "pass"].contains(&last)
        || pair("secret", "key")
        || pair("batch", "key")
        || pair("key", "content")
        || (pair("secret", "access") && last == "key")
    {
        return Some(1);
    }
    let is_key = |kind: &str| pair(kind, "key") || words.iter().any(|w| w.strip_suffix("key") == Some(kind));
    let speaks =
        ["password", "passwd", "pwd", "passphrase", "secret", "token", "credential", "credentials", "apikey"];
    let is_secret = speaks.iter().any(|word| has(word) || last.ends_with(word));
    let keys = ["api", "access", "private", "auth", "encryption", "signing", "account", "master", "storage"];
    // An access key's id is public.
    let is_id = last == "id";
    (!is_id && (is_secret || keys.iter().any(|kind| is_key(kind)))).then_some(6)
}

/// `dbPassword`, `DB_PASSWORD` and `db-password` alike: db, password.
fn words_of(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut was_lower = false;
    let mut fresh = true;
    for c in name.chars().take(200) {
        if !c.is_alphanumeric() {
            fresh = true;
            was_lower = false;
            continue;
        }
        if fresh || (c.is_uppercase() && was_lower) {
            words.push(String::new());
            fresh = false;
        }
        was_lower = c.is_lowercase() || c.is_ascii_digit();
        if let Some(word) = words.last_mut() {
            word.extend(c.to_lowercase());
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_values_together() {
        for (name, value) in [
            ("apiKey", "0123abcdef"),
            ("SECRET_BLAH", "secretsquirrels"),
            ("AWS_SECRET_ACCESS_KEY", "abc"),
            ("anything", "AKIAIOSFODNN7EXAMPLE"),
            ("token", "changeme"),
            ("x", "-----BEGIN RSA PRIVATE KEY-----\nMII"),
        ] {
            assert!(is_secret(name, value), "{name}={value}");
        }
        for (name, value) in [
            ("TOKEN_TTL", "3600seconds"),
            ("SECRET_NAME", "db-credentials"),
            ("BLAH", "secretsquirrels"),
            ("TOKEN", "${TOKEN}"),
            ("PASSWORD", ""),
            ("KEYCLOAK_REALM", "master-realm"),
            ("AWS_ACCESS_KEY_ID", "not-a-token"),
            ("x", "-----BEGIN CERTIFICATE-----"),
        ] {
            assert!(!is_secret(name, value), "{name}={value}");
        }
    }
}
