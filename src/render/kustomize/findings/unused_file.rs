//! A manifest beside a kustomization that nothing uses.

use std::path::Path;

use source::{Diagnostic, Diagnostics, SourceId, Span};
use yaml::{Node, Options, Profile};

use crate::render::kustomize::context::Files;
use crate::render::kustomize::read::NAMES;
use crate::world::{FileKind, World};

source::code! {
    /// A manifest lies beside a kustomization, and no build uses it.
    ///
    /// It was forgotten in `resources` or `patches`, or it is left over. A file counts where it holds an object, and the
    /// directory where a build of this run goes through it.
    pub static FILE_UNUSED = "kustomize-file-unused", Note;
}

/// The largest file that is looked into.
const LIMIT: u64 = 1 << 20;

/// Looks through the directories of all kustomizations that were read.
pub fn check(files: &Files, world: &dyn World, out: &mut Diagnostics) {
    let mut kustomizations: Vec<_> = files
        .iter()
        .filter(|(path, _)| {
            path.file_name().and_then(|name| name.to_str()).is_some_and(|n| NAMES.contains(&n))
        })
        .collect();
    kustomizations.sort_by_key(|(path, _)| *path);
    for (path, (source, text)) in kustomizations {
        let Some(folder) = path.parent() else { continue };
        for entry in world.list(folder).unwrap_or_default() {
            let name = &*entry.name;
            let is_manifest = matches!(Path::new(name).extension(), Some(e) if e == "yaml" || e == "yml");
            let file = folder.join(name);
            if entry.kind != FileKind::File
                || !is_manifest
                || name.starts_with('.')
                || NAMES.contains(&name)
                || files.contains_key(&file)
                || text.contains(name)
                || !holds_object(&file, world)
            {
                continue;
            }
            let message = format!("`{name}` lies beside this kustomization, and nothing uses it");
            let told = Diagnostic::new(&FILE_UNUSED, Span::top(*source), message)
                .help("name it under `resources` or `patches`, or delete it");
            out.push(told);
        }
    }
}

fn holds_object(file: &Path, world: &dyn World) -> bool {
    let Ok(bytes) = world.read(file, LIMIT) else { return false };
    let Ok(text) = std::str::from_utf8(&bytes) else { return false };
    let options = Options::new(Profile::Kustomize);
    let doc = yaml::read_first(SourceId(u32::MAX), &text.into(), &options, &mut Diagnostics::new());
    let root = doc.as_ref().and_then(|doc| doc.root());
    let text = |key: &str| root.and_then(|root| root.get(key)).map_or("", Node::text);
    !text("apiVersion").is_empty()
        && !text("kind").is_empty()
        && !text("apiVersion").starts_with("kustomize.config.k8s.io/")
}

#[cfg(test)]
mod tests {
    use super::super::testing::WEB;
    use super::*;
    use crate::render::kustomize::testing::with_cx;
    use crate::render::kustomize::{BuildOptions, build};
    use crate::world::Memory;

    #[test]
    fn objects_that_nobody_names() {
        let world = Memory::new()
            .with("a/kustomization.yaml", "resources: [web.yaml]\n")
            .with("a/web.yaml", WEB)
            .with("a/left.yaml", WEB)
            .with("a/values.yaml", "a: 1\n");
        let found = with_cx(&world, &BuildOptions::default(), |cx| {
            build("a", cx).map_err(|error| error.upstream().to_owned()).unwrap();
            let mut out = Diagnostics::new();
            check(&cx.files, &world, &mut out);
            out
        });
        let texts: Vec<&str> = found.iter().map(|d| &*d.message).collect();
        assert_eq!(texts, ["`left.yaml` lies beside this kustomization, and nothing uses it"]);
    }
}
