//! What looks like a secret in clear: by the name of the field, or by the form of the value.

use std::sync::LazyLock;

use memchr::memmem::Finder;

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
    has_known_form(value)
        || (may_speak(name)
            && is_literal(value)
            && name_wants(name).is_some_and(|least| value.len() >= least))
}

/// Whether a name holds a word without which [`is_secret`] needs the value's form: nearly all names hold none, and this
/// is found out without a copy.
pub fn may_speak(name: &str) -> bool {
    let bytes = name.as_bytes();
    let holds = |word: &[u8]| bytes.windows(word.len()).any(|part| part.eq_ignore_ascii_case(word));
    let begins = |at: usize, word: &[u8]| {
        bytes.get(at..at + word.len()).is_some_and(|part| part.eq_ignore_ascii_case(word))
    };
    (0..bytes.len()).any(|at| match bytes[at] | 0x20 {
        b'p' => begins(at, b"pass") || begins(at, b"pwd"),
        b's' => begins(at, b"secret"),
        b't' => begins(at, b"token"),
        b'c' => begins(at, b"credential"),
        b'k' => begins(at, b"key") && KEYS.iter().chain(&["batch", "content"]).any(|k| holds(k.as_bytes())),
        // Letters beyond ASCII may have one of these as their lower case.
        b => !b.is_ascii(),
    })
}

/// What a key may be of for its value to be secret.
const KEYS: [&str; 9] =
    ["api", "access", "private", "auth", "encryption", "signing", "account", "master", "storage"];

/// Whether some part of a text may have one of the known forms.
pub fn may_have_known_form(text: &str) -> bool {
    let mut words = long_words(text);
    words.next().is_some()
        || OPENING.find(text.as_bytes()).is_some()
        || SCHEME.find(text.as_bytes()).is_some()
}

static OPENING: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("-----BEGIN "));
static SCHEME: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("://"));

/// Whether a value is a key, token or certificate by its form alone.
pub fn has_known_form(value: &str) -> bool {
    // Some of these stand inside of longer texts, such as a file in a ConfigMap.
    long_words(value).any(is_token) || is_pem_key(value) || has_password_in_url(value)
}

/// The shortest token of all.
const TOKEN: usize = 20;

/// The words that are long enough for a token. Most are not, and a window of a token's length that holds a blank is left
/// at once, so that few bytes are looked at.
fn long_words(value: &str) -> impl Iterator<Item = &str> {
    let bytes = value.as_bytes();
    let is_of_word =
        |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b'/' | b'+' | b'=');
    let mut at = 0;
    std::iter::from_fn(move || {
        while let Some(window) = bytes.get(at..at + TOKEN) {
            if let Some(between) = window.iter().rposition(|b| !is_of_word(*b)) {
                at += between + 1;
                continue;
            }
            let behind = &bytes[at + TOKEN..];
            let end = at + TOKEN + behind.iter().position(|b| !is_of_word(*b)).unwrap_or(behind.len());
            let word = value.get(at..end);
            at = end + 1;
            return word;
        }
        None
    })
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
    value.len() > "-----BEGIN ".len()
        && OPENING.find(value.as_bytes()).is_some()
        && value.split("-----BEGIN ").skip(1).any(|rest| {
            rest.split("-----").next().is_some_and(|label| label.ends_with("PRIVATE KEY") && label.len() < 40)
        })
}

/// `scheme://user:password@host`, the password being a literal.
fn has_password_in_url(value: &str) -> bool {
    // Few values have an `@`, which is found sooner than a scheme.
    memchr::memchr(b'@', value.as_bytes()).is_some()
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
    // An access key's id is public.
    let is_id = last == "id";
    (!is_id && (is_secret || KEYS.iter().any(|kind| is_key(kind)))).then_some(6)
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
    fn tokens_stand_among_other_words() {
        for text in [
            "x AKIAIOSFODNN7EXAMPLE",
            "key: ghp_0123456789012345678901234567890123456789, é",
            "é AKIAIOSFODNN7EXAMPLE é",
        ] {
            assert!(has_known_form(text), "{text}");
        }
        for text in ["", "AKIAIOSFODNN7EXAMPL", "xAKIAIOSFODNN7EXAMPLE", "AKIAIOSFODNN7EXA é MPLE"] {
            assert!(!has_known_form(text), "{text}");
        }
    }

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
