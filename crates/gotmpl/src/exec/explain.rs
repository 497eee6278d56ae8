//! What the values of a failing action were: what an error text of Go does not say.

use std::rc::Rc;

use source::OriginId;

use super::{Exec, File, Slot};
use crate::error::{Fact, Nothing, State};
use crate::parse::{ExprKind, NodeRef, Range32, StmtKind};
use crate::value::{Data, Value};

/// An action reads seldom more, and a person reads never more.
const MAX_FACTS: usize = 6;

/// Actions that print nothing; a file with more has one cause for all.
const MAX_NOTHINGS: usize = 100;

/// Parentheses that are looked into.
const MAX_DEPTH: usize = 16;

impl<const TRACE: bool> Exec<'_, TRACE> {
    /// What the fields and variables of the node that was visited last led to; those that led nowhere come first.
    /// Nothing is called for it, so that asking changes nothing.
    pub(super) fn facts(&self, dot: &Slot) -> Vec<Fact> {
        let file = self.template.file.clone();
        let mut facts = Vec::new();
        let mut walk = Walk { exec: self, file: &file, dot, facts: &mut facts };
        match self.at {
            NodeRef::Expr(at) if walk.has_fields(at) => {
                walk.expression(at, 0);
            }
            _ => walk.statement(file.ast.position(self.at)),
        }
        facts.sort_by_key(|fact| matches!(fact.state, State::Is(_)));
        facts
    }

    /// Remembers an action that printed nothing where Go prints `<no value>`, once however often it runs.
    pub(super) fn note_nothing(&mut self, file: &File, dot: &Slot, action: Range32) {
        let at = self.span(file, action);
        if self.nothings.len() < MAX_NOTHINGS && !self.nothings.iter().any(|known| known.at == at) {
            let facts = self.facts(dot);
            self.nothings.push(Nothing { at, facts });
        }
    }
}

struct Walk<'a, 'e, const TRACE: bool> {
    exec: &'a Exec<'e, TRACE>,
    file: &'a Rc<File>,
    dot: &'a Slot,
    facts: &'a mut Vec<Fact>,
}

impl<const TRACE: bool> Walk<'_, '_, TRACE> {
    fn has_fields(&self, at: u32) -> bool {
        let kind = self.file.ast.exprs.get(at as usize).map(|e| e.kind);
        matches!(kind, Some(ExprKind::Field(_) | ExprKind::Var(..) | ExprKind::Chain(..)))
    }

    /// All of the statement that has that byte.
    fn statement(&mut self, pos: u32) {
        let mut stmts = self.file.ast.stmts.iter();
        let Some(stmt) = stmts.find(|s| s.span.start <= pos && pos < s.span.end) else { return };
        match stmt.kind {
            StmtKind::Action(pipe) | StmtKind::Template(crate::parse::Call { pipe: Some(pipe), .. }) => {
                self.pipe(pipe, 0);
            }
            StmtKind::If(b) | StmtKind::With(b) | StmtKind::Range(b) => self.pipe(b.pipe, 0),
            _ => {}
        }
    }

    fn pipe(&mut self, at: u32, depth: usize) {
        let Some(pipe) = self.file.ast.pipes.get(at as usize) else { return };
        for cmd in self.file.ast.cmds.get(pipe.cmds.as_usize()).unwrap_or_default() {
            for expr in cmd.args.start..cmd.args.end {
                self.expression(expr, depth);
            }
        }
    }

    /// Notes what an expression led to, and gives the value where that can be known without calling anything.
    fn expression(&mut self, at: u32, depth: usize) -> Option<Value> {
        if depth > MAX_DEPTH {
            return None;
        }
        let expr = self.file.ast.exprs.get(at as usize)?;
        match expr.kind {
            ExprKind::Dot => Some(self.dot.value.clone()),
            ExprKind::Field(names) => self.fields(self.dot.value.clone(), String::new(), names),
            ExprKind::Var(id, names) => {
                let vars = self.exec.vars.get(self.exec.base..).unwrap_or_default();
                let value = vars.iter().rev().find(|v| v.id == id)?.slot.value.clone();
                let name = self.file.ast.vars.get(id as usize)?;
                self.fields(value, String::from_utf8_lossy(name).into_owned(), names)
            }
            ExprKind::Chain(of, names) => {
                let value = self.expression(of, depth + 1)?;
                // What the parentheses led to is told with what follows them.
                self.facts.pop();
                let shown = self.file.ast.print(NodeRef::Expr(of));
                self.fields(value, shown, names)
            }
            ExprKind::Pipe(pipe) => {
                let one = self.file.ast.pipes.get(pipe as usize).filter(|p| p.cmds.len() == 1);
                let cmd = one.and_then(|p| self.file.ast.cmds.get(p.cmds.start as usize));
                match cmd {
                    Some(cmd) if cmd.args.len() == 1 => self.expression(cmd.args.start, depth + 1),
                    _ => {
                        self.pipe(pipe, depth + 1);
                        None
                    }
                }
            }
            _ => None,
        }
    }

