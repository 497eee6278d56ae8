//! Lists: `list`, `first`, `append`, `uniq`, `slice` and their kind. All of them copy; none changes a list.
//!
//! Each has a twin whose name begins with `must`. In Sprig one panics where the other returns an error; the text is
//! the same.

use super::convert::{int64_of, items, items_or};
use super::equal::{Seen, equal};
use crate::func::Flag;
use crate::{Capacity, Cx, Data, Error, Func, List, ListRef, Rest, Ret, Type, Value, func};

/// The functions of this family.
pub static ALL: &[&Func] = &[
    &LIST,
    &TUPLE,
    &FIRST,
    &MUST_FIRST,
    &LAST,
    &MUST_LAST,
    &REST,
    &MUST_REST,
    &INITIAL,
    &MUST_INITIAL,
    &APPEND,
    &MUST_APPEND,
    &PUSH,
    &MUST_PUSH,
    &PREPEND,
    &MUST_PREPEND,
    &CONCAT,
    &REVERSE,
    &MUST_REVERSE,
    &UNIQ,
    &MUST_UNIQ,
    &WITHOUT,
    &MUST_WITHOUT,
    &HAS,
    &MUST_HAS,
    &COMPACT,
    &MUST_COMPACT,
    &SLICE,
    &MUST_SLICE,
    &CHUNK,
    &MUST_CHUNK,
];

/// A `[][]interface {}`.
pub struct Chunks(Vec<Value>);

impl Ret for Chunks {
    const TYPE: Type = Type::List(&Type::LIST);
    fn ret(self) -> Result<Value, Error> {
        Ok(ListRef::from(List::of(Self::TYPE, self.0)).into())
    }
}

