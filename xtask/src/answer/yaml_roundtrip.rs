//! Manifests through kyaml's nodes (`kyaml-node`) and through a build that changes nothing (`kustomize-build`).

use std::sync::Arc;

use base64::Engine;
use source::{Diagnostics, OriginId, SourceId};
use yaml::{Options, Profile, Tree, read};

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
        profile => return Err(format!("no profile {profile:?}")),
    };
    Ok(Question::from_iter([("output".to_owned(), output.into())]))
}

fn kyaml_node(text: &[u8]) -> Result<String, String> {
    let text: Arc<str> = std::str::from_utf8(text).map_err(|e| e.to_string())?.into();
    let mut out = Diagnostics::new();
    let docs = read(SourceId(0), &text, &Options::new(Profile::Kustomize), &mut out);
    // Only the first document is looked at, so what is wrong later does not matter.
    let first_ends = docs.first().map_or(u32::MAX, |d| if docs.len() > 1 { d.span().1 } else { u32::MAX });
    for said in out.iter() {
        if let source::Place::Span(span) = said.primary.at
            && span.start <= first_ends
        {
            return Err(said.upstream.clone().unwrap_or_else(|| said.message.clone()));
        }
    }
    let tree = docs.first().and_then(|doc| Tree::of_doc(doc, OriginId::UNKNOWN)).ok_or("EOF")?;
    yaml::emit::tree(&tree).map_err(|e| e.to_string())
}
