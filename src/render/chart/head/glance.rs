//! A glance at a manifest: what kind it is, without reading all of its YAML, where every line is of the common form.
//!
//! Helm reads each manifest it prints, and fails where one is no YAML. Most of a rendered chart is plain block style,
//! though, and whether that is sound shows line by line: at a tenth of what it costs to read the document. The glance
//! knows block maps and lists, scalars of every style, and lists in brackets on one line. Whatever else it meets, or
//! what could be wrong, it leaves to the reader: it never says that a text is bad.

/// What a glance shows.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(super) struct Glance<'t> {
    /// `kind`; empty where there is none.
    pub kind: &'t str,
    /// `apiVersion`.
    pub version: &'t str,
    /// `metadata.annotations."helm.sh/hook"`.
    pub hook: Option<&'t str>,
}

/// What a manifest says of itself; `None` where only the reader can tell whether it is sound, or what it says.
pub(super) fn glance(text: &str) -> Option<Glance<'_>> {
    if !has_only_common_characters(text.as_bytes()) {
        return None;
    }
    let mut glancer = Glancer::default();
    let mut rest = text;
    while !rest.is_empty() {
        let end = memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len());
        let (line, after) = rest.split_at(end);
        rest = after.get(1..).unwrap_or_default();
        glancer.line(line)?;
    }
    // A document without a line of its own, such as one of comments, is the reader's.
    let is_whole = !glancer.levels.is_empty() && !matches!(glancer.open, Open::Quoted(_));
    is_whole.then_some(glancer.found)
}

/// Maps and lists within each other, at most; real manifests have some twenty.
const MAX_LEVELS: usize = 64;

/// Longer keys may be too long for YAML, which wants their colon within 1,024 characters.
const MAX_KEY: usize = 256;

/// No control characters but line feed and tab, no carriage returns, none of the line breaks, marks and replacements
/// beyond ASCII.
fn has_only_common_characters(text: &[u8]) -> bool {
    let mut suspects = false;
    for block in text.chunks(4096) {
        let (bad, suspect) = block.iter().fold((false, false), |(bad, suspect), b| {
            let is_bad = (*b < 0x20 && *b != b'\n' && *b != b'\t') | (*b == 0x7f);
            (bad | is_bad, suspect | (*b == 0xc2) | (*b == 0xe2) | (*b == 0xef))
        });
        if bad {
            return false;
        }
        suspects |= suspect;
    }
    !suspects
        || memchr::memchr3_iter(0xc2, 0xe2, 0xef, text).all(|at| {
            !matches!(
                text[at..],
                [0xc2, 0x80..0xa0, ..]
                    | [0xe2, 0x80, 0xa8 | 0xa9, ..]
                    | [0xef, 0xbb, 0xbf, ..]
                    | [0xef, 0xbf, 0xbd..=0xbf, ..]
            )
        })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Collection {
    Map,
    List,
}

/// A map or a list that is open, and the column of its keys or dashes.
#[derive(Clone, Copy)]
struct Level {
    collection: Collection,
    indent: usize,
}

/// What the last value lets follow.
#[derive(Clone, Copy, Default)]
enum Open {
    /// Nothing but what belongs to an open level.
    #[default]
    Nothing,
    /// Nothing stood behind a colon or a dash: a map or a list may follow, or it is null.
    Value,
    /// Plain text, which goes on in lines that are indented deeper.
    Plain,
    /// Text in these quotes, which go on in the next line.
    Quoted(u8),
    /// A block scalar: its lines are indented deeper; by how much, once that is known, and how many blanks the empty
    /// lines before have at most.
    Block { indent: Option<usize>, blanks: usize },
}

/// Which part of the head a map is.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
enum Section {
    #[default]
    Other,
    Metadata,
    Annotations,
}

/// What may be the value of a key.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
enum Wanted {
    /// Anything.
    #[default]
    Any,
    /// Text or nothing: a map or a list is an error of Helm's.
    Scalar,
    /// A map or nothing.
    Map,
    /// Text on the line of its key.
    Word,
}

#[derive(Default)]
struct Glancer<'t> {
    levels: Vec<Level>,
    open: Open,
    /// Of the value that is open.
    wanted: Wanted,
    /// The part of the head whose keys stand at the third level at most.
    section: Section,
    found: Glance<'t>,
    /// Which fields were met: each may stand once.
    seen: u8,
}

