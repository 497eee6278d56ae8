//! Tabs as indentation.

use source::Diagnostic;
use yaml::codes::YAML_TAB;

use super::{Line, Part};

pub(super) fn recognise(part: &Part<'_>) -> Option<Diagnostic> {
    let error = part.errors.first()?.start as usize;
    let mut before: Option<Line<'_>> = None;
    for line in part.content() {
        let has_tab = indentation(line.text).contains('\t');
        // In the text of a block scalar tabs are fine: only where the grammar stumbles they are the mistake. It
        // notices at the line itself, or at the end of the one before.
        let stumbles = error <= line.at + line.text.len() + 1
            && before.as_ref().is_none_or(|b| error >= b.at)
            || line.at >= error;
        if has_tab && stumbles {
            return Some(tell(part, &line, before.as_ref()));
        }
        if line.at > error {
            return None;
        }
        before = Some(line);
    }
    None
}

fn tell(part: &Part<'_>, line: &Line<'_>, before: Option<&Line<'_>>) -> Diagnostic {
    let indentation = indentation(line.text);
    let first = indentation.find('\t').unwrap_or(0);
    let tabs = indentation[first..].len() - indentation[first..].trim_start_matches('\t').len();
    let help = before.and_then(|b| advice(line, b)).unwrap_or_else(|| {
        "use spaces; many editors insert them for the tab key if they are told to".to_owned()
    });
    Diagnostic::new(&YAML_TAB, part.span(line.at + first, line.at + first + tabs), "a tab cannot indent YAML")
        .label("tab")
        .help(help)
}

/// How many spaces would be right, where the line before tells.
fn advice(line: &Line<'_>, before: &Line<'_>) -> Option<String> {
    let (key, parent) = (line.key()?, before.key()?);
    let spaces = before.text.len() - before.text.trim_start_matches(' ').len();
    if before.text.starts_with('\t') || !before.text.trim_end().ends_with(':') {
        return None;
    }
    let spaces = spaces + 2 + if before.text.trim_start().starts_with("- ") { 2 } else { 0 };
    Some(format!("use spaces; {spaces} of them would put `{key}` under `{parent}`"))
}

fn indentation(line: &str) -> &str {
    &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
}

#[cfg(test)]
mod tests {
    use super::super::tests::said;

    #[test]
    fn the_first_tab_that_the_grammar_stumbles_over() {
        assert_eq!(said("a:\n\tb: 1\n\tc: 2\n", 2), Some(("yaml-tab", 2)));
        assert_eq!(said("a:\n  b: 1\n \tc: 2\n", 3), Some(("yaml-tab", 3)));
        // The tabs of a script are not the mistake.
        assert_eq!(said("a: |\n  x\n  \ty\nb: [1\nc: 2\n", 5), None);
    }
}
