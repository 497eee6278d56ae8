//! Quantities such as `100m`, `1.5Gi` and `12e6`, as k8s.io/apimachinery 0.36 reads, compares and prints them.

use std::cmp::Ordering;
use std::fmt;

use num_bigint::{BigInt, Sign};

/// How a quantity is written, which is also how it is printed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// `12e6`
    DecimalExponent,
    /// `12Mi`
    BinarySi,
    /// `12M`
    DecimalSi,
}

impl Format {
    /// The name that the Go library gives it.
    pub fn name(self) -> &'static str {
        match self {
            Format::DecimalExponent => "DecimalExponent",
            Format::BinarySi => "BinarySI",
            Format::DecimalSi => "DecimalSI",
        }
    }
}

/// Why a text is no quantity; the texts are the server's.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum QuantityError {
    /// Not of the form number and suffix.
    Form,
    /// The number does not parse.
    Numeric,
    /// There is no such suffix.
    Suffix,
}

impl fmt::Display for QuantityError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            QuantityError::Form => {
                "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
            }
            QuantityError::Numeric => "unable to parse numeric part of quantity",
            QuantityError::Suffix => "unable to parse quantity's suffix",
        })
    }
}

/// An amount of something, exact.
///
/// ```
/// use plimsoll::kube::Quantity;
/// let (limit, request) = (Quantity::parse("1Gi")?, Quantity::parse("1.1e9")?);
/// assert!(request > limit);
/// assert_eq!(Quantity::parse("0.1Gi")?.to_string(), "107374182400m");
/// assert_eq!(Quantity::parse("1500m")?.value(), 2); // rounded up, as the server does
/// # Ok::<(), plimsoll::kube::QuantityError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Quantity {
    amount: Amount,
    format: Format,
    /// The text as written where that is canonical already; Go keeps it too, which shows in `+5` and `5e0`.
    text: Option<Box<str>>,
}

/// A value times a power of ten. Go keeps the two forms apart, and so do we: [`Quantity::as_i64`] answers for the
/// small one only.
#[derive(Clone, Debug)]
enum Amount {
    Small { value: i64, scale: i32 },
    Big { unscaled: BigInt, scale: i32 },
}

const NANO: i32 = -9;
const MILLI: i32 = -3;

/// Powers of ten past this are not written out: nothing in a manifest needs 5,000 digits.
const MAX_DIGITS: i64 = 5_000;

impl Quantity {
    /// Reads a quantity; blanks around it are for the caller to trim (the server does so in JSON strings).
    pub fn parse(text: &str) -> Result<Quantity, QuantityError> {
        if text == "0" {
            let amount = Amount::Small { value: 0, scale: 0 };
            return Ok(Quantity { amount, format: Format::DecimalSi, text: Some("0".into()) });
        }
        let parts = Parts::split(text)?;
        let (base, exponent, format) = suffix_meaning(parts.suffix).ok_or(QuantityError::Suffix)?;
        if let Some((amount, canonical)) = parts.small(exponent, format)? {
            return Ok(Quantity { amount, format, text: canonical.then(|| text.into()) });
        }
        parts.big(base, exponent, format)
    }

    /// How it was written.
    pub fn format(&self) -> Format {
        self.format
    }

    /// -1, 0 or 1.
    pub fn sign(&self) -> i32 {
        match &self.amount {
            Amount::Small { value, .. } => value.signum() as i32,
            Amount::Big { unscaled, .. } => match unscaled.sign() {
                Sign::Minus => -1,
                Sign::NoSign => 0,
                Sign::Plus => 1,
            },
        }
    }

    /// Whether it is zero.
    pub fn is_zero(&self) -> bool {
        self.sign() == 0
    }

    /// The value rounded up to a whole number; past `i64` it is what Go's arithmetic leaves.
    pub fn value(&self) -> i64 {
        self.scaled_value(0)
    }

    /// A thousand times the value, rounded up likewise.
    pub fn milli_value(&self) -> i64 {
        self.scaled_value(MILLI)
    }

    /// The value where it is a whole number that fits and was read as such.
    pub fn as_i64(&self) -> Option<i64> {
        match self.amount {
            Amount::Small { value, scale: 0 } => Some(value),
            Amount::Small { value, scale } if scale > 0 => times_ten(value, i64::from(scale)),
            _ => None,
        }
    }

