//! Expressions: pipelines, fields, calls and the check of arguments against a function's Go signature.

use std::rc::Rc;

use smallvec::SmallVec;
use source::{Chain, OriginId};

use super::{Exec, Fail, File, Slot};
use crate::error::Error;
use crate::func::{Args, Cx, Func};
use crate::parse::{ExprKind, NodeRef, Number, Range32};
use crate::strconv::quote;
use crate::value::{Data, IntKind, List, Map, Type, UintKind, Value};

/// An element of a list or of bytes.
pub(super) fn element(list: &Value, at: usize) -> Option<Slot> {
    match &list.data {
        Data::List(items) => {
            let value = items.get(at)?.clone();
            Some(Slot::element(value, items.ty()))
        }
        Data::Bytes(_) => {
            let byte = *list.raw()?.get(at)?;
            let data = Data::Uint(UintKind::Uint8, u64::from(byte));
            Some(Slot::new(Value { data, origin: list.origin }))
        }
        _ => None,
    }
}

/// The nil of an interface, as a parameter of type `reflect.Value` sees it: a value, other than no value at all.
static NIL_INTERFACE: Type = Type::Any;

/// Functions that hand a list or a dict on, or only look at the outside of it.
const SHALLOW: &[&str] = &[
    "include",
    "tpl",
    "lookup",
    "kindOf",
    "kindIs",
    "typeOf",
    "typeIs",
    "typeIsLike",
    "hasKey",
    "empty",
    "not",
    "len",
    "get",
    "dig",
    "index",
    "default",
    "coalesce",
    "ternary",
    "required",
    "first",
    "mustFirst",
    "last",
    "mustLast",
    "all",
    "any",
];

/// Functions that make a dict of the entries of others.
const KEEPING: &[&str] = &[
    "set",
    "unset",
    "omit",
    "pick",
    "merge",
    "mustMerge",
    "mergeOverwrite",
    "mustMergeOverwrite",
    "deepCopy",
    "mustDeepCopy",
    "fromYaml",
    "fromJson",
];

/// Functions that make a list of the keys of dicts, each of which knows itself where it came from.
const LISTING: &[&str] = &["keys", "sortAlpha"];

/// How a command is called: its operands (the first is what is called) and what comes through the pipe.
#[derive(Clone, Copy)]
struct Call<'a> {
    args: Range32,
    piped: Option<&'a Slot>,
}

const NO_ARGS: Call<'static> = Call { args: Range32 { start: 0, end: 0 }, piped: None };

impl Call<'_> {
    fn has_args(&self) -> bool {
        self.args.len() > 1 || self.piped.is_some()
    }
}

