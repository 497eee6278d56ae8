//! Compiles `schemas/*.txt` into static tables, so that the program parses nothing at start.
//!
//! The form of the text is told in src/schema/README.md, that of the rows in src/schema/table.rs.

#![expect(clippy::unwrap_used, reason = "a build script stops the build by panicking")]

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;
use std::path::Path;

/// File below schemas/ and the name of its static.
const TABLES: [(&str, &str); 4] =
    [("1.35.txt", "V1_35"), ("1.36.txt", "V1_36"), ("1.37.txt", "V1_37"), ("kustomize.txt", "KUSTOMIZE")];

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=schemas");
    fixed_address();
    let mut names = Names::default();
    let mut out = String::new();
    for (file, name) in TABLES {
        let text = std::fs::read_to_string(Path::new("schemas").join(file)).unwrap();
        table(&text, name, &mut names, &mut out);
    }
    lifecycles(&std::fs::read_to_string("schemas/lifecycle.txt").unwrap(), &mut names, &mut out);
    let _ = writeln!(out, "static TEXT: &str = {:?};", names.text);
    let folder = std::env::var("OUT_DIR").unwrap();
    std::fs::write(Path::new(&folder).join("tables.rs"), out).unwrap();
}

/// Links the program to a fixed address. One that can be loaded anywhere has 34,000 pointers in its tables, which the
/// loader mends one by one at each start: a third of the time of a run that does nothing. What that forgoes is one
/// obstacle for who exploits a memory error, and this program is written in a language without them.
fn fixed_address() {
    let target = |part: &str| std::env::var(format!("CARGO_CFG_TARGET_{part}")).unwrap_or_default();
    if target("OS") == "linux" && target("ENV") == "gnu" {
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
}

/// All names of all tables in one text, each once.
#[derive(Default)]
struct Names {
    text: String,
    known: HashMap<String, (usize, usize)>,
}

impl Names {
    fn get(&mut self, name: &str) -> String {
        let text = &mut self.text;
        let (at, len) = *self.known.entry(name.to_owned()).or_insert_with(|| {
            let at = text.len();
            text.push_str(name);
            (at, name.len())
        });
        format!("n({at},{len})")
    }
}

#[derive(Default)]
struct Rows {
    types: Vec<String>,
    fields: Vec<String>,
    words: Vec<String>,
    kinds: Vec<String>,
    known: HashMap<String, usize>,
}

/// What may follow a field's type.
#[derive(Default)]
struct Words<'a> {
    flags: Vec<&'a str>,
    values: BTreeMap<&'a str, &'a str>,
}

impl<'a> Words<'a> {
    fn of(text: &'a str) -> Self {
        let mut words = Words::default();
        // A default is JSON, may hold blanks, and therefore stands last.
        let (text, default) = text.split_once(" default=").map_or((text, None), |(t, d)| (t, Some(d)));
        for word in text.split(' ').filter(|w| !w.is_empty()) {
            match word.split_once('=') {
                Some((key, value)) => drop(words.values.insert(key, value)),
                None => words.flags.push(word),
            }
        }
        words.values.extend(default.map(|d| ("default", d)));
        words
    }

    fn list(&self, key: &str, separator: char) -> Vec<&'a str> {
        self.values.get(key).map_or(Vec::new(), |v| v.split(separator).collect())
    }
}

fn table(text: &str, name: &str, names: &mut Names, out: &mut String) {
    let mut rows = Rows::default();
    // Named types come first, in the order of the file, so that they can be referred to before they are read.
    let heads = text.lines().filter_map(|l| l.strip_prefix("type "));
    for (id, head) in heads.enumerate() {
        rows.known.insert(head.split(' ').next().unwrap().to_owned(), id);
        rows.types.push(String::new());
    }
    let mut lines = text.lines().filter(|l| !l.starts_with('#')).peekable();
    while let Some(line) = lines.next() {
        if let Some(rest) = line.strip_prefix("kind ") {
            kind(rest, names, &mut rows);
        } else if let Some(head) = line.strip_prefix("type ") {
            let mut fields = Vec::new();
            while let Some(field) = lines.next_if(|l| l.starts_with("  ")) {
                fields.push(field.trim_start());
            }
            named_type(head, &fields, names, &mut rows);
        }
    }
    for (what, row, all) in [
        ("TYPES", "TypeRow", &rows.types),
        ("FIELDS", "FieldRow", &rows.fields),
        ("WORDS", "Name", &rows.words),
        ("KINDS", "KindRow", &rows.kinds),
    ] {
        let _ = writeln!(out, "static {name}_{what}: [{row}; {}] = [\n{}];", all.len(), all.join(",\n"));
    }
    let _ = writeln!(
        out,
        "pub(crate) static {name}: Table = Table::fixed(TEXT, &{name}_TYPES, &{name}_FIELDS, &{name}_WORDS, &{name}_KINDS);"
    );
}

