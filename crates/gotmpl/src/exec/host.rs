//! What functions reach of the executor: `include`, `tpl`, the services of the outside, origins and limits.

use std::rc::Rc;

use source::{Chain, OriginId};

use super::{Exec, File, Scope, Template, TplText};
use crate::error::Error;
use crate::func::Host;
use crate::library::Library;
use crate::parse::parse;
use crate::strconv::quote;
use crate::value::{Text, TextBuilder, Value};

/// How often one name may be nested in itself, as Helm counts.
const MAX_NESTED_NAME: i32 = 1000;
/// What Go prints for no value, and Helm takes out again.
const NO_VALUE: &[u8] = b"<no value>";

impl<const TRACE: bool> Exec<'_, TRACE> {
    /// Executes a template and captures what it prints. Grows the stack where it runs short.
    fn capture(&mut self, template: Template, data: Value) -> Result<Text, Error> {
        if self.nesting >= self.limits.nesting {
            return Err(Error::new(format!("more than {} nested calls of templates", self.limits.nesting)));
        }
        self.nesting += 1;
        let mark = self.out.begin();
        let result = stacker::maybe_grow(128 << 10, 2 << 20, || self.execute(template, data));
        self.nesting -= 1;
        match result {
            Ok(()) => Ok(self.out.end(mark)),
            Err(e) => {
                self.out.discard(mark);
                Err(*e)
            }
        }
    }

    /// Opens a frame of origins for the call that is under way.
    fn open_call(&mut self, cond: OriginId) {
        if TRACE {
            let file = self.template.file.clone();
            let range = file.ast.extent(self.at);
            self.open(&file, range, cond);
        }
    }

    fn run_tpl(&mut self, text: &Text, data: Value) -> Result<Text, Error> {
        let source = quote(text);
        let parsed = parse("gotpl", text.bytes(), Library::of(self.options.profile));
        let ast = parsed
            .map_err(|e| Error::wrap(format!("cannot parse template {source}"), Error::new(e.message)))?;
        let file = Rc::new(File::new(ast.into(), None));
        let mut scope = Scope::over(self.scope.clone());
        scope.add(&file);
        let index = file.ast.defines.iter().position(|d| *d.name == *b"gotpl").unwrap_or(0);
        let template = Template { file, index };
        let outer = std::mem::replace(&mut self.scope, Rc::new(scope));
        let outer_text = self.tpl.take();
        if TRACE {
            let file = self.template.file.clone();
            let call = match (&outer_text, file.source) {
                (Some(outer), None) => outer.call,
                _ => self.span(&file, file.ast.extent(self.at)),
            };
            self.tpl = Some(Rc::new(TplText { text: text.clone(), call }));
        }
        let frame = self.frame;
        // A text of one origin decides over all that it renders; the others do so piece by piece.
        let cond = if text.is_segmented() { OriginId::UNKNOWN } else { text.origin() };
        self.open_call(cond);
        let result = self.capture(template, data);
        self.frame = frame;
        self.scope = outer;
        self.tpl = outer_text;
        result.map_err(|e| Error::wrap(format!("error during tpl function execution for {source}"), e))
    }
}

/// The text without every `<no value>`.
pub(crate) fn without_no_value(text: Text) -> Text {
    let mut found = memchr::memmem::find_iter(text.bytes(), NO_VALUE).peekable();
    if found.peek().is_none() {
        return text;
    }
    let mut out = TextBuilder::with_capacity(text.len());
    let mut from = 0;
    for at in found {
        out.push_range(&text, from..at);
        from = at + NO_VALUE.len();
    }
    out.push_range(&text, from..text.len());
    out.finish()
}

impl<const TRACE: bool> Host for Exec<'_, TRACE> {
    fn include(&mut self, name: &Text, data: Value) -> Result<Text, Error> {
        match self.included.get_mut(name.bytes()) {
            Some(count) if *count > MAX_NESTED_NAME => {
                let words = format!("rendering template has a nested reference name: {}", name.lossy());
                return Err(Error::wrap(words, Error::new("unable to execute template")));
            }
            Some(count) => *count += 1,
            None => {
                self.included.insert(name.bytes().into(), 1);
            }
        }
        let result = match self.scope.find(name) {
            Some(template) => {
                let frame = self.frame;
                self.open_call(OriginId::UNKNOWN);
                let result = self.capture(template, data);
                self.frame = frame;
                result
            }
            None => Err(Error::new(format!(
                "template: no template {} associated with template \"gotpl\"",
                quote(name)
            ))),
        };
        if let Some(count) = self.included.get_mut(name.bytes()) {
            *count -= 1;
        }
        result
    }

    fn tpl(&mut self, text: &Text, data: Value) -> Result<Text, Error> {
        let result = match memchr::memmem::find(text.bytes(), b"{{") {
            // Text alone parses to itself; there is nothing to execute.
            None => text.clone(),
            Some(_) => self.run_tpl(text, data)?,
        };
        Ok(without_no_value(result))
    }

    fn lookup(&mut self, version: &str, kind: &str, namespace: &str, name: &str) -> Result<Value, Error> {
        self.services.lookup(version, kind, namespace, name)
    }

    fn is_lint(&self) -> bool {
        self.options.lint
    }

    fn now(&mut self) -> (i64, u32) {
        self.drew = true;
        self.services.now()
    }

    fn random(&mut self, buffer: &mut [u8]) {
        self.drew = true;
        self.services.random(buffer);
    }

    fn resolve(&mut self, name: &str) -> String {
        self.services.resolve(name)
    }

    fn union(&mut self, a: OriginId, b: OriginId) -> OriginId {
        Exec::union(self, a, b)
    }

    fn reached(&mut self, part: Value, whole: OriginId) -> Value {
        Exec::reached(self, part, whole)
    }

    fn given(&mut self, data: OriginId, cond: OriginId) -> OriginId {
        self.origins.as_deref_mut().map_or(OriginId::UNKNOWN, |o| o.given(data, cond))
    }

    fn decision(&mut self, whole: OriginId) -> OriginId {
        Exec::decision(self, whole)
    }

    fn here(&mut self, data: OriginId) -> OriginId {
        if !TRACE {
            return data;
        }
        let file = self.template.file.clone();
        let range = file.ast.extent(self.at);
        let action = self.span(&file, range);
        self.intern(Chain::Rendered { action, frame: self.frame, data })
    }

    fn reserve(&mut self, bytes: usize) -> Result<(), Error> {
        match self.reserved.checked_sub(bytes) {
            Some(left) => {
                self.reserved = left;
                Ok(())
            }
            None => Err(Error::too_large(self.limits.memory)),
        }
    }
}
