//! What a CustomResourceDefinition says of values, beyond fields and types.

use yaml::Node;

use super::decode::{Step, Walk};
use crate::schema::Type;

pub(super) fn null<'a>(_walk: &mut Walk<'a, '_>, _node: Node<'a>, _ty: Type<'a>, _step: Step<'a>) {}
pub(super) fn judge<'a>(_walk: &mut Walk<'a, '_>, _node: Node<'a>, _ty: Type<'a>, _step: Step<'a>) {}
pub(super) fn collection<'a>(_walk: &mut Walk<'a, '_>, _node: Node<'a>, _ty: Type<'a>) {}