func! {
    /// A list of the values.
    ///
    /// ```text
    /// {{ list 1 "a" nil }}  =>  [1 a <nil>]
    /// ```
    pub static LIST = "list"(_cx, values: Rest<Value>) -> ListRef {
        made(values.0)
    }

    /// The older name of `list`.
    ///
    /// ```text
    /// {{ tuple 1 2 }}  =>  [1 2]
    /// ```
    pub static TUPLE = "tuple"(_cx, values: Rest<Value>) -> ListRef {
        made(values.0)
    }

    /// The first item; nothing of an empty list.
    ///
    /// ```text
    /// {{ first (list 1 2) }}  =>  1
    /// {{ first "a" }}         =>  error: Cannot find first on type string
    /// ```
    pub static FIRST = "first"(_cx, list: Value) -> Result<Value, Error> {
        end(&list, "Cannot find first on type", false)
    }

    /// As `first`.
    ///
    /// ```text
    /// {{ mustFirst (list 1 2) }}  =>  1
    /// ```
    pub static MUST_FIRST = "mustFirst"(_cx, list: Value) -> Result<Value, Error> {
        end(&list, "Cannot find first on type", false)
    }

    /// The last item; nothing of an empty list.
    ///
    /// ```text
    /// {{ last (list 1 2) }}  =>  2
    /// ```
    pub static LAST = "last"(_cx, list: Value) -> Result<Value, Error> {
        end(&list, "Cannot find last on type", true)
    }

    /// As `last`.
    ///
    /// ```text
    /// {{ mustLast 5 }}  =>  error: Cannot find last on type int
    /// ```
    pub static MUST_LAST = "mustLast"(_cx, list: Value) -> Result<Value, Error> {
        end(&list, "Cannot find last on type", true)
    }

    /// All but the first item.
    ///
    /// ```text
    /// {{ rest (list 1 2 3) }}  =>  [2 3]
    /// ```
    pub static REST = "rest"(_cx, list: Value) -> Result<ListRef, Error> {
        most(&list, "Cannot find rest on type", 1, 0)
    }

    /// As `rest`.
    ///
    /// ```text
    /// {{ mustRest (list) | toJson }}  =>  null
    /// ```
    pub static MUST_REST = "mustRest"(_cx, list: Value) -> Result<ListRef, Error> {
        most(&list, "Cannot find rest on type", 1, 0)
    }

    /// All but the last item.
    ///
    /// ```text
    /// {{ initial (list 1 2 3) }}  =>  [1 2]
    /// ```
    pub static INITIAL = "initial"(_cx, list: Value) -> Result<ListRef, Error> {
        most(&list, "Cannot find initial on type", 0, 1)
    }

    /// As `initial`.
    ///
    /// ```text
    /// {{ mustInitial (list 1) }}  =>  []
    /// ```
    pub static MUST_INITIAL = "mustInitial"(_cx, list: Value) -> Result<ListRef, Error> {
        most(&list, "Cannot find initial on type", 0, 1)
    }

    /// A new list with one more item at the end.
    ///
    /// ```text
    /// {{ append (list 1 2) 3 }}  =>  [1 2 3]
    /// ```
    pub static APPEND = "append"(cx, list: Value, item: Value) -> Result<ListRef, Error> {
        push(cx, &list, item)
    }

    /// As `append`.
    ///
    /// ```text
    /// {{ mustAppend 5 3 }}  =>  error: Cannot push on type int
    /// ```
    pub static MUST_APPEND = "mustAppend"(cx, list: Value, item: Value) -> Result<ListRef, Error> {
        push(cx, &list, item)
    }

    /// As `append`.
    ///
    /// ```text
    /// {{ push (list) 3 }}  =>  [3]
    /// ```
    pub static PUSH = "push"(cx, list: Value, item: Value) -> Result<ListRef, Error> {
        push(cx, &list, item)
    }

    /// As `append`.
    ///
    /// ```text
    /// {{ mustPush (list) 3 }}  =>  [3]
    /// ```
    pub static MUST_PUSH = "mustPush"(cx, list: Value, item: Value) -> Result<ListRef, Error> {
        push(cx, &list, item)
    }

    /// A new list with one more item at the beginning.
    ///
    /// ```text
    /// {{ prepend (list 1 2) 0 }}  =>  [0 1 2]
    /// ```
    pub static PREPEND = "prepend"(cx, list: Value, item: Value) -> Result<ListRef, Error> {
        prepend(cx, &list, item)
    }

    /// As `prepend`.
    ///
    /// ```text
    /// {{ mustPrepend nil 0 }}  =>  error: runtime error: invalid memory address or nil pointer dereference
    /// ```
    pub static MUST_PREPEND = "mustPrepend"(cx, list: Value, item: Value) -> Result<ListRef, Error> {
        prepend(cx, &list, item)
    }

    /// One list of the items of all.
    ///
    /// ```text
    /// {{ concat (list 1) (list) (list 2 3) }}  =>  [1 2 3]
    /// {{ concat "a" }}                         =>  error: Cannot concat type string as list
    /// ```
    pub static CONCAT = "concat"(cx, lists: Rest<Value>) -> Result<Value, Error> {
        let mut all = Vec::new();
        for list in &lists.0 {
            let items = items(list).ok_or_else(|| match list.is_nil() {
                true => Error::nil_pointer(),
                false => Error::new(format!("Cannot concat type {} as list", list.kind().word())),
            })?;
            room(cx, items.len())?;
            all.extend(items);
        }
        let list = if all.is_empty() { List::nil(Type::LIST).into() } else { grown(all) };
        Ok(list.into())
    }

    /// The items in the reverse order.
    ///
    /// ```text
    /// {{ reverse (list 1 2 3) }}  =>  [3 2 1]
    /// ```
    pub static REVERSE = "reverse"(_cx, list: Value) -> Result<ListRef, Error> {
        reverse(&list)
    }

    /// As `reverse`.
    ///
    /// ```text
    /// {{ mustReverse "a" }}  =>  error: Cannot find reverse on type string
    /// ```
    pub static MUST_REVERSE = "mustReverse"(_cx, list: Value) -> Result<ListRef, Error> {
        reverse(&list)
    }

    /// Each item once. `1` and `1.0` are different items.
    ///
    /// ```text
    /// {{ uniq (list 1 2 1 1.0) }}  =>  [1 2 1]
    /// ```
    pub static UNIQ = "uniq"(_cx, list: Value) -> Result<ListRef, Error> {
        uniq(&list)
    }

    /// As `uniq`.
    ///
    /// ```text
    /// {{ mustUniq (list "a" "a") }}  =>  [a]
    /// ```
    pub static MUST_UNIQ = "mustUniq"(_cx, list: Value) -> Result<ListRef, Error> {
        uniq(&list)
    }

    /// The items that are none of those values.
    ///
    /// ```text
    /// {{ without (list 1 2 3 2) 2 }}  =>  [1 3]
    /// ```
    pub static WITHOUT = "without"(_cx, list: Value, omit: Rest<Value>) -> Result<ListRef, Error> {
        without(&list, &omit.0)
    }

    /// As `without`.
    ///
    /// ```text
    /// {{ mustWithout (list 1 2) 1 2 }}  =>  []
    /// ```
    pub static MUST_WITHOUT = "mustWithout"(_cx, list: Value, omit: Rest<Value>) -> Result<ListRef, Error> {
        without(&list, &omit.0)
    }

    /// Whether the value is an item of the list. An `int` is no `float64`: numbers of a values file are floats.
    ///
    /// ```text
    /// {{ has 2 (list 1 2) }}    =>  true
    /// {{ has 2.0 (list 1 2) }}  =>  false
    /// {{ has 2 nil }}           =>  false
    /// ```
    pub static HAS = "has"(cx, item: Value, list: Value) -> Result<Flag, Error> {
        has(cx, &item, &list)
    }

    /// As `has`.
    ///
    /// ```text
    /// {{ mustHas 2 "a" }}  =>  error: Cannot find has on type string
    /// ```
    pub static MUST_HAS = "mustHas"(cx, item: Value, list: Value) -> Result<Flag, Error> {
        has(cx, &item, &list)
    }

    /// The items that are not empty.
    ///
    /// ```text
    /// {{ compact (list 0 1 "" "a" false nil) }}  =>  [1 a]
    /// ```
    pub static COMPACT = "compact"(_cx, list: Value) -> Result<ListRef, Error> {
        compact(&list)
    }

    /// As `compact`.
    ///
    /// ```text
    /// {{ mustCompact 5 }}  =>  error: Cannot compact on type int
    /// ```
    pub static MUST_COMPACT = "mustCompact"(_cx, list: Value) -> Result<ListRef, Error> {
        compact(&list)
    }

    /// The items from one index up to another; up to the end without the second. Beyond the end a list may have room
    /// for more, in which there is nothing or what was there before, as Go's slices have it.
    ///
    /// ```text
    /// {{ slice (list 1 2 3 4) 1 3 }}  =>  [2 3]
    /// {{ slice (list 1 2 3 4) 2 }}    =>  [3 4]
    /// {{ slice (slice (list 1 2 3 4) 0 1) 0 3 }}  =>  [1 2 3]
    /// {{ slice (until 3) 2 4 }}       =>  [2 0]
    /// {{ slice "abc" 1 }}             =>  error: list should be type of slice or array but string
    /// ```
    pub static SLICE = "slice"(cx, list: Value, bounds: Rest<Value>) -> Result<Value, Error> {
        slice(cx, &list, &bounds.0)
    }

    /// As `slice`.
    ///
    /// ```text
    /// {{ mustSlice (list 1 2) 1 9 }}  =>  error: reflect.Value.Slice: slice index out of bounds
    /// ```
    pub static MUST_SLICE = "mustSlice"(cx, list: Value, bounds: Rest<Value>) -> Result<Value, Error> {
        slice(cx, &list, &bounds.0)
    }

    /// Lists of so many items each.
    ///
    /// ```text
    /// {{ chunk 2 (list 1 2 3) }}  =>  [[1 2] [3]]
    /// ```
    pub static CHUNK = "chunk"(_cx, size: isize, list: Value) -> Result<Chunks, Error> {
        chunk(size, &list)
    }

    /// As `chunk`.
    ///
    /// ```text
    /// {{ mustChunk 0 (list 1) }}  =>  error: runtime error: makeslice: len out of range
    /// ```
    pub static MUST_CHUNK = "mustChunk"(_cx, size: isize, list: Value) -> Result<Chunks, Error> {
        chunk(size, &list)
    }
}

