//! Manifests through kyaml's nodes (`kyaml-node`) and through a build that changes nothing (`kustomize-build`).

use base64::Engine;
use plimsoll::render::kustomize::{self, BuildOptions, Cx, Reorder};
use plimsoll::world::Memory;
use source::{Diagnostics, OriginId, Origins, SourceId, Sources};
use yaml::{Options, Profile, Tree, read_first};

use super::{Answer, Question};

pub fn answer(question: &Question) -> Answer {
    let text = match (question.get("text"), question.get("text_b64")) {
        (Some(text), _) => text.as_str().ok_or("`text` is no string")?.as_bytes().to_vec(),
        (_, Some(text)) => {
            let text = text.as_str().ok_or("`text_b64` is no string")?;
            base64::engine::general_purpose::STANDARD.decode(text).map_err(|e| e.to_string())?
        }
        _ => return Err("no `text`".to_owned()),
    };
    let output = match question.get("profile").and_then(|p| p.as_str()) {
        Some("kyaml-node") => kyaml_node(&text)?,
        Some("kustomize-build") => kustomize_build(&text)?,
        profile => return Err(format!("no profile {profile:?}")),
    };
    Ok(Question::from_iter([("output".to_owned(), output.into())]))
}

/// A build of `resources: [r.yaml]`.
fn kustomize_build(text: &[u8]) -> Result<String, String> {
    let malformed = |e: String| format!("accumulating resources from 'r.yaml': MalformedYAMLError: {e}");
    yaml::decode(SourceId(0), text)
        .map_err(|d| malformed(d.upstream.clone().unwrap_or_else(|| d.message.clone())))?;
    let world = Memory::new().with("a/kustomization.yaml", "resources: [r.yaml]\n").with("a/r.yaml", text);
    let options = BuildOptions { reorder: Some(Reorder::None), ..BuildOptions::default() };
    let (mut sources, mut origins, mut out) = (Sources::new(), Origins::new(), Diagnostics::new());
    let mut cx = Cx::new(&world, &options, &mut sources, &mut origins, &mut out);
    let printed = kustomize::build("a", &mut cx).and_then(kustomize::print);
    let printed = printed.map_err(|error| error.upstream().to_owned())?;
    let mut bytes = Vec::new();
    printed.write_to(&mut bytes).map_err(|error| error.to_string())?;
    String::from_utf8(bytes).map_err(|error| error.to_string())
}

/// `yaml.Parse`, then `String`.
fn kyaml_node(text: &[u8]) -> Result<String, String> {
    let upstream = |d: &source::Diagnostic| d.upstream.clone().unwrap_or_else(|| d.message.clone());
    let text = yaml::decode(SourceId(0), text).map_err(|d| upstream(&d))?;
    let mut out = Diagnostics::new();
    let Some(doc) = read_first(SourceId(0), &text, &Options::new(Profile::Kustomize), &mut out) else {
        return Err(out.iter().next().map_or("EOF".to_owned(), upstream));
    };
    let tree = Tree::of_doc(&doc, OriginId::UNKNOWN).ok_or("EOF")?;
    yaml::emit::tree(&tree).map_err(|e| e.to_string())
}