impl<const TRACE: bool> Exec<'_, TRACE> {
    pub(super) fn eval_pipe(&mut self, file: &File, dot: &Slot, index: u32) -> Result<Slot, Fail> {
        let Some(pipe) = file.ast.pipes.get(index as usize).copied() else { return Ok(Slot::default()) };
        self.at = NodeRef::Pipe(index);
        let mut value: Option<Slot> = None;
        for cmd in pipe.cmds.start..pipe.cmds.end {
            let piped = value.take();
            value = Some(self.eval_command(file, dot, cmd, piped.as_ref())?.unbox());
        }
        let value = value.unwrap_or_default();
        for id in &pipe.decls[..usize::from(pipe.decl_count).min(2)] {
            if pipe.is_assign {
                self.assign(*id, value.clone())?;
            } else {
                self.declare(*id, value.clone());
            }
        }
        Ok(value)
    }

    fn eval_command(
        &mut self,
        file: &File,
        dot: &Slot,
        cmd: u32,
        piped: Option<&Slot>,
    ) -> Result<Slot, Fail> {
        let args = file.ast.cmds[cmd as usize].args;
        let call = Call { args, piped };
        let first = args.start;
        let expr = file.ast.exprs[first as usize];
        match expr.kind {
            ExprKind::Field(names) => {
                self.at = NodeRef::Expr(first);
                self.eval_fields(file, dot, dot.clone(), first, names, call)
            }
            ExprKind::Chain(of, names) => self.eval_chain(file, dot, first, of, names, call),
            ExprKind::Func(func) => {
                self.at = NodeRef::Expr(first);
                self.eval_call(file, dot, func, None, NodeRef::Cmd(cmd), call)
            }
            ExprKind::Pipe(pipe) => {
                self.not_a_function(file, call)?;
                self.nested_pipe(file, dot, pipe)
            }
            ExprKind::Var(id, names) => self.eval_variable(file, dot, first, id, names, call),
            kind => {
                self.at = NodeRef::Expr(first);
                self.not_a_function(file, call)?;
                match kind {
                    ExprKind::Dot => Ok(dot.clone()),
                    ExprKind::Nil => Err(self.fail("nil is not a command")),
                    _ => self.literal_value(file, kind),
                }
            }
        }
    }

    fn nested_pipe(&mut self, file: &File, dot: &Slot, pipe: u32) -> Result<Slot, Fail> {
        // Ten thousand parentheses may be nested.
        stacker::maybe_grow(128 << 10, 2 << 20, || self.eval_pipe(file, dot, pipe))
    }

    fn not_a_function(&mut self, file: &File, call: Call<'_>) -> Result<(), Fail> {
        if !call.has_args() {
            return Ok(());
        }
        let node = file.ast.print(NodeRef::Expr(call.args.start));
        Err(self.fail(format!("can't give argument to non-function {node}")))
    }

    /// The value of a constant in a place without a type.
    fn literal_value(&mut self, file: &File, kind: ExprKind) -> Result<Slot, Fail> {
        let value = match kind {
            ExprKind::Bool(value) => Value::bool(value),
            ExprKind::Str(index, _) => file.string(index),
            ExprKind::Number(index) => {
                let number = &file.ast.numbers[index as usize];
                match ideal(number, file.ast.slice(number.text)) {
                    Some(value) => value,
                    None => {
                        let text = String::from_utf8_lossy(file.ast.slice(number.text)).into_owned();
                        return Err(self.fail(format!("{text} overflows int")));
                    }
                }
            }
            _ => Value::NIL,
        };
        Ok(Slot::new(value))
    }

    fn eval_variable(
        &mut self,
        file: &File,
        dot: &Slot,
        node: u32,
        id: u32,
        names: Range32,
        call: Call<'_>,
    ) -> Result<Slot, Fail> {
        self.at = NodeRef::Expr(node);
        let value = self.variable(id)?;
        if names.is_empty() {
            self.not_a_function(file, call)?;
            return Ok(value);
        }
        self.eval_fields(file, dot, value, node, names, call)
    }

    fn eval_chain(
        &mut self,
        file: &File,
        dot: &Slot,
        node: u32,
        of: u32,
        names: Range32,
        call: Call<'_>,
    ) -> Result<Slot, Fail> {
        self.at = NodeRef::Expr(node);
        self.at = NodeRef::Expr(of);
        let value = match file.ast.exprs[of as usize].kind {
            ExprKind::Pipe(pipe) => self.nested_pipe(file, dot, pipe)?,
            ExprKind::Func(func) => self.eval_call(file, dot, func, None, NodeRef::Expr(of), NO_ARGS)?,
            ExprKind::Chain(inner, inner_names) => {
                self.eval_chain(file, dot, of, inner, inner_names, NO_ARGS)?
            }
            _ => Slot::default(),
        };
        self.eval_fields(file, dot, value, node, names, call)
    }

    fn eval_fields(
        &mut self,
        file: &File,
        dot: &Slot,
        mut receiver: Slot,
        node: u32,
        names: Range32,
        call: Call<'_>,
    ) -> Result<Slot, Fail> {
        for at in names.start..names.end {
            let name = file.ast.slice(file.ast.idents[at as usize]);
            let call = if at + 1 == names.end { call } else { NO_ARGS };
            receiver = self.eval_field(file, dot, receiver, node, name, call)?;
        }
        Ok(receiver)
    }

    fn eval_field(
        &mut self,
        file: &File,
        dot: &Slot,
        receiver: Slot,
        node: u32,
        name: &[u8],
        call: Call<'_>,
    ) -> Result<Slot, Fail> {
        // The common case first: a key of a plain map.
        if let Data::Map(map) = &receiver.value.data
            && !call.has_args()
            && map.ty().methods().is_empty()
            && let Some(value) = map.get(name)
        {
            if TRACE {
                map.note_read(name);
            }
            let value = if TRACE { self.reached(value, receiver.value.origin) } else { value };
            return Ok(Slot::element(value, map.ty()));
        }
        let shown = || String::from_utf8_lossy(name).into_owned();
        if receiver.is_invalid() {
            if self.options.strict {
                return Err(self.fail(format!("nil data; no entry for key {}", quote(name))));
            }
            return Ok(receiver);
        }
        let ty = receiver.ty();
        if receiver.boxed && receiver.value.is_nil() {
            return Err(self.fail(format!("nil pointer evaluating {ty}.{}", shown())));
        }
        let methods = match &receiver.value.data {
            Data::Object(object) => object.methods(),
            _ => receiver.value.ty().methods(),
        };
        if let Some(method) = methods.iter().find(|m| m.name.as_bytes() == name) {
            if TRACE {
                super::reads::whole(&receiver.value);
            }
            let at = NodeRef::Expr(node);
            return self.eval_call(file, dot, method, Some(receiver.value), at, call);
        }
        match &receiver.value.data {
            Data::Object(object) => {
                if let Some(value) = std::str::from_utf8(name).ok().and_then(|n| object.field(n)) {
                    if call.has_args() {
                        let name = shown();
                        let text = format!("{name} has arguments but cannot be invoked as function");
                        return Err(self.fail(text));
                    }
                    let ty = object.field_type(&shown()).unwrap_or(Type::Any);
                    // A field of what a function made came from all that the function was given.
                    let whole = receiver.value.origin;
                    let value = match value.origin {
                        _ if !TRACE => value,
                        OriginId::UNKNOWN => value.with_origin(whole),
                        _ => self.also(value, whole),
                    };
                    return Ok(Slot { boxed: ty == Type::Any, value });
                }
            }
            Data::Map(map) => {
                if call.has_args() {
                    return Err(self.fail(format!("{} is not a method but has arguments", shown())));
                }
                if TRACE {
                    map.note_read(name);
                }
                if let Some(value) = map.get(name) {
                    let value = if TRACE { self.reached(value, receiver.value.origin) } else { value };
                    return Ok(Slot::element(value, map.ty()));
                }
                if self.options.strict {
                    return Err(self.fail(format!("map has no entry for key {}", quote(name))));
                }
                let mut nothing = zero(map.ty().elem());
                if TRACE {
                    let why = map.removed_by(name).unwrap_or(map.shape());
                    nothing = nothing.with_origin(self.union(receiver.value.origin, why));
                }
                return Ok(Slot::element(nothing, map.ty()));
            }
            Data::NilPtr(_) => {
                return Err(self.fail(format!("nil pointer evaluating {ty}.{}", shown())));
            }
            _ => {}
        }
        Err(self.fail(format!("can't evaluate field {} in type {ty}", shown())))
    }

    // ---- calls

    fn eval_call(
        &mut self,
        file: &File,
        dot: &Slot,
        func: &'static Func,
        receiver: Option<Value>,
        node: NodeRef,
        call: Call<'_>,
    ) -> Result<Slot, Fail> {
        let (first, end) = (call.args.start + 1, call.args.end.max(call.args.start + 1));
        let given = (end - first) as usize;
        let count = given + usize::from(call.piped.is_some());
        let params = func.params;
        let fixed = if func.variadic { params.len() - 1 } else { params.len() };
        if func.variadic && count < fixed {
            let name = func.name;
            return Err(
                self.fail(format!("wrong number of args for {name}: want at least {fixed} got {given}"))
            );
        }
        if !func.variadic && count != fixed {
            let name = func.name;
            return Err(self.fail(format!("wrong number of args for {name}: want {fixed} got {count}")));
        }
        if receiver.is_none() && func.params.first() == Some(&Type::Reflect) && func.variadic {
            match func.name {
                "and" => return self.short_circuit(file, dot, first..end, call.piped, false),
                "or" => return self.short_circuit(file, dot, first..end, call.piped, true),
                _ => {}
            }
        }
        let mut values: SmallVec<[Value; 5]> = SmallVec::new();
        values.extend(receiver);
        let own = values.len();
        for arg in first..end {
            let at = values.len() - own;
            let ty = params.get(at.min(params.len().saturating_sub(1))).copied().unwrap_or(Type::Any);
            let value = self.eval_arg(file, dot, ty, arg)?;
            values.push(value);
        }
        if let Some(piped) = call.piped {
            let at = values.len() - own;
            let ty = params.get(at.min(params.len().saturating_sub(1))).copied().unwrap_or(Type::Any);
            let value = self.check(piped.clone(), ty)?;
            values.push(value);
        }
        if func.name == "call" && own == 0 {
            // Go shows the callee as the template writes it.
            let name = match (given, call.piped) {
                (0, Some(piped)) => crate::fmt::sprint(&piped.value).lossy().into_owned(),
                _ => file.ast.print(NodeRef::Expr(first)),
            };
            let cause = crate::builtins::not_callable(&name, &values[0]);
            self.at = node;
            return Err(Box::new(self.located("error calling call".to_owned(), Some(cause))));
        }
        let inputs: SmallVec<[Value; 5]> = if TRACE { values.clone() } else { SmallVec::new() };
        if TRACE {
            // Templates that the function calls are called from here.
            self.at = node;
            super::reads::call(func.name, SHALLOW.contains(&func.name), &values[own..]);
        }
        let (profile, limit) = (self.options.profile, self.reserved);
        let outer_drew = std::mem::replace(&mut self.drew, false);
        let mut cx = Cx { host: self, profile, traced: TRACE };
        let result = (func.call)(&mut cx, Args::new(&mut values));
        let drew = std::mem::replace(&mut self.drew, outer_drew);
        // What one call made counts against that call, as most of it is soon gone, and less strictly against all.
        let made = limit - self.reserved;
        self.reserved = limit;
        match result.and_then(|value| self.account(value, made)) {
            Ok(value) => {
                let mut value = if TRACE { self.derive(func, value, &inputs) } else { value };
                if TRACE && drew {
                    let by = self.span(file, file.ast.extent(node));
                    let origin = self.intern(Chain::Generated { by, data: value.origin });
                    value = value.with_origin(origin);
                }
                Ok(Slot { boxed: func.result == Type::Any, value })
            }
            Err(cause) => {
                self.at = node;
                Err(Box::new(self.located(format!("error calling {}", func.name), Some(cause))))
            }
        }
    }

    /// Counts what a call made: what it asked room for, or what its result is if nobody else has that.
    fn account(&mut self, value: Value, asked: usize) -> Result<Value, Error> {
        let made = asked.max(value.own_size());
        if made > self.limits.memory {
            return Err(Error::too_large(self.limits.memory));
        }
        self.left = self.left.checked_sub(made).ok_or_else(|| Error::too_large(self.limits.total))?;
        Ok(value)
    }

    /// A result without an origin of its own comes from all arguments.
    fn derive(&mut self, func: &Func, value: Value, inputs: &[Value]) -> Value {
        if value.origin != OriginId::UNKNOWN
            || value.raw().is_some_and(|t| t.is_segmented())
            || matches!(func.name, "dict" | "list" | "tuple" | "get")
            || is_about_templates(func, inputs)
        {
            return value;
        }
        if KEEPING.contains(&func.name) && matches!(value.data, Data::Map(_)) {
            // Its entries know themselves where they came from, and what decided which ones there are is noted at it.
            let of = inputs.first().map_or(OriginId::UNKNOWN, |input| input.origin);
            return value.with_origin(of);
        }
        if LISTING.contains(&func.name)
            && let Data::List(list) = &value.data
        {
            let (mut of, mut shape) = (OriginId::UNKNOWN, list.shape());
            for input in inputs {
                let outside = self.flat(input);
                of = self.union(of, input.origin);
                shape = self.union(shape, outside);
            }
            list.note_shape(shape);
            return value.with_origin(of);
        }
        // What is said of a list or a dict as a whole depends on all that is in it, but for the questions that only
        // look at the outside.
        let is_deep = !matches!(value.data, Data::List(_) | Data::Map(_)) && !SHALLOW.contains(&func.name);
        let mut all = OriginId::UNKNOWN;
        for input in inputs {
            let origin = match input.data {
                Data::List(_) | Data::Map(_) if is_deep => {
                    let profile = self.options.profile;
                    Cx { host: self, profile, traced: TRACE }.union_deep(input)
                }
                _ if matches!(func.name, "not" | "empty") => self.truth_of(input),
                _ => self.flat(input),
            };
            all = self.union(all, origin);
        }
        value.with_origin(all)
    }

    fn short_circuit(
        &mut self,
        file: &File,
        dot: &Slot,
        args: std::ops::Range<u32>,
        piped: Option<&Slot>,
        stop_at: bool,
    ) -> Result<Slot, Fail> {
        let mut value = Value::NIL;
        let mut read = source::OriginId::UNKNOWN;
        let mut are_flags = true;
        for arg in args.clone() {
            value = self.eval_arg(file, dot, Type::Reflect, arg)?;
            let is_decisive = value.truth() == stop_at;
            if TRACE {
                are_flags &= matches!(value.data, Data::Bool(_));
                if is_decisive && are_flags {
                    // Whatever the flags before it say, the answer is this one or the same.
                    value.origin = self.decided_by(file, dot, &value, arg + 1..args.end);
                } else if read != source::OriginId::UNKNOWN {
                    value = self.also(value, read);
                }
                read = self.truth_of(&value);
                self.follow(u64::from(arg) << 1 | u64::from(is_decisive));
            }
            if is_decisive {
                return Ok(reflected(value));
            }
        }
        if let Some(piped) = piped {
            value = self.check(piped.clone(), Type::Reflect)?;
            if TRACE {
                value = self.also(value, read);
            }
        }
        Ok(reflected(value))
    }

    /// Evaluates an argument for a parameter of that type.
    fn eval_arg(&mut self, file: &File, dot: &Slot, ty: Type, node: u32) -> Result<Value, Fail> {
        self.at = NodeRef::Expr(node);
        let kind = file.ast.exprs[node as usize].kind;
        let slot = match kind {
            ExprKind::Dot => dot.clone(),
            ExprKind::Nil => {
                if ty.can_be_nil() {
                    return Ok(if ty == Type::Reflect { Value::NIL } else { zero(ty) });
                }
                return Err(self.fail(format!("cannot assign nil to {ty}")));
            }
            ExprKind::Field(names) => {
                let call = Call { args: Range32 { start: node, end: node + 1 }, piped: None };
                self.eval_fields(file, dot, dot.clone(), node, names, call)?
            }
            ExprKind::Var(id, names) => self.eval_variable(file, dot, node, id, names, NO_ARGS)?,
            ExprKind::Pipe(pipe) => self.nested_pipe(file, dot, pipe)?,
            ExprKind::Func(func) => self.eval_call(file, dot, func, None, NodeRef::Expr(node), NO_ARGS)?,
            ExprKind::Chain(of, names) => self.eval_chain(file, dot, node, of, names, NO_ARGS)?,
            ExprKind::Bool(_) | ExprKind::Number(_) | ExprKind::Str(..) => {
                return self.constant(file, ty, kind, node);
            }
        };
        self.check(slot, ty)
    }

    /// A constant takes the parameter's type, if it can.
    fn constant(&mut self, file: &File, ty: Type, kind: ExprKind, node: u32) -> Result<Value, Fail> {
        let number = match kind {
            ExprKind::Number(index) => file.ast.numbers.get(index as usize),
            _ => None,
        };
        let found = match ty {
            Type::Any | Type::Reflect => return self.literal_value(file, kind).map(|s| s.value),
            Type::Bool => match kind {
                ExprKind::Bool(value) => Ok(Data::Bool(value)),
                _ => Err("bool"),
            },
            Type::String => match kind {
                ExprKind::Str(index, _) => return Ok(file.string(index)),
                _ => Err("string"),
            },
            Type::Int(int) => {
                number.and_then(|n| n.int).map(|n| Data::Int(int, wrap_int(int, n))).ok_or("integer")
            }
            Type::Uint(uint) => number
                .and_then(|n| n.uint)
                .map(|n| Data::Uint(uint, wrap_uint(uint, n)))
                .ok_or("unsigned integer"),
            Type::Float64 => number.and_then(|n| n.float).map(Data::Float).ok_or("float"),
            Type::Complex128 => {
                number.and_then(|n| n.complex).map(|c| Data::Complex(Rc::new(c))).ok_or("complex")
            }
            Type::List(_) | Type::Map(_) | Type::Named(_) | Type::Object(_) => {
                let node = file.ast.print(NodeRef::Expr(node));
                return Err(self.fail(format!("can't handle {node} for arg of type {ty}")));
            }
        };
        found.map(Value::new).map_err(|wanted| {
            let node = file.ast.print(NodeRef::Expr(node));
            self.fail(format!("expected {wanted}; found {node}"))
        })
    }

    /// Whether the value can be given to a parameter of that type, by Go's rules of assignment.
    fn check(&mut self, slot: Slot, ty: Type) -> Result<Value, Fail> {
        if ty == Type::Reflect {
            if slot.boxed && slot.value.is_nil() {
                return Ok(Value { data: Data::NilPtr(&NIL_INTERFACE), origin: slot.value.origin });
            }
            return Ok(slot.value);
        }
        if ty == Type::Any {
            return Ok(slot.value);
        }
        if slot.is_invalid() {
            if ty.can_be_nil() {
                return Ok(zero(ty).with_origin(slot.value.origin));
            }
            return Err(self.fail(format!("invalid value; expected {ty}")));
        }
        if slot.value.is_nil() || !slot.value.ty().assignable_to(ty) {
            let got = if slot.value.is_nil() { Type::Any } else { slot.value.ty() };
            // One pointer is followed.
            if let (Type::Object(got), Type::Object(want)) = (got, ty)
                && got.strip_prefix('*') == Some(want)
            {
                return Ok(slot.value);
            }
            return Err(self.fail(format!("wrong type for value; expected {ty}; got {got}")));
        }
        Ok(slot.value)
    }
}

