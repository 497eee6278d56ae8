//! `compare-charts`: real charts, rendered by Helm and by this program; every difference is a defect.
//!
//! Each chart is rendered with its defaults, with each values file of its `ci/`, and with a few random changes of its
//! values. Lines that two renderings by Helm itself do not agree on (passwords, certificates) may hold anything.

mod changes;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use crate::fuzz::Random;
use crate::fuzz_helm::told;
use crate::process::{peer, under_test};

/// What is asked on the command line.
struct Options {
    charts: Vec<PathBuf>,
    changes: u64,
    seed: u64,
    profiles: Vec<&'static str>,
    verbose: bool,
}

/// How often what happened.
#[derive(Default)]
struct Tally {
    rendered: u64,
    failed: u64,
    differences: u64,
    texts: u64,
}

/// Longer than any chart takes Helm, key generation apart.
const LIMIT: Duration = Duration::from_secs(60);

/// `compare-charts DIR... [--changes N] [--seed N] [--profile helm4|helm3] [-v]`: charts, or folders of charts.
#[expect(clippy::print_stdout, reason = "the differences are what the task is for")]
pub fn run(args: &[&str]) -> Result<(), String> {
    let options = options(args)?;
    let ours = under_test()?;
    let home = tempfile::tempdir().map_err(|e| e.to_string())?;
    let mut all = 0;
    for &profile in &options.profiles {
        let Some(theirs) = peer(profile) else {
            println!("{profile}: missing (set {} to its path)", profile.to_uppercase());
            continue;
        };
        let mut tally = Tally::default();
        for (index, chart) in options.charts.iter().enumerate() {
            let mut random = Random::new(options.seed.wrapping_mul(1_000_003).wrapping_add(index as u64));
            for arguments in cases(chart, options.changes, &mut random) {
                let case = Case { chart, arguments: &arguments, home: home.path(), profile };
                if let Some(difference) = case.compare(&theirs, &ours, &mut tally, options.verbose)? {
                    println!("{profile} {} {}", chart.display(), quoted(&arguments));
                    println!("  {difference}");
                }
            }
        }
        println!(
            "{profile}: {} rendered, {} failed, {} differences; {} of {} texts of errors differ (seed {})",
            tally.rendered, tally.failed, tally.differences, tally.texts, tally.failed, options.seed
        );
        all += tally.differences;
    }
    if all > 0 { Err(format!("{all} differences")) } else { Ok(()) }
}

fn options(args: &[&str]) -> Result<Options, String> {
    let mut options =
        Options { charts: Vec::new(), changes: 3, seed: 1, profiles: vec!["helm4", "helm3"], verbose: false };
    let mut args = args.iter();
    while let Some(&arg) = args.next() {
        let mut number = || -> Result<u64, String> {
            let text = args.next().ok_or_else(|| format!("{arg} needs a number"))?;
            text.parse().map_err(|_| format!("`{text}` is no number"))
        };
        match arg {
            "--changes" => options.changes = number()?,
            "--seed" => options.seed = number()?,
            "--profile" => match args.next() {
                Some(&"helm4") => options.profiles = vec!["helm4"],
                Some(&"helm3") => options.profiles = vec!["helm3"],
                _ => return Err("--profile is helm4 or helm3".to_owned()),
            },
            "-v" => options.verbose = true,
            dir => {
                let dir = fs::canonicalize(dir).map_err(|e| format!("{dir}: {e}"))?;
                if dir.join("Chart.yaml").is_file() {
                    options.charts.push(dir);
                } else {
                    let entries = fs::read_dir(&dir).map_err(|e| format!("{}: {e}", dir.display()))?;
                    let below = entries.flatten().map(|entry| entry.path());
                    options.charts.extend(below.filter(|path| path.join("Chart.yaml").is_file()));
                }
            }
        }
    }
    if options.charts.is_empty() {
        return Err("no chart: name folders of charts".to_owned());
    }
    options.charts.sort();
    Ok(options)
}

/// The arguments of each rendering of a chart.
fn cases(chart: &Path, changes: u64, random: &mut Random) -> Vec<Vec<String>> {
    let mut cases = vec![Vec::new()];
    let mut files: Vec<PathBuf> = fs::read_dir(chart.join("ci"))
        .map(|entries| entries.flatten().map(|e| e.path()).filter(|p| is_yaml(p)).collect())
        .unwrap_or_default();
    files.sort();
    cases.extend(files.iter().map(|file| vec!["-f".to_owned(), file.display().to_string()]));
    let leaves = changes::leaves(&chart.join("values.yaml"));
    if !leaves.is_empty() {
        cases.extend((0..changes).map(|_| changes::arguments(&leaves, random)));
    }
    cases
}

fn is_yaml(path: &Path) -> bool {
    path.extension().is_some_and(|e| e == "yaml" || e == "yml")
}

struct Case<'a> {
    chart: &'a Path,
    arguments: &'a [String],
    home: &'a Path,
    profile: &'a str,
}