fn made(items: Vec<Value>) -> ListRef {
    List::of(Type::LIST, items).into()
}

/// What upstream appends to item by item.
fn grown(items: Vec<Value>) -> ListRef {
    List::grown(Type::LIST, items).into()
}

/// Asks for room for so many items.
fn room(cx: &mut Cx<'_>, items: usize) -> Result<(), Error> {
    cx.reserve(items.saturating_mul(size_of::<Value>()))
}

fn end(list: &Value, what: &str, last: bool) -> Result<Value, Error> {
    // Without a copy of what lies between.
    let items = match &list.data {
        Data::List(list) => {
            return Ok(if last { list.last() } else { list.first() }.cloned().unwrap_or_default());
        }
        _ => items_or(list, what)?,
    };
    Ok(if last { items.last() } else { items.first() }.cloned().unwrap_or_default())
}

fn most(list: &Value, what: &str, skip: usize, omit: usize) -> Result<ListRef, Error> {
    let items = items_or(list, what)?;
    if items.is_empty() {
        return Ok(List::nil(Type::LIST).into());
    }
    let len = items.len();
    Ok(made(items.into_iter().take(len - omit).skip(skip).collect()))
}

fn push(cx: &mut Cx<'_>, list: &Value, item: Value) -> Result<ListRef, Error> {
    let mut items = items_or(list, "Cannot push on type")?;
    room(cx, items.len() + 1)?;
    let had = Capacity::GrownFrom(items.len());
    items.push(item);
    Ok(List::of(Type::LIST, items).with_capacity(had).into())
}

