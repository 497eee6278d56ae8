//! Files of a folder and of those below it.

use std::path::{Path, PathBuf};

use walkdir::WalkDir;

/// The files at any depth that are wanted, in the order of their paths.
pub fn below(folder: &Path, wanted: impl Fn(&Path) -> bool) -> Result<Vec<PathBuf>, String> {
    let mut files = Vec::new();
    for entry in WalkDir::new(folder).follow_links(true) {
        let path = entry.map_err(|e| e.to_string())?.into_path();
        if !path.is_dir() && wanted(&path) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Whether a file's name ends in one of these extensions.
pub fn has_extension(path: &Path, extensions: &[&str]) -> bool {
    path.extension().is_some_and(|e| extensions.iter().any(|wanted| e == *wanted))
}
