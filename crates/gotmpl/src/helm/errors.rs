//! Helm's layout of template errors: one line in Helm 3, a level a paragraph in Helm 4.

use crate::{Error, Profile};

/// What `fail` and `required` put around their text.
pub(crate) const START: &str = "HELM_ERR_START";
/// See [`START`].
pub(crate) const END: &str = "HELM_ERR_END";

/// Helm's words for a file that cannot be parsed: the place and the last part of Go's text.
///
/// ```
/// let e = gotmpl::Error::new("template: a.yaml:3: unexpected EOF");
/// assert_eq!(gotmpl::helm::parse_error("a.yaml", &e), "parse error at (a.yaml:3): unexpected EOF");
/// ```
pub fn parse_error(file: &str, error: &Error) -> String {
    let text = error.to_string();
    let parts: Vec<&str> = text.split(": ").collect();
    match parts.as_slice() {
        [_, location, ..] => format!("parse error at ({location}): {}", parts.last().unwrap_or(&"")),
        _ => format!("parse error in ({file}): {text}"),
    }
}

/// Helm's words for a file that cannot be executed.
pub fn exec_error(profile: Profile, file: &str, error: &Error) -> String {
    let (text, levels) = error.text_with_levels();
    // Only errors of a template are laid out; that there is no such template is not one.
    if error.at.is_none() {
        return text;
    }
    let mut parts = text.splitn(3, ": ");
    let (Some(_), Some(location), Some(rest)) = (parts.next(), parts.next(), parts.next()) else {
        return format!("execution error in ({file}): {text}");
    };
    if let Some(start) = rest.find(START)
        && let Some(end) = rest.rfind(END)
        && start + START.len() <= end
    {
        return format!("execution error at ({location}): {}", &rest[start + START.len()..end]);
    }
    if profile == Profile::Helm3 {
        return text;
    }
    let mut shown: Vec<Level<'_>> = Vec::new();
    for start in levels {
        let Some(level) = level(&text[start..]) else { return text };
        if shown.last() != Some(&level) {
            shown.push(level);
        }
    }
    let mut out = String::new();
    for level in shown {
        if !level.location.is_empty() {
            out += &format!("{}\n  ", level.location);
        }
        if let Some((template, node)) = level.executing {
            out += &format!("executing \"{template}\" at <{node}>:\n    ");
        }
        if !level.message.is_empty() {
            out += &format!("{}\n", level.message);
        }
    }
    out.trim().to_owned()
}

#[derive(PartialEq)]
struct Level<'a> {
    location: &'a str,
    executing: Option<(&'a str, &'a str)>,
    message: &'a str,
}

/// One level as Helm 4 reads it out of Go's text; `None` where the text is not a template's.
fn level(text: &str) -> Option<Level<'_>> {
    let rest = text.strip_prefix("template: ")?;
    if rest.starts_with("no template ") {
        return Some(Level { location: "", executing: None, message: text });
    }
    let own = |message: &'_ str| message.find(" template:").unwrap_or(message.len());
    if let Some((location, after)) = rest.split_once(": executing ")
        && let Some((template, after)) = after.strip_prefix('"').and_then(|a| a.split_once('"'))
        && let Some((node, message)) = after.strip_prefix(" at <").and_then(|a| a.split_once(">: "))
    {
        let message = &message[..own(message)];
        return Some(Level { location, executing: Some((template, node)), message });
    }
    let (location, message) = rest.rsplit_once(": ")?;
    Some(Level { location, executing: None, message: &message[..own(message)] })
}
