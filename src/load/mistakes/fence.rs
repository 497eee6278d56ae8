//! Fences of Markdown.

use source::{Diagnostic, code};

use super::Part;

code! {
    /// A fence of Markdown was copied with the text.
    ///
    /// Three backticks begin and end a piece of code in Markdown; they are no part of the YAML between them. Remove
    /// both lines.
    pub static YAML_FENCE = "yaml-fence", Error;
}

pub(super) fn recognise(part: &Part<'_>) -> Option<Diagnostic> {
    part.errors.first()?;
    let is_fence = |line: &str| line.starts_with("```") || line.starts_with("~~~");
    // At the margin: the text of a block scalar may hold fences, and is indented.
    let line = part.content().find(|line| is_fence(line.text))?;
    Some(
        Diagnostic::new(
            &YAML_FENCE,
            part.span(line.at, line.at + line.text.trim_end().len()),
            "a fence of Markdown is no YAML",
        )
        .label("Markdown")
        .help("remove the lines with the backticks"),
    )
}

#[cfg(test)]
mod tests {
    use super::super::tests::said;

    #[test]
    fn a_fence_around_the_text() {
        assert_eq!(said("```yaml\na: 1\n```\n", 1), Some(("yaml-fence", 1)));
        assert_eq!(said("a: |\n  ```\nb: [\n", 3), None);
    }
}
