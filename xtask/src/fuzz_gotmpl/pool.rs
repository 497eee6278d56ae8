//! What templates are grown from: values, literals by type, and the functions that need literals of their own.

use serde_json::{Value as Json, json};

/// The values that every template sees; numbers with a point are floats, as a values file gives them.
pub fn values() -> Json {
    json!({
        "s": "hello world", "e": "", "up": "FooBar-baz_qux", "uni": "héllo 日本 ß", "multi": "a: 1\nb:\n  - x\n",
        "num": "42", "ver": "1.2.3", "b64": "aGVsbG8=", "url": "http://u:p@h.example:80/a/b?x=1#f",
        "i": 5.0, "f": 1.5, "big": 12345678.0, "z": 0.0, "neg": -3.0, "n64": 7,
        "t": true, "ff": false, "nil": null,
        "l": ["a", "b", "c"], "li": [3.0, 1.0, 2.0], "el": [], "mix": [1.0, "x", true, null, {"a": "b"}, ["n"]],
        "d": {"a": "x", "b": 1.0}, "nest": {"k": {"l": {"m": "deep"}}, "list": [{"n": "one"}, {"n": "two"}]},
        "ed": {}, "ld": [{"n": 1.0}, {"n": 2.0}], "one": {"only": "v"},
    })
}

/// Strings of the values.
pub const STRINGS: &[&str] = &["s", "e", "up", "uni", "multi", "num", "ver", "b64", "url"];
/// Lists of the values.
pub const LISTS: &[&str] = &["l", "li", "el", "mix", "ld"];
/// Maps of the values.
pub const MAPS: &[&str] = &["d", "nest", "ed", "one"];
/// All keys, and one that is missing.
pub const ALL: &[&str] = &[
    "s", "e", "up", "uni", "multi", "num", "ver", "b64", "url", "i", "f", "big", "z", "neg", "n64", "t",
    "ff", "nil", "l", "li", "el", "mix", "d", "nest", "ed", "ld", "one", "nope",
];

/// Lists by everything that makes one.
pub const MADE_LISTS: &[&str] = &[
    ".Values.l",
    ".Values.li",
    ".Values.mix",
    ".Values.ld",
    r#"splitList "," "d,c,b,a,e""#,
    r#"splitList "" "zyxw""#,
    r#"regexSplit "," "d,c,b,a,e" -1"#,
    r#"regexSplit "," "d,c,b,a,e" 3"#,
    r#"regexFindAll "[a-z]" "d,c,b" -1"#,
    "until 5",
    "untilStep 9 2 -1",
    r#"list 3 "b" 1 "a""#,
    "tuple 3 2 1",
    r#"append .Values.l "z""#,
    r#"append (list "d" "c") "b""#,
    r#"prepend .Values.l "z""#,
    r#"prepend (splitList "," "d,c,b,a") "z""#,
    r#"concat .Values.l (list "z") (until 2)"#,
    "compact .Values.mix",
    "uniq .Values.mix",
    "without .Values.mix nil",
    "reverse .Values.mix",
    "rest .Values.mix",
    "initial .Values.mix",
    "chunk 2 .Values.mix | first",
    "chunk 2 .Values.mix",
    "deepCopy .Values.mix",
    r#"pluck "a" .Values.d .Values.d .Values.d"#,
    "values .Values.one",
    "keys .Values.one",
    "toStrings .Values.mix",
    "sortAlpha .Values.mix",
    r#"fromJsonArray "[3, 1, 2]""#,
    r#"fromYamlArray "- c\n- b\n- a\n- d\n- e""#,
    r#"get (fromYaml "a: [c, b, a]") "a""#,
    r#"get (fromToml "a = [3, 2, 1, 4, 5]") "a""#,
    r#"get (fromJson "{\"a\": [1, 2, 3]}") "a""#,
];

/// String literals.
pub const TEXTS: &[&str] = &[
    r#""a""#,
    r#""""#,
    r#""b c""#,
    r#""x-y_z""#,
    r#""-""#,
    r#""10""#,
    r#""0x1f""#,
    r#""1.5""#,
    r#""true""#,
    r#""a,b,c""#,
    r#""é""#,
    r#""line1\nline2""#,
    r#""\t x ""#,
    "`raw`",
    r#""<&>\"'""#,
    r#""a.b""#,
    r#""k""#,
];
/// Whole numbers that a count may be.
pub const COUNTS: &[&str] = &["0", "1", "2", "3", "5", "8", "12", "-1", "-2"];
/// Numbers.
pub const NUMBERS: &[&str] = &[
    "0", "1", "2", "7", "-3", "42", "100", "1.5", "-0.5", "2.0", "1e3", "0x1F", "0b101", "017", "1_000",
    "'a'",
];

