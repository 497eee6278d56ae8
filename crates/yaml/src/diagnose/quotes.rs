//! Quotes that do not end, and what stands behind them or behind a block scalar's header.

use super::Finding;
use super::place::{Line, Place};
use crate::codes;

impl<'a> Place<'a> {
    pub(super) fn unclosed_quote(&self) -> Option<Finding> {
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

    /// Text behind the closing quote at that place, or behind the value that begins there.
    pub(super) fn behind_quote(&self, quote: usize, line: &Line<'a>) -> Finding {
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

    pub(super) fn escape(&self) -> Option<Finding> {
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

    pub(super) fn behind_header(&self, line: &Line<'a>) -> Finding {
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
