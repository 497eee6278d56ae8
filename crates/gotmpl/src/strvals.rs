//! Helm's `--set` arguments: `a.b[0]=1,c={x,y}` and its variants, put into a map of values.
//!
//! The language is that of Helm 4.2.4 (3.21.4 has the same): whatever looks odd here, such as `a[0].b=` at the end of
//! an argument setting nothing, is what Helm does. Every key and value gets an origin by its byte range in the
//! argument.

mod cursor;
mod parser;

use std::ops::Range;

use source::OriginId;

use crate::{MapRef, Text};

/// Which flag the argument belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mode {
    /// `--set`: `true`, `null` and integers have their types, all else is a string.
    Set,
    /// `--set-string`: every value is a string.
    String,
    /// `--set-json`: every value is JSON. (An argument that is one whole object is the caller's affair.)
    Json,
    /// `--set-literal`: all after the first `=` is one string.
    Literal,
    /// `--set-file`: every value is the path of a file, and its content the string.
    File,
}

/// What an argument is read against.
pub trait Surroundings {
    /// The origin of a part of the argument, by its byte range.
    fn origin(&mut self, _part: Range<usize>) -> OriginId {
        OriginId::UNKNOWN
    }

    /// The content of a file, for [`Mode::File`].
    ///
    /// # Errors
    /// The whole text of the error, as Go words it: `open x: no such file or directory`.
    fn read(&mut self, path: &str) -> Result<Text, String>;
}

/// Puts what an argument says into the map.
///
/// ```
/// use gotmpl::strvals::{Mode, Surroundings, apply};
/// use gotmpl::{MapRef, Text};
///
/// struct NoFiles;
/// impl Surroundings for NoFiles {
///     fn read(&mut self, path: &str) -> Result<Text, String> {
///         Err(format!("open {path}: no such file or directory"))
///     }
/// }
///
/// let values = MapRef::new();
/// apply(Mode::Set, "image.tag=1,args={a,b}", &values, &mut NoFiles).unwrap();
/// let image = values.get(b"image").unwrap().as_map().unwrap();
/// assert_eq!(image.get(b"tag").unwrap().type_name(), "int64");
/// let error = apply(Mode::Set, "image", &values, &mut NoFiles).unwrap_err();
/// assert_eq!(error.message, "key \"image\" has no value");
/// ```
///
/// # Errors
/// The argument cannot be read, or wants a list or map where another value is. What came before the fault is in the map
/// already; Helm gives up then.
pub fn apply(
    mode: Mode,
    argument: &str,
    into: &MapRef,
    surroundings: &mut dyn Surroundings,
) -> Result<(), SetError> {
    parser::apply(mode, argument, into, surroundings)
}

/// Why an argument cannot be applied.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SetError {
    /// Helm's text.
    pub message: String,
    /// How far the argument was read, in bytes.
    pub at: usize,
}

impl std::fmt::Display for SetError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for SetError {}
