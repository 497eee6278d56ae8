//! Both programs as functions: a directory and flags to an answer.

use std::io::{BufRead as _, BufReader, Write as _};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use plimsoll::render::kustomize::{self, BuildOptions, Cx, Reorder};
use plimsoll::world::Disk;
use serde_json::{Value as Json, json};
use source::{Diagnostics, Origins, Severity, Sources};

/// What a build gave.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Answer {
    /// Standard output; `None` where the build failed.
    pub out: Option<Vec<u8>>,
    /// Standard error.
    pub err: String,
    /// Whether the program died of it.
    pub panics: bool,
}

impl Answer {
    /// Whether both succeed with the same bytes, or both fail.
    pub fn is_like(&self, other: &Answer) -> bool {
        self.out == other.out
    }

    /// The beginning of what was printed, or the error.
    pub fn told(&self) -> String {
        match &self.out {
            Some(out) => String::from_utf8_lossy(out).chars().take(1_000).collect(),
            None => self.err.clone(),
        }
    }
}

/// The real program, many builds in one process.
pub struct Peer {
    program: PathBuf,
    running: Option<(Child, ChildStdin, BufReader<ChildStdout>)>,
}

impl Peer {
    /// Of the program at that path.
    pub fn new(program: PathBuf) -> Peer {
        Peer { program, running: None }
    }

    fn start(&mut self) -> Result<&mut (Child, ChildStdin, BufReader<ChildStdout>), String> {
        if self.running.is_none() {
            let mut command = Command::new(&self.program);
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
            let mut child = command.spawn().map_err(|e| format!("{}: {e}", self.program.display()))?;
            let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
            let (stdin, stdout) = stdin.zip(stdout).ok_or("no pipes")?;
            self.running = Some((child, stdin, BufReader::new(stdout)));
        }
        self.running.as_mut().ok_or_else(|| "not running".to_owned())
    }

    /// Puts a question; [`Peer::answer`] reads the answers in the order of the questions. No more than some hundred may be
    /// open, or the pipe is full.
    pub fn ask(&mut self, dir: &Path, args: &[String], fresh: bool) -> Result<(), String> {
        let dir = dir.join("top").display().to_string();
        let all: Vec<&str> = std::iter::once(dir.as_str()).chain(args.iter().map(String::as_str)).collect();
        let question = json!({"args": all, "fresh": fresh}).to_string();
        let (_, stdin, _) = self.start()?;
        // Where the program has died, the missing answer tells.
        let _ = writeln!(stdin, "{question}");
        Ok(())
    }

    /// The next answer; `None` where the program died of the question, and with it of all that are open.
    pub fn answer(&mut self) -> Result<Option<Answer>, String> {
        let (_, _, stdout) = self.start()?;
        let mut line = String::new();
        let length = stdout.read_line(&mut line).map_err(|e| e.to_string())?;
        if length == 0 {
            self.stop();
            return Ok(None);
        }
        let answer: Json = serde_json::from_str(&line).map_err(|e| e.to_string())?;
        let text = |key: &str| answer[key].as_str().unwrap_or_default().to_owned();
        let out = (answer["ok"] == true).then(|| STANDARD.decode(text("out")).unwrap_or_default());
        let panic = text("panic");
        Ok(Some(Answer { out, panics: !panic.is_empty(), err: text("err") + &panic }))
    }

    fn stop(&mut self) {
        if let Some((mut child, stdin, _)) = self.running.take() {
            drop(stdin);
            let _ = child.wait();
        }
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.stop();
    }
}

/// The answer of the installed program itself.
pub fn installed(program: &Path, dir: &Path, args: &[String]) -> Result<Answer, String> {
    let output = Command::new(program)
        .arg("build")
        .arg(dir.join("top"))
        .args(args)
        .stdin(Stdio::null())
        .output()
        .map_err(|e| format!("{}: {e}", program.display()))?;
    Ok(Answer {
        out: output.status.success().then_some(output.stdout),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
        panics: output.status.code() == Some(2),
    })
}

/// The answer of this tree.
pub fn ours(dir: &Path, args: &[String]) -> Answer {
    let options = BuildOptions {
        load_anywhere: args.iter().any(|arg| arg.ends_with("=LoadRestrictionsNone")),
        reorder: args.iter().find_map(|arg| match arg.as_str() {
            "--reorder=none" => Some(Reorder::None),
            "--reorder=legacy" => Some(Reorder::Legacy),
            _ => None,
        }),
        managed_by_label: args.iter().any(|arg| arg == "--enable-managedby-label"),
        alpha_plugins: args.iter().any(|arg| arg == "--enable-alpha-plugins"),
        ..BuildOptions::default()
    };
    let built = catch_unwind(AssertUnwindSafe(|| build(&dir.join("top"), &options)));
    built.unwrap_or_else(|_| Answer { panics: true, err: "panic".to_owned(), out: None })
}

fn build(dir: &Path, options: &BuildOptions) -> Answer {
    let (mut sources, mut origins, mut out) = (Sources::new(), Origins::new(), Diagnostics::new());
    let mut cx = Cx::new(&Disk, options, &mut sources, &mut origins, &mut out);
    let printed = kustomize::build(&dir.display().to_string(), &mut cx).and_then(kustomize::print);
    let mut err: String = out
        .into_vec()
        .into_iter()
        .filter(|d| d.severity != Severity::Error)
        .filter_map(|d| d.upstream)
        .map(|text| format!("{text}\n"))
        .collect();
    let mut bytes = Vec::new();
    match printed.map(|printed| printed.write_to(&mut bytes)) {
        Ok(_) => Answer { out: Some(bytes), err, panics: false },
        Err(error) => {
            err += &format!("Error: {}\n", error.upstream());
            Answer { out: None, err, panics: false }
        }
    }
}
