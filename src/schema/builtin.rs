//! The tables that the binary carries.

use std::fmt;

use super::table::{FieldRow, KindRow, LifecycleRow, List, Name, Range, Shape, Table, TypeRow, n};

include!(concat!(env!("OUT_DIR"), "/tables.rs"));

/// A version of Kubernetes, by its minor number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Version {
    minor: u8,
}

/// All versions whose tables there are, oldest first.
pub const VERSIONS: [Version; 3] = [Version { minor: 35 }, Version { minor: 36 }, Version { minor: 37 }];
/// The newest of them.
pub const NEWEST: Version = Version { minor: 37 };

impl Version {
    pub(super) const KUSTOMIZE: Version = Version { minor: 21 };

    /// From `1.37`, `v1.37`, `1.37.2` or `master`; `None` for what is no known version.
    ///
    /// ```
    /// use plimsoll::schema::{NEWEST, Version};
    /// assert_eq!(Version::parse("v1.36.2").map(|v| v.to_string()), Some("1.36".to_owned()));
    /// assert_eq!(Version::parse("master"), Some(NEWEST));
    /// assert_eq!(Version::parse("1.2"), None);
    /// ```
    pub fn parse(text: &str) -> Option<Version> {
        if text == "master" {
            return Some(NEWEST);
        }
        let mut parts = text.strip_prefix('v').unwrap_or(text).split('.');
        if parts.next() != Some("1") {
            return None;
        }
        let minor: u8 = parts.next()?.parse().ok()?;
        let rest_is_a_number =
            parts.next().is_none_or(|patch| patch.starts_with(|c: char| c.is_ascii_digit()));
        VERSIONS.into_iter().find(|v| rest_is_a_number && v.minor == minor)
    }

    /// The second number of the version.
    pub fn minor(self) -> u8 {
        self.minor
    }

    pub(super) fn table(self) -> &'static Table {
        match self.minor {
            35 => &V1_35,
            36 => &V1_36,
            _ => &V1_37,
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "1.{}", self.minor)
    }
}

pub(super) fn kustomize() -> &'static Table {
    &KUSTOMIZE
}

/// The lifecycles by kind, group and version, and what reads their names.
pub(super) fn lifecycles() -> (&'static [LifecycleRow], fn(Name) -> &'static str) {
    fn name(name: Name) -> &'static str {
        TEXT.get(name.at as usize..name.at as usize + name.len as usize).unwrap_or("")
    }
    (&LIFECYCLES, name)
}
