//! The formats that a schema may ask of strings, in the drafts that insist on them.

use gotmpl::regexp::Regexp;

/// The formats that are checked.
pub(super) const NAMES: &[&str] = &[
    "regex",
    "ipv4",
    "ipv6",
    "hostname",
    "email",
    "date",
    "time",
    "date-time",
    "duration",
    "uuid",
    "uri",
    "iri",
    "uri-reference",
    "iri-reference",
    "json-pointer",
];

/// Checks a string; unknown formats take anything.
///
/// # Errors
/// Why it is none, in the validator's words.
pub(super) fn check(format: &str, text: &str) -> Result<(), String> {
    match format {
        "regex" => Regexp::compile(text.as_bytes()).map(|_| ()).map_err(|error| error.to_string()),
        "ipv4" => ipv4(text),
        "ipv6" => ipv6(text),
        "hostname" => hostname(text),
        "email" => email(text),
        "date" => date(text),
        "time" => time(text),
        "date-time" => date_time(text),
        "duration" => duration(text),
        "uuid" => uuid(text),
        "uri" | "iri" => uri(text),
        "uri-reference" | "iri-reference" => uri_reference(text),
        "json-pointer" => json_pointer(text),
        _ => Ok(()),
    }
}

fn when(wrong: bool, text: &str) -> Result<(), String> {
    if wrong { Err(text.to_owned()) } else { Ok(()) }
}

fn invalid_character(c: char) -> String {
    format!("invalid character {}", gotmpl::strconv::quote_with(c.to_string().as_bytes(), '\''))
}

fn ipv4(text: &str) -> Result<(), String> {
    let groups: Vec<&str> = text.split('.').collect();
    when(groups.len() != 4, "expected four decimals")?;
    for group in groups {
        when(group.len() > 1 && group.starts_with('0'), "leading zeros")?;
        let number: i64 = group.parse().map_err(|_| {
            format!("strconv.Atoi: parsing {}: invalid syntax", gotmpl::strconv::quote(group.as_bytes()))
        })?;
        when(!(0..=255).contains(&number), "decimal must be between 0 and 255")?;
    }
    Ok(())
}

fn ipv6(text: &str) -> Result<(), String> {
    when(!text.contains(':'), "missing colon")?;
    when(text.contains('%'), "zone id is not a part of ipv6 address")?;
    text.parse::<std::net::Ipv6Addr>()
        .map(|_| ())
        .map_err(|_| format!("ParseAddr({}): unable to parse IP", gotmpl::strconv::quote(text.as_bytes())))
}

fn hostname(text: &str) -> Result<(), String> {
    let text = text.strip_suffix('.').unwrap_or(text);
    when(text.len() > 253, "more than 253 characters long")?;
    for label in text.split('.') {
        when(label.is_empty() || label.len() > 63, "label must be 1 to 63 characters long")?;
        when(label.starts_with('-'), "label starts with hyphen")?;
        when(label.ends_with('-'), "label ends with hyphen")?;
        if let Some(c) = label.chars().find(|c| !c.is_ascii_alphanumeric() && *c != '-') {
            return Err(invalid_character(c));
        }
    }
    Ok(())
}

fn email(text: &str) -> Result<(), String> {
    when(text.len() > 254, "more than 255 characters long")?;
    let Some((local, domain)) = text.rsplit_once('@') else { return Err("missing @".to_owned()) };
    when(local.len() > 64, "local part more than 64 characters long")?;
    if local.len() > 1 && local.starts_with('"') {
        let inner = local.get(1..local.len() - 1).unwrap_or_default();
        when(inner.contains(['\\', '"']), "backslash and quote are not allowed within quoted local part")?;
    } else {
        when(local.starts_with('.'), "starts with dot")?;
        when(local.ends_with('.'), "ends with dot")?;
        when(local.contains(".."), "consecutive dots")?;
        let legal = |c: char| c.is_ascii_alphanumeric() || ".!#$%&'*+-/=?^_`{|}~".contains(c);
        if let Some(c) = local.chars().find(|c| !legal(*c)) {
            return Err(invalid_character(c));
        }
    }
    if let Some(address) = domain.strip_prefix('[').and_then(|d| d.strip_suffix(']')) {
        return match address.strip_prefix("IPv6:") {
            Some(address) => ipv6(address).map_err(|e| format!("invalid ipv6 address: {e}")),
            None => ipv4(address).map_err(|e| format!("invalid ipv4 address: {e}")),
        };
    }
    hostname(domain).map_err(|e| format!("invalid domain: {e}"))
}

