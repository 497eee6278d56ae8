//! What a person did where go-yaml says "did not find expected key": the mistake, its place, and what to leave out
//! so that the rest can be read.
//!
//! go-yaml names what its parser lacked; this looks at the lines around the place and says what most likely
//! happened there. Where no pattern fits, go-yaml's words stand.

use std::ops::Range;

use source::{Code, Diagnostic, Edit, Fix, SourceId, Span};

use crate::codes;
use crate::scan::Fault;

/// A mistake, and the bytes without which the document can be read on; none where it cannot.
pub(crate) struct Finding {
    pub diagnostic: Diagnostic,
    pub leave_out: Vec<Range<usize>>,
}

/// Explains a fault in the document that begins at `from`.
///
/// `quoted` is the quoted scalar that was read last.
pub(crate) fn diagnose(
    source: SourceId,
    bytes: &[u8],
    from: usize,
    fault: &Fault,
    quoted: Range<usize>,
) -> Finding {
    let at = (fault.at.at as usize).min(bytes.len());
    let since = fault.since.map_or(at, |mark| mark.at as usize).min(at);
    Place { source, bytes, from, at, since, quoted }.explain(fault)
}

struct Place<'a> {
    source: SourceId,
    bytes: &'a [u8],
    /// Where the document begins.
    from: usize,
    /// Where the fault was noticed.
    at: usize,
    /// Where what was being read began.
    since: usize,
    /// The quoted scalar before.
    quoted: Range<usize>,
}

/// One line of the text.
#[derive(Clone)]
struct Line<'a> {
    start: usize,
    /// Before the line break.
    end: usize,
    /// Blanks and tabs at its start.
    indent: usize,
    /// Without the indentation and blanks at its end.
    text: &'a str,
}

/// Where in a line's text an action stands that no quotes hold.
fn action(line: &Line<'_>) -> Option<usize> {
    let brace = line.text.find("{{")?;
    let held = line.text[..brace].contains(['"', '\'']) || line.text.starts_with('#');
    (!held).then_some(brace)
}

impl Line<'_> {
    fn is_void(&self) -> bool {
        self.text.is_empty() || self.text.starts_with('#')
    }

    /// The offset of its first character.
    fn first(&self) -> usize {
        self.start + self.indent
    }

    fn has_tab(&self, bytes: &[u8]) -> bool {
        !self.text.is_empty() && bytes[self.start..self.start + self.indent].contains(&b'\t')
    }

    /// The key of `key:` or `key: value`, dashes before it aside.
    fn key(&self) -> Option<&str> {
        let text = self.text.trim_start_matches("- ");
        let end = text.find(": ").or_else(|| text.ends_with(':').then(|| text.len() - 1))?;
        let key = &text[..end];
        (!key.is_empty() && !key.contains([' ', '"', '\'', '{', '['])).then_some(key)
    }
}

