//! Spaces that are none for YAML, from web pages and word processors.

use source::{Diagnostic, code};

use super::Part;

code! {
    /// A line is indented with characters that look like spaces and are none.
    ///
    /// Text copied from a web page or a document often holds no-break spaces (U+00A0). For YAML they are letters.
    /// Replace them: `sed 's/\xC2\xA0/ /g'`.
    pub static YAML_ODD_SPACE = "yaml-odd-space", Error;
}

pub(super) fn recognise(part: &Part<'_>) -> Option<Diagnostic> {
    let is_odd = |c: char| matches!(c, '\u{A0}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{3000}');
    for line in part.content() {
        let blanks = line.text.len() - line.text.trim_start_matches(|c| c == ' ' || is_odd(c)).len();
        if let Some(first) = line.text[..blanks].find(is_odd) {
            let at = part.span(line.at + first, line.at + blanks);
            return Some(
                Diagnostic::new(
                    &YAML_ODD_SPACE,
                    at,
                    "this line is indented with no-break spaces, not with spaces",
                )
                .label("these look like spaces")
                .help("replace them by spaces: `sed 's/\\xC2\\xA0/ /g'` does it for a whole file"),
            );
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::tests::said;

    #[test]
    fn no_break_spaces_are_told() {
        assert_eq!(said("a:\n\u{A0}\u{A0}b: 1\n", 0), Some(("yaml-odd-space", 2)));
    }
}
