//! The executor: statements on an explicit stack, expressions by recursion of bounded depth.
//!
//! A `{{template}}` may nest 100,000 deep in Go, so a call is a frame on the heap and no native one. Native recursion is
//! left in parentheses (10,000 deep at most, by the parser) and in `include` and `tpl`, whose depth is limited; both grow
//! the stack when it runs short.
//!
//! `TRACE` is a const generic: without it no origin is computed, and the code for it is not there.

mod eval;
mod explain;
mod host;
mod output;
mod reads;
mod scope;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::rc::Rc;

use source::{Chain, Frame as OriginFrame, FrameId, Lines, OriginId, Origins, SourceId, Span};

pub(crate) use host::without_no_value;
pub(crate) use output::Output;
pub(crate) use scope::{File, Mutation, Scope, Template};

use crate::engine::{Limits, Options, Services};
use crate::error::{At, Error, Nothing};
use crate::fmt;
use crate::parse::{Body, Branch, ExprKind, NodeRef, Range32, StmtKind};
use crate::value::{Data, Text, Type, Value};

/// Errors are rare and large.
pub(crate) type Fail = Box<Error>;

/// A value with what Go's reflection still knows of it: whether it sits in a variable of type `interface {}`.
#[derive(Clone, Default)]
pub(crate) struct Slot {
    pub value: Value,
    pub boxed: bool,
}

impl Slot {
    pub(crate) fn new(value: Value) -> Self {
        Slot { value, boxed: false }
    }

    pub(crate) fn boxed(value: Value) -> Self {
        Slot { value, boxed: true }
    }

    /// Go's zero `reflect.Value`: not even a nil.
    pub(crate) fn is_invalid(&self) -> bool {
        !self.boxed && self.value.is_nil()
    }

    /// What an element of a list or map of that type is.
    pub(crate) fn element(value: Value, of: Type) -> Self {
        Slot { value, boxed: of.elem() == Type::Any }
    }

    pub(crate) fn unbox(mut self) -> Self {
        self.boxed = false;
        self
    }

    /// The type that error texts give.
    pub(crate) fn ty(&self) -> Type {
        if self.boxed { Type::Any } else { self.value.ty() }
    }
}

struct Var {
    id: u32,
    slot: Slot,
    /// The frame that it was declared in.
    frame: FrameId,
}

/// What a statement list belongs to.
enum FrameKind {
    /// A template: what to go back to.
    Call(Box<Caller>),
    /// `if` and `with`.
    Branch,
    /// The `else` of a `range`: a `break` in there ends this range and not the one around it, as in Go.
    RangeElse,
    /// `range`.
    Range(Box<Iteration>),
}

/// The state of a template that called another.
struct Caller {
    template: Template,
    base: usize,
    at: NodeRef,
}

struct Frame {
    kind: FrameKind,
    /// Index of the next statement and of the last.
    next: u32,
    end: u32,
    /// The dot to go back to.
    dot: Slot,
    /// How many variables there were.
    mark: usize,
    /// The frame of origins around it.
    origin: FrameId,
}

/// A `range` under way.
struct Iteration {
    over: Over,
    /// The origin of what is gone through.
    whole: OriginId,
    body: Range32,
    decls: [u32; 2],
    decl_count: u8,
    is_assign: bool,
    /// How many variables there are at the start of each turn.
    mark: usize,
    /// The frame of origins around all turns.
    outer: FrameId,
    call: Range32,
}

enum Over {
    Int(Value, u64, u64),
    List(Value, usize),
    Map(std::vec::IntoIter<(Text, Value)>, Type),
}

impl Over {
    /// The next index and element.
    fn next(&mut self) -> Option<(Slot, Slot)> {
        match self {
            Over::Int(of, at, end) => {
                if at >= end {
                    return None;
                }
                let data = match of.data {
                    Data::Uint(kind, _) => Data::Uint(kind, *at),
                    Data::Int(kind, _) => Data::Int(kind, *at as i64),
                    _ => Data::Nil,
                };
                *at += 1;
                Some((Slot::default(), Slot::new(Value { data, origin: of.origin })))
            }
            Over::List(value, at) => {
                let item = eval::element(value, *at)?;
                let index = Value::int(*at as i64).with_origin(value.origin);
                *at += 1;
                Some((Slot::new(index), item))
            }
            Over::Map(entries, ty) => {
                let (key, value) = entries.next()?;
                Some((Slot::new(Value::str(key)), Slot::element(value, *ty)))
            }
        }
    }
}

