//! What a CRD or a JSON schema says of values beyond their type.

use std::sync::OnceLock;

use regex::{Regex, RegexBuilder};

/// Memory of one compiled pattern: enough for any that a person writes.
const PATTERN_BYTES: usize = 1 << 20;
/// Characters of a pattern: likewise.
const PATTERN_CHARACTERS: usize = 10_000;

/// The constraints of one type; what is `None` or empty is not constrained.
#[derive(Default, Debug)]
pub struct Constraints {
    /// As JSON, in the order written.
    pub values: Vec<serde_json::Value>,
    /// A named format such as `ipv4`.
    pub format: Option<Box<str>>,
    /// What a string must match.
    pub pattern: Option<Pattern>,
    /// Lowest number, and whether it is itself excluded.
    pub minimum: Option<(f64, bool)>,
    /// Highest number, and whether it is itself excluded.
    pub maximum: Option<(f64, bool)>,
    /// Numbers must be a multiple of it.
    pub multiple_of: Option<f64>,
    /// Characters of a string.
    pub length: (Option<u64>, Option<u64>),
    /// Items of a list.
    pub items: (Option<u64>, Option<u64>),
    /// Entries of a map.
    pub properties: (Option<u64>, Option<u64>),
    /// All of these types must fit.
    pub(crate) all_of: Vec<u32>,
    /// At least one of these types must fit.
    pub(crate) any_of: Vec<u32>,
    /// Exactly one of these types must fit.
    pub(crate) one_of: Vec<u32>,
    /// This type must not fit.
    pub(crate) not: Option<u32>,
}

impl Constraints {
    /// Whether nothing is constrained.
    pub fn is_empty(&self) -> bool {
        let limits = [self.length, self.items, self.properties];
        self.values.is_empty()
            && self.format.is_none()
            && self.pattern.is_none()
            && self.minimum.is_none()
            && self.maximum.is_none()
            && self.multiple_of.is_none()
            && limits.iter().all(|(least, most)| least.is_none() && most.is_none())
            && self.all_of.is_empty()
            && self.any_of.is_empty()
            && self.one_of.is_empty()
            && self.not.is_none()
    }
}

/// A regular expression that is compiled when it is first asked: most of a large CRD's never are.
#[derive(Debug)]
pub struct Pattern {
    /// As it is written.
    pub text: Box<str>,
    compiled: OnceLock<Option<Regex>>,
}

impl Pattern {
    /// A pattern in the form of RE2.
    pub fn new(text: &str) -> Self {
        Pattern { text: text.into(), compiled: OnceLock::new() }
    }

    /// Whether a text matches; a pattern that cannot be compiled, or only into a very large program, matches all.
    pub fn matches(&self, text: &str) -> bool {
        let compile = || match self.text.len() {
            0..=PATTERN_CHARACTERS => RegexBuilder::new(&self.text).size_limit(PATTERN_BYTES).build().ok(),
            _ => None,
        };
        self.compiled.get_or_init(compile).as_ref().is_none_or(|regex| regex.is_match(text))
    }

    /// Why it cannot be compiled. Only its syntax is looked at: compiling costs twenty times as much.
    pub fn fault(&self) -> Option<String> {
        if self.text.len() > PATTERN_CHARACTERS {
            return Some("it is too long".to_owned());
        }
        match regex_syntax::parse(&self.text).err()? {
            regex_syntax::Error::Parse(error) => Some(error.kind().to_string()),
            regex_syntax::Error::Translate(error) => Some(error.kind().to_string()),
            other => Some(other.to_string()),
        }
    }
}