/// Whether it is asked if a text has actions in it. Who asks that hands the text to `tpl` or leaves it as it is, which
/// makes a difference to the actions and to nothing else of what the text becomes: so the rest of it decides nothing.
fn is_about_templates(func: &Func, inputs: &[Value]) -> bool {
    func.name == "contains" && inputs.first().and_then(Value::as_bytes) == Some(b"{{")
}

/// A result of type `reflect.Value`: the nil of an interface is told from no value again.
fn reflected(value: Value) -> Slot {
    match value.data {
        Data::NilPtr(ty) if *ty == Type::Any => Slot::boxed(Value::NIL.with_origin(value.origin)),
        _ => Slot::new(value),
    }
}

/// Go's zero value of a type, as an untyped slot holds it.
fn zero(ty: Type) -> Value {
    match ty {
        Type::Any | Type::Reflect => Value::NIL,
        Type::Bool => Value::bool(false),
        Type::Int(kind) => Value::new(Data::Int(kind, 0)),
        Type::Uint(kind) => Value::new(Data::Uint(kind, 0)),
        Type::Float64 => Value::float(0.0),
        Type::Complex128 => Value::new(Data::Complex(Rc::new((0.0, 0.0)))),
        Type::String => Value::str(""),
        Type::Map(_) => Value::new(Data::Map(Rc::new(Map::nil(ty)))),
        Type::List(_) => Value::new(Data::List(Rc::new(List::nil(ty)))),
        Type::Named(named) => match named.under {
            Type::Map(_) => Value::new(Data::Map(Rc::new(Map::nil(ty)))),
            _ => Value::new(Data::List(Rc::new(List::nil(ty)))),
        },
        Type::Object(_) => Value::NIL,
    }
}

/// A number constant in a place without a type; `None` where it overflows `int`.
fn ideal(number: &Number, text: &[u8]) -> Option<Value> {
    if let Some(complex) = number.complex {
        return Some(Value::new(Data::Complex(Rc::new(complex))));
    }
    let is_rune = text.first() == Some(&b'\'');
    let is_hex = matches!(text, [b'0', b'x' | b'X', _, ..]) && !text.iter().any(|b| b"pP".contains(b));
    if let Some(float) = number.float
        && !is_hex
        && !is_rune
        && text.iter().any(|b| b".eEpP".contains(b))
    {
        return Some(Value::float(float));
    }
    number.int.map(Value::int)
}

fn wrap_int(kind: IntKind, n: i64) -> i64 {
    match kind {
        IntKind::Int8 => i64::from(n as i8),
        IntKind::Int16 => i64::from(n as i16),
        IntKind::Int32 => i64::from(n as i32),
        _ => n,
    }
}

fn wrap_uint(kind: UintKind, n: u64) -> u64 {
    match kind {
        UintKind::Uint8 => u64::from(n as u8),
        UintKind::Uint16 => u64::from(n as u16),
        UintKind::Uint32 => u64::from(n as u32),
        _ => n,
    }
}
