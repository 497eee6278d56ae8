//! Go's `strconv`, as far as templates show it: quoting, numbers and the texts of their errors.

mod parse;
mod printable;
mod quote;

pub use parse::{NumError, parse_float, parse_int, parse_uint};
pub use printable::is_print;
pub use quote::{quote, quote_with};
