//! Files that the second thread renders from the last one on, while the first comes towards it.
//!
//! The files of a chart share a tree of values, and Helm renders them one after the other because some change it. Most
//! charts do not. So the second thread lays the values out once more, for itself, and renders what it can. That counts
//! as long as nothing shared was changed on either side, and nothing was asked for that differs from run to run:
//! randomness, the time. Whatever does not count the first thread renders in its turn, so that the text is the same.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use gotmpl::{Engine, Error, Services, Templates, Value, Witness};

use super::aside::{Job, Slot};
use super::graph::Graph;
use super::load::Chart;
use super::manifests::Parts;
use super::parse::{self, Trees};
use super::profile::Profile;
use super::render::{RenderOptions, name_of_file, utf8, values_of};
use super::scope::{self, Template};
use super::snapshot::Snapshot;

/// What the second thread needs, and where it leaves what it made.
pub(crate) struct Ahead {
    /// The chart.
    pub chart: Arc<Chart>,
    /// The user's values.
    pub user: Snapshot,
    /// What the rendering is told.
    pub options: RenderOptions,
    /// Whose rules.
    pub profile: Profile,
    /// The files as they are parsed.
    pub trees: Trees,
    /// Its results.
    pub board: Board,
}

/// A place for each file.
#[derive(Default)]
pub(crate) struct Board {
    slots: OnceLock<Box<[Slot<Option<Made>>]>>,
    is_closed: AtomicBool,
}

/// What a file came to.
#[derive(Clone)]
pub(crate) struct Made {
    /// The text.
    pub text: Arc<String>,
    /// Its documents.
    pub parts: Arc<Parts>,
}

impl Board {
    fn slot(&self, at: usize, of: usize) -> Option<&Slot<Option<Made>>> {
        self.slots.get_or_init(|| (0..of).map(|_| Slot::new()).collect()).get(at)
    }

    /// What the second thread made of a file; without it the file is the caller's.
    pub(crate) fn take(&self, at: usize, of: usize) -> Option<Made> {
        self.slot(at, of)?.get(|| None).clone()
    }

    /// Says that nothing more is wanted.
    pub(crate) fn close(&self) {
        self.is_closed.store(true, Ordering::Relaxed);
    }

    fn is_closed(&self) -> bool {
        self.is_closed.load(Ordering::Relaxed)
    }
}

impl Job for Ahead {
    fn run(&self) {
        if self.trees.values().any(|tree| tree.is_slow()) {
            return;
        }
        let mut graph = Graph::new(&self.chart, None);
        let user = self.user.restore();
        let Some(values) = values_of(&mut graph, &user, self.profile) else { return };
        let files = scope::templates(&graph, &values, &self.options, self.profile, &mut None);
        if let Some(templates) = parse::begin(&files, self.profile.engine(), &self.trees) {
            self.render(&files, &templates);
            std::mem::forget(templates);
        }
        // As on the first thread: the process is about to end.
        std::mem::forget((graph, user, values, files));
    }
}

impl Ahead {
    fn render(&self, files: &[Template<'_>], templates: &Templates) {
        let engine = self.profile.engine();
        let witness = watch(files);
        // Each scope holds the name of the file that was rendered last in it, which charts around it can see.
        let names: Vec<Value> = files.iter().map(|file| name_of_file(file, engine)).collect();
        names.iter().for_each(|name| witness.watch(name));
        let mut last: HashMap<usize, usize> = HashMap::new();
        let is_rendered = |file: &Template<'_>| !file.is_partial();
        let before: Vec<Option<usize>> = files
            .iter()
            .enumerate()
            .map(|(at, file)| if is_rendered(file) { last.insert(file.scope.address(), at) } else { None })
            .collect();
        let name = |file: &Template<'_>, at: Option<usize>| {
            witness.unseen(|| match at.and_then(|at| names.get(at)) {
                Some(name) => {
                    file.scope.insert("Template".into(), name.clone());
                }
                None => {
                    file.scope.remove(b"Template", source::OriginId::UNKNOWN);
                }
            });
        };
        for at in last.values() {
            name(&files[*at], Some(*at));
        }
        for (at, file) in files.iter().enumerate().rev().filter(|(_, file)| is_rendered(file)) {
            let Some(slot) = self.board.slot(at, files.len()).filter(|_| !self.board.is_closed()) else {
                return;
            };
            slot.fill(|| {
                let mut outside = Outside { is_asked: false, state: 1 };
                let text = Engine::new(templates, gotmpl::Options::new(engine), &mut outside)
                    .render(&file.name, file.scope.clone().into())
                    .ok();
                let text = text.filter(|_| !witness.saw() && !outside.is_asked)?;
                let text = Arc::new(utf8(text));
                let parts = Parts::of(text.clone(), self.profile);
                parts.run();
                Some(Made { text, parts })
            });
            if witness.saw() {
                return;
            }
            name(file, before[at]);
        }
    }
}