fn prepend(cx: &mut Cx<'_>, list: &Value, item: Value) -> Result<ListRef, Error> {
    let mut items = items_or(list, "Cannot prepend on type")?;
    room(cx, items.len() + 1)?;
    items.insert(0, item);
    let capacity = Capacity::grown_at_once(1, items.len(), Type::LIST);
    Ok(List::of(Type::LIST, items).with_capacity(capacity).into())
}

fn reverse(list: &Value) -> Result<ListRef, Error> {
    let mut items = items_or(list, "Cannot find reverse on type")?;
    items.reverse();
    Ok(made(items))
}

fn uniq(list: &Value) -> Result<ListRef, Error> {
    let mut seen = Seen::default();
    let items = items_or(list, "Cannot find uniq on type")?;
    Ok(grown(items.into_iter().filter(|item| seen.insert(item)).collect()))
}

fn without(list: &Value, omit: &[Value]) -> Result<ListRef, Error> {
    let mut seen = Seen::default();
    for value in omit {
        seen.insert(value);
    }
    let items = items_or(list, "Cannot find without on type")?;
    Ok(grown(items.into_iter().filter(|item| !seen.has(item)).collect()))
}

fn has(cx: &mut Cx<'_>, item: &Value, list: &Value) -> Result<Flag, Error> {
    if list.is_nil() {
        return Ok(Flag::from(false));
    }
    let items = items_or(list, "Cannot find has on type")?;
    let found = items.iter().find(|other| equal(item, other));
    let mut answer = Flag::from(found.is_some());
    if let Some(found) = found.filter(|_| cx.traced) {
        // As long as this one is there the others do not matter.
        let by = [cx.union_deep(found), cx.union_deep(item), cx.host.decision(list.origin)];
        answer.origin = cx.union(by);
    }
    Ok(answer)
}

fn compact(list: &Value) -> Result<ListRef, Error> {
    let items = items_or(list, "Cannot compact on type")?;
    Ok(grown(items.into_iter().filter(Value::truth).collect()))
}

fn slice(cx: &mut Cx<'_>, list: &Value, bounds: &[Value]) -> Result<Value, Error> {
    let len = match &list.data {
        Data::List(list) => list.len(),
        Data::Bytes(_) => list.raw().map_or(0, |bytes| bytes.len()),
        _ => items_or(list, "list should be type of slice or array but")?.len(),
    };
    if len == 0 {
        return Ok(Value::NIL);
    }
    let start = usize::try_from(bounds.first().map_or(0, int64_of));
    let end = usize::try_from(bounds.get(1).map_or(len as i64, int64_of));
    let part = start.ok().zip(end.ok()).and_then(|(start, end)| match &list.data {
        Data::List(list) => list.window(start..end).map(|part| ListRef::from(part).into()),
        _ => list
            .raw()
            .filter(|_| start <= end && end <= len)
            .map(|bytes| Value::bytes(bytes.slice(start..end))),
    });
    room(cx, part.as_ref().and_then(Value::as_list).map_or(0, |part| part.len()))?;
    part.ok_or_else(|| Error::new("reflect.Value.Slice: slice index out of bounds"))
}

fn chunk(size: isize, list: &Value) -> Result<Chunks, Error> {
    let items = items_or(list, "Cannot chunk type")?;
    let out_of_range = || Error::new("runtime error: makeslice: len out of range");
    let len = items.len();
    // Upstream counts in floats, so that odd sizes have odd results; a size of 0 has no count at all.
    let count = ((len as f64 - 1.0) / size as f64).floor() + 1.0;
    if !(0.0..=1e15).contains(&count) {
        return Err(out_of_range());
    }
    match usize::try_from(size) {
        Ok(size) if size > 0 => {
            Ok(Chunks(items.chunks(size).map(|part| Value::list(part.to_vec())).collect()))
        }
        _ if count == 0.0 => Ok(Chunks(Vec::new())),
        // One chunk, of what the last one gets; of nothing left over that is the negative size itself.
        _ if (len as isize).checked_rem(size).is_none_or(|rest| rest == 0) => Err(out_of_range()),
        _ => Ok(Chunks(vec![Value::list(items)])),
    }
}
