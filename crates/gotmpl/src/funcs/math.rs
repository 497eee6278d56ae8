//! Integers: `add`, `div`, `max`, `until`, `seq` and the conversions. All count in int64 and wrap around.

use super::convert::{float_of, int64_of};
use crate::{Cx, Error, Func, IntKind, List, ListRef, Rest, Ret, Text, Type, Value, fmt, func};

/// The functions of this family.
pub static ALL: &[&Func] = &[
    &INT,
    &INT64,
    &FLOAT64,
    &ATOI,
    &TO_DECIMAL,
    &ADD,
    &ADD1,
    &SUB,
    &MUL,
    &DIV,
    &MOD,
    &MAX,
    &BIGGEST,
    &MIN,
    &UNTIL,
    &UNTIL_STEP,
    &SEQ,
];

/// A `[]int`.
pub struct Ints(Vec<i64>);

impl Ret for Ints {
    const TYPE: Type = Type::List(&Type::Int(IntKind::Int));
    fn ret(self) -> Result<Value, Error> {
        let items = self.0.into_iter().map(Value::int).collect();
        Ok(ListRef::from(List::grown(Self::TYPE, items)).into())
    }
}

func! {
    /// The value as an `int`; 0 if it is no number. Texts may have a prefix (`0x`, `0b`, `0`), floats are cut.
    ///
    /// ```text
    /// {{ int "0x10" }}  =>  16
    /// {{ int 2.9 }}     =>  2
    /// {{ int "1.5" }}   =>  0
    /// ```
    pub static INT = "int"(_cx, value: Value) -> isize {
        int64_of(&value) as isize
    }

    /// The value as an `int64`; 0 if it is no number.
    ///
    /// ```text
    /// {{ int64 "5.00" }}  =>  5
    /// ```
    pub static INT64 = "int64"(_cx, value: Value) -> i64 {
        int64_of(&value)
    }

    /// The value as a `float64`; 0 if it is no number.
    ///
    /// ```text
    /// {{ float64 "2.50" }}  =>  2.5
    /// ```
    pub static FLOAT64 = "float64"(_cx, value: Value) -> f64 {
        float_of(&value)
    }

    /// The decimal number in a text; 0 if it is none.
    ///
    /// ```text
    /// {{ atoi "42" }}  =>  42
    /// {{ atoi "4x" }}  =>  0
    /// ```
    pub static ATOI = "atoi"(_cx, text: Text) -> isize {
        match crate::strconv::parse_int(&text, 10) {
            Ok(number) => number as isize,
            // Upstream drops the error and keeps the nearest number.
            Err(crate::strconv::NumError::Range) if text.first() == Some(&b'-') => isize::MIN,
            Err(crate::strconv::NumError::Range) => isize::MAX,
            Err(_) => 0,
        }
    }

    /// The octal number in a text; 0 if it is none.
    ///
    /// ```text
    /// {{ toDecimal "0777" }}  =>  511
    /// ```
    pub static TO_DECIMAL = "toDecimal"(_cx, value: Value) -> i64 {
        crate::strconv::parse_int(&fmt::sprint(&value), 8).unwrap_or(0)
    }

    /// The sum.
    ///
    /// ```text
    /// {{ add 1 2.7 "3" }}  =>  6
    /// ```
    pub static ADD = "add"(_cx, numbers: Rest<Value>) -> i64 {
        numbers.0.iter().fold(0, |sum, n| sum.wrapping_add(int64_of(n)))
    }

    /// One more.
    ///
    /// ```text
    /// {{ add1 5 }}  =>  6
    /// ```
    pub static ADD1 = "add1"(_cx, number: Value) -> i64 {
        int64_of(&number).wrapping_add(1)
    }

    /// The difference.
    ///
    /// ```text
    /// {{ sub 5 7 }}  =>  -2
    /// ```
    pub static SUB = "sub"(_cx, a: Value, b: Value) -> i64 {
        int64_of(&a).wrapping_sub(int64_of(&b))
    }

    /// The product.
    ///
    /// ```text
    /// {{ mul 2 3 4 }}  =>  24
    /// ```
    pub static MUL = "mul"(_cx, first: Value, rest: Rest<Value>) -> i64 {
        rest.0.iter().fold(int64_of(&first), |product, n| product.wrapping_mul(int64_of(n)))
    }

    /// The quotient, cut towards zero.
    ///
    /// ```text
    /// {{ div -7 2 }}  =>  -3
    /// {{ div 1 0 }}   =>  error: runtime error: integer divide by zero
    /// ```
    pub static DIV = "div"(_cx, a: Value, b: Value) -> Result<i64, Error> {
        match int64_of(&b) {
            0 => Err(Error::new("runtime error: integer divide by zero")),
            b => Ok(int64_of(&a).wrapping_div(b)),
        }
    }

    /// The rest of a division, with the sign of the first number.
    ///
    /// ```text
    /// {{ mod -7 3 }}  =>  -1
    /// ```
    pub static MOD = "mod"(_cx, a: Value, b: Value) -> Result<i64, Error> {
        match int64_of(&b) {
            0 => Err(Error::new("runtime error: integer divide by zero")),
            b => Ok(int64_of(&a).wrapping_rem(b)),
        }
    }

    /// The largest.
    ///
    /// ```text
    /// {{ max 1 5 "3" }}  =>  5
    /// ```
    pub static MAX = "max"(_cx, first: Value, rest: Rest<Value>) -> i64 {
        rest.0.iter().map(int64_of).fold(int64_of(&first), i64::max)
    }

    /// The older name of `max`.
    ///
    /// ```text
    /// {{ biggest 1 5 3 }}  =>  5
    /// ```
    pub static BIGGEST = "biggest"(_cx, first: Value, rest: Rest<Value>) -> i64 {
        rest.0.iter().map(int64_of).fold(int64_of(&first), i64::max)
    }

    /// The smallest.
    ///
    /// ```text
    /// {{ min 4 1 3 }}  =>  1
    /// ```
    pub static MIN = "min"(_cx, first: Value, rest: Rest<Value>) -> i64 {
        rest.0.iter().map(int64_of).fold(int64_of(&first), i64::min)
    }

    /// The integers from 0 up to, and not with, a number; downwards for a negative one.
    ///
    /// ```text
    /// {{ until 3 }}   =>  [0 1 2]
    /// {{ until -3 }}  =>  [0 -1 -2]
    /// ```
    pub static UNTIL = "until"(cx, count: isize) -> Result<Ints, Error> {
        steps(cx, 0, count as i64, if count < 0 { -1 } else { 1 }).map(Ints)
    }

    /// The integers from one number up to, and not with, another, by a step.
    ///
    /// ```text
    /// {{ untilStep 0 10 3 }}   =>  [0 3 6 9]
    /// {{ untilStep 3 0 -1 }}   =>  [3 2 1]
    /// ```
    pub static UNTIL_STEP = "untilStep"(cx, start: isize, stop: isize, step: isize) -> Result<Ints, Error> {
        steps(cx, start as i64, stop as i64, step as i64).map(Ints)
    }

    /// Integers with blanks between them, like the shell's `seq`: END, START END, or START STEP END, ends included.
    ///
    /// ```text
    /// {{ seq 3 }}       =>  1 2 3
    /// {{ seq 0 2 10 }}  =>  0 2 4 6 8 10
    /// {{ seq 2 -1 }}    =>  2 1 0 -1
    /// ```
    pub static SEQ = "seq"(cx, bounds: Rest<isize>) -> Result<Text, Error> {
        let down = |start: i64, end: i64| if end < start { -1 } else { 1 };
        let bounds: Vec<i64> = bounds.0.iter().map(|n| *n as i64).collect();
        let (start, end, step, beyond) = match *bounds.as_slice() {
            [end] => (1, end, down(1, end), down(1, end)),
            [start, end] => (start, end, down(start, end), down(start, end)),
            [start, step, end] if end < start && step > 0 => return Ok(Text::default()),
            [start, step, end] => (start, end, step, down(start, end)),
            _ => return Ok(Text::default()),
        };
        let numbers = steps(cx, start, end.wrapping_add(beyond), step)?;
        cx.reserve(numbers.len() * 4)?;
        Ok(Text::from(numbers.iter().map(i64::to_string).collect::<Vec<_>>().join(" ")))
    }
}

fn steps(cx: &mut Cx<'_>, start: i64, stop: i64, step: i64) -> Result<Vec<i64>, Error> {
    let up = stop >= start;
    if (up && step <= 0) || (!up && step >= 0) {
        return Ok(Vec::new());
    }
    let distance = stop.abs_diff(start);
    let count = usize::try_from(distance.div_ceil(step.unsigned_abs())).unwrap_or(usize::MAX);
    cx.reserve(count.saturating_mul(size_of::<Value>()))?;
    // A step past the largest integer wraps around in Go and never ends; here it ends.
    Ok(std::iter::successors(Some(start), |n| n.checked_add(step)).take(count).collect())
}
