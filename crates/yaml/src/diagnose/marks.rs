//! Characters that begin something else than text: `{{`, `*`, `@`, `%`.

use super::Finding;
use super::place::{Line, Place};
use crate::codes;

impl<'a> Place<'a> {
    /// `{{` on the line of the fault, or where what failed began.
    pub(super) fn template(&self) -> Option<Finding> {
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

    pub(super) fn reserved(&self, line: &Line<'a>) -> Option<Finding> {
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
    pub(super) fn bare_star(&self) -> Option<Finding> {
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

    pub(super) fn alias(&self, problem: &str) -> Option<Finding> {
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
}

/// Where in a line's text an action stands that no quotes hold.
fn action(line: &Line<'_>) -> Option<usize> {
    let brace = line.text.find("{{")?;
    let held = line.text[..brace].contains(['"', '\'']) || line.text.starts_with('#');
    (!held).then_some(brace)
}
