//! Which entries mean something of the network: repositories and URLs.

/// Whether a path is a URL of a single file, by its scheme.
pub fn is_url(path: &str) -> bool {
    ["http:", "https:"].iter().any(|scheme| starts_with_ignoring_case(path, scheme))
}

/// Whether a path means a git repository, as kustomize tells it (`git.NewRepoSpecFromURL`, api 0.21.1).
///
/// ```
/// use plimsoll::render::kustomize::remote::is_repository;
/// assert!(is_repository("github.com/org/repo"));
/// assert!(is_repository("https://example.org/a/b.git//deploy?ref=v1"));
/// assert!(is_repository("git@example.org:a/b.git"));
/// assert!(!is_repository("../github.com/org/repo"));
/// assert!(!is_repository("https://example.org/x.yaml"));
/// ```
pub fn is_repository(path: &str) -> bool {
    if path.starts_with('/') {
        return false;
    }
    let path = path.split_once('?').map_or(path, |(before, _)| before);
    let Some((is_local, rest)) = behind_host(path) else { return false };
    let Some((repository, inner)) = split_repository(rest, is_local) else { return false };
    !repository.is_empty() && !leaves(inner)
}

/// What follows the host, and whether the repository is one of this machine.
fn behind_host(path: &str) -> Option<(bool, &str)> {
    let path = trimmed(path, "git::").unwrap_or(path);
    let schemes = ["ssh://", "https://", "http://", "file://"];
    let scheme = schemes.into_iter().find(|scheme| starts_with_ignoring_case(path, scheme));
    let rest = scheme.map_or(path, |scheme| &path[scheme.len()..]);
    if scheme == Some("file://") {
        return Some((true, rest));
    }
    let user = user_of(rest);
    let host = &rest[user.len()..];
    let is_github = ["github.com/", "github.com:"].iter().any(|name| starts_with_ignoring_case(host, name));
    let is_scp = scheme.is_none() && (!user.is_empty() || is_github);
    if scheme.is_none() && !is_scp {
        return None;
    }
    let mut end = host.find('/');
    if is_scp {
        let colon = host.find(':');
        if end.is_none() || colon.is_some_and(|at| at > 0 && Some(at) < end) {
            end = colon;
        }
    }
    let rest = end.map_or("", |at| &host[at + 1..]);
    let is_named = is_github || end.map_or(!host.is_empty(), |_| true);
    is_named.then_some((false, rest))
}

/// `name@` in front.
fn user_of(text: &str) -> &str {
    let Some(at) = text.find('@') else { return "" };
    let name = &text.as_bytes()[..at];
    let fits = name.first().is_some_and(u8::is_ascii_alphabetic)
        && name.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'-');
    if fits { &text[..=at] } else { "" }
}

/// The repository's path, and the path within it.
fn split_repository(path: &str, is_local: bool) -> Option<(&str, &str)> {
    if let Some(at) = path.find("_git/") {
        let from = at + "_git/".len();
        let end = path[from..].find('/').map_or(path.len(), |n| from + n);
        return Some((&path[..end], path.get(end + 1..).unwrap_or("")));
    }
    if let Some(at) = path.find("//") {
        return Some((&path[..at], &path[at + 2..]));
    }
    if let Some(at) = path.find(".git") {
        return Some(path.split_at(at + ".git".len()));
    }
    if is_local {
        return Some((path, ""));
    }
    let mut slashes = path.match_indices('/').map(|(at, _)| at);
    slashes.next()?;
    Some(slashes.next().map_or((path, ""), |at| (&path[..at], &path[at + 1..])))
}

/// Whether a path leads out of the repository.
fn leaves(path: &str) -> bool {
    let mut depth = 0_i64;
    for part in path.trim_start_matches('/').split('/') {
        match part {
            "" | "." => {}
            ".." if depth == 0 => return true,
            ".." => depth -= 1,
            _ => depth += 1,
        }
    }
    false
}

fn trimmed<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    starts_with_ignoring_case(text, prefix).then(|| &text[prefix.len()..])
}

fn starts_with_ignoring_case(text: &str, prefix: &str) -> bool {
    text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_of_the_network() {
        for path in [
            "https://github.com/org/repo/deploy?ref=v1",
            "git::https://github.com/org/repo",
            "GITHUB.com/org/repo",
            "git@github.com:org/repo.git",
            "ssh://git@example.org/org/repo",
            "file:///srv/repo.git",
            "https://dev.azure.com/org/project/_git/repo/path",
        ] {
            assert!(is_repository(path), "{path}");
        }
        for path in ["base", "../base", "/abs/github.com/a/b", "github.com", "https://host/only", "a@b/c", ""]
        {
            assert!(!is_repository(path), "{path}");
        }
        assert!(!is_repository("https://github.com/org/repo//../x"));
    }
}
