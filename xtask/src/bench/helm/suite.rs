//! All cases of the suite of charts as processes, two at a time: the whole, and case by case.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value as Json;

use crate::process::{Cost, measure};

/// A recorded case: the chart, relative to the folder of the suite, and the arguments behind it.
pub(super) struct Case {
    pub id: String,
    pub chart: String,
    pub args: Vec<String>,
    pub renders: bool,
}

/// The cases of Helm 4.
pub(super) fn cases(folder: &Path) -> Result<Vec<Case>, String> {
    let file = folder.join("cases.jsonl");
    let text = std::fs::read_to_string(&file).map_err(|e| format!("{}: {e}", file.display()))?;
    let mut all = Vec::new();
    for line in text.lines() {
        let case: Json = serde_json::from_str(line).map_err(|e| e.to_string())?;
        if case["profile"] != "helm4" {
            continue;
        }
        let text = |value: &Json| value.as_str().unwrap_or_default().to_owned();
        all.push(Case {
            id: text(&case["id"]),
            chart: text(&case["chart"]),
            args: case["args"].as_array().into_iter().flatten().map(text).collect(),
            renders: case["exit"] == 0,
        });
    }
    Ok(all)
}

/// Lines that compare one run of all cases by each of the programs, ours first.
pub(super) fn report(
    folder: &Path,
    home: &Path,
    programs: &[(&str, &Path)],
    body: &mut String,
) -> Result<(), String> {
    let cases = cases(folder)?;
    let mut runs = Vec::new();
    for (name, program) in programs {
        let start = Instant::now();
        let costs = run(folder, home, program, &cases)?;
        runs.push((*name, start.elapsed(), costs));
    }
    let Some((_, ours, own)) = runs.first() else { return Ok(()) };
    let cpu = |costs: &[Cost]| costs.iter().map(|c| c.cpu).sum::<Duration>().as_secs_f64();
    let _ = writeln!(body, "| {} cases, two at a time | wall s | ratio | user+sys s | ratio |", cases.len());
    let _ = writeln!(body, "|---|--:|--:|--:|--:|");
    for (name, wall, costs) in &runs {
        let _ = writeln!(
            body,
            "| {name} | {:.1} | {:.1} | {:.1} | {:.1} |",
            wall.as_secs_f64(),
            wall.as_secs_f64() / ours.as_secs_f64(),
            cpu(costs),
            cpu(costs) / cpu(own),
        );
    }
    for (name, _, costs) in runs.iter().skip(1) {
        let mut ratios: Vec<(f64, &str)> = own
            .iter()
            .zip(costs)
            .zip(&cases)
            .map(|((own, other), case)| (other.wall.as_secs_f64() / own.wall.as_secs_f64(), &*case.id))
            .collect();
        ratios.sort_by(|a, b| a.0.total_cmp(&b.0));
        let slower = ratios.iter().filter(|(ratio, _)| *ratio < 1.0).count();
        let lowest: Vec<_> = ratios.iter().take(5).map(|(ratio, id)| format!("{id} {ratio:.1}")).collect();
        let _ = writeln!(
            body,
            "\nCases in which {name} is faster: {slower}; the lowest ratios: {}",
            lowest.join(", ")
        );
    }
    body.push('\n');
    Ok(())
}

/// What each case took; a program that fails where Helm fails is measured too.
fn run(folder: &Path, home: &Path, program: &Path, cases: &[Case]) -> Result<Vec<Cost>, String> {
    let next = AtomicUsize::new(0);
    let work = || -> Result<Vec<(usize, Cost)>, String> {
        let mut done = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(case) = cases.get(at) else { return Ok(done) };
            let mut command = Command::new(program);
            command.args(["template", "release-name", &case.chart, "--namespace", "default"]);
            command.args(&case.args).current_dir(folder).env("HOME", home);
            done.push((at, measure(&mut command)?));
        }
    };
    let both = std::thread::scope(|scope| {
        let threads = [scope.spawn(work), scope.spawn(work)];
        threads.map(|thread| thread.join().unwrap_or_else(|_| Err("a thread died".to_owned())))
    });
    let mut all = Vec::new();
    for done in both {
        all.extend(done?);
    }
    all.sort_by_key(|(at, _)| *at);
    Ok(all.into_iter().map(|(_, cost)| cost).collect())
}
