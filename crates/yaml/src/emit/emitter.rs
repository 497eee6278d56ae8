//! libyaml's emitter as go-yaml v2 and v3 carry it: events in, bytes out, nothing kept back.
//!
//! Upstream looks ahead one event to tell an empty collection from one that is not. Here the start event says
//! so, which lets every event be written the moment it comes.

mod comments;
mod indent;
mod props;

pub(super) use self::comments::lines;
use crate::doc::Style;
use crate::emit::analysis::{Analysis, Seen, analyze, analyze_seen};
use crate::emit::form::Form;

/// Comments of an event, as go-yaml v3 hangs them to nodes; empty where there is none.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct Comments<'c> {
    /// Before the node, on lines of its own.
    pub head: &'c str,
    /// Behind the node on its line.
    pub line: &'c str,
    /// After the node, on lines of its own.
    pub foot: &'c str,
    /// The foot of the entry before, which could not be written until its value was.
    pub tail: &'c str,
}

const NO_COMMENTS: Comments<'static> = Comments { head: "", line: "", foot: "", tail: "" };

/// Anchor and tag of an event. The tag is in its long form (`tag:yaml.org,2002:str`), its short one (`!!str`) or a
/// local one (`!x`); only tags that have to be written are given.
#[derive(Clone, Copy, Default)]
pub(crate) struct Props<'a> {
    pub anchor: Option<&'a str>,
    pub tag: Option<&'a str>,
}

/// Why a node cannot be written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Refused {
    /// The name holds something else than letters, digits, `_` and `-`.
    Anchor,
    Alias,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    Content,
    End,
    FlowSeq { first: bool, trail: bool },
    FlowKey { first: bool, trail: bool },
    FlowValue { simple: bool },
    BlockSeq { first: bool },
    BlockKey { first: bool },
    BlockValue { simple: bool },
}

