//! The parser: tokens to a tree, with Go's error texts.

mod pipeline;

use std::sync::Arc;

use super::ast::*;
use super::lexer::{Lexer, Token, TokenKind};
use super::literal;
use super::room::{Counts, Room};
use crate::library::Library;
use crate::strconv::quote;

/// Parentheses may nest this deep, as in Go.
const MAX_PARENS: usize = 10_000;

/// The text cannot be parsed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ParseError {
    /// `template: NAME:LINE: ...`
    pub message: String,
    /// Where the parser stood: the byte of the last token.
    pub pos: u32,
}

/// Errors are rare; a box keeps what is passed around in the good case small.
type Result<T> = std::result::Result<T, Box<ParseError>>;

/// Parses a file. The functions that it may name are those of the library.
///
/// ```
/// use gotmpl::{Library, Profile, parse};
/// let ast = parse::parse("a", &b"{{ define \"b\" }}x{{ end }}"[..], Library::of(Profile::Helm4))?;
/// assert!(ast.define(b"b").is_some());
/// # Ok::<(), parse::ParseError>(())
/// ```
///
/// # Errors
/// The first thing that Go would complain about.
pub fn parse(
    name: impl Into<Arc<str>>,
    text: impl Into<Arc<[u8]>>,
    library: &Library,
) -> std::result::Result<Ast, ParseError> {
    let (name, text) = (name.into(), text.into());
    let shared = text.clone();
    let mut parser = Parser::new(name, &shared, text, library);
    let body = parser.file().map_err(|e| *e)?;
    let name = parser.ast.name.as_bytes().into();
    parser.define(name, body).map_err(|e| *e)?;
    Ok(parser.into_ast())
}

/// A file that was parsed before it was known under which name.
pub struct Unnamed {
    ast: Ast,
    body: Body,
}

impl Unnamed {
    /// Parses a text; `None` if that cannot be done. [`parse`] says why, which takes the name.
    ///
    /// ```
    /// use gotmpl::{Library, Profile, parse::Unnamed};
    /// let library = Library::of(Profile::Helm4);
    /// let text = &b"{{ define \"b\" }}x{{ end }}"[..];
    /// let ast = Unnamed::parse(text, library).and_then(|file| file.named("a")).unwrap();
    /// assert!(ast.define(b"a").is_some() && ast.define(b"b").is_some());
    /// let again = Unnamed::parse(text, library).unwrap().named("b");
    /// assert_eq!(&*again.unwrap().name, "b");
    /// assert!(Unnamed::parse(&b"{{ nope }}"[..], library).is_none());
    /// ```
    pub fn parse(text: impl Into<Arc<[u8]>>, library: &Library) -> Option<Unnamed> {
        let text = text.into();
        let shared = text.clone();
        let mut parser = Parser::new("".into(), &shared, text, library);
        let body = parser.file().ok()?;
        Some(Unnamed { ast: parser.into_ast(), body })
    }

    /// Whether one of these functions stands in it.
    pub fn calls(&self, names: &[&str]) -> bool {
        let is_one = |func: &crate::Func| names.contains(&func.name);
        self.ast.exprs.iter().any(|expr| matches!(expr.kind, ExprKind::Func(func) if is_one(func)))
    }

    /// Whether it defines templates beside itself.
    pub fn defines(&self) -> bool {
        !self.ast.defines.is_empty()
    }

    /// What [`parse`] gives for that name; `None` where that is an error.
    pub fn named(self, name: impl Into<Arc<str>>) -> Option<Ast> {
        let Unnamed { mut ast, body } = self;
        ast.name = name.into();
        let name = ast.name.as_bytes().into();
        ast.add_define(name, body).then_some(ast)
    }
}

struct Parser<'a> {
    library: &'a Library,
    lexer: Lexer<'a>,
    input: &'a [u8],
    /// All tokens of the file; the last is [`TokenKind::Eof`].
    tokens: Vec<Token>,
    /// Index of the next one.
    at: usize,
    /// How many were looked at: errors give the line of the last of these, even if it was given back.
    seen: usize,
    ast: Ast,
    /// Statements, operands and commands of what is not closed yet.
    stmts: Vec<Stmt>,
    exprs: Vec<Expr>,
    cmds: Vec<Cmd>,
    tree: Tree,
}

