//! Constraints: alternatives of terms, each an operator with a version that may be incomplete.

use std::fmt;

use super::version::{Shape, Version, compare_prerelease};
use crate::strconv::quote;

const MAX_LENGTH: usize = 512;
const MAX_GROUPS: usize = 32;

/// What a version must satisfy: one of several groups, each of terms that must all hold.
#[derive(Clone, Debug)]
pub struct Constraints {
    groups: Vec<Vec<Term>>,
}

impl Constraints {
    /// Reads `>=1.2 <2 || ~3.1, !=3.1.4 || 4 - 5`.
    ///
    /// Errors are the library's texts.
    ///
    /// ```
    /// use gotmpl::semver::{Constraints, Version};
    /// let constraints = Constraints::parse(b">=1.19-0").unwrap();
    /// assert!(constraints.check(&Version::parse(b"v1.33.4-gke.1").unwrap()));
    /// assert_eq!(Constraints::parse(b"").unwrap_err(), "improper constraint: \"\"");
    /// ```
    pub fn parse(text: &[u8]) -> Result<Constraints, String> {
        if text.len() > MAX_LENGTH {
            return Err(format!("constraint string is too long (max {MAX_LENGTH} bytes)"));
        }
        // The grammar is ASCII, so whatever is no UTF-8 makes its group improper; its bytes are only quoted.
        let Ok(text) = std::str::from_utf8(text) else {
            let group = text.split(|b| *b == b'|').find(|g| std::str::from_utf8(g).is_err());
            return Err(format!("improper constraint: {}", quote(group.unwrap_or(text))));
        };
        let text = rewrite_ranges(text);
        let groups: Vec<&str> = text.split("||").collect();
        if groups.len() > MAX_GROUPS {
            return Err(format!("too many constraint groups (max {MAX_GROUPS})"));
        }
        let groups = groups.into_iter().map(parse_group).collect::<Result<_, _>>()?;
        Ok(Constraints { groups })
    }

    /// Whether a version satisfies them.
    pub fn check(&self, version: &Version) -> bool {
        self.groups.iter().any(|group| {
            let pre = names_prerelease(group);
            group.iter().all(|term| term.check(version, pre).is_ok())
        })
    }

    /// Why a version does not satisfy them; `Ok` where it does.
    pub fn validate(&self, version: &Version) -> Result<(), Vec<String>> {
        let mut reasons = Vec::new();
        let mut told = false;
        for group in &self.groups {
            let pre = names_prerelease(group);
            let mut holds = true;
            for term in group {
                let Err(reason) = term.check(version, pre) else { continue };
                holds = false;
                // That it is a pre-release is said once for all groups.
                let is_prerelease = !pre && !version.prerelease.is_empty();
                if !(is_prerelease && told) {
                    reasons.push(reason);
                }
                told |= is_prerelease;
            }
            if holds {
                return Ok(());
            }
        }
        Err(reasons)
    }
}

/// The terms with their operators as written, ranges rewritten.
impl fmt::Display for Constraints {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, group) in self.groups.iter().enumerate() {
            f.write_str(if i > 0 { " || " } else { "" })?;
            for (k, term) in group.iter().enumerate() {
                write!(f, "{}{}{}", if k > 0 { " " } else { "" }, term.op, term.text)?;
            }
        }
        Ok(())
    }
}

/// One operator with its version.
#[derive(Clone, Debug)]
struct Term {
    op: &'static str,
    /// The version as written.
    text: String,
    version: Version,
    missing: Missing,
}

/// The first part of a term's version that is left out or a wildcard.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Missing {
    Nothing,
    Patch,
    Minor,
    Major,
}

/// The longer operators come before their own beginnings.
const OPERATORS: [&str; 11] = ["!=", ">=", "=>", "<=", "=<", "~>", "=", ">", "<", "~", "^"];

fn names_prerelease(group: &[Term]) -> bool {
    group.iter().any(|term| !term.version.prerelease.is_empty())
}