/// One run of one file, with everything that its templates share.
pub(crate) struct Exec<'e, const TRACE: bool> {
    pub options: &'e Options,
    pub limits: &'e Limits,
    pub services: &'e mut dyn Services,
    pub origins: Option<&'e mut Origins>,
    pub scope: Rc<Scope>,
    pub out: Output<TRACE>,
    vars: Vec<Var>,
    frames: Vec<Frame>,
    /// Where the variables of the running template begin.
    base: usize,
    /// The node that was visited last: errors are there.
    at: NodeRef,
    template: Template,
    /// How many `{{template}}` are nested in this execution.
    depth: usize,
    pub frame: FrameId,
    /// What the enclosing `tpl` reads its text from: all its spans are in there.
    tpl: Option<Rc<TplText>>,
    included: HashMap<Box<[u8]>, i32>,
    /// How many `include` and `tpl` are nested.
    nesting: usize,
    steps: u64,
    reserved: usize,
    /// The actions that printed `<no value>`, where origins are followed.
    pub nothings: Vec<Nothing>,
}

/// The text of a `tpl` and the action that it stands in.
pub(crate) struct TplText {
    text: Text,
    call: Span,
}

impl<'e, const TRACE: bool> Exec<'e, TRACE> {
    pub(crate) fn new(
        options: &'e Options,
        limits: &'e Limits,
        services: &'e mut dyn Services,
        origins: Option<&'e mut Origins>,
        scope: Rc<Scope>,
        template: Template,
    ) -> Self {
        Exec {
            options,
            limits,
            services,
            origins,
            scope,
            out: Output::new(limits.output),
            vars: Vec::new(),
            frames: Vec::new(),
            base: 0,
            at: NodeRef::Stmt(0),
            template,
            depth: 0,
            frame: FrameId::TOP,
            tpl: None,
            included: HashMap::new(),
            nesting: 0,
            steps: limits.steps,
            reserved: limits.memory,
            nothings: Vec::new(),
        }
    }

    /// Executes a template into the output. On an error everything is as before but the output.
    pub(crate) fn execute(&mut self, template: Template, dot: Value) -> Result<(), Fail> {
        let caller = Caller {
            template: std::mem::replace(&mut self.template, template),
            base: self.base,
            at: self.at,
        };
        let (floor, mark) = (self.frames.len(), self.vars.len());
        let (depth, frame) = (self.depth, self.frame);
        self.depth = 0;
        self.base = mark;
        let result = self.run(floor, Slot::new(dot));
        self.frames.truncate(floor);
        self.vars.truncate(mark);
        self.depth = depth;
        self.frame = frame;
        self.template = caller.template;
        self.base = caller.base;
        self.at = caller.at;
        result
    }

    fn run(&mut self, floor: usize, mut dot: Slot) -> Result<(), Fail> {
        let mut result = self.statements(floor, &mut dot);
        // Of nested levels the innermost knows best, and has spoken first.
        if let Err(error) = &mut result
            && error.facts().is_empty()
            && !error.chain().skip(1).any(|level| level.at.is_some())
        {
            error.facts = self.facts(&dot);
        }
        result
    }

