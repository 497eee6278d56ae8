//! Where text goes: results to standard output, talk to standard error, reports to files.

use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::str::FromStr;

use super::Failure;
use crate::report::{self, Format, Look, Report};
use crate::world::{Disk, World};

/// `FORMAT` or `FORMAT=FILE`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Output {
    /// The form.
    pub form: Form,
    /// The file; standard output without.
    pub file: Option<String>,
}

/// One of ours, or one of the user's own.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Form {
    /// A format by name.
    Known(Format),
    /// `template:FILE`, a Jinja template.
    Template(String),
}

impl FromStr for Form {
    type Err = String;
    fn from_str(text: &str) -> Result<Form, String> {
        match text.split_once(':') {
            Some(("template", "")) => Err("no file behind `template:`".to_owned()),
            Some(("template", file)) => Ok(Form::Template(file.to_owned())),
            _ if text == "template" => Err("name the template: `template:FILE`".to_owned()),
            _ => text.parse().map(Form::Known),
        }
    }
}

impl Form {
    /// Whether it names findings from run to run.
    pub fn needs_fingerprints(&self) -> bool {
        matches!(self, Form::Known(format) if format.needs_fingerprints())
    }
}

/// The report through the template in that file.
pub(super) fn through(report: &Report<'_>, path: &str) -> Result<String, Failure> {
    let bytes = Disk
        .read(Path::new(path), TEMPLATE)
        .map_err(|error| Failure::usage(format!("the template `{path}` cannot be read: {error}")))?;
    let text = String::from_utf8_lossy(&bytes);
    let name = Path::new(path).file_name().map_or(path.into(), |name| name.to_string_lossy());
    report::custom(report, &name, &text).map_err(|fault| {
        let line = fault.line.map_or(String::new(), |line| format!(":{line}"));
        Failure::usage(format!("{path}{line}: {}", fault.message))
            .help("it is a Jinja template over `diagnostics`, as in `--output json`, and `counts`")
    })
}

/// Bytes of a template for reports.
const TEMPLATE: u64 = 1 << 20;

impl FromStr for Output {
    type Err = String;
    fn from_str(text: &str) -> Result<Output, String> {
        let (format, file) = match text.split_once('=') {
            Some((_, "")) => return Err(format!("no file behind `{text}`")),
            Some((format, file)) => (format, Some(file.to_owned())),
            None => (text, None),
        };
        Ok(Output { form: format.parse()?, file })
    }
}

/// When colours are used.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, clap::ValueEnum)]
pub(super) enum Color {
    /// On a terminal, unless the environment says otherwise.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Which stream of the two.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Stream {
    /// Results.
    Out,
    /// Talk.
    Err,
}

/// How a report looks on that stream.
pub(super) fn look(stream: Stream, color: Color) -> Look {
    // `anstream` knows NO_COLOR, CLICOLOR, CLICOLOR_FORCE and TERM=dumb.
    let choice = match stream {
        Stream::Out => anstream::AutoStream::choice(&io::stdout()),
        Stream::Err => anstream::AutoStream::choice(&io::stderr()),
    };
    let color = match color {
        Color::Auto => choice != anstream::ColorChoice::Never,
        Color::Always => true,
        Color::Never => false,
    };
    Look { color, width: width(stream), ..Look::default() }
}

/// Columns of the terminal, or what people's windows have where there is none.
fn width(stream: Stream) -> usize {
    let size = match stream {
        Stream::Out if io::stdout().is_terminal() => terminal_size::terminal_size_of(io::stdout()),
        Stream::Err if io::stderr().is_terminal() => terminal_size::terminal_size_of(io::stderr()),
        _ => None,
    };
    size.map_or(Look::default().width, |(terminal_size::Width(columns), _)| usize::from(columns).max(40))
}

/// Writes a result; a reader that has gone away (`| head`) is no failure.
pub(super) fn result(text: &str) -> Result<(), Failure> {
    result_by(|out| out.write_all(text.as_bytes()))
}

/// Writes a result that is in pieces, which would only be joined to be written.
pub(super) fn result_by(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Failure> {
    // Standard output by itself writes line by line.
    let mut out = io::BufWriter::with_capacity(1 << 16, io::stdout().lock());
    match write(&mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::unjudged(format!("standard output cannot be written: {error}")))
        }
        _ => Ok(()),
    }
}

/// Says something to the person; nobody is left to be told where that fails.
pub(super) fn talk(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// Writes a report's file.
pub(super) fn file(path: &str, text: &str) -> Result<(), Failure> {
    std::fs::write(path, text)
        .map_err(|error| Failure::unjudged(format!("`{path}` cannot be written: {error}")))
}
