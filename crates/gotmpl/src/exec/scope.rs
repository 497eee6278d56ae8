//! Which templates a name can find: the set's, and on top of them what a `tpl` defines.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use source::SourceId;

use crate::parse::{Ast, Body, Branch, Define, ExprKind, StmtKind};
use crate::value::Value;

/// A parsed text with what its execution keeps for it.
pub(crate) struct File {
    pub ast: Arc<Ast>,
    /// `None` for the text of a `tpl`.
    pub source: Option<SourceId>,
    /// The values of the string literals, made when they are first needed.
    strings: Vec<OnceCell<Value>>,
    /// For a branch, by its pipeline: the variables that are assigned inside.
    assigned: RefCell<FxHashMap<u32, Rc<[u32]>>>,
    /// For a body, by its start: what it does to dicts.
    mutations: RefCell<FxHashMap<u32, Rc<[Mutation]>>>,
}

/// A `set`, an `unset` or a merge.
#[derive(Clone, Copy)]
pub(crate) struct Mutation {
    /// The expression that the dict is given by.
    pub target: u32,
    /// The key, if it is a literal: a string of the file.
    pub key: Option<u32>,
}

impl File {
    pub(crate) fn new(ast: Arc<Ast>, source: Option<SourceId>) -> Self {
        let strings = std::iter::repeat_with(OnceCell::new).take(ast.strings.len()).collect();
        File { ast, source, strings, assigned: RefCell::default(), mutations: RefCell::default() }
    }

    /// The value of a string literal.
    pub(crate) fn string(&self, index: u32) -> Value {
        match self.strings.get(index as usize) {
            Some(cell) => cell.get_or_init(|| Value::str(self.ast.string(index))).clone(),
            None => Value::NIL,
        }
    }

    /// What a body does to dicts, as far as it stands there.
    pub(crate) fn mutations(&self, body: Body) -> Rc<[Mutation]> {
        if let Some(known) = self.mutations.borrow().get(&body.start) {
            return known.clone();
        }
        let mut found = Vec::new();
        self.each_action(vec![body], |pipe| found.extend(self.mutation(pipe)));
        let found: Rc<[Mutation]> = found.into();
        self.mutations.borrow_mut().insert(body.start, found.clone());
        found
    }

    fn mutation(&self, pipe: u32) -> Option<Mutation> {
        let ast = &self.ast;
        let cmds = ast.pipes.get(pipe as usize)?.cmds;
        let args = ast.cmds.get(cmds.start as usize)?.args;
        let ExprKind::Func(func) = ast.exprs.get(args.start as usize)?.kind else { return None };
        if !matches!(
            func.name,
            "set" | "unset" | "merge" | "mergeOverwrite" | "mustMerge" | "mustMergeOverwrite"
        ) || args.len() < 2
        {
            return None;
        }
        let key = match ast.exprs.get(args.start as usize + 2).filter(|_| args.len() > 2)?.kind {
            ExprKind::Str(index, _) if matches!(func.name, "set" | "unset") => Some(index),
            _ => None,
        };
        Some(Mutation { target: args.start + 1, key })
    }

    /// Calls `visit` with the pipeline of each action in bodies and in the branches in them.
    fn each_action(&self, mut bodies: Vec<Body>, mut visit: impl FnMut(u32)) {
        while let Some(body) = bodies.pop() {
            for stmt in self.ast.body(body) {
                match stmt.kind {
                    StmtKind::Action(pipe) => visit(pipe),
                    StmtKind::If(b) | StmtKind::With(b) | StmtKind::Range(b) => {
                        bodies.push(b.body);
                        bodies.extend(b.other);
                    }
                    _ => {}
                }
            }
        }
    }

    /// The variables that are assigned anywhere inside of a branch.
    pub(crate) fn assigned(&self, branch: &Branch) -> Rc<[u32]> {
        let key = branch.pipe;
        if let Some(known) = self.assigned.borrow().get(&key) {
            return known.clone();
        }
        let mut ids = Vec::new();
        let bodies = std::iter::once(branch.body).chain(branch.other).collect();
        self.each_action(bodies, |pipe| {
            if let Some(pipe) = self.ast.pipes.get(pipe as usize).filter(|p| p.is_assign) {
                ids.extend(pipe.decls.iter().take(pipe.decl_count as usize));
            }
        });
        ids.sort_unstable();
        ids.dedup();
        let ids: Rc<[u32]> = ids.into();
        self.assigned.borrow_mut().insert(key, ids.clone());
        ids
    }
}

/// A template that can be executed.
#[derive(Clone)]
pub(crate) struct Template {
    pub file: Rc<File>,
    pub index: usize,
}

impl Template {
    pub(crate) fn define(&self) -> &Define {
        &self.file.ast.defines[self.index]
    }
}

/// Names of templates; a `tpl` lays one over what is there.
#[derive(Default)]
pub(crate) struct Scope {
    parent: Option<Rc<Scope>>,
    templates: HashMap<Arc<[u8]>, Template>,
    /// Files that define nothing but themselves, and of which nobody asked yet what is in them.
    pending: HashMap<Arc<[u8]>, Pending>,
}

/// What parses a file, unless it cannot be parsed.
pub(crate) type Parse = Box<dyn Fn() -> Option<Arc<Ast>>>;

/// A file that is parsed when it is asked for.
struct Pending {
    source: Option<SourceId>,
    parse: Parse,
    template: OnceCell<Option<Template>>,
}

impl Pending {
    fn template(&self, name: &[u8]) -> Option<Template> {
        let parse = || {
            let ast = (self.parse)()?;
            let index = ast.defines.iter().position(|define| *define.name == *name)?;
            Some(Template { file: Rc::new(File::new(ast, self.source)), index })
        };
        self.template.get_or_init(parse).clone()
    }
}

impl Scope {
    pub(crate) fn over(parent: Rc<Scope>) -> Self {
        Scope { parent: Some(parent), ..Scope::default() }
    }

    pub(crate) fn find(&self, name: &[u8]) -> Option<Template> {
        let mut scope = Some(self);
        while let Some(at) = scope {
            if let Some(found) = at.templates.get(name) {
                return Some(found.clone());
            }
            if let Some(pending) = at.pending.get(name) {
                return pending.template(name);
            }
            scope = at.parent.as_deref();
        }
        None
    }

    /// Takes in all that a file defines. The last one of a name wins, but nothing is replaced by what is blank.
    pub(crate) fn add(&mut self, file: &Rc<File>) {
        for (index, define) in file.ast.defines.iter().enumerate() {
            if define.blank && self.find(&define.name).is_some() {
                continue;
            }
            self.templates.insert(define.name.clone(), Template { file: file.clone(), index });
        }
    }

    /// Takes in a file that defines nothing but itself; what is there of that name is not replaced.
    pub(crate) fn add_pending(&mut self, name: Arc<[u8]>, source: Option<SourceId>, parse: Parse) {
        self.pending.insert(name, Pending { source, parse, template: OnceCell::new() });
    }

    /// Names of all templates of this scope alone.
    pub(crate) fn names(&self) -> impl Iterator<Item = &Arc<[u8]>> {
        self.templates.keys().chain(self.pending.keys())
    }
}