    /// The value as a floating-point number, near enough.
    pub fn to_f64(&self) -> f64 {
        let (base, exponent) = match &self.amount {
            Amount::Small { value, scale } => (*value as f64, *scale),
            Amount::Big { unscaled, scale } => (unscaled.to_string().parse().unwrap_or(f64::NAN), *scale),
        };
        if exponent == 0 { base } else { base * format!("1e{exponent}").parse::<f64>().unwrap_or(f64::NAN) }
    }

    /// The sum; `None` where it would take thousands of digits.
    pub fn checked_add(&self, other: &Quantity) -> Option<Quantity> {
        let format = if self.is_zero() { other.format } else { self.format };
        let amount = match (&self.amount, &other.amount) {
            (Amount::Small { value, scale }, Amount::Small { value: v, scale: s }) => {
                add_small((*value, *scale), (*v, *s))
            }
            _ => None,
        };
        let amount = match amount {
            Some((value, scale)) => Amount::Small { value, scale },
            None => {
                let (a, b, scale) = align(&self.amount, &other.amount)?;
                Amount::Big { unscaled: a + b, scale }
            }
        };
        Some(Quantity { amount, format, text: None })
    }

    /// The difference; `None` where it would take thousands of digits.
    pub fn checked_sub(&self, other: &Quantity) -> Option<Quantity> {
        let amount = match &other.amount {
            Amount::Small { value, scale } => Amount::Small { value: value.wrapping_neg(), scale: *scale },
            Amount::Big { unscaled, scale } => Amount::Big { unscaled: -unscaled, scale: *scale },
        };
        self.checked_add(&Quantity { amount, format: other.format, text: None })
    }

    fn scaled_value(&self, to: i32) -> i64 {
        match &self.amount {
            Amount::Small { value, scale } if *scale < to => {
                divide_up(*value, i64::from(to) - i64::from(*scale)).0
            }
            Amount::Small { value, scale } => {
                times_ten(*value, i64::from(*scale) - i64::from(to)).unwrap_or(0)
            }
            Amount::Big { unscaled, scale } => scaled_big(unscaled, i64::from(to) - i64::from(*scale)),
        }
    }
}

impl PartialEq for Quantity {
    fn eq(&self, other: &Quantity) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Quantity {}

impl PartialOrd for Quantity {
    fn partial_cmp(&self, other: &Quantity) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Quantity {
    fn cmp(&self, other: &Quantity) -> Ordering {
        let by_sign = self.sign().cmp(&other.sign());
        if by_sign != Ordering::Equal || self.is_zero() {
            return by_sign;
        }
        match align(&self.amount, &other.amount) {
            Some((a, b, _)) => a.cmp(&b),
            // Too far apart to be written out side by side: the one with more places is the larger by magnitude.
            None => {
                let by_size = places(&self.amount).cmp(&places(&other.amount));
                if self.sign() < 0 { by_size.reverse() } else { by_size }
            }
        }
    }
}

/// The canonical form: no leading or trailing zeros, the largest suffix that leaves no fraction.
impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(text) = &self.text {
            return f.write_str(text);
        }
        if self.is_zero() {
            return f.write_str("0");
        }
        if self.format == Format::BinarySi
            && let Some((number, power)) = self.base_1024()
        {
            const SUFFIXES: [&str; 7] = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
            return write!(f, "{number}{}", SUFFIXES.get(power).unwrap_or(&""));
        }
        let (number, exponent) = self.thousands();
        match self.format {
            Format::DecimalExponent if exponent != 0 => write!(f, "{number}e{exponent}"),
            Format::DecimalExponent => write!(f, "{number}"),
            _ => {
                let suffix = DECIMAL.iter().find(|(_, e)| *e == exponent).map_or("", |(s, _)| s);
                write!(f, "{number}{suffix}")
            }
        }
    }
}

