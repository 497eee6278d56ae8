//! Semantic versions and constraints as Masterminds/semver 3.5.0 reads them.
//!
//! Its grammar is not Cargo's: `v1.2` is a version, a version with a pre-release fails every constraint that
//! names none, `>11` means `>=12`, and `1.2 - 2` is a range.

mod constraint;
mod version;

pub use constraint::Constraints;
pub use version::Version;
