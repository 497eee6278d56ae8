//! What names a finding from run to run: what is said of which field of which object, never a line.

use std::collections::HashMap;

use source::{Diagnostic, Place, Sources, is_secret_name};
use yaml::Kind;

use crate::kube::path::{find, keyed};
use crate::kube::{Bundle, Resource};

/// The name of a finding and what it is made of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fingerprint {
    /// Sixteen hexadecimal digits.
    pub digits: String,
    /// The object, as `Deployment/shop/web`; empty where a finding is about none.
    pub object: String,
    /// The field, with items of lists by what names them.
    pub path: String,
}

/// The fingerprints of findings, in their order: of rule, object, container, field path with the items of lists by
/// name, and value.
pub fn fingerprints(diagnostics: &[Diagnostic], bundle: &Bundle, sources: &Sources) -> Vec<Fingerprint> {
    let mut objects: HashMap<(&str, &str, &str), &Resource> = HashMap::new();
    for resource in &bundle.resources {
        let id = &resource.id;
        let key = (&*id.gvk.kind, id.namespace.as_deref().unwrap_or(""), &*id.name);
        objects.entry(key).or_insert(resource);
    }
    diagnostics.iter().map(|diagnostic| of(diagnostic, &objects, sources)).collect()
}

fn of(
    diagnostic: &Diagnostic,
    objects: &HashMap<(&str, &str, &str), &Resource>,
    sources: &Sources,
) -> Fingerprint {
    let mut hash = Fnv::default();
    hash.add(diagnostic.code.id);
    let subject = diagnostic.subject.as_deref().filter(|subject| !subject.name.is_empty());
    let Some(subject) = subject else {
        // About a text: its line tells it from others.
        if let Place::Span(span) = diagnostic.primary.at
            && let Some(source) = sources.get(span.source)
        {
            hash.add(&source.name);
            let line = source.lines().line_text(source.text(), source.line_column(span.start).line);
            // Of a line without end the first page tells it from others well enough.
            hash.add(&line.trim().chars().take(4096).collect::<String>());
        }
        hash.add(&diagnostic.message);
        return Fingerprint { digits: hash.digits(), object: String::new(), path: String::new() };
    };
    let name = without_generated_suffix(&subject.kind, &subject.name);
    let resource = objects.get(&(&*subject.kind, &*subject.namespace, &*subject.name));
    let path = resource.map_or_else(|| subject.path.clone(), |r| keyed(r.root(), &subject.path));
    for part in [&subject.group, &subject.kind, &subject.namespace, name, &path] {
        hash.add(part);
    }
    hash.add(subject.container.as_deref().unwrap_or(""));
    // Not even a hash of a secret leaves: a short one could be found again from it.
    let last = path.rsplit(['.', '[']).next().unwrap_or("").trim_end_matches(']');
    let is_secret =
        &*subject.kind == "Secret" || is_secret_name(last) || diagnostic.code.id.contains("secret");
    let value =
        resource.filter(|_| !is_secret && !path.is_empty()).and_then(|r| find(r.root(), &subject.path));
    if let Some(value) = value.filter(|value| value.kind() == Kind::Scalar) {
        hash.add(value.text());
    }
    let object = [&*subject.kind, &*subject.namespace, name];
    let object: Vec<&str> = object.into_iter().filter(|part| !part.is_empty()).collect();
    Fingerprint { digits: hash.digits(), object: object.join("/"), path }
}

/// A name without the hash that Kustomize gives generated ConfigMaps and Secrets: it changes with their content.
fn without_generated_suffix<'n>(kind: &str, name: &'n str) -> &'n str {
    let is_hash = |tail: &str| tail.len() == 10 && tail.bytes().all(|b| b"bcdfghkmt2456789".contains(&b));
    match name.rsplit_once('-') {
        Some((stem, tail)) if matches!(kind, "ConfigMap" | "Secret") && is_hash(tail) => stem,
        _ => name,
    }
}

/// FNV-1a: fingerprints outlive a build, so the hash has to be one that no release of a library changes.
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Fnv(0xcbf2_9ce4_8422_2325)
    }
}

impl Fnv {
    fn add(&mut self, text: &str) {
        for byte in text.bytes().chain([0]) {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn digits(&self) -> String {
        format!("{:016x}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_generated_name_is_known_by_its_stem() {
        assert_eq!(without_generated_suffix("ConfigMap", "web-config-5h2k9g7t4f"), "web-config");
        assert_eq!(without_generated_suffix("ConfigMap", "web-production"), "web-production");
        assert_eq!(without_generated_suffix("Deployment", "web-5h2k9g7t4f"), "web-5h2k9g7t4f");
    }
}
