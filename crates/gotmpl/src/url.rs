//! URLs as Go's `net/url` reads and writes them: not the web's rules, under which `http://a b` would be mended.

use std::net::Ipv6Addr;

use crate::strconv::quote;

/// The parts of a URL, escapes resolved in user, host, path and fragment.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Url {
    /// In small letters.
    pub scheme: Vec<u8>,
    /// What follows the scheme where no slash does: `mailto:OPAQUE`.
    pub opaque: Vec<u8>,
    /// Name and password.
    pub user: Option<(Vec<u8>, Option<Vec<u8>>)>,
    /// With the port.
    pub host: Vec<u8>,
    /// As it is meant.
    pub path: Vec<u8>,
    /// As it is written, without `?`.
    pub query: Vec<u8>,
    /// As it is meant, without `#`.
    pub fragment: Vec<u8>,
}

/// Which characters a part of a URL can hold as they are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Path,
    Host,
    Zone,
    User,
    Fragment,
}

fn is_plain(byte: u8, part: Part) -> bool {
    match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => true,
        b'!' | b'\'' | b'(' | b')' | b'*' | b'[' | b']' | b'<' | b'>' | b'"' => match part {
            Part::Host | Part::Zone => true,
            Part::Fragment => matches!(byte, b'!' | b'(' | b')' | b'*'),
            Part::Path | Part::User => false,
        },
        b'$' | b'&' | b'+' | b',' | b'/' | b':' | b';' | b'=' | b'?' | b'@' => match part {
            Part::Path => byte != b'?',
            Part::User => !matches!(byte, b'@' | b'/' | b'?' | b':'),
            Part::Host | Part::Zone => !matches!(byte, b'/' | b'?' | b'@'),
            Part::Fragment => true,
        },
        _ => false,
    }
}

fn escape(text: &[u8], part: Part, out: &mut Vec<u8>) {
    for &byte in text {
        match is_plain(byte, part) {
            true => out.push(byte),
            false => out.extend_from_slice(format!("%{byte:02X}").as_bytes()),
        }
    }
}

fn hex(byte: Option<&u8>) -> Option<u8> {
    byte.and_then(|b| char::from(*b).to_digit(16)).map(|d| d as u8)
}

fn unescape(text: &[u8], part: Part) -> Result<Vec<u8>, String> {
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    let bad = |from: usize| {
        let shown = &text[from..text.len().min(from + 3)];
        Err(format!("invalid URL escape {}", quote(shown)))
    };
    while let Some(&byte) = text.get(at) {
        if byte != b'%' {
            if matches!(part, Part::Host | Part::Zone) && byte < 0x80 && !is_plain(byte, part) {
                return Err(format!("invalid character {} in host name", quote(&[byte])));
            }
            out.push(byte);
            at += 1;
            continue;
        }
        let (Some(high), Some(low)) = (hex(text.get(at + 1)), hex(text.get(at + 2))) else { return bad(at) };
        let value = high << 4 | low;
        // A host escapes what is not ASCII, and the mark of a zone; a zone nothing that could stand plainly.
        let refused = match part {
            Part::Host => high < 8 && value != b'%',
            Part::Zone => value != b'%' && value != b' ' && !is_plain(value, Part::Host),
            _ => false,
        };
        if refused {
            return bad(at);
        }
        out.push(value);
        at += 3;
    }
    Ok(out)
}

fn cut(text: &[u8], byte: u8) -> (&[u8], Option<&[u8]>) {
    match memchr::memchr(byte, text) {
        Some(at) => (&text[..at], Some(&text[at + 1..])),
        None => (text, None),
    }
}

impl Url {
    /// `url.Parse`.
    ///
    /// ```
    /// use gotmpl::url::Url;
    /// let url = Url::parse(b"http://u:p@host:80/a%20b?q#f").unwrap();
    /// assert_eq!(url.host, b"host:80");
    /// assert_eq!(url.hostname(), b"host");
    /// assert_eq!(url.path, b"/a b");
    /// assert_eq!(Url::parse(b":x").unwrap_err(), "parse \":x\": missing protocol scheme");
    /// ```
    ///
    /// # Errors
    /// Go's text.
    pub fn parse(text: &[u8]) -> Result<Url, String> {
        let (before, fragment) = cut(text, b'#');
        let mut url = Url::parse_rest(before).map_err(|e| format!("parse {}: {e}", quote(before)))?;
        if let Some(fragment) = fragment {
            url.fragment =
                unescape(fragment, Part::Fragment).map_err(|e| format!("parse {}: {e}", quote(text)))?;
        }
        Ok(url)
    }

    fn parse_rest(text: &[u8]) -> Result<Url, String> {
        if text.iter().any(|b| *b < b' ' || *b == 0x7f) {
            return Err("net/url: invalid control character in URL".to_owned());
        }
        let mut url = Url::default();
        if text == b"*" {
            url.path = text.to_vec();
            return Ok(url);
        }
        let (scheme, rest) = scheme(text)?;
        url.scheme = scheme.to_ascii_lowercase();
        let (rest, query) = cut(rest, b'?');
        url.query = query.unwrap_or_default().to_vec();
        if !rest.starts_with(b"/") {
            if !url.scheme.is_empty() {
                url.opaque = rest.to_vec();
                return Ok(url);
            }
            if cut(rest, b'/').0.contains(&b':') {
                return Err("first path segment in URL cannot contain colon".to_owned());
            }
        }
        let mut path = rest;
        if rest.starts_with(b"//") && (!url.scheme.is_empty() || !rest.starts_with(b"///")) {
            let end = memchr::memchr(b'/', &rest[2..]).map_or(rest.len(), |i| i + 2);
            (url.user, url.host) = authority(&url.scheme, &rest[2..end])?;
            path = &rest[end..];
        }
        url.path = unescape(path, Part::Path)?;
        Ok(url)
    }

