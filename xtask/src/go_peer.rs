//! Builds the Go program of `peers/gotmpl`, which answers for Helm's engines.

use std::path::PathBuf;
use std::process::Command;

use crate::process::root;

const MODULE: &str = "module gotmpl

go 1.26

require (
	helm.sh/helm/v3 v3.21.4
	helm.sh/helm/v4 v4.2.4
)
";

/// The program's path; built below `target`, its modules through the module proxy.
pub fn gotmpl() -> Result<PathBuf, String> {
    let folder = root().join("target/peers/gotmpl");
    std::fs::create_dir_all(&folder).map_err(|e| e.to_string())?;
    let source = include_str!("../peers/gotmpl/main.go");
    std::fs::write(folder.join("main.go"), source).map_err(|e| e.to_string())?;
    if !folder.join("go.mod").exists() {
        std::fs::write(folder.join("go.mod"), MODULE).map_err(|e| e.to_string())?;
    }
    let mut go = Command::new("go");
    go.current_dir(&folder).env("GOFLAGS", "-mod=mod").args(["build", "-o", "gotmpl", "."]);
    let output = go.output().map_err(|e| format!("go: {e}"))?;
    if !output.status.success() {
        return Err(format!("the Go program does not build: {}", String::from_utf8_lossy(&output.stderr)));
    }
    Ok(folder.join("gotmpl"))
}
