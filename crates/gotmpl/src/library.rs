//! The functions that templates of one profile can name.

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::{Func, Profile, builtins, funcs};

/// The functions of one profile, by name.
pub struct Library {
    by_name: HashMap<&'static [u8], &'static Func>,
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
        let mut by_name = HashMap::new();
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