/// What Go keeps for each template of a file.
#[derive(Default)]
struct Tree {
    /// Ids of the variables that are visible.
    vars: Vec<u32>,
    /// The start of the action that is open; 0 stands for none.
    action: Option<u32>,
    ranges: usize,
    parens: usize,
}

impl Tree {
    fn new() -> Self {
        Tree { vars: vec![0], ..Tree::default() }
    }
}

/// What ends a list of statements.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    End,
    Else,
}

impl End {
    fn text(self) -> &'static str {
        match self {
            End::End => "{{end}}",
            End::Else => "{{else}}",
        }
    }
}

enum Item {
    Stmt(Stmt),
    End(End),
}

impl<'a> Parser<'a> {
    fn new(name: Arc<str>, input: &'a [u8], text: Arc<[u8]>, library: &'a Library) -> Self {
        let Room { mut tokens, stmts, exprs, cmds } = Room::take();
        // Lexed at once: grammar and error texts give tokens back at many places, and an index does that for free.
        let mut lexer = Lexer::new(input);
        let counts = Counts::of(&mut lexer, &mut tokens);
        let pipes = (counts.actions - counts.ends.min(counts.actions)) + counts.parens;
        let ast = Ast {
            name,
            text,
            defines: Vec::new(),
            stmts: Vec::with_capacity(counts.actions + counts.texts),
            pipes: Vec::with_capacity(pipes),
            cmds: Vec::with_capacity(pipes + counts.pipes),
            exprs: Vec::with_capacity(counts.operands + counts.parens),
            idents: Vec::with_capacity(counts.fields),
            vars: vec![b"$"[..].into()],
            numbers: Vec::new(),
            strings: Vec::with_capacity(counts.strings),
        };
        Parser { library, lexer, input, tokens, at: 0, seen: 0, ast, stmts, exprs, cmds, tree: Tree::new() }
    }

    /// The tree; what else there is goes to the next parser.
    fn into_ast(self) -> Ast {
        let Parser { tokens, stmts, exprs, cmds, ast, .. } = self;
        Room { tokens, stmts, exprs, cmds }.keep();
        ast
    }

    // ---- tokens

    /// The next token; the end for ever after.
    fn next(&mut self) -> Token {
        let token = self.token(self.at);
        self.at += 1;
        self.seen = self.seen.max(self.at);
        token
    }

    fn peek(&mut self) -> Token {
        self.seen = self.seen.max(self.at + 1);
        self.token(self.at)
    }

    fn next_nonspace(&mut self) -> Token {
        let token = self.next();
        // Blanks come one at a time.
        if token.kind == TokenKind::Space { self.next() } else { token }
    }

    fn peek_nonspace(&mut self) -> Token {
        if self.peek().kind == TokenKind::Space {
            self.at += 1;
        }
        self.peek()
    }

    /// Gives the last token back.
    fn back(&mut self) {
        self.at -= 1;
    }

    fn token(&self, at: usize) -> Token {
        match self.tokens.get(at) {
            Some(token) => *token,
            None => {
                let end = self.input.len() as u32;
                Token { kind: TokenKind::Eof, start: end, end }
            }
        }
    }

    /// The start of the last token that was looked at.
    fn last(&self) -> u32 {
        self.seen.checked_sub(1).map_or(0, |at| self.token(at).start)
    }

