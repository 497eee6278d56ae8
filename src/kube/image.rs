//! Image references, taken apart as the container runtimes' grammar has them.

/// The parts of an image reference.
///
/// ```
/// use plimsoll::kube::Image;
/// let image = Image::parse("registry.example.com:5000/shop/web:1.4@sha256:00ff").unwrap();
/// assert_eq!(image.registry, Some("registry.example.com:5000"));
/// assert_eq!((image.path, image.tag, image.digest), ("shop/web", Some("1.4"), Some("sha256:00ff")));
/// // A colon before a slash is a port and no tag.
/// assert_eq!(Image::parse("localhost:5000/web").unwrap().tag, None);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Image<'a> {
    /// Host and port, where one is written; without it the runtime asks docker.io.
    pub registry: Option<&'a str>,
    /// What follows the registry, up to tag and digest.
    pub path: &'a str,
    /// After the colon.
    pub tag: Option<&'a str>,
    /// After the `@`: algorithm and hex.
    pub digest: Option<&'a str>,
}

impl<'a> Image<'a> {
    /// Takes a reference apart; `None` where nothing stands before tag and digest. Whether the parts are well
    /// formed is [`Image::fault`]'s answer.
    pub fn parse(text: &'a str) -> Option<Image<'a>> {
        let (rest, digest) = match text.split_once('@') {
            Some((rest, digest)) => (rest, Some(digest)),
            None => (text, None),
        };
        let last = rest.rfind('/').map_or(0, |slash| slash + 1);
        let (name, tag) = match rest[last..].find(':') {
            Some(colon) => (&rest[..last + colon], Some(&rest[last + colon + 1..])),
            None => (rest, None),
        };
        // The first part is a host if it has a dot or a port, or is localhost: docker's rule.
        let (registry, path) = match name.split_once('/') {
            Some((host, path)) if host.contains(['.', ':']) || host == "localhost" => (Some(host), path),
            _ => (None, name),
        };
        (!name.is_empty()).then_some(Image { registry, path, tag, digest })
    }

    /// The registry, docker.io where none is written.
    pub fn registry_or_default(&self) -> &'a str {
        self.registry.unwrap_or("docker.io")
    }

    /// The last part of the path: `web` of `shop/web`.
    pub fn base_name(&self) -> &'a str {
        self.path.rsplit('/').next().unwrap_or(self.path)
    }

    /// Whether the tag may mean another image tomorrow: none is written, or `latest`, and no digest pins it.
    pub fn is_floating(&self) -> bool {
        self.digest.is_none() && matches!(self.tag, None | Some("latest"))
    }

    /// What a runtime would refuse in it, in a few words, and the part that it is about.
    ///
    /// The grammar is that of the distribution project: path parts of lower-case letters, digits and separators, a
    /// tag of at most 128 word characters, a digest of an algorithm and at least 32 hex digits.
    pub fn fault(&self) -> Option<(&'static str, &'a str)> {
        let part = |p: &str| {
            p.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
                && p.ends_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
                && p.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-".contains(&b))
        };
        if self.path.bytes().any(|b| b.is_ascii_uppercase()) {
            return Some(("the name has an upper-case letter", self.path));
        }
        if !self.path.split('/').all(part) {
            let what = "the name is not made of lower-case letters, digits and single separators";
            return Some((what, self.path));
        }
        if let Some(tag) = self.tag {
            if tag.is_empty() {
                return Some(("nothing follows the colon", tag));
            }
            let is_word = tag.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b));
            if tag.len() > 128 || tag.starts_with(['.', '-']) || !is_word {
                return Some(("the tag holds a character that no tag may have, or is too long", tag));
            }
        }
        let digest = self.digest.filter(|_| !self.is_pinned())?;
        Some(("the digest is not an algorithm, a colon and its hex digits", digest))
    }

    /// Whether a well-formed digest pins it.
    pub fn is_pinned(&self) -> bool {
        self.digest.is_some_and(|digest| {
            digest.split_once(':').is_some_and(|(algorithm, hex)| {
                let length = match algorithm {
                    "sha256" => hex.len() == 64,
                    "sha512" => hex.len() == 128,
                    _ => hex.len() >= 32,
                };
                length
                    && hex.bytes().all(|b| b.is_ascii_hexdigit())
                    && algorithm.starts_with(|c: char| c.is_ascii_alphabetic())
                    && algorithm.bytes().all(|b| b.is_ascii_alphanumeric() || b"+._-".contains(&b))
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults() {
        fn fault(text: &str) -> Option<(&str, &str)> {
            Image::parse(text).and_then(|i| i.fault())
        }
        let pinned = format!("x@sha256:{}", "a".repeat(64));
        for fine in ["nginx", "a/b/c:1", "localhost/x", "h:1/x__y:V1", &pinned] {
            assert_eq!(fault(fine), None, "{fine}");
        }
        for wrong in ["Nginx", "nginx:", "a//b", "x:a b", "x@sha256:12", "<no value>", "-x", "x:.y"] {
            assert!(fault(wrong).is_some(), "{wrong}");
        }
        assert_eq!(fault("nginx:").map(|fault| fault.1), Some(""));
        assert_eq!(fault("a/B:1").map(|fault| fault.1), Some("a/B"));
        assert!(Image::parse("").is_none() && Image::parse(":1").is_none());
    }

    #[test]
    fn a_first_part_without_dot_or_port_is_no_registry() {
        assert_eq!(Image::parse("shop/web").unwrap().registry, None);
        assert_eq!(Image::parse("ghcr.io/web").unwrap().registry, Some("ghcr.io"));
    }
}
