//! What went wrong, in Go's words, with the chain of what it went wrong in.

use std::fmt;

use source::OriginId;

/// An error of a function or of a template.
///
/// Each level keeps its own words only, and the whole text is put together when it is asked for: a thousand nested
/// includes would otherwise hold a thousand texts of growing length.
#[derive(Clone, Debug)]
pub struct Error {
    /// What this level says; the cause's text follows it after `: `.
    pub message: String,
    /// What `errors.Unwrap` leads to.
    pub cause: Option<Box<Error>>,
    /// Where in which template, for errors of the executor.
    pub at: Option<Box<At>>,
    /// What the action that failed was given; only the innermost level of a template's error has any.
    pub facts: Vec<Fact>,
    /// A limit of this engine was reached, which no function turns into an empty text.
    pub limit: bool,
}

/// What a field or a variable of a failing action led to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fact {
    /// As the template writes it, as far as it leads: `.Values.image` of `.Values.image.tag`.
    pub path: String,
    /// What is there.
    pub state: State,
    /// Where the value stands, or the null that took it away; unknown where origins are not followed.
    pub origin: OriginId,
    /// The path that was meant, if a key is misspelt.
    pub near: Option<String>,
}

/// An action that printed no value: Go writes `<no value>`, and Helm takes it out again.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Nothing {
    /// The action.
    pub at: source::Span,
    /// What it read.
    pub facts: Vec<Fact>,
}

/// What a path led to. Never the value: it may be secret.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum State {
    /// Nobody has set it.
    Missing,
    /// It was set to null.
    Null,
    /// A value of that kind, such as `a string`.
    Is(&'static str),
}

/// A place in a template's text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct At {
    /// The source that the engine was told of; `None` for the text of a `tpl`.
    pub source: Option<source::SourceId>,
    /// The name of the file or of the text.
    pub file: String,
    /// First byte of the node in it.
    pub start: u32,
    /// One past its last byte.
    pub end: u32,
}

impl Error {
    /// An error of a function, with the text that stands after `error calling NAME: `.
    pub fn new(message: impl Into<String>) -> Self {
        Error { message: message.into(), cause: None, at: None, facts: Vec::new(), limit: false }
    }

    /// More bytes than the engine's limit.
    pub fn too_large(limit: usize) -> Self {
        let message = format!("the result is over the limit of {limit} bytes");
        Error { message, cause: None, at: None, facts: Vec::new(), limit: true }
    }

    /// These words, then the cause's: Go's `fmt.Errorf("...: %w", cause)`.
    pub fn wrap(message: impl fmt::Display, cause: Error) -> Self {
        let limit = cause.limit;
        Error {
            message: message.to_string(),
            cause: Some(Box::new(cause)),
            at: None,
            facts: Vec::new(),
            limit,
        }
    }

    /// What Go says when a function follows a nil.
    pub fn nil_pointer() -> Self {
        Error::new("runtime error: invalid memory address or nil pointer dereference")
    }

    /// What Go says when a nil map is written.
    pub fn nil_map() -> Self {
        Error::new("assignment to entry in nil map")
    }

    /// What Go says when a value in an interface is of another type than the function takes it for.
    ///
    /// ```
    /// let e = gotmpl::Error::interface_conversion("int", "map[string]interface {}");
    /// assert_eq!(e.message, "interface conversion: interface {} is int, not map[string]interface {}");
    /// ```
    pub fn interface_conversion(is: impl fmt::Display, not: impl fmt::Display) -> Self {
        Error::new(format!("interface conversion: interface {{}} is {is}, not {not}"))
    }

    /// The levels from the outermost to the first cause.
    pub fn chain(&self) -> impl Iterator<Item = &Error> {
        std::iter::successors(Some(self), |e| e.cause.as_deref())
    }

    /// The whole text, as Go's `Error()` gives it, and the byte at which each level's text begins in it.
    pub fn text_with_levels(&self) -> (String, Vec<usize>) {
        let mut text = String::new();
        let mut levels = Vec::new();
        for (i, level) in self.chain().enumerate() {
            if i > 0 {
                text += ": ";
            }
            levels.push(text.len());
            text += &level.message;
        }
        (text, levels)
    }

    /// What the innermost failing action was given.
    pub fn facts(&self) -> &[Fact] {
        self.chain().map(|e| &*e.facts).find(|facts| !facts.is_empty()).unwrap_or_default()
    }

    /// The innermost place: where the template went wrong first.
    pub fn place(&self) -> Option<&At> {
        self.chain().filter_map(|e| e.at.as_deref()).last()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text_with_levels().0)
    }
}

impl std::error::Error for Error {}

// A chain may be thousands of levels long: dropping it level by level on the stack would exhaust that.
impl Drop for Error {
    fn drop(&mut self) {
        let mut next = self.cause.take();
        while let Some(mut error) = next {
            next = error.cause.take();
        }
    }
}