impl<'t> Glancer<'t> {
    fn line(&mut self, line: &'t str) -> Option<()> {
        let bytes = line.as_bytes();
        let indent = bytes.iter().position(|b| *b != b' ').unwrap_or(bytes.len());
        let is_blank = indent == bytes.len();
        if let Open::Block { indent: inner, blanks } = self.open {
            if is_blank {
                let blanks = if inner.is_none() { blanks.max(indent) } else { blanks };
                self.open = Open::Block { indent: inner, blanks };
                return Some(());
            }
            match inner {
                Some(inner) if indent >= inner => return Some(()),
                None if indent > self.indent() => {
                    // Deeper blank lines before, or a tab where the depth is measured, are errors.
                    if blanks > indent || bytes[indent] == b'\t' {
                        return None;
                    }
                    self.open = Open::Block { indent: Some(indent), blanks };
                    return Some(());
                }
                _ => self.open = Open::Nothing,
            }
        }
        if is_blank {
            return Some(());
        }
        if let Open::Quoted(mark) = self.open {
            // Less deep text is taken by some readers and refused by others.
            return if indent > self.indent() {
                self.quoted(&line[indent..], mark, 0).map(|_| ())
            } else {
                None
            };
        }
        match bytes[indent] {
            b'\t' => return None,
            // A comment ends plain text.
            b'#' => {
                if matches!(self.open, Open::Plain) {
                    self.open = Open::Nothing;
                }
                return Some(());
            }
            b'-' | b'.' if indent == 0 && (line.starts_with("---") || line.starts_with("...")) => {
                return None;
            }
            _ => {}
        }
        if matches!(self.open, Open::Plain) && indent > self.indent() {
            // A comment would end it, and what follows that would be an error.
            return (!plain(&line[indent..])?.1 && self.wanted != Wanted::Word).then_some(());
        }
        self.content(line, indent)
    }

    /// The column of the innermost level.
    fn indent(&self) -> usize {
        self.levels.last().map_or(0, |level| level.indent)
    }

    /// A line that begins with a dash or a key.
    fn content(&mut self, line: &'t str, indent: usize) -> Option<()> {
        let is_item = is_dash(&line.as_bytes()[indent..]);
        if matches!(self.open, Open::Value)
            && !is_item
            && indent > self.indent()
            && key(&line[indent..]).is_none()
        {
            return self.value(&line[indent..]).map(|_| ());
        }
        let collection = if is_item { Collection::List } else { Collection::Map };
        let may_open = std::mem::take(&mut self.open);
        let top = self.levels.last().copied();
        let opens = match (may_open, top) {
            // A manifest is a map.
            (_, None) if is_item || indent > 0 => return None,
            (_, None) => true,
            (Open::Value, Some(top)) => {
                indent > top.indent || indent == top.indent && is_item && top.collection == Collection::Map
            }
            _ => false,
        };
        if opens {
            if self.wanted == Wanted::Scalar || self.wanted == Wanted::Map && is_item {
                return None;
            }
            self.push(collection, indent)?;
        } else {
            while self.levels.last().is_some_and(|level| level.indent > indent) {
                self.levels.pop();
            }
            // A list may stand at the column of the keys of the map around it.
            if !is_item
                && let [.., around, Level { collection: Collection::List, indent: column }] = self.levels[..]
                && (column, around.indent, around.collection) == (indent, indent, Collection::Map)
            {
                self.levels.pop();
            }
            let top = self.levels.last()?;
            if top.indent != indent || top.collection != collection {
                return None;
            }
        }
        self.entries(line, indent)
    }

    fn push(&mut self, collection: Collection, indent: usize) -> Option<()> {
        if self.levels.len() == MAX_LEVELS {
            return None;
        }
        self.levels.push(Level { collection, indent });
        Some(())
    }

    /// The dashes of a line, its key and its value; the level of the first of them is open.
    fn entries(&mut self, line: &'t str, indent: usize) -> Option<()> {
        let mut at = indent;
        let bytes = line.as_bytes();
        while is_dash(&bytes[at..]) {
            let blanks = bytes[at + 1..].iter().take_while(|b| **b == b' ').count();
            at += 1 + blanks;
            self.wanted = Wanted::Any;
            let rest = &line[at..];
            if rest.is_empty() || rest.starts_with('#') {
                self.open = Open::Value;
                return Some(());
            }
            if is_dash(rest.as_bytes()) {
                self.push(Collection::List, at)?;
            } else if key(rest).is_some() {
                self.push(Collection::Map, at)?;
            } else {
                return self.value(rest).map(|_| ());
            }
        }
        let (key, after) = key(&line[at..])?;
        let blanks = after.bytes().take_while(|b| *b == b' ').count();
        self.field(key, &after[blanks..])
    }

