//! Why the program itself cannot go on: wrong usage, a report that cannot be written, a defect of its own.

use std::fmt;

use super::Exit;

/// A failure of the program, not a finding about the input.
///
/// It is a [`miette::Diagnostic`], so that a program that embeds the command line can show it in its own way.
#[derive(Debug)]
pub(super) struct Failure {
    message: String,
    help: Option<String>,
    /// How the program ends for it.
    pub exit: Exit,
}

impl Failure {
    /// The arguments are wrong.
    pub fn usage(message: impl Into<String>) -> Failure {
        Failure { message: message.into(), help: None, exit: Exit::Usage }
    }

    /// Something outside went wrong, such as a report that cannot be written.
    pub fn unjudged(message: impl Into<String>) -> Failure {
        Failure { message: message.into(), help: None, exit: Exit::Unjudged }
    }

    /// With what to do.
    pub fn help(mut self, help: impl Into<String>) -> Failure {
        self.help = Some(help.into());
        self
    }

    /// As it is printed.
    pub fn to_text(&self) -> String {
        match miette::Diagnostic::help(self) {
            Some(help) => format!("error: {self}\n  help: {help}\n"),
            None => format!("error: {self}\n"),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}

impl miette::Diagnostic for Failure {
    fn severity(&self) -> Option<miette::Severity> {
        Some(miette::Severity::Error)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }
}

/// What is printed for a defect of the program.
pub(super) fn internal(panic: &std::panic::PanicHookInfo<'_>) -> String {
    let what = panic.payload_as_str().unwrap_or("no reason given");
    let place = panic.location().map(|at| format!(" ({}:{})", at.file(), at.line())).unwrap_or_default();
    format!(
        "error: internal error: {what}{place}\n  help: this is a defect of plimsoll, not of your files; please \
         report it with the file that caused it and `plimsoll --version`\n"
    )
}
