//! Grows a template: statements around expressions, expressions by the type that is wanted.

use gotmpl::{Func, IntKind, Library, Profile, Type};

use super::pool;
use crate::fuzz::Random;

/// What the language has, besides functions.
pub const CONSTRUCTS: &[&str] = &[
    "{{if}}",
    "{{else}}",
    "{{else if}}",
    "{{with}}",
    "{{else with}}",
    "{{range}}",
    "{{range 1 var}}",
    "{{range 2 vars}}",
    "{{range assign}}",
    "{{break}}",
    "{{continue}}",
    "{{template}}",
    "{{define}}",
    "{{block}}",
    "{{comment}}",
    "{{trim}}",
    "{{:=}}",
    "{{=}}",
    "pipe",
    "parentheses",
    "chain",
    "literal",
    "strict",
    "shared list",
    "wrong type",
    "object",
];

/// A template and what it uses.
pub struct Grown {
    pub text: String,
    pub strict: bool,
    pub uses: Vec<String>,
}

/// A random template.
pub fn template(random: &mut Random) -> Grown {
    let mut functions: Vec<&'static Func> = Library::of(Profile::Helm4).iter().collect();
    functions.sort_by_key(|f| f.name);
    let library = Library::of(Profile::Helm4);
    let is_known =
        |text: &str| gotmpl::parse::parse("t", format!("{{{{ {text} }}}}").as_bytes(), library).is_ok();
    let shapes = pool::SHAPES.iter().copied().filter(|(_, text)| is_known(text)).collect();
    let mut grow = Grow {
        random,
        functions,
        shapes,
        uses: Vec::new(),
        vars: Vec::new(),
        loops: 0,
        inside: false,
        text: String::new(),
    };
    let strict = grow.random.percent(5);
    if strict {
        grow.note("strict");
    }
    grow.note("{{define}}");
    grow.text +=
        r#"{{ define "named" }}<{{ . }}>{{ end }}{{ define "twice" }}{{ include "named" . }}{{ end }}"#;
    let count = 1 + grow.random.below(3);
    grow.statements(count, 2);
    Grown { text: grow.text, strict, uses: grow.uses }
}

struct Grow<'a> {
    random: &'a mut Random,
    functions: Vec<&'static Func>,
    /// The shapes of functions that this library has.
    shapes: Vec<(&'static str, &'static str)>,
    uses: Vec<String>,
    vars: Vec<String>,
    loops: usize,
    /// Whether the dot is something else than the scope.
    inside: bool,
    text: String,
}

