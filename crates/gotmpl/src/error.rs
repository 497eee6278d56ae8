//! What went wrong, in Go's words, with the chain of what it went wrong in.

use std::fmt;

/// An error of a function or of a template.
///
/// `message` is what Go's `Error()` prints, with the cause's text at its end; the cause is kept beside it because Helm 4
/// lays the chain out level by level.
#[derive(Clone, Debug)]
pub struct Error {
    /// The whole text.
    pub message: String,
    /// What `errors.Unwrap` leads to.
    pub cause: Option<Box<Error>>,
    /// Where in which template, for errors of the executor.
    pub at: Option<Box<At>>,
}

/// A place in a template's text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct At {
    /// The name of the file or of the text.
    pub file: String,
    /// Byte range of the node in it.
    pub start: u32,
    /// One past its last byte.
    pub end: u32,
}

impl Error {
    /// An error of a function, with the text that stands after `error calling NAME: `.
    pub fn new(message: impl Into<String>) -> Self {
        Error { message: message.into(), cause: None, at: None }
    }

    /// This text, then the cause's: Go's `fmt.Errorf("...: %w", cause)`.
    pub fn wrap(message: impl fmt::Display, cause: Error) -> Self {
        Error { message: format!("{message}: {}", cause.message), cause: Some(Box::new(cause)), at: None }
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
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}
