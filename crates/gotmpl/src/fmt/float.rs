//! Go's `strconv.FormatFloat`: the layouts differ from Rust's, the digits do not.

/// The digits of a number, without trailing zeros, and where the decimal point stands: `0.DIGITS * 10^point`.
struct Digits {
    digits: Vec<u8>,
    point: i32,
}

impl Digits {
    fn of_exponential(text: &str) -> Digits {
        let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
        let mut digits: Vec<u8> = mantissa.bytes().filter(u8::is_ascii_digit).collect();
        while digits.last() == Some(&b'0') {
            digits.pop();
        }
        let point = if digits.is_empty() { 0 } else { exponent.parse::<i32>().unwrap_or(0) + 1 };
        Digits { digits, point }
    }
}

/// Formats a float as Go does: `verb` is one of `b e E f g G x X`; `precision` `None` is the shortest form that reads
/// back the same.
///
/// ```
/// use gotmpl::fmt::format_float;
/// assert_eq!(format_float(1e6, 'g', None), "1e+06");
/// assert_eq!(format_float(0.1, 'f', Some(3)), "0.100");
/// assert_eq!(format_float(1.0, 'x', None), "0x1p+00");
/// ```
pub fn format_float(value: f64, verb: char, precision: Option<usize>) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "+Inf" } else { "-Inf" }.to_owned();
    }
    let sign = if value.is_sign_negative() { "-" } else { "" };
    let abs = value.abs();
    let body = match verb {
        'b' => binary(abs),
        'x' | 'X' => hexadecimal(abs, precision, verb == 'X'),
        'f' => fixed(abs, precision),
        'e' | 'E' => exponential(abs, precision, verb),
        _ => general(abs, precision, if verb == 'G' { 'E' } else { 'e' }),
    };
    sign.to_owned() + &body
}

/// More digits than any double has behind the point.
const ALL_DIGITS: usize = 1100;

fn fixed(value: f64, precision: Option<usize>) -> String {
    match precision {
        None => format!("{value}"),
        Some(precision) => {
            let mut text = format!("{value:.*}", precision.min(ALL_DIGITS));
            text.extend(std::iter::repeat_n('0', precision.saturating_sub(ALL_DIGITS)));
            text
        }
    }
}

fn exponential(value: f64, precision: Option<usize>, verb: char) -> String {
    let text = match precision {
        None => format!("{value:e}"),
        Some(precision) => format!("{value:.*e}", precision.min(ALL_DIGITS)),
    };
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let mut mantissa = mantissa.to_owned();
    if let Some(more) = precision.and_then(|p| p.checked_sub(ALL_DIGITS)) {
        mantissa.extend(std::iter::repeat_n('0', more));
    }
    mantissa + &exponent_text(verb, exponent.parse().unwrap_or(0))
}

fn exponent_text(verb: char, exponent: i32) -> String {
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{verb}{sign}{:02}", exponent.unsigned_abs())
}

fn general(value: f64, precision: Option<usize>, verb: char) -> String {
    let digits = match precision {
        None => Digits::of_exponential(&format!("{value:e}")),
        Some(p) => Digits::of_exponential(&format!("{value:.*e}", p.clamp(1, ALL_DIGITS) - 1)),
    };
    let count = digits.digits.len() as i32;
    let precision = precision.map(|p| p.clamp(1, ALL_DIGITS) as i32);
    let mut limit = precision.unwrap_or(6);
    if precision.is_some() && limit > count && count >= digits.point {
        limit = count;
    }
    if precision.is_none() {
        limit = 6;
    }
    let exponent = digits.point - 1;
    if exponent < -4 || exponent >= limit {
        // At zero there is no digit, and its exponent is -1: it never comes here.
        let mut text = String::new();
        text.push(digits.digits.first().copied().unwrap_or(b'0') as char);
        let wanted = precision.map_or(count, |p| p.min(count));
        if wanted > 1 {
            text.push('.');
            text.extend(digits.digits.iter().skip(1).take(wanted as usize - 1).map(|d| *d as char));
        }
        return text + &exponent_text(verb, exponent);
    }
    let mut text = String::new();
    if digits.point > 0 {
        for i in 0..digits.point as usize {
            text.push(digits.digits.get(i).copied().unwrap_or(b'0') as char);
        }
    } else {
        text.push('0');
    }
    if count > digits.point {
        text.push('.');
        for _ in digits.point..0 {
            text.push('0');
        }
        let from = digits.point.max(0) as usize;
        text.extend(digits.digits.iter().skip(from).map(|d| *d as char));
    }
    text
}

fn parts(value: f64) -> (u64, i32) {
    let bits = value.to_bits();
    let exponent = ((bits >> 52) & 0x7ff) as i32;
    let mantissa = bits & ((1 << 52) - 1);
    if exponent == 0 { (mantissa, -1022) } else { (mantissa | (1 << 52), exponent - 1023) }
}

fn binary(value: f64) -> String {
    let (mantissa, exponent) = parts(value);
    format!("{mantissa}p{:+}", exponent - 52)
}

fn hexadecimal(value: f64, precision: Option<usize>, upper: bool) -> String {
    let (mut mantissa, mut exponent) = parts(value);
    if mantissa == 0 {
        exponent = 0;
    }
    // One hexadecimal digit before the point, fifteen behind it.
    mantissa <<= 60 - 52;
    while mantissa != 0 && mantissa & (1 << 60) == 0 {
        mantissa <<= 1;
        exponent -= 1;
    }
    if let Some(precision) = precision.filter(|p| *p < 15) {
        let shift = precision * 4;
        let extra = (mantissa << shift) & ((1 << 60) - 1);
        mantissa >>= 60 - shift;
        if extra | (mantissa & 1) > 1 << 59 {
            mantissa += 1;
        }
        mantissa <<= 60 - shift;
        if mantissa & (1 << 61) != 0 {
            mantissa >>= 1;
            exponent += 1;
        }
    }
    let mut text = format!("0x{}", (mantissa >> 60) & 1);
    let mut rest = mantissa << 4;
    let wanted = match precision {
        Some(p) => p,
        None => {
            let tail = rest.trailing_zeros() as usize;
            if rest == 0 { 0 } else { (64 - tail).div_ceil(4) }
        }
    };
    if wanted > 0 {
        text.push('.');
        for _ in 0..wanted {
            let digit = (rest >> 60) as u32;
            text.push(char::from_digit(digit, 16).unwrap_or('0'));
            rest <<= 4;
        }
    }
    text += &exponent_text('p', exponent);
    if upper { text.to_uppercase() } else { text }
}

#[cfg(test)]
mod tests {
    use super::format_float;

    #[test]
    fn layouts() {
        let g = |v| format_float(v, 'g', None);
        assert_eq!(g(100000.0), "100000");
        assert_eq!(g(1234567.0), "1.234567e+06");
        assert_eq!(g(0.0001), "0.0001");
        assert_eq!(g(0.00001), "1e-05");
        assert_eq!(g(-0.0), "-0");
        assert_eq!(format_float(1000.0, 'g', Some(3)), "1e+03");
        assert_eq!(format_float(123.456, 'g', Some(10)), "123.456");
        assert_eq!(format_float(2.5, 'f', Some(0)), "2");
        assert_eq!(format_float(999999.0, 'x', None), "0x1.e847ep+19");
        assert_eq!(format_float(1.0, 'b', None), "4503599627370496p-52");
    }
}
