//! The function library: Sprig's functions and Helm's own, one file a family.

pub mod samples;

use crate::Func;

/// All families; each is the list of its functions.
pub static FAMILIES: &[&[&Func]] = &[samples::ALL];
