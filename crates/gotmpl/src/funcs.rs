//! The function library: Sprig's functions and Helm's own, one file a family.

mod base64;
mod case;
mod certificates;
mod convert;
mod dates;
mod dicts;
mod equal;
mod floats;
mod flow;
mod hash;
mod json;
mod lists;
mod math;
mod merge;
mod moment;
mod paths;
mod pieces;
mod random;
mod reflect;
mod regex;
mod secrets;
mod semver;
mod shorten;
mod shown;
mod split;
mod templates;
mod toml;
mod toml_read;
mod trim;
mod url;
mod yaml;

#[cfg(test)]
mod tests;

use crate::Func;

pub(crate) use moment::methods as methods_of_integers;
pub use shown::value_of;

/// All families; each is the list of its functions.
#[rustfmt::skip]
pub static FAMILIES: &[&[&Func]] = &[
    base64::ALL,
    case::ALL,
    certificates::ALL,
    dates::ALL,
    dicts::ALL,
    floats::ALL,
    flow::ALL,
    hash::ALL,
    json::ALL,
    lists::ALL,
    math::ALL,
    merge::ALL,
    paths::ALL,
    pieces::ALL,
    reflect::ALL,
    regex::ALL,
    semver::ALL,
    shorten::ALL,
    split::ALL,
    templates::ALL,
    trim::ALL,
    url::ALL,
    random::ALL,
    secrets::ALL,
    toml::ALL,
    yaml::ALL,
];
