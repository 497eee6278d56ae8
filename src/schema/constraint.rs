//! What a CRD or a JSON schema says of values beyond their type.

use regex::Regex;

/// The constraints of one type; what is `None` or empty is not constrained.
#[derive(Default, Debug)]
pub struct Constraints {
    /// As JSON, in the order written.
    pub values: Vec<serde_json::Value>,
    /// A named format such as `ipv4`.
    pub format: Option<Box<str>>,
    /// The pattern as it is written, and compiled.
    pub pattern: Option<(Box<str>, Regex)>,
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
    pub all_of: Vec<u32>,
    /// At least one of these types must fit.
    pub any_of: Vec<u32>,
    /// Exactly one of these types must fit.
    pub one_of: Vec<u32>,
    /// This type must not fit.
    pub not: Option<u32>,
}
