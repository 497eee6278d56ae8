//! The few fields of a manifest that Helm looks at: what kind it is, and whether it is a hook.

mod glance;

use std::sync::Arc;

use source::{Diagnostics, SourceId};
use yaml::{Doc, Options, Profile as Yaml};

use super::decode::Decoder;
use super::profile::Profile;

/// What Helm reads of a manifest.
#[derive(Clone, Default)]
pub(crate) struct Head {
    /// `kind`; empty where there is none, as in a document of comments.
    pub kind: String,
    /// `apiVersion`.
    pub version: String,
    /// `metadata.annotations."helm.sh/hook"`.
    pub hook: Option<String>,
    /// The document.
    pub doc: Option<Arc<Doc>>,
}

/// Why a manifest cannot be read.
pub(crate) struct HeadError {
    /// In Helm's words.
    pub upstream: String,
    /// In short.
    pub message: String,
    /// Where in the manifest.
    pub span: (u32, u32),
}

const METADATA: &str =
    r#"struct { Name string "json:\"name\""; Annotations map[string]string "json:\"annotations\"" }"#;

/// The head of a manifest whose document nobody needs; `None` where it has to be [`read`] for that.
pub(crate) fn look(text: &str) -> Option<Head> {
    glance::glance(text).map(|seen| Head {
        kind: seen.kind.to_owned(),
        version: seen.version.to_owned(),
        hook: seen.hook.map(str::to_owned),
        doc: None,
    })
}

/// Reads a manifest's first document; `source` holds its text.
pub(crate) fn read(source: SourceId, text: &Arc<str>, profile: Profile) -> Result<Head, HeadError> {
    let mut found = Diagnostics::new();
    let doc = yaml::read_first(source, text, &Options::new(Yaml::HelmValues), &mut found);
    if let Some(fault) = found.into_vec().into_iter().next() {
        let span = fault.primary.at.span().map_or((0, 0), |span| (span.start, span.end));
        let upstream = fault.upstream.unwrap_or_else(|| fault.message.clone());
        let upstream = format!("error converting YAML to JSON: {upstream}");
        return Err(HeadError { upstream, message: fault.message, span });
    }
    let mut head = Head::default();
    let Some(doc) = doc else { return Ok(head) };
    let mut decoder = Decoder::default();
    let go = if profile.is_helm3() { "releaseutil.SimpleHead" } else { "util.SimpleHead" };
    if let Some(root) = doc.root()
        && let Some(entries) = decoder.object(root, go)
    {
        decoder.fields(entries, "SimpleHead", &["apiVersion", "kind", "metadata"], |d, field, node| {
            match field {
                "apiVersion" => d.string(node, &mut head.version),
                "kind" => d.string(node, &mut head.kind),
                _ => {
                    let Some(entries) = d.object(node, METADATA) else { return };
                    d.fields(entries, "", &["name", "annotations"], |d, field, node| {
                        if field == "name" {
                            return d.string(node, &mut String::new());
                        }
                        for (key, value) in d.object(node, "map[string]string").unwrap_or_default() {
                            let mut text = String::new();
                            d.string(value, &mut text);
                            if key == "helm.sh/hook" {
                                head.hook = Some(text);
                            }
                        }
                    });
                }
            }
        });
    }
    decoder.finish().map_err(|mismatch| HeadError {
        upstream: format!("error unmarshaling JSON: while decoding JSON: {}", mismatch.text),
        message: mismatch.text,
        span: mismatch.span,
    })?;
    head.doc = Some(doc);
    Ok(head)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(text: &str) -> Result<Head, String> {
        read(SourceId(0), &text.into(), Profile::Helm4).map_err(|error| error.upstream)
    }

    #[test]
    fn numbers_become_strings_and_tables_do_not() {
        let found = head("kind: 1\nmetadata:\n  annotations: {helm.sh/hook: true}\n").expect("head");
        assert_eq!((&*found.kind, found.hook.as_deref()), ("1", Some("true")));
        assert_eq!(head("# nothing\n").expect("head").kind, "");
        assert_eq!(
            head("metadata:\n  annotations: {a: {b: 1}}\n").err().as_deref(),
            Some(
                "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal object into Go struct field .metadata.annotations of type string"
            )
        );
        assert_eq!(
            head("- a\n").err().as_deref(),
            Some(
                "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal array into Go value of type util.SimpleHead"
            )
        );
    }

    #[test]
    fn what_is_no_yaml_says_where() {
        let error = read(SourceId(0), &"a: b\nc: d: e\n".into(), Profile::Helm4).err().expect("error");
        assert_eq!(
            error.upstream,
            "error converting YAML to JSON: yaml: line 2: mapping values are not allowed in this context"
        );
        assert!(error.span.0 >= 5);
    }
}