fn is_number_or_wildcard(byte: u8) -> bool {
    byte.is_ascii_digit() || matches!(byte, b'x' | b'X' | b'*' | b'|')
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\x0c' | '\r')
}

fn parse_group(text: &str) -> Result<Vec<Term>, String> {
    let improper = || format!("improper constraint: {}", quote(text.as_bytes()));
    let mut pieces = Vec::new();
    let mut rest = text.trim_start_matches(is_blank);
    loop {
        let op = OPERATORS.into_iter().find(|op| rest.starts_with(op)).unwrap_or("");
        let after = rest[op.len()..].trim_start_matches(is_blank);
        let shape = Shape::read(after, is_number_or_wildcard).ok_or_else(improper)?;
        let (version, tail) = after.split_at(shape.len);
        pieces.push((op, version, shape));
        let next = tail.trim_start_matches(is_blank);
        if next.is_empty() {
            break;
        }
        rest = match next.strip_prefix(',') {
            Some(next) => next.trim_start_matches(is_blank),
            None if next.len() < tail.len() => next,
            None => return Err(improper()),
        };
    }
    pieces.into_iter().map(|(op, text, shape)| Term::new(op, text, &shape)).collect()
}

impl Term {
    fn new(op: &'static str, text: &str, shape: &Shape<'_>) -> Result<Term, String> {
        let wild = |part: &str| matches!(part, "" | "x" | "X" | "*");
        let pre = if shape.prerelease.is_empty() { "" } else { "-" };
        let pre = format!("{pre}{}", shape.prerelease);
        let (missing, complete) = if wild(shape.major) {
            (Missing::Major, format!("0.0.0{pre}"))
        } else if wild(shape.minor) {
            (Missing::Minor, format!("{}.0.0{pre}", shape.major))
        } else if wild(shape.patch) {
            (Missing::Patch, format!("{}.{}.0{pre}", shape.major, shape.minor))
        } else {
            (Missing::Nothing, text.to_owned())
        };
        let version =
            Version::parse(complete.as_bytes()).map_err(|_| "constraint parser error".to_owned())?;
        Ok(Term { op, text: text.to_owned(), version, missing })
    }

    /// `Err` says why it does not hold.
    fn check(&self, v: &Version, pre: bool) -> Result<(), String> {
        if !v.prerelease.is_empty() && !pre {
            let v = quote(v.to_string().as_bytes());
            return Err(format!(
                "{v} is a prerelease version and the constraint is only looking for release versions"
            ));
        }
        match self.op {
            "!=" => self.differs(v),
            ">" => self.is_below(v),
            "<" => self.hold(v.compare(&self.version).is_lt(), v, "is greater than or equal to"),
            ">=" | "=>" => self.hold(v.compare(&self.version).is_ge(), v, "is less than"),
            "<=" | "=<" => self.is_at_least(v),
            "~" | "~>" => self.tilde(v),
            "^" => self.caret(v),
            _ if self.missing != Missing::Nothing => self.tilde(v),
            _ => self.hold(v.compare(&self.version).is_eq(), v, "is not equal to"),
        }
    }

    fn hold(&self, holds: bool, v: &Version, otherwise: &str) -> Result<(), String> {
        match holds {
            true => Ok(()),
            false => Err(format!(
                "{} {otherwise} {}",
                quote(v.to_string().as_bytes()),
                quote(self.text.as_bytes())
            )),
        }
    }

    fn differs(&self, v: &Version) -> Result<(), String> {
        let c = &self.version;
        let differs = match self.missing {
            Missing::Minor => c.major != v.major,
            Missing::Patch => {
                c.major != v.major
                    || c.minor != v.minor
                    || compare_prerelease(&v.prerelease, &c.prerelease).is_ne()
            }
            Missing::Nothing | Missing::Major => v.compare(c).is_ne(),
        };
        self.hold(differs, v, "is equal to")
    }

