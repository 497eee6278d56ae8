//! The canonical form of nodes, as error texts show it: single blanks, literals as they are written.

use super::ast::{Ast, ExprKind, NodeRef, Range32, StmtKind};
use crate::strconv::quote;

impl Ast {
    /// The printed form of a node.
    pub fn print(&self, node: NodeRef) -> String {
        let mut out = Vec::new();
        self.write(node, &mut out);
        String::from_utf8_lossy(&out).into_owned()
    }

    fn write(&self, node: NodeRef, out: &mut Vec<u8>) {
        stacker::maybe_grow(64 << 10, 1 << 20, || match node {
            NodeRef::Stmt(i) => self.write_stmt(i, out),
            NodeRef::Pipe(i) => self.write_pipe(i, out),
            NodeRef::Cmd(i) => self.write_cmd(i, out),
            NodeRef::Expr(i) => self.write_expr(i, out),
        });
    }

    fn write_stmt(&self, i: u32, out: &mut Vec<u8>) {
        let stmt = self.stmts[i as usize];
        match stmt.kind {
            StmtKind::Text => out.extend_from_slice(self.slice(stmt.span)),
            StmtKind::Action(pipe) => {
                out.extend_from_slice(b"{{");
                self.write_pipe(pipe, out);
                out.extend_from_slice(b"}}");
            }
            StmtKind::Template(call) => {
                out.extend_from_slice(b"{{template ");
                out.extend_from_slice(quote(self.string(call.name)).as_bytes());
                if let Some(pipe) = call.pipe {
                    out.push(b' ');
                    self.write_pipe(pipe, out);
                }
                out.extend_from_slice(b"}}");
            }
            StmtKind::Break => out.extend_from_slice(b"{{break}}"),
            StmtKind::Continue => out.extend_from_slice(b"{{continue}}"),
            // No error is ever at a branch: its pipeline is evaluated first, and has a position of its own.
            StmtKind::If(b) | StmtKind::With(b) | StmtKind::Range(b) => self.write_pipe(b.pipe, out),
        }
    }

    fn write_pipe(&self, i: u32, out: &mut Vec<u8>) {
        let pipe = self.pipes[i as usize];
        for (n, var) in pipe.decls.iter().take(pipe.decl_count as usize).enumerate() {
            if n > 0 {
                out.extend_from_slice(b", ");
            }
            out.extend_from_slice(&self.vars[*var as usize]);
        }
        if pipe.decl_count > 0 {
            out.extend_from_slice(if pipe.is_assign { b" = " } else { b" := " });
        }
        for (n, cmd) in (pipe.cmds.start..pipe.cmds.end).enumerate() {
            if n > 0 {
                out.extend_from_slice(b" | ");
            }
            self.write(NodeRef::Cmd(cmd), out);
        }
    }

    fn write_cmd(&self, i: u32, out: &mut Vec<u8>) {
        let cmd = self.cmds[i as usize];
        for (n, arg) in (cmd.args.start..cmd.args.end).enumerate() {
            if n > 0 {
                out.push(b' ');
            }
            self.write_operand(arg, out);
        }
    }

    fn write_operand(&self, i: u32, out: &mut Vec<u8>) {
        let is_pipe = matches!(self.exprs[i as usize].kind, ExprKind::Pipe(_));
        if is_pipe {
            out.push(b'(');
        }
        self.write(NodeRef::Expr(i), out);
        if is_pipe {
            out.push(b')');
        }
    }

    fn write_expr(&self, i: u32, out: &mut Vec<u8>) {
        let expr = self.exprs[i as usize];
        match expr.kind {
            ExprKind::Dot => out.push(b'.'),
            ExprKind::Nil => out.extend_from_slice(b"nil"),
            ExprKind::Bool(value) => out.extend_from_slice(if value { b"true" } else { b"false" }),
            ExprKind::Field(fields) => self.write_fields(fields, out),
            ExprKind::Var(var, fields) => {
                out.extend_from_slice(&self.vars[var as usize]);
                self.write_fields(fields, out);
            }
            ExprKind::Func(func) => out.extend_from_slice(func.name.as_bytes()),
            ExprKind::Chain(of, fields) => {
                self.write_operand(of, out);
                self.write_fields(fields, out);
            }
            ExprKind::Number(n) => out.extend_from_slice(self.slice(self.numbers[n as usize].text)),
            ExprKind::Str(_, len) => {
                let written = Range32 { start: expr.pos, end: expr.pos + len };
                out.extend_from_slice(self.slice(written));
            }
            ExprKind::Pipe(pipe) => self.write_pipe(pipe, out),
        }
    }

    fn write_fields(&self, fields: Range32, out: &mut Vec<u8>) {
        for field in &self.idents[fields.as_usize()] {
            out.push(b'.');
            out.extend_from_slice(self.slice(*field));
        }
    }
}