/// Watches all that files share.
pub(crate) fn watch(files: &[Template<'_>]) -> Witness {
    let witness = Witness::default();
    files.iter().for_each(|file| witness.watch(&file.scope.clone().into()));
    witness
}

/// Notes that something was asked for that only the first thread may give.
struct Outside {
    is_asked: bool,
    /// Of bytes that look random: who waits for a certain one must not wait for ever.
    state: u64,
}

impl Services for Outside {
    fn lookup(&mut self, _: &str, _: &str, _: &str, _: &str) -> Result<Value, Error> {
        // Where there are manifests to answer from nothing is rendered ahead.
        Ok(Value::map([]))
    }

    fn now(&mut self) -> (i64, u32) {
        self.is_asked = true;
        (0, 0)
    }

    fn random(&mut self, buffer: &mut [u8]) {
        self.is_asked = true;
        for byte in buffer {
            self.state ^= self.state << 13;
            self.state ^= self.state >> 7;
            self.state ^= self.state << 17;
            *byte = self.state as u8;
        }
    }

    fn resolve(&mut self, _: &str) -> String {
        String::new()
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use source::{Diagnostics, Origins, Sources};

    use super::super::{LoadCx, OutputOptions, output, template};
    use super::*;
    use crate::world::Memory;

    /// What is printed of a chart whose first files, in Helm's order, are these, and whose last ones are many.
    fn printed(files: &[(&str, &str)], text_only: bool, set: &[&str]) -> String {
        let mut world = Memory::new()
            .with("c/Chart.yaml", "apiVersion: v2\nname: c\nversion: 1.0.0\n")
            .with("c/values.yaml", "n: 1\ndeep: {a: {b: 1}}\nlist: [b, a]\nglobal: {g: {h: {i: 1}}}\n")
            .with("c/charts/s/Chart.yaml", "apiVersion: v2\nname: s\nversion: 1.0.0\n")
            .with("c/charts/s/templates/s.yaml", "s: {{ .Values.global | toJson }}\n");
        let padding = format!("{{{{/* {} */}}}}", "x".repeat(4 << 10));
        for i in 0..80 {
            let name = format!("c/templates/m{i:02}.yaml");
            let text = format!(
                "{padding}m: {{{{ .Values | toJson }}}}\nt: {{{{ .Subcharts.s.Template.Name }}}} {{{{ .Template.Name }}}}\n"
            );
            world = world.with(&name, &text);
        }
        for (name, text) in files {
            world = world.with(format!("c/{name}"), text);
        }
        let (mut sources, mut out) = (Sources::new(), Diagnostics::new());
        let mut cx = LoadCx { world: &world, sources: &mut sources, profile: Profile::Helm4, out: &mut out };
        let mut options = RenderOptions { text_only, ..RenderOptions::default() };
        options.values.set = set.iter().map(|text| (*text).to_owned()).collect();
        match template(Path::new("c"), &options, &mut Origins::new(), &mut cx) {
            Ok(rendering) => {
                let at = cx.place(Path::new("c"));
                let printed = output(&rendering, &OutputOptions::default(), Profile::Helm4, at, &world);
                printed.expect("printed").stdout.to_string()
            }
            Err(failure) => failure.0.upstream.unwrap_or_default(),
        }
    }

    #[test]
    fn two_threads_print_what_one_does() {
        let charts: &[&[(&str, &str)]] = &[
            &[],
            // What is set is seen by the files that come later, and by no other.
            &[("templates/m40.yaml", "x: {{ set .Values.deep.a \"b\" 2 | toJson }}\n")],
            &[
                ("templates/m00.yaml", "x: {{ set . \"y\" 2 | len }}\n"),
                ("templates/z.yaml", "y: {{ .y }}\n"),
            ],
            &[("charts/s/templates/t.yaml", "x: {{ set .Values.global.g.h \"i\" 2 | toJson }}\n")],
            &[(
                "templates/m79.yaml",
                "{{ $_ := set .Template \"Name\" \"other\" }}x: {{ .Template.Name }}\n",
            )],
            &[("templates/m20.yaml", "x: {{ merge (dict \"q\" 1) .Values | toJson }}\n")],
            &[("templates/m20.yaml", "x: {{ merge .Values (dict \"q\" 1) | toJson }}\n")],
            &[(
                "templates/m01.yaml",
                "x: {{ lookup \"v1\" \"Pod\" \"\" \"\" | toJson }}{{ len (randAlpha 5) }}\n",
            )],
            &[(
                "templates/m02.yaml",
                "x: {{ len (genPrivateKey \"ed25519\") }} {{ tpl \"{{ randInt 1 2 }}\" . }}\n",
            )],
            &[("templates/m30.yaml", "x: {{ include \"c/templates/m31.yaml\" . }}\n")],
            // The first mistake in Helm's order is told.
            &[("templates/m30.yaml", "{{ fail \"a\" }}"), ("templates/m50.yaml", "{{ fail \"b\" }}")],
            &[("templates/m30.yaml", "{{ fail \"a\" }}"), ("templates/m20.yaml", "{{ nope }}")],
            &[
                ("templates/m30.yaml", "{{ include \"c/templates/m20.yaml\" . }}"),
                ("templates/m20.yaml", "{{"),
            ],
            &[("templates/_h.tpl", "{{ define \"c/templates/m20.yaml\" }}other{{ end }}")],
            &[("templates/m10.yaml", "a: [\n")],
        ];
        for files in charts {
            for set in [&[][..], &["n=2", "list={c,d}", "deep.a=null"]] {
                assert_eq!(printed(files, true, set), printed(files, false, set), "{files:?}");
            }
        }
    }
}
