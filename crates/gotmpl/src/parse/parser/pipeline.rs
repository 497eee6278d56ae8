//! Pipelines: declarations, commands, operands and what stands in parentheses.

use super::*;

impl Parser<'_> {
    pub(super) fn pipeline(&mut self, context: &str, end: TokenKind) -> Result<u32> {
        let first = self.peek_nonspace();
        let mut pipe = Pipe {
            pos: first.start,
            decls: [0; 2],
            decl_count: 0,
            is_assign: false,
            cmds: Range32::default(),
        };
        self.declarations(&mut pipe, context)?;
        let mark = self.cmds.len();
        loop {
            use TokenKind::*;
            let token = self.next_nonspace();
            match token.kind {
                kind if kind == end => break,
                Bool | CharConstant | Complex | Dot | Field | Identifier | Number | Nil | RawString
                | String | Variable | LeftParen => {
                    self.back();
                    let cmd = self.command()?;
                    self.cmds.push(cmd);
                }
                _ => return self.unexpected(token, context),
            }
        }
        if self.cmds.len() == mark {
            return self.error(format!("missing value for {context}"));
        }
        for (stage, cmd) in self.cmds[mark..].iter().enumerate().skip(1) {
            use ExprKind::*;
            let first = &self.ast.exprs[cmd.args.start as usize];
            if matches!(first.kind, Bool(_) | Dot | Nil | Number(_) | Str(..)) {
                return self.error(format!("non executable command in pipeline stage {}", stage + 1));
            }
        }
        let start = self.ast.cmds.len();
        self.ast.cmds.extend_from_slice(&self.cmds[mark..]);
        self.cmds.truncate(mark);
        pipe.cmds = Range32::new(start, self.ast.cmds.len());
        self.ast.pipes.push(pipe);
        Ok(self.ast.pipes.len() as u32 - 1)
    }

    pub(super) fn declarations(&mut self, pipe: &mut Pipe, context: &str) -> Result<()> {
        loop {
            let variable = self.peek_nonspace();
            if variable.kind != TokenKind::Variable {
                return Ok(());
            }
            let start = self.at;
            self.next();
            let next = self.peek_nonspace();
            let is_comma = next.kind == TokenKind::Char && self.bytes(next) == b",";
            match next.kind {
                TokenKind::Assign | TokenKind::Declare => {
                    pipe.is_assign = next.kind == TokenKind::Assign;
                    self.next_nonspace();
                    self.declare(pipe, variable);
                    return Ok(());
                }
                _ if is_comma => {
                    self.next_nonspace();
                    self.declare(pipe, variable);
                    if context != "range" || pipe.decl_count >= 2 {
                        return self.error(format!("too many declarations in {context}"));
                    }
                    let next = self.peek_nonspace();
                    if !matches!(
                        next.kind,
                        TokenKind::Variable | TokenKind::RightDelim | TokenKind::RightParen
                    ) {
                        return self.error("range can only initialize variables");
                    }
                }
                _ => {
                    self.at = start;
                    return Ok(());
                }
            }
        }
    }

    pub(super) fn declare(&mut self, pipe: &mut Pipe, token: Token) {
        let id = self.intern(self.bytes(token));
        if let Some(slot) = pipe.decls.get_mut(pipe.decl_count as usize) {
            *slot = id;
            pipe.decl_count += 1;
        }
        self.tree.vars.push(id);
    }

    pub(super) fn intern(&mut self, name: &[u8]) -> u32 {
        // A file has few names, and the newest are used most.
        if let Some(at) = self.ast.vars.iter().rposition(|v| **v == *name) {
            return at as u32;
        }
        self.ast.vars.push(name.into());
        self.ast.vars.len() as u32 - 1
    }

    pub(super) fn command(&mut self) -> Result<Cmd> {
        let pos = self.peek_nonspace().start;
        let mark = self.exprs.len();
        loop {
            self.peek_nonspace();
            if let Some(operand) = self.operand()? {
                self.exprs.push(operand);
            }
            let token = self.next();
            match token.kind {
                TokenKind::Space => continue,
                TokenKind::RightDelim | TokenKind::RightParen => self.back(),
                TokenKind::Pipe => {}
                _ => return self.unexpected(token, "operand"),
            }
            break;
        }
        if self.exprs.len() == mark {
            return self.error("empty command");
        }
        let start = self.ast.exprs.len();
        self.ast.exprs.extend_from_slice(&self.exprs[mark..]);
        self.exprs.truncate(mark);
        Ok(Cmd { pos, args: Range32::new(start, self.ast.exprs.len()) })
    }

    pub(super) fn operand(&mut self) -> Result<Option<Expr>> {
        let Some(node) = self.term()? else { return Ok(None) };
        let token = self.peek();
        if token.kind != TokenKind::Field {
            return Ok(Some(node));
        }
        // A chain's names have to stand together: those of `.a` are the newest, as nothing came between.
        let start = match node.kind {
            ExprKind::Field(names) => names.start as usize,
            _ => self.ast.idents.len(),
        };
        while self.peek().kind == TokenKind::Field {
            let field = self.next();
            self.ast.idents.push(Range32 { start: field.start + 1, end: field.end });
        }
        let names = Range32::new(start, self.ast.idents.len());
        let kind = match node.kind {
            ExprKind::Field(_) => ExprKind::Field(names),
            ExprKind::Var(id, _) => ExprKind::Var(id, names),
            ExprKind::Bool(_) | ExprKind::Str(..) | ExprKind::Number(_) | ExprKind::Nil | ExprKind::Dot => {
                let at = self.ast.exprs.len() as u32;
                self.ast.exprs.push(node);
                let shown = quote(self.ast.print(NodeRef::Expr(at)).as_bytes());
                return self.error(format!("unexpected . after term {shown}"));
            }
            ExprKind::Func(_) | ExprKind::Chain(..) | ExprKind::Pipe(_) => {
                self.ast.exprs.push(node);
                ExprKind::Chain(self.ast.exprs.len() as u32 - 1, names)
            }
        };
        Ok(Some(Expr { pos: token.start, kind }))
    }

    pub(super) fn term(&mut self) -> Result<Option<Expr>> {
        let token = self.next_nonspace();
        let text = self.bytes(token);
        let kind = match token.kind {
            TokenKind::Identifier => match self.library.get(text) {
                Some(func) => ExprKind::Func(func),
                None => return self.error(format!("function {} not defined", quote(text))),
            },
            TokenKind::Dot => ExprKind::Dot,
            TokenKind::Nil => ExprKind::Nil,
            TokenKind::Variable => {
                let id = self.intern(text);
                if !self.tree.vars.contains(&id) {
                    return self.error(format!("undefined variable {}", quote(text)));
                }
                ExprKind::Var(id, Range32::default())
            }
            TokenKind::Field => {
                let at = self.ast.idents.len();
                self.ast.idents.push(Range32 { start: token.start + 1, end: token.end });
                ExprKind::Field(Range32::new(at, at + 1))
            }
            TokenKind::Bool => ExprKind::Bool(text == b"true"),
            TokenKind::CharConstant | TokenKind::Complex | TokenKind::Number => {
                let number = if token.kind == TokenKind::CharConstant {
                    literal::character(text)
                } else {
                    literal::number(text, token.kind == TokenKind::Complex)
                };
                let mut number = match number {
                    Ok(number) => number,
                    Err(e) => return self.error(e),
                };
                number.text = Range32 { start: token.start, end: token.end };
                self.ast.numbers.push(number);
                ExprKind::Number(self.ast.numbers.len() as u32 - 1)
            }
            TokenKind::LeftParen => {
                if self.tree.parens >= MAX_PARENS {
                    return self.error("max expression depth exceeded");
                }
                self.tree.parens += 1;
                let pipe = stacker::maybe_grow(64 << 10, 1 << 20, || {
                    self.pipeline("parenthesized pipeline", TokenKind::RightParen)
                });
                self.tree.parens -= 1;
                let pipe = pipe?;
                let pos = self.ast.pipes.get(pipe as usize).map_or(token.start, |p| p.pos);
                return Ok(Some(Expr { pos, kind: ExprKind::Pipe(pipe) }));
            }
            TokenKind::String | TokenKind::RawString => {
                let value = self.unquote(token)?;
                ExprKind::Str(self.string(value), token.end - token.start)
            }
            _ => {
                self.back();
                return Ok(None);
            }
        };
        Ok(Some(Expr { pos: token.start, kind }))
    }
}