    /// A key and what stands behind its colon.
    fn field(&mut self, key: &str, written: &'t str) -> Option<()> {
        self.wanted = Wanted::Any;
        let (one, known): (_, &[(&str, u8)]) = match (self.levels.len(), self.section) {
            (1, _) => {
                self.section = Section::Other;
                (true, &[("kind", 1), ("apiVersion", 2), ("metadata", 4)])
            }
            (2, Section::Metadata | Section::Annotations) => {
                self.section = Section::Metadata;
                (true, &[("name", 8), ("annotations", 16)])
            }
            (3, Section::Annotations) => (false, &[]),
            _ => return self.value(written).map(|_| ()),
        };
        if !one {
            self.wanted = Wanted::Scalar;
            if key == "helm.sh/hook" {
                self.wanted = Wanted::Word;
                let value = self.value(written)?.filter(|value| is_word(value))?;
                // The last of several counts.
                self.found.hook = Some(value);
                return Some(());
            }
            return self.value(written).map(|_| ());
        }
        let Some((name, bit)) = known.iter().find(|(name, _)| name.eq_ignore_ascii_case(key)) else {
            return self.value(written).map(|_| ());
        };
        // Go takes a field of other case too, and the last of several: that is the reader's.
        if *name != key || self.seen & bit != 0 {
            return None;
        }
        self.seen |= bit;
        match *name {
            "metadata" | "annotations" => {
                self.section = if key == "metadata" { Section::Metadata } else { Section::Annotations };
                self.wanted = Wanted::Map;
                self.value(written).map(|_| ())
            }
            "name" => {
                self.wanted = Wanted::Scalar;
                self.value(written).map(|_| ())
            }
            _ => {
                self.wanted = Wanted::Word;
                let value = self.value(written)?.filter(|value| is_word(value))?;
                if *name == "kind" {
                    self.found.kind = value;
                } else {
                    self.found.version = value;
                }
                Some(())
            }
        }
    }

