//! Comments, which v3 alone has: above a node, behind it, below it.

use super::{Comments, Emitter, What};

impl<'c> Emitter<'_, 'c> {
    pub(super) fn take(&mut self, comments: &Comments<'c>) {
        if comments.head.len() + comments.line.len() + comments.foot.len() + comments.tail.len() == 0 {
            return;
        }
        let own = &mut self.comments;
        for (own, new) in [
            (&mut own.head, comments.head),
            (&mut own.line, comments.line),
            (&mut own.foot, comments.foot),
            (&mut own.tail, comments.tail),
        ] {
            if !new.is_empty() {
                *own = new;
            }
        }
    }

    /// A comment beside a key whose value stands on the next lines comes right behind the colon.
    pub(super) fn comment_of_key(&mut self, what: &What<'_>) {
        match what {
            What::Scalar { .. } => {
                if self.comments.line.is_empty() {
                    self.comments.line = std::mem::take(&mut self.key_line);
                }
            }
            What::Start { flow: true, map: false, .. } | What::Alias(_) => {}
            What::Start { .. } => {
                std::mem::swap(&mut self.comments.line, &mut self.key_line);
                self.line_comment(false);
                std::mem::swap(&mut self.comments.line, &mut self.key_line);
            }
        }
    }

    pub(super) fn head_comment(&mut self) {
        if !self.comments.tail.is_empty() {
            let tail = std::mem::take(&mut self.comments.tail);
            self.write_indent();
            self.write_comment(tail);
            self.foot_indent = self.indent.max(0);
        }
        if !self.comments.head.is_empty() {
            let head = std::mem::take(&mut self.comments.head);
            self.write_indent();
            self.write_comment(head);
        }
    }

    /// `break_anyway`: a line break is due even where there is no comment.
    pub(in crate::emit) fn line_comment(&mut self, break_anyway: bool) {
        if self.comments.line.is_empty() {
            if break_anyway {
                self.put_break();
            }
            return;
        }
        if !self.whitespace {
            self.put(b' ');
        }
        let line = std::mem::take(&mut self.comments.line);
        self.write_comment(line);
    }

    pub(super) fn foot_comment(&mut self) {
        if self.comments.foot.is_empty() {
            return;
        }
        let foot = std::mem::take(&mut self.comments.foot);
        self.write_indent();
        self.write_comment(foot);
        self.foot_indent = self.indent.max(0);
    }

    pub(super) fn write_comment(&mut self, comment: &str) {
        let mut breaks = false;
        for line in lines(comment.as_bytes()) {
            let (text, ending) = line;
            if !text.is_empty() {
                if breaks {
                    self.write_indent();
                }
                if text[0] != b'#' {
                    self.text(b"# ");
                }
                self.text(text);
                self.indention = false;
                breaks = false;
            }
            if !ending.is_empty() {
                self.write_break(ending);
                breaks = true;
            }
        }
        if !breaks {
            self.put_break();
        }
        self.whitespace = true;
    }

    /// A line break of the text: LF becomes ours, others are kept.
    pub(in crate::emit) fn write_break(&mut self, ending: &[u8]) {
        if ending != b"\n" {
            self.out.extend_from_slice(ending);
            self.column = 0;
            self.indention = true;
        } else {
            self.put_break();
        }
    }
}

/// The lines of a text with their breaks; every break ends one.
pub(in crate::emit) fn lines(text: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let mut at = 0;
    std::iter::from_fn(move || {
        if at >= text.len() {
            return None;
        }
        let start = at;
        while at < text.len() {
            // All breaks start with one of these four bytes.
            let Some(hit) = text[at..].iter().position(|b| matches!(b, b'\n' | b'\r' | 0xC2 | 0xE2)) else {
                break;
            };
            at += hit;
            let ending = crate::emit::analysis::break_at(&text[at..]);
            if ending > 0 {
                at += ending;
                return Some((&text[start..at - ending], &text[at - ending..at]));
            }
            at += 1;
        }
        at = text.len();
        Some((&text[start..], &text[at..]))
    })
}
