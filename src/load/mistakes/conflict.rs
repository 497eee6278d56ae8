//! Marks of a merge conflict.

use source::{Diagnostic, code};

use super::Part;

code! {
    /// A merge conflict was not resolved.
    ///
    /// Git marks the places where two changes meet with `<<<<<<<`, `=======` and `>>>>>>>`. Choose what is to stay
    /// and remove the marks.
    pub static YAML_CONFLICT = "yaml-conflict", Error;
}

pub(super) fn recognise(part: &Part<'_>) -> Option<Diagnostic> {
    part.errors.first()?;
    let mut lines = part.lines();
    let begin = lines.find(|line| line.text.starts_with("<<<<<<< "))?;
    lines.find(|line| line.text == "=======")?;
    Some(
        Diagnostic::new(
            &YAML_CONFLICT,
            part.span(begin.at, begin.at + begin.text.len()),
            "a merge conflict was not resolved",
        )
        .label("one side begins here")
        .help("choose what is to stay, and remove the lines with `<<<<<<<`, `=======` and `>>>>>>>`"),
    )
}

#[cfg(test)]
mod tests {
    use super::super::tests::said;

    #[test]
    fn marks_of_git() {
        assert_eq!(
            said("a: 1\n<<<<<<< HEAD\nb: 1\n=======\nb: 2\n>>>>>>> x\n", 2),
            Some(("yaml-conflict", 2))
        );
    }
}
