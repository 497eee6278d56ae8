//! Paths of fields: `spec.template.spec.containers.[name=web].image`.

/// The parts of a path. `\.` is a dot within a part, and so is one between brackets; brackets without `=` go.
pub(super) fn split(path: &str) -> Vec<String> {
    let mut pieces = path.split('.').peekable();
    if path.starts_with('.') {
        pieces.next();
    }
    let mut parts: Vec<String> = Vec::new();
    for piece in pieces {
        match parts.last_mut().filter(|last| last.ends_with('\\')) {
            Some(last) => {
                last.pop();
                last.push('.');
                last.push_str(piece);
            }
            None => parts.push(piece.to_owned()),
        }
    }
    let mut whole = Vec::with_capacity(parts.len());
    let mut parts = parts.into_iter();
    while let Some(mut part) = parts.next() {
        if part.starts_with('[') && !part.ends_with(']') {
            for more in parts.by_ref() {
                part.push('.');
                part.push_str(&more);
                if more.ends_with(']') {
                    break;
                }
            }
            if !part.contains('=') {
                part = part.trim_matches(['[', ']']).to_owned();
            }
        }
        whole.push(part);
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn parts_of_paths() {
        for (path, parts) in [
            ("a.b", &["a", "b"][..]),
            (".a", &["a"]),
            ("a\\.b.c", &["a.b", "c"]),
            ("a.[b.c/d].e", &["a", "b.c/d", "e"]),
            ("a.[name=x.y].e", &["a", "[name=x.y]", "e"]),
            ("a.[b]", &["a", "[b]"]),
            ("", &[""]),
            ("a..b", &["a", "", "b"]),
            ("[a.b", &["a.b"]),
        ] {
            assert_eq!(split(path), parts, "{path}");
        }
    }
}
