//! A form of the user's own: a Jinja template over what the JSON report says.

use minijinja::{Environment, Value, context};

use super::{Counts, Report, json};

/// What is wrong with a template.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TemplateFault {
    /// Its line, from 1, where that is known.
    pub line: Option<usize>,
    /// Why it cannot be read or does not end well.
    pub message: String,
}

/// Instructions after which a template is stopped: some hundred for each of 100,000 findings.
const FUEL: u64 = 20_000_000;

/// The findings through a template. It sees `diagnostics`, as in the JSON report, and `counts` with `errors`, `warnings`
/// and `notes`. Where the template's name ends in `.html` or `.xml`, values are escaped for it.
///
/// # Errors
/// The template's first fault.
pub fn custom(report: &Report<'_>, name: &str, template: &str) -> Result<String, TemplateFault> {
    let mut environment = Environment::new();
    environment.set_fuel(Some(FUEL));
    // A misspelt field would print nothing, and nobody would notice.
    environment.set_undefined_behavior(minijinja::UndefinedBehavior::SemiStrict);
    let told = |error: minijinja::Error| TemplateFault {
        line: error.line(),
        message: match error.detail() {
            Some(detail) => format!("{}: {detail}", error.kind()),
            None => error.kind().to_string(),
        },
    };
    environment.add_template(name, template).map_err(told)?;
    let counts = Counts::of(report.diagnostics);
    let data = context! {
        diagnostics => Value::from_serialize(json::findings(report)),
        counts => context! { errors => counts.errors, warnings => counts.warnings, notes => counts.notes },
    };
    environment.get_template(name).and_then(|template| template.render(data)).map_err(told)
}

#[cfg(test)]
mod tests {
    use source::{Diagnostic, SourceId, Sources, Span, code};

    use super::*;
    use crate::report::{Facts, Masks};

    code! {
        /// It is broken.
        pub static BROKEN = "broken", Error;
    }

    fn with(template: &str, name: &str) -> Result<String, TemplateFault> {
        let mut sources = Sources::new();
        let id: SourceId = sources.add(source::Source::new("a.yaml", source::SourceKind::File, "x: <1>\n"));
        let found = [Diagnostic::new(&BROKEN, Span::new(id, 3, 6), "`<1>` is broken")];
        let report = Report {
            sources: &sources,
            diagnostics: &found,
            masks: &Masks::default(),
            fingerprints: &[],
            facts: |_| Facts::default(),
        };
        custom(&report, name, template)
    }

    #[test]
    fn findings_and_counts() {
        let template = "{% for d in diagnostics %}{{ d.file }}:{{ d.line }}: {{ d.message }}{% endfor %} ({{ counts.errors }})";
        assert_eq!(with(template, "own.txt").as_deref(), Ok("a.yaml:1: `<1>` is broken (1)"));
        let escaped = with("{{ diagnostics[0].message }}", "own.html");
        assert_eq!(escaped.as_deref(), Ok("`&lt;1&gt;` is broken"));
    }

    #[test]
    fn faults_have_a_line() {
        let fault = with("a\n{% for %}", "own.txt").unwrap_err();
        assert_eq!(fault.line, Some(2));
        let fault = with("a\n\n{{ counts.errors.x.y }}", "own.txt").unwrap_err();
        assert_eq!(fault.line, Some(3), "{fault:?}");
        let endless = with(
            "{% for a in range(100000) %}{% for b in range(100000) %}x{% endfor %}{% endfor %}",
            "own.txt",
        );
        assert!(endless.unwrap_err().message.contains("fuel"));
    }
}
