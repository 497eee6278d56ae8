//! Template files to trees, on two threads where there is enough to parse.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use gotmpl::parse::{self, Ast};
use gotmpl::{Error, Library, Templates};

use super::scope::Template;

/// Bytes of templates from which on a second thread is worth its start: parsing them takes about a millisecond.
const WORTH_A_THREAD: usize = 200 << 10;

/// Parses the files and takes them in, in their order.
///
/// # Errors
/// The first file in that order that cannot be parsed, and why.
pub(crate) fn parse<'t, 'c>(
    files: &'t [Template<'c>],
    profile: gotmpl::Profile,
) -> Result<Templates, (&'t Template<'c>, Error)> {
    let inputs: Vec<_> = files.iter().map(|file| (file.name.clone(), file.file.data.clone())).collect();
    let is_much = inputs.iter().map(|(_, text)| text.len()).sum::<usize>() >= WORTH_A_THREAD;
    let asts = trees(&inputs, Library::of(profile), is_much);
    let mut templates = Templates::new(profile);
    for ((file, (name, text)), ast) in files.iter().zip(inputs).zip(asts) {
        let source = Some(file.file.source);
        match ast {
            Some(ast) => templates.add_parsed(ast, source),
            // Only this way the error is told with its place.
            None => {
                templates.add(name, text, source).map_err(|error| (file, error))?;
            }
        }
    }
    Ok(templates)
}

/// The trees in the order of the files; `None` for what cannot be parsed.
fn trees(files: &[(Arc<str>, Arc<[u8]>)], library: &Library, on_two_threads: bool) -> Vec<Option<Arc<Ast>>> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        while let Some((at, (name, text))) = {
            let at = next.fetch_add(1, Ordering::Relaxed);
            files.get(at).map(|file| (at, file))
        } {
            done.push((at, parse::parse(name.clone(), text.clone(), library).ok().map(Arc::new)));
        }
        done
    };
    let done = std::thread::scope(|scope| {
        // Without a second thread the first does it all.
        let second = on_two_threads.then(|| std::thread::Builder::new().spawn_scoped(scope, work));
        let mut done = work();
        let second = second.and_then(|spawned| spawned.ok()?.join().ok());
        done.extend(second.unwrap_or_default());
        done
    });
    let mut asts = vec![None; files.len()];
    for (at, ast) in done {
        asts[at] = ast;
    }
    asts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_threads_give_the_trees_in_order() {
        let file = |i: usize| {
            let text = if i == 50 {
                "{{ nope".to_owned()
            } else {
                format!("{{{{ define \"{i}\" }}}}a{{{{ end }}}}")
            };
            (Arc::from(format!("t{i}")), Arc::from(text.into_bytes()))
        };
        let files: Vec<_> = (0..100).map(file).collect();
        let asts = trees(&files, Library::of(gotmpl::Profile::Helm4), true);
        for (i, ast) in asts.iter().enumerate() {
            let defined = ast.as_ref().map(|ast| ast.define(i.to_string().as_bytes()).is_some());
            assert_eq!(defined, (i != 50).then_some(true));
        }
    }
}
