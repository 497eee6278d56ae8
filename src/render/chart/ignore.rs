//! `.helmignore`: which files of a chart directory are left out.

use super::pattern::{SYNTAX_ERROR, matches};

/// The name of the file, read only at the root of a chart directory.
pub(crate) const HELMIGNORE: &str = ".helmignore";

/// The rules in their order; the first that matches decides.
pub(crate) struct Rules {
    rules: Vec<Rule>,
}

struct Rule {
    pattern: String,
    shape: Shape,
    anchor: Anchor,
    negated: bool,
    only_directories: bool,
}

/// What kind of pattern it is: nearly all are a name or an ending, and every file of a chart meets every rule.
#[derive(Clone, Copy)]
enum Shape {
    /// Nothing in it has a meaning of its own.
    Plain,
    /// A star, then nothing with a meaning; the subject holds no slash.
    Ending,
    /// Any other.
    Pattern,
}

impl Shape {
    fn of(pattern: &str, anchor: &Anchor) -> Shape {
        let is_plain = |text: &str| !text.contains(['*', '?', '[', '\\']);
        match pattern.strip_prefix('*') {
            _ if is_plain(pattern) => Shape::Plain,
            Some(ending) if is_plain(ending) && *anchor == Anchor::Name => Shape::Ending,
            _ => Shape::Pattern,
        }
    }
}

#[derive(PartialEq)]
enum Anchor {
    /// The pattern holds a slash: it is matched against the whole path.
    Path,
    /// It holds none: it is matched against the last element.
    Name,
}

/// The first rule that cannot be read.
#[derive(Debug)]
pub(crate) struct RuleError {
    /// Counted from 1.
    pub line: u32,
    /// In Helm's words.
    pub text: &'static str,
}

impl Rules {
    /// Helm's own rule alone: entries directly below `templates/` whose name begins with a dot.
    pub(crate) fn defaults() -> Rules {
        Rules { rules: vec![Rule::hidden_templates()] }
    }

    /// Reads a file, and adds Helm's own rule.
    pub(crate) fn parse(text: &str) -> Result<Rules, RuleError> {
        let mut rules = Vec::new();
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        for (line, rule) in (1..).zip(text.lines()) {
            if let Some(rule) = Rule::parse(rule).map_err(|text| RuleError { line, text })? {
                rules.push(rule);
            }
        }
        rules.push(Rule::hidden_templates());
        Ok(Rules { rules })
    }

    /// Whether a path, relative to the chart and with `/`, is left out.
    ///
    /// A negated rule ignores all that it does *not* match: that is how Helm does it, so `!keep.me` alone ignores
    /// the `Chart.yaml` too.
    pub(crate) fn ignores(&self, path: &str, is_directory: bool) -> bool {
        for rule in &self.rules {
            if rule.negated {
                if (rule.only_directories && !is_directory) || !rule.matches(path) {
                    return true;
                }
            } else if (!rule.only_directories || is_directory) && rule.matches(path) {
                return true;
            }
        }
        false
    }
}

impl Rule {
    fn hidden_templates() -> Rule {
        Rule {
            pattern: "templates/.?*".to_owned(),
            shape: Shape::Pattern,
            anchor: Anchor::Path,
            negated: false,
            only_directories: false,
        }
    }

    fn parse(line: &str) -> Result<Option<Rule>, &'static str> {
        let rule = line.trim();
        if rule.is_empty() || rule.starts_with('#') {
            return Ok(None);
        }
        if rule.contains("**") {
            return Err("double-star (**) syntax is not supported");
        }
        matches(rule, "abc").map_err(|_| SYNTAX_ERROR)?;
        let negated = rule.starts_with('!');
        let rule = rule.strip_prefix('!').unwrap_or(rule);
        let only_directories = rule.ends_with('/');
        let rule = rule.strip_suffix('/').unwrap_or(rule);
        let anchor = if rule.contains('/') { Anchor::Path } else { Anchor::Name };
        let pattern = rule.strip_prefix('/').unwrap_or(rule).to_owned();
        Ok(Some(Rule { shape: Shape::of(&pattern, &anchor), pattern, anchor, negated, only_directories }))
    }

    fn matches(&self, path: &str) -> bool {
        let subject = match self.anchor {
            Anchor::Path => path,
            Anchor::Name => path.rsplit('/').next().unwrap_or(path),
        };
        match self.shape {
            Shape::Plain => self.pattern == subject,
            Shape::Ending => subject.ends_with(&self.pattern[1..]),
            Shape::Pattern => {
                // Most files are told apart by the letters before the first special character.
                let special = self.pattern.find(['*', '?', '[', '\\']).unwrap_or(self.pattern.len());
                subject.starts_with(&self.pattern[..special])
                    && matches(&self.pattern, subject).unwrap_or(false)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ignored(rules: &str, path: &str, is_directory: bool) -> bool {
        Rules::parse(rules).expect("rules").ignores(path, is_directory)
    }

    #[test]
    fn the_first_rule_that_matches_decides() {
        assert!(ignored("*.txt\n", "a/b.txt", false));
        assert!(!ignored("/*.txt\n", "a/b.txt", false));
        assert!(ignored("/*.txt\n", "b.txt", false));
        assert!(ignored("docs/\n", "a/docs", true));
        assert!(!ignored("docs/\n", "a/docs", false));
        assert!(ignored("# no\n\n  a/b  \n", "a/b", false));
        assert!(ignored("", "templates/.hidden", false));
        assert!(!ignored("", "templates/sub/.hidden", false));
    }

    #[test]
    fn negation_ignores_everything_else() {
        assert!(ignored("!keep.me\n", "Chart.yaml", false));
        assert!(!ignored("!keep.me\n", "keep.me", false));
    }

    #[test]
    fn what_go_cannot_match_is_refused_with_its_line() {
        let error = Rules::parse("a\nb/**/c\n").err().expect("double star");
        assert_eq!(error.line, 2);
        assert_eq!(Rules::parse("[a\n").err().expect("class").text, "syntax error in pattern");
    }
}