impl Case<'_> {
    /// `None` where both did the same.
    fn compare(
        &self,
        theirs: &Path,
        ours: &Path,
        tally: &mut Tally,
        verbose: bool,
    ) -> Result<Option<String>, String> {
        let Some(first) = self.call(theirs, &[])? else { return Ok(None) };
        let Some(own) = self.call(ours, &["--profile", self.profile, "--error-style", "upstream"])? else {
            tally.differences += 1;
            return Ok(Some(format!("ours ran for more than {} s", LIMIT.as_secs())));
        };
        if first.status.success() {
            tally.rendered += 1;
        } else {
            tally.failed += 1;
        }
        if first.status.success() != own.status.success() {
            tally.differences += 1;
            return Ok(Some(format!("theirs: {}\n  ours:   {}", told(&first), told(&own))));
        }
        if !first.status.success() {
            if sorted_lines(&first.stderr) != sorted_lines(&own.stderr) {
                tally.texts += 1;
                if verbose {
                    return Ok(Some(format!("texts\n  theirs: {}\n  ours:   {}", told(&first), told(&own))));
                }
            }
            return Ok(None);
        }
        if first.stdout == own.stdout {
            return Ok(None);
        }
        // Helm may not agree with itself.
        let mut others = Vec::new();
        for _ in 0..2 {
            others.extend(self.call(theirs, &[])?.map(|output| output.stdout));
        }
        let difference = difference(&first.stdout, &others, &own.stdout);
        tally.differences += u64::from(difference.is_some());
        Ok(difference)
    }

    /// `None` where it took too long.
    fn call(&self, program: &Path, extra: &[&str]) -> Result<Option<Output>, String> {
        let out = self.home.join("out");
        let err = self.home.join("err");
        let file = |path: &Path| fs::File::create(path).map_err(|e| format!("{}: {e}", path.display()));
        let mut child = Command::new(program)
            .arg("template")
            .args(extra)
            .args(["release-name"])
            .arg(self.chart)
            .args(["--namespace", "default", "--kube-version", "1.36.0"])
            .args(self.arguments)
            .current_dir(self.home)
            .env_clear()
            .env("HOME", self.home)
            .stdin(Stdio::null())
            .stdout(file(&out)?)
            .stderr(file(&err)?)
            .spawn()
            .map_err(|e| format!("{}: {e}", program.display()))?;
        let start = Instant::now();
        let status = loop {
            if let Some(status) = child.try_wait().map_err(|e| e.to_string())? {
                break status;
            }
            if start.elapsed() > LIMIT {
                let _ = child.kill();
                let _ = child.wait();
                return Ok(None);
            }
            std::thread::sleep(Duration::from_millis(2));
        };
        let read = |path: &Path| fs::read(path).map_err(|e| format!("{}: {e}", path.display()));
        Ok(Some(Output { status, stdout: read(&out)?, stderr: read(&err)? }))
    }
}

/// Helm walks maps in random order, so its warnings come in any.
fn sorted_lines(text: &[u8]) -> Vec<&[u8]> {
    let mut lines: Vec<_> = text.trim_ascii().split(|b| *b == b'\n').collect();
    lines.sort_unstable();
    lines
}

/// The first line that differs and that all renderings by Helm agree on.
fn difference(first: &[u8], others: &[Vec<u8>], own: &[u8]) -> Option<String> {
    let lines = |text: &[u8]| text.split(|b| *b == b'\n').map(<[u8]>::to_vec).collect::<Vec<_>>();
    let (wanted, got) = (lines(first), lines(own));
    let others: Vec<_> = others.iter().map(|text| lines(text)).collect();
    if others.iter().any(|other| other.len() != wanted.len()) {
        return None;
    }
    for (number, (want, line)) in wanted.iter().zip(&got).enumerate() {
        let is_stable = others.iter().all(|other| other.get(number) == Some(want));
        if want != line && is_stable {
            let show = |line: &[u8]| String::from_utf8_lossy(line).chars().take(200).collect::<String>();
            return Some(format!(
                "line {}: want {:?}\n  {:>8} got {:?}",
                number + 1,
                show(want),
                "",
                show(line)
            ));
        }
    }
    let counts = (wanted.len(), got.len());
    (counts.0 != counts.1).then(|| format!("{} lines wanted, {} printed", counts.0, counts.1))
}

fn quoted(arguments: &[String]) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=,:".contains(c);
    let quote = |text: &String| match text.chars().all(plain) {
        true => text.clone(),
        false => format!("'{}'", text.replace('\'', r"'\''")),
    };
    arguments.iter().map(quote).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_helm_itself_does_not_repeat_are_left_out() {
        assert_eq!(difference(b"a\nx1\n", &[b"a\nx2\n".to_vec()], b"a\nx3\n"), None);
        let told = difference(b"a\nb\n", &[b"a\nb\n".to_vec()], b"a\nc\n").expect("a difference");
        assert!(told.starts_with("line 2"), "{told}");
        assert!(difference(b"a\n", &[b"a\n".to_vec()], b"a\nb\n").is_some());
    }
}
