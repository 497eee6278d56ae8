//! Which names say that what they name is secret.

/// Whether a name (of a field, a variable) says that its value is secret.
///
/// Only its end counts: `secretName` and `tokenExpirationSeconds` name no secret.
///
/// ```
/// assert!(source::is_secret_name("DB_PASSWORD"));
/// assert!(!source::is_secret_name("secretName"));
/// ```
pub fn is_secret_name(name: &str) -> bool {
    // Nearly all names end otherwise, and are asked about a line at a time.
    let last = name.bytes().rev().find(u8::is_ascii_alphanumeric).map_or(0, |b| b.to_ascii_lowercase());
    if !b"degnlsty".contains(&last) {
        return false;
    }
    const ENDS: &[&str] = &[
        "password",
        "passwd",
        "passphrase",
        "pwd",
        "secret",
        "token",
        "apikey",
        "privatekey",
        "secretkey",
        "accesskey",
        "encryptionkey",
        "credential",
        "credentials",
        "connectionstring",
        "dockerconfigjson",
        "dockercfg",
    ];
    // The last letters and digits in lower case, which is all that counts; no name is longer for it.
    let mut end = [0u8; 24];
    let mut at = end.len();
    for byte in name.bytes().rev().filter(u8::is_ascii_alphanumeric) {
        if at == 0 {
            break;
        }
        at -= 1;
        end[at] = byte.to_ascii_lowercase();
    }
    let end = &end[at..];
    ENDS.iter().any(|known| known.as_bytes().last() == Some(&last) && end.ends_with(known.as_bytes()))
}

#[cfg(test)]
mod tests {
    #[test]
    fn only_the_end_counts_in_any_case_and_with_any_sign() {
        for name in ["dockercfg", "API_KEY", "connection-strings-ConnectionString", "x.credentials", "TOKEN_"]
        {
            assert!(super::is_secret_name(name), "{name}");
        }
        for name in ["", "--", "tokens", "passwordé1", "type", "ring"] {
            assert!(!super::is_secret_name(name), "{name}");
        }
    }
}
