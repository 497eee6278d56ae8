//! Which templates a file names, whether or not the call is ever reached.

use super::ast::{Ast, ExprKind, NodeRef, Range32, StmtKind};

impl Ast {
    /// The templates that are called by a name written in the text, by `template` and by `include`, each with the bytes of
    /// the call; in the order of the file. What is called by a computed name is not among them.
    ///
    /// ```
    /// use gotmpl::{Profile, Templates};
    /// let text = "{{ if false }}{{ include \"a\" . | indent 2 }}{{ end }}{{ template \"b\" }}";
    /// let ast = Templates::new(Profile::Helm4).add("t", text, None)?;
    /// let names: Vec<_> = ast.calls().into_iter().map(|(name, _)| name).collect();
    /// assert_eq!(names, [b"a", b"b"]);
    /// # Ok::<(), gotmpl::Error>(())
    /// ```
    pub fn calls(&self) -> Vec<(&[u8], Range32)> {
        let mut calls = Vec::new();
        for stmt in &self.stmts {
            if let StmtKind::Template(call) = stmt.kind {
                calls.push((self.string(call.name), stmt.span));
            }
        }
        for (at, cmd) in self.cmds.iter().enumerate() {
            let expr = |n: u32| {
                let at = cmd.args.start + n;
                self.exprs.get(at as usize).filter(|_| at < cmd.args.end).map(|expr| expr.kind)
            };
            if let (Some(ExprKind::Func(func)), Some(ExprKind::Str(name, _))) = (expr(0), expr(1))
                && func.name == "include"
            {
                calls.push((self.string(name), self.extent(NodeRef::Cmd(at as u32))));
            }
        }
        calls.sort_by_key(|(_, span)| span.start);
        calls
    }
}
