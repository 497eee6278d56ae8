//! The defects of kustomizations that a build finds.

source::code! {
    /// A `kustomization.yaml` says something that it cannot say.
    ///
    /// A field is unknown, has the wrong type, or contradicts another. Keys are matched in any case, and YAML is read
    /// by version 1.1, so that an unquoted `yes`, `no`, `on`, `off`, `y` or `n` is a boolean.
    pub static KUSTOMIZATION_INVALID = "kustomization-invalid", Error;

    /// A directory that is to be built has no kustomization, or several.
    ///
    /// Exactly one of `kustomization.yaml`, `kustomization.yml` and `Kustomization` has to be there.
    pub static KUSTOMIZATION_MISSING = "kustomization-missing", Error;

    /// A kustomization needs itself.
    pub static KUSTOMIZATION_CYCLE = "kustomization-cycle", Error;

    /// Kustomizations name each other deeper than a build follows.
    pub static KUSTOMIZATION_TOO_DEEP = "kustomization-too-deep", Error;

    /// A component is used as a base, or the other way round.
    ///
    /// Directories under `components` have `kind: Component`, those under `resources` do not.
    pub static KUSTOMIZATION_WRONG_KIND = "kustomization-wrong-kind", Error;

    /// A file or directory that a kustomization names cannot be read.
    pub static FILE_UNREADABLE = "kustomize-file-unreadable", Error;

    /// A file lies outside of the directory of the kustomization that names it.
    pub static FILE_OUTSIDE_ROOT = "kustomize-file-outside-root", Error;

    /// An entry names something of the network, and a build uses none.
    pub static REMOTE_RESOURCE = "kustomize-remote-resource", Error;

    /// A file of resources holds something that is none.
    pub static RESOURCE_INVALID = "kustomize-resource-invalid", Error;

    /// Two objects have one kind, name and namespace.
    pub static RESOURCE_CONFLICT = "kustomize-resource-conflict", Error;

    /// A generator cannot make its object.
    pub static GENERATOR_INVALID = "kustomize-generator-invalid", Error;

    /// A transformer cannot be applied.
    pub static TRANSFORMER_INVALID = "kustomize-transformer-invalid", Error;

    /// A function cannot be run, or says that something is wrong.
    ///
    /// A function is a program that gets a ResourceList and gives another. It runs only with `--enable-alpha-plugins
    /// --enable-exec`.
    pub static FUNCTION_FAILED = "kustomize-function-failed", Error;

    /// A name fits several objects, and nothing tells which is meant.
    pub static NAME_AMBIGUOUS = "kustomize-name-ambiguous", Error;

    /// A variable has no value, or two.
    pub static VARIABLE_INVALID = "kustomize-variable-invalid", Error;

    /// A variable is defined, and nothing uses it.
    pub static VARIABLE_UNUSED = "kustomize-variable-unused", Note;

    /// A field of the kustomization is deprecated.
    ///
    /// `kustomize edit fix` rewrites all of them.
    pub static FIELD_DEPRECATED = "kustomize-field-deprecated", Note;

    /// A field of the kustomization is known and not carried out by this program.
    pub static FIELD_UNSUPPORTED = "kustomize-field-unsupported", Error;
}

/// All of them, for the catalogue.
pub const ALL: &[&source::Code] = &[
    &KUSTOMIZATION_INVALID,
    &KUSTOMIZATION_MISSING,
    &KUSTOMIZATION_CYCLE,
    &KUSTOMIZATION_TOO_DEEP,
    &KUSTOMIZATION_WRONG_KIND,
    &FILE_UNREADABLE,
    &FILE_OUTSIDE_ROOT,
    &REMOTE_RESOURCE,
    &RESOURCE_INVALID,
    &RESOURCE_CONFLICT,
    &GENERATOR_INVALID,
    &TRANSFORMER_INVALID,
    &FUNCTION_FAILED,
    &NAME_AMBIGUOUS,
    &VARIABLE_INVALID,
    &VARIABLE_UNUSED,
    &FIELD_DEPRECATED,
    &FIELD_UNSUPPORTED,
];