    fn statements(&mut self, floor: usize, dot: &mut Slot) -> Result<(), Fail> {
        self.declare(0, dot.clone());
        let body = self.template.define().body;
        let mut file = self.template.file.clone();
        let (mut next, mut end) = (body.start, body.end);
        loop {
            if next >= end {
                // The list is done: back to what it belongs to.
                if self.frames.len() <= floor {
                    return Ok(());
                }
                if let Some(body) = self.next_turn(dot)? {
                    (next, end) = (body.start, body.end);
                    continue;
                }
                let Some(frame) = self.frames.pop() else { return Ok(()) };
                (next, end) = (frame.next, frame.end);
                self.vars.truncate(frame.mark);
                self.frame = frame.origin;
                *dot = frame.dot;
                if let FrameKind::Call(caller) = frame.kind {
                    self.depth -= 1;
                    self.base = caller.base;
                    self.at = caller.at;
                    self.template = caller.template;
                    file = self.template.file.clone();
                }
                continue;
            }
            let index = next;
            next += 1;
            let Some(stmt) = file.ast.stmts.get(index as usize).copied() else { continue };
            self.at = NodeRef::Stmt(index);
            self.step()?;
            let mut enter = |exec: &mut Self, kind: FrameKind, body: Range32, dot: Slot, mark: usize| {
                let origin = exec.frame;
                exec.frames.push(Frame { kind, next, end, dot, mark, origin });
                (next, end) = (body.start, body.end);
            };
            match stmt.kind {
                StmtKind::Text => {
                    let origin = self.literal(&file, stmt.span);
                    self.write_text(file.ast.slice(stmt.span), origin)?;
                }
                StmtKind::Action(pipe) => {
                    let value = self.eval_pipe(&file, dot, pipe)?;
                    let has_decl = file.ast.pipes.get(pipe as usize).is_some_and(|p| p.decl_count > 0);
                    if !has_decl {
                        self.at = NodeRef::Stmt(index);
                        self.print(&file, dot, &value, stmt.span)?;
                    }
                }
                StmtKind::If(branch) => {
                    let mark = self.vars.len();
                    let value = self.eval_pipe(&file, dot, branch.pipe)?.value;
                    let body = if value.truth() { Some(branch.body) } else { branch.other };
                    let cond = self.condition(&file, &branch, &value);
                    self.decided(&file, dot, stmt.span, &branch, cond, value.truth());
                    match body.filter(|b| !b.is_empty()) {
                        Some(body) => {
                            enter(self, FrameKind::Branch, body, dot.clone(), mark);
                            self.open(&file, stmt.span, cond);
                        }
                        None => self.vars.truncate(mark),
                    }
                }
                StmtKind::With(branch) => {
                    let mark = self.vars.len();
                    let slot = self.eval_pipe(&file, dot, branch.pipe)?;
                    let truth = slot.value.truth();
                    let body = if truth { Some(branch.body) } else { branch.other };
                    let cond = self.condition(&file, &branch, &slot.value);
                    self.decided(&file, dot, stmt.span, &branch, cond, truth);
                    match body.filter(|b| !b.is_empty()) {
                        Some(body) => {
                            enter(self, FrameKind::Branch, body, dot.clone(), mark);
                            self.open(&file, stmt.span, cond);
                            if truth {
                                *dot = slot;
                            }
                        }
                        None => self.vars.truncate(mark),
                    }
                }
                StmtKind::Range(branch) => {
                    let mark = self.vars.len();
                    let slot = self.eval_pipe(&file, dot, branch.pipe)?;
                    let cond = self.condition(&file, &branch, &slot.value);
                    self.decided(&file, dot, stmt.span, &branch, cond, slot.value.truth());
                    let whole = slot.value.origin;
                    match self.over(&file, &branch, slot.value)? {
                        Some(over) => {
                            let pipe = &file.ast.pipes[branch.pipe as usize];
                            let iteration = Iteration {
                                over,
                                whole,
                                body: branch.body,
                                decls: pipe.decls,
                                decl_count: pipe.decl_count,
                                is_assign: pipe.is_assign,
                                mark: self.vars.len(),
                                outer: FrameId::TOP,
                                call: stmt.span,
                            };
                            let kind = FrameKind::Range(Box::new(iteration));
                            enter(self, kind, Range32::default(), dot.clone(), mark);
                            self.open(&file, stmt.span, cond);
                            let outer = self.frame;
                            if let Some(Frame { kind: FrameKind::Range(i), .. }) = self.frames.last_mut() {
                                i.outer = outer;
                            }
                        }
                        None => match branch.other.filter(|b| !b.is_empty()) {
                            Some(body) => {
                                enter(self, FrameKind::RangeElse, body, dot.clone(), mark);
                                self.open(&file, stmt.span, cond);
                            }
                            None => self.vars.truncate(mark),
                        },
                    }
                }
                StmtKind::Template(call) => {
                    let name = file.ast.string(call.name);
                    let Some(template) = self.scope.find(name) else {
                        let name = crate::strconv::quote(name);
                        return Err(self.fail(format!("template {name} not defined")));
                    };
                    if self.depth >= self.limits.templates {
                        let limit = self.limits.templates;
                        return Err(self.fail(format!("exceeded maximum template depth ({limit})")));
                    }
                    let data = match call.pipe {
                        Some(pipe) => self.eval_pipe(&file, dot, pipe)?,
                        None => Slot::default(),
                    };
                    let mark = self.vars.len();
                    let body = template.define().body;
                    let template_file = template.file.clone();
                    let caller = Caller {
                        template: std::mem::replace(&mut self.template, template),
                        base: self.base,
                        at: self.at,
                    };
                    let back = std::mem::replace(dot, data.clone());
                    enter(self, FrameKind::Call(Box::new(caller)), body, back, mark);
                    self.open(&file, stmt.span, OriginId::UNKNOWN);
                    file = template_file;
                    self.depth += 1;
                    self.base = mark;
                    self.declare(0, data);
                }
                StmtKind::Break | StmtKind::Continue => {
                    // The parser has made sure that there is a range around it in this template.
                    let is_break = matches!(stmt.kind, StmtKind::Break);
                    while let Some(frame) = self.frames.last() {
                        match frame.kind {
                            FrameKind::Range(_) => break,
                            FrameKind::RangeElse if is_break => break,
                            _ => {}
                        }
                        let frame = self.frames.pop();
                        self.frame = frame.map_or(FrameId::TOP, |f| f.origin);
                    }
                    if is_break
                        && let Some(Frame { kind: FrameKind::Range(iteration), .. }) = self.frames.last_mut()
                    {
                        iteration.over = Over::List(Value::NIL, 0);
                    }
                    (next, end) = (0, 0);
                }
            }
        }
    }

