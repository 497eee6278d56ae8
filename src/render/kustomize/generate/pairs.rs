//! The keys and values of a generator: lines of env files, literals, files, in this order.

use std::collections::HashSet;
use std::fmt::Display;

use source::{OriginId, Place, Span};

use crate::render::kustomize::codes::GENERATOR_INVALID;
use crate::render::kustomize::context::Cx;
use crate::render::kustomize::decode::Text;
use crate::render::kustomize::error::BuildError;
use crate::render::kustomize::kustomization::GeneratorArgs;
use crate::render::kustomize::loader::{File, Root};

/// One key with its value.
#[derive(Debug)]
pub struct Pair {
    /// The key.
    pub key: String,
    /// The value, which need not be text.
    pub value: Vec<u8>,
    /// The entry that asked for it.
    pub at: Option<Span>,
    /// Where the value stands.
    pub data: OriginId,
}

/// Reads all of them. The rules are those of api 0.21.1, `kv`.
pub fn load(args: &GeneratorArgs, root: &Root, cx: &mut Cx<'_>) -> Result<Vec<Pair>, BuildError> {
    let mut pairs = Vec::new();
    let wrap = |error: BuildError, what: &str, list: &[Text]| {
        error.wrap(format!("{what} {}", go_list(list))).wrap("loading KV pairs")
    };
    for entry in &args.envs {
        env_file(entry, root, cx, &mut pairs)
            .map_err(|error| wrap(error, "env source files:", &args.envs))?;
    }
    for entry in &args.literals {
        let pair = literal(entry, cx).map_err(|error| wrap(error, "literal sources", &args.literals))?;
        pairs.push(pair);
    }
    for entry in &args.files {
        let pair = file(entry, root, cx).map_err(|error| wrap(error, "file sources:", &args.files))?;
        pairs.push(pair);
    }
    let mut known = HashSet::new();
    if let Some(again) = pairs.iter().find(|pair| !known.insert(&*pair.key)) {
        let first = pairs.iter().find(|pair| pair.key == again.key).and_then(|pair| pair.at);
        let upstream = format!("configmap {} illegally repeats the key `{}`", *args.name, again.key);
        let error = BuildError::new(
            &GENERATOR_INVALID,
            place(again.at),
            format!("the key `{}` is given twice", again.key),
            upstream,
        );
        return Err(match first {
            Some(first) => error.via(first, "first here"),
            None => error,
        });
    }
    Ok(pairs)
}

fn place(at: Option<Span>) -> Place {
    at.map_or(Place::from(OriginId::UNKNOWN), Place::from)
}

fn invalid(entry: &Text, message: impl Into<String>, upstream: impl Display) -> BuildError {
    BuildError::new(&GENERATOR_INVALID, place(entry.at), message, upstream.to_string())
}

/// As Go's `%v` prints a list of strings.
fn go_list(list: &[Text]) -> String {
    let texts: Vec<&str> = list.iter().map(|text| &***text).collect();
    format!("[{}]", texts.join(" "))
}

/// `key=value`, a pair of quotes around the value taken off.
fn literal(entry: &Text, cx: &mut Cx<'_>) -> Result<Pair, BuildError> {
    let wrong = || {
        let upstream = format!("invalid literal source {}, expected key=value", **entry);
        invalid(entry, format!("`{}` is no `key=value`", **entry), upstream)
    };
    let (key, value) = entry.split_once('=').filter(|(key, _)| !key.is_empty()).ok_or_else(wrong)?;
    let unquoted = ['"', '\'']
        .into_iter()
        .find_map(|quote| value.strip_prefix(quote)?.strip_suffix(quote))
        .unwrap_or(value);
    Ok(Pair { key: key.to_owned(), value: unquoted.into(), at: entry.at, data: cx.read(entry.at) })
}

/// `path`, whose last part is the key, or `key=path`.
fn file(entry: &Text, root: &Root, cx: &mut Cx<'_>) -> Result<Pair, BuildError> {
    let source = &***entry;
    let quoted = |text: &str| gotmpl::strconv::quote(text.as_bytes());
    let (key, path) = match source.matches('=').count() {
        0 => (base_name(source), source),
        1 => {
            let (key, path) = source.split_once('=').unwrap_or((source, ""));
            if key.is_empty() {
                let upstream =
                    format!("missing key name for file path {} in source {}", quoted(path), quoted(source));
                return Err(invalid(entry, "there is no key before `=`", upstream));
            }
            if path.is_empty() {
                let upstream =
                    format!("missing file path for key name {} in source {}", quoted(key), quoted(source));
                return Err(invalid(entry, "there is no file behind `=`", upstream));
            }
            (key, path)
        }
        _ => {
            let upstream = format!("source {} key name or file path contains '='", quoted(source));
            return Err(invalid(entry, "neither a key nor a file's name may hold `=`", upstream));
        }
    };
    let file = root.load(path, place(entry.at), cx)?;
    let data = whole(&file, cx);
    Ok(Pair { key: key.to_owned(), value: file.bytes.to_vec(), at: entry.at, data })
}

/// All of a file as an origin, where origins are followed.
fn whole(file: &File, cx: &mut Cx<'_>) -> OriginId {
    if !cx.options.trace {
        return OriginId::UNKNOWN;
    }
    let (source, text) = cx.source_of(file);
    cx.read(Some(Span::new(source, 0, text.len() as u32)))
}

/// The last part of a path, as Go's `path.Base` has it.
fn base_name(path: &str) -> &str {
    let path = path.trim_end_matches('/');
    path.rsplit('/').next().filter(|name| !name.is_empty()).unwrap_or(if path.is_empty() { "." } else { "/" })
}

/// Lines of `key=value`; nothing is unquoted.
fn env_file(entry: &Text, root: &Root, cx: &mut Cx<'_>, pairs: &mut Vec<Pair>) -> Result<(), BuildError> {
    /// Where Go's scanner of lines stops, and says nothing.
    const LONGEST: usize = 64 << 10;
    let file = root.load(entry, place(entry.at), cx)?;
    let source = if cx.options.trace { Some(cx.source_of(&file).0) } else { None };
    let mut start = 0;
    for (number, line) in file.bytes.split_inclusive(|b| *b == b'\n').enumerate() {
        let offset = start;
        start += line.len();
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        if line.len() >= LONGEST {
            break;
        }
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let Ok(text) = std::str::from_utf8(line) else {
            let bytes: Vec<String> = line.iter().map(u8::to_string).collect();
            let shown = String::from_utf8_lossy(line);
            let upstream = format!("line [{}] has invalid utf8 bytes : {shown}", bytes.join(" "));
            let message = format!("line {} of {} is not UTF-8", number + 1, file.shown.display());
            return Err(invalid(entry, message, upstream));
        };
        let text = if number == 0 { text.strip_prefix('\u{FEFF}').unwrap_or(text) } else { text };
        let text = text.trim_start();
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        let (key, value) = text.split_once('=').unwrap_or((text, ""));
        if key.is_empty() {
            continue;
        }
        let span = source.map(|source| {
            let end = (offset + line.len()) as u32;
            Span::new(source, end - text.len() as u32, end)
        });
        pairs.push(Pair { key: key.to_owned(), value: value.into(), at: entry.at, data: cx.read(span) });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_names() {
        for (path, name) in [("a/b.txt", "b.txt"), ("b", "b"), ("a/b/", "b"), ("", "."), ("..", "..")] {
            assert_eq!(base_name(path), name);
        }
    }
}
