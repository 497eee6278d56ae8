//! A replacement that is for no object, or that changes nothing.

use source::{Diagnostic, Span};

use crate::render::kustomize::context::Cx;

source::code! {
    /// No object fits a target of a replacement.
    ///
    /// Kustomize says nothing of it: the target is passed over. What `select` says of group, version, kind, name and
    /// namespace are regular expressions that have to match the whole.
    pub static REPLACEMENT_UNMATCHED = "kustomize-replacement-unmatched", Warning;

    /// A replacement changes nothing: what it copies stands there already.
    pub static REPLACEMENT_IDLE = "kustomize-replacement-idle", Note;
}

/// Says that no object fits.
pub fn unmatched(at: Option<Span>, cx: &mut Cx<'_>) {
    if let Some(at) = at.filter(|_| cx.options.findings) {
        let told = Diagnostic::new(&REPLACEMENT_UNMATCHED, at, "no object fits this target of a replacement");
        cx.out.push(told.help("compare `select` with the objects of this layer"));
    }
}

/// Says that nothing came of it.
pub fn idle(at: Option<Span>, cx: &mut Cx<'_>) {
    if let Some(at) = at.filter(|_| cx.options.findings) {
        let told = Diagnostic::new(&REPLACEMENT_IDLE, at, "the replacement changes nothing");
        cx.out.push(told.help("what it copies stands there already: take it out"));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::codes;

    #[test]
    fn replacements_that_do_nothing() {
        let replaced = |name: &str, value: u32| {
            let all = codes(&format!(
                "replacements:\n- sourceValue: \"{value}\"\n  targets:\n  - select: {{name: {name}}}\n    fieldPaths: [spec.replicas]\n"
            ));
            all.into_iter().map(|(code, _)| code).collect::<Vec<_>>()
        };
        assert!(replaced("web", 3).is_empty());
        assert_eq!(replaced("web", 2), ["kustomize-replacement-idle"]);
        assert_eq!(replaced("wbe", 3), ["kustomize-replacement-unmatched"]);
    }
}
