//! Shell patterns as Go's `filepath.Match` understands them: `*` and `?` stop at `/`.

/// The pattern is malformed; Go's words for it.
pub(crate) const SYNTAX_ERROR: &str = "syntax error in pattern";

/// Whether the whole of `name` matches. `Err` for a malformed pattern, though only if Go would notice: it reads
/// the pattern from the left and stops at the first mismatch, but checks the rest of the pattern for syntax.
///
/// `*` matches any run without `/`, `?` one character but `/`, `[a-z]` and `[^a-z]` a class, `\` takes the next
/// character as it is.
pub(crate) fn matches(pattern: &str, name: &str) -> Result<bool, &'static str> {
    let mut pattern = pattern;
    let mut name = name;
    'pattern: while !pattern.is_empty() {
        let (star, chunk, rest) = scan_chunk(pattern);
        pattern = rest;
        if star && chunk.is_empty() {
            return Ok(!name.contains('/'));
        }
        if let Some(left) = match_chunk(chunk, name)?
            && (left.is_empty() || !pattern.is_empty())
        {
            name = left;
            continue;
        }
        if star {
            for (at, c) in name.char_indices() {
                if c == '/' {
                    break;
                }
                let after = &name[at + c.len_utf8()..];
                if let Some(left) = match_chunk(chunk, after)? {
                    if pattern.is_empty() && !left.is_empty() {
                        continue;
                    }
                    name = left;
                    continue 'pattern;
                }
            }
        }
        // It does not match; what remains must still be well-formed.
        while !pattern.is_empty() {
            let (_, chunk, rest) = scan_chunk(pattern);
            pattern = rest;
            match_chunk(chunk, "")?;
        }
        return Ok(false);
    }
    Ok(name.is_empty())
}

/// Whether stars lead, the part up to the next star, and the rest.
fn scan_chunk(pattern: &str) -> (bool, &str, &str) {
    let rest = pattern.trim_start_matches('*');
    let star = rest.len() < pattern.len();
    let mut in_class = false;
    let mut escaped = false;
    for (at, b) in rest.bytes().enumerate() {
        if escaped {
            escaped = false;
            continue;
        }
        match b {
            b'\\' => escaped = true,
            b'[' => in_class = true,
            b']' => in_class = false,
            b'*' if !in_class => return (star, &rest[..at], &rest[at..]),
            _ => {}
        }
    }
    (star, rest, "")
}

/// Matches a chunk without stars at the start of `name`; gives what is left of the name.
fn match_chunk<'a>(chunk: &str, name: &'a str) -> Result<Option<&'a str>, &'static str> {
    let mut chunk = chunk.chars();
    let mut name_left = name.chars();
    let mut failed = false;
    while let Some(c) = chunk.next() {
        failed |= name_left.as_str().is_empty();
        match c {
            '[' => {
                let found = if failed { None } else { name_left.next() };
                let matched = match_class(&mut chunk, found)?;
                failed |= !matched;
            }
            '?' => {
                if !failed {
                    failed = name_left.next() == Some('/');
                }
            }
            _ => {
                let literal = if c == '\\' { chunk.next().ok_or(SYNTAX_ERROR)? } else { c };
                if !failed {
                    failed = name_left.next() != Some(literal);
                }
            }
        }
    }
    Ok((!failed).then_some(name_left.as_str()))
}

/// Reads a class after its `[`.
fn match_class(chunk: &mut std::str::Chars<'_>, c: Option<char>) -> Result<bool, &'static str> {
    let negated = chunk.as_str().starts_with('^');
    if negated {
        chunk.next();
    }
    let mut matched = false;
    let mut ranges = 0;
    loop {
        if ranges > 0 && chunk.as_str().starts_with(']') {
            chunk.next();
            break;
        }
        let low = class_member(chunk)?;
        let high = if chunk.as_str().starts_with('-') {
            chunk.next();
            class_member(chunk)?
        } else {
            low
        };
        matched |= c.is_some_and(|c| low <= c && c <= high);
        ranges += 1;
    }
    Ok(c.is_some() && matched != negated)
}

fn class_member(chunk: &mut std::str::Chars<'_>) -> Result<char, &'static str> {
    let c = match chunk.next() {
        None | Some('-' | ']') => return Err(SYNTAX_ERROR),
        Some('\\') => chunk.next().ok_or(SYNTAX_ERROR)?,
        Some(c) => c,
    };
    // A class that ends with the pattern was never closed.
    if chunk.as_str().is_empty() { Err(SYNTAX_ERROR) } else { Ok(c) }
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn stars_stop_at_slashes() {
        for (pattern, name, expected) in [
            ("*", "a", true),
            ("*", "a/b", false),
            ("a/*", "a/b", true),
            ("a/*/c", "a/b/c", true),
            ("*.tgz", "x.tgz", true),
            ("a*b*c", "aXbYbc", true),
            ("a*b*c", "aXbYb", false),
            ("?", "/", false),
            ("[a-c]x", "bx", true),
            ("[^a-c]x", "bx", false),
            ("\\*", "*", true),
            ("templates/.?*", "templates/.x", true),
            ("templates/.?*", "templates/.", false),
            ("", "", true),
            ("", "a", false),
        ] {
            assert_eq!(matches(pattern, name), Ok(expected), "{pattern} {name}");
        }
    }

    #[test]
    fn a_malformed_pattern_is_an_error() {
        for pattern in ["[", "[a", "[]a]", "[-]", "\\", "a[", "[a-]", "x[a-b"] {
            assert!(matches(pattern, "abc").is_err(), "{pattern}");
        }
    }
}
