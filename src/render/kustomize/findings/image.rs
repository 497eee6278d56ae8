//! An entry of `images` without effect.

use source::Diagnostic;

use crate::render::kustomize::context::Cx;
use crate::render::kustomize::decode::Spanned;
use crate::render::kustomize::kustomization::Image;

source::code! {
    /// No container has the image that an entry of `images` names.
    ///
    /// The name is everything before the tag, the registry included: `ghcr.io/org/app`, not `app`. Images of ephemeral
    /// containers and of fields of custom resources are found only where a configuration names the field.
    pub static IMAGE_UNMATCHED = "kustomize-image-unmatched", Warning;

    /// An entry of `images` gives every image that it names the tag or name that it has already.
    pub static IMAGE_IDLE = "kustomize-image-idle", Note;
}

/// Looks at what came of an entry.
pub fn check(image: &Spanned<Image>, is_matched: bool, is_changed: bool, cx: &mut Cx<'_>) {
    let Some(at) = image.name.at.or(image.at).filter(|_| cx.options.findings && !is_changed) else { return };
    let name = &**image.name;
    cx.out.push(if is_matched {
        let message = format!("the images of `{name}` are so already: the entry changes nothing");
        Diagnostic::new(&IMAGE_IDLE, at, message).help("take it out")
    } else {
        let message = format!("no container has the image `{name}`");
        Diagnostic::new(&IMAGE_UNMATCHED, at, message)
            .help("give the name as the containers have it, with the registry and without the tag")
    });
}

#[cfg(test)]
mod tests {
    use super::super::testing::codes;

    #[test]
    fn entries_that_do_nothing() {
        assert_eq!(codes("images: [{name: nginx, newTag: \"2\"}]\n"), []);
        let idle = codes("images: [{name: nginx, newTag: \"1\"}]\n");
        assert_eq!(idle, [("kustomize-image-idle", "nginx".to_owned())]);
        let unmatched = codes("images: [{name: docker.io/nginx, newTag: \"1\"}]\n");
        assert_eq!(unmatched, [("kustomize-image-unmatched", "docker.io/nginx".to_owned())]);
    }
}
