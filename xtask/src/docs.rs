//! Pages that follow from the program: what it prints of itself, written where people look.

use std::process::Command;

use crate::process::root;

/// The file, and the arguments that print it.
const PAGES: [(&str, &[&str]); 2] = [
    ("docs/rules.md", &["rules", "--output", "markdown"]),
    ("schemas/plimsoll.schema.json", &["config", "schema"]),
];

/// Writes all pages; tests hold the files equal to what is printed.
pub fn run() -> Result<(), String> {
    for (file, arguments) in PAGES {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(cargo);
        command.args(["run", "--quiet", "--package", "plimsoll", "--"]).args(arguments).current_dir(root());
        let output = command.output().map_err(|error| format!("cargo: {error}"))?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned());
        }
        std::fs::write(root().join(file), output.stdout).map_err(|error| format!("{file}: {error}"))?;
    }
    Ok(())
}
