//! Which names of values a file says, whether or not the place is ever reached.

use std::collections::BTreeSet;

use super::ast::{Ast, ExprKind};

/// What templates say of values; see [`Ast::add_names`].
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// Every name of a field, and every word of a string.
    pub said: BTreeSet<Box<[u8]>>,
    /// Those at which a path ends: what lies below may be used without being named.
    pub ends: BTreeSet<Box<[u8]>>,
    /// Strings as a whole.
    pub strings: BTreeSet<Box<[u8]>>,
    /// Whether a template is called by a name that is computed.
    pub calls_computed: bool,
}

impl Names {
    /// Takes in all words of a text that may be read as one of names.
    pub fn add_words(&mut self, text: &[u8]) {
        let is_part = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-') || *b >= 0x80;
        for word in text.split(|b| !is_part(b)).filter(|word| !word.is_empty()) {
            for part in word.split(|b| *b == b'-').chain([word]) {
                self.said.insert(part.into());
                self.ends.insert(part.into());
            }
        }
    }
}

impl Ast {
    /// Adds the names of the file's actions, those of branches that no run takes among them.
    ///
    /// ```
    /// use gotmpl::{Profile, Templates, parse::Names};
    /// let text = "{{ if .Values.on }}{{ index .Values \"a\" \"b\" }}{{ end }}";
    /// let ast = Templates::new(Profile::Helm4).add("t", text, None)?;
    /// let mut names = Names::default();
    /// ast.add_names(&mut names);
    /// assert!(names.said.contains(&b"a"[..]) && names.ends.contains(&b"b"[..]));
    /// assert!(!names.ends.contains(&b"Values"[..]), "only known keys are looked up in it");
    /// # Ok::<(), gotmpl::Error>(())
    /// ```
    pub fn add_names(&self, names: &mut Names) {
        let mut looked_up = BTreeSet::new();
        for cmd in &self.cmds {
            let range = cmd.args.start as usize..cmd.args.end as usize;
            let Some([called, args @ ..]) = self.exprs.get(range) else { continue };
            let ExprKind::Func(func) = called.kind else { continue };
            let is_text = |at: usize| matches!(args.get(at).map(|arg| arg.kind), Some(ExprKind::Str(..)));
            if matches!(func.name, "index" | "get" | "hasKey")
                && args.len() > 1
                && (1..args.len()).all(is_text)
            {
                looked_up.insert(cmd.args.start + 1);
            }
            if func.name == "include" && !is_text(0) {
                names.calls_computed = true;
            }
        }
        for (at, expr) in self.exprs.iter().enumerate() {
            match expr.kind {
                ExprKind::Field(path) | ExprKind::Var(_, path) | ExprKind::Chain(_, path) => {
                    for ident in path.start..path.end {
                        let Some(range) = self.idents.get(ident as usize) else { continue };
                        let name = self.slice(*range);
                        names.said.insert(name.into());
                        if ident + 1 == path.end && !looked_up.contains(&(at as u32)) {
                            names.ends.insert(name.into());
                        }
                    }
                }
                ExprKind::Str(index, _) => {
                    let text = self.string(index);
                    names.strings.insert(text.into());
                    names.said.insert(text.into());
                    names.ends.insert(text.into());
                    names.add_words(text);
                }
                _ => {}
            }
        }
    }
}
