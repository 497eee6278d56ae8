//! The field `openapi`: which schema strategic merges go by.

use std::rc::Rc;

use source::{Diagnostics, OriginId, Place};

use super::codes::KUSTOMIZATION_INVALID;
use super::context::Cx;
use super::error::{BuildError, ErrorKind};
use super::kustomization::Kustomization;
use super::loader::Root;
use super::merge::Schemas;

/// The one version that is built in.
const BUILTIN: &str = "v1.21.2";

/// Sets the schema that a kustomization names. The first that is named counts for all that follows: the top one's, else that of
/// the first base that names one (kyaml 0.21.1, `openapi.SetSchema`).
///
/// A file takes the place of what is built in, unless that was read before: to merge a patch, or to look for the scope of a kind
/// that it does not know.
///
/// # Errors
/// The file cannot be read, or the version is not built in.
pub fn set(k: &Kustomization, root: &Rc<Root>, cx: &mut Cx<'_>) -> Result<(), BuildError> {
    let entry = |key: &str| k.openapi.0.iter().find(|(name, _)| name.value == key).map(|(_, value)| value);
    let place = |at: Option<source::Span>| at.map_or(Place::from(OriginId::UNKNOWN), Place::from);
    let file = match entry("path") {
        Some(path) => Some((path, root.load_text(path, place(path.at), cx)?)),
        None => None,
    };
    if cx.schema_is_set {
        return Ok(());
    }
    let version = entry("version");
    let invalid = |at, message: &str, upstream: &str| {
        Err(BuildError::new(&KUSTOMIZATION_INVALID, place(at), message, upstream))
    };
    let Some((path, (source, text))) = file else {
        let Some(version) = version.filter(|version| !version.is_empty()) else { return Ok(()) };
        if **version != BUILTIN {
            let message = format!("only the schema of {BUILTIN} is built in");
            return invalid(version.at, &message, "the specified OpenAPI version is not built in");
        }
        cx.schema_is_set = true;
        return Ok(());
    };
    if let Some(version) = version {
        let upstream = "builtin version and custom schema provided, cannot use both";
        return invalid(version.at, "`openapi` has either a version or a path", upstream);
    }
    let mut found = Diagnostics::new();
    let doc = yaml::read_first(source, &text, &yaml::Options::new(yaml::Profile::HelmValues), &mut found);
    if let Some(first) = found.into_iter().find(|d| d.severity == source::Severity::Error) {
        return Err(BuildError { diagnostic: Box::new(first), kind: ErrorKind::Plain });
    }
    let Some(document) = doc.as_ref().and_then(|doc| doc.root()) else {
        return invalid(path.at, "the schema is empty", "schema is empty");
    };
    cx.schemas = Schemas::custom(document, cx.schema_is_read);
    cx.schema_is_set = true;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::kustomize::context::BuildOptions;
    use crate::render::kustomize::read::read;
    use crate::render::kustomize::testing::with_cx;
    use crate::world::Memory;

    #[test]
    fn a_file_or_the_one_version() {
        for (field, told) in [
            ("{path: s.yaml}", Ok(true)),
            ("{version: v1.21.2}", Ok(true)),
            ("{version: v1.30.0}", Err("the specified OpenAPI version is not built in")),
            (
                "{version: v1.21.2, path: s.yaml}",
                Err("builtin version and custom schema provided, cannot use both"),
            ),
        ] {
            let world = Memory::new()
                .with("a/kustomization.yaml", format!("openapi: {field}\n"))
                .with("a/s.yaml", "definitions: {}\n");
            let is_set = with_cx(&world, &BuildOptions::default(), |cx| {
                let root = Root::top("a", cx).unwrap();
                let layer = read(&root, cx).unwrap();
                set(&layer.kustomization, &root, cx)
                    .map(|()| cx.schema_is_set)
                    .map_err(|error| error.upstream().to_owned())
            });
            assert_eq!(is_set, told.map_err(str::to_owned), "{field}");
        }
    }
}