    /// If the innermost frame is a range with another turn to go: its body, with dot and variables set.
    fn next_turn(&mut self, dot: &mut Slot) -> Result<Option<Range32>, Fail> {
        let Some(Frame { kind: FrameKind::Range(iteration), .. }) = self.frames.last_mut() else {
            return Ok(None);
        };
        self.vars.truncate(iteration.mark);
        let Some((index, mut elem)) = iteration.over.next() else { return Ok(None) };
        let whole = iteration.whole;
        let (body, decls, count) = (iteration.body, iteration.decls, iteration.decl_count);
        let (is_assign, outer, call) = (iteration.is_assign, iteration.outer, iteration.call);
        self.step()?;
        if TRACE {
            elem.value = self.reached(elem.value, whole);
            self.frame = outer;
            let file = self.template.file.clone();
            // How many turns there are does not depend on what the items are.
            let mut cond = match elem.value.data {
                Data::Map(_) | Data::List(_) => elem.value.origin,
                _ => OriginId::UNKNOWN,
            };
            if let Some(key) = index.value.text() {
                cond = self.union(cond, key.origin());
            }
            self.open(&file, call, cond);
        }
        match (count, is_assign) {
            (1, true) => self.assign(decls[0], elem.clone())?,
            (2, true) => {
                self.assign(decls[0], index)?;
                self.assign(decls[1], elem.clone())?;
            }
            (1, false) => self.set_top(1, elem.clone()),
            (2, false) => {
                self.set_top(1, elem.clone());
                self.set_top(2, index);
            }
            _ => {}
        }
        *dot = elem;
        Ok(Some(body))
    }