    fn bytes(&self, token: Token) -> &'a [u8] {
        self.input.get(token.start as usize..token.end as usize).unwrap_or_default()
    }

    fn line(&self, pos: u32) -> usize {
        self.ast.place(pos).line
    }

    // ---- errors

    #[cold]
    #[inline(never)]
    fn error<T>(&self, text: impl AsRef<str>) -> Result<T> {
        self.error_at(self.last(), text)
    }

    #[cold]
    #[inline(never)]
    fn error_at<T>(&self, pos: u32, text: impl AsRef<str>) -> Result<T> {
        let message = format!("template: {}:{}: {}", self.ast.name, self.line(pos), text.as_ref());
        Err(Box::new(ParseError { message, pos }))
    }

    fn show(&self, token: Token) -> String {
        let text = self.bytes(token);
        match token.kind {
            TokenKind::Eof => "EOF".to_owned(),
            TokenKind::Error => self.lexer.error.clone(),
            kind if kind.is_keyword() => format!("<{}>", String::from_utf8_lossy(text)),
            _ if text.len() > 10 => {
                let mut end = 0;
                for _ in 0..10 {
                    end += text.get(end..).filter(|r| !r.is_empty()).map_or(0, |r| literal::decode(r).1);
                }
                format!("{}...", quote(&text[..end]))
            }
            _ => quote(text),
        }
    }

    #[cold]
    #[inline(never)]
    fn unexpected<T>(&self, token: Token, context: &str) -> Result<T> {
        let shown = self.show(token);
        if token.kind != TokenKind::Error {
            return self.error(format!("unexpected {shown} in {context}"));
        }
        let mut text = shown;
        if let Some(action) = self.tree.action
            && self.line(action) != self.line(token.start)
        {
            let started = format!(" started at {}:{}", self.ast.name, self.line(action));
            text += if text.ends_with(" action") { "" } else { " in action" };
            text += &started;
        }
        self.error(text)
    }

    fn expect(&mut self, kind: TokenKind, context: &str) -> Result<Token> {
        let token = self.next_nonspace();
        if token.kind == kind { Ok(token) } else { self.unexpected(token, context) }
    }

    // ---- templates

    /// The statements of the file itself.
    fn file(&mut self) -> Result<Body> {
        let mark = self.stmts.len();
        loop {
            let token = self.peek();
            match token.kind {
                TokenKind::Eof => break,
                TokenKind::LeftDelim => {
                    let start = self.at;
                    self.next();
                    if self.next_nonspace().kind == TokenKind::Define {
                        self.definition()?;
                        continue;
                    }
                    self.at = start;
                }
                _ => {}
            }
            match self.text_or_action()? {
                Item::Stmt(stmt) => self.stmts.push(stmt),
                Item::End(end) => return self.error(format!("unexpected {}", end.text())),
            }
        }
        Ok(self.close(mark))
    }

    fn definition(&mut self) -> Result<()> {
        const CONTEXT: &str = "define clause";
        let outer = std::mem::replace(&mut self.tree, Tree::new());
        let token = self.next_nonspace();
        if !matches!(token.kind, TokenKind::String | TokenKind::RawString) {
            return self.unexpected(token, CONTEXT);
        }
        let name = self.unquote(token)?;
        self.expect(TokenKind::RightDelim, CONTEXT)?;
        let (body, end) = self.list()?;
        if end != End::End {
            return self.error(format!("unexpected {} in {CONTEXT}", end.text()));
        }
        let name = self.ast.literal(&name).into();
        self.define(name, body)?;
        self.tree = outer;
        Ok(())
    }

    fn define(&mut self, name: Arc<[u8]>, body: Body) -> Result<()> {
        if self.ast.add_define(name.clone(), body) {
            return Ok(());
        }
        self.error(format!("template: multiple definition of template {}", quote(&name)))
    }

    /// Moves what was collected since the mark into the arena.
    fn close(&mut self, mark: usize) -> Body {
        let start = self.ast.stmts.len();
        self.ast.stmts.extend_from_slice(&self.stmts[mark..]);
        self.stmts.truncate(mark);
        Range32::new(start, self.ast.stmts.len())
    }

    fn list(&mut self) -> Result<(Body, End)> {
        let mark = self.stmts.len();
        while self.peek_nonspace().kind != TokenKind::Eof {
            match self.text_or_action()? {
                Item::Stmt(stmt) => self.stmts.push(stmt),
                Item::End(end) => return Ok((self.close(mark), end)),
            }
        }
        self.error("unexpected EOF")
    }

    fn text_or_action(&mut self) -> Result<Item> {
        let token = self.next_nonspace();
        match token.kind {
            TokenKind::Text => {
                let span = Range32 { start: token.start, end: token.end };
                Ok(Item::Stmt(Stmt { span, pos: token.start, kind: StmtKind::Text }))
            }
            TokenKind::LeftDelim => {
                self.tree.action = Some(token.start);
                let item = self.action(token.start);
                self.tree.action = None;
                item
            }
            _ => self.unexpected(token, "input"),
        }
    }

    fn action(&mut self, start: u32) -> Result<Item> {
        let token = self.next_nonspace();
        let (pos, kind) = match token.kind {
            TokenKind::Block => return stacker::maybe_grow(64 << 10, 1 << 20, || self.block(start)),
            TokenKind::Break => (token.start, self.jump("{{break}}", StmtKind::Break)?),
            TokenKind::Continue => (token.start, self.jump("{{continue}}", StmtKind::Continue)?),
            TokenKind::Else => {
                let peek = self.peek_nonspace();
                if !matches!(peek.kind, TokenKind::If | TokenKind::With) {
                    self.expect(TokenKind::RightDelim, "else")?;
                }
                return Ok(Item::End(End::Else));
            }
            TokenKind::End => {
                self.expect(TokenKind::RightDelim, "end")?;
                return Ok(Item::End(End::End));
            }
            TokenKind::If | TokenKind::Range | TokenKind::With => {
                // Statements nest as deep as the text says.
                let control = || self.control(token.kind, start);
                return stacker::maybe_grow(64 << 10, 1 << 20, control).map(Item::Stmt);
            }
            TokenKind::Template => return self.template(start),
            _ => {
                self.back();
                let pos = self.peek().start;
                (pos, StmtKind::Action(self.pipeline("command", TokenKind::RightDelim)?))
            }
        };
        Ok(Item::Stmt(Stmt { span: self.since(start), pos, kind }))
    }

    /// From the start of an action to where the lexer stands, which is behind its end.
    fn since(&self, start: u32) -> Range32 {
        Range32 { start, end: (self.last() + 2).min(self.input.len() as u32) }
    }

    fn jump(&mut self, context: &str, kind: StmtKind) -> Result<StmtKind> {
        let token = self.next_nonspace();
        if token.kind != TokenKind::RightDelim {
            return self.unexpected(token, context);
        }
        if self.tree.ranges == 0 {
            return self.error(format!("{context} outside {{{{range}}}}"));
        }
        Ok(kind)
    }

    fn control(&mut self, which: TokenKind, start: u32) -> Result<Stmt> {
        let context = match which {
            TokenKind::If => "if",
            TokenKind::With => "with",
            _ => "range",
        };
        let vars = self.tree.vars.len();
        let pipe = self.pipeline(context, TokenKind::RightDelim)?;
        let span = self.since(start);
        let is_range = which == TokenKind::Range;
        self.tree.ranges += usize::from(is_range);
        let (body, end) = self.list()?;
        self.tree.ranges -= usize::from(is_range);
        let mut other = None;
        if end == End::Else {
            let token = self.peek();
            if !is_range && token.kind == which {
                let start = self.last();
                self.next();
                let nested = stacker::maybe_grow(64 << 10, 1 << 20, || self.control(which, start))?;
                let at = self.ast.stmts.len();
                self.ast.stmts.push(nested);
                other = Some(Range32::new(at, at + 1));
            } else {
                let (body, end) = self.list()?;
                if end != End::End {
                    return self.error(format!("expected end; found {}", end.text()));
                }
                other = Some(body);
            }
        }
        self.tree.vars.truncate(vars);
        let branch = Branch { pipe, body, other };
        let kind = match which {
            TokenKind::If => StmtKind::If(branch),
            TokenKind::With => StmtKind::With(branch),
            _ => StmtKind::Range(branch),
        };
        let pos = self.ast.pipes.get(pipe as usize).map_or(start, |p| p.pos);
        Ok(Stmt { span, pos, kind })
    }

    fn block(&mut self, start: u32) -> Result<Item> {
        const CONTEXT: &str = "block clause";
        let token = self.next_nonspace();
        let name = self.template_name(token, CONTEXT)?;
        let pipe = self.pipeline(CONTEXT, TokenKind::RightDelim)?;
        let span = self.since(start);
        let opened = self.last();
        let outer = std::mem::replace(&mut self.tree, Tree::new());
        let (body, end) = self.list()?;
        if end != End::End {
            return self.error_at(opened, format!("unexpected {} in {CONTEXT}", end.text()));
        }
        let defined = self.ast.literal(&name).into();
        self.define(defined, body)?;
        self.tree = outer;
        let call = Call { name: self.string(name), pipe: Some(pipe) };
        Ok(Item::Stmt(Stmt { span, pos: token.start, kind: StmtKind::Template(call) }))
    }

    fn template(&mut self, start: u32) -> Result<Item> {
        const CONTEXT: &str = "template clause";
        let token = self.next_nonspace();
        let name = self.template_name(token, CONTEXT)?;
        let mut pipe = None;
        let after = self.next_nonspace();
        if after.kind != TokenKind::RightDelim {
            self.back();
            pipe = Some(self.pipeline(CONTEXT, TokenKind::RightDelim)?);
        }
        let call = Call { name: self.string(name), pipe };
        Ok(Item::Stmt(Stmt { span: self.since(start), pos: token.start, kind: StmtKind::Template(call) }))
    }

    fn template_name(&mut self, token: Token, context: &str) -> Result<Literal> {
        match token.kind {
            TokenKind::String | TokenKind::RawString => self.unquote(token),
            _ => self.unexpected(token, context),
        }
    }

    fn unquote(&self, token: Token) -> Result<Literal> {
        if literal::is_plain(self.bytes(token)) {
            return Ok(Literal::Written(Range32 { start: token.start + 1, end: token.end - 1 }));
        }
        literal::unquote(self.bytes(token)).map(Literal::Decoded).or_else(|e| self.error(e))
    }

    fn string(&mut self, text: Literal) -> u32 {
        self.ast.strings.push(text);
        self.ast.strings.len() as u32 - 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Profile;

    fn error(text: &str) -> String {
        match parse("t", text.as_bytes(), Library::of(Profile::Helm4)) {
            Ok(_) => "parsed".to_owned(),
            Err(e) => e.message,
        }
    }

    #[test]
    fn errors_are_in_go_s_words() {
        assert_eq!(error("{{"), "template: t:1: unclosed action");
        assert_eq!(error("{{\n\n"), "template: t:3: unclosed action started at t:1");
        assert_eq!(error("a\n{{ nope }}"), r#"template: t:2: function "nope" not defined"#);
        assert_eq!(error("{{ $x }}"), r#"template: t:1: undefined variable "$x""#);
        assert_eq!(error("{{ .a-b }}"), "template: t:1: bad character U+002D '-'");
        assert_eq!(error("{{ break }}"), "template: t:1: {{break}} outside {{range}}");
        assert_eq!(error("{{ 1 | 2 }}"), "template: t:1: non executable command in pipeline stage 2");
        assert_eq!(error("{{ if true }}"), "template: t:1: unexpected EOF");
    }

    #[test]
    fn depth_is_no_matter_of_the_stack() {
        let parens = format!("{{{{ {}1{} }}}}", "(".repeat(9999), ")".repeat(9999));
        assert_eq!(error(&parens), "parsed");
        let parens = format!("{{{{ {}1{} }}}}", "(".repeat(10001), ")".repeat(10001));
        assert_eq!(error(&parens), "template: t:1: max expression depth exceeded");
        let ifs = format!("{}{}", "{{if true}}".repeat(50_000), "{{end}}".repeat(50_000));
        assert_eq!(error(&ifs), "parsed");
    }
}
