//! Whether a file may define templates beside itself, told without parsing it.

use memchr::memmem;

/// Whether there may be a `define` or a `block` in a text; what is found in a comment or in a string counts too.
///
/// Most files of a chart are single manifests. Of those it need not be known what is in them before they are executed.
///
/// ```
/// use gotmpl::parse::may_define;
/// assert!(may_define(b"{{- define \"name\" }}x{{ end }}"));
/// assert!(may_define(b"{{ block \"name\" . }}x{{ end }}"));
/// assert!(!may_define(b"# blocks are defined elsewhere\n{{ include \"block\" . }}"));
/// ```
pub fn may_define(text: &[u8]) -> bool {
    [&b"define"[..], b"block"].iter().any(|word| {
        memmem::find_iter(text, word).any(|at| {
            let before = text.get(..at).unwrap_or_default().trim_ascii_end();
            let before = before.strip_suffix(b"-").map_or(before, <[u8]>::trim_ascii_end);
            before.ends_with(b"{{")
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::parse;
    use crate::{Library, Profile};

    #[test]
    fn whatever_defines_is_told() {
        for text in [
            "{{define \"a\"}}{{end}}",
            "{{ \n\tdefine \"a\" }}{{ end }}",
            "x {{- /* c */ -}} {{-\r\ndefine `a` -}} y {{ end }}",
            "{{ if 1 }}{{- block \"a\" 1 }}{{ end }}{{ end }}",
        ] {
            let ast = parse("t", text.as_bytes(), Library::of(Profile::Helm4)).expect("parses");
            assert_eq!(ast.defines.len(), 2, "{text}");
            assert!(may_define(text.as_bytes()), "{text}");
        }
        for text in ["", "define", "{{ .define }}", "{{ $block }}", "{{ include \"define\" . }}"] {
            assert!(!may_define(text.as_bytes()), "{text}");
        }
    }
}