fn date(text: &str) -> Result<(), String> {
    gotmpl::time::parse(b"2006-01-02", text.as_bytes()).map(|_| ())
}

fn time(text: &str) -> Result<(), String> {
    when(text.len() < 9, "less than 9 characters long")?;
    let bytes = text.as_bytes();
    when(bytes[2] != b':' || bytes[5] != b':', "missing colon in correct place")?;
    let pair = |from: usize, what: &str| -> Result<i32, String> {
        text.get(from..from + 2).and_then(|part| part.parse().ok()).ok_or_else(|| what.to_owned())
    };
    let wrong = "invalid hour/min/sec";
    let (mut hours, mut minutes, seconds) = (pair(0, wrong)?, pair(3, wrong)?, pair(6, wrong)?);
    when(hours > 23 || minutes > 59 || seconds > 60, "hour/min/sec out of range")?;
    let mut rest = text.get(8..).unwrap_or_default();
    if let Some(fraction) = rest.strip_prefix('.') {
        let digits = fraction.bytes().take_while(u8::is_ascii_digit).count();
        when(digits == 0, "no digits in second fraction")?;
        rest = &fraction[digits..];
    }
    if !rest.eq_ignore_ascii_case("z") {
        when(rest.len() != 6, "offset must be 6 characters long")?;
        let sign = match rest.as_bytes()[0] {
            b'+' => -1,
            b'-' => 1,
            _ => return Err("offset must begin with plus/minus".to_owned()),
        };
        when(rest.as_bytes()[3] != b':', "missing colon in offset in correct place")?;
        let part = |from: usize| -> Result<i32, String> {
            rest.get(from..from + 2)
                .and_then(|part| part.parse().ok())
                .ok_or_else(|| "invalid hour/min in offset".to_owned())
        };
        let (zone_hours, zone_minutes) = (part(1)?, part(4)?);
        when(zone_hours > 23 || zone_minutes > 59, "hour/min in offset out of range")?;
        let mut total = hours * 60 + minutes + sign * (zone_hours * 60 + zone_minutes);
        if total < 0 {
            total += 24 * 60;
        }
        (hours, minutes) = (total / 60, total % 60);
    }
    when(seconds >= 60 && (hours != 23 || minutes != 59), "invalid leap second")
}

fn date_time(text: &str) -> Result<(), String> {
    when(text.len() < 20, "less than 20 characters long")?;
    when(!matches!(text.as_bytes()[10], b't' | b'T'), "11th character must be t or T")?;
    date(text.get(..10).unwrap_or_default()).map_err(|e| format!("invalid date element: {e}"))?;
    time(text.get(11..).unwrap_or_default()).map_err(|e| format!("invalid time element: {e}"))
}

fn duration(text: &str) -> Result<(), String> {
    let Some(rest) = text.strip_prefix('P') else { return Err("must start with P".to_owned()) };
    when(rest.is_empty(), "nothing after P")?;
    if let Some(weeks) = rest.strip_suffix('W') {
        when(weeks.is_empty(), "no number in week")?;
        return when(!weeks.bytes().all(|b| b.is_ascii_digit()), "invalid week");
    }
    for (i, part) in rest.split('T').enumerate() {
        when(i != 0 && part.is_empty(), "no time elements")?;
        let all = match i {
            0 => "YMD",
            1 => "HMS",
            _ => return Err("more than one T".to_owned()),
        };
        let mut units = all;
        let mut part = part;
        while !part.is_empty() {
            let digits = part.bytes().take_while(u8::is_ascii_digit).count();
            when(digits == 0, "missing number")?;
            let Some(unit) = part[digits..].chars().next() else { return Err("missing unit".to_owned()) };
            let quoted = gotmpl::strconv::quote_with(unit.to_string().as_bytes(), '\'');
            match units.find(unit) {
                Some(at) => units = &units[at + 1..],
                None if all.contains(unit) => return Err(format!("unit {quoted} out of order")),
                None => return Err(format!("invalid unit {quoted}")),
            }
            part = &part[digits + unit.len_utf8()..];
        }
    }
    Ok(())
}

/// Whether Go's `time.ParseDuration` takes it: `1h30m`, `-1.5s`, `0`.
pub(super) fn is_go_duration(text: &str) -> bool {
    gotmpl::time::parse_duration(text.as_bytes()).is_ok()
}

