//! An entry of `replicas` without effect.

use source::Diagnostic;

use crate::render::kustomize::context::Cx;
use crate::render::kustomize::decode::Spanned;
use crate::render::kustomize::kustomization::Replica;

source::code! {
    /// An entry of `replicas` says the number that the workload has already.
    pub static REPLICAS_IDLE = "kustomize-replicas-idle", Note;
}

/// Looks at what came of an entry.
pub fn check(replica: &Spanned<Replica>, is_changed: bool, cx: &mut Cx<'_>) {
    if let Some(at) = replica.count.at.or(replica.at).filter(|_| cx.options.findings && !is_changed) {
        let message = format!("`{}` has {} replicas already", *replica.name, *replica.count);
        cx.out.push(Diagnostic::new(&REPLICAS_IDLE, at, message).help("take the entry out"));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::codes;

    #[test]
    fn the_number_that_is_there() {
        assert_eq!(codes("replicas: [{name: web, count: 3}]\n"), []);
        assert_eq!(
            codes("replicas: [{name: web, count: 2}]\n"),
            [("kustomize-replicas-idle", "2".to_owned())]
        );
    }
}
