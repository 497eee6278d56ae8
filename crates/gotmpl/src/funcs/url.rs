//! URLs: `urlParse`, `urlJoin`.

use crate::url::Url;
use crate::{Error, Func, MapRef, Text, Value, func};

/// The functions of this family.
pub static ALL: &[&Func] = &[&URL_PARSE, &URL_JOIN];

func! {
    /// The parts of a URL, as a dict: `scheme`, `host`, `hostname`, `path`, `query`, `opaque`, `fragment`, `userinfo`.
    ///
    /// ```text
    /// {{ (urlParse "http://u:p@host:80/a?b#c").host }}  =>  host:80
    /// {{ urlParse "http://a b" }}                       =>  error: unable to parse url: parse "http://a b": invalid character " " in host name
    /// ```
    pub static URL_PARSE = "urlParse"(_cx, text: Text) -> Result<MapRef, Error> {
        let url = Url::parse(&text).map_err(|e| Error::new(format!("unable to parse url: {e}")))?;
        let map = MapRef::new();
        let parts: [(&str, &[u8]); 8] = [
            ("scheme", &url.scheme),
            ("host", &url.host),
            ("hostname", url.hostname()),
            ("path", &url.path),
            ("query", &url.query),
            ("opaque", &url.opaque),
            ("fragment", &url.fragment),
            ("userinfo", &url.user_info()),
        ];
        for (key, part) in parts {
            // Most parts stand in the text as they are: they keep the origin of those bytes.
            let kept = memchr::memmem::find(&text, part).map(|at| text.slice(at..at + part.len()));
            map.insert(key.into(), Value::str(kept.unwrap_or_else(|| Text::from(part))));
        }
        Ok(map)
    }

    /// The URL of a dict of parts, as `urlParse` gives it.
    ///
    /// ```text
    /// {{ urlJoin (dict "scheme" "http" "host" "h:80" "path" "/p q" "query" "a=b") }}  =>  http://h:80/p%20q?a=b
    /// {{ urlJoin (dict "host" 5) }}                                                   =>  error: unable to parse host key, must be of type string, but int found
    /// ```
    pub static URL_JOIN = "urlJoin"(_cx, map: MapRef) -> Result<Text, Error> {
        let part = |key: &str| match map.get(key.as_bytes()) {
            None => Ok(Vec::new()),
            Some(value) if value.is_nil() => Err(Error::nil_pointer()),
            Some(value) => value.as_bytes().map(<[u8]>::to_vec).ok_or_else(|| {
                let found = value.kind().word();
                Error::new(format!("unable to parse {key} key, must be of type string, but {found} found"))
            }),
        };
        let mut url = Url {
            scheme: part("scheme")?,
            host: part("host")?,
            path: part("path")?,
            query: part("query")?,
            opaque: part("opaque")?,
            fragment: part("fragment")?,
            user: None,
        };
        let info = part("userinfo")?;
        if !info.is_empty() {
            let probe = [b"proto://", &info[..], b"@host"].concat();
            let parsed = Url::parse(&probe)
                .map_err(|e| Error::new(format!("unable to parse userinfo in dict: {e}")))?;
            url.user = parsed.user;
        }
        Ok(Text::from(url.write()))
    }
}