fn kind(line: &str, names: &mut Names, rows: &mut Rows) {
    let parts: Vec<&str> = line.splitn(6, ' ').collect();
    let [group, version, kind, ty, scope, rest] = parts[..] else { panic!("{line}") };
    let words = Words::of(rest);
    let group = names.get(if group == "-" { "" } else { group });
    let (version, kind) = (names.get(version), names.get(kind));
    let plural = names.get(words.values["plural"]);
    let singular = names.get(words.values.get("singular").unwrap_or(&""));
    let short = word_list(&words.list("short", ','), names, rows);
    let categories = word_list(&words.list("categories", ','), names, rows);
    let (ty, namespaced) = (rows.known[ty], scope == "namespaced");
    rows.kinds.push(format!(
        "KindRow{{group:{group},version:{version},kind:{kind},plural:{plural},singular:{singular},short:{short},categories:{categories},ty:{ty},namespaced:{namespaced}}}"
    ));
}

fn word_list(words: &[&str], names: &mut Names, rows: &mut Rows) -> String {
    let start = rows.words.len();
    for word in words {
        let name = names.get(word);
        rows.words.push(name);
    }
    format!("Range{{start:{start},len:{}}}", words.len())
}

fn named_type(head: &str, fields: &[&str], names: &mut Names, rows: &mut Rows) {
    let (name, rest) = head.split_once(' ').unwrap_or((head, ""));
    let words = Words::of(rest);
    let id = rows.known[name];
    let shown = names.get(name);
    let flags = u8::from(words.flags.contains(&"atomic"));
    let row = if let Some(scalar) = words.flags.iter().find(|w| !matches!(**w, "=" | "atomic")) {
        // `JSONSchemaPropsOrBool` holds `JSONSchemaProps`.
        let base = name.split("Or").next().and_then(|base| rows.known.get(base)).copied().unwrap_or(0);
        type_row(&shown, shape(scalar), flags, base, "none()")
    } else {
        let mut sorted: Vec<(String, String)> = Vec::new();
        for line in fields {
            let (name, row) = field(line, names, rows);
            sorted.push((name, row));
        }
        sorted.sort();
        let start = rows.fields.len();
        rows.fields.extend(sorted.into_iter().map(|(_, row)| row));
        let range = format!("Range{{start:{start},len:{}}}", fields.len());
        type_row(&shown, "Object", flags, 0, &range)
    };
    rows.types[id] = row;
}

fn type_row(name: &str, shape: &str, flags: u8, element: usize, range: &str) -> String {
    let range = if range == "none()" { "Range{start:0,len:0}" } else { range };
    format!(
        "TypeRow{{name:{name},shape:Shape::{shape},list:List::Atomic,flags:{flags},element:{element},range:{range},rules:0}}"
    )
}

fn shape(word: &str) -> &'static str {
    match word {
        "string" => "String",
        "bool" => "Bool",
        "int32" => "Int32",
        "int64" => "Int64",
        "number" => "Number",
        "bytes" => "Bytes",
        "quantity" => "Quantity",
        "int-or-string" => "IntOrString",
        "time" => "Time",
        "microtime" => "MicroTime",
        "duration" => "Duration",
        "any" => "Any",
        "schema-or-bool" => "SchemaOrBool",
        "schema-or-list" => "SchemaOrList",
        "schema-or-strings" => "SchemaOrStrings",
        other => panic!("no shape is called {other}"),
    }
}