    /// A value, up to the end of its line; gives its text where it is on that line and has no escapes.
    fn value(&mut self, written: &'t str) -> Option<Option<&'t str>> {
        let bytes = written.as_bytes();
        let first = *bytes.first().unwrap_or(&b'#');
        let fits = match self.wanted {
            Wanted::Any => true,
            Wanted::Scalar => !matches!(first, b'{' | b'['),
            Wanted::Map => matches!(first, b'{' | b'#'),
            Wanted::Word => !matches!(first, b'{' | b'[' | b'#' | b'|' | b'>'),
        };
        if !fits {
            return None;
        }
        let rest = match first {
            b'#' => {
                self.open = Open::Value;
                return Some(None);
            }
            b'|' | b'>' => {
                let rest = written[1..].trim_start_matches(['+', '-']);
                if written.len() - rest.len() > 2 || !is_end(rest) {
                    return None;
                }
                self.open = Open::Block { indent: None, blanks: 0 };
                return Some(None);
            }
            b'{' => written.strip_prefix("{}")?,
            b'[' => &written[brackets(bytes)?..],
            mark @ (b'"' | b'\'') => return self.quoted(written, mark, 1),
            _ if is_first_of_plain(bytes) => {
                let (text, is_commented) = plain(written)?;
                self.open = if is_commented { Open::Nothing } else { Open::Plain };
                return Some(Some(text));
            }
            _ => return None,
        };
        self.open = Open::Nothing;
        is_end(rest).then_some(None)
    }

    /// Text in quotes, whose content goes on at `from`.
    fn quoted(&mut self, written: &'t str, mark: u8, from: usize) -> Option<Option<&'t str>> {
        let Some(end) = closing(written.as_bytes(), mark, from)? else {
            self.open = Open::Quoted(mark);
            return (self.wanted != Wanted::Word).then_some(None);
        };
        self.open = Open::Nothing;
        is_end(&written[end..]).then_some(Some(&written[from..end - 1]))
    }
}

/// Whether a dash stands here that makes an item.
fn is_dash(bytes: &[u8]) -> bool {
    matches!(bytes, [b'-'] | [b'-', b' ', ..])
}

/// Whether nothing follows on the line but blanks and a comment.
fn is_end(rest: &str) -> bool {
    let trimmed = rest.trim_start_matches(' ');
    trimmed.is_empty() || trimmed.starts_with('#') && trimmed.len() < rest.len()
}

/// A key and what stands behind its colon: a plain word of letters, digits and a few signs, or a quoted one.
fn key(text: &str) -> Option<(&str, &str)> {
    let bytes = text.as_bytes();
    let end = match *bytes.first()? {
        mark @ (b'"' | b'\'') => {
            let end = closing(bytes, mark, 1)??;
            // Escapes would make another key of it.
            if memchr::memchr2(b'\\', b'\'', &bytes[1..end - 1]).is_some() {
                return None;
            }
            end
        }
        b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'/' => {
            let is_part = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'/' | b'-' | b'$');
            bytes.iter().position(|b| !is_part(b))?
        }
        _ => return None,
    };
    let (key, after) = text.split_at(end);
    let after = after.strip_prefix(':')?;
    if !(after.is_empty() || after.starts_with(' ')) || key.len() > MAX_KEY {
        return None;
    }
    match key.as_bytes()[0] {
        b'"' | b'\'' => Some((&key[1..key.len() - 1], after)),
        // A key that is null has no form in JSON.
        _ => (!key.eq_ignore_ascii_case("null")).then_some((key, after)),
    }
}

/// The byte behind the quote that ends a text, from a byte inside of it on: `Some(None)` where it is not on this line,
/// `None` for what is not common.
fn closing(bytes: &[u8], mark: u8, from: usize) -> Option<Option<usize>> {
    let mut at = from;
    while let Some(&b) = bytes.get(at) {
        match b {
            b if b == mark && mark == b'\'' && bytes.get(at + 1) == Some(&b'\'') => at += 2,
            b if b == mark => return Some(Some(at + 1)),
            b'\\' if mark == b'"' => {
                if !matches!(bytes.get(at + 1), Some(b'\\' | b'"' | b'n' | b't' | b'r' | b'/')) {
                    return None;
                }
                at += 2;
            }
            b'\t' => return None,
            _ => at += 1,
        }
    }
    Some(None)
}

/// The byte behind a list in brackets: words and quoted texts with commas between them.
fn brackets(bytes: &[u8]) -> Option<usize> {
    let blanks = |at: usize| at + bytes[at..].iter().take_while(|b| **b == b' ').count();
    let mut at = blanks(1);
    if bytes.get(at) == Some(&b']') {
        return Some(at + 1);
    }
    loop {
        let is_part = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'/' | b'-');
        at = match *bytes.get(at)? {
            mark @ (b'"' | b'\'') => closing(bytes, mark, at + 1)??,
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' => {
                at + bytes[at..].iter().take_while(|b| is_part(b)).count()
            }
            _ => return None,
        };
        at = blanks(at);
        match bytes.get(at)? {
            b',' => at = blanks(at + 1),
            b']' => return Some(at + 1),
            _ => return None,
        }
    }
}

