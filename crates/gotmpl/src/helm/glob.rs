//! Patterns of `.Files.Glob`: `*` stops at `/`, `**` does not.

/// A pattern. One that cannot be read matches everything, as in Helm.
pub(super) struct Glob {
    /// Any of these, after the braces were multiplied out.
    any: Vec<Vec<Part>>,
}

#[derive(Clone)]
enum Part {
    Char(char),
    /// `?`
    One,
    /// `*`
    Many,
    /// `**`
    All,
    /// `[a-z]`, `[!a-z]`
    Class(bool, Vec<(char, char)>),
}

/// Braces multiply: beyond this a pattern counts as unreadable.
const MAX_ALTERNATIVES: usize = 1024;

impl Glob {
    pub(super) fn new(pattern: &str) -> Glob {
        let chars: Vec<char> = pattern.chars().collect();
        let any = expand(&chars).and_then(|all| all.iter().map(|p| parts(p)).collect::<Option<Vec<_>>>());
        Glob { any: any.unwrap_or_else(|| vec![vec![Part::All]]) }
    }

    pub(super) fn matches(&self, path: &str) -> bool {
        let path: Vec<char> = path.chars().collect();
        self.any.iter().any(|parts| matches(parts, &path))
    }
}

/// All patterns without braces that a pattern stands for.
fn expand(pattern: &[char]) -> Option<Vec<Vec<char>>> {
    let mut done: Vec<Vec<char>> = vec![Vec::new()];
    let mut at = 0;
    while at < pattern.len() {
        match pattern[at] {
            '\\' if at + 1 < pattern.len() => {
                for p in &mut done {
                    p.extend(&pattern[at..at + 2]);
                }
                at += 2;
            }
            '{' => {
                let (mut depth, mut from, mut end) = (1, at + 1, at + 1);
                let mut choices = Vec::new();
                while depth > 0 {
                    match *pattern.get(end)? {
                        '\\' => end += 1,
                        '{' => depth += 1,
                        '}' => depth -= 1,
                        ',' if depth == 1 => {
                            choices.extend(expand(&pattern[from..end])?);
                            from = end + 1;
                        }
                        _ => {}
                    }
                    end += 1;
                }
                choices.extend(expand(&pattern[from..end - 1])?);
                if done.len() * choices.len() > MAX_ALTERNATIVES {
                    return None;
                }
                done = done.iter().flat_map(|p| choices.iter().map(|c| [&p[..], &c[..]].concat())).collect();
                at = end;
            }
            c => {
                for p in &mut done {
                    p.push(c);
                }
                at += 1;
            }
        }
    }
    Some(done)
}

fn parts(pattern: &[char]) -> Option<Vec<Part>> {
    let mut parts = Vec::new();
    let mut at = 0;
    while at < pattern.len() {
        match pattern[at] {
            '\\' => {
                at += 1;
                parts.push(Part::Char(*pattern.get(at)?));
            }
            '?' => parts.push(Part::One),
            '*' => {
                let all = pattern.get(at + 1) == Some(&'*');
                while pattern.get(at + 1) == Some(&'*') {
                    at += 1;
                }
                parts.push(if all { Part::All } else { Part::Many });
            }
            '[' => {
                at += 1;
                let not = matches!(pattern.get(at), Some('!' | '^'));
                at += usize::from(not);
                let mut ranges = Vec::new();
                while *pattern.get(at)? != ']' {
                    let low = pattern[at];
                    if pattern.get(at + 1) == Some(&'-') && *pattern.get(at + 2)? != ']' {
                        ranges.push((low, pattern[at + 2]));
                        at += 3;
                    } else {
                        ranges.push((low, low));
                        at += 1;
                    }
                }
                parts.push(Part::Class(not, ranges));
            }
            c => parts.push(Part::Char(c)),
        }
        at += 1;
    }
    Some(parts)
}

/// Each state is a place in the pattern; all states go over the path side by side, so that the time is the product.
fn matches(parts: &[Part], path: &[char]) -> bool {
    let mut states = vec![false; parts.len() + 1];
    states[0] = true;
    skip_stars(parts, &mut states);
    for c in path {
        let mut next = vec![false; parts.len() + 1];
        for (i, part) in parts.iter().enumerate().filter(|(i, _)| states[*i]) {
            match part {
                Part::Char(p) if p == c => next[i + 1] = true,
                Part::One if *c != '/' => next[i + 1] = true,
                Part::Many if *c != '/' => next[i] = true,
                Part::All => next[i] = true,
                Part::Class(not, ranges) if ranges.iter().any(|(a, b)| a <= c && c <= b) != *not => {
                    next[i + 1] = true
                }
                _ => {}
            }
        }
        skip_stars(parts, &mut next);
        states = next;
    }
    states[parts.len()]
}

fn skip_stars(parts: &[Part], states: &mut [bool]) {
    for (i, part) in parts.iter().enumerate() {
        if states[i] && matches!(part, Part::Many | Part::All) {
            states[i + 1] = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Glob;

    #[test]
    fn patterns() {
        let m = |pattern: &str, path: &str| Glob::new(pattern).matches(path);
        assert!(m("conf/*.ini", "conf/a.ini") && !m("conf/*.ini", "conf/b/a.ini"));
        assert!(m("**.yaml", "d/e/g.yaml") && m("**", "x"));
        assert!(m("{a,b{c,d}}.txt", "bd.txt") && !m("{a,b}.txt", "c.txt"));
        assert!(m("[!a]b?", "cbx") && !m("[a-c]", "d"));
        assert!(m("[", "anything"));
    }
}
