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
    /// A key stands twice in one map.
    ///
    /// The API server refuses such a manifest where it validates strictly. Lenient readers take the last one in
    /// silence, so that the first has no effect.
    ///
    /// ```yaml
    /// metadata:
    ///   name: web
    ///   labels: {app: web}
    ///   name: api     # which one?
    /// ```
    pub static YAML_DUPLICATE_KEY = "yaml-duplicate-key", Error;
    /// A key is missing, or is a list, a map or another thing that cannot be a string.
    ///
    /// Kubernetes' readers turn YAML into JSON, where keys are strings.
    pub static YAML_KEY = "yaml-key", Error;
    /// A value does not fit the tag before it.
    ///
    /// ```yaml
    /// port: !!int http
    /// ```
    pub static YAML_TAG = "yaml-tag", Error;
    /// `<<` is given something else than maps.
    ///
    /// A merge key takes an alias of a map, a map, or a list of these.
    pub static YAML_MERGE = "yaml-merge", Error;
    /// A key is set in a map and by a `<<` merge into it.
    ///
    /// go-yaml v2, which kubectl and Helm use, takes whichever stands later: an entry before the merge loses.
    /// Read strictly, such a map is refused.
    pub static YAML_MERGE_OVERRIDE = "yaml-merge-override", Note;
    /// A number has no form in JSON: an infinity or NaN.
    pub static YAML_NUMBER = "yaml-number", Error;
    /// An alias names no anchor before it, or one that it is itself a part of.
    ///
    /// `*name` repeats the node that `&name` stands before, in the same document. A text that begins with `*`
    /// needs quotes.
    pub static YAML_ALIAS = "yaml-alias", Error;
    /// The bytes are no text that YAML allows: no UTF-8, or control characters.
    ///
    /// YAML is UTF-8 (or UTF-16 with a byte order mark) without control characters other than tab and line
    /// breaks. In double quotes they can be written as escapes such as `"\\x07"`.
    pub static YAML_ENCODING = "yaml-encoding", Error;
    /// A tab stands where only spaces may indent.
    ///
    /// YAML allows no tabs in indentation, because nobody can say how wide they are. Most editors turn tabs into
    /// spaces with one setting.
    pub static YAML_TAB = "yaml-tab", Error;
    /// A space is missing after a colon or a dash.
    ///
    /// `image:nginx` is one word to YAML, and so is `-nginx`.
    ///
    /// ```yaml
    /// image:nginx    # image: nginx
    /// ```
    pub static YAML_MISSING_SPACE = "yaml-missing-space", Error;
    /// A line has no colon, and keys are expected there.
    pub static YAML_NO_COLON = "yaml-no-colon", Error;
    /// A value holds a colon and a blank, and has no quotes.
    ///
    /// ```yaml
    /// command: echo done: yes    # command: 'echo done: yes'
    /// ```
    pub static YAML_COLON_IN_VALUE = "yaml-colon-in-value", Error;
    /// A line is indented as none of those that it could belong to.
    ///
    /// Keys of one map stand at one column, and what belongs to a key stands deeper.
    pub static YAML_INDENTATION = "yaml-indentation", Error;
    /// A quote is opened and never closed.
    ///
    /// All that follows is taken for a part of the text, so the place where a reader gives up may be far below.
    pub static YAML_UNCLOSED_QUOTE = "yaml-unclosed-quote", Error;
    /// A bracket is not closed, or a comma is missing between the items in it.
    pub static YAML_UNCLOSED_BRACKET = "yaml-unclosed-bracket", Error;
    /// Something stands on the line behind a quoted text or a closing bracket.
    ///
    /// ```yaml
    /// args: "--name" web    # args: '"--name" web'
    /// ```
    pub static YAML_AFTER_VALUE = "yaml-after-value", Error;
    /// A value begins with a character that YAML keeps for itself: `@`, a backtick, `%`, `*`, `&`, `|`, `>`.
    ///
    /// In quotes it is a text like any other.
    pub static YAML_RESERVED = "yaml-reserved", Error;
    /// A backslash in double quotes is followed by something that is no escape.
    pub static YAML_ESCAPE = "yaml-escape", Error;
    /// A directive (a line that begins with `%`) that Kubernetes' readers do not take.
    pub static YAML_DIRECTIVE = "yaml-directive", Error;
    /// A template action stands unquoted where YAML is read.
    ///
    /// `{{` begins a map in YAML. Render the template first, or put the value in quotes.
    pub static YAML_TEMPLATE = "yaml-template", Error;
}

/// All codes of this crate.
pub static ALL: &[&Code] = &[
    &YAML_SYNTAX,
    &YAML_LIMIT,
    &YAML_DUPLICATE_KEY,
    &YAML_KEY,
    &YAML_TAG,
    &YAML_MERGE,
    &YAML_MERGE_OVERRIDE,
    &YAML_NUMBER,
    &YAML_ALIAS,
    &YAML_ENCODING,
    &YAML_TAB,
    &YAML_MISSING_SPACE,
    &YAML_NO_COLON,
    &YAML_COLON_IN_VALUE,
    &YAML_INDENTATION,
    &YAML_UNCLOSED_QUOTE,
    &YAML_UNCLOSED_BRACKET,
    &YAML_AFTER_VALUE,
    &YAML_RESERVED,
    &YAML_ESCAPE,
    &YAML_DIRECTIVE,
    &YAML_TEMPLATE,
];