    /// The host without its port and without brackets.
    pub fn hostname(&self) -> &[u8] {
        let host = match memchr::memrchr(b':', &self.host) {
            Some(colon) if self.host[colon + 1..].iter().all(u8::is_ascii_digit) => &self.host[..colon],
            _ => &self.host,
        };
        host.strip_prefix(b"[").and_then(|h| h.strip_suffix(b"]")).unwrap_or(host)
    }

    /// The user's part as it is written: `name:password`.
    pub fn user_info(&self) -> Vec<u8> {
        let mut out = Vec::new();
        if let Some((name, password)) = &self.user {
            escape(name, Part::User, &mut out);
            if let Some(password) = password {
                out.push(b':');
                escape(password, Part::User, &mut out);
            }
        }
        out
    }

    /// The whole as it is written, of parts that were put in by hand.
    pub fn write(&self) -> Vec<u8> {
        let mut out = self.scheme.clone();
        if !out.is_empty() {
            out.push(b':');
        }
        if !self.opaque.is_empty() {
            out.extend_from_slice(&self.opaque);
        } else {
            if !self.host.is_empty()
                || self.user.is_some()
                || (!self.scheme.is_empty() && !self.path.is_empty())
            {
                out.extend_from_slice(b"//");
                if self.user.is_some() {
                    out.extend(self.user_info());
                    out.push(b'@');
                }
                escape(&self.host, Part::Host, &mut out);
            }
            let mut path = Vec::new();
            match self.path.as_slice() {
                b"*" => path.push(b'*'),
                other => escape(other, Part::Path, &mut path),
            }
            if !path.is_empty() && path[0] != b'/' && !self.host.is_empty() {
                out.push(b'/');
            }
            // A colon in the first segment would be taken for the end of a scheme.
            if out.is_empty() && cut(&path, b'/').0.contains(&b':') {
                out.extend_from_slice(b"./");
            }
            out.extend(path);
        }
        if !self.query.is_empty() {
            out.push(b'?');
            out.extend_from_slice(&self.query);
        }
        if !self.fragment.is_empty() {
            out.push(b'#');
            escape(&self.fragment, Part::Fragment, &mut out);
        }
        out
    }
}

fn scheme(text: &[u8]) -> Result<(&[u8], &[u8]), String> {
    for (i, byte) in text.iter().enumerate() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' => {}
            b'0'..=b'9' | b'+' | b'-' | b'.' if i > 0 => {}
            b':' if i == 0 => return Err("missing protocol scheme".to_owned()),
            b':' => return Ok((&text[..i], &text[i + 1..])),
            _ => break,
        }
    }
    Ok((b"", text))
}

type Authority = (Option<(Vec<u8>, Option<Vec<u8>>)>, Vec<u8>);

fn authority(scheme: &[u8], text: &[u8]) -> Result<Authority, String> {
    let Some(at) = memchr::memrchr(b'@', text) else { return Ok((None, host(scheme, text)?)) };
    let host = host(scheme, &text[at + 1..])?;
    let info = &text[..at];
    let fits = |b: &u8| b.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=%@".contains(b);
    if !info.iter().all(fits) {
        return Err("net/url: invalid userinfo".to_owned());
    }
    let (name, password) = cut(info, b':');
    let name = unescape(name, Part::User)?;
    let password = password.map(|p| unescape(p, Part::User)).transpose()?;
    Ok((Some((name, password)), host))
}

fn check_port(port: &[u8]) -> Result<(), String> {
    match port {
        [] => Ok(()),
        [b':', digits @ ..] if digits.iter().all(u8::is_ascii_digit) => Ok(()),
        _ => Err(format!("invalid port {} after host", quote(port))),
    }
}

fn host(scheme: &[u8], text: &[u8]) -> Result<Vec<u8>, String> {
    match memchr::memrchr(b'[', text) {
        Some(0) => {}
        Some(_) => return Err("invalid IP-literal".to_owned()),
        None => {
            if let Some(first) = memchr::memchr(b':', text) {
                // Lists of hosts with ports are let through, but not for the web.
                let web = matches!(scheme, b"http" | b"https");
                let last = memchr::memrchr(b':', text).unwrap_or(first);
                check_port(&text[if web { first } else { last }..])?;
            }
            return unescape(text, Part::Host);
        }
    }
    let close = memchr::memrchr(b']', text).ok_or("missing ']' in host")?;
    check_port(&text[close + 1..])?;
    let port = unescape(&text[close + 1..], Part::Host)?;
    let inside = &text[1..close];
    let name = match memchr::memmem::find(inside, b"%25") {
        Some(zone) => {
            [unescape(&inside[..zone], Part::Host)?, unescape(&inside[zone..], Part::Zone)?].concat()
        }
        None => unescape(inside, Part::Host)?,
    };
    let address = std::str::from_utf8(cut(&name, b'%').0).unwrap_or_default();
    if address.parse::<std::net::Ipv4Addr>().is_ok() {
        return Err("invalid IP-literal".to_owned());
    }
    if address.parse::<Ipv6Addr>().is_err() {
        return Err(format!("invalid host: ParseAddr({}): unable to parse IP", quote(&name)));
    }
    Ok([b"[", &name[..], b"]", &port].concat())
}
