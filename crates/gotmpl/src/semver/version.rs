//! One version: how it is read and how two compare.

use std::cmp::Ordering;
use std::fmt;

use crate::strconv::{NumError, parse_uint};

const INVALID: &str = "invalid semantic version";
const INVALID_PRERELEASE: &str = "invalid prerelease string";
const INVALID_METADATA: &str = "invalid metadata string";
const LEADING_ZERO: &str = "version segment starts with 0";
const TOO_LONG: &str = "version string is too long (max 256 bytes)";
const MAX_LENGTH: usize = 256;

/// A version as `semver` returns it to a template.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Version {
    /// The first number.
    pub major: u64,
    /// The second; 0 where it was left out.
    pub minor: u64,
    /// The third; 0 where it was left out.
    pub patch: u64,
    /// What stood after `-`, without it.
    pub prerelease: String,
    /// What stood after `+`, without it.
    pub metadata: String,
    /// The text that was read.
    pub original: String,
}

impl Version {
    /// Reads a version leniently, as `NewVersion` does: `v` before it, one or two numbers, leading zeros.
    ///
    /// Errors are the library's texts.
    ///
    /// ```
    /// use gotmpl::semver::Version;
    /// assert_eq!(Version::parse(b"v1.2").unwrap().to_string(), "1.2.0");
    /// assert_eq!(Version::parse(b"01.2.3-rc.1+x").unwrap().to_string(), "1.2.3-rc.1+x");
    /// assert_eq!(Version::parse(b"latest"), Err("invalid semantic version".to_owned()));
    /// ```
    pub fn parse(text: &[u8]) -> Result<Version, String> {
        if text.len() > MAX_LENGTH {
            return Err(TOO_LONG.to_owned());
        }
        let text = std::str::from_utf8(text).map_err(|_| INVALID)?;
        let shape = Shape::read(text, is_digit).ok_or(INVALID)?;
        if shape.len != text.len() {
            return Err(INVALID.to_owned());
        }
        let number = |digits: &str| match digits {
            "" => Ok(0),
            _ => segment(digits).map_err(|e| format!("error parsing version segment: {e}")),
        };
        let version = Version {
            major: number(shape.major)?,
            minor: number(shape.minor)?,
            patch: number(shape.patch)?,
            prerelease: shape.prerelease.to_owned(),
            metadata: shape.metadata.to_owned(),
            original: text.to_owned(),
        };
        if !version.prerelease.is_empty() {
            check_prerelease(&version.prerelease)?;
        }
        Ok(version)
    }

    /// Reads a version strictly, as `StrictNewVersion` does: three numbers, nothing before them.
    ///
    /// ```
    /// use gotmpl::semver::Version;
    /// assert!(Version::parse_strict(b"1.2.3").is_ok());
    /// assert_eq!(Version::parse_strict(b"v1.2.3"), Err("invalid characters in version".to_owned()));
    /// ```
    pub fn parse_strict(text: &[u8]) -> Result<Version, String> {
        if text.is_empty() {
            return Err("version string empty".to_owned());
        }
        if text.len() > MAX_LENGTH {
            return Err(TOO_LONG.to_owned());
        }
        // What is no UTF-8 is refused wherever it stands; the replacement character is no less forbidden.
        let text = String::from_utf8_lossy(text);
        let mut parts = text.splitn(3, '.');
        let (Some(major), Some(minor), Some(rest)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(INVALID.to_owned());
        };
        let (rest, metadata) = rest.split_once('+').map_or((rest, None), |(r, m)| (r, Some(m)));
        if let Some(metadata) = metadata {
            check_metadata(metadata)?;
        }
        let (patch, prerelease) = rest.split_once('-').map_or((rest, None), |(p, r)| (p, Some(r)));
        if let Some(prerelease) = prerelease {
            check_prerelease(prerelease)?;
        }
        for part in [major, minor, patch] {
            if !part.bytes().all(|b| b.is_ascii_digit()) {
                return Err("invalid characters in version".to_owned());
            }
            if part.len() > 1 && part.starts_with('0') {
                return Err(LEADING_ZERO.to_owned());
            }
        }
        Ok(Version {
            major: segment(major)?,
            minor: segment(minor)?,
            patch: segment(patch)?,
            prerelease: prerelease.unwrap_or_default().to_owned(),
            metadata: metadata.unwrap_or_default().to_owned(),
            original: text.into_owned(),
        })
    }

