//! Trees to text: the bytes of Go's emitters.
//!
//! Three programs write the YAML of Kubernetes, and each has its habits:
//!
//! | function | stands for | lists in maps | folds at 80 | numbers |
//! |---|---|---|---|---|
//! | [`sigs`] | `sigs.k8s.io/yaml` 1.6: Helm's `toYaml`, kubectl, `kustomize build` | at the key's column | yes | through JSON |
//! | [`pretty`] | go-yaml v3 with an indentation of 2: Helm's `toYamlPretty` | two columns in | no | Go's `%g` |
//! | [`kyaml`] | the same as kyaml sets it up: `kustomize fn`, `cfg` | at the key's column | no | Go's `%g` |
//!
//! [`json`] writes JSON as Go's `encoding/json` does. All of them read any tree that implements [`Visit`], and write it without a copy in between.

mod analysis;
mod emitter;
mod form;
mod json;
mod node;
pub(crate) mod number;
mod order;
mod plain;
mod sigs;
mod steady;
mod tree;
mod typed;
mod visit;
mod write;

pub(crate) use json::string as json_string;
pub use json::{JsonStyle, json, json_traced};
pub(crate) use number::json_float;
pub(crate) use sigs::go_utf8;
pub use steady::is_steady;
pub use tree::{tree, tree_wide};
pub use typed::GoTyped;
pub use visit::{Trace, View, Visit};

pub(crate) use form::{Form, Lists, V3};
pub(crate) use visit::walk;

use emitter::{Comments, Emitter, Props, Refused};
use form::{KYAML, V2};

/// Why a tree cannot be written. The texts are upstream's.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Error {
    /// `sigs.k8s.io/yaml` goes through JSON, which has no infinities and no NaN.
    NotFinite(&'static str),
    /// It goes through JSON, whose keys are strings.
    Key,
    /// A character that go-yaml v2 refuses to read back: DEL, C1 control characters, U+FFFE, U+FFFF.
    Control,
    /// A key that, read back, goes over a line or past 1024 characters.
    LongKey,
    /// A text in which a line break U+0085 is followed by `---` or `...`.
    Indicator,
    /// More levels than the limit of 10,000.
    Depth,
    /// More bytes than [`Visit::limit`] allows.
    Size(usize),
    /// An anchor or alias whose name holds something else than letters, digits, `_` and `-`.
    Name(&'static str),
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Error::NotFinite(value) => {
                write!(f, "error marshaling into JSON: json: unsupported value: {value}")
            }
            Error::Key => f.write_str(
                "error marshaling into JSON: json: unsupported type: map[interface {}]interface {}",
            ),
            Error::Control => f.write_str("yaml: control characters are not allowed"),
            Error::LongKey => f.write_str("yaml: line 1: did not find expected ',' or '}'"),
            Error::Indicator => f.write_str("yaml: line 1: found unexpected document indicator"),
            Error::Depth => f.write_str("yaml: exceeded max depth of 10000"),
            Error::Size(limit) => write!(f, "the result is over the limit of {limit} bytes"),
            Error::Name(what) => {
                write!(f, "yaml: {what} value must contain alphanumerical characters only")
            }
        }
    }
}

impl std::error::Error for Error {}

impl From<Refused> for Error {
    fn from(refused: Refused) -> Error {
        Error::Name(match refused {
            Refused::Anchor => "anchor",
            Refused::Alias => "alias",
        })
    }
}

/// Levels of nesting; what Go's readers accept.
pub(crate) const DEPTH: usize = 10_000;