fn uuid(text: &str) -> Result<(), String> {
    let groups: Vec<&str> = text.split('-').collect();
    let lengths = [8, 4, 4, 4, 12];
    when(groups.len() != lengths.len(), "must have 5 elements")?;
    for (i, (group, length)) in groups.iter().zip(lengths).enumerate() {
        when(group.len() != length, &format!("element {} must be {length} characters long", i + 1))?;
        if let Some(c) = group.chars().find(|c| !c.is_ascii_hexdigit()) {
            let quoted = gotmpl::strconv::quote_with(c.to_string().as_bytes(), '\'');
            return Err(format!("non-hex character {quoted}"));
        }
    }
    Ok(())
}

fn uri(text: &str) -> Result<(), String> {
    parsed_url(text)?;
    let scheme = text.split([':', '/', '?', '#']).next().unwrap_or("");
    let absolute = text[scheme.len()..].starts_with(':')
        && scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    when(!absolute, "relative url")
}

fn uri_reference(text: &str) -> Result<(), String> {
    when(text.contains('\\'), "contains \\")?;
    parsed_url(text)
}

/// What Go's parser of addresses refuses: control characters, broken escapes, brackets that do not close, a host
/// with blanks, a colon in the first step of a relative path.
fn parsed_url(text: &str) -> Result<(), String> {
    let fail = |problem: &str| Err(format!("parse {}: {problem}", gotmpl::strconv::quote(text.as_bytes())));
    if text.bytes().any(|b| b < 0x20 || b == 0x7f) {
        return fail("net/url: invalid control character in URL");
    }
    if text.starts_with(':') {
        return fail("missing protocol scheme");
    }
    let without_fragment = text.split('#').next().unwrap_or(text);
    let path = without_fragment.split('?').next().unwrap_or(without_fragment);
    let first = path.split('/').next().unwrap_or(path);
    let scheme_ok = first.split_once(':').is_none_or(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
    });
    if !scheme_ok {
        return fail("first path segment in URL cannot contain colon");
    }
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        let escape: String = rest[at..].chars().take(3).collect();
        if escape.len() < 3 || !escape[1..].bytes().all(|b| b.is_ascii_hexdigit()) {
            return fail(&format!("invalid URL escape {}", gotmpl::strconv::quote(escape.as_bytes())));
        }
        rest = &rest[at + 3..];
    }
    if let Some((_, rest)) = path.split_once("//")
        && (path.starts_with("//") || path.split_once("//").is_some_and(|(before, _)| before.ends_with(':')))
    {
        let authority = rest.split('/').next().unwrap_or(rest);
        let host = authority.rsplit('@').next().unwrap_or(authority);
        if host.starts_with('[') && !host.contains(']') {
            return fail("missing ']' in host");
        }
        if host.contains([' ', '"', '<', '>', '\\', '^', '`', '{', '|', '}']) {
            let c = host.chars().find(|c| " \"<>\\^`{|}".contains(*c)).unwrap_or(' ');
            return fail(&format!(
                "invalid character {} in host name",
                gotmpl::strconv::quote(c.to_string().as_bytes())
            ));
        }
        if !host.starts_with('[')
            && let Some((_, port)) = host.split_once(':')
            && !port.bytes().all(|b| b.is_ascii_digit())
        {
            let port = gotmpl::strconv::quote(format!(":{port}").as_bytes());
            return fail(&format!("invalid port {port} after host"));
        }
    }
    Ok(())
}

fn json_pointer(text: &str) -> Result<(), String> {
    if text.is_empty() {
        return Ok(());
    }
    when(!text.starts_with('/'), "not starting with /")?;
    let mut rest = text;
    while let Some(at) = rest.find('~') {
        when(!rest[at + 1..].starts_with(['0', '1']), "~ must be followed by 0 or 1")?;
        rest = &rest[at + 1..];
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn formats_say_what_is_wrong() {
        for (format, text, says) in [
            ("email", "nope", "missing @"),
            ("email", "a@b", ""),
            ("uri", "/x", "relative url"),
            ("uri", "https://example.com/a?b#c", ""),
            ("uri", "http://a/%zz", "parse \"http://a/%zz\": invalid URL escape \"%zz\""),
            ("uri", "http://[::1", "parse \"http://[::1\": missing ']' in host"),
            ("ipv4", "1.2.3", "expected four decimals"),
            ("hostname", "a_b", "invalid character '_'"),
            ("date-time", "2020-01-01T00:00:00Z", ""),
            ("duration", "P1DT2H", ""),
            ("duration", "P1H", "invalid unit 'H'"),
            ("uuid", "x", "must have 5 elements"),
            ("unknown", "x", ""),
        ] {
            let found = check(format, text).err().unwrap_or_default();
            assert_eq!(found, says, "{format} {text}");
        }
    }
}
