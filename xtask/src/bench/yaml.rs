//! Reading YAML: MB/s and memory against other readers, and whether time grows linearly on awkward shapes.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Instant;

use super::{Report, manifests};

/// Bytes of the file of mixed manifests.
const SIZE: usize = 50_000_000;

/// So often each reader reads it; the median counts.
const ROUNDS: usize = 5;

/// Seconds of processor time and peak memory of each reader on one file, in processes of their own.
pub fn run(_: &Path) -> Result<Report, String> {
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    let file = folder.path().join("mixed.yaml");
    let text = manifests::mixed(SIZE);
    std::fs::write(&file, &text).map_err(|e| e.to_string())?;
    let own = std::env::current_exe().map_err(|e| e.to_string())?;
    let go = go_program(folder.path());
    let mut commands: Vec<(&str, Option<Command>)> = Vec::new();
    for (name, reader) in [
        ("plimsoll: documents, one thread", "plimsoll"),
        ("granit-parser 2.1: events", "granit"),
        ("yaml_serde 0.10: untyped values", "yaml_serde"),
    ] {
        let mut command = Command::new(&own);
        command.args(["read-yaml", reader]).arg(&file);
        commands.push((name, Some(command)));
    }
    commands.push((
        "Go, go.yaml.in/yaml/v3 3.0.4: nodes",
        go.map(|program| {
            let mut command = Command::new(program);
            command.arg(&file);
            command
        }),
    ));
    let mut measured: Vec<Vec<Once>> = commands.iter().map(|_| Vec::new()).collect();
    for round in 0..ROUNDS {
        for ((_, command), runs) in commands.iter_mut().zip(&mut measured) {
            // The slow ones need no five runs to be known as slow.
            if let Some(command) = command.as_mut().filter(|_| round < 2 || runs[0].seconds < 2.0) {
                runs.push(output(command)?);
            }
        }
    }
    let mut body = String::from("| reader | MB/s | peak over idle / text |\n|---|---|---|\n");
    let bytes = text.len() as f64;
    for ((name, _), mut runs) in commands.into_iter().zip(measured) {
        runs.sort_by(|a, b| a.seconds.total_cmp(&b.seconds));
        let _ = match runs.get(runs.len() / 2) {
            Some(once) => writeln!(
                body,
                "| {name} | {:.0} | {:.1} |",
                bytes / 1e6 / once.seconds,
                once.peak as f64 * 1024.0 / bytes
            ),
            None => writeln!(body, "| {name} | missing | |"),
        };
    }
    body.push_str("\nTime at 1x, 4x and 16x of a shape, in milliseconds; linear is 1 : 4 : 16.\n\n| shape | 1x | 4x | 16x |\n|---|---|---|---|\n");
    for (name, shape) in SHAPES {
        let times = [1, 4, 16].map(|times| best_of(&shape(times).into()) * 1e3);
        let _ = writeln!(body, "| {name} | {:.2} | {:.2} | {:.2} |", times[0], times[1], times[2]);
    }
    Ok(Report { title: format!("Reading {:.0} MB of mixed Kubernetes documents", bytes / 1e6), body })
}

type Shape = fn(usize) -> String;

/// What made other readers quadratic; 16x is the size that the name says.
const SHAPES: &[(&str, Shape)] = &[
    ("flow sequence of 2 MB in one line", |n| format!("[{}x]", "abc, ".repeat(25_000 * n))),
    ("map of 100,000 keys", |n| (0..6_250 * n).fold(String::new(), |s, i| s + &format!("key{i}: {i}\n"))),
    ("10,000 lines of comments", |n| format!("a: 1\n{}b: 2\n", "# comment\n".repeat(625 * n))),
    ("plain scalar of 1 MB", |n| format!("a: {}\n", "word\n  ".repeat(9_000 * n))),
    ("quoted scalar of 1 MB", |n| format!("a: \"{}\"\n", "word\\n ".repeat(9_000 * n))),
    ("folded scalar of 1 MB", |n| format!("a: >\n{}", "  word\n".repeat(9_000 * n))),
    ("25,000 aliases", |n| format!("a: &x 1\nb:\n{}", "- *x\n".repeat(1_563 * n))),
    ("50,000 documents", |n| "---\na: 1\n".repeat(3_125 * n)),
    ("50,000 broken documents", |n| "---\na: 1\nb:c\nd: 1\n".repeat(3_125 * n)),
    ("10,000 levels of brackets", |n| format!("{}{}", "[".repeat(620 * n), "]".repeat(620 * n))),
];

fn best_of(text: &Arc<str>) -> f64 {
    // The clock and not the processor's time, whose grain is coarser than these; the best of many is undisturbed.
    let once = || {
        let start = Instant::now();
        let mut out = source::Diagnostics::new();
        let options = yaml::Options::new(yaml::Profile::Kubernetes);
        let docs = yaml::read(source::SourceId(0), text, &options, &mut out);
        drop(docs);
        start.elapsed().as_secs_f64()
    };
    (0..15).map(|_| once()).fold(f64::INFINITY, f64::min)
}