enum What<'a> {
    Alias(&'a str),
    Scalar { text: &'a str, wanted: Style, about: Analysis },
    Start { map: bool, flow: bool, empty: bool },
}

pub(crate) struct Emitter<'o, 'c> {
    pub(super) out: &'o mut Vec<u8>,
    pub(super) form: Form,
    /// Characters since the line's start.
    pub(super) column: usize,
    indent: i32,
    indents: Vec<i32>,
    states: Vec<State>,
    state: State,
    flow_level: u32,
    /// Blanks end what is written.
    pub(super) whitespace: bool,
    /// Nothing but indentation and indicators stands on the line.
    pub(super) indention: bool,
    mapping_context: bool,
    pub(super) simple_key: bool,
    comments: Comments<'c>,
    key_line: &'c str,
    foot_indent: i32,
    /// Where the scalar written last starts in `out`.
    pub(super) mark: usize,
}

impl<'o, 'c> Emitter<'o, 'c> {
    pub(crate) fn new(out: &'o mut Vec<u8>, form: Form) -> Self {
        Emitter {
            out,
            form,
            column: 0,
            indent: -1,
            indents: Vec::with_capacity(32),
            states: Vec::with_capacity(32),
            state: State::Content,
            flow_level: 0,
            whitespace: true,
            indention: true,
            mapping_context: false,
            simple_key: false,
            comments: Comments::default(),
            key_line: "",
            foot_indent: -1,
            mark: 0,
        }
    }

    /// Bytes written so far.
    pub(crate) fn position(&self) -> usize {
        self.out.len()
    }

    /// The comment above the whole document, which an empty line parts from it.
    pub(crate) fn document_head(&mut self, comment: &'c str) {
        if !comment.is_empty() {
            self.comments.head = comment;
            self.head_comment();
            self.put_break();
        }
    }

    /// Ends the document: the last line's break, and the comment below.
    pub(crate) fn finish(&mut self, foot: &'c str) {
        debug_assert_eq!(self.state, State::End);
        if !self.form.v2 {
            if !foot.is_empty() {
                self.comments.foot = foot;
            }
            self.foot_indent = 0;
            self.foot_comment();
            self.foot_indent = -1;
        }
        self.write_indent();
    }

    /// A scalar in the wanted form, or the next one that its text allows.
    pub(crate) fn scalar(
        &mut self,
        text: &str,
        wanted: Style,
        props: Props<'_>,
        comments: &Comments<'c>,
    ) -> Result<(), Refused> {
        let about = analyze(text.as_bytes(), !self.form.v2);
        self.event(What::Scalar { text, wanted, about }, props, comments)
    }

    /// A scalar without tag, anchor and comments, of which it is known what bytes it holds.
    #[inline]
    pub(crate) fn bare_scalar(&mut self, text: &str, seen: Seen, wanted: Style) -> Result<(), Refused> {
        let about = analyze_seen(text.as_bytes(), seen, !self.form.v2);
        self.event(What::Scalar { text, wanted, about }, Props::default(), &NO_COMMENTS)
    }

    /// `*name`
    pub(crate) fn alias(&mut self, name: &str, comments: &Comments<'c>) -> Result<(), Refused> {
        self.event(What::Alias(name), Props::default(), comments)
    }

    /// Opens a list or map.
    pub(crate) fn start(
        &mut self,
        map: bool,
        flow: bool,
        empty: bool,
        props: Props<'_>,
        comments: &Comments<'c>,
    ) -> Result<(), Refused> {
        self.event(What::Start { map, flow, empty }, props, comments)
    }

    /// Closes the list or map opened last.
    pub(crate) fn end(&mut self, comments: &Comments<'c>) {
        self.take(comments);
        match self.state {
            State::FlowSeq { first, .. } => {
                if first {
                    self.open_flow(b"[");
                }
                self.flow_level -= 1;
                self.dedent();
                if !self.form.v2 && self.column == 0 {
                    self.write_indent();
                }
                self.indicator(b"]", false, false, false);
                self.line_comment(false);
                self.foot_comment();
            }
            State::FlowKey { first, trail } => {
                if first {
                    self.open_flow(b"{");
                }
                let below =
                    self.comments.head.len() + self.comments.foot.len() + self.comments.tail.len() > 0;
                if below && !first && !trail {
                    self.indicator(b",", false, false, false);
                }
                self.head_comment();
                self.flow_level -= 1;
                self.dedent();
                self.indicator(b"}", false, false, false);
                self.line_comment(false);
                self.foot_comment();
            }
            State::BlockSeq { .. } => self.dedent(),
            _ => {
                self.head_comment();
                self.dedent();
            }
        }
        self.state = self.states.pop().unwrap_or(State::End);
    }

    fn event(&mut self, what: What<'_>, props: Props<'_>, comments: &Comments<'c>) -> Result<(), Refused> {
        if !self.form.v2 {
            self.take(comments);
        }
        let name_ok = |name: &str| {
            !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
        };
        match (&what, props.anchor) {
            (What::Alias(name), _) if !name_ok(name) => return Err(Refused::Alias),
            (_, Some(name)) if !name_ok(name) => return Err(Refused::Anchor),
            _ => {}
        }
        let before = self.state;
        match before {
            State::Content => {
                self.head_comment();
                self.states.push(State::End);
                self.node(what, props, false, false);
            }
            State::FlowSeq { first, trail } => {
                if first {
                    self.open_flow(b"[");
                }
                self.flow_part(first || trail);
                let trail = self.behind();
                self.states.push(State::FlowSeq { first: false, trail });
                self.node(what, props, false, false);
            }
            State::FlowKey { first, trail } => {
                if first {
                    self.open_flow(b"{");
                }
                self.flow_part(first || trail);
                let simple = self.is_simple(&what, props);
                if !simple {
                    self.indicator(b"?", true, false, false);
                }
                self.states.push(State::FlowValue { simple });
                self.node(what, props, true, simple);
                return Ok(());
            }
            State::FlowValue { simple } => {
                if simple {
                    self.indicator(b":", false, false, false);
                } else {
                    if self.column > self.form.width {
                        self.write_indent();
                    }
                    self.indicator(b":", true, false, false);
                }
                let trail = self.behind();
                self.states.push(State::FlowKey { first: false, trail });
                self.node(what, props, true, false);
            }
            State::BlockSeq { first } => {
                if first {
                    self.indent_list();
                }
                self.head_comment();
                self.write_indent();
                self.indicator(b"-", true, false, true);
                self.states.push(State::BlockSeq { first: false });
                self.node(what, props, false, false);
            }
            State::BlockKey { first } => {
                if first {
                    self.increase_indent(false);
                }
                self.head_comment();
                self.write_indent();
                if !self.comments.line.is_empty() {
                    self.key_line = std::mem::take(&mut self.comments.line);
                }
                let simple = self.is_simple(&what, props);
                if !simple {
                    self.indicator(b"?", true, false, true);
                }
                self.states.push(State::BlockValue { simple });
                self.node(what, props, true, simple);
                return Ok(());
            }
            State::BlockValue { simple } => {
                if simple {
                    self.indicator(b":", false, false, false);
                } else {
                    self.write_indent();
                    self.indicator(b":", true, false, true);
                }
                if !self.key_line.is_empty() {
                    self.comment_of_key(&what);
                }
                self.states.push(State::BlockKey { first: false });
                self.node(what, props, true, false);
            }
            State::End => return Ok(()),
        }
        // In brackets a comment may follow only behind the comma.
        if self.flow_level > 0
            && matches!(before, State::FlowSeq { .. } | State::FlowValue { .. })
            && self.behind()
        {
            self.indicator(b",", false, false, false);
        }
        self.line_comment(false);
        self.foot_comment();
        Ok(())
    }

    fn behind(&self) -> bool {
        self.comments.line.len() + self.comments.foot.len() + self.comments.tail.len() > 0
    }

    fn open_flow(&mut self, bracket: &[u8]) {
        self.indicator(bracket, true, true, false);
        self.increase_indent(true);
        self.flow_level += 1;
    }

    fn flow_part(&mut self, comma_stands: bool) {
        if !comma_stands {
            self.indicator(b",", false, false, false);
        }
        self.head_comment();
        if !self.form.v2 && self.column == 0 {
            self.write_indent();
        }
        if self.column > self.form.width {
            self.write_indent();
        }
    }

    fn is_simple(&self, what: &What<'_>, props: Props<'_>) -> bool {
        // Upstream counts handle and suffix of a tag, which for `!!x` is shorter than its long form.
        let tag = props.tag.map_or(0, |t| {
            let (handle, suffix) = props::split_tag(t);
            handle.len() + suffix.len()
        });
        let around = props.anchor.map_or(0, str::len) + tag;
        let length = match what {
            What::Alias(name) => name.len(),
            What::Scalar { about, .. } if about.multiline => return false,
            What::Scalar { text, .. } => text.len() + around,
            What::Start { empty: false, .. } => return false,
            What::Start { .. } => around,
        };
        length <= 128
    }

    fn node(&mut self, what: What<'_>, props: Props<'_>, mapping: bool, simple_key: bool) {
        self.mapping_context = mapping;
        self.simple_key = simple_key;
        match what {
            What::Alias(name) => {
                self.name(b"*", name);
                self.state = self.states.pop().unwrap_or(State::End);
            }
            What::Scalar { text, wanted, about } => {
                let style = about.settle(wanted, text.is_empty(), self.flow_level > 0, simple_key);
                self.props(props);
                self.increase_indent(true);
                self.mark = self.out.len() + usize::from(!self.whitespace);
                self.write_scalar(text.as_bytes(), style, &about);
                self.dedent();
                self.state = self.states.pop().unwrap_or(State::End);
            }
            What::Start { map, flow, empty } => {
                self.props(props);
                let flow = self.flow_level > 0 || flow || empty;
                self.state = match (map, flow) {
                    (false, true) => State::FlowSeq { first: true, trail: false },
                    (true, true) => State::FlowKey { first: true, trail: false },
                    (false, false) => State::BlockSeq { first: true },
                    (true, false) => State::BlockKey { first: true },
                };
            }
        }
    }
}
