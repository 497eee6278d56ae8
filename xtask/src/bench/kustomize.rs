//! `build` of small and large overlays against kustomize, from process start to exit; then ours alone, ten times as large.

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use super::Report;
use super::inputs::{instructions, python, table, version_of};
use crate::process::{find, medians, release_binary};

/// Objects, and rounds: the peer is quadratic, and steady where it takes seconds.
const AGAINST: &[(&str, usize)] = &[("1", 9), ("200", 5), ("1000", 1), ("2000", 1)];
/// Objects of what only ours is asked for.
const ALONE: &[usize] = &[2_000, 20_000];
const ROUNDS: usize = 5;

/// Both programs build what `gen-kustomize` wrote: a base, and an overlay that changes every object of it.
pub fn run(inputs: &Path) -> Result<Report, String> {
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    let plimsoll = release_binary("plimsoll")?;
    let peer = find("kustomize");
    let mut body = String::new();
    for (count, rounds) in AGAINST {
        let overlay = generate(inputs, folder.path(), count)?;
        let mut names = vec!["plimsoll build"];
        let mut commands = vec![build(&plimsoll, &overlay)];
        if let Some(peer) = &peer {
            names.push("kustomize build");
            commands.push(build(peer, &overlay));
        }
        let costs = medians(&mut commands, *rounds)?;
        table(&mut body, &format!("{count} objects"), &names, &costs);
    }
    alone(inputs, folder.path(), &plimsoll, &mut body)?;
    let version = peer.map_or_else(|| "kustomize: missing".to_owned(), |peer| version_of(&peer, "version"));
    Ok(Report { title: format!("`build` against {version}"), body })
}

fn generate(inputs: &Path, folder: &Path, count: &str) -> Result<std::path::PathBuf, String> {
    let to = folder.join(count);
    python(&[inputs.join("gen-kustomize").as_path(), Path::new(count), &to])?;
    Ok(to.join("overlay"))
}

fn build(program: &Path, overlay: &Path) -> Command {
    let mut command = Command::new(program);
    command.arg("build").arg(overlay);
    command
}

/// What an object costs when there are ten times as many, and memory as a multiple of what is printed.
fn alone(inputs: &Path, folder: &Path, plimsoll: &Path, body: &mut String) -> Result<(), String> {
    let _ = writeln!(
        body,
        "| objects | wall ms | us an object | instructions an object | output MiB | peak MiB | peak / output |\n\
         |--:|--:|--:|--:|--:|--:|--:|"
    );
    for count in ALONE {
        let overlay = generate(inputs, folder, &count.to_string())?;
        let mut command = build(plimsoll, &overlay);
        let printed = command.stdin(Stdio::null()).output().map_err(|e| e.to_string())?;
        if !printed.status.success() {
            return Err(String::from_utf8_lossy(&printed.stderr).into_owned());
        }
        let cost = medians(std::slice::from_mut(&mut command), ROUNDS)?;
        let cost = cost.first().ok_or("nothing was measured")?;
        let counted =
            instructions(&command).map_or_else(|| "?".to_owned(), |all| (all / *count as u64).to_string());
        let mebibytes = |bytes: f64| bytes / f64::from(1 << 20);
        let (wall, output, peak) = (cost.wall.as_secs_f64(), printed.stdout.len() as f64, cost.peak as f64);
        let _ = writeln!(
            body,
            "| {count} | {:.1} | {:.1} | {counted} | {:.1} | {:.1} | {:.1} |",
            wall * 1e3,
            wall * 1e6 / *count as f64,
            mebibytes(output),
            mebibytes(peak),
            peak / output,
        );
    }
    Ok(())
}
