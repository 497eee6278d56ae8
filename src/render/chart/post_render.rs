//! `--post-renderer`: a program that all that is installed goes through before it is printed, as Helm 3 runs it.
//!
//! CustomResourceDefinitions and manifests go in, hooks stay as they are (Helm 3.21.4, `renderResources`). Helm 4 takes
//! no program but a plugin of its own, which gets every document with the name of its file.

use std::path::{Path, PathBuf};

use source::Span;

use crate::world::{Executed, FileKind, Program, World, plain};

use super::Fail;
use super::codes::POST_RENDERER_FAILED;
use super::load::{fail, system_text};
use super::pieces::Stream;

/// A program that a person allowed.
#[derive(Clone, Debug)]
pub struct PostRenderer {
    program: Program,
    /// Under `--debug` Helm does not advise to use it.
    is_debug: bool,
}

impl PostRenderer {
    /// The program of that path; one without a slash is looked for on the search path.
    ///
    /// # Errors
    /// There is none, in Helm's words.
    pub fn new(
        path: &str,
        arguments: Vec<String>,
        is_debug: bool,
        world: &dyn World,
    ) -> Result<PostRenderer, String> {
        let dir = world.canonical(Path::new(".")).unwrap_or_else(|_| PathBuf::from("."));
        let is_file = |path: &PathBuf| matches!(world.stat(path), Ok(FileKind::File));
        let (found, why) = if path.contains('/') {
            let file = plain(&dir.join(path));
            (Some(file).filter(is_file), format!("stat {path}: no such file or directory"))
        } else {
            let folders = world.env("PATH").unwrap_or_default();
            let mut files = folders.split(':').map(|folder| dir.join(folder).join(path));
            (files.find(is_file), "executable file not found in $PATH".to_owned())
        };
        let Some(file) = found else {
            let name = gotmpl::strconv::quote(path.as_bytes());
            return Err(format!(
                "invalid argument {name} for \"--post-renderer\" flag: unable to find binary at {path}: exec: {name}: {why}"
            ));
        };
        Ok(PostRenderer {
            program: Program { path: file, arguments, environment: Vec::new(), dir },
            is_debug,
        })
    }

    /// What the program makes of the text.
    ///
    /// # Errors
    /// It cannot be started, or ends with an error; `at` is where that is said.
    pub(crate) fn run(&self, text: &Stream, at: Span, world: &dyn World) -> Result<Stream, Fail> {
        let shown = self.program.path.display();
        let (message, upstream) = match world.execute(&self.program, text.to_string().as_bytes()) {
            Ok(Executed { code: Some(0), output, .. }) => {
                return Ok(String::from_utf8_lossy(&output).into_owned().into());
            }
            Ok(Executed { code, errors, .. }) => {
                let status = code.map_or("signal: killed".to_owned(), |code| format!("exit status {code}"));
                let said = String::from_utf8_lossy(&errors);
                let first = said.lines().next().unwrap_or_default();
                let upstream = format!(
                    "error while running post render on files: error while running command {shown}. error output:\n{said}: {status}"
                );
                let hint = if self.is_debug { "" } else { "\n\nUse --debug flag to render out invalid YAML" };
                (format!("the post-renderer {shown} ended with {status}: {first}"), upstream + hint)
            }
            Err(error) => {
                let why = system_text(&error);
                let upstream = format!(
                    "error while running post render on files: error while running command {shown}. error output:\n: fork/exec {shown}: {why}"
                );
                (format!("the post-renderer {shown} cannot be run: {why}"), upstream)
            }
        };
        Err(fail(&POST_RENDERER_FAILED, at, message, &upstream))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::Memory;

    #[test]
    fn a_program_is_looked_for_as_helm_looks_for_it() {
        let world = Memory::new().with("tools/kept", "");
        let found = PostRenderer::new("./tools/kept", Vec::new(), false, &world).expect("found");
        assert!(found.program.path.ends_with("tools/kept"));
        assert_eq!(
            PostRenderer::new("no-such-program", Vec::new(), false, &world).err().as_deref(),
            Some(
                r#"invalid argument "no-such-program" for "--post-renderer" flag: unable to find binary at no-such-program: exec: "no-such-program": executable file not found in $PATH"#
            )
        );
        let error = PostRenderer::new("./none", Vec::new(), false, &world).expect_err("missing");
        assert!(error.ends_with(r#"exec: "./none": stat ./none: no such file or directory"#), "{error}");
    }
}
