//! Which fields of which kinds a transformer touches.

pub mod name_references;
pub mod transformers;
pub mod var_references;
mod walk;

pub use walk::{Make, Set, Walk, set_string_entry, split_path, wrong_kind};

use std::borrow::Cow;

use crate::kube::Gvk;

/// A field of some kinds: `spec/template/metadata/labels` of every Deployment. Empty parts of the kind match
/// anything.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FieldSpec {
    /// Empty for any group.
    pub group: Cow<'static, str>,
    /// Empty for any version.
    pub version: Cow<'static, str>,
    /// Empty for any kind.
    pub kind: Cow<'static, str>,
    /// Keys with slashes between them; `\/` is a slash within a key, `[]` at a key's end marks a list.
    pub path: Cow<'static, str>,
    /// Whether the field is made where it is missing.
    pub create: bool,
}

impl FieldSpec {
    /// One that the program knows.
    pub const fn fixed(
        group: &'static str,
        version: &'static str,
        kind: &'static str,
        path: &'static str,
        create: bool,
    ) -> FieldSpec {
        FieldSpec {
            group: Cow::Borrowed(group),
            version: Cow::Borrowed(version),
            kind: Cow::Borrowed(kind),
            path: Cow::Borrowed(path),
            create,
        }
    }

    /// Whether objects of that type have the field.
    pub fn selects(&self, gvk: &Gvk) -> bool {
        selects(&self.group, &gvk.group)
            && selects(&self.version, &gvk.version)
            && selects(&self.kind, &gvk.kind)
    }

    /// Adds a spec to a list unless it is there. Two specs of one field that disagree on `create` are an error
    /// upstream too ("conflicting fieldspecs"); the spec that stands in the way is returned.
    ///
    /// A spec counts as there when an earlier one is for the same path and is *selected by* it: the test is not
    /// symmetric, as it is not upstream.
    pub fn merge_into(self, list: &mut Vec<FieldSpec>) -> Result<(), FieldSpec> {
        let same = |old: &FieldSpec| {
            old.path == self.path
                && selects(&self.group, &old.group)
                && selects(&self.version, &old.version)
                && selects(&self.kind, &old.kind)
        };
        match list.iter().find(|old| same(old)) {
            Some(old) if old.create != self.create => Err(old.clone()),
            Some(_) => Ok(()),
            None => {
                list.push(self);
                Ok(())
            }
        }
    }
}

fn selects(wanted: &str, is: &str) -> bool {
    wanted.is_empty() || wanted == is
}

/// The fields that hold the name of one kind of object, as the built-in table has them.
#[derive(Debug)]
pub struct Named {
    /// Empty for any group.
    pub group: &'static str,
    /// Empty for any version.
    pub version: &'static str,
    /// The kind that is named.
    pub kind: &'static str,
    /// The fields that name it.
    pub fields: &'static [FieldSpec],
}

/// The fields that hold the name of one kind of object.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Referrers {
    /// The type that is named; empty parts stand for any.
    pub gvk: Gvk,
    /// The fields that name it.
    pub fields: Vec<FieldSpec>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_whole() {
        let fields: usize = name_references::NAME_REFERENCES.iter().map(|t| t.fields.len()).sum();
        assert_eq!(
            (name_references::NAME_REFERENCES.len(), fields, var_references::VAR_REFERENCES.len()),
            (16, 167, 72)
        );
    }

    #[test]
    fn specs_of_one_field_must_agree() {
        let mut list = transformers::REPLICAS.to_vec();
        let same = FieldSpec::fixed("", "", "Deployment", "spec/replicas", true);
        assert_eq!(same.clone().merge_into(&mut list), Ok(()));
        assert_eq!(list.len(), transformers::REPLICAS.len());
        assert!(FieldSpec { create: false, ..same }.merge_into(&mut list).is_err());
    }
}