    /// `>`: an incomplete version stands for all that it could be, so `>11` begins at 12.
    fn is_below(&self, v: &Version) -> Result<(), String> {
        let c = &self.version;
        let holds = match self.missing {
            Missing::Nothing | Missing::Major => v.compare(c).is_gt(),
            Missing::Minor => v.major > c.major,
            Missing::Patch => (v.major, v.minor) > (c.major, c.minor),
        };
        self.hold(holds, v, "is less than or equal to")
    }

    /// `<=`: an incomplete version stands for all that it could be. `*` is read as 0, which only 0 reaches.
    fn is_at_least(&self, v: &Version) -> Result<(), String> {
        let c = &self.version;
        let holds = match self.missing {
            Missing::Nothing => v.compare(c).is_le(),
            Missing::Minor => v.major <= c.major,
            Missing::Patch | Missing::Major => (v.major, v.minor) <= (c.major, c.minor),
        };
        self.hold(holds, v, "is greater than")
    }

    fn tilde(&self, v: &Version) -> Result<(), String> {
        let c = &self.version;
        self.hold(v.compare(c).is_ge(), v, "is less than")?;
        let any = (c.major, c.minor, c.patch) == (0, 0, 0);
        if any && matches!(self.missing, Missing::Nothing | Missing::Major) {
            return Ok(());
        }
        self.hold(v.major == c.major, v, "does not have same major version as")?;
        let minor_fits = v.minor == c.minor || self.missing == Missing::Minor;
        self.hold(minor_fits, v, "does not have same major and minor version as")
    }

    /// `^`: no change of the first part that is not zero.
    fn caret(&self, v: &Version) -> Result<(), String> {
        const MINOR: &str = "does not have same minor version as";
        let c = &self.version;
        self.hold(v.compare(c).is_ge(), v, "is less than")?;
        self.hold(v.major == c.major, v, "does not have same major version as")?;
        if c.major > 0 || self.missing == Missing::Minor {
            return Ok(());
        }
        if c.minor > 0 || self.missing == Missing::Patch {
            let why = "Expected minor versions to match when constraint major version is 0";
            return self.hold(v.minor == c.minor, v, MINOR).map_err(|e| format!("{e}. {why}"));
        }
        self.hold(v.minor == 0, v, MINOR)?;
        let why = "Expect version and constraint to equal when major and minor versions are 0";
        self.hold(v.patch == c.patch, v, "does not equal").map_err(|e| format!("{e}. {why}"))
    }
}

/// Makes `A - B` into `>= A, <= B `, wherever it stands.
///
/// Each range is found in the original and replaced at its first occurrence in what has become of it, which is
/// how upstream goes about it; at most 512 bytes make that cheap.
fn rewrite_ranges(text: &str) -> String {
    let mut out = text.to_owned();
    let mut at = 0;
    while at < text.len() {
        match text.get(at..).and_then(range_at) {
            Some((len, from, to)) => {
                out = out.replacen(&text[at..at + len], &format!(">= {from}, <= {to} "), 1);
                at += len;
            }
            None => at += 1,
        }
    }
    out
}

/// The length of a range with the blanks around it, and its two versions.
fn range_at(text: &str) -> Option<(usize, &str, &str)> {
    let version = |t: &str| Shape::read(t, is_number_or_wildcard).map(|s| s.len);
    let blanks = |t: &'_ str| t.len() - t.trim_start_matches(is_blank).len();
    let start = blanks(text);
    let (from, rest) = text[start..].split_at(version(&text[start..])?);
    let before = blanks(rest);
    let dash = rest[before..].strip_prefix('-').filter(|_| before > 0)?;
    let after = blanks(dash);
    if after == 0 {
        return None;
    }
    let (to, tail) = dash[after..].split_at(version(&dash[after..])?);
    Some((text.len() - tail.len() + blanks(tail), from, to))
}
