//! Fractions: `addf`, `divf`, `round` and their kind. The arithmetic is decimal, so that `addf 0.1 0.2` is 0.3.

use num_bigint::{BigInt, Sign};

use super::convert::float_of;
use crate::{Error, Func, Rest, Value, func};

/// The functions of this family.
pub static ALL: &[&Func] = &[&ADDF, &ADD1F, &SUBF, &MULF, &DIVF, &MAXF, &MINF, &CEIL, &FLOOR, &ROUND];

func! {
    /// The sum of fractions.
    ///
    /// ```text
    /// {{ addf 0.1 0.2 }}  =>  0.3
    /// ```
    pub static ADDF = "addf"(_cx, numbers: Rest<Value>) -> Result<f64, Error> {
        calculate(&Value::int(0), &numbers.0, |a, b| Ok(a.plus(&b)))
    }

    /// One more.
    ///
    /// ```text
    /// {{ add1f 1.5 }}  =>  2.5
    /// ```
    pub static ADD1F = "add1f"(_cx, number: Value) -> Result<f64, Error> {
        calculate(&number, &[Value::int(1)], |a, b| Ok(a.plus(&b)))
    }

    /// The difference of fractions.
    ///
    /// ```text
    /// {{ subf 7.5 2 3 }}  =>  2.5
    /// ```
    pub static SUBF = "subf"(_cx, first: Value, rest: Rest<Value>) -> Result<f64, Error> {
        calculate(&first, &rest.0, |a, b| Ok(a.plus(&b.negated())))
    }

    /// The product of fractions.
    ///
    /// ```text
    /// {{ mulf 1.5 2 2 }}  =>  6
    /// ```
    pub static MULF = "mulf"(_cx, first: Value, rest: Rest<Value>) -> Result<f64, Error> {
        calculate(&first, &rest.0, |a, b| Ok(Decimal { value: a.value * b.value, exp: a.exp + b.exp }))
    }

    /// The quotient of fractions, to 16 decimal places.
    ///
    /// ```text
    /// {{ divf 10 4 }}  =>  2.5
    /// {{ divf 1 0 }}   =>  error: decimal division by 0
    /// ```
    pub static DIVF = "divf"(_cx, first: Value, rest: Rest<Value>) -> Result<f64, Error> {
        calculate(&first, &rest.0, |a, b| a.divided_by(&b))
    }

    /// The largest fraction.
    ///
    /// ```text
    /// {{ maxf 1.5 3 2.25 }}  =>  3
    /// ```
    pub static MAXF = "maxf"(_cx, first: Value, rest: Rest<Value>) -> f64 {
        rest.0.iter().map(float_of).fold(float_of(&first), larger)
    }

    /// The smallest fraction.
    ///
    /// ```text
    /// {{ minf 1.5 3 2.25 }}  =>  1.5
    /// ```
    pub static MINF = "minf"(_cx, first: Value, rest: Rest<Value>) -> f64 {
        rest.0.iter().map(float_of).fold(float_of(&first), |a, b| -larger(-a, -b))
    }

    /// The next whole number upwards, as a fraction: it prints as one.
    ///
    /// ```text
    /// {{ ceil 1.2 }}      =>  2
    /// {{ ceil 1000000 }}  =>  1e+06
    /// ```
    pub static CEIL = "ceil"(_cx, number: Value) -> f64 {
        float_of(&number).ceil()
    }

    /// The next whole number downwards.
    ///
    /// ```text
    /// {{ floor -1.2 }}  =>  -2
    /// ```
    pub static FLOOR = "floor"(_cx, number: Value) -> f64 {
        float_of(&number).floor()
    }

    /// Rounded to so many decimal places, up from a fraction of one half or the given one. Negative numbers are always
    /// rounded down.
    ///
    /// ```text
    /// {{ round 123.5555 3 }}   =>  123.556
    /// {{ round 123.5 0 0.6 }}  =>  123
    /// {{ round -2.5 0 }}       =>  -3
    /// ```
    pub static ROUND = "round"(_cx, number: Value, places: isize, from: Rest<f64>) -> f64 {
        let power = power_of_ten(places as i64);
        let shifted = power * float_of(&number);
        let rounded = match shifted - shifted.trunc() >= from.0.first().copied().unwrap_or(0.5) {
            true => shifted.ceil(),
            false => shifted.floor(),
        };
        rounded / power
    }
}

