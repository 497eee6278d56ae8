//! Runs the commands written in `testdata/*/*/transcript.txt` and compares what they print.
//!
//! A transcript reads like a terminal: a line `$ plimsoll ...` is a command, run in the transcript's folder; below
//! it stands what it printed to standard output, then `stderr:` with the rest, then `exit N` unless that is 0.
//! A command may end in `< FILE`. `UPDATE=1 cargo test` writes what is printed now.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::root;

#[test]
fn transcripts_hold() {
    let mut wrong = Vec::new();
    let all = transcripts();
    assert!(all.len() > 5, "no transcripts found");
    for file in all {
        let want = fs::read_to_string(&file).unwrap();
        let got = replay(&want, file.parent().unwrap());
        if got == want {
            continue;
        }
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&file, got).unwrap();
        } else {
            wrong.push(format!("{}\n{}", file.display(), difference(&want, &got)));
        }
    }
    assert!(wrong.is_empty(), "{}\nUPDATE=1 cargo test writes what is printed now", wrong.join("\n\n"));
}

/// Every command of a transcript with what it prints now.
fn replay(transcript: &str, dir: &Path) -> String {
    let mut now = String::new();
    for line in transcript.lines() {
        if let Some(command) = line.strip_prefix("$ ") {
            now.push_str(&format!("$ {command}\n{}\n", printed(command, dir)));
        } else if now.is_empty() {
            // What stands before the first command is the transcript's own word.
            now.push_str(&format!("{line}\n"));
        }
    }
    // One empty line between commands, none at the end.
    now.truncate(now.trim_end().len());
    now.push('\n');
    now
}

fn printed(command: &str, dir: &Path) -> String {
    let (command, stdin) = match command.split_once(" < ") {
        Some((command, file)) => (command, Stdio::from(fs::File::open(dir.join(file)).unwrap())),
        None => (command, Stdio::null()),
    };
    let mut words = command.split_whitespace().map(|word| word.trim_matches('\''));
    assert_eq!(words.next(), Some("plimsoll"), "{command}");
    let output = Command::new(env!("CARGO_BIN_EXE_plimsoll"))
        .args(words)
        .current_dir(dir)
        .env_remove("NO_COLOR")
        .env_remove("CLICOLOR_FORCE")
        .stdin(stdin)
        .output()
        .unwrap();
    let mut text = String::from_utf8(output.stdout).unwrap();
    let stderr = without_time(&String::from_utf8(output.stderr).unwrap());
    if !stderr.is_empty() {
        text.push_str("stderr:\n");
        text.push_str(&stderr);
    }
    match output.status.code() {
        Some(0) => {}
        Some(code) => text.push_str(&format!("exit {code}\n")),
        None => text.push_str("killed\n"),
    }
    text
}

/// `in 41 ms` as `in N ms`.
fn without_time(text: &str) -> String {
    text.lines()
        .map(|line| match (line.find(" in "), line.find(" ms.")) {
            (Some(from), Some(to)) if from < to => format!("{} in N{}\n", &line[..from], &line[to..]),
            _ => format!("{line}\n"),
        })
        .collect()
}

fn difference(want: &str, got: &str) -> String {
    let same = want.lines().zip(got.lines()).take_while(|(a, b)| a == b).count();
    let show = |text: &str| text.lines().skip(same).take(12).collect::<Vec<_>>().join("\n");
    format!("line {}:\n--- expected\n{}\n--- printed\n{}", same + 1, show(want), show(got))
}

fn transcripts() -> Vec<PathBuf> {
    let mut found = Vec::new();
    for stage in fs::read_dir(root().join("testdata")).unwrap() {
        let Ok(cases) = fs::read_dir(stage.unwrap().path()) else { continue };
        found.extend(cases.map(|case| case.unwrap().path().join("transcript.txt")).filter(|t| t.is_file()));
    }
    found.sort();
    found
}