    /// What a `range` goes over; `None` where there is nothing.
    fn over(&mut self, file: &File, branch: &Branch, value: Value) -> Result<Option<Over>, Fail> {
        let count = file.ast.pipes.get(branch.pipe as usize).map_or(0, |p| p.decl_count);
        let end = match value.data {
            Data::Int(_, n) => u64::try_from(n).unwrap_or(0),
            Data::Uint(_, n) => n,
            _ => 0,
        };
        if TRACE {
            reads::whole(&value);
        }
        match &value.data {
            Data::Int(..) | Data::Uint(..) => {
                if count > 1 {
                    let shown = fmt::sprint(&value).lossy().into_owned();
                    return Err(
                        self.fail(format!("can't use {shown} to iterate over more than one variable"))
                    );
                }
                Ok((end > 0).then_some(Over::Int(value, 0, end)))
            }
            Data::List(list) if list.is_empty() => Ok(None),
            Data::Bytes(_) if !value.truth() => Ok(None),
            Data::List(_) | Data::Bytes(_) => Ok(Some(Over::List(value, 0))),
            Data::Map(map) if map.is_empty() => Ok(None),
            Data::Map(map) => Ok(Some(Over::Map(map.entries().into_iter(), map.ty()))),
            Data::Nil => Ok(None),
            _ => {
                let shown = fmt::sprint(&value).lossy().into_owned();
                Err(self.fail(format!("range can't iterate over {shown}")))
            }
        }
    }

    // ---- variables

    fn declare(&mut self, id: u32, slot: Slot) {
        self.vars.push(Var { id, slot, frame: self.frame });
    }

    fn set_top(&mut self, n: usize, slot: Slot) {
        let at = self.vars.len().checked_sub(n);
        if let Some(var) = at.and_then(|at| self.vars.get_mut(at)) {
            var.slot = slot;
        }
    }

    fn assign(&mut self, id: u32, mut slot: Slot) -> Result<(), Fail> {
        let found = self.vars.iter().skip(self.base).rposition(|v| v.id == id);
        let Some(at) = found.map(|at| at + self.base) else {
            let name = self.template.file.ast.vars.get(id as usize).cloned().unwrap_or_default();
            let name = String::from_utf8_lossy(&name).into_owned();
            return Err(self.fail(format!("undefined variable: {name}")));
        };
        if TRACE {
            // What is assigned inside of a condition depends on it, when it is read outside.
            let cond = self.conditions_up_to(self.vars[at].frame);
            slot.value = self.also(slot.value, cond);
        }
        self.vars[at].slot = slot;
        Ok(())
    }

    fn variable(&mut self, id: u32) -> Result<Slot, Fail> {
        match self.vars[self.base..].iter().rev().find(|v| v.id == id) {
            Some(var) => Ok(var.slot.clone()),
            None => {
                let name = self.template.file.ast.vars.get(id as usize).cloned().unwrap_or_default();
                let name = String::from_utf8_lossy(&name).into_owned();
                Err(self.fail(format!("undefined variable: {name}")))
            }
        }
    }

    // ---- output

    fn write_text(&mut self, bytes: &[u8], origin: OriginId) -> Result<(), Fail> {
        if self.out.push(bytes, origin) { Ok(()) } else { Err(self.too_long()) }
    }

    fn too_long(&self) -> Fail {
        self.fail(format!("the output is longer than the limit of {} bytes", self.limits.output))
    }

    /// Prints the value of an action.
    fn print(&mut self, file: &File, dot: &Slot, slot: &Slot, action: Range32) -> Result<(), Fail> {
        let value = &slot.value;
        if !TRACE {
            let fits = match value.as_bytes() {
                Some(bytes) => self.out.push(bytes, OriginId::UNKNOWN),
                None => self.out.push(&fmt::print_action(value), OriginId::UNKNOWN),
            };
            return if fits { Ok(()) } else { Err(self.too_long()) };
        }
        let text = match value.text() {
            Some(text) => text,
            None => {
                reads::whole(value);
                if value.is_nil() {
                    self.note_nothing(file, dot, action);
                }
                fmt::print_action(value)
            }
        };
        let mut fits = true;
        // Runs of one include share their frame, so what was found for one holds for the next.
        let mut known: Option<(OriginId, OriginId)> = None;
        for (range, origin) in text.segments() {
            let rendered = match known {
                Some((of, rendered)) if of == origin => rendered,
                _ => self.rendered(file, action, origin),
            };
            known = Some((origin, rendered));
            match range.is_empty() {
                true => self.out.gap(rendered),
                false => fits &= self.out.push(&text[range], rendered),
            }
        }
        if fits { Ok(()) } else { Err(self.too_long()) }
    }