impl Quantity {
    /// Number and power of 1024; `None` where it is small or broken, which is printed in decimals.
    fn base_1024(&self) -> Option<(BigInt, usize)> {
        let bound = |n: i64| Quantity {
            amount: Amount::Small { value: n, scale: 0 },
            format: self.format,
            text: None,
        };
        if *self > bound(-1024) && *self < bound(1024) {
            return None;
        }
        let mut number = match &self.amount {
            Amount::Small { value, scale } if *scale < 0 => {
                let (whole, exact) = divide_up(*value, -i64::from(*scale));
                exact.then(|| BigInt::from(whole))?
            }
            Amount::Big { unscaled, scale } if *scale < 0 => {
                let divisor = BigInt::from(10).pow(scale.unsigned_abs());
                let whole = unscaled / &divisor;
                (&whole * divisor == *unscaled).then_some(whole)?
            }
            Amount::Small { value, scale } => BigInt::from(*value) * power_of_ten(i64::from(*scale))?,
            Amount::Big { unscaled, scale } => unscaled * power_of_ten(i64::from(*scale))?,
        };
        let mut power = 0;
        while number.sign() != Sign::NoSign && (&number % 1024u32).sign() == Sign::NoSign {
            number /= 1024u32;
            power += 1;
        }
        Some((number, power))
    }

    /// Number without trailing zeros but for those that make the exponent a multiple of three.
    fn thousands(&self) -> (BigInt, i64) {
        let (mut number, mut exponent) = match &self.amount {
            Amount::Small { value, scale } => (BigInt::from(*value), i64::from(*scale)),
            Amount::Big { unscaled, scale } => (unscaled.clone(), i64::from(*scale)),
        };
        while number.sign() != Sign::NoSign && (&number % 10u32).sign() == Sign::NoSign {
            number /= 10u32;
            exponent += 1;
        }
        while exponent % 3 != 0 {
            number *= 10u32;
            exponent -= 1;
        }
        (number, exponent)
    }
}

/// The parts of a quantity's text.
struct Parts<'a> {
    negative: bool,
    /// Sign, digits, point, digits.
    value: &'a str,
    /// The digits before the point without leading zeros, `0` where there are none.
    whole: &'a str,
    /// The digits after the point.
    fraction: &'a str,
    suffix: &'a str,
}

