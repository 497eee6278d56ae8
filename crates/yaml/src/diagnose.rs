//! What a person did where go-yaml says "did not find expected key": the mistake, its place, and what to leave out
//! so that the rest can be read.
//!
//! go-yaml names what its parser lacked; this looks at the lines around the place and says what most likely
//! happened there. Where no pattern fits, go-yaml's words stand.

mod blanks;
mod marks;
mod place;
mod quotes;
mod structure;

use std::ops::Range;

use self::place::Place;

use source::{Diagnostic, SourceId};

use crate::codes;
use crate::scan::Fault;

/// A mistake, and the bytes without which the document can be read on; none where it cannot.
pub(crate) struct Finding {
    pub diagnostic: Diagnostic,
    pub leave_out: Vec<Range<usize>>,
}

/// Explains a fault in the document that begins at `from`.
///
/// `quoted` is the quoted scalar that was read last.
pub(crate) fn diagnose(
    source: SourceId,
    bytes: &[u8],
    from: usize,
    fault: &Fault,
    quoted: Range<usize>,
) -> Finding {
    let at = (fault.at.at as usize).min(bytes.len());
    let since = fault.since.map_or(at, |mark| mark.at as usize).min(at);
    Place { source, bytes, from, at, since, quoted }.explain(fault)
}

impl<'a> Place<'a> {
    fn explain(&self, fault: &Fault) -> Finding {
        let problem = &*fault.problem;
        let line = self.line(self.at);
        if problem.starts_with("exceeded max depth") || problem.contains("excessive aliasing") {
            let message = match problem.strip_prefix("exceeded max depth of ") {
                Some(depth) => format!("the nesting is deeper than {depth} levels"),
                None => "the aliases of this document stand for too much".to_owned(),
            };
            let help = "no manifest needs this; is the file what it should be?";
            return self.finding(&codes::YAML_LIMIT, self.at..self.at, message, help, 0..0);
        }
        if let Some(finding) = self.tab(problem, &line) {
            return finding;
        }
        if let Some(finding) = self.template() {
            return finding;
        }
        let found = match problem {
            "found unexpected end of stream" | "found unexpected document indicator" => self.unclosed_quote(),
            "could not find expected ':'" => self.no_colon(),
            "mapping values are not allowed in this context" => self.second_colon(&line),
            "found character that cannot start any token" => self.reserved(&line),
            "did not find expected alphabetic or numeric character" => self.bare_star(),
            "did not find expected ',' or ']'" | "did not find expected ',' or '}'" => {
                self.unclosed_bracket()
            }
            "block sequence entries are not allowed in this context" => self.dash_in_line(&line),
            "did not find expected key" | "did not find expected '-' indicator" => {
                Some(self.misplaced(&line, problem))
            }
            "found unknown escape character" => self.escape(),
            "did not find expected comment or line break" => Some(self.behind_header(&line)),
            "found incompatible YAML document" => Some(self.finding(
                &codes::YAML_DIRECTIVE,
                line.start..line.end,
                "Kubernetes' readers refuse every version but `%YAML 1.1`",
                "remove this line",
                line.start..line.end,
            )),
            _ => self.alias(problem),
        };
        found.unwrap_or_else(|| {
            let rest = self.block(&self.line(self.since));
            self.finding(
                &codes::YAML_SYNTAX,
                self.at..self.at,
                problem,
                "see the lines before this place",
                rest,
            )
        })
    }
}
