//! What the executor's stack holds: variables, and the statement lists that are under way.

use source::{FrameId, OriginId};

use super::eval;
use super::trace::Missing;
use super::{Slot, Template};
use crate::parse::{NodeRef, Range32};
use crate::value::{Data, Text, Type, Value};

pub(super) struct Var {
    pub(super) id: u32,
    pub(super) slot: Slot,
    /// The frame that it was declared in.
    pub(super) frame: FrameId,
}

/// What a statement list belongs to.
pub(super) enum FrameKind {
    /// A template: what to go back to.
    Call(Box<Caller>),
    /// `if` and `with`, with what it could have been instead.
    Branch(Option<Missing>),
    /// The `else` of a `range`: a `break` in there ends this range and not the one around it, as in Go.
    RangeElse,
    /// `range`.
    Range(Box<Iteration>),
}

/// The state of a template that called another.
pub(super) struct Caller {
    pub(super) template: Template,
    pub(super) base: usize,
    pub(super) at: NodeRef,
}

pub(super) struct Frame {
    pub(super) kind: FrameKind,
    /// Index of the next statement and of the last.
    pub(super) next: u32,
    pub(super) end: u32,
    /// The dot to go back to.
    pub(super) dot: Slot,
    /// How many variables there were.
    pub(super) mark: usize,
    /// The frame of origins around it.
    pub(super) origin: FrameId,
}

/// A `range` under way.
pub(super) struct Iteration {
    pub(super) over: Over,
    /// The origin of what is gone through.
    pub(super) whole: OriginId,
    /// Whether it is a list of which it is known that something decided over its items.
    pub(super) shaped: bool,
    pub(super) body: Range32,
    pub(super) decls: [u32; 2],
    pub(super) decl_count: u8,
    pub(super) is_assign: bool,
    /// How many variables there are at the start of each turn.
    pub(super) mark: usize,
    /// The frame of origins around all turns.
    pub(super) outer: FrameId,
    pub(super) call: Range32,
}

pub(super) enum Over {
    Int(Value, u64, u64),
    List(Value, usize),
    Map(std::vec::IntoIter<(Text, Value)>, Type),
}

impl Over {
    /// The next index and element.
    pub(super) fn next(&mut self) -> Option<(Slot, Slot)> {
        match self {
            Over::Int(of, at, end) => {
                if at >= end {
                    return None;
                }
                let data = match of.data {
                    Data::Uint(kind, _) => Data::Uint(kind, *at),
                    Data::Int(kind, _) => Data::Int(kind, *at as i64),
                    _ => Data::Nil,
                };
                *at += 1;
                Some((Slot::default(), Slot::new(Value { data, origin: of.origin })))
            }
            Over::List(value, at) => {
                let item = eval::element(value, *at)?;
                let index = Value::int(*at as i64).with_origin(value.origin);
                *at += 1;
                Some((Slot::new(index), item))
            }
            Over::Map(entries, ty) => {
                let (key, value) = entries.next()?;
                Some((Slot::new(Value::str(key)), Slot::element(value, *ty)))
            }
        }
    }
}