impl<'a> Parts<'a> {
    fn split(text: &'a str) -> Result<Parts<'a>, QuantityError> {
        if text.is_empty() {
            return Err(QuantityError::Form);
        }
        let digits = |s: &'a str| s.split_at(s.bytes().take_while(u8::is_ascii_digit).count());
        let negative = text.starts_with('-');
        let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
        let (number, rest) = digits(unsigned);
        let whole = match number.trim_start_matches('0') {
            "" => "0",
            digits => digits,
        };
        let (fraction, suffix) = rest.strip_prefix('.').map_or(("", rest), digits);
        let letters = suffix.trim_start_matches(|c: char| "eEinumkKMGTP".contains(c));
        let exponent = letters.strip_prefix(['-', '+']).unwrap_or(letters);
        if !exponent.bytes().all(|b| b.is_ascii_digit()) {
            return Err(QuantityError::Form);
        }
        // Nothing but a sign and zeros is zero, whatever Go's reader then calls the number's text.
        let value = if rest.is_empty() && whole == "0" { "0" } else { &text[..text.len() - suffix.len()] };
        Ok(Parts { negative, value, whole, fraction, suffix })
    }

    /// The amount where it fits `i64`, and whether the text is canonical.
    fn small(&self, exponent: i32, format: Format) -> Result<Option<(Amount, bool)>, QuantityError> {
        let digits = (self.whole.len() + self.fraction.len()) as i64;
        let (room, scale, factor) = match format {
            Format::BinarySi if self.fraction.is_empty() => {
                // Four bits too many rather than one too few: Go counts three decimal digits for ten bits.
                let bits = i64::from(exponent) * 3 / 10;
                (15 - self.whole.len() as i64 - bits - 1, 0, 1i64.wrapping_shl(exponent as u32))
            }
            Format::BinarySi => (-1, 0, 1),
            _ => (18 - digits, exponent, 1),
        };
        if room < 0 {
            return Ok(None);
        }
        let scale = scale.wrapping_sub(self.fraction.len() as i32);
        if scale < NANO {
            return Ok(None);
        }
        let shifted = format!("{}{}", self.whole, self.fraction);
        let value: i64 = shifted.parse().map_err(|_| QuantityError::Numeric)?;
        let Some(product) = value.checked_mul(factor) else { return Ok(None) };
        let canonical = match format {
            Format::BinarySi => exponent % 10 == 0 && value & 7 != 0,
            _ => scale % 3 == 0 && !shifted.ends_with("000") && !shifted.starts_with('0'),
        };
        let value = if self.negative { -product } else { product };
        Ok(Some((Amount::Small { value, scale }, canonical)))
    }

    /// The amount in any number of digits, rounded up to a billionth.
    fn big(&self, base: u32, exponent: i32, mut format: Format) -> Result<Quantity, QuantityError> {
        let unsigned = self.value.trim_start_matches(['-', '+']);
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let digits = format!("{whole}{fraction}");
        let mut unscaled: BigInt = digits.parse().map_err(|_| QuantityError::Numeric)?;
        let mut scale = -(fraction.len() as i64);
        match base {
            10 => scale += i64::from(exponent),
            _ => unscaled <<= exponent.unsigned_abs(),
        }
        if unscaled.sign() != Sign::NoSign {
            (unscaled, scale) = in_nanos(unscaled, scale, digits.len() as i64);
        }
        if format == Format::BinarySi {
            let one = BigInt::from(10).pow(scale.min(0).unsigned_abs() as u32);
            if unscaled > BigInt::from(i64::MAX) * &one {
                (unscaled, scale) = (BigInt::from(i64::MAX), 0);
            } else if unscaled < one && unscaled.sign() == Sign::Plus {
                format = Format::DecimalSi;
            }
        }
        if self.negative {
            unscaled = -unscaled;
        }
        Ok(Quantity { amount: Amount::Big { unscaled, scale: scale as i32 }, format, text: None })
    }
}

/// The number as billionths, rounded up. Go leaves it so even where it is whole, which shows where its arithmetic
/// wraps; only what would take thousands of digits keeps its scale.
fn in_nanos(unscaled: BigInt, scale: i64, digits: i64) -> (BigInt, i64) {
    let nano = i64::from(NANO);
    if scale >= nano {
        return match power_of_ten(scale - nano) {
            Some(factor) => (unscaled * factor, nano),
            None => (unscaled, scale),
        };
    }
    if digits + scale < nano {
        return (BigInt::from(1), nano);
    }
    let divisor = BigInt::from(10).pow((nano - scale) as u32);
    let up: BigInt = unscaled + &divisor - 1u32;
    (up / divisor, nano)
}

const DECIMAL: [(&str, i64); 10] =
    [("n", -9), ("u", -6), ("m", -3), ("", 0), ("k", 3), ("M", 6), ("G", 9), ("T", 12), ("P", 15), ("E", 18)];
const BINARY: [(&str, i32); 6] = [("Ki", 10), ("Mi", 20), ("Gi", 30), ("Ti", 40), ("Pi", 50), ("Ei", 60)];

/// Base, exponent and format of a suffix.
fn suffix_meaning(suffix: &str) -> Option<(u32, i32, Format)> {
    if let Some((_, exponent)) = DECIMAL.iter().find(|(s, _)| *s == suffix) {
        return Some((10, *exponent as i32, Format::DecimalSi));
    }
    if let Some((_, exponent)) = BINARY.iter().find(|(s, _)| *s == suffix) {
        return Some((2, *exponent, Format::BinarySi));
    }
    // Go reads the exponent as 64 bits and keeps 32 of them.
    let exponent: i64 = suffix.strip_prefix(['e', 'E'])?.parse().ok()?;
    Some((10, exponent as i32, Format::DecimalExponent))
}

fn add_small(a: (i64, i32), b: (i64, i32)) -> Option<(i64, i32)> {
    match (a, b) {
        (_, (0, _)) => Some(a),
        ((0, _), _) => Some(b),
        ((v, s), (w, t)) if s >= t => Some((times_ten(v, i64::from(s) - i64::from(t))?.checked_add(w)?, t)),
        ((v, s), (w, t)) => Some((v.checked_add(times_ten(w, i64::from(t) - i64::from(s))?)?, s)),
    }
}

fn times_ten(value: i64, times: i64) -> Option<i64> {
    if value == 0 {
        return Some(0);
    }
    (0..times).try_fold(value, |v, _| v.checked_mul(10))
}

/// Divides by a power of ten, away from zero; the flag says whether nothing was lost.
fn divide_up(value: i64, places: i64) -> (i64, bool) {
    let divisor = u32::try_from(places).ok().and_then(|p| 10i64.checked_pow(p));
    let Some(divisor) = divisor else { return (value.signum(), value == 0) };
    let (whole, rest) = (value / divisor, value % divisor);
    (whole + rest.signum(), rest == 0)
}

/// Go's way to scale what does not fit `i64`: it wraps, and it adds one for any remainder, negative ones too.
fn scaled_big(unscaled: &BigInt, divide_by: i64) -> i64 {
    let wrapped = low_bits(unscaled);
    if divide_by <= 0 {
        let factor = 10f64.powi(i32::try_from(-divide_by).unwrap_or(i32::MAX));
        // A conversion out of range gives the least integer on the platforms that Kubernetes runs on.
        let factor = if factor < 9.3e18 { factor as i64 } else { i64::MIN };
        return wrapped.wrapping_mul(factor);
    }
    if *unscaled < BigInt::from(i64::MAX) && divide_by < 19 {
        let divisor = 10i64.pow(divide_by as u32);
        return wrapped / divisor + i64::from(wrapped % divisor != 0);
    }
    let Some(divisor) = power_of_ten(divide_by) else { return i64::from(unscaled.sign() == Sign::Plus) };
    let mut whole: BigInt = unscaled / &divisor;
    let rest = unscaled - &whole * &divisor;
    if rest.sign() == Sign::Minus {
        whole -= 1u32;
    }
    low_bits(&whole).wrapping_add(i64::from(rest.sign() != Sign::NoSign))
}

fn low_bits(number: &BigInt) -> i64 {
    let magnitude = number.iter_u64_digits().next().unwrap_or(0) as i64;
    if number.sign() == Sign::Minus { magnitude.wrapping_neg() } else { magnitude }
}

fn power_of_ten(exponent: i64) -> Option<BigInt> {
    (0..=MAX_DIGITS).contains(&exponent).then(|| BigInt::from(10).pow(exponent as u32))
}

/// Both numbers at one scale.
fn align(a: &Amount, b: &Amount) -> Option<(BigInt, BigInt, i32)> {
    let parts = |amount: &Amount| match amount {
        Amount::Small { value, scale } => (BigInt::from(*value), *scale),
        Amount::Big { unscaled, scale } => (unscaled.clone(), *scale),
    };
    let ((a, s), (b, t)) = (parts(a), parts(b));
    let least = s.min(t);
    let up = |number: BigInt, scale: i32| Some(number * power_of_ten(i64::from(scale) - i64::from(least))?);
    Some((up(a, s)?, up(b, t)?, least))
}

/// How many decimal places stand before the point.
fn places(amount: &Amount) -> i64 {
    match amount {
        Amount::Small { value, scale } => i64::from(*scale) + value.unsigned_abs().to_string().len() as i64,
        Amount::Big { unscaled, scale } => i64::from(*scale) + unscaled.magnitude().to_string().len() as i64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical(text: &str) -> String {
        Quantity::parse(text).map_or_else(|e| e.to_string(), |q| q.to_string())
    }

    #[test]
    fn canonical_forms() {
        let cases = [
            ("1000G", "1T"),
            ("0.5e0", "500e-3"),
            ("-1e10", "-10e9"),
            ("1024Ki", "1Mi"),
            ("0.0000000001", "1n"),
            ("12345678901234567890123Ki", "9223372036854775807"),
            (".", "0"),
            ("+5", "+5"),
            ("1e", "unable to parse quantity's suffix"),
        ];
        for (text, want) in cases {
            assert_eq!(canonical(text), want, "{text}");
        }
    }

    #[test]
    fn distant_magnitudes_neither_hang_nor_lie() {
        let (huge, small) = (Quantity::parse("1e2000000000").unwrap(), Quantity::parse("999").unwrap());
        assert!(huge > small);
        assert!(huge.checked_add(&small).is_none());
        assert!(Quantity::parse("12345678901234567890e-2000000000").unwrap() < small);
        assert_eq!(huge.value(), 0);
    }

    #[test]
    fn sums_keep_the_format_of_the_first() {
        let sum = |a: &str, b: &str| {
            Quantity::parse(a).unwrap().checked_add(&Quantity::parse(b).unwrap()).unwrap().to_string()
        };
        assert_eq!(sum("1Gi", "1Gi"), "2Gi");
        assert_eq!(sum("10Ei", "5e-3"), "9223372036854775807005m");
        assert_eq!(sum("0", "1Ki"), "1Ki");
    }
}
