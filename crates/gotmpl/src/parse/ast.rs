//! The tree of one file: flat arenas, because two hundred thousand actions of a chart repository should cost two
//! hundred thousand small records and not a million allocations.

use std::sync::Arc;

use crate::Func;

/// A run of entries in one of the arenas, or of bytes in the text.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Range32 {
    /// The first.
    pub start: u32,
    /// One past the last.
    pub end: u32,
}

impl Range32 {
    /// The range `start..end`.
    pub fn new(start: usize, end: usize) -> Self {
        Range32 { start: start as u32, end: end as u32 }
    }

    /// As a range of indexes.
    pub fn as_usize(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// How many there are.
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }
}

/// A parsed file: its templates and their nodes. It is immutable and may be shared between threads.
pub struct Ast {
    /// The name of the file or of the text, as error texts give it.
    pub name: Arc<str>,
    /// The whole text.
    pub text: Arc<[u8]>,
    /// What the file itself and its `define` and `block` actions define; names are unique.
    pub defines: Vec<Define>,
    pub(crate) stmts: Vec<Stmt>,
    pub(crate) pipes: Vec<Pipe>,
    pub(crate) cmds: Vec<Cmd>,
    pub(crate) exprs: Vec<Expr>,
    /// Field names: byte ranges without the dot.
    pub(crate) idents: Vec<Range32>,
    /// Variables, by the id that expressions use; `$` is 0.
    pub(crate) vars: Vec<Box<[u8]>>,
    pub(crate) numbers: Vec<Number>,
    pub(crate) strings: Vec<Literal>,
}

/// The value of a string in an action.
#[derive(Clone, Debug)]
pub enum Literal {
    /// The bytes between the quotes.
    Written(Range32),
    /// What escapes make of them.
    Decoded(Box<[u8]>),
}

/// One named template.
#[derive(Clone, Debug)]
pub struct Define {
    /// The name, by which `template` and `include` find it.
    pub name: Arc<[u8]>,
    /// Its statements.
    pub body: Body,
    /// Whether it is nothing but blanks: such a template does not replace another.
    pub blank: bool,
}

/// The statements of a template or of a branch: a run in the arena.
pub type Body = Range32;

/// A statement: text between actions, or an action.
#[derive(Clone, Copy, Debug)]
pub struct Stmt {
    /// Byte range; of a branch only its opening action.
    pub span: Range32,
    /// Go's position of the node, which error texts show.
    pub pos: u32,
    /// What it is.
    pub kind: StmtKind,
}

/// What a statement is.
#[derive(Clone, Copy, Debug)]
pub enum StmtKind {
    /// Text; the statement's range.
    Text,
    /// `{{pipeline}}`
    Action(u32),
    /// `{{if}}`
    If(Branch),
    /// `{{with}}`
    With(Branch),
    /// `{{range}}`
    Range(Branch),
    /// `{{template NAME pipeline}}` and what `{{block}}` leaves in its place: index of the name and of the pipeline.
    Template(Call),
    /// `{{break}}`
    Break,
    /// `{{continue}}`
    Continue,
}

/// A `template` action.
#[derive(Clone, Copy, Debug)]
pub struct Call {
    /// Index in the strings.
    pub name: u32,
    /// `None` where it has no pipeline.
    pub pipe: Option<u32>,
}

/// The parts of `if`, `with` and `range`.
#[derive(Clone, Copy, Debug)]
pub struct Branch {
    /// The pipeline.
    pub pipe: u32,
    /// What stands before `else` or `end`.
    pub body: Body,
    /// What stands behind `else`; `None` without one.
    pub other: Option<Body>,
}

/// Variables and commands.
#[derive(Clone, Copy, Debug)]
pub struct Pipe {
    /// Go's position.
    pub pos: u32,
    /// Ids of the variables that it declares or assigns, at most two.
    pub decls: [u32; 2],
    /// How many of these there are.
    pub decl_count: u8,
    /// `=` and not `:=`.
    pub is_assign: bool,
    /// The commands.
    pub cmds: Range32,
}