    /// Follows names from a value as far as they lead.
    fn fields(&mut self, mut value: Value, mut path: String, names: Range32) -> Option<Value> {
        if names.is_empty() {
            if path != "$" {
                self.note(path, &value);
            }
            return Some(value);
        }
        for at in names.start..names.end {
            let name = self.file.ast.slice(*self.file.ast.idents.get(at as usize)?);
            let shown = String::from_utf8_lossy(name);
            let next = match &value.data {
                Data::Map(map) => match map.get(name) {
                    Some(next) => next,
                    None => {
                        let keys = map.keys();
                        let keys: Vec<_> = keys.iter().map(|key| key.lossy().into_owned()).collect();
                        let near =
                            source::closest(&shown, keys.iter().map(String::as_str)).map(str::to_owned);
                        let origin = map.removed_by(name);
                        let state = if origin.is_some() { State::Null } else { State::Missing };
                        let parent = path.clone();
                        self.push(Fact {
                            path: format!("{path}.{shown}"),
                            state,
                            origin: origin.unwrap_or(OriginId::UNKNOWN),
                            near: near.filter(|_| origin.is_none()).map(|near| format!("{parent}.{near}")),
                        });
                        return None;
                    }
                },
                Data::Object(object) => object.field(&shown)?,
                // Nothing leads on from here.
                _ => {
                    self.note(path, &value);
                    return None;
                }
            };
            path = format!("{path}.{shown}");
            value = next;
        }
        self.note(path, &value);
        Some(value)
    }

    fn note(&mut self, path: String, value: &Value) {
        let state = match &value.data {
            Data::Nil | Data::NilPtr(_) => State::Null,
            Data::Bool(_) => State::Is("a boolean"),
            Data::Int(..) | Data::Uint(..) | Data::Float(_) | Data::Complex(_) => State::Is("a number"),
            Data::Str(_) if !value.truth() => State::Is("an empty string"),
            Data::Str(_) => State::Is("a string"),
            Data::Bytes(_) => State::Is("the bytes of a file"),
            Data::List(list) if list.is_empty() => State::Is("an empty list"),
            Data::List(_) => State::Is("a list"),
            Data::Map(map) if map.is_empty() => State::Is("an empty map"),
            Data::Map(_) => State::Is("a map"),
            Data::Object(_) => return,
        };
        let origin = self.origin(value);
        self.push(Fact { path, state, origin, near: None });
    }

    fn origin(&self, value: &Value) -> OriginId {
        match value.raw() {
            Some(text) => text.segments().map(|(_, origin)| origin).next().unwrap_or(value.origin),
            None => value.origin,
        }
    }

    fn push(&mut self, fact: Fact) {
        if self.facts.len() < MAX_FACTS && !self.facts.iter().any(|known| known.path == fact.path) {
            self.facts.push(fact);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::error::State;
    use crate::{Engine, NoServices, Options, Profile, Templates, Value};

    fn facts(template: &str) -> Vec<(String, State, Option<String>)> {
        let mut templates = Templates::new(Profile::Helm4);
        templates.add("t", template, None).expect("parsed");
        let image = Value::map([("tag".into(), Value::str("1"))]);
        let values = Value::map([("image".into(), image), ("off".into(), Value::NIL)]);
        let dot = Value::map([("Values".into(), values)]);
        let mut services = NoServices;
        let mut engine = Engine::new(&templates, Options::new(Profile::Helm4), &mut services);
        let error = engine.render("t", dot).expect_err("an error");
        let facts = error.facts().iter();
        facts.map(|f| (f.path.clone(), f.state.clone(), f.near.clone())).collect()
    }

    #[test]
    fn a_misspelt_key_is_told_with_the_right_one() {
        let wanted = vec![(".Values.imaje".to_owned(), State::Missing, Some(".Values.image".to_owned()))];
        assert_eq!(facts("{{ .Values.imaje.tag }}"), wanted);
        assert_eq!(facts("{{ with .Values }}{{ .imaje.tag }}{{ end }}")[0].2.as_deref(), Some(".image"));
    }

    #[test]
    fn what_a_function_was_given_is_told_and_nothings_come_first() {
        let told = facts("{{ required \"x\" (and .Values.off .Values.image.tag) }}");
        let paths: Vec<_> = told.iter().map(|f| (&*f.0, f.1.clone())).collect();
        assert_eq!(paths, [(".Values.off", State::Null), (".Values.image.tag", State::Is("a string"))]);
    }

    #[test]
    fn variables_are_told_by_their_names_and_only_the_innermost_level_has_facts() {
        let told =
            facts("{{ define \"a\" }}{{ $v := .Values.image }}{{ $v.tag.x }}{{ end }}{{ include \"a\" . }}");
        assert_eq!(told, [("$v.tag".to_owned(), State::Is("a string"), None)]);
    }
}
