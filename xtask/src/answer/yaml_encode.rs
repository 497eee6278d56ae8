//! Values to YAML text: `sigs-yaml`, `toYamlPretty`, `kyaml`.

use yaml::emit::{self, View, Visit};

use super::{Answer, Question};
use crate::answer::typed::Typed;

pub fn answer(question: &Question) -> Answer {
    let value = &Typed::of(question.get("json").ok_or("no `json`")?);
    let mut out = Vec::new();
    match question.get("profile").and_then(|p| p.as_str()) {
        Some("sigs-yaml") => emit::sigs(&value, &mut out),
        Some("toYamlPretty") => emit::pretty(&value, &mut out),
        Some("kyaml") => emit::kyaml(&value, &mut out),
        profile => return Err(format!("no profile {profile:?}")),
    }
    .map_err(|e| e.to_string())?;
    let text = String::from_utf8(out).map_err(|e| e.to_string())?;
    Ok(Question::from_iter([("text".to_owned(), text.into())]))
}

impl Visit for &Typed {
    fn view(&self) -> View<'_> {
        match self {
            Typed::Null => View::Null,
            Typed::Bool(b) => View::Bool(*b),
            Typed::Int(i) => View::Int(*i),
            Typed::UInt(u) => View::UInt(*u),
            Typed::Float(f) => View::Float(*f),
            Typed::Str(bytes) => View::Str(bytes),
            Typed::Time(text) => View::Time(text),
            Typed::List(_) => View::Seq,
            Typed::Map(_) => View::Map,
        }
    }

    fn items(&self, out: &mut Vec<Self>) {
        if let Typed::List(items) = self {
            out.extend(items);
        }
    }

    fn entries(&self, out: &mut Vec<(Self, Self)>) {
        if let Typed::Map(entries) = self {
            out.extend(entries.iter().map(|(k, v)| (k, v)));
        }
    }
}
