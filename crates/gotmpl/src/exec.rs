//! The executor: statements on an explicit stack, expressions by recursion of bounded depth.
//!
//! A `{{template}}` may nest 100,000 deep in Go, so a call is a frame on the heap and no native one. Native recursion is
//! left in parentheses (10,000 deep at most, by the parser) and in `include` and `tpl`, whose depth is limited; both grow
//! the stack when it runs short.
//!
//! `TRACE` is a const generic: without it no origin is computed, and the code for it is not there.

mod eval;
mod explain;
mod frame;
mod host;
mod output;
mod reads;
mod scope;
mod slot;
#[cfg(test)]
mod tests;
mod trace;

use std::collections::HashMap;
use std::rc::Rc;

use source::{FrameId, OriginId, Origins, Span};

pub(crate) use host::without_no_value;
pub(crate) use output::Output;
pub(crate) use scope::{File, Scope, Template};
pub(crate) use slot::Slot;

use frame::{Caller, Frame, FrameKind, Iteration, Over, Var};
use trace::Taken;

use crate::engine::{Limits, Options, Services};
use crate::error::{At, Error, Nothing};
use crate::fmt;
use crate::parse::{Branch, NodeRef, Range32, StmtKind};
use crate::value::{Data, Text, Value};

/// Errors are rare and large.
pub(crate) type Fail = Box<Error>;

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
    /// What the call of a function that is under way may still make.
    reserved: usize,
    /// What all calls may still make.
    left: usize,
    /// Whether the call under way asked for randomness or for the time.
    drew: bool,
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
            left: limits.total,
            drew: false,
            nothings: Vec::new(),
        }
    }

    /// Executes a template into the output. On an error everything is as before but the output.
    pub(crate) fn execute(&mut self, template: Template, dot: Value) -> Result<(), Fail> {
        self.follow(u64::from(template.define().body.start));
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
                if let FrameKind::Branch(Some(missing)) = frame.kind {
                    self.left_out(&file, missing);
                }
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
                StmtKind::Text => self.text(&file, stmt.span)?,
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
                    let taken = Taken::if_true(value.truth());
                    let missing = self.decided(&file, dot, stmt.span, &branch, cond, taken);
                    match body.filter(|b| !b.is_empty()) {
                        Some(body) => {
                            enter(self, FrameKind::Branch(missing), body, dot.clone(), mark);
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
                    let taken = Taken::if_true(truth);
                    let missing = self.decided(&file, dot, stmt.span, &branch, cond, taken);
                    match body.filter(|b| !b.is_empty()) {
                        Some(body) => {
                            enter(self, FrameKind::Branch(missing), body, dot.clone(), mark);
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
                    let taken = if slot.value.truth() { Taken::Turns } else { Taken::Other };
                    self.decided(&file, dot, stmt.span, &branch, cond, taken);
                    let whole = slot.value.origin;
                    // What decides over the items says nothing of those that are there.
                    let shaped =
                        matches!(&slot.value.data, Data::List(list) if list.shape() != OriginId::UNKNOWN);
                    let around = match slot.value.data {
                        Data::List(_) | Data::Map(_) => whole,
                        _ => cond,
                    };
                    match self.over(&file, &branch, slot.value)? {
                        Some(over) => {
                            let pipe = &file.ast.pipes[branch.pipe as usize];
                            let iteration = Iteration {
                                over,
                                whole,
                                shaped,
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
                            self.open(&file, stmt.span, around);
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
        let (whole, shaped) = (iteration.whole, iteration.shaped);
        let (body, decls, count) = (iteration.body, iteration.decls, iteration.decl_count);
        let (is_assign, outer, call) = (iteration.is_assign, iteration.outer, iteration.call);
        self.step()?;
        if TRACE {
            elem.value = self.reached(elem.value, whole);
            self.frame = outer;
            self.follow(u64::from(call.start));
            let file = self.template.file.clone();
            // How many turns there are does not depend on what the items are.
            let mut cond = match elem.value.data {
                Data::Map(_) | Data::List(_) => elem.value.origin,
                // But each of a list that something was kept out of is there for a reason of its own.
                _ if shaped => self.flat(&elem.value),
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
}
