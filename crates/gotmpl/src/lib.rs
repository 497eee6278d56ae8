//! Go's text/template with Sprig's and Helm's functions, exact and traced.
//!
//! - [`Value`]: Go's values, each with its origin; [`Text`]: a string with the origins of its bytes.
//! - [`func`](mod@func): how a function is declared; [`funcs`]: the library.
//! - [`engine`]: load templates, render them; start there to render a chart. [`helm`]: what Helm adds around Go.
//! - [`parse`](mod@parse): text to tree. [`fmt`]: how values print.

mod builtins;
pub mod engine;
mod error;
mod exec;
pub mod fmt;
pub mod func;
pub mod funcs;
pub mod helm;
pub mod json;
mod library;
pub mod parse;
pub mod regexp;
pub mod semver;
pub mod strconv;
pub mod strvals;
pub mod time;
pub mod unicode;
pub mod url;
mod value;
pub mod x509;

pub use engine::{Engine, Limits, NoServices, Options, Services, Templates};
pub use library::Library;

pub use error::{At, Error, Fact, Nothing, State};
#[doc(hidden)]
pub use func::mismatch;
pub use func::{Any, Arg, Args, Cx, Func, Host, Rest, Ret, Strings};
pub use value::{
    Capacity, Data, IntKind, Kind, List, ListRef, Map, MapRef, Named, Object, Segment, StrData, Text,
    TextBuilder, Type, UintKind, Value, Witness,
};

/// Whose behaviour is followed where versions differ.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Profile {
    /// Helm 3.21.4.
    Helm3,
    /// Helm 4.2.4.
    Helm4,
}