    // ---- limits and errors

    fn step(&mut self) -> Result<(), Fail> {
        match self.steps.checked_sub(1) {
            Some(left) => {
                self.steps = left;
                Ok(())
            }
            None => {
                let limit = self.limits.steps;
                Err(self.fail(format!("the template ran for more than the limit of {limit} steps")))
            }
        }
    }

    /// An error at the node that was visited last.
    fn fail(&self, message: impl Into<String>) -> Fail {
        Box::new(self.located(message.into(), None))
    }

    fn located(&self, message: String, cause: Option<Error>) -> Error {
        let ast = &self.template.file.ast;
        let pos = ast.position(self.at);
        let place = ast.place(pos);
        let node = ast.print(self.at);
        let name = crate::strconv::quote(&self.template.define().name);
        let message = format!(
            "template: {}:{}:{}: executing {name} at <{node}>: {message}",
            ast.name, place.line, place.column
        );
        let extent = ast.extent(self.at);
        let at = At {
            source: self.template.file.source,
            file: ast.name.to_string(),
            start: extent.start,
            end: extent.end,
        };
        let mut error = Error::new(message);
        error.cause = cause.map(Box::new);
        error.at = Some(Box::new(at));
        error
    }

    // ---- origins

    fn span(&self, file: &File, range: Range32) -> Span {
        match (file.source, &self.tpl) {
            (Some(source), _) => Span::new(source, range.start, range.end),
            (None, Some(tpl)) => tpl.call,
            (None, None) => Span::new(SourceId(0), 0, 0),
        }
    }

    /// The origin of text that stands in a template.
    fn literal(&mut self, file: &File, range: Range32) -> OriginId {
        if !TRACE {
            return OriginId::UNKNOWN;
        }
        let data = self.tpl_data(file, range);
        let chain = Chain::Rendered { action: self.span(file, range), frame: self.frame, data };
        self.intern(chain)
    }

    /// In the text of a `tpl`: where that range of it came from.
    fn tpl_data(&mut self, file: &File, range: Range32) -> OriginId {
        let Some(tpl) = self.tpl.clone().filter(|_| file.source.is_none()) else { return OriginId::UNKNOWN };
        let mut all = OriginId::UNKNOWN;
        for (_, origin) in tpl.text.slice(range.as_usize()).segments() {
            all = self.union(all, origin);
        }
        all
    }

