//! Builds the Go programs of `peers/`, which answer for the real ones without a process a question.

use std::path::PathBuf;
use std::process::Command;

use crate::process::root;

/// A program of one file, and the modules that it is built from.
struct Program {
    name: &'static str,
    source: &'static str,
    requires: &'static str,
}

/// Answers for the template engines of both Helms.
pub fn gotmpl() -> Result<PathBuf, String> {
    build(&Program {
        name: "gotmpl",
        source: include_str!("../peers/gotmpl/main.go"),
        requires: "\thelm.sh/helm/v3 v3.21.4\n\thelm.sh/helm/v4 v4.2.4\n",
    })
}

/// Answers for `kustomize build`.
pub fn kustomize() -> Result<PathBuf, String> {
    build(&Program {
        name: "kustomize",
        source: include_str!("../peers/kustomize/main.go"),
        requires: "\tsigs.k8s.io/kustomize/kustomize/v5 v5.8.1\n\tsigs.k8s.io/kustomize/kyaml v0.21.1\n",
    })
}

/// The program's path; built below `target`, its modules through the module proxy.
fn build(program: &Program) -> Result<PathBuf, String> {
    let folder = root().join("target/peers").join(program.name);
    std::fs::create_dir_all(&folder).map_err(|e| e.to_string())?;
    std::fs::write(folder.join("main.go"), program.source).map_err(|e| e.to_string())?;
    if !folder.join("go.mod").exists() {
        let module = format!("module {}\n\ngo 1.26\n\nrequire (\n{})\n", program.name, program.requires);
        std::fs::write(folder.join("go.mod"), module).map_err(|e| e.to_string())?;
    }
    // Position independent, so that an address that is printed is another one in each run, and not taken for an answer.
    let mut go = Command::new("go");
    go.current_dir(&folder).env("GOFLAGS", "-mod=mod").args([
        "build",
        "-buildmode=pie",
        "-o",
        program.name,
        ".",
    ]);
    let output = go.output().map_err(|e| format!("go: {e}"))?;
    if !output.status.success() {
        return Err(format!("the Go program does not build: {}", String::from_utf8_lossy(&output.stderr)));
    }
    Ok(folder.join(program.name))
}