/// Appends a tree as `sigs.k8s.io/yaml` writes it, the line break at the end included (Helm's `toYaml` cuts it).
///
/// On an error `out` is as it was before.
///
/// ```
/// use yaml::emit::{sigs, View, Visit};
///
/// #[derive(Clone)]
/// enum Tree { Text(&'static str), List(Vec<Tree>), Map(Vec<(&'static str, Tree)>) }
///
/// impl Visit for Tree {
///     fn view(&self) -> View<'_> {
///         match self {
///             Tree::Text(text) => View::Text(text),
///             Tree::List(_) => View::Seq,
///             Tree::Map(_) => View::Map,
///         }
///     }
///     fn items(&self, out: &mut Vec<Tree>) {
///         if let Tree::List(items) = self { out.extend(items.iter().cloned()) }
///     }
///     fn entries(&self, out: &mut Vec<(Tree, Tree)>) {
///         if let Tree::Map(entries) = self {
///             out.extend(entries.iter().map(|(k, v)| (Tree::Text(k), v.clone())));
///         }
///     }
/// }
///
/// let tree = Tree::Map(vec![("b", Tree::List(vec![Tree::Text("yes")])), ("a", Tree::Text("x: y"))]);
/// let mut out = Vec::new();
/// sigs(&tree, &mut out).unwrap();
/// assert_eq!(out, b"a: 'x: y'\nb:\n- \"yes\"\n");
/// ```
pub fn sigs<V: Visit>(value: &V, out: &mut Vec<u8>) -> Result<(), Error> {
    sigs_traced(value, out, &mut ())
}

/// As [`sigs`], and tells of each scalar which bytes it became, quotes and block marks included.
pub fn sigs_traced<V: Visit, T: Trace<V>>(value: &V, out: &mut Vec<u8>, trace: &mut T) -> Result<(), Error> {
    guarded(out, |out| walk::<V, T, true>(value, V2, out, trace))
}

/// Appends a tree as go-yaml v3 writes it with an indentation of 2.
pub fn pretty<V: Visit>(value: &V, out: &mut Vec<u8>) -> Result<(), Error> {
    pretty_traced(value, out, &mut ())
}

/// As [`pretty`], and tells of each scalar which bytes it became.
pub fn pretty_traced<V: Visit, T: Trace<V>>(
    value: &V,
    out: &mut Vec<u8>,
    trace: &mut T,
) -> Result<(), Error> {
    guarded(out, |out| walk::<V, T, false>(value, V3, out, trace))
}

/// Appends a tree as kyaml's `yaml.Marshal` writes it.
pub fn kyaml<V: Visit>(value: &V, out: &mut Vec<u8>) -> Result<(), Error> {
    guarded(out, |out| walk::<V, (), false>(value, KYAML, out, &mut ()))
}

fn guarded(out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>) -> Result<(), Error>) -> Result<(), Error> {
    let before = out.len();
    let result = write(out);
    if result.is_err() {
        out.truncate(before);
    }
    result
}

fn not_finite(f: f64) -> Error {
    Error::NotFinite(if f.is_nan() {
        "NaN"
    } else if f > 0.0 {
        "+Inf"
    } else {
        "-Inf"
    })
}

