//! Lexing and parsing any text: no panic, tokens in order and inside of the text, every node can be printed.
#![no_main]

use gotmpl::parse::{Lexer, NodeRef, StmtKind, TokenKind, parse};
use gotmpl::{Library, Profile};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let mut lexer = Lexer::new(data);
    let mut end = 0;
    loop {
        let token = lexer.token();
        assert!(token.start <= token.end && token.end as usize <= data.len());
        if token.kind == TokenKind::Error {
            break;
        }
        assert!(token.start >= end, "tokens overlap");
        end = token.end;
        if token.kind == TokenKind::Eof {
            break;
        }
    }
    let Ok(ast) = parse("t", data, Library::of(Profile::Helm4)) else { return };
    for define in &ast.defines {
        let (mut at, end) = (define.body.start, define.body.end);
        while at < end {
            let Some(stmt) = ast.body(gotmpl::parse::Range32 { start: at, end: at + 1 }).first() else { break };
            assert!(stmt.span.start <= stmt.span.end && stmt.span.end as usize <= data.len());
            if let StmtKind::Action(pipe) = stmt.kind {
                let _ = ast.print(NodeRef::Pipe(pipe));
            }
            at += 1;
        }
    }
});
