//! Line numbers that were copied with the text.

use source::{Diagnostic, code};

use super::Part;

code! {
    /// Every line begins with its number.
    ///
    /// The text was copied from a page or a terminal that shows line numbers, and they came along. Strip them:
    /// `sed -E 's/^ *[0-9]+ ?//' FILE`, then look at the indentation.
    pub static YAML_LINE_NUMBERS = "yaml-line-numbers", Error;
}

/// Fewer lines than that may begin with numbers by chance.
const LINES: usize = 4;

pub(super) fn recognise(part: &Part<'_>) -> Option<Diagnostic> {
    let (mut lines, mut numbered, mut last) = (0, 0, None);
    let mut first = None;
    for line in part.content() {
        lines += 1;
        let blanks = line.text.len() - line.text.trim_start().len();
        let digits = line.text[blanks..].bytes().take_while(u8::is_ascii_digit).count();
        let behind = &line.text[blanks + digits..];
        let number: Option<u32> = line.text[blanks..blanks + digits].parse().ok();
        // `8080: web` is a key; a line's number is followed by a blank or a bar.
        let is_number = behind.is_empty() || behind.starts_with([' ', '\t', '|', '.', ')']);
        if let Some(number) = number.filter(|n| is_number && last.is_none_or(|last| *n > last)) {
            numbered += 1;
            last = Some(number);
            let behind = behind.len() - behind.trim_start_matches([' ', '|', '.', ')']).len();
            first.get_or_insert((line.at + blanks, line.at + blanks + digits, behind));
        }
    }
    // A line or two may have lost their number, or been broken in two.
    if lines < LINES || numbered < LINES || numbered * 10 < lines * 8 {
        return None;
    }
    let (start, end, behind) = first?;
    let help =
        format!("strip them with `sed -E 's/^ *[0-9]+[ |.)]{{0,{behind}}}//'`, then look at the indentation");
    Some(
        Diagnostic::new(
            &YAML_LINE_NUMBERS,
            part.span(start, end),
            "line numbers were pasted in with the text",
        )
        .label("a line number, not YAML")
        .help(help),
    )
}

#[cfg(test)]
mod tests {
    use super::super::tests::said;

    #[test]
    fn numbers_in_front_of_the_lines() {
        assert_eq!(
            said("1  apiVersion: v1\n2  kind: Pod\n3  metadata:\n4    name: a\n", 4),
            Some(("yaml-line-numbers", 1))
        );
        assert_eq!(
            said(" 9 | a:\n10 |   b: 1\n11 |   c: 1\n12 |   d: 1\n", 1),
            Some(("yaml-line-numbers", 1))
        );
        assert_eq!(said("80: a\n81: b\n82: c\n83: d\n84: [\n", 5), None);
    }
}
