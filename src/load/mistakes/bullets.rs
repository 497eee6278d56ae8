//! Objects that became bullet points.

use source::{Diagnostic, code};

use super::Part;

code! {
    /// Every line of an object begins with a list dash.
    ///
    /// The text looks like an object that went through a word processor or a chat as bullet points: each of its
    /// lines became an item of a list. Remove the first dash (and the blank after it) of every line, then restore
    /// the indentation.
    pub static YAML_BULLETED = "yaml-bulleted", Error;
}

pub(super) fn recognise(part: &Part<'_>) -> Option<Diagnostic> {
    let mut first = None;
    let (mut version, mut kind) = (false, false);
    for line in part.content() {
        if !line.text.trim_start().starts_with(['-', '*', '•']) {
            return None;
        }
        first.get_or_insert((line.at, line.at + line.text.trim_end().len()));
        let rest = line.text.trim_start_matches([' ', '-', '*', '•']);
        version |= rest.starts_with("apiVersion:");
        kind |= rest.starts_with("kind:");
    }
    let (start, end) = first.filter(|_| version && kind)?;
    Some(
        Diagnostic::new(
            &YAML_BULLETED,
            part.span(start, end),
            "every line is an item of a list, so this is no object",
        )
        .label("a list begins here")
        .help(
            "this looks like pasted bullet points: remove the first dash of every line, then restore the \
                 indentation",
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::super::tests::said;

    #[test]
    fn dashes_before_every_line() {
        assert_eq!(
            said("- apiVersion: v1\n- kind: Pod\n- metadata:\n- name: a\n", 0),
            Some(("yaml-bulleted", 1))
        );
        assert_eq!(said("- apiVersion: v1\n  kind: Pod\n", 0), None);
    }
}