fn integer(out: &mut String, negative: bool, mut size: u64) {
    let mut digits = [0u8; 20];
    let mut at = digits.len();
    while at > 0 {
        at -= 1;
        digits[at] = b'0' + (size % 10) as u8;
        size /= 10;
        if size == 0 {
            break;
        }
    }
    if negative {
        out.push('-');
    }
    out.extend(digits[at..].iter().map(|&d| d as char));
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// The smallest tree that has everything.
    #[derive(Clone, Debug)]
    pub(crate) enum Tree {
        Null,
        Int(i64),
        UInt(u64),
        Float(f64),
        Bytes(Vec<u8>),
        List(Vec<Tree>),
        Map(Vec<(Tree, Tree)>),
    }

    impl From<&str> for Tree {
        fn from(text: &str) -> Tree {
            Tree::Bytes(text.as_bytes().to_vec())
        }
    }

    impl Tree {
        pub(crate) fn list<const N: usize>(items: [Tree; N]) -> Tree {
            Tree::List(items.to_vec())
        }

        pub(crate) fn map<const N: usize>(entries: [(&str, Tree); N]) -> Tree {
            Tree::Map(entries.into_iter().map(|(k, v)| (Tree::from(k), v)).collect())
        }
    }

    impl Visit for Tree {
        fn view(&self) -> View<'_> {
            match self {
                Tree::Null => View::Null,
                Tree::Int(i) => View::Int(*i),
                Tree::UInt(u) => View::UInt(*u),
                Tree::Float(f) => View::Float(*f),
                Tree::Bytes(bytes) => View::Str(bytes),
                Tree::List(_) => View::Seq,
                Tree::Map(_) => View::Map,
            }
        }

        fn items(&self, out: &mut Vec<Tree>) {
            if let Tree::List(items) = self {
                out.extend(items.iter().cloned());
            }
        }

        fn entries(&self, out: &mut Vec<(Tree, Tree)>) {
            if let Tree::Map(entries) = self {
                out.extend(entries.iter().cloned());
            }
        }
    }

    fn by(write: fn(&Tree, &mut Vec<u8>) -> Result<(), Error>, tree: &Tree) -> String {
        let mut out = Vec::new();
        write(tree, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn three_habits() {
        let tree = Tree::map([
            ("n", Tree::Float(1234567.0)),
            ("u", Tree::UInt(u64::MAX)),
            (
                "list",
                Tree::list([Tree::list([Tree::Int(1), Tree::Null]), Tree::map([("k", Tree::list([]))])]),
            ),
        ]);
        assert_eq!(
            by(sigs, &tree),
            "list:\n- - 1\n  - null\n- k: []\n\"n\": 1234567\nu: 18446744073709551615\n"
        );
        assert_eq!(
            by(pretty, &tree),
            "list:\n  - - 1\n    - null\n  - k: []\n\"n\": 1.234567e+06\nu: 18446744073709551615\n"
        );
        assert_eq!(
            by(kyaml, &tree),
            "list:\n- - 1\n  - null\n- k: []\n\"n\": 1.234567e+06\nu: 18446744073709551615\n"
        );
    }

    #[test]
    fn folding_is_for_sigs_alone() {
        let tree = Tree::map([("k", Tree::from("word ".repeat(20).trim_end()))]);
        let (head, tail) = ("word ".repeat(16), "word ".repeat(4));
        assert_eq!(by(sigs, &tree), format!("k: {}\n  {}\n", head.trim_end(), tail.trim_end()));
        assert_eq!(by(pretty, &tree), format!("k: {head}{}\n", tail.trim_end()));
    }

    #[test]
    fn block_scalars_and_their_marks() {
        for (text, shown) in [
            ("a\nb\n", "k: |\n  a\n  b\n"),
            ("a\nb", "k: |-\n  a\n  b\n"),
            ("a\n\n\n", "k: |+\n  a\n\n\n"),
            (" a\n", "k: |2\n   a\n"),
            ("\na", "k: |2-\n\n  a\n"),
            ("a \nb", "k: \"a \\nb\"\n"),
        ] {
            assert_eq!(by(sigs, &Tree::map([("k", Tree::from(text))])), shown);
        }
    }

    #[test]
    fn bytes_that_are_no_text() {
        let tree = Tree::Bytes(vec![0xFF, b'a', 0xFE]);
        assert_eq!(by(pretty, &tree), "!!binary /2H+\n");
        assert_eq!(by(sigs, &tree), "\u{FFFD}a\u{FFFD}\n");
        let long = Tree::Bytes(vec![0xFF; 60]);
        assert_eq!(by(kyaml, &long), format!("!!binary |\n  {}\n  {}\n", "/".repeat(70), "/".repeat(10)));
    }

    #[test]
    fn the_trace_names_the_bytes_of_each_scalar() {
        let tree = Tree::map([("a", Tree::from("x: y")), ("b", Tree::from("plain"))]);
        let (mut out, mut seen) = (b"before ".to_vec(), Vec::new());
        sigs_traced(&tree, &mut out, &mut |_: &Tree, bytes| seen.push(bytes)).unwrap();
        let texts: Vec<_> = seen.into_iter().map(|r| String::from_utf8_lossy(&out[r]).into_owned()).collect();
        assert_eq!(texts, ["a", "'x: y'", "b", "plain"]);
    }

    #[test]
    fn depth_is_limited_and_costs_no_stack() {
        #[derive(Clone)]
        struct Levels(usize);
        impl Visit for Levels {
            fn view(&self) -> View<'_> {
                if self.0 == 0 { View::Null } else { View::Seq }
            }
            fn items(&self, out: &mut Vec<Self>) {
                out.push(Levels(self.0 - 1));
            }
            fn entries(&self, _: &mut Vec<(Self, Self)>) {}
        }
        let mut out = Vec::new();
        assert_eq!(sigs(&Levels(10_000), &mut out), Ok(()));
        assert_eq!(json(&Levels(10_001), JsonStyle::default(), &mut out), Err(Error::Depth));
    }
}
