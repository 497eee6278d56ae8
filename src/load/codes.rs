//! What can be wrong with an input before it is read as YAML.

use source::{Code, code};

code! {
    /// A file or directory cannot be read.
    ///
    /// It does not exist, may not be read, or is neither a file nor a directory. What cannot be read cannot be
    /// judged: the exit code is 3.
    pub static FILE_UNREADABLE = "file-unreadable", Error;

    /// A file is larger than any manifest.
    ///
    /// Files are read up to 256 MiB. A cluster holds objects of some 1.5 MiB at most, so a larger file is a
    /// database, an archive or a mistake; split it if it is a stream of that many objects.
    pub static FILE_TOO_LARGE = "file-too-large", Error;

    /// A document in a stream of Kubernetes objects is none.
    ///
    /// Every object begins with `apiVersion`, `kind` and `metadata`. A document that lacks them cannot be applied;
    /// most often it is a piece of another object that was pasted as an example.
    ///
    /// ```yaml
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings
    /// ---
    /// volumes:          # no object: a piece of a Pod's spec
    /// - name: data
    /// ```
    pub static NOT_AN_OBJECT = "not-an-object", Error;

    /// An object lacks its `apiVersion` or its `kind`.
    ///
    /// Both are needed to know what the object is.
    pub static OBJECT_INCOMPLETE = "object-incomplete", Error;

    /// A template was passed over.
    ///
    /// The file holds template actions (`{{ ... }}` or `{% ... %}`) where YAML stands, so that it is no YAML
    /// before it is rendered.
    pub static TEMPLATE_SKIPPED = "template-skipped", Note;
}

/// All codes of this stage.
pub(super) static CODES: &[&Code] =
    &[&FILE_UNREADABLE, &FILE_TOO_LARGE, &NOT_AN_OBJECT, &OBJECT_INCOMPLETE, &TEMPLATE_SKIPPED];

/// Those that mean: nothing can be said of this input.
pub static UNJUDGED: &[&Code] = &[&FILE_UNREADABLE, &FILE_TOO_LARGE];