impl<'a> Place<'a> {
    fn line(&self, at: usize) -> Line<'a> {
        let at = at.min(self.bytes.len());
        let start = memchr::memrchr(b'\n', &self.bytes[..at]).map_or(0, |n| n + 1);
        let end = memchr::memchr(b'\n', &self.bytes[at..]).map_or(self.bytes.len(), |n| at + n);
        let whole = &self.bytes[start..end];
        let indent = whole.iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
        let text = std::str::from_utf8(&whole[indent..]).unwrap_or("").trim_end();
        Line { start, end, indent, text }
    }

    /// The nearest line before that has something on it, within the document.
    fn before(&self, line: &Line<'_>) -> Option<Line<'a>> {
        let mut start = line.start;
        while start > self.from {
            let found = self.line(start - 1);
            if !found.is_void() {
                return Some(found);
            }
            start = found.start;
        }
        None
    }

    fn after(&self, line: &Line<'_>) -> Option<Line<'a>> {
        (line.end + 1 < self.bytes.len()).then(|| self.line(line.end + 1))
    }

    fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.source, range.start as u32, range.end.max(range.start) as u32)
    }

    /// A line and all that is indented deeper below it.
    fn block(&self, line: &Line<'a>) -> Range<usize> {
        let mut last = line.clone();
        while let Some(next) = self.after(&last) {
            let below = next.is_void() || next.indent > line.indent;
            if !below || self.is_boundary(&next) {
                break;
            }
            last = next;
        }
        line.start..last.end
    }

    fn is_boundary(&self, line: &Line<'_>) -> bool {
        line.indent == 0 && (line.text == "---" || line.text.starts_with("--- "))
    }

    fn finding(
        &self,
        code: &'static Code,
        place: Range<usize>,
        message: impl Into<String>,
        help: impl Into<String>,
        leave_out: Range<usize>,
    ) -> Finding {
        let diagnostic = Diagnostic::new(code, self.span(place), message).help(help);
        Finding { diagnostic, leave_out: vec![leave_out] }
    }

    fn explain(&self, fault: &Fault) -> Finding {
        let problem = &*fault.problem;
        let line = self.line(self.at);
        if problem.starts_with("exceeded max depth") || problem.contains("excessive aliasing") {
            let message = match problem.strip_prefix("exceeded max depth of ") {
                Some(depth) => format!("the nesting is deeper than {depth} levels"),
                None => "the aliases of this document stand for too much".to_owned(),
            };
            let help = "no manifest needs this; is the file what it should be?";
            return self.finding(&codes::YAML_LIMIT, self.at..self.at, message, help, 0..0);
        }
        if let Some(finding) = self.tab(problem, &line) {
            return finding;
        }
        if let Some(finding) = self.template() {
            return finding;
        }
        let found = match problem {
            "found unexpected end of stream" | "found unexpected document indicator" => self.unclosed_quote(),
            "could not find expected ':'" => self.no_colon(),
            "mapping values are not allowed in this context" => self.second_colon(&line),
            "found character that cannot start any token" => self.reserved(&line),
            "did not find expected alphabetic or numeric character" => self.bare_star(),
            "did not find expected ',' or ']'" | "did not find expected ',' or '}'" => {
                self.unclosed_bracket()
            }
            "block sequence entries are not allowed in this context" => self.dash_in_line(&line),
            "did not find expected key" | "did not find expected '-' indicator" => {
                Some(self.misplaced(&line, problem))
            }
            "found unknown escape character" => self.escape(),
            "did not find expected comment or line break" => Some(self.behind_header(&line)),
            "found incompatible YAML document" => Some(self.finding(
                &codes::YAML_DIRECTIVE,
                line.start..line.end,
                "Kubernetes' readers refuse every version but `%YAML 1.1`",
                "remove this line",
                line.start..line.end,
            )),
            _ => self.alias(problem),
        };
        found.unwrap_or_else(|| {
            let rest = self.block(&self.line(self.since));
            self.finding(
                &codes::YAML_SYNTAX,
                self.at..self.at,
                problem,
                "see the lines before this place",
                rest,
            )
        })
    }

    fn tab(&self, problem: &str, line: &Line<'a>) -> Option<Finding> {
        let at_tab = self.bytes.get(self.at) == Some(&b'\t');
        let line =
            if line.has_tab(self.bytes) && self.at <= line.first() && (at_tab || problem.contains("tab")) {
                line.clone()
            } else {
                // A tab further up may be what the parser stumbled over only here.
                return None;
            };
        let tab = line.start + self.bytes[line.start..line.first()].iter().position(|b| *b == b'\t')?;
        let tabs_end = tab + self.bytes[tab..].iter().take_while(|b| **b == b'\t').count();
        let (wanted, plain) = match self.before(&line) {
            Some(before) => {
                let opens =
                    before.text.ends_with(':') || before.text.ends_with('|') || before.text.ends_with('>');
                let dash = if before.text.starts_with("- ") { 2 } else { 0 };
                let deeper = if opens { before.indent + dash + 2 } else { before.indent + dash };
                (deeper, before.indent)
            }
            None => (0, 0),
        };
        // All lines with tabs and what hangs below them go with this one: it is one mistake.
        let mut last = line.clone();
        let mut count = 1;
        while let Some(next) = self.after(&last).filter(|next| !self.is_boundary(next)) {
            let tab = next.has_tab(self.bytes);
            if !(tab || next.is_void() || next.indent > plain) {
                break;
            }
            count += usize::from(tab);
            last = next;
        }
        let spaces = match wanted {
            0 => "no spaces".to_owned(),
            1 => "1 space".to_owned(),
            n => format!("{n} spaces"),
        };
        let message = match count {
            1 => "a tab is used for indentation".to_owned(),
            n => format!("tabs are used for indentation, on {n} lines from here"),
        };
        let mut found = self.finding(
            &codes::YAML_TAB,
            tab..tabs_end,
            message,
            format!("indent with spaces; {spaces} would be right on this line"),
            line.start..last.end,
        );
        found.diagnostic = found.diagnostic.fix(Fix {
            title: format!("indent with {spaces}"),
            edits: vec![Edit { span: self.span(line.start..line.first()), text: " ".repeat(wanted) }],
            is_unsafe: true,
        });
        Some(found)
    }

    /// `{{` on the line of the fault, or where what failed began.
    fn template(&self) -> Option<Finding> {
        let near = [self.line(self.since), self.line(self.at)];
        let (line, brace) =
            near.into_iter().find_map(|line| Some((action(&line)?, line)).map(|(at, l)| (l, at)))?;
        let start = line.first() + brace;
        let end = line.text[brace..].find("}}").map_or(line.end, |n| start + n + 2);
        // A template has many: one word about it is enough, so all of them go.
        let mut all = Vec::new();
        let mut at = Some(self.line(self.from));
        while let Some(here) = at {
            if here.start > self.from && self.is_boundary(&here) {
                break;
            }
            if let Some(brace) = action(&here) {
                all.push(if brace == 0 { here.start } else { here.first() + brace }..here.end);
            }
            at = self.after(&here);
        }
        let help = if brace == 0 || all.len() > 1 {
            "this is a template: render it first"
        } else {
            "render the template first, or put the value in quotes"
        };
        let message = match all.len() {
            0 | 1 => "`{{` begins a template action, which is not YAML".to_owned(),
            n => format!("`{{{{` begins a template action, which is not YAML; so on {n} lines"),
        };
        let mut found = self.finding(&codes::YAML_TEMPLATE, start..end, message, help, 0..0);
        found.leave_out = all;
        Some(found)
    }

    fn unclosed_quote(&self) -> Option<Finding> {
        let quote = char::from(*self.bytes.get(self.since)?);
        let line = self.line(self.since);
        let mut found = self.finding(
            &codes::YAML_UNCLOSED_QUOTE,
            self.since..self.since + 1,
            format!("the quote {quote} opened here is never closed"),
            format!("close it with {quote} at the end of the value"),
            self.since..line.end,
        );
        found.diagnostic = found
            .diagnostic
            .label("opened here")
            .related(self.span(self.at..self.at), "read up to here without finding its end");
        if line.first() == self.since {
            found.leave_out = vec![self.block(&line)];
        }
        Some(found)
    }

    /// A line that has to be `key: value` and has no colon with a blank after it.
    fn no_colon(&self) -> Option<Finding> {
        let line = self.line(self.since);
        Some(self.missing_blank(&line).unwrap_or_else(|| {
            let shown: String = line.text.chars().take(40).collect();
            let mut found = self.finding(
                &codes::YAML_NO_COLON,
                line.first()..line.first() + line.text.len(),
                format!("`{shown}` stands where a `key: value` is expected"),
                "add a colon and a value, or indent it if it belongs to the value above",
                self.block(&line),
            );
            if let Some(before) = self.before(&line) {
                found.diagnostic =
                    found.diagnostic.related(self.span(before.first()..before.end), "the line before");
            }
            found
        }))
    }

    /// `key:value` or `-item`.
    fn missing_blank(&self, line: &Line<'a>) -> Option<Finding> {
        let text = line.text;
        if let Some(rest) = text.strip_prefix('-').filter(|rest| !rest.starts_with(['-', ' '])) {
            let siblings = self.before(line).into_iter().chain(self.after(line));
            let listed =
                siblings.into_iter().any(|other| other.indent == line.indent && other.text.starts_with("- "));
            if listed || rest.contains(": ") {
                let mut found = self.finding(
                    &codes::YAML_MISSING_SPACE,
                    line.first()..line.first() + 1,
                    "a space is missing after the dash",
                    format!("write `- {rest}`"),
                    self.block(line),
                );
                found.diagnostic =
                    found.diagnostic.fix(self.insert_space(line.first() + 1, "after the dash"));
                return Some(found);
            }
        }
        let item = text.trim_start_matches("- ");
        let colon = item.find(':')?;
        let key = &item[..colon];
        let is_key = !key.is_empty()
            && key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b'/'));
        if !is_key || item[colon + 1..].starts_with([' ', '/']) || colon + 1 == item.len() {
            return None;
        }
        let at = line.first() + (text.len() - item.len()) + colon;
        let mut found = self.finding(
            &codes::YAML_MISSING_SPACE,
            at..at + 1,
            format!("a space is missing after the colon of `{key}`"),
            format!("write `{key}: {}`", &item[colon + 1..]),
            self.block(line),
        );
        found.diagnostic = found.diagnostic.fix(self.insert_space(at + 1, "after the colon"));
        Some(found)
    }

    fn insert_space(&self, at: usize, title: &str) -> Fix {
        Fix {
            title: format!("insert a space {title}"),
            edits: vec![Edit { span: self.span(at..at), text: " ".to_owned() }],
            is_unsafe: false,
        }
    }

    /// A colon where none may be: a second one in the line, or a line that is indented too far.
    fn second_colon(&self, line: &Line<'a>) -> Option<Finding> {
        let offset = self.at.checked_sub(line.first())?;
        let head = line.text.get(..offset)?;
        if let Some(colon) = head.find(": ") {
            let value =
                line.first() + colon + 1 + head[colon + 1..].bytes().take_while(|b| *b == b' ').count();
            let shown = &line.text[value - line.first()..];
            let closed = shown.starts_with(['"', '\'']);
            if closed {
                return Some(self.behind_quote(value, line));
            }
            return Some(self.finding(
                &codes::YAML_COLON_IN_VALUE,
                self.at..self.at + 1,
                "a second `: ` in one line",
                format!("put the value in quotes: '{}'", shown.replace('\'', "''")),
                value..line.end,
            ));
        }
        let before = self.before(line)?;
        if let Some(mut found) = self.missing_blank(&before).filter(|_| before.indent <= line.indent) {
            // The line below was taken for a part of the value, and is read again without that.
            found.leave_out.clear();
            found.leave_out.push(before.start..before.end);
            return Some(found);
        }
        (line.indent > before.indent).then(|| self.too_deep(line, &before))
    }

    fn too_deep(&self, line: &Line<'a>, before: &Line<'a>) -> Finding {
        let key = line.key().unwrap_or(line.text);
        let parent = before.key().unwrap_or(before.text);
        let wanted = before.indent + if before.text.starts_with("- ") { 2 } else { 0 };
        let mut found = self.finding(
            &codes::YAML_INDENTATION,
            line.start..line.first(),
            format!("`{key}` is indented deeper than `{parent}`, which already has a value"),
            format!("indent it with {wanted} spaces if the two belong together"),
            self.block(line),
        );
        found.diagnostic = found
            .diagnostic
            .related(self.span(before.first()..before.first() + before.text.len()), "clashes with this line");
        found
    }

    fn reserved(&self, line: &Line<'a>) -> Option<Finding> {
        let c = char::from(*self.bytes.get(self.at)?);
        if !matches!(c, '@' | '`' | '%' | '|' | '>' | '-' | '?') {
            return None;
        }
        let text = line.text.get(self.at.checked_sub(line.first())?..)?;
        Some(self.finding(
            &codes::YAML_RESERVED,
            self.at..self.at + 1,
            format!("a value cannot begin with `{c}`"),
            format!("put it in quotes: '{}'", text.replace('\'', "''")),
            if self.at == line.first() { self.block(line) } else { self.at..line.end },
        ))
    }

    /// `*` or `&` with no name behind it.
    fn bare_star(&self) -> Option<Finding> {
        let c = char::from(*self.bytes.get(self.since)?);
        let line = self.line(self.since);
        let text = line.text.get(self.since.checked_sub(line.first())?..)?;
        let what = if c == '*' { "an alias" } else { "an anchor" };
        Some(self.finding(
            &codes::YAML_RESERVED,
            self.since..self.since + 1,
            format!("`{c}` begins {what}, and no name follows"),
            format!("put the text in quotes: '{}'", text.replace('\'', "''")),
            if self.since == line.first() { self.block(&line) } else { self.since..line.end },
        ))
    }

    fn alias(&self, problem: &str) -> Option<Finding> {
        let name = problem.strip_prefix("unknown anchor '")?.strip_suffix("' referenced")?;
        let end = self.at + 1 + name.len();
        Some(self.finding(
            &codes::YAML_ALIAS,
            self.at..end,
            format!("no anchor `&{name}` stands before the alias `*{name}`"),
            "anchors hold within one document; put a text that begins with `*` in quotes",
            self.at..end,
        ))
    }

    fn unclosed_bracket(&self) -> Option<Finding> {
        let open = char::from(*self.bytes.get(self.since)?);
        let close = if open == '[' { ']' } else { '}' };
        let line = self.line(self.since);
        let here = self.line(self.at);
        let leave_out = self.since..if here.start == line.start { line.end } else { self.flow_end(&line) };
        if here.start == line.start && self.at < line.end {
            return Some(self.finding(
                &codes::YAML_UNCLOSED_BRACKET,
                self.at..self.at,
                format!("a `,` or `{close}` is missing here"),
                "part the items with commas; put an item with `:` or brackets in quotes",
                leave_out,
            ));
        }
        let mut found = self.finding(
            &codes::YAML_UNCLOSED_BRACKET,
            self.since..self.since + 1,
            format!("the bracket `{open}` opened here is not closed, or a comma is missing in it"),
            format!("close it with `{close}`"),
            leave_out,
        );
        found.diagnostic =
            found.diagnostic.label("opened here").related(self.span(self.at..self.at), "noticed here");
        Some(found)
    }

    /// The end of the lines that belong to a flow collection that was opened on that line: those that are
    /// indented deeper, and one that begins with a closing bracket.
    fn flow_end(&self, line: &Line<'a>) -> usize {
        let mut last = line.clone();
        while let Some(next) = self.after(&last).filter(|next| !self.is_boundary(next)) {
            let closes = next.text.starts_with([']', '}']);
            if !closes && !next.is_void() && next.indent <= line.indent {
                break;
            }
            last = next;
            if closes {
                break;
            }
        }
        last.end
    }

    fn dash_in_line(&self, line: &Line<'a>) -> Option<Finding> {
        let before = line.text.get(..self.at.checked_sub(line.first())?)?;
        if before.is_empty() {
            let above = self.before(line)?;
            return Some(self.finding(
                &codes::YAML_INDENTATION,
                line.start..line.first() + 1,
                "a list item stands below a value that is no list",
                format!("does it belong to another key than `{}`?", above.key().unwrap_or(above.text)),
                self.block(line),
            ));
        }
        Some(self.finding(
            &codes::YAML_INDENTATION,
            self.at..self.at + 1,
            "a list cannot begin on the line of its key",
            "put each `- item` on a line of its own below the key",
            self.at..line.end,
        ))
    }

    /// Something stands where the next key or item of a collection is expected.
    fn misplaced(&self, line: &Line<'a>, problem: &str) -> Finding {
        let offset = self.at.saturating_sub(line.first());
        // Behind something on the same line: that something was a quoted value, most likely.
        if offset > 0 && self.at > line.first() {
            let head = line.text.get(..offset.min(line.text.len())).unwrap_or("").trim_end();
            if head.ends_with(['"', '\'']) {
                let quote = self.at - (offset - head.len()) - 1;
                return self.behind_quote(quote, line);
            }
            if head.ends_with([']', '}']) {
                return self.finding(
                    &codes::YAML_AFTER_VALUE,
                    self.at..line.first() + line.text.len(),
                    "text stands behind the closing bracket",
                    "put the whole value in quotes, or remove what follows the bracket",
                    line.first() + line.key().map_or(0, |k| k.len() + 1)..line.end,
                );
            }
        }
        let start = self.line(self.since);
        let opened = self.since - start.start;
        let what = line.key().unwrap_or(line.text);
        let dash = line.text.starts_with("- ") || line.text == "-";
        let message = if problem.contains('-') && !dash {
            format!("`{what}` stands where a list item is expected")
        } else if dash && line.indent == opened {
            "a list item stands where a key is expected".to_owned()
        } else {
            format!("the indentation of `{what}` fits no line above")
        };
        let columns = self.columns_above(line);
        let ended =
            self.before(line).filter(|above| dash && line.indent == opened && above.indent <= line.indent);
        let help = match columns.as_slice() {
            [] => "indent it as the lines that it belongs to".to_owned(),
            [one] => format!("indent it with {one} spaces, or to where it belongs"),
            [rest @ .., last] => {
                let list: Vec<String> = rest.iter().map(ToString::to_string).collect();
                format!("the lines above are indented with {} and {last} spaces", list.join(", "))
            }
        };
        let mut found = self.finding(
            &codes::YAML_INDENTATION,
            line.start..line.first() + usize::from(line.indent == 0),
            message,
            help,
            self.block(line),
        );
        found.diagnostic = match ended {
            Some(above) => {
                found.diagnostic.help("move it up to the other items, or give it a key of its own").related(
                    self.span(above.first()..above.first() + above.text.len()),
                    "here the list has ended",
                )
            }
            None => found.diagnostic.related(
                self.span(self.since..start.end.max(self.since)),
                "the lines that it clashes with begin here",
            ),
        };
        found
    }

    /// Indentations of the keys and items that are open above a line, outermost first.
    fn columns_above(&self, line: &Line<'a>) -> Vec<usize> {
        let mut columns = Vec::new();
        let mut at = self.before(line);
        let mut lowest = usize::MAX;
        for _ in 0..1000 {
            let Some(found) = at else { break };
            if found.indent < lowest {
                lowest = found.indent;
                columns.push(found.indent);
            }
            if lowest == 0 {
                break;
            }
            at = self.before(&found);
        }
        columns.reverse();
        columns
    }

    /// Text behind the closing quote at that place, or behind the value that begins there.
    fn behind_quote(&self, quote: usize, line: &Line<'a>) -> Finding {
        let opened = self.line(self.quoted.start);
        if self.quoted.end == quote + 1 && opened.start < line.start {
            let c = char::from(self.bytes[quote]);
            let mut found = self.finding(
                &codes::YAML_UNCLOSED_QUOTE,
                self.quoted.start..self.quoted.start + 1,
                format!("the quote {c} opened here is not closed on its line"),
                format!("close it with {c} at the end of the value"),
                self.quoted.start..opened.end,
            );
            found.diagnostic = found
                .diagnostic
                .label("opened here")
                .related(self.span(quote..quote + 1), "this opening quote was taken for its end");
            return found;
        }
        let value = line.text.find(": ").map_or(line.first(), |n| line.first() + n + 2);
        self.finding(
            &codes::YAML_AFTER_VALUE,
            quote..line.first() + line.text.len(),
            "text stands behind the closing quote",
            "the quotes have to hold the whole value; is one missing, or one of them part of the text?",
            if value > line.first() { value..line.end } else { self.block(line) },
        )
    }

    fn escape(&self) -> Option<Finding> {
        let line = self.line(self.at);
        let c = self.line(self.at).text.get(self.at + 1 - line.first()..)?.chars().next()?;
        Some(self.finding(
            &codes::YAML_ESCAPE,
            self.at..self.at + 1 + c.len_utf8(),
            format!("`\\{c}` is no escape in double quotes"),
            format!("write `\\\\{c}`, or put the text in single quotes"),
            self.since..self.line(self.since).end,
        ))
    }

    fn behind_header(&self, line: &Line<'a>) -> Finding {
        if self.bytes.get(self.since) == Some(&b'%') {
            return self.finding(
                &codes::YAML_DIRECTIVE,
                line.start..line.end,
                "a line that begins with `%` is a directive, and this is none",
                "put the value in quotes, or remove the line",
                line.start..line.end,
            );
        }
        let c = char::from(self.bytes.get(self.since).copied().unwrap_or(b'|'));
        self.finding(
            &codes::YAML_RESERVED,
            self.since..self.since + 1,
            format!("`{c}` begins a text over several lines, which starts on the next line"),
            "put the text on the next line, or put the value in quotes",
            self.since..line.end,
        )
    }
}
