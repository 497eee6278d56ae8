//! `plimsoll explain`: the manual of a code or of a field.

use std::fmt::Write;

use source::Code;

use super::{Exit, Failure, catalogue, output};
use crate::lint::rules;
use crate::schema;

/// Explain a finding's code, or a field such as deployment.spec.replicas
#[derive(clap::Args, Debug)]
pub(super) struct Arguments {
    /// A code, or KIND.FIELD
    #[arg(value_name = "CODE|KIND.FIELD")]
    what: String,
}

pub(super) fn run(arguments: Arguments) -> Result<Exit, Failure> {
    let what = &arguments.what;
    match catalogue::find(what) {
        Some(code) => output::result(&manual(code))?,
        None => match schema::explain(what) {
            Ok(text) => output::result(&text)?,
            Err(wrong) if wrong.kind_is_known || what.contains('.') => {
                let failure = Failure::usage(wrong.message);
                return Err(match wrong.help {
                    Some(help) => failure.help(help),
                    None => failure,
                });
            }
            Err(_) => return Err(unknown(what)),
        },
    }
    Ok(Exit::Clean)
}

fn unknown(what: &str) -> Failure {
    let failure = match catalogue::closest(what) {
        Some(near) => Failure::usage(format!("unknown code `{what}`; did you mean `{near}`?")),
        None => Failure::usage(format!("unknown code `{what}`")),
    };
    failure.help("`plimsoll rules` lists them all")
}

/// The head line with what programs know, then the manual's text.
fn manual(code: &Code) -> String {
    let mut text = format!("{}   {}", code.id, code.severity.word());
    if let Some(rule) = rules::find(code.id) {
        let _ = write!(text, "   {}   {}   since {}", rule.level.word(), rule.group.word(), rule.since);
        if !rule.refs.is_empty() {
            let _ = write!(text, "\n{}", rule.refs.join(", "));
        }
    }
    text.push_str("\n\n");
    text.push_str(&code.manual());
    if !code.help.is_empty() {
        let _ = writeln!(text, "\nhelp: {}", code.help);
    }
    text
}