    /// The order of versions; metadata does not count.
    ///
    /// ```
    /// use gotmpl::semver::Version;
    /// let v = |t: &str| Version::parse(t.as_bytes()).unwrap();
    /// assert!(v("1.2.3-rc.9").compare(&v("1.2.3-rc.10")).is_lt());
    /// assert!(v("1.2.3-rc.1").compare(&v("1.2.3")).is_lt());
    /// assert!(v("1.2.3+a").compare(&v("1.2.3+b")).is_eq());
    /// ```
    pub fn compare(&self, other: &Version) -> Ordering {
        let numbers = |v: &Version| (v.major, v.minor, v.patch);
        numbers(self).cmp(&numbers(other)).then_with(|| {
            match (self.prerelease.is_empty(), other.prerelease.is_empty()) {
                (true, true) => Ordering::Equal,
                (true, false) => Ordering::Greater,
                (false, true) => Ordering::Less,
                (false, false) => compare_prerelease(&self.prerelease, &other.prerelease),
            }
        })
    }

    /// The next patch version; of a pre-release, the version that it precedes.
    pub fn inc_patch(&self) -> Result<Version, String> {
        let patch = if self.prerelease.is_empty() { next("patch", self.patch)? } else { self.patch };
        Ok(self.with(self.major, self.minor, patch, "", ""))
    }

    /// The next minor version.
    pub fn inc_minor(&self) -> Result<Version, String> {
        Ok(self.with(self.major, next("minor", self.minor)?, 0, "", ""))
    }

    /// The next major version.
    pub fn inc_major(&self) -> Result<Version, String> {
        Ok(self.with(next("major", self.major)?, 0, 0, "", ""))
    }

    /// The same version with another pre-release; an empty one removes it.
    pub fn set_prerelease(&self, text: &[u8]) -> Result<Version, String> {
        let text = String::from_utf8_lossy(text);
        if !text.is_empty() {
            check_prerelease(&text)?;
        }
        Ok(self.with(self.major, self.minor, self.patch, &text, &self.metadata))
    }

    /// The same version with other metadata; an empty text removes them.
    pub fn set_metadata(&self, text: &[u8]) -> Result<Version, String> {
        let text = String::from_utf8_lossy(text);
        if !text.is_empty() {
            check_metadata(&text)?;
        }
        Ok(self.with(self.major, self.minor, self.patch, &self.prerelease, &text))
    }

    fn with(&self, major: u64, minor: u64, patch: u64, prerelease: &str, metadata: &str) -> Version {
        let mut version = Version {
            major,
            minor,
            patch,
            prerelease: prerelease.to_owned(),
            metadata: metadata.to_owned(),
            original: String::new(),
        };
        let prefix = if self.original.starts_with('v') { "v" } else { "" };
        version.original = format!("{prefix}{version}");
        version
    }
}

/// The canonical form: three numbers, pre-release, metadata, no `v`.
impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)?;
        if !self.prerelease.is_empty() {
            write!(f, "-{}", self.prerelease)?;
        }
        if !self.metadata.is_empty() {
            write!(f, "+{}", self.metadata)?;
        }
        Ok(())
    }
}

/// The parts of a version as they are written, at the start of a longer text.
pub(super) struct Shape<'a> {
    pub major: &'a str,
    /// Without the dot; empty where it is missing.
    pub minor: &'a str,
    pub patch: &'a str,
    pub prerelease: &'a str,
    pub metadata: &'a str,
    /// Bytes from the start to the end of the last part.
    pub len: usize,
}

