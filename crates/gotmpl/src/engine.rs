//! The engine as a chart renderer uses it: load named templates, render one after the other.
//!
//! ```
//! use gotmpl::{Engine, NoServices, Options, Profile, Templates, Value};
//!
//! let mut templates = Templates::new(Profile::Helm4);
//! templates.add("c/templates/_names.tpl", "{{ define \"name\" }}{{ .Values.name }}-x{{ end }}", None)?;
//! templates.add("c/templates/a.yaml", "name: {{ include \"name\" . }}", None)?;
//!
//! let values = Value::map([("name".into(), Value::str("web"))]);
//! let dot = Value::map([("Values".into(), values)]);
//! let options = Options::new(Profile::Helm4);
//! let mut services = NoServices;
//! let mut engine = Engine::new(&templates, options, &mut services);
//! let text = engine.render("c/templates/a.yaml", dot)?;
//! assert_eq!(&*text, b"name: web-x");
//! # Ok::<(), gotmpl::Error>(())
//! ```
//!
//! What a chart renderer does, in Helm's order:
//!
//! 1. Put all template files of the chart and its subcharts into one [`Templates`], in the order of
//!    [`helm::sort`](crate::helm::sort): the last parsed wins where two define the same name. A file that cannot be
//!    parsed ends the render; [`helm::parse_error`](crate::helm::parse_error) has Helm's words for it. [`Templates::add_parsed`] takes
//!    a tree that an earlier render parsed.
//! 2. In the same order, for each file whose base name does not begin with `_`: set `.Template` in the chart's scope (see
//!    [`helm`](crate::helm) for the objects `.Values`, `.Files`, `.Capabilities` ...) and [`Engine::render`] it. The scopes of one chart's files
//!    are one map: what a template changes in it (`set`) the next file sees. [`helm::exec_error`](crate::helm::exec_error) lays an error out as
//!    the profile does.
//!
//! [`Engine::traced`] follows origins: the text that `render` returns then has segments that cover it without gaps, each
//! with the template's action, the calls and conditions around it, and the values that fed it.

use std::rc::Rc;
use std::sync::Arc;

use source::{FrameId, Origins, SourceId};

use crate::Profile;
use crate::error::{At, Error, Nothing};
use crate::exec::{Exec, File, Scope, Template};
use crate::library::Library;
use crate::parse::{Ast, parse};
use crate::value::{Text, Value};

/// How templates are executed.
#[derive(Clone, Debug)]
pub struct Options {
    /// Whose behaviour is followed.
    pub profile: Profile,
    /// `--strict`: a missing key is an error (`missingkey=error`) and not nothing.
    pub strict: bool,
    /// As under `helm lint`: `required` and `fail` let everything pass.
    pub lint: bool,
    /// What a template may use.
    pub limits: Limits,
}

impl Options {
    /// Helm's defaults.
    pub fn new(profile: Profile) -> Self {
        Options { profile, strict: false, lint: false, limits: Limits::default() }
    }
}

/// What one render of one file may use; beyond it there is an error at the place that went over.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Bytes of output, what `include` captures among them.
    pub output: usize,
    /// Statements executed and turns of loops.
    pub steps: u64,
    /// Bytes that one call of a function may make.
    pub memory: usize,
    /// Bytes that all calls together may make; what is gone again counts.
    pub total: usize,
    /// Nested `{{template}}` actions; Go's limit.
    pub templates: usize,
    /// Nested `include` and `tpl` calls of whatever names; Helm limits each name to 1,000.
    pub nesting: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            output: 64 << 20,
            steps: 50_000_000,
            memory: 64 << 20,
            total: 1 << 30,
            templates: 100_000,
            nesting: 5_000,
        }
    }
}

/// What functions need from outside of the template.
pub trait Services {
    /// `lookup`; an empty map where there is no cluster.
    ///
    /// # Errors
    /// The cluster's.
    fn lookup(&mut self, version: &str, kind: &str, namespace: &str, name: &str) -> Result<Value, Error>;

    /// The time: seconds since 1970 and nanoseconds.
    fn now(&mut self) -> (i64, u32);

    /// Fills the buffer with random bytes.
    fn random(&mut self, buffer: &mut [u8]);

    /// `getHostByName`: an address, empty where looking up is not allowed.
    fn resolve(&mut self, name: &str) -> String;
}

/// Nothing from outside: no cluster, the first second of 1970, zeros for randomness, no names. For tests.
pub struct NoServices;

impl Services for NoServices {
    fn lookup(&mut self, _: &str, _: &str, _: &str, _: &str) -> Result<Value, Error> {
        Ok(Value::map([]))
    }

    fn now(&mut self) -> (i64, u32) {
        (0, 0)
    }

    fn random(&mut self, buffer: &mut [u8]) {
        buffer.fill(0);
    }

    fn resolve(&mut self, _: &str) -> String {
        String::new()
    }
}

/// The templates that can find each other by name: all files of a chart with its subcharts.
pub struct Templates {
    profile: Profile,
    scope: Rc<Scope>,
}

impl Templates {
    /// None yet.
    pub fn new(profile: Profile) -> Self {
        Templates { profile, scope: Rc::default() }
    }

