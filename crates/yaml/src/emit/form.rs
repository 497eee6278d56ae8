//! Which emitter of Go's is followed, with which settings.

use crate::doc::Style;

/// Which of Go's emitters is followed, and how it is set up.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Form {
    /// go-yaml v2: tabs are escaped, lists as with [`Lists::AtKey`].
    pub v2: bool,
    /// Columns after which text is folded at the next blank; `usize::MAX` never folds.
    pub width: usize,
    /// Columns a level.
    pub indent: u8,
    /// Where the dashes of a list in a map stand.
    pub lists: Lists,
    /// Whether everything stands in brackets on one line.
    pub flow: bool,
    /// Whether keys come in go-yaml's order; otherwise in the tree's.
    pub sorted: bool,
    /// How strings and keys are quoted that need no quotes.
    pub quotes: Option<Style>,
    pub key_quotes: Option<Style>,
}

/// Where the dashes of a list in a map stand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Lists {
    /// At the key's column.
    AtKey,
    /// One level in.
    In,
    /// One level in less the dash, as kyaml has go-yaml do it.
    Compact,
}

/// go.yaml.in/yaml v2, below sigs.k8s.io/yaml.
pub(crate) const V2: Form = Form {
    v2: true,
    width: 80,
    indent: 2,
    lists: Lists::AtKey,
    flow: false,
    sorted: true,
    quotes: None,
    key_quotes: None,
};
/// go.yaml.in/yaml v3 with an indentation of two.
pub(crate) const V3: Form = Form { v2: false, width: usize::MAX, lists: Lists::In, ..V2 };
/// The same as kyaml sets it up.
pub(crate) const KYAML: Form = Form { lists: Lists::Compact, ..V3 };
