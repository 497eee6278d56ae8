//! Go's text/template with Sprig's and Helm's functions, exact and traced.

pub mod strconv;
