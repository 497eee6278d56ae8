//! What Helm would write to stderr beside its errors, in the words of each major.

use gotmpl::strconv;
use source::{Code, Diagnostic, Diagnostics, Place};

use super::profile::Profile;

/// How much Helm 4 makes of a line.
#[derive(Clone, Copy)]
pub(crate) enum Level {
    /// `level=DEBUG`
    Debug,
    /// `level=INFO`
    Info,
    /// `level=WARN`
    Warn,
    /// `level=ERROR`
    Error,
}

/// A line of Helm 4's log: `level=INFO msg=text key=value`.
pub(crate) fn line(level: Level, message: &str, attributes: &[(&str, &str)]) -> String {
    let level = match level {
        Level::Debug => "DEBUG",
        Level::Info => "INFO",
        Level::Warn => "WARN",
        Level::Error => "ERROR",
    };
    let mut text = format!("level={level} msg={}", quoted(message));
    for (key, value) in attributes {
        text += &format!(" {}={}", quoted(key), quoted(value));
    }
    text
}

/// Go's log writes a text as it is unless it is empty or holds a space, a quote, `=` or what cannot be printed.
fn quoted(text: &str) -> String {
    let plain = |c: char| c != ' ' && c != '"' && c != '=' && strconv::is_print(c);
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else {
        strconv::quote(text.as_bytes())
    }
}

/// Adds a remark with the line that Helm prints for it: version 3 as `file.go:LINE: text`, version 4 as a line of
/// its log at level INFO.
pub(crate) fn remark(
    out: &mut Diagnostics,
    profile: Profile,
    code: &'static Code,
    at: impl Into<Place>,
    go_file: &str,
    text: String,
) {
    let upstream = match profile {
        Profile::Helm3 => format!("{go_file}: {text}"),
        Profile::Helm4 => line(Level::Info, &text, &[]),
    };
    let message = text.strip_prefix("warning: ").unwrap_or(&text).trim_end_matches('.').to_owned();
    out.push(Diagnostic::new(code, at, message).upstream(upstream));
}
