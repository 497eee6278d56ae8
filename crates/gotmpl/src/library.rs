//! The functions that templates of one profile can name.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use crate::{Func, Profile, builtins, funcs};

/// The functions of one profile, by name.
pub struct Library {
    by_name: FxHashMap<&'static [u8], &'static Func>,
}

/// What Helm 4 has and Helm 3 lacks.
const NEW_IN_HELM4: &[&str] = &["mustToYaml", "mustToToml"];

impl Library {
    /// The library of a profile; built once.
    pub fn of(profile: Profile) -> &'static Library {
        static HELM3: OnceLock<Library> = OnceLock::new();
        static HELM4: OnceLock<Library> = OnceLock::new();
        match profile {
            Profile::Helm3 => HELM3.get_or_init(|| Library::new(NEW_IN_HELM4)),
            Profile::Helm4 => HELM4.get_or_init(|| Library::new(&[])),
        }
    }

    fn new(without: &[&str]) -> Library {
        let mut by_name = FxHashMap::default();
        // Go's own come first: a family's function of the same name (`slice`) replaces them.
        for func in builtins::ALL.iter().chain(funcs::FAMILIES.iter().flat_map(|f| f.iter())) {
            if !without.contains(&func.name) {
                by_name.insert(func.name.as_bytes(), *func);
            }
        }
        Library { by_name }
    }

    /// The function of that name.
    pub fn get(&self, name: &[u8]) -> Option<&'static Func> {
        self.by_name.get(name).copied()
    }

    /// All functions, in no order.
    pub fn iter(&self) -> impl Iterator<Item = &'static Func> + '_ {
        self.by_name.values().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Engine, NoServices, Options, Templates, Value};

    fn run(template: &str) -> Result<String, String> {
        let mut templates = Templates::new(Profile::Helm4);
        templates.add("t", template, None).map_err(|e| e.to_string())?;
        let values = Value::new(crate::Data::Map(std::rc::Rc::new(crate::Map::new(
            crate::helm::values_type(Profile::Helm4),
        ))));
        let dot = Value::map([("Values".into(), values)]);
        let mut services = NoServices;
        let mut engine = Engine::new(&templates, Options::new(Profile::Helm4), &mut services);
        engine.render("t", dot).map(|t| t.lossy().into_owned()).map_err(|e| e.to_string())
    }

    fn unquote(text: &str) -> String {
        let inside = text.strip_prefix('"').and_then(|t| t.strip_suffix('"')).unwrap_or(text);
        let mut out = String::new();
        let mut chars = inside.chars();
        while let Some(c) = chars.next() {
            match (c, if c == '\\' { chars.next() } else { None }) {
                ('\\', Some('n')) => out.push('\n'),
                ('\\', Some('t')) => out.push('\t'),
                ('\\', Some(other)) => out.push(other),
                _ => out.push(c),
            }
        }
        out
    }

    #[test]
    fn every_function_is_there_once_and_documented() {
        let mut names = std::collections::HashSet::new();
        for func in funcs::FAMILIES.iter().flat_map(|family| family.iter()) {
            assert!(names.insert(func.name), "{} is there twice", func.name);
            assert!(func.docs.contains("  =>  "), "{} has no example", func.name);
            assert!(func.docs.trim_start().len() > 20, "{} has no text", func.name);
        }
        // The size of Helm's own map, and Go's functions beside it; `slice` is in both.
        let own = |profile: Profile| {
            let without = if profile == Profile::Helm3 { NEW_IN_HELM4.len() } else { 0 };
            names.len() - without
        };
        assert_eq!((own(Profile::Helm4), own(Profile::Helm3)), (222, 220));
        let shared = builtins::ALL.iter().filter(|func| names.contains(func.name)).count();
        assert_eq!(Library::of(Profile::Helm4).iter().count(), names.len() + builtins::ALL.len() - shared);
    }

    #[test]
    fn the_examples_of_the_documentation_hold() {
        let mut wrong = Vec::new();
        let mut count = 0;
        for func in Library::of(Profile::Helm4).iter() {
            for line in func.docs.lines() {
                let Some((template, wanted)) = line.split_once("  =>  ") else { continue };
                let (template, wanted) = (template.trim(), wanted.trim());
                count += 1;
                let got = run(template);
                let holds = match wanted.strip_prefix("error: ") {
                    Some(end) => got.as_ref().is_err_and(|e| e.ends_with(end)),
                    None if wanted.starts_with('"') => got.as_deref() == Ok(&unquote(wanted)),
                    None => got.as_deref() == Ok(wanted),
                };
                if !holds {
                    wrong.push(format!("{}: {template}\n  gives  {got:?}\n  wanted {wanted}", func.name));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        assert!(count > 20);
    }
}