/// An operand and its arguments.
#[derive(Clone, Copy, Debug)]
pub struct Cmd {
    /// Go's position.
    pub pos: u32,
    /// The operands, of which the first is what is called.
    pub args: Range32,
}

/// An operand.
#[derive(Clone, Copy)]
pub struct Expr {
    /// Go's position.
    pub pos: u32,
    /// What it is.
    pub kind: ExprKind,
}

/// What an operand is.
#[derive(Clone, Copy)]
pub enum ExprKind {
    /// `.`
    Dot,
    /// `nil`
    Nil,
    /// `true`, `false`
    Bool(bool),
    /// `.a.b`
    Field(Range32),
    /// `$x`, `$x.a.b`: the variable and the fields.
    Var(u32, Range32),
    /// A function's name.
    Func(&'static Func),
    /// `(...).a.b`: the operand and the fields.
    Chain(u32, Range32),
    /// A number.
    Number(u32),
    /// A string: index of the value, and the length of what is written.
    Str(u32, u32),
    /// `(pipeline)`
    Pipe(u32),
}

/// A number in all the forms that it can take; which one is used depends on the parameter that it is given to.
#[derive(Clone, Debug, Default)]
pub struct Number {
    /// As an integer.
    pub int: Option<i64>,
    /// As an unsigned integer.
    pub uint: Option<u64>,
    /// As a float.
    pub float: Option<f64>,
    /// As a complex number.
    pub complex: Option<(f64, f64)>,
    /// As it is written.
    pub text: Range32,
}

/// A node that an error is at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NodeRef {
    /// By index in the arena.
    Stmt(u32),
    /// By index in the arena.
    Pipe(u32),
    /// By index in the arena.
    Cmd(u32),
    /// By index in the arena.
    Expr(u32),
}

/// A place in a file as Go prints it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place {
    /// Counted from 1.
    pub line: usize,
    /// Bytes since the line break before; on the first line, since the start.
    pub column: usize,
}

impl Ast {
    /// Bytes of the text.
    pub fn slice(&self, range: Range32) -> &[u8] {
        self.text.get(range.as_usize()).unwrap_or_default()
    }

    /// The value of a string.
    pub fn literal<'a>(&'a self, literal: &'a Literal) -> &'a [u8] {
        match literal {
            Literal::Written(range) => self.slice(*range),
            Literal::Decoded(bytes) => bytes,
        }
    }

    /// The value of the string of that index.
    pub fn string(&self, index: u32) -> &[u8] {
        self.strings.get(index as usize).map_or(&[], |s| self.literal(s))
    }

    /// The template of that name.
    pub fn define(&self, name: &[u8]) -> Option<&Define> {
        self.defines.iter().find(|d| *d.name == *name)
    }

    /// Takes in a template of the file. One that is blank does not replace another; of two that are not, the second is
    /// refused with `false`.
    pub(crate) fn add_define(&mut self, name: Arc<[u8]>, body: Body) -> bool {
        let blank = self.is_blank(body);
        let define = Define { name, body, blank };
        match self.defines.iter_mut().find(|d| d.name == define.name) {
            Some(known) if known.blank => *known = define,
            Some(_) => return blank,
            None => self.defines.push(define),
        }
        true
    }

    /// Whether there is nothing but white space, which is Unicode's here.
    fn is_blank(&self, body: Body) -> bool {
        self.body(body).iter().all(|stmt| match stmt.kind {
            StmtKind::Text => {
                let text = self.slice(stmt.span).trim_ascii();
                text.is_empty() || std::str::from_utf8(text).is_ok_and(|t| t.trim().is_empty())
            }
            _ => false,
        })
    }

    /// Statements of a body, in order.
    pub fn body(&self, body: Body) -> &[Stmt] {
        self.stmts.get(body.as_usize()).unwrap_or_default()
    }

    /// Line and column of a byte.
    pub fn place(&self, pos: u32) -> Place {
        let before = self.text.get(..pos as usize).unwrap_or(&self.text);
        let line = 1 + memchr::memchr_iter(b'\n', before).count();
        let column = before.len() - memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
        Place { line, column }
    }

