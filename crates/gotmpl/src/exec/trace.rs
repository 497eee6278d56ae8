//! Where the output came from: what is noted of text, actions, conditions and calls, where origins are followed.
//!
//! Without `TRACE` nothing of this is computed.

use source::{Chain, Frame as OriginFrame, FrameId, Lines, OriginId, Origins, SourceId, Span};

use super::scope::{File, Mutation};
use super::{Exec, Fail, Slot};
use crate::parse::{Body, Branch, ExprKind, Range32, StmtKind};
use crate::value::{Data, Value};

/// Which way a branch went.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Taken {
    /// What stands before `else`.
    Body,
    /// What stands behind it, if there is one.
    Other,
    /// A range with turns.
    Turns,
}

impl Taken {
    pub(super) fn if_true(truth: bool) -> Taken {
        if truth { Taken::Body } else { Taken::Other }
    }
}

/// What a branch left out.
#[derive(Clone, Copy)]
pub(super) struct Missing {
    /// The statement.
    at: Range32,
    body: Body,
    cond: OriginId,
}

impl<const TRACE: bool> Exec<'_, TRACE> {
    pub(super) fn span(&self, file: &File, range: Range32) -> Span {
        match (file.source, &self.tpl) {
            (Some(source), _) => Span::new(source, range.start, range.end),
            (None, Some(tpl)) => tpl.call,
            (None, None) => Span::new(SourceId(0), 0, 0),
        }
    }

    /// Writes text that stands in a template; of a `tpl`'s each piece with where that came from.
    pub(super) fn text(&mut self, file: &File, range: Range32) -> Result<(), Fail> {
        let bytes = file.ast.slice(range);
        if !TRACE {
            return self.write_text(bytes, OriginId::UNKNOWN);
        }
        let (action, frame) = (self.span(file, range), self.frame);
        let rendered = |data| Chain::Rendered { action, frame, data };
        let Some(tpl) = self.tpl.clone().filter(|_| file.source.is_none()) else {
            let origin = self.intern(rendered(OriginId::UNKNOWN));
            return self.write_text(bytes, origin);
        };
        for (part, data) in tpl.text.slice(range.as_usize()).segments() {
            if part.is_empty() {
                self.out.gap(data);
            } else {
                let origin = self.intern(rendered(data));
                self.write_text(bytes.get(part).unwrap_or_default(), origin)?;
            }
        }
        Ok(())
    }

    /// In the text of a `tpl`: where that range of it came from.
    pub(super) fn tpl_data(&mut self, file: &File, range: Range32) -> OriginId {
        let Some(tpl) = self.tpl.clone().filter(|_| file.source.is_none()) else { return OriginId::UNKNOWN };
        let mut all = OriginId::UNKNOWN;
        for (_, origin) in tpl.text.slice(range.as_usize()).segments() {
            all = self.union(all, origin);
        }
        all
    }

    /// The origin of what an action printed.
    pub(super) fn rendered(&mut self, file: &File, action: Range32, data: OriginId) -> OriginId {
        let frame = self.frame;
        if let Some(origins) = &self.origins
            && let Chain::Rendered { frame: inner, .. } | Chain::Branched { frame: inner, .. } =
                origins.chain(data)
            && is_within(origins, inner, frame)
        {
            // Already the output of an include that was called from here.
            return data;
        }
        let own = self.tpl_data(file, action);
        let data = self.union(data, own);
        self.intern(Chain::Rendered { action: self.span(file, action), frame, data })
    }

    pub(super) fn intern(&mut self, chain: Chain) -> OriginId {
        self.origins.as_deref_mut().map_or(OriginId::UNKNOWN, |o| o.intern(chain))
    }

    pub(crate) fn union(&mut self, a: OriginId, b: OriginId) -> OriginId {
        self.origins.as_deref_mut().map_or(OriginId::UNKNOWN, |o| o.union(a, b))
    }

    /// Notes which way the execution goes.
    pub(super) fn follow(&mut self, step: u64) {
        if TRACE && let Some(origins) = self.origins.as_deref_mut() {
            origins.follow(step);
        }
    }

    /// Opens a frame for a call or a branch.
    pub(super) fn open(&mut self, file: &File, call: Range32, cond: OriginId) {
        if TRACE {
            let call = self.span(file, call);
            let frame = OriginFrame { parent: self.frame, call, cond };
            self.frame = self.origins.as_deref_mut().map_or(FrameId::TOP, |o| o.frame(frame));
        }
    }

    /// What a condition read. The variables that either branch assigns depend on it from here on, whichever is taken.
    pub(super) fn condition(&mut self, file: &File, branch: &Branch, value: &Value) -> OriginId {
        if !TRACE {
            return OriginId::UNKNOWN;
        }
        let cond = self.truth_of(value);
        if cond != OriginId::UNKNOWN {
            for id in file.assigned(branch).iter() {
                let found = self.vars.iter().skip(self.base).rposition(|v| v.id == *id);
                if let Some(at) = found.map(|at| at + self.base) {
                    let value = std::mem::take(&mut self.vars[at].slot.value);
                    self.vars[at].slot.value = self.also(value, cond);
                }
            }
        }
        cond
    }

    /// The conditions of the frames inside of one.
    pub(super) fn conditions_up_to(&mut self, outer: FrameId) -> OriginId {
        let mut all = OriginId::UNKNOWN;
        let mut at = self.frame;
        while at != outer {
            let Some(frame) = self.origins.as_deref().and_then(|o| o.frame_of(at)) else { break };
            all = self.union(all, frame.cond);
            at = frame.parent;
        }
        all
    }

    /// Notes where a branch decided what stands there; what is to be noted behind its body is given back.
    pub(super) fn decided(
        &mut self,
        file: &File,
        dot: &Slot,
        at: Range32,
        branch: &Branch,
        cond: OriginId,
        taken: Taken,
    ) -> Option<Missing> {
        if !TRACE {
            return None;
        }
        let source = file.source.map_or(0, |source| u64::from(source.0) + 1);
        self.follow(source << 40 | u64::from(at.start) << 1 | u64::from(taken != Taken::Other));
        if cond == OriginId::UNKNOWN {
            return None;
        }
        let missing = match taken {
            Taken::Other => Some(branch.body),
            Taken::Body | Taken::Turns => branch.other,
        };
        let missing = missing.filter(|body| !body.is_empty());
        // A list could have more items.
        let more = (taken == Taken::Turns).then_some(branch.body);
        let body = missing.or(more)?;
        let left_out = Missing { at, body, cond };
        let has_body = match taken {
            Taken::Body => !branch.body.is_empty(),
            Taken::Other => branch.other.is_some_and(|body| !body.is_empty()),
            Taken::Turns => false,
        };
        // Where there is something instead, it is behind that: what follows is what it would have been beside.
        let gap = match has_body {
            true => self.gap_of(file, left_out),
            false => self.left_out(file, left_out),
        };
        // What was not done to a dict leaves no trace in it but this.
        if let Some(body) = missing {
            for mutation in file.mutations(body).iter() {
                self.omitted(file, dot, *mutation, gap);
            }
        }
        has_body.then_some(left_out)
    }

    /// Marks the place where a branch left something out.
    pub(super) fn left_out(&mut self, file: &File, missing: Missing) -> OriginId {
        let gap = self.gap_of(file, missing);
        self.out.gap(gap);
        gap
    }

    pub(super) fn gap_of(&mut self, file: &File, missing: Missing) -> OriginId {
        let lines = self.lines(file, missing.body);
        let at = self.span(file, missing.at);
        self.intern(Chain::Branched { at, frame: self.frame, cond: missing.cond, lines })
    }

    /// Which lines are missing without that body.
    pub(super) fn lines(&self, file: &File, body: Body) -> Lines {
        let Some(columns) = self.first_line(file, body, self.out.line_start(), 8) else { return Lines::Part };
        let shift = columns.zip(self.out.last_indent()).map(|(to, from)| to as i64 - from as i64);
        Lines::Own(shift.and_then(|n| i16::try_from(n).ok()))
    }

    /// By how many columns the first line of what a body writes is indented; `start` is how many blanks begin the line
    /// that the body stands in, if nothing else does. `None` where it goes on with a line.
    pub(super) fn first_line(
        &self,
        file: &File,
        body: Body,
        start: Option<usize>,
        depth: u32,
    ) -> Option<Option<usize>> {
        let Some(stmt) = file.ast.body(body).first() else { return start.map(Some) };
        match stmt.kind {
            StmtKind::Text => {
                let text = file.ast.slice(stmt.span);
                let space = &text[..text.len() - text.trim_ascii_start().len()];
                match memchr::memrchr(b'\n', space) {
                    Some(at) => Some(Some(space.len() - at - 1)),
                    None => start.map(|blanks| Some(blanks + space.len())),
                }
            }
            StmtKind::Action(pipe) => {
                let last = file.ast.pipes.get(pipe as usize).map(|p| p.cmds.end);
                let last = last.and_then(|end| file.ast.cmds.get(end.checked_sub(1)? as usize));
                let called = last.and_then(|cmd| {
                    Some((cmd.args.start, file.ast.exprs.get(cmd.args.start as usize)?.kind))
                });
                let Some((first, ExprKind::Func(f))) = called else { return start.map(Some) };
                let argument = file.ast.exprs.get(first as usize + 1).map(|e| e.kind);
                match (f.name, argument) {
                    ("nindent", Some(ExprKind::Number(n))) => {
                        let width = file.ast.numbers.get(n as usize).and_then(|n| n.int);
                        Some(width.and_then(|n| usize::try_from(n).ok()))
                    }
                    ("nindent", _) => Some(None),
                    ("include", Some(ExprKind::Str(name, _))) => {
                        self.first_line_of(file.ast.string(name), start, depth)
                    }
                    _ => start.map(Some),
                }
            }
            StmtKind::If(b) | StmtKind::With(b) | StmtKind::Range(b) if depth > 0 => {
                self.first_line(file, b.body, start, depth - 1)
            }
            StmtKind::Template(call) => self.first_line_of(file.ast.string(call.name), start, depth),
            _ => start.map(|_| None),
        }
    }

    /// The same of a template that is called.
    pub(super) fn first_line_of(
        &self,
        name: &[u8],
        start: Option<usize>,
        depth: u32,
    ) -> Option<Option<usize>> {
        match self.scope.find(name).filter(|_| depth > 0) {
            Some(template) => self.first_line(&template.file, template.define().body, start, depth - 1),
            None => start.map(|_| None),
        }
    }

    /// What a path through dicts leads to, looked at without reading it.
    fn look(&self, file: &File, dot: &Slot, expr: u32) -> Option<Value> {
        let (mut value, names) = match file.ast.exprs.get(expr as usize)?.kind {
            ExprKind::Var(id, names) => {
                let var = self.vars[self.base..].iter().rev().find(|v| v.id == id)?;
                (var.slot.value.clone(), names)
            }
            ExprKind::Field(names) => (dot.value.clone(), names),
            ExprKind::Dot => (dot.value.clone(), Range32::default()),
            _ => return None,
        };
        for at in names.start..names.end {
            let name = file.ast.slice(file.ast.idents[at as usize]);
            let Data::Map(map) = &value.data else { return None };
            value = map.get(name)?;
        }
        Some(value)
    }

    /// The origin of what `and` or `or` gives for a flag that decided it, where another operand behind it that was not
    /// looked at any more is as good a reason.
    pub(super) fn decided_by(
        &mut self,
        file: &File,
        dot: &Slot,
        flag: &Value,
        rest: std::ops::Range<u32>,
    ) -> OriginId {
        let mut reasons = flag.origin;
        for expr in rest {
            let other = self.look(file, dot, expr).filter(|other| matches!(other.data, Data::Bool(_)));
            if let Some(other) = other.filter(|other| other.truth() == flag.truth()) {
                reasons = self.origins.as_deref_mut().map_or(reasons, |o| o.either(reasons, other.origin));
            }
        }
        reasons
    }

    /// Notes at a dict that something would have been done to it.
    pub(super) fn omitted(&mut self, file: &File, dot: &Slot, mutation: Mutation, by: OriginId) {
        let Some(value) = self.look(file, dot, mutation.target) else { return };
        let Data::Map(map) = &value.data else { return };
        match mutation.key.map(|key| file.ast.string(key)) {
            Some(key) => match map.get_entry(key) {
                Some((key, there)) => {
                    let there = self.also(there, by);
                    map.insert(key, there);
                }
                None => {
                    let by = map.removed_by(key).map_or(by, |other| self.union(other, by));
                    map.note_removed(key.into(), by);
                    let shape = self.union(map.shape(), by);
                    map.note_shape(shape);
                }
            },
            None => {
                let shape = self.union(map.shape(), by);
                map.note_shape(shape);
            }
        }
    }

    /// What a value's being true or false depends on.
    ///
    /// A text that says something does so as long as one of its pieces is there, so one stands for all: literal text
    /// of a template, in as few branches as there is. Of an empty text each piece could say something.
    pub(super) fn truth_of(&mut self, value: &Value) -> OriginId {
        let text = value.raw().filter(|text| text.is_segmented() && !text.is_empty());
        let Some((text, origins)) = text.zip(self.origins.as_deref()) else { return self.flat(value) };
        let rank = |origin: &OriginId| match origins.chain(*origin) {
            Chain::Rendered { frame, data: OriginId::UNKNOWN, .. } => (0, origins.depth(frame)),
            Chain::Unknown => (2, 0),
            _ => (1, 0),
        };
        let pieces = text.segments().filter(|(range, _)| !range.is_empty());
        pieces.map(|(_, origin)| origin).min_by_key(rank).unwrap_or_default()
    }

    /// What a value's truth and kind depend on.
    pub(super) fn flat(&mut self, value: &Value) -> OriginId {
        match self.origins.as_deref_mut() {
            Some(origins) => value.surface(&mut |a, b| origins.union(a, b)),
            None => OriginId::UNKNOWN,
        }
    }

    /// The value, on which that decided.
    pub(crate) fn also(&mut self, value: Value, origin: OriginId) -> Value {
        match self.origins.as_deref_mut() {
            Some(origins) if TRACE => value.also(origin, &mut |data, cond| origins.given(data, cond)),
            _ => value,
        }
    }

    /// A part of something: which thing it is a part of was decided somewhere, unless it was only read.
    pub(crate) fn reached(&mut self, part: Value, whole: OriginId) -> Value {
        let decision = self.decision(whole);
        self.also(part, decision)
    }

    /// The origin of a whole, unless it was only read.
    pub(crate) fn decision(&self, whole: OriginId) -> OriginId {
        let Some(origins) = self.origins.as_deref().filter(|_| TRACE && whole != OriginId::UNKNOWN) else {
            return OriginId::UNKNOWN;
        };
        match origins.chain(whole) {
            Chain::Union(..)
            | Chain::Either(..)
            | Chain::Rendered { .. }
            | Chain::Branched { .. }
            | Chain::Given { .. } => whole,
            _ => OriginId::UNKNOWN,
        }
    }
}

/// Whether a frame is another or inside of it.
fn is_within(origins: &Origins, mut frame: FrameId, outer: FrameId) -> bool {
    loop {
        if frame == outer {
            return true;
        }
        match origins.frame_of(frame) {
            Some(inner) => frame = inner.parent,
            None => return false,
        }
    }
}
