//! The words that cases are made of: few names, so that references hit, and scalars that are easily read wrongly.

use crate::fuzz::Random;

/// Names of objects, containers, volumes, keys.
pub const NAMES: &[&str] = &["a", "b", "web", "db", "cm", "default", "x-y"];
/// Namespaces.
pub const NAMESPACES: &[&str] = &["ns1", "default", "kube-system", "ns2"];
/// Variables, as in `$(NAME)`.
pub const VARS: &[&str] = &["A_VAR", "B_VAR", "PORT"];
/// Keys of labels, annotations and data.
pub const KEYS: &[&str] = &[
    "app",
    "tier",
    "example.com/x",
    "k1",
    "k2",
    "K",
    "a.b",
    "a-b",
    "nginx.ingress.kubernetes.io/auth-secret",
];
/// Images, with what may follow a name.
pub const IMAGES: &[&str] = &[
    "nginx",
    "nginx:1.25",
    "reg.io:5000/team/app:v1",
    "reg.io/app@sha256:24a0c4b4a4c0eb97a1aabb8e29f18e917d05abfe1b7a7c07857230879ce7d3d3",
    "busybox:latest",
    "app:1.0@sha256:24a0c4b4a4c0eb97a1aabb8e29f18e917d05abfe1b7a7c07857230879ce7d3d3",
    "\"nginx:1.25\"",
    "my/nginx",
];
const PLAIN: &[&str] =
    &["x", "y1", "hello", "main", "foo-bar", "a/b/c", "v1", "x_y", "http", "TCP", "two words"];
const TRICKY: &[&str] = &[
    "\"80\"",
    "'yes'",
    "yes",
    "on",
    "\"true\"",
    "1.50",
    "0x1F",
    "010",
    "2020-01-01",
    "~",
    "\"\"",
    "!!str 12",
    "\"a\\nb\"",
    "'it''s'",
    "\"tab\\there\"",
    "é☃",
    "\"😀\"",
    "\"a: b\"",
    "'- x'",
    "1e3",
    ".5",
    "1_000",
    "'#x'",
    "x  y   z",
    "1:30",
    "12345678901234567890",
    "true",
    "-1",
    "\"null\"",
    "=",
    "'@x'",
    "\"trailing \"",
    "a word after a word after a word after a word until the line is longer than eighty columns, and then some",
    "https://example.com/a/very/long/path/that/has/no/blank/at/all/and/goes/on/and/on/until/it/is/over/eighty",
    "\"x\\n y\\n\"",
    "'a,b'",
    "\"{a: b}\"",
    "\"$(A_VAR)-$(B_VAR)\"",
    "$$(A_VAR)",
];

impl Random {
    /// One of a few words.
    pub fn word<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }

    /// Any scalar that is text, or reads like something else.
    pub fn scalar(&mut self) -> String {
        match self.below(100) {
            0..12 => format!("$({})", self.word(VARS)),
            12..30 => self.word(TRICKY).to_owned(),
            30..36 => format!("\"x-$({})\"", self.word(VARS)),
            36..46 => self.word(NAMES).to_owned(),
            _ => self.word(PLAIN).to_owned(),
        }
    }

    /// A scalar that is text by any reader.
    pub fn text(&mut self) -> String {
        match self.below(10) {
            0 => "\"80\"".to_owned(),
            1 => "\"true\"".to_owned(),
            2 => "'it''s x'".to_owned(),
            3 => format!("$({})", self.word(VARS)),
            _ => self.word(PLAIN).to_owned(),
        }
    }
}