    /// Go's position of a node.
    pub fn position(&self, node: NodeRef) -> u32 {
        match node {
            NodeRef::Stmt(i) => self.stmts.get(i as usize).map(|n| n.pos),
            NodeRef::Pipe(i) => self.pipes.get(i as usize).map(|n| n.pos),
            NodeRef::Cmd(i) => self.cmds.get(i as usize).map(|n| n.pos),
            NodeRef::Expr(i) => self.exprs.get(i as usize).map(|n| n.pos),
        }
        .unwrap_or(0)
    }

    /// The bytes of a node: from its first name to its last, whatever Go takes for its position.
    pub fn extent(&self, node: NodeRef) -> Range32 {
        let start = self.position(node);
        let end = match node {
            NodeRef::Stmt(at) => return self.stmts.get(at as usize).map_or(Range32::default(), |s| s.span),
            NodeRef::Pipe(at) => self.end_of_pipe(at, 0),
            NodeRef::Cmd(at) => self.cmds.get(at as usize).map_or(start, |cmd| self.end_of_cmd(cmd, 0)),
            NodeRef::Expr(at) => {
                let end = self.end_of_expr(at, 0);
                return Range32 { start: self.start_of_expr(at).min(end), end };
            }
        };
        Range32 { start: start.min(end), end }
    }

    fn start_of_expr(&self, at: u32) -> u32 {
        let pos = self.position(NodeRef::Expr(at));
        let (names, before) = match self.exprs.get(at as usize).map(|expr| expr.kind) {
            Some(ExprKind::Field(names) | ExprKind::Chain(_, names)) => (names, 0),
            Some(ExprKind::Var(id, names)) => {
                (names, self.vars.get(id as usize).map_or(0, |v| v.len() as u32))
            }
            _ => return pos,
        };
        // Go's position of a chain of names is behind the first of them.
        match self.idents.get(names.start as usize).filter(|_| !names.is_empty()) {
            Some(first) => first.start.saturating_sub(1 + before),
            None => pos,
        }
    }

    fn end_of_pipe(&self, at: u32, depth: usize) -> u32 {
        let Some(pipe) = self.pipes.get(at as usize) else { return 0 };
        let last = pipe.cmds.end.checked_sub(1).and_then(|last| self.cmds.get(last as usize));
        last.map_or(pipe.pos, |cmd| self.end_of_cmd(cmd, depth))
    }

    fn end_of_cmd(&self, cmd: &Cmd, depth: usize) -> u32 {
        cmd.args.end.checked_sub(1).map_or(cmd.pos, |last| self.end_of_expr(last, depth))
    }

    fn end_of_expr(&self, at: u32, depth: usize) -> u32 {
        let Some(expr) = self.exprs.get(at as usize) else { return 0 };
        let names_end = |names: Range32| {
            let last = names.end.checked_sub(1).filter(|_| !names.is_empty())?;
            self.idents.get(last as usize).map(|ident| ident.end)
        };
        match expr.kind {
            ExprKind::Dot => expr.pos + 1,
            ExprKind::Nil => expr.pos + 3,
            ExprKind::Bool(value) => expr.pos + if value { 4 } else { 5 },
            ExprKind::Field(names) | ExprKind::Chain(_, names) => names_end(names).unwrap_or(expr.pos),
            ExprKind::Var(id, names) => names_end(names)
                .unwrap_or_else(|| expr.pos + self.vars.get(id as usize).map_or(1, |v| v.len() as u32)),
            ExprKind::Func(func) => expr.pos + func.name.len() as u32,
            ExprKind::Number(index) => self.numbers.get(index as usize).map_or(expr.pos, |n| n.text.end),
            ExprKind::Str(_, length) => expr.pos + length,
            // Ten thousand parentheses may be nested, and nobody looks at the end of those.
            ExprKind::Pipe(_) if depth > 100 => expr.pos + 1,
            ExprKind::Pipe(pipe) => self.end_of_pipe(pipe, depth + 1) + 1,
        }
    }
}
