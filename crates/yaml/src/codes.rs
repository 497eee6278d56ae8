//! What can be wrong with a YAML text.

use source::Code;

source::code! {
    /// The text is not YAML at this place.
    ///
    /// A reader of Kubernetes' tools stops here. What comes before it in the document was read; the documents
    /// after it are read as well.
    pub static YAML_SYNTAX = "yaml-syntax", Error;
    /// A text is over one of the limits that make any input survivable.
    ///
    /// The limits are far above what real manifests have: bytes of a text, levels of nesting, nodes after all
    /// aliases are expanded.
    pub static YAML_LIMIT = "yaml-limit", Error;
}

/// All codes of this crate.
pub static ALL: &[&Code] = &[&YAML_SYNTAX, &YAML_LIMIT];
