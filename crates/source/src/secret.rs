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
    ENDS.iter().any(|known| end.ends_with(known.as_bytes()))
}