pub(super) fn is_digit(byte: u8) -> bool {
    byte.is_ascii_digit()
}

impl<'a> Shape<'a> {
    /// The longest version at the start of `text`, `v` included, whose numbers consist of such bytes.
    ///
    /// No part can be followed by a byte of its own kind, so that the longest reading is the only one which a
    /// search with backtracking could use.
    pub fn read(text: &'a str, number: fn(u8) -> bool) -> Option<Shape<'a>> {
        let bytes = text.as_bytes();
        let run = |from: usize, kind: fn(u8) -> bool| {
            from + bytes.get(from..).unwrap_or_default().iter().take_while(|b| kind(**b)).count()
        };
        let mut at = usize::from(bytes.first() == Some(&b'v'));
        let end = run(at, number);
        if end == at {
            return None;
        }
        let major = &text[at..end];
        at = end;
        let mut numbers = ["", ""];
        for part in &mut numbers {
            let end = run(at + 1, number);
            if bytes.get(at) != Some(&b'.') || end == at + 1 {
                break;
            }
            *part = &text[at + 1..end];
            at = end;
        }
        let mut suffix = |mark: u8| {
            let start = at + 1;
            let mut end = run(start, is_identifier);
            if bytes.get(at) != Some(&mark) || end == start {
                return "";
            }
            while bytes.get(end) == Some(&b'.') && run(end + 1, is_identifier) > end + 1 {
                end = run(end + 1, is_identifier);
            }
            at = end;
            &text[start..end]
        };
        let (prerelease, metadata) = (suffix(b'-'), suffix(b'+'));
        Some(Shape { major, minor: numbers[0], patch: numbers[1], prerelease, metadata, len: at })
    }
}

fn is_identifier(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-'
}

fn segment(digits: &str) -> Result<u64, String> {
    parse_uint(digits.as_bytes(), 10).map_err(|e: NumError| e.text("ParseUint", digits.as_bytes()))
}

fn next(part: &str, value: u64) -> Result<u64, String> {
    value.checked_add(1).ok_or_else(|| format!("{part} version increment would overflow uint64"))
}

fn check_prerelease(text: &str) -> Result<(), String> {
    for part in text.split('.') {
        if part.is_empty() || !part.bytes().all(is_identifier) {
            return Err(INVALID_PRERELEASE.to_owned());
        }
        if part.len() > 1 && part.starts_with('0') && part.bytes().all(is_digit) {
            return Err(LEADING_ZERO.to_owned());
        }
    }
    Ok(())
}

fn check_metadata(text: &str) -> Result<(), String> {
    match text.split('.').all(|part| !part.is_empty() && part.bytes().all(is_identifier)) {
        true => Ok(()),
        false => Err(INVALID_METADATA.to_owned()),
    }
}

pub(super) fn compare_prerelease(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a.split('.'), b.split('.'));
    loop {
        match (a.next(), b.next()) {
            (None, None) => return Ordering::Equal,
            (a, b) => match compare_part(a.unwrap_or(""), b.unwrap_or("")) {
                Ordering::Equal => {}
                other => return other,
            },
        }
    }
}

/// Numbers stand below words, and what is missing below both. A number that fits no 64 bits is a word.
fn compare_part(a: &str, b: &str) -> Ordering {
    if a.is_empty() || b.is_empty() {
        return a.len().min(1).cmp(&b.len().min(1));
    }
    match (parse_uint(a.as_bytes(), 10), parse_uint(b.as_bytes(), 10)) {
        (Ok(x), Ok(y)) if x == y => Ordering::Equal,
        (Ok(x), Ok(y)) => x.cmp(&y),
        (Ok(_), Err(_)) => Ordering::Less,
        (Err(_), Ok(_)) => Ordering::Greater,
        (Err(_), Err(_)) => a.cmp(b),
    }
}
