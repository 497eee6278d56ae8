//! JSON as Go's `encoding/json` reads it, with its error texts.

mod decode;

pub use decode::{JsonError, decode, decode_first, decode_lenient};