fn output(command: &mut Command) -> Result<Once, String> {
    let output = command.output().map_err(|e| e.to_string())?;
    let text = String::from_utf8_lossy(&output.stdout);
    let mut numbers = text.split_whitespace();
    let seconds = numbers.next().and_then(|n| n.parse().ok());
    let peak = numbers.next().and_then(|n| n.parse().ok());
    seconds
        .zip(peak)
        .map(|(seconds, peak)| Once { seconds, peak })
        .ok_or_else(|| format!("{command:?}: {text}"))
}

/// Builds a program that reads all documents with go-yaml; `None` without Go or the module.
fn go_program(folder: &Path) -> Option<std::path::PathBuf> {
    let source = r#"package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"

	"go.yaml.in/yaml/v3"
)

func peak() int64 {
	status, _ := os.ReadFile("/proc/self/status")
	for _, line := range strings.Split(string(status), "\n") {
		var kb int64
		if n, _ := fmt.Sscanf(line, "VmHWM: %d kB", &kb); n == 1 {
			return kb
		}
	}
	return 0
}

func cpu() float64 {
	var use syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &use)
	return float64(use.Utime.Nano()+use.Stime.Nano()) / 1e9
}

func main() {
	idle := peak()
	text, err := os.ReadFile(os.Args[1])
	if err != nil {
		panic(err)
	}
	start := cpu()
	var docs []*yaml.Node
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	for {
		node := new(yaml.Node)
		if err := decoder.Decode(node); err == io.EOF {
			break
		} else if err != nil {
			panic(err)
		}
		docs = append(docs, node)
	}
	fmt.Println(cpu()-start, peak()-idle)
	if len(docs) == 0 {
		panic("nothing read")
	}
}
"#;
    std::fs::write(folder.join("main.go"), source).ok()?;
    std::fs::write(folder.join("go.mod"), "module read\n\ngo 1.24\n").ok()?;
    let go = |args: &[&str]| {
        Command::new("go").args(args).current_dir(folder).output().ok().filter(|o| o.status.success())
    };
    go(&["get", "go.yaml.in/yaml/v3@v3.0.4"])?;
    go(&["build", "-o", "read", "."])?;
    Some(folder.join("read"))
}

/// What one run of one reader in a process of its own measured.
pub struct Once {
    pub seconds: f64,
    /// Kilobytes at the peak, less those before anything was read.
    pub peak: u64,
}

/// Reads a file with one reader: `plimsoll`, `yaml_serde` or `granit`.
pub fn once(reader: &str, path: &str) -> Result<Once, String> {
    let idle = peak_memory();
    let text: Arc<str> = std::fs::read_to_string(path).map_err(|e| e.to_string())?.into();
    let start = on_cpu();
    let read: Box<dyn std::any::Any> = match reader {
        "plimsoll" => {
            let mut out = source::Diagnostics::new();
            let options = yaml::Options::new(yaml::Profile::Kubernetes);
            Box::new(yaml::read(source::SourceId(0), &text, &options, &mut out))
        }
        "granit" => Box::new(granit_parser::Parser::new_from_str(&text).filter(Result::is_ok).count()),
        "yaml_serde" => {
            let docs = yaml_serde::Deserializer::from_str(&text);
            let values = docs.map(<yaml_serde::Value as serde::Deserialize>::deserialize);
            Box::new(values.collect::<Result<Vec<_>, _>>().map_err(|e| e.to_string())?)
        }
        other => return Err(format!("no reader `{other}`")),
    };
    let seconds = on_cpu() - start;
    let peak = peak_memory() - idle;
    drop(read);
    Ok(Once { seconds, peak })
}

/// `read-yaml READER FILE`: seconds and kilobytes of one run, for the benchmark that starts it.
#[expect(clippy::print_stdout, reason = "the benchmark reads it")]
pub fn print_once(reader: &str, path: &str) -> Result<(), String> {
    let once = once(reader, path)?;
    println!("{} {}", once.seconds, once.peak);
    Ok(())
}

/// `make-yaml BYTES FILE`: the file that the benchmark reads.
pub fn write_mixed(bytes: &str, path: &str) -> Result<(), String> {
    let bytes = bytes.parse().map_err(|_| format!("`{bytes}` is no number"))?;
    std::fs::write(path, manifests::mixed(bytes)).map_err(|e| e.to_string())
}

/// Seconds that this thread has run, which a busy machine does not lengthen as it does the clock's.
pub fn on_cpu() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    text.split(' ').next().and_then(|ns| ns.parse::<f64>().ok()).unwrap_or(f64::NAN) / 1e9
}

/// The peak of this process so far, in kilobytes.
fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|l| l.trim().trim_end_matches("kB").trim().parse().ok()).unwrap_or(0)
}