    /// The origin of what an action printed.
    fn rendered(&mut self, file: &File, action: Range32, data: OriginId) -> OriginId {
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

    fn intern(&mut self, chain: Chain) -> OriginId {
        self.origins.as_deref_mut().map_or(OriginId::UNKNOWN, |o| o.intern(chain))
    }

    pub(crate) fn union(&mut self, a: OriginId, b: OriginId) -> OriginId {
        self.origins.as_deref_mut().map_or(OriginId::UNKNOWN, |o| o.union(a, b))
    }

    /// Opens a frame for a call or a branch.
    fn open(&mut self, file: &File, call: Range32, cond: OriginId) {
        if TRACE {
            let call = self.span(file, call);
            let frame = OriginFrame { parent: self.frame, call, cond };
            self.frame = self.origins.as_deref_mut().map_or(FrameId::TOP, |o| o.frame(frame));
        }
    }

    /// What a condition read. The variables that either branch assigns depend on it from here on, whichever is taken.
    fn condition(&mut self, file: &File, branch: &Branch, value: &Value) -> OriginId {
        if !TRACE {
            return OriginId::UNKNOWN;
        }
        let cond = self.flat(value);
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
    fn conditions_up_to(&mut self, outer: FrameId) -> OriginId {
        let mut all = OriginId::UNKNOWN;
        let mut at = self.frame;
        while at != outer {
            let Some(frame) = self.origins.as_deref().and_then(|o| o.frame_of(at)) else { break };
            all = self.union(all, frame.cond);
            at = frame.parent;
        }
        all
    }

    /// Notes where a branch decided what stands there.
    fn decided(
        &mut self,
        file: &File,
        dot: &Slot,
        at: Range32,
        branch: &Branch,
        cond: OriginId,
        truth: bool,
    ) {
        if !TRACE {
            return;
        }
        if let Some(origins) = self.origins.as_deref_mut() {
            origins.follow(u64::from(at.start) << 1 | u64::from(truth));
        }
        if cond == OriginId::UNKNOWN {
            return;
        }
        let lines = self.lines(file, branch);
        let at = self.span(file, at);
        let gap = self.intern(Chain::Branched { at, frame: self.frame, cond, lines });
        self.out.gap(gap);
        // What was not done to a dict leaves no trace in it but this.
        if let Some(body) = if truth { branch.other } else { Some(branch.body) } {
            for mutation in file.mutations(body).iter() {
                self.omitted(file, dot, *mutation, gap);
            }
        }
    }

    /// Which lines a branch decides over.
    fn lines(&self, file: &File, branch: &Branch) -> Lines {
        let start = self.out.line_start();
        let bodies = [Some(branch.body), branch.other].into_iter().flatten().filter(|b| !b.is_empty());
        let mut own = None;
        for body in bodies {
            match first_line(file, body, start, 8) {
                Some(columns) => own = own.or(Some(columns)),
                None => return Lines::Part,
            }
        }
        let Some(columns) = own else { return Lines::Part };
        let shift = columns.zip(self.out.last_indent()).map(|(to, from)| to as i64 - from as i64);
        Lines::Own(shift.and_then(|n| i16::try_from(n).ok()))
    }

    /// Notes at a dict that something would have been done to it.
    fn omitted(&mut self, file: &File, dot: &Slot, mutation: Mutation, by: OriginId) {
        let (mut value, names) = match file.ast.exprs.get(mutation.target as usize).map(|e| e.kind) {
            Some(ExprKind::Var(id, names)) => {
                match self.vars[self.base..].iter().rev().find(|v| v.id == id) {
                    Some(var) => (var.slot.value.clone(), names),
                    None => return,
                }
            }
            Some(ExprKind::Field(names)) => (dot.value.clone(), names),
            Some(ExprKind::Dot) => (dot.value.clone(), Range32::default()),
            _ => return,
        };
        for at in names.start..names.end {
            let name = file.ast.slice(file.ast.idents[at as usize]);
            let Data::Map(map) = &value.data else { return };
            let Some(inner) = map.get(name) else { return };
            value = inner;
        }
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

    /// What a value's truth depends on.
    fn flat(&mut self, value: &Value) -> OriginId {
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
            Chain::Union(..) | Chain::Rendered { .. } | Chain::Branched { .. } | Chain::Given { .. } => whole,
            _ => OriginId::UNKNOWN,
        }
    }
}

/// By how many columns the first line of what a body writes is indented; `start` is how many blanks begin the line that
/// the body stands in, if nothing else does. `None` where it goes on with a line.
fn first_line(file: &File, body: Body, start: Option<usize>, depth: u32) -> Option<Option<usize>> {
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
            let called = last.and_then(|cmd| Some((cmd, file.ast.exprs.get(cmd.args.start as usize)?.kind)));
            if let Some((cmd, ExprKind::Func(f))) = called
                && f.name == "nindent"
            {
                let width = match file.ast.exprs.get(cmd.args.start as usize + 1).map(|e| e.kind) {
                    Some(ExprKind::Number(n)) => file.ast.numbers.get(n as usize).and_then(|n| n.int),
                    _ => None,
                };
                return Some(width.and_then(|n| usize::try_from(n).ok()));
            }
            start.map(Some)
        }
        StmtKind::If(b) | StmtKind::With(b) | StmtKind::Range(b) if depth > 0 => {
            first_line(file, b.body, start, depth - 1)
        }
        _ => start.map(|_| None),
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
