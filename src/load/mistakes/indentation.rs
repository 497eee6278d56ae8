//! Objects that lost their indentation.

use source::{Diagnostic, code};

use super::Part;

code! {
    /// The indentation of an object is gone.
    ///
    /// Every line begins at the left margin, as it happens to text that goes through a web form or a mail. In YAML
    /// the indentation says what belongs to what, so the text has to be indented anew: what belongs to `metadata`
    /// or `spec` stands below it, two spaces further right.
    ///
    /// ```yaml
    /// metadata:
    ///   name: web
    /// ```
    pub static YAML_INDENTATION_LOST = "yaml-indentation-lost", Error;
}

pub(super) fn recognise(part: &Part<'_>) -> Option<Diagnostic> {
    let mut empty = None;
    let mut below = None;
    let (mut version, mut kind, mut lines) = (false, false, 0);
    for line in part.content() {
        if line.text.starts_with([' ', '\t']) {
            return None;
        }
        lines += 1;
        let bare = line.text.trim_end().strip_suffix(':');
        match line.key() {
            Some("apiVersion") => version = true,
            Some("kind") => kind = true,
            Some(_) if bare.is_none() && empty.is_some() && below.is_none() => below = Some(line),
            Some("metadata" | "spec") if bare.is_some() && empty.is_none() => empty = Some(line),
            _ => {}
        }
    }
    let (parent, child) = (empty?, below?);
    if !(version && kind) || lines < 5 {
        return None;
    }
    let (parent_key, child_key) = (parent.key()?, child.key()?);
    Some(
        Diagnostic::new(
            &YAML_INDENTATION_LOST,
            part.span(parent.at, parent.at + parent.text.trim_end().len()),
            "the indentation of this object is gone: every line begins at the left margin",
        )
        .label(format!("nothing is below `{parent_key}`"))
        .related(part.span(child.at, child.at + child_key.len()), format!("this was below `{parent_key}`"))
        .help(format!("indent it anew: two spaces before `{child_key}` put it under `{parent_key}`")),
    )
}

#[cfg(test)]
mod tests {
    use super::super::tests::said;

    #[test]
    fn every_line_at_the_margin() {
        let text = "apiVersion: v1\nkind: ConfigMap\nmetadata:\nname: a\ndata:\nkey: value\n";
        assert_eq!(said(text, 0), Some(("yaml-indentation-lost", 3)));
        assert_eq!(
            said("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {}\nimmutable: true\n", 0),
            None
        );
    }
}
