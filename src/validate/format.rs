//! The string formats that a server checks in custom resources; others are let through.

use std::net::{Ipv4Addr, Ipv6Addr};

use yaml::Node;

use super::{name, scalar, time};
use crate::schema::Shape;

/// Whether a string is of that format.
pub(super) fn holds(format: &str, node: Node<'_>, text: &str) -> bool {
    match format {
        "date-time" | "datetime" => time::is_rfc3339(text),
        "date" => text.len() == 10 && time::is_rfc3339(&format!("{text}T00:00:00Z")),
        "duration" => time::is_go_duration(text) || has_days(text),
        "byte" => scalar::judge(node, Shape::Bytes).is_ok(),
        "ipv4" => text.parse::<Ipv4Addr>().is_ok(),
        "ipv6" => text.contains(':') && text.parse::<Ipv6Addr>().is_ok(),
        "cidr" => is_cidr(text),
        "mac" => is_mac(text),
        "uuid" | "uuid3" | "uuid4" | "uuid5" => is_uuid(text),
        "hostname" => is_hostname(text),
        "email" => is_email(text),
        "uri" => is_uri(text),
        "hexcolor" => {
            let digits = text.strip_prefix('#').unwrap_or(text);
            matches!(digits.len(), 3 | 6) && digits.bytes().all(|b| b.is_ascii_hexdigit())
        }
        "bsonobjectid" => text.len() == 24 && text.bytes().all(|b| b.is_ascii_hexdigit()),
        "k8s-short-name" => name::label(text).is_none(),
        "k8s-long-name" => name::subdomain(text, 253).is_none(),
        _ => true,
    }
}

/// Beyond Go's units there are days and weeks here, in words or letters.
fn has_days(text: &str) -> bool {
    let mut rest = text.trim();
    let mut parts = 0;
    while !rest.is_empty() {
        let number = rest.bytes().take_while(|b| b.is_ascii_digit() || *b == b'.').count();
        let after = rest[number..].trim_start();
        let unit = after.bytes().take_while(u8::is_ascii_alphabetic).count();
        let known = [
            "ns", "nano", "us", "micro", "ms", "milli", "s", "sec", "second", "seconds", "m", "min",
            "minute", "minutes", "h", "hr", "hour", "hours", "d", "day", "days", "w", "wk", "week", "weeks",
        ];
        if number == 0 || !known.contains(&&after[..unit]) {
            return false;
        }
        parts += 1;
        rest = after[unit..].trim_start();
    }
    parts > 0
}

fn is_cidr(text: &str) -> bool {
    let Some((address, bits)) = text.split_once('/') else { return false };
    let most = if address.parse::<Ipv4Addr>().is_ok() {
        32
    } else if address.parse::<Ipv6Addr>().is_ok() {
        128
    } else {
        return false;
    };
    bits.parse::<u8>().is_ok_and(|bits| bits <= most)
}

fn is_mac(text: &str) -> bool {
    let separator = if text.contains('-') { '-' } else { ':' };
    let parts: Vec<&str> = text.split(separator).collect();
    matches!(parts.len(), 6 | 8 | 20)
        && parts.iter().all(|p| p.len() == 2 && p.bytes().all(|b| b.is_ascii_hexdigit()))
}

fn is_uuid(text: &str) -> bool {
    let digits: Vec<u8> = text.bytes().filter(|b| *b != b'-').collect();
    let dashes = text.match_indices('-').all(|(at, _)| matches!(at, 8 | 13 | 18 | 23));
    digits.len() == 32 && (dashes || text.len() == 32) && digits.iter().all(u8::is_ascii_hexdigit)
}

/// One label, or several of which the last is a word.
fn is_hostname(text: &str) -> bool {
    let labels: Vec<&str> = text.split('.').collect();
    let is_label = |label: &&str| {
        let inner = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b >= 0x80;
        (1..=63).contains(&label.len())
            && label.bytes().all(inner)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let top_is_word = labels.len() == 1
        || labels.last().is_some_and(|top| top.len() >= 2 && top.chars().all(char::is_alphabetic));
    text.len() <= 255 && labels.iter().all(is_label) && top_is_word
}

fn is_email(text: &str) -> bool {
    let address = text.rsplit_once('<').map_or(text, |(_, a)| a.trim_end_matches('>'));
    let plain =
        |part: &str| !part.is_empty() && !part.contains(|c: char| c.is_whitespace() || c.is_control());
    address.rsplit_once('@').is_some_and(|(user, host)| plain(user) && plain(host) && !user.contains('@'))
}

fn is_uri(text: &str) -> bool {
    let scheme = text.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
    });
    (scheme || text.starts_with('/')) && !text.contains(|c: char| c == ' ' || c.is_control())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_those_of_the_server() {
        assert!(is_hostname("web") && is_hostname("a.example") && !is_hostname("a.b") && !is_hostname("a b"));
        assert!(is_cidr("10.0.0.0/8") && is_cidr("::/0") && !is_cidr("10.0.0.0/33") && !is_cidr("x"));
        assert!(is_uuid("51ac266e-9a37-11e6-8738-0800270c4edc") && !is_uuid("x"));
        assert!(is_uri("https://example.com/a") && is_uri("/a") && !is_uri("a b") && !is_uri("a"));
        assert!(has_days("1d") && has_days("2 weeks") && !has_days("x") && !has_days(""));
        assert!(is_email("a@example.com") && !is_email("x") && !is_email("@x"));
        assert!(is_mac("01:23:45:67:89:ab") && !is_mac("01:23"));
    }
}
