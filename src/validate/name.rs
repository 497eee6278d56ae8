//! Names as the API machinery defines them: DNS labels and subdomains, path segments, label keys and values.

use crate::kube::words::{is_label, is_label_word, is_subdomain};

/// What kind of name an object of some kind has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Rule {
    /// A DNS subdomain of at most 253 characters; some kinds allow less.
    Subdomain(usize),
    /// A DNS label.
    Label,
    /// Anything that can be a segment of a URL's path.
    PathSegment,
    /// An IP address in its canonical form.
    Ip,
    /// Anything, because nothing or something outside of metadata decides.
    Any,
    /// Nothing at all may stand in the metadata.
    Empty,
    /// There is no name: the object is only asked with.
    None,
}

/// The rule of a kind.
pub(super) fn rule(group: &str, kind: &str) -> Rule {
    match (group, kind) {
        ("", "Namespace" | "Service") | ("apps", "StatefulSet") => Rule::Label,
        ("batch", "Job") => Rule::Subdomain(63),
        ("batch", "CronJob") => Rule::Subdomain(52),
        ("rbac.authorization.k8s.io", _) | ("policy", "PodDisruptionBudget") => Rule::PathSegment,
        ("networking.k8s.io", "IPAddress") => Rule::Ip,
        ("authorization.k8s.io", "SelfSubjectRulesReview") => Rule::None,
        ("authorization.k8s.io", _) => Rule::Empty,
        ("authentication.k8s.io", _) | ("", "Binding") => Rule::None,
        (
            "certificates.k8s.io"
            | "apiextensions.k8s.io"
            | "apiregistration.k8s.io"
            | "internal.apiserver.k8s.io",
            _,
        ) => Rule::Any,
        _ => Rule::Subdomain(253),
    }
}

impl Rule {
    /// Why a name does not do; `prefix` for what more is appended to.
    pub fn fault(self, name: &str, prefix: bool) -> Option<String> {
        let masked: String;
        let name = match name.strip_suffix('-') {
            // What follows a prefix will be a letter or a digit.
            Some(rest) if prefix && !rest.is_empty() => {
                masked = format!("{rest}a");
                &masked
            }
            _ => name,
        };
        match self {
            Rule::Subdomain(most) => subdomain(name, most),
            Rule::Label => label(name),
            Rule::PathSegment if matches!(name, "." | "..") && !prefix => {
                Some("it may not be `.` or `..`".into())
            }
            Rule::PathSegment if name.contains(['/', '%']) => Some("it may not hold `/` or `%`".into()),
            Rule::Ip => ip(name),
            _ => None,
        }
    }
}

/// A lower-case label of RFC 1123.
pub(super) fn label(name: &str) -> Option<String> {
    if name.len() > 63 {
        return Some(format!("it has {} characters, at most 63 are allowed", name.len()));
    }
    (!is_label(name))
        .then(|| "lower-case letters, digits and `-`, with a letter or a digit at both ends".into())
}

/// A lower-case subdomain of RFC 1123 with at most so many characters.
pub(super) fn subdomain(name: &str, most: usize) -> Option<String> {
    if name.len() > most {
        return Some(format!("it has {} characters, at most {most} are allowed", name.len()));
    }
    (!is_subdomain(name))
        .then(|| "lower-case letters, digits, `-` and `.`, with a letter or a digit at both ends".into())
}

fn ip(name: &str) -> Option<String> {
    let canonical = name.parse::<std::net::IpAddr>().map(|ip| ip.to_string());
    (canonical.as_deref() != Ok(name)).then(|| "an IP address in its canonical form".into())
}

/// The key of a label or an annotation: `name` or `prefix/name`.
pub(super) fn qualified(key: &str) -> Option<String> {
    let slash = |text: &str| memchr::memchr(b'/', text.as_bytes());
    let (prefix, name) = match slash(key) {
        Some(at) if slash(&key[at + 1..]).is_some() => return Some("at most one `/` is allowed".into()),
        Some(at) => (Some(&key[..at]), &key[at + 1..]),
        None => (None, key),
    };
    if let Some(prefix) = prefix
        && let Some(fault) =
            if prefix.is_empty() { Some("it is empty".to_owned()) } else { subdomain(prefix, 253) }
    {
        return Some(format!("the part before `/` has to be a DNS name: {fault}"));
    }
    if name.len() > 63 {
        return Some(format!("the name has {} characters, at most 63 are allowed", name.len()));
    }
    (!is_label_word(name))
        .then(|| "letters, digits, `-`, `_` and `.`, with a letter or a digit at both ends".into())
}

/// The value of a label.
pub(super) fn label_value(value: &str) -> Option<String> {
    if value.len() > 63 {
        return Some(format!("it has {} characters, at most 63 are allowed", value.len()));
    }
    (!value.is_empty() && !is_label_word(value))
        .then(|| "letters, digits, `-`, `_` and `.`, with a letter or a digit at both ends".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_judged_by_kind() {
        assert!(rule("", "ConfigMap").fault("a.b", false).is_none());
        assert!(rule("", "Service").fault("a.b", false).is_some());
        assert!(rule("", "Service").fault("1a", false).is_none());
        assert!(rule("batch", "CronJob").fault(&"a".repeat(53), false).is_some());
        assert!(rule("rbac.authorization.k8s.io", "Role").fault("system:a b", false).is_none());
        assert!(rule("networking.k8s.io", "IPAddress").fault("2001:DB8::1", false).is_some());
    }

    #[test]
    fn a_prefix_may_end_with_a_dash() {
        assert!(rule("", "Pod").fault("web-", true).is_none());
        assert!(rule("", "Pod").fault("web-", false).is_some());
        assert!(rule("", "Pod").fault("-", true).is_some());
    }

    #[test]
    fn keys_of_labels_have_at_most_one_prefix() {
        for good in ["app", "App_1", "example.com/app", "a.b"] {
            assert!(qualified(good).is_none(), "{good}");
        }
        for bad in ["", "/a", "a/", "a/b/c", "A B", "Example.com/a", "-a"] {
            assert!(qualified(bad).is_some(), "{bad}");
        }
    }
}
