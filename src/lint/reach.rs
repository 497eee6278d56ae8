//! Where something holds: for files by globs, for objects by kind, namespace and name.

use crate::kube::Resource;
use crate::world::Globs;

/// Files and objects for which an override or a central suppression holds. Both lists empty: for all.
#[derive(Clone, Debug, Default)]
pub struct Reach {
    /// Files, by globs; empty for all.
    pub files: Globs,
    /// Objects; empty for all.
    pub objects: Vec<ObjectPattern>,
}

impl Reach {
    /// Whether it holds for an object that stands in that file.
    pub fn holds(&self, file: &str, resource: &Resource) -> bool {
        let object = || self.objects.is_empty() || self.objects.iter().any(|o| o.matches(resource));
        self.holds_text(file) && object()
    }

    /// Whether it holds for what is said of that file and of no object.
    pub fn holds_file(&self, file: &str) -> bool {
        self.objects.is_empty() && self.holds_text(file)
    }

    fn holds_text(&self, file: &str) -> bool {
        self.files.is_empty() || self.files.matches(file, false)
    }
}

/// Objects by kind, namespace and name; `*` in them stands for any text, an empty one for all.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ObjectPattern {
    /// The kind, such as `Deployment`.
    pub kind: String,
    /// The namespace.
    pub namespace: String,
    /// The name.
    pub name: String,
}

impl ObjectPattern {
    /// Whether an object is meant.
    pub fn matches(&self, resource: &Resource) -> bool {
        let id = &resource.id;
        self.means(&id.gvk.kind, id.namespace.as_deref().unwrap_or(""), &id.name)
    }

    /// Whether an object of that kind, namespace and name is meant.
    pub fn means(&self, kind: &str, namespace: &str, name: &str) -> bool {
        let fits = |pattern: &str, text: &str| pattern.is_empty() || star(pattern, text);
        fits(&self.kind, kind) && fits(&self.namespace, namespace) && fits(&self.name, name)
    }
}

/// Whether a text is as a pattern says, in which `*` stands for any text. Linear in each star's tail.
fn star(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = text.strip_prefix(parts.next().unwrap_or("")) else { return false };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_text() {
        for (pattern, text, fits) in [
            ("web", "web", true),
            ("web", "web-1", false),
            ("web*", "web-1", true),
            ("*-db", "shop-db", true),
            ("a*b*c", "a-b-b-c", true),
            ("a*b", "ab", true),
            ("ab*b", "ab", false),
            ("*", "", true),
        ] {
            assert_eq!(star(pattern, text), fits, "{pattern} {text}");
        }
    }
}
