//! Which names say that what they name is secret.

use std::borrow::Cow;

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
    if name.len() < 3 || name.len() > 200 {
        return false;
    }
    let plain: Cow<'_, str> = if name.bytes().all(|b| b.is_ascii_lowercase()) {
        name.into()
    } else {
        name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
    };
    ENDS.iter().any(|end| plain.ends_with(end))
}