impl Grow<'_> {
    fn note(&mut self, what: &str) {
        self.uses.push(what.to_owned());
    }

    // ---- statements

    fn statements(&mut self, count: usize, depth: usize) {
        let vars = self.vars.len();
        for _ in 0..count {
            self.statement(depth);
        }
        self.vars.truncate(vars);
    }

    fn action(&mut self, inside: &str) {
        let (mut left, mut right) = ("{{ ", " }}");
        if self.random.percent(15) {
            self.note("{{trim}}");
            left = "{{- ";
        }
        if self.random.percent(15) {
            right = " -}}";
        }
        self.text += left;
        self.text += inside;
        self.text += right;
    }

    fn statement(&mut self, depth: usize) {
        let choice = self.random.below(if depth == 0 { 56 } else { 100 });
        match choice {
            0..28 => {
                let pipe = self.pipeline(2);
                self.action(&pipe);
            }
            28..30 => self.shared_list(),
            30..38 => self.text += ["text", " \n", "a: b\n", "\t x"][self.random.below(4)],
            38..44 => {
                let name = format!("$v{}", self.vars.len());
                let pipe = self.pipeline(2);
                self.note("{{:=}}");
                self.action(&format!("{name} := {pipe}"));
                self.vars.push(name);
            }
            44..47 => {
                if let Some(name) = self.vars.last().cloned() {
                    let pipe = self.pipeline(1);
                    self.note("{{=}}");
                    self.action(&format!("{name} = {pipe}"));
                }
            }
            47..49 => {
                self.note("{{comment}}");
                self.text += ["{{/* c */}}", "{{- /* c */ -}}"][self.random.below(2)];
            }
            49..53 => {
                let argument = self.argument();
                self.note("{{template}}");
                let name = ["\"named\"", "\"twice\"", "`named`"][self.random.below(3)];
                self.action(&format!("template {name} {argument}"));
            }
            53..56 if self.loops > 0 => {
                let word = ["break", "continue"][self.random.below(2)];
                self.note(&format!("{{{{{word}}}}}"));
                let condition = self.expression(Type::Bool, 1);
                let condition = self.rooted(condition);
                self.text += &format!("{{{{ if {condition} }}}}{{{{ {word} }}}}{{{{ end }}}}");
            }
            53..56 => self.text.push(';'),
            56..72 => self.branch("if", depth),
            72..84 => self.branch("with", depth),
            84..97 => self.range(depth),
            _ => {
                let argument = if self.random.percent(80) { "$".to_owned() } else { self.argument() };
                let number = self.uses.len();
                self.note("{{block}}");
                self.text += &format!("{{{{ block \"b{number}\" {argument} }}}}");
                let loops = std::mem::take(&mut self.loops);
                let inside = std::mem::replace(&mut self.inside, false);
                let vars = std::mem::take(&mut self.vars);
                self.statements(1, 0);
                self.loops = loops;
                self.inside = inside;
                self.vars = vars;
                self.text += "{{ end }}";
            }
        }
    }

    /// A list of which parts are taken, also beyond its end, and which is sorted: all who hold its array see that.
    fn shared_list(&mut self) {
        self.note("shared list");
        let made = *self.random.pick(pool::MADE_LISTS);
        let made = self.rooted(made.to_owned());
        self.text += &format!("{{{{ $l := {made} }}}}{{{{ $p := $l }}}}");
        for _ in 0..1 + self.random.below(4) {
            let (from, to) = (self.random.below(3), self.random.below(9));
            let list = *self.random.pick(&["$l", "$p"]);
            self.text += &match self.random.below(6) {
                0..3 => format!("{{{{ $p = slice {list} {from} {to} }}}}"),
                3 => format!("{{{{ $p = sortAlpha {list} }}}}"),
                4 => format!(
                    "{{{{ range $i, $e := {list} }}}}{{{{ $e }}}}{{{{ $p = toStrings $l | sortAlpha }}}}{{{{ end }}}}"
                ),
                _ => format!("{{{{ $p = append {list} {from} }}}}"),
            };
        }
        self.text += "{{ $l }}{{ $p }}";
    }

    fn branch(&mut self, word: &str, depth: usize) {
        self.note(&format!("{{{{{word}}}}}"));
        let condition = self.pipeline(1);
        self.action(&format!("{word} {condition}"));
        let inside = self.inside;
        self.inside |= word == "with";
        self.statements(1, depth - 1);
        if self.random.percent(25) {
            self.note(&format!("{{{{else {word}}}}}"));
            let condition = self.pipeline(1);
            self.action(&format!("else {word} {condition}"));
            self.statements(1, depth - 1);
        }
        if self.random.percent(50) {
            self.note("{{else}}");
            self.action("else");
            self.inside = inside;
            self.statements(1, depth - 1);
        }
        self.inside = inside;
        self.action("end");
    }

    fn range(&mut self, depth: usize) {
        self.note("{{range}}");
        let over = match self.random.below(20) {
            0..8 => format!(".Values.{}", self.random.pick(pool::LISTS)),
            8..14 => format!(".Values.{}", self.random.pick(pool::MAPS)),
            14..17 => self.random.pick(&["3", "until 3", "list 1 2", "5"]).to_string(),
            17 => self
                .random
                .pick(&[".Values.nope", ".Values.s", "nil", ".Values.i", ".Values.n64"])
                .to_string(),
            _ => self.expression(Type::LIST, 1),
        };
        let n = self.vars.len();
        let vars = match self.random.below(4) {
            0 => {
                self.note("{{range 1 var}}");
                self.vars.push(format!("$v{n}"));
                format!("$v{n} := ")
            }
            1 => {
                self.note("{{range 2 vars}}");
                self.vars.push(format!("$v{n}"));
                self.vars.push(format!("$v{}", n + 1));
                format!("$v{n}, $v{} := ", n + 1)
            }
            2 if n > 0 => {
                self.note("{{range assign}}");
                format!("$v{} = ", n - 1)
            }
            _ => String::new(),
        };
        let over = self.rooted(over);
        self.action(&format!("range {vars}{over}"));
        self.loops += 1;
        let inside = std::mem::replace(&mut self.inside, true);
        let count = 1 + self.random.below(2);
        self.statements(count, depth - 1);
        self.loops -= 1;
        self.inside = inside;
        if self.random.percent(30) {
            self.note("{{else}}");
            self.action("else");
            self.statements(1, depth - 1);
        }
        self.action("end");
        self.vars.truncate(n);
    }

    // ---- expressions

    fn pipeline(&mut self, depth: usize) -> String {
        let text = self.grow_pipeline(depth);
        self.rooted(text)
    }

    /// Where the dot is an item, what is looked for in the scope is looked for from its root, mostly.
    fn rooted(&mut self, text: String) -> String {
        if !self.inside || self.random.percent(2) {
            return text;
        }
        let mut text = text;
        for key in ["Values", "Release", "Chart", "Capabilities", "Template", "Files"] {
            text = text.replace(&format!(" .{key}"), &format!(" $.{key}"));
            text = text.replace(&format!("(.{key}"), &format!("($.{key}"));
            if text.starts_with(&format!(".{key}")) {
                text.insert(0, '$');
            }
        }
        text
    }

    fn argument(&mut self) -> String {
        let text = self.expression(Type::Any, 1);
        self.rooted(text)
    }

    fn grow_pipeline(&mut self, depth: usize) -> String {
        if self.random.percent(12) {
            let (mut name, mut text) = *self.random.pick(&self.shapes);
            if pool::FAILING.contains(&name) && self.random.percent(85) {
                (name, text) = ("hello", "hello");
            }
            self.note(name);
            return text.to_owned();
        }
        if self.random.percent(35) {
            let argument = self.random.below(2) == 0;
            let value = self.expression(if argument { Type::String } else { Type::Any }, depth);
            if let Some(stage) = self.stage(if argument { Type::String } else { Type::Any }, depth) {
                self.note("pipe");
                return format!("{} | {stage}", strip(&value));
            }
        }
        match self.random.below(10) {
            0..8 => {
                let func = self.any_function();
                self.call(func, func.params.len(), depth)
            }
            _ => {
                let value = self.expression(Type::Any, depth);
                strip(&value)
            }
        }
    }

    fn is_shape(name: &str) -> bool {
        pool::SHAPES.iter().any(|(shape, _)| *shape == name)
    }

    fn any_function(&mut self) -> &'static Func {
        loop {
            let func = *self.random.pick(&self.functions);
            if !Self::is_shape(func.name) {
                return func;
            }
        }
    }

    /// A call that still wants its last argument, of that type.
    fn stage(&mut self, given: Type, depth: usize) -> Option<String> {
        for _ in 0..20 {
            let func = self.any_function();
            let last = *func.params.last()?;
            // What is no time counts as now.
            if func.name.starts_with("date") {
                continue;
            }
            if last == given || (given == Type::String && matches!(last, Type::Any | Type::Reflect)) {
                return Some(self.call(func, func.params.len() - 1, depth));
            }
        }
        None
    }

    fn call(&mut self, func: &'static Func, arguments: usize, depth: usize) -> String {
        self.note(func.name);
        let mut text = func.name.to_owned();
        let more = if func.variadic { self.random.below(3) } else { 0 };
        let mut count = arguments + more;
        if func.variadic && self.random.percent(30) {
            count = count.saturating_sub(1);
        }
        // Pairs, or else the last key has no value.
        if func.name == "dict" && !count.is_multiple_of(2) {
            count += 1;
        }
        let compared = *self.random.pick(&[Type::String, Type::Float64, Type::INT, Type::INT64]);
        for i in 0..count {
            let mut ty = func.params[i.min(func.params.len() - 1)];
            if func.name == "dict" && i.is_multiple_of(2) {
                ty = Type::String;
            }
            if matches!(func.name, "eq" | "ne" | "lt" | "le" | "gt" | "ge") && self.random.percent(93) {
                ty = compared;
            }
            let grammar = pool::GRAMMARS.iter().find(|(name, at, _)| *name == func.name && *at == i);
            text.push(' ');
            text += &match grammar {
                Some((_, _, literals)) if *literals == pool::TIMES || self.random.percent(96) => {
                    let mut literal: &str = self.random.pick::<&str>(literals);
                    while pool::BAD.contains(&literal) && self.random.percent(90) {
                        literal = self.random.pick::<&str>(literals);
                    }
                    literal.to_owned()
                }
                _ => self.operand(func.name, i, ty, depth),
            };
        }
        text
    }

    /// An argument: mostly of the right type, by the function's family where the type says nothing.
    fn operand(&mut self, function: &str, at: usize, ty: Type, depth: usize) -> String {
        if self.random.percent(1) {
            self.note("wrong type");
            return self.expression(Type::Any, depth.min(1));
        }
        if matches!(ty, Type::Any) {
            let wants = pool_type(function, at);
            return self.expression(wants, depth.saturating_sub(1));
        }
        self.expression(ty, depth.saturating_sub(1))
    }

    fn expression(&mut self, ty: Type, depth: usize) -> String {
        if depth > 0 && self.random.percent(35) {
            for _ in 0..40 {
                let func = self.any_function();
                let fits = func.result == ty || (ty == Type::Any && self.random.percent(50));
                if fits && !matches!(func.name, "tpl" | "include") {
                    self.note("parentheses");
                    let call = self.call(func, func.params.len(), depth - 1);
                    if ty == Type::Any && self.random.percent(5) {
                        self.note("chain");
                        return format!("({call}).a");
                    }
                    return format!("({call})");
                }
            }
        }
        if !self.vars.is_empty() && ty == Type::Any && self.random.percent(25) {
            return self.random.pick(&self.vars).clone();
        }
        self.note("literal");
        match ty {
            Type::String => match self.random.below(2) {
                0 => self.random.pick(pool::TEXTS).to_string(),
                _ => format!(".Values.{}", self.random.pick(pool::STRINGS)),
            },
            Type::Bool => self.random.pick(&["true", "false", ".Values.t", ".Values.ff"]).to_string(),
            Type::Int(IntKind::Int) => self.random.pick(pool::COUNTS).to_string(),
            Type::Int(_) => format!("(int64 {})", self.random.pick(pool::NUMBERS)),
            Type::Uint(_) => self.random.pick(&["1", "2", "0"]).to_string(),
            Type::Float64 => self.random.pick(&["1.5", "2.0", ".Values.f", "0.1", ".Values.big"]).to_string(),
            Type::List(_) => match self.random.below(3) {
                0 => "(list 1 \"a\" nil)".to_owned(),
                1 => r#"(list "b" "a" "b")"#.to_owned(),
                _ => format!(".Values.{}", self.random.pick(pool::LISTS)),
            },
            Type::Map(_) => match self.random.below(3) {
                0 => r#"(dict "a" 1 "k" "v")"#.to_owned(),
                1 => r#"(deepCopy .Values.nest)"#.to_owned(),
                _ => format!(".Values.{}", self.random.pick(pool::MAPS)),
            },
            Type::Object("time.Time") => r#"(toDate "2006-01-02" "2020-02-29")"#.to_owned(),
            Type::Object(_) => r#"(semver "1.2.3")"#.to_owned(),
            _ => self.anything(),
        }
    }

    fn anything(&mut self) -> String {
        match self.random.below(12) {
            0..6 => format!(".Values.{}", self.random.pick(pool::ALL)),
            6 => self.random.pick(pool::TEXTS).to_string(),
            7 => self.random.pick(pool::NUMBERS).to_string(),
            8 => self.random.pick(&["nil", "true", "false"]).to_string(),
            9 => {
                self.note("object");
                let objects = [
                    ".Release.Name",
                    ".Chart.Name",
                    ".Capabilities.KubeVersion.Version",
                    ".Template.Name",
                    r#"(.Files.Get "f.txt")"#,
                    r#"(.Capabilities.APIVersions.Has "v1")"#,
                    ".Chart.Keywords",
                    r#"((semver "1.2.3-a").Major)"#,
                    ".Release.Revision",
                    r#"(.Files.Lines "f.txt")"#,
                ];
                self.random.pick(&objects).to_string()
            }
            10 => self
                .random
                .pick(&["$.Values.s", ".Values.nest.k.l.m", ".Values.d.a", ".Values.nope.x"])
                .to_string(),
            _ => self
                .random
                .pick(&["(list)", "(dict)", "(until 3)", "(list 1 2.5)", "(dict \"a\" nil)"])
                .to_string(),
        }
    }
}

