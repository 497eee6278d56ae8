//! A `tagSuffix` that is put twice.

use source::Diagnostic;

use crate::render::kustomize::context::Cx;
use crate::render::kustomize::decode::Spanned;
use crate::render::kustomize::kustomization::Image;

source::code! {
    /// `tagSuffix` of an entry of `images` stands twice in the images of containers.
    ///
    /// Kustomize looks for images in two ways, one after the other, and both find the containers of Pods: `v1` with the
    /// suffix `-x` becomes `v1-x-x`. `newTag` is set twice as well, to the same.
    pub static TAG_SUFFIX_DOUBLED = "kustomize-tag-suffix-doubled", Warning;
}

/// Looks at what came of an entry; `is_doubled` tells whether one image got the suffix twice.
pub fn check(image: &Spanned<Image>, is_doubled: bool, cx: &mut Cx<'_>) {
    if let Some(at) = image.tag_suffix.at.filter(|_| cx.options.findings && is_doubled) {
        let suffix = &**image.tag_suffix;
        let message = format!("kustomize puts the suffix `{suffix}` twice: tags end with `{suffix}{suffix}`");
        cx.out
            .push(Diagnostic::new(&TAG_SUFFIX_DOUBLED, at, message).help("write the whole tag as `newTag`"));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::codes;

    #[test]
    fn a_suffix_twice() {
        assert_eq!(
            codes("images: [{name: nginx, tagSuffix: -x}]\n"),
            [("kustomize-tag-suffix-doubled", "-x".to_owned())]
        );
        assert_eq!(codes("images: [{name: nginx, tagSuffix: -x, newTag: \"2\"}]\n"), []);
    }
}