/// Whether plain text may begin so; what could be an infinity, which JSON has not, is left to the reader.
fn is_first_of_plain(bytes: &[u8]) -> bool {
    match bytes {
        [
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'_' | b'$' | b'(' | b'~' | b'^' | b';' | b'\\',
            ..,
        ] => true,
        [0x80..=0xff, ..] => true,
        [b'-', b'-' | b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9', ..] => true,
        [b'<', second, ..] => *second != b'<',
        [b'.', rest @ ..] => {
            let word = rest.get(..3).unwrap_or_default();
            !rest.is_empty() && !word.eq_ignore_ascii_case(b"inf") && !word.eq_ignore_ascii_case(b"nan")
        }
        _ => false,
    }
}

/// The plain text at the start of a line's rest, and whether a comment follows; `None` where a colon makes a key of
/// it.
fn plain(text: &str) -> Option<(&str, bool)> {
    let bytes = text.as_bytes();
    let mut is_blank = false;
    for (at, b) in bytes.iter().enumerate() {
        match b {
            b'\t' => return None,
            b':' if matches!(bytes.get(at + 1), None | Some(b' ')) => return None,
            b'#' if is_blank => return Some((text[..at].trim_end_matches(' '), true)),
            _ => {}
        }
        is_blank = *b == b' ';
    }
    Some((text.trim_end_matches(' '), false))
}

/// Whether a field of the head is a string, and the same string in quotes and without.
fn is_word(text: &str) -> bool {
    let is_part = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'/' | b'-' | b',');
    let other = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"];
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(is_part)
        && !other.iter().any(|word| word.eq_ignore_ascii_case(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::chart::Profile;
    use source::SourceId;

    /// Manifests with what real ones have.
    const SAMPLE: &str = r##"# Source: a
apiVersion: apps/v1
kind: "Deployment" # what it is
metadata:
  name: web
  labels: {}
  annotations:
    checksum/config: 'it''s'
    "quoted": "a \"b\" \n c"
    helm.sh/hook: "test"
    note: |-

      deep:
        - x

      # no comment
spec:
  replicas: 2
  empty:
  template:
    spec:
      containers:
      - name: a
        args:
        - --flag=a:b
        -
        - - nested
          - list
        - "x: y"
        command: []
        env:
          - name: URL
            value: http://a:80/#b
          -   name: PORT
              value: -1
      nodeName: null
  path: .a.b
  quoted: 'text
    that goes on
    '
  alone:
    {}
  list: ["a", b,  'c'] # c
  description: some text
    "that" goes on

    and on
  script: >+
    folded

data:
  a.yaml: |
    x: 1
"##;

    fn full(text: &str) -> Option<(String, String, Option<String>)> {
        let head = super::super::read(SourceId(0), &text.into(), Profile::Helm4).ok()?;
        Some((head.kind, head.version, head.hook))
    }

    fn agrees(text: &str) -> bool {
        let Some(glance) = glance(text) else { return true };
        full(text)
            == Some((glance.kind.to_owned(), glance.version.to_owned(), glance.hook.map(str::to_owned)))
    }

    #[test]
    fn a_common_manifest_is_seen_at_a_glance() {
        assert_eq!(
            glance(SAMPLE),
            Some(Glance { kind: "Deployment", version: "apps/v1", hook: Some("test") })
        );
        assert!(agrees(SAMPLE));
    }

    #[test]
    fn what_could_be_wrong_is_left_to_the_reader() {
        for text in [
            "",
            "# only a comment\n",
            "- a\n",
            " a: b\n",
            "a: b: c\n",
            "a: b\n  c: d\n",
            "a:\n  b: 1\n c: 2\n",
            "a: 1\n- b\n",
            "a: \"b\nc: d\n",
            "a: \"\\q\"\n",
            "a: 'b' c\n",
            "a: *b\n",
            "a: &b c\n",
            "a: !!int b\n",
            "a: {b: c}\n",
            "a: .inf\n",
            "a:\tb\n",
            "a: |\n     \n  b\n",
            "null: a\n",
            "<<: a\n",
            "kind: A\nKind: B\n",
            "kind: 1\n",
            "kind: A\n  B\n",
            "kind: 'A\n  B'\n",
            "kind:\n  A\n",
            "metadata:\n  annotations:\n    []\n",
            "metadata:\n  name:\n    {}\n",
            "a: 'b\nc'\n",
            "a: [b,]\n",
            "a: [b\n",
            "a: [b: c]\n",
            "metadata: a\n",
            "metadata:\n- a\n",
            "metadata:\n  name: {}\n",
            "metadata:\n  annotations:\n    a:\n      b: c\n",
            "metadata:\n  annotations:\n    helm.sh/hook: true\n",
            "a: b\n---\nc: d\n",
            "a: \u{85}\n",
            "a: \u{2028}\n",
            "a: \u{fffd}\n",
        ] {
            assert_eq!(glance(text), None, "{text:?}");
        }
    }

    /// Thousands of small damages to a sound text: where the glance still sees something, the reader sees the same.
    #[test]
    fn damaged_manifests_are_seen_as_the_reader_sees_them() {
        let pieces = [
            "",
            " ",
            "  ",
            "\n",
            "\n\n",
            ":",
            ": ",
            "- ",
            "-",
            "#",
            " #",
            "\"",
            "'",
            "|",
            ">",
            "{}",
            "[",
            "]",
            "\t",
            "~",
            "&a",
            "*a",
            "?",
            "!",
            "%",
            "x",
            "1",
            "null",
            "kind",
            "\\",
            ".",
            ",",
            "---\n",
            "é",
            "\u{feff}",
            "helm.sh/hook: a\n",
        ];
        let mut state = 1_u64;
        let mut next = |below: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % below
        };
        let mut seen = 0;
        for _ in 0..20_000 {
            let mut text = SAMPLE.to_owned();
            for _ in 0..1 + next(3) {
                let start = next(text.len());
                let end = (start + next(4)).min(text.len());
                if text.is_char_boundary(start) && text.is_char_boundary(end) {
                    text.replace_range(start..end, pieces[next(pieces.len())]);
                }
            }
            assert!(agrees(&text), "{text}");
            seen += usize::from(glance(&text).is_some());
        }
        assert!(seen > 2_000, "{seen}");
    }
}