/// Functions that are only asked for their shape, with the whole expression.
pub const SHAPES: &[(&str, &str)] = &[
    ("randAlphaNum", "len (randAlphaNum 8)"),
    ("randAlpha", "len (randAlpha 5)"),
    ("randNumeric", "len (randNumeric 5)"),
    ("randAscii", "len (randAscii 4)"),
    ("randBytes", "len (randBytes 4)"),
    ("randInt", "lt (randInt 3 9) 9"),
    ("shuffle", r#"len (shuffle "abcdef")"#),
    ("uuidv4", "len uuidv4"),
    ("now", "kindOf now"),
    ("ago", "kindOf (ago now)"),
    ("htmlDate", "len (htmlDate now)"),
    ("bcrypt", r#"hasPrefix "$2a$10$" (bcrypt "p")"#),
    ("htpasswd", r#"hasPrefix "u:$2a$" (htpasswd "u" "p")"#),
    ("encryptAES", r#"encryptAES "k" "text" | decryptAES "k""#),
    ("genPrivateKey", r#"genPrivateKey "ed25519" | trunc 27"#),
    ("genCA", r#"(genCA "ca" 3).Cert | trunc 27"#),
    ("genCAWithKey", r#"genCAWithKey "ca" 3 "bad""#),
    ("genSelfSignedCert", r#"(genSelfSignedCert "c" (list "127.0.0.1") (list "h") 3).Key | trunc 31"#),
    ("genSelfSignedCertWithKey", r#"genSelfSignedCertWithKey "c" nil nil 3 "bad""#),
    ("genSignedCert", r#"genSignedCert "c" nil nil 3 (buildCustomCert "YQ==" "YQ==")"#),
    ("genSignedCertWithKey", r#"genSignedCertWithKey "c" nil nil 3 (buildCustomCert "YQ==" "YQ==") "k""#),
    ("keys", "keys .Values.d | sortAlpha"),
    ("values", "values .Values.one"),
    ("getHostByName", r#"getHostByName "localhost""#),
    ("hello", "hello"),
    ("fail", r#"fail "stop""#),
    ("call", "call .Values.s"),
    ("lookup", r#"lookup "v1" "Secret" "ns" "x""#),
    ("derivePassword", r#"derivePassword 1 "long" "password" "user" "example.com""#),
    ("html", r#"html "<a>" .Values.s"#),
    ("js", r#"js "it's <b>" .Values.uni"#),
    ("urlquery", r#"urlquery .Values.url "a b""#),
];

/// Shapes that fail by themselves.
pub const FAILING: &[&str] =
    &["fail", "call", "genCAWithKey", "genSelfSignedCertWithKey", "genSignedCert", "genSignedCertWithKey"];

/// Literals that most functions refuse.
pub const BAD: &[&str] = &[
    r#""bad""#,
    r#""[""#,
    r#""nope""#,
    r#""!""#,
    r#""a = ""#,
    r#""a: [""#,
    r#""%zz""#,
    r#""{{ bad }}""#,
    r#""x:y""#,
];

/// Literals of functions whose strings have a grammar: (function, parameter, literals).
pub const GRAMMARS: &[(&str, usize, &[&str])] = &[
    ("semver", 0, VERSIONS),
    (
        "semverCompare",
        0,
        &[
            r#"">=1.2.0""#,
            r#""^1.2""#,
            r#""~1""#,
            r#"">1 <2 || 3.x""#,
            r#""1.2.3 - 2""#,
            r#""!=1""#,
            r#""bad""#,
        ],
    ),
    ("semverCompare", 1, VERSIONS),
    ("regexMatch", 0, PATTERNS),
    ("regexFind", 0, PATTERNS),
    ("regexFindAll", 0, PATTERNS),
    ("regexReplaceAll", 0, PATTERNS),
    ("regexReplaceAllLiteral", 0, PATTERNS),
    ("regexSplit", 0, PATTERNS),
    ("mustRegexMatch", 0, PATTERNS),
    ("mustRegexFind", 0, PATTERNS),
    ("mustRegexFindAll", 0, PATTERNS),
    ("mustRegexReplaceAll", 0, PATTERNS),
    ("mustRegexReplaceAllLiteral", 0, PATTERNS),
    ("mustRegexSplit", 0, PATTERNS),
    ("date", 0, LAYOUTS),
    ("date", 1, TIMES),
    ("dateInZone", 0, LAYOUTS),
    ("dateInZone", 1, TIMES),
    ("dateInZone", 2, ZONES),
    ("date_in_zone", 0, LAYOUTS),
    ("date_in_zone", 1, TIMES),
    ("date_in_zone", 2, ZONES),
    ("htmlDateInZone", 0, TIMES),
    ("htmlDateInZone", 1, ZONES),
    ("dateModify", 0, DURATIONS),
    ("date_modify", 0, DURATIONS),
    ("mustDateModify", 0, DURATIONS),
    ("must_date_modify", 0, DURATIONS),
    ("toDate", 0, &[r#""2006-01-02""#]),
    ("toDate", 1, &[r#""2019-12-31""#, r#""nope""#]),
    ("mustToDate", 0, &[r#""2006-01-02""#, r#""Jan 2, 2006""#]),
    ("mustToDate", 1, &[r#""2019-12-31""#, r#""Feb 3, 2020""#, r#""nope""#]),
    ("durationRound", 0, DURATIONS),
    ("fromJson", 0, JSON),
    ("fromJsonArray", 0, JSON),
    ("mustFromJson", 0, JSON),
    ("fromYaml", 0, YAML),
    ("fromYamlArray", 0, YAML),
    ("fromToml", 0, &[r#""a = 1\nb = \"x\"\n[t]\nc = 1.5""#, r#""a = ""#, r#""""#]),
    ("b64dec", 0, &[r#""aGVsbG8=""#, r#""!""#, ".Values.b64"]),
    ("b32dec", 0, &[r#""NBSWY3DP""#, r#""!""#]),
    ("urlParse", 0, &[".Values.url", r#""/a?b=c""#, r#""x:y""#, r#""%zz""#]),
    ("decryptAES", 1, &[r#""bad""#, r#""YWJjZGVmZ2hpamtsbW5vcA==""#]),
    ("buildCustomCert", 0, &[r#""YQ==""#, r#""!""#]),
    ("buildCustomCert", 1, &[r#""YQ==""#, r#""!""#]),
    (
        "printf",
        0,
        &[
            r#""%v""#,
            r#""%s-%d""#,
            r#""%5.2f|%-6q""#,
            r#""%T %#v""#,
            r#""%x%%""#,
            r#""%[2]v %[1]v""#,
            r#""%08d""#,
            r#""%t""#,
        ],
    ),
    (
        "tpl",
        0,
        &[
            r#""{{ . }}""#,
            r#""plain""#,
            r#""{{ .Values.s | upper }}""#,
            r#""{{ .nope }}""#,
            r#""{{ bad }}""#,
            r#""{{ range . }}{{ . }}{{ end }}""#,
        ],
    ),
    ("include", 0, &[r#""named""#, r#""twice""#, r#""nope""#]),
    ("kindIs", 0, &[r#""map""#, r#""string""#, r#""float64""#, r#""slice""#]),
    ("typeIs", 0, &[r#""string""#, r#""float64""#, r#""map[string]interface {}""#]),
    ("typeIsLike", 0, &[r#""string""#, r#""semver.Version""#, r#""*semver.Version""#]),
    ("splitn", 1, &["1", "2", "3"]),
    ("regexFindAll", 2, &["-1", "1", "2"]),
    ("mustRegexFindAll", 2, &["-1", "1", "2"]),
    ("regexSplit", 2, &["-1", "2"]),
    ("mustRegexSplit", 2, &["-1", "2"]),
    ("chunk", 0, &["1", "2", "3"]),
    ("mustChunk", 0, &["1", "2", "3"]),
    ("untilStep", 2, &["1", "2", "-1"]),
    ("repeat", 0, &["0", "1", "3"]),
    ("ext", 0, PATHS),
    ("base", 0, PATHS),
    ("dir", 0, PATHS),
    ("clean", 0, PATHS),
    ("isAbs", 0, PATHS),
    ("osExt", 0, PATHS),
    ("osBase", 0, PATHS),
    ("osDir", 0, PATHS),
    ("osClean", 0, PATHS),
    ("osIsAbs", 0, PATHS),
];

const VERSIONS: &[&str] =
    &[r#""1.2.3""#, r#""v1.2""#, r#""1.2.3-rc.1+b""#, r#""2""#, r#""bad""#, ".Values.ver"];
const PATTERNS: &[&str] =
    &[r#""[a-c]+""#, r#""(l)(o)?""#, r#""^h""#, r#""\\s""#, r#""[""#, r#""(?i)HE""#, r#""""#, r#""\\bw""#];
const LAYOUTS: &[&str] =
    &[r#""2006-01-02""#, r#""Mon Jan _2 15:04:05 MST 2006""#, r#""02/01/06 03:04 PM""#, r#""x""#];
/// Times; whatever is none counts as now.
pub const TIMES: &[&str] = &[r#"(toDate "2006-01-02" "2019-12-31")"#, "(int64 1577836800)", "(int64 0)"];
const ZONES: &[&str] = &[r#""UTC""#, r#""America/New_York""#, r#""nope""#, r#""""#];
const DURATIONS: &[&str] = &[r#""1h""#, r#""-1.5h""#, r#""2400h""#, r#""90s""#, r#""bad""#];
const JSON: &[&str] =
    &[r#""{\"a\": [1, \"x\", null]}""#, r#""[1, 2.5]""#, r#""nope""#, r#""\"s\"""#, r#""""#];
const YAML: &[&str] = &[".Values.multi", r#""- 1\n- x""#, r#""a: [""#, r#""""#, r#""a: 010\nb: yes""#];
const PATHS: &[&str] = &[r#""/a/b/../c.txt""#, r#""a//b/""#, r#""""#, r#"".""#, r#""x.tar.gz""#];