/// What a parameter of type `interface {}` is meant for.
fn pool_type(function: &str, at: usize) -> Type {
    const LISTS: &[&str] = &[
        "first",
        "last",
        "rest",
        "initial",
        "append",
        "push",
        "prepend",
        "reverse",
        "uniq",
        "without",
        "compact",
        "slice",
        "mustFirst",
        "mustLast",
        "mustRest",
        "mustInitial",
        "mustAppend",
        "mustPush",
        "mustPrepend",
        "mustReverse",
        "mustUniq",
        "mustWithout",
        "mustCompact",
        "mustSlice",
        "sortAlpha",
        "toStrings",
        "concat",
    ];
    let number = Type::Float64;
    match (function, at) {
        ("slice" | "mustSlice", 1..) => Type::INT,
        ("concat", _) => Type::LIST,
        ("has" | "mustHas" | "chunk" | "mustChunk" | "join", 1) => Type::LIST,
        ("dig", 0) => Type::String,
        ("dig", _) => Type::MAP,
        (name, 0) if LISTS.contains(&name) => Type::LIST,
        (
            "add" | "sub" | "mul" | "max" | "min" | "addf" | "mulf" | "subf" | "maxf" | "minf" | "floor"
            | "ceil",
            _,
        ) => number,
        ("div" | "mod" | "divf", _) => number,
        ("index", 0) => Type::MAP,
        ("index", _) => Type::String,
        ("len", _) => Type::String,
        _ => Type::Any,
    }
}

/// Without outer parentheses where nothing follows them.
fn strip(text: &str) -> String {
    let inner = text.strip_prefix('(').and_then(|t| t.strip_suffix(')'));
    match inner {
        Some(inner) if !inner.contains(['(', ')']) => inner.to_owned(),
        _ => text.to_owned(),
    }
}
