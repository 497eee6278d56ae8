//! Tabs, missing blanks and colons.

use source::{Edit, Fix};

use super::Finding;
use super::place::{Line, Place};
use crate::codes;

impl<'a> Place<'a> {
    pub(super) fn tab(&self, problem: &str, line: &Line<'a>) -> Option<Finding> {
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

    /// A line that has to be `key: value` and has no colon with a blank after it.
    pub(super) fn no_colon(&self) -> Option<Finding> {
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
    pub(super) fn missing_blank(&self, line: &Line<'a>) -> Option<Finding> {
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

    pub(super) fn insert_space(&self, at: usize, title: &str) -> Fix {
        Fix {
            title: format!("insert a space {title}"),
            edits: vec![Edit { span: self.span(at..at), text: " ".to_owned() }],
            is_unsafe: false,
        }
    }

    /// A colon where none may be: a second one in the line, or a line that is indented too far.
    pub(super) fn second_colon(&self, line: &Line<'a>) -> Option<Finding> {
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
}
