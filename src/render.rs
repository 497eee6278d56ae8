//! From what was loaded to resources.

mod plain;

pub use plain::plain;
