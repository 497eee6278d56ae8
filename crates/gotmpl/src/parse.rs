//! From a template's text to its tree: lexer, parser, literals and the printed form of nodes.

mod ast;
mod calls;
mod defines;
mod lexer;
mod literal;
mod names;
mod parser;
mod print;
mod room;

pub use ast::{
    Ast, Body, Branch, Call, Cmd, Define, Expr, ExprKind, Literal, NodeRef, Number, Pipe, Place, Range32,
    Stmt, StmtKind,
};
pub use defines::may_define;
pub use lexer::{Lexer, Token, TokenKind};
pub use names::Names;
pub use parser::{ParseError, Unnamed, parse};
