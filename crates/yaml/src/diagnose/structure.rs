//! Lines at the wrong column, brackets that do not end.

use super::Finding;
use super::place::{Line, Place};
use crate::codes;

impl<'a> Place<'a> {
    pub(super) fn too_deep(&self, line: &Line<'a>, before: &Line<'a>) -> Finding {
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

    pub(super) fn unclosed_bracket(&self) -> Option<Finding> {
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
    pub(super) fn flow_end(&self, line: &Line<'a>) -> usize {
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

    pub(super) fn dash_in_line(&self, line: &Line<'a>) -> Option<Finding> {
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
    pub(super) fn misplaced(&self, line: &Line<'a>, problem: &str) -> Finding {
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
    pub(super) fn columns_above(&self, line: &Line<'a>) -> Vec<usize> {
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
}