/// `math.Max`: infinity first, then NaN, and 0 is larger than -0.
fn larger(a: f64, b: f64) -> f64 {
    if a == f64::INFINITY || b == f64::INFINITY {
        f64::INFINITY
    } else if a.is_nan() || b.is_nan() {
        f64::NAN
    } else if a == 0.0 && b == 0.0 {
        if a.is_sign_negative() { b } else { a }
    } else if a > b {
        a
    } else {
        b
    }
}

/// `math.Pow(10, n)` as Go computes it: by squaring a mantissa, which is not always the nearest float.
fn power_of_ten(n: i64) -> f64 {
    match n {
        0 => return 1.0,
        1 => return 10.0,
        _ => {}
    }
    let (mut mantissa, mut exponent) = (1f64, 0i64);
    let (mut square, mut square_exponent) = (0.625f64, 4i64);
    let mut bits = n.unsigned_abs();
    while bits != 0 {
        if square_exponent.abs() > 1 << 12 {
            exponent += square_exponent;
            break;
        }
        if bits & 1 == 1 {
            mantissa *= square;
            exponent += square_exponent;
        }
        square *= square;
        square_exponent <<= 1;
        if square < 0.5 {
            square += square;
            square_exponent -= 1;
        }
        bits >>= 1;
    }
    if n < 0 {
        mantissa = 1.0 / mantissa;
        exponent = -exponent;
    }
    // Two steps, so that neither factor leaves the range of floats before the result does.
    let half = exponent.clamp(-2200, 2200) / 2;
    let scale = |e: i64| 2f64.powi(e.clamp(-1074, 1023) as i32);
    let rest = exponent.clamp(-2200, 2200) - half;
    mantissa * scale(half) * scale(rest)
}

/// `value * 10^exp`, as shopspring's decimal 1.4 holds it.
struct Decimal {
    value: BigInt,
    exp: i64,
}

fn calculate(
    first: &Value,
    rest: &[Value],
    step: fn(Decimal, Decimal) -> Result<Decimal, Error>,
) -> Result<f64, Error> {
    let mut result = Decimal::new(float_of(first))?;
    for value in rest {
        result = step(result, Decimal::new(float_of(value))?)?;
    }
    Ok(result.float())
}

impl Decimal {
    /// The shortest decimal that reads back as the float.
    fn new(f: f64) -> Result<Decimal, Error> {
        if !f.is_finite() {
            let shown = if f.is_nan() {
                "NaN"
            } else if f > 0.0 {
                "+Inf"
            } else {
                "-Inf"
            };
            return Err(Error::new(format!("Cannot create a Decimal from {shown}")));
        }
        let text = format!("{f:e}");
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let exponent: i64 = exponent.parse().unwrap_or(0);
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let value = format!("{whole}{fraction}").parse().unwrap_or_default();
        Ok(Decimal { value, exp: exponent - fraction.len() as i64 })
    }

    fn negated(self) -> Decimal {
        Decimal { value: -self.value, exp: self.exp }
    }

    fn plus(self, other: &Decimal) -> Decimal {
        let exp = self.exp.min(other.exp);
        let scaled = |d: &Decimal| &d.value * ten_to(d.exp - exp);
        Decimal { value: scaled(&self) + scaled(other), exp }
    }

    /// To 16 places, half away from zero.
    fn divided_by(self, other: &Decimal) -> Result<Decimal, Error> {
        const PLACES: i64 = 16;
        if other.value.sign() == Sign::NoSign {
            return Err(Error::new("decimal division by 0"));
        }
        let shift = self.exp - other.exp + PLACES;
        let (a, b) = match shift < 0 {
            true => (self.value, &other.value * ten_to(-shift)),
            false => (self.value * ten_to(shift), other.value.clone()),
        };
        let (mut quotient, rest) = (&a / &b, &a % &b);
        if rest.magnitude() * 2u32 >= *b.magnitude() {
            quotient += if a.sign() == b.sign() { 1 } else { -1 };
        }
        Ok(Decimal { value: quotient, exp: -PLACES })
    }

    fn float(&self) -> f64 {
        format!("{}e{}", self.value, self.exp).parse().unwrap_or(f64::NAN)
    }
}

fn ten_to(n: i64) -> BigInt {
    BigInt::from(10).pow(u32::try_from(n).unwrap_or(0))
}
