//! Running programs and measuring what they take.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use wait4::Wait4;

/// What one run of a program took.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    /// From start to exit.
    pub wall: Duration,
    /// User and system time of the process and its threads.
    pub cpu: Duration,
    /// Peak resident memory in bytes.
    pub peak: u64,
}

/// The folder of the workspace.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map_or_else(|| PathBuf::from("."), Path::to_path_buf)
}

/// Builds the release binary of that package and returns its path.
pub fn release_binary(package: &str) -> Result<PathBuf, String> {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root()).args(["build", "--quiet", "--release", "--package", package]);
    let status = cargo.status().map_err(|e| format!("cargo: {e}"))?;
    if !status.success() {
        return Err(format!("the release build of {package} failed"));
    }
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    Ok(target.join("release").join(format!("{package}{}", std::env::consts::EXE_SUFFIX)))
}

/// The path of a program: in `PATH`, or where `go install` puts it.
pub fn find(program: &str) -> Option<PathBuf> {
    let go = std::env::var_os("GOBIN").map(PathBuf::from).or_else(|| {
        let home = std::env::var_os("GOPATH").map(PathBuf::from);
        home.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join("go"))).map(|p| p.join("bin"))
    });
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).chain(go).map(|dir| dir.join(program)).find(|file| file.is_file())
}

/// The path of a program: what the variable of its name in capitals says, or what is installed.
pub fn peer(program: &str) -> Option<PathBuf> {
    std::env::var_os(program.to_uppercase()).map(PathBuf::from).or_else(|| find(program))
}

/// The program under test: what `PLIMSOLL` says, or a release build.
pub fn under_test() -> Result<PathBuf, String> {
    std::env::var_os("PLIMSOLL").map_or_else(|| release_binary("plimsoll"), |path| Ok(PathBuf::from(path)))
}

/// Runs a command to its end with its output thrown away, and says what it took. The exit code is not judged: a
/// linter that finds something ends with one.
pub fn measure(command: &mut Command) -> Result<Cost, String> {
    let start = Instant::now();
    let child = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|e| format!("{}: {e}", command.get_program().display()))?;
    let used = child.wait4().map_err(|e| e.to_string())?;
    let wall = start.elapsed();
    // `ru_maxrss` counts KiB on Linux and bytes on macOS; the crate hands it on as bytes.
    Ok(Cost { wall, cpu: used.rusage.utime + used.rusage.stime, peak: used.rusage.maxrss })
}

/// The medians of several runs of each command, the commands taking turns so that a noisy machine is noisy for
/// all of them alike. One unmeasured round warms the caches.
pub fn medians(commands: &mut [Command], rounds: usize) -> Result<Vec<Cost>, String> {
    let mut all = vec![Vec::new(); commands.len()];
    for round in 0..=rounds {
        for (command, costs) in commands.iter_mut().zip(&mut all) {
            let cost = measure(command)?;
            if round > 0 {
                costs.push(cost);
            }
        }
    }
    Ok(all.into_iter().map(median).collect())
}

fn median(costs: Vec<Cost>) -> Cost {
    fn middle<T: Ord + Copy>(values: impl Iterator<Item = T>) -> Option<T> {
        let mut values: Vec<T> = values.collect();
        values.sort_unstable();
        values.get(values.len() / 2).copied()
    }
    Cost {
        wall: middle(costs.iter().map(|c| c.wall)).unwrap_or_default(),
        cpu: middle(costs.iter().map(|c| c.cpu)).unwrap_or_default(),
        peak: middle(costs.iter().map(|c| c.peak)).unwrap_or_default(),
    }
}