fn field(line: &str, names: &mut Names, rows: &mut Rows) -> (String, String) {
    let mut parts = line.splitn(3, ' ');
    let name = parts.next().unwrap();
    let ty = parts.next().unwrap();
    let words = Words::of(parts.next().unwrap_or(""));
    let bare = name.trim_end_matches('!');
    let mut flags = u8::from(name.ends_with('!'));
    flags |= 2 * u8::from(words.flags.contains(&"deprecated"));
    for strategy in words.list("patch", ',') {
        flags |= match strategy {
            "merge" => 4,
            "retainKeys" => 8,
            "replace" => 16,
            other => panic!("no patch strategy is called {other}"),
        };
    }
    let ty = expression(ty, &words, names, rows);
    let shown = names.get(bare);
    let default = names.get(words.values.get("default").unwrap_or(&""));
    let merge_key = names.get(words.values.get("key").unwrap_or(&""));
    let row =
        format!("FieldRow{{name:{shown},ty:{ty},default:{default},merge_key:{merge_key},flags:{flags}}}");
    (bare.to_owned(), row)
}

/// The row of a type as a field writes it: a name, `[element]`, `{element}` or a scalar.
fn expression(text: &str, words: &Words<'_>, names: &mut Names, rows: &mut Rows) -> usize {
    let atomic = words.flags.contains(&"atomic");
    let (list, keys) = (words.values.get("list").copied().unwrap_or(""), words.list("keys", ','));
    let enums = words.values.get("enum").copied();
    let key = format!("{text} {atomic} {list} {keys:?} {enums:?}");
    if let (false, Some(&id)) = (atomic, rows.known.get(text)) {
        return id;
    }
    if let Some(&id) = rows.known.get(&key) {
        return id;
    }
    let inner = |open: char, close: char| text.strip_prefix(open).and_then(|t| t.strip_suffix(close));
    let empty = names.get("");
    let row = if let Some(&id) = rows.known.get(text) {
        // A reference that is atomic here alone: the same fields under another flag. Its row may not be there yet.
        type_row(&empty, "Alias", 1, id, "none()")
    } else if let Some(element) = inner('[', ']') {
        // An enum of a list is one of its items.
        let mut item = Words::default();
        item.values.extend(enums.map(|e| ("enum", e)));
        let element = expression(element, &item, names, rows);
        let range = word_list(&keys, names, rows);
        let kind = match list {
            "set" => "Set",
            "map" => "Map",
            _ => "Atomic",
        };
        type_row(&empty, "List", u8::from(atomic), element, &range)
            .replace("List::Atomic", &format!("List::{kind}"))
    } else if let Some(element) = inner('{', '}') {
        let element = expression(element, &Words::default(), names, rows);
        type_row(&empty, "Map", u8::from(atomic), element, "none()")
    } else {
        let values = enums.map(|e| e.replace("\\s", " "));
        let values: Vec<&str> = values.as_deref().map_or(Vec::new(), |e| e.split('|').collect());
        let range = word_list(&values, names, rows);
        type_row(&empty, shape(text), 0, 0, &range)
    };
    rows.types.push(row);
    rows.known.insert(key, rows.types.len() - 1);
    rows.types.len() - 1
}

fn lifecycles(text: &str, names: &mut Names, out: &mut String) {
    let mut rows = Vec::new();
    let mut lines: Vec<Vec<&str>> =
        text.lines().filter(|l| !l.starts_with('#')).map(|l| l.splitn(4, ' ').collect()).collect();
    // By kind, group and version, as they are looked for; `-` for the core group sorts before all letters.
    lines.sort_by_key(|parts| (parts[2], parts[0], parts[1]));
    for parts in lines {
        let (group, version, kind) = (parts[0], parts[1], parts[2]);
        let words = Words::of(parts[3]);
        let minor = |word: &str| words.values.get(word).map_or("0", |v| v);
        let bare = |group: &str| if group == "-" { String::new() } else { group.to_owned() };
        let replacement = words.list("use", '/');
        let (g, v, k) = match replacement[..] {
            [g, v, k] => (bare(g), v, k),
            _ => (String::new(), "", ""),
        };
        rows.push(format!(
            "LifecycleRow{{group:{},version:{},kind:{},introduced:{},deprecated:{},removed:{},use_group:{},use_version:{},use_kind:{}}}",
            names.get(&bare(group)), names.get(version), names.get(kind),
            minor("introduced"), minor("deprecated"), minor("removed"),
            names.get(&g), names.get(v), names.get(k),
        ));
    }
    let _ = writeln!(out, "static LIFECYCLES: [LifecycleRow; {}] = [\n{}];", rows.len(), rows.join(",\n"));
}
