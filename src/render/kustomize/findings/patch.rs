//! A patch that is for no object, or that changes nothing.

use source::{Diagnostic, Span};

use crate::render::kustomize::context::Cx;

source::code! {
    /// No object fits the target of a patch.
    ///
    /// Kustomize says nothing of it: the patch is passed over. Group, version, kind, name and namespace of a target
    /// are regular expressions that have to match the whole; the name is the one before this layer renames the object,
    /// or the one of now.
    ///
    /// ```yaml
    /// patches:
    /// - target: {kind: Deployment, name: wbe}     # the Deployment is called web
    ///   patch: '[{"op": "remove", "path": "/spec/replicas"}]'
    /// ```
    pub static PATCH_UNMATCHED = "kustomize-patch-unmatched", Warning;

    /// A patch changes nothing: the objects say already what it says.
    ///
    /// It is left over, or it is meant for another field. Of lists that are merged by several keys, such as the ports of
    /// a Service, an item without one of the keys is passed over too: write `protocol: TCP` beside the port.
    pub static PATCH_IDLE = "kustomize-patch-idle", Note;
}

/// Says that no object fits.
pub fn unmatched(at: Option<Span>, cx: &mut Cx<'_>) {
    if let Some(at) = at.filter(|_| cx.options.findings) {
        let told = Diagnostic::new(&PATCH_UNMATCHED, at, "no object fits the target of this patch");
        cx.out.push(told.help("compare kind and name with the objects before this layer renames them"));
    }
}

/// Says that nothing came of it.
pub fn idle(at: Option<Span>, cx: &mut Cx<'_>) {
    if let Some(at) = at.filter(|_| cx.options.findings) {
        let told = Diagnostic::new(&PATCH_IDLE, at, "the patch changes nothing");
        cx.out.push(told.help("take it out, or see whether it names the field that is meant"));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::codes;

    #[test]
    fn patches_that_do_nothing() {
        let patch = |target: &str, value: u32| {
            codes(&format!(
                "patches:\n- target: {{{target}}}\n  patch: '[{{\"op\": \"replace\", \"path\": \"/spec/replicas\", \"value\": {value}}}]'\n"
            ))
        };
        assert_eq!(patch("name: web", 3), []);
        assert_eq!(patch("name: wbe", 3), [("kustomize-patch-unmatched", "{name: wbe}".to_owned())]);
        assert_eq!(patch("name: web", 2)[0].0, "kustomize-patch-idle");
        let merged = "patches:\n- patch: |\n    apiVersion: apps/v1\n    kind: Deployment\n    metadata: {name: web}\n    spec: {replicas: 2}\n";
        assert_eq!(codes(merged)[0].0, "kustomize-patch-idle");
        assert_eq!(codes(&merged.replace(": 2", ": 3")), []);
    }
}