    /// Parses a file and takes in what it defines: itself by its name, and its `define`s. Of equal names the last wins.
    /// `source` is what spans of origins name.
    ///
    /// # Errors
    /// The text cannot be parsed; in Go's words, at the place where the parser stood.
    pub fn add(
        &mut self,
        name: impl Into<Arc<str>>,
        text: impl AsRef<[u8]>,
        source: Option<SourceId>,
    ) -> Result<Arc<Ast>, Error> {
        let name = name.into();
        match parse(name.clone(), text.as_ref(), Library::of(self.profile)) {
            Ok(ast) => {
                let ast = Arc::new(ast);
                self.add_parsed(ast.clone(), source);
                Ok(ast)
            }
            Err(e) => {
                let mut error = Error::new(e.message);
                error.at = Some(Box::new(At { source, file: name.to_string(), start: e.pos, end: e.pos }));
                Err(error)
            }
        }
    }

    /// Takes in a file that was parsed before, by the same profile.
    pub fn add_parsed(&mut self, ast: Arc<Ast>, source: Option<SourceId>) {
        if let Some(scope) = Rc::get_mut(&mut self.scope) {
            scope.add(&Rc::new(File::new(ast, source)));
        }
    }

    /// Takes in a file by its name alone: what is in it is asked for when a template is executed that needs it. Only for
    /// files that define nothing but themselves ([`may_define`](crate::parse::may_define)), and whose name nothing else
    /// defines. To a template one that cannot be parsed is as good as none; [`Templates::contains`] tells.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use gotmpl::{Library, Profile, Templates, parse::parse};
    /// let mut templates = Templates::new(Profile::Helm4);
    /// for (name, text) in [("good", "a: {{ 1 }}"), ("bad", "{{")] {
    ///     let parse = move || parse(name, text.as_bytes(), Library::of(Profile::Helm4)).ok().map(Arc::new);
    ///     templates.add_pending(name, None, parse);
    /// }
    /// assert!(templates.contains("good") && !templates.contains("bad"));
    /// ```
    pub fn add_pending(
        &mut self,
        name: &str,
        source: Option<SourceId>,
        parse: impl Fn() -> Option<Arc<Ast>> + 'static,
    ) {
        if let Some(scope) = Rc::get_mut(&mut self.scope) {
            scope.add_pending(name.as_bytes().into(), source, Box::new(parse));
        }
    }

    /// Whether there is a template of that name.
    pub fn contains(&self, name: &str) -> bool {
        self.scope.find(name.as_bytes()).is_some()
    }

    /// The names of all templates, in no order.
    pub fn names(&self) -> impl Iterator<Item = &[u8]> {
        self.scope.names().map(|n| &**n)
    }
}

/// Renders the templates of a set.
pub struct Engine<'a> {
    templates: &'a Templates,
    options: Options,
    services: &'a mut dyn Services,
    origins: Option<&'a mut Origins>,
    nothings: Vec<Nothing>,
    frame: FrameId,
}

impl<'a> Engine<'a> {
    /// An engine without tracing.
    pub fn new(templates: &'a Templates, options: Options, services: &'a mut dyn Services) -> Self {
        Engine { templates, options, services, origins: None, nothings: Vec::new(), frame: FrameId::TOP }
    }

    /// The same engine, which follows origins. The values have theirs already.
    pub fn traced(mut self, origins: &'a mut Origins) -> Self {
        self.origins = Some(origins);
        self
    }

    /// The same engine, whose templates all stand in that frame of origins.
    pub fn within(mut self, frame: FrameId) -> Self {
        self.frame = frame;
        self
    }

    /// Renders one template with that dot; `<no value>` is taken out of the text, as Helm does.
    ///
    /// # Errors
    /// In Go's words; [`helm::exec_error`](crate::helm::exec_error) has Helm's.
    pub fn render(&mut self, name: &str, dot: Value) -> Result<Text, Error> {
        let Some(template) = self.templates.scope.find(name.as_bytes()) else {
            let name = crate::strconv::quote(name.as_bytes());
            let text = format!("template: no template {name} associated with template \"gotpl\"");
            return Err(Error::new(text));
        };
        let scope = self.templates.scope.clone();
        let frame = self.frame;
        let text = match self.origins.as_deref_mut() {
            Some(origins) => {
                let origins = Some((origins, frame));
                run::<true>(&self.options, self.services, origins, scope, template, dot, &mut self.nothings)
            }
            None => {
                run::<false>(&self.options, self.services, None, scope, template, dot, &mut self.nothings)
            }
        }?;
        Ok(crate::exec::without_no_value(text))
    }

    /// The actions of all renders so far that printed no value; known only where origins are followed.
    pub fn nothings(self) -> Vec<Nothing> {
        self.nothings
    }
}

fn run<const TRACE: bool>(
    options: &Options,
    services: &mut dyn Services,
    origins: Option<(&mut Origins, FrameId)>,
    scope: Rc<Scope>,
    template: Template,
    dot: Value,
    nothings: &mut Vec<Nothing>,
) -> Result<Text, Error> {
    let (origins, frame) = origins.map_or((None, FrameId::TOP), |(origins, frame)| (Some(origins), frame));
    let mut exec = Exec::<TRACE>::new(options, &options.limits, services, origins, scope, template.clone());
    exec.frame = frame;
    let mark = exec.out.begin();
    exec.execute(template, dot).map_err(|e| *e)?;
    nothings.append(&mut exec.nothings);
    Ok(exec.out.end(mark))
}
