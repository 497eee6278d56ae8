//! Reads the YAML of charts and of values files as each major of Helm does.

use std::sync::Arc;

use source::{Code, Diagnostics, Source, SourceId, SourceKind, Span};
use yaml::{Doc, Options, Profile as Yaml};

use super::Fail;
use super::load::{LoadCx, fail};
use super::profile::Profile;

/// Why a text cannot be used.
pub(crate) struct ReadError {
    at: Span,
    message: String,
    upstream: String,
}

impl ReadError {
    /// With what was to be done in front of Helm's text.
    pub(crate) fn into_fail(self, code: &'static Code, prefix: &str) -> Fail {
        fail(code, self.at, self.message, &format!("{prefix}{}", self.upstream))
    }
}

/// The first document of a source; `None` where it holds none.
pub(crate) fn read_document(source: SourceId, cx: &LoadCx<'_>) -> Result<Option<Arc<Doc>>, ReadError> {
    let text = cx.sources.get(source).map(|s| s.text().clone()).unwrap_or_else(|| Arc::from(""));
    read_text(source, &text)
}

fn read_text(source: SourceId, text: &Arc<str>) -> Result<Option<Arc<Doc>>, ReadError> {
    let mut found = Diagnostics::new();
    let doc = yaml::read_first(source, text, &Options::new(Yaml::HelmValues), &mut found);
    match found.into_vec().into_iter().next() {
        None => Ok(doc),
        Some(fault) => {
            let at = fault.primary.at.span().unwrap_or_else(|| Span::top(source));
            let upstream = fault.upstream.unwrap_or_else(|| fault.message.clone());
            let upstream = format!("error converting YAML to JSON: {upstream}");
            let message = match text.as_bytes().get(at.start as usize) {
                Some(b'\t') => "a tab cannot indent YAML: use spaces".to_owned(),
                _ => fault.message,
            };
            Err(ReadError { at, message, upstream })
        }
    }
}

/// The documents of a values file: one in Helm 3, which looks at no more, all of them in Helm 4. Each is a map or
/// empty.
pub(crate) fn read_values(source: SourceId, cx: &mut LoadCx<'_>) -> Result<Vec<Arc<Doc>>, ReadError> {
    let Some(file) = cx.sources.get(source).cloned() else { return Ok(Vec::new()) };
    let mut docs = Vec::new();
    if cx.profile == Profile::Helm3 {
        if let Some(doc) = read_text(source, file.text())? {
            map_or_empty(source, &doc)?;
            docs.push(doc);
        }
        return Ok(docs);
    }
    for (source, text) in documents(source, &file, cx)? {
        let unmarshalling = |e: ReadError| ReadError {
            upstream: format!("cannot unmarshal yaml document: {}", e.upstream),
            ..e
        };
        if let Some(doc) = read_text(source, &text).map_err(unmarshalling)? {
            map_or_empty(source, &doc).map_err(unmarshalling)?;
            docs.push(doc);
        }
    }
    Ok(docs)
}

/// The texts of the documents of a values file with their sources.
fn documents(
    source: SourceId,
    file: &Source,
    cx: &mut LoadCx<'_>,
) -> Result<Vec<(SourceId, Arc<str>)>, ReadError> {
    if is_one_document(file.text()) {
        return Ok(vec![(source, file.text().clone())]);
    }
    let pieces = split_documents(file.text()).map_err(|(at, found)| ReadError {
        at: Span::new(source, at, at + 3),
        message: format!("nothing but a comment may stand after `---`, not `{found}`"),
        upstream: format!("error reading yaml document: invalid Yaml document separator: {found}"),
    })?;
    // A line break more at the end moves nothing.
    let is_one = pieces.len() == 1 && pieces[0].trim_end_matches('\n') == file.text().trim_end_matches('\n');
    let documents = pieces.into_iter().map(|piece| {
        // A document of several is a text of its own, with the file's name: its line numbers count from its start,
        // as in Helm.
        if is_one {
            return (source, piece.into());
        }
        let part = Source::new(file.name.clone(), SourceKind::File, piece);
        let text = part.text().clone();
        (cx.sources.add(part), text)
    });
    Ok(documents.collect())
}

fn map_or_empty(source: SourceId, doc: &Doc) -> Result<(), ReadError> {
    let Some(root) = doc.root() else { return Ok(()) };
    let what = match root.value() {
        yaml::Value::Map | yaml::Value::Null => return Ok(()),
        yaml::Value::Seq => "array",
        yaml::Value::Str(_) => "string",
        yaml::Value::Bool(_) => "bool",
        _ => "number",
    };
    let at = root.span().unwrap_or((0, 0));
    Err(ReadError {
        at: Span::new(source, at.0, at.1),
        message: format!("values must be a map, and this is a {what}"),
        upstream: format!(
            "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal {what} into Go value of type map[string]interface {{}}"
        ),
    })
}

/// Whether a text is all of its one document.
fn is_one_document(text: &str) -> bool {
    text.ends_with('\n')
        && !text.starts_with("---")
        && memchr::memmem::find(text.as_bytes(), b"\n---").is_none()
        && memchr::memchr(b'\r', text.as_bytes()).is_none()
}

/// The documents of a text as apimachinery's reader cuts them: at lines that begin with `---`, which belong to the
/// document after them. `Err` for a separator with something behind it: its place and that text.
///
/// Lines end with `\n` alone afterwards. Its buffer has 4096 bytes; a last line without a line break that fills it
/// exactly is lost, and so it is here.
fn split_documents(text: &str) -> Result<Vec<String>, (u32, String)> {
    let mut all = Vec::new();
    let mut current = String::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        if let Some(rest) = line.strip_prefix("---") {
            let rest = rest.trim();
            if !rest.is_empty() && !rest.starts_with('#') {
                return Err((start as u32, rest.to_owned()));
            }
            if !current.is_empty() {
                all.push(std::mem::take(&mut current));
                continue;
            }
        }
        match line.strip_suffix('\n') {
            Some(line) => {
                current.push_str(line.strip_suffix('\r').unwrap_or(line));
                current.push('\n');
            }
            None if line.len() % 4096 == 0 => {}
            None => {
                current.push_str(line);
                current.push('\n');
            }
        }
    }
    if !current.is_empty() {
        all.push(current);
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::split_documents;

    #[test]
    fn documents_are_cut_at_separators() {
        let split = |text: &str| split_documents(text).expect("documents");
        assert_eq!(split("a: 1\n"), ["a: 1\n"]);
        assert_eq!(split("---\na: 1\n--- # c\nb: 2"), ["---\na: 1\n", "b: 2\n"]);
        assert_eq!(split("a: 1\r\nb: |\r\n  x\r\n"), ["a: 1\nb: |\n  x\n"]);
        assert_eq!(split(""), [""; 0]);
        assert_eq!(split_documents("a: 1\n--- {b: 1}\n"), Err((5, "{b: 1}".to_owned())));
        assert_eq!(split(&"x".repeat(4096)), [""; 0]);
    }
}
