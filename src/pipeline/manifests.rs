//! Manifests on disk: a few files at a time are read and, as far as their objects can be judged by themselves, judged.
//!
//! Most objects are of native kinds, and what a server would say of each needs nothing that stands elsewhere. So they are
//! judged while what was read of them is still in the processor's cache, and where nobody asks for them afterwards they are
//! dropped: `validate` of any number of files takes the memory of a few. What is left waits for the whole input: objects
//! of kinds that a CustomResourceDefinition in some other file may define, and the definitions themselves.

use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashSet;
use source::{Diagnostic, Diagnostics, OriginId, Origins, Source, SourceId, Span};
use yaml::Doc;

use super::{Server, Settings, secrets, withhold};
use crate::kube::{Bundle, Resource};
use crate::load::{self, File, FoundFile, Loaded};
use crate::schema::Schema;
use crate::world::World;
use crate::{render, validate};

/// So many files are one thread's at a time: some seventy objects.
const FILES: usize = 16;

/// With fewer files than this a second thread is not worth waking.
const FEW: usize = 8;

/// What came of the files.
#[derive(Default)]
pub(super) struct Manifests {
    /// The files; texts and documents are gone where nobody asks for them.
    pub loaded: Loaded,
    /// The objects, unless they were dropped.
    pub bundle: Bundle,
    /// The documents that have not been judged yet; `None` where none has.
    pub waiting: Option<Vec<Arc<Doc>>>,
    /// How many objects were judged and dropped.
    pub dropped: usize,
    /// Where the values of dropped Secrets stand.
    pub secrets: Vec<Span>,
    /// How many findings were left out because they follow from others.
    pub withheld: usize,
}

/// Reads the files, and judges of their objects what can be judged so far.
pub(super) fn read(
    settings: &Settings,
    found: Vec<FoundFile>,
    world: &dyn World,
    out: &mut Diagnostics,
) -> Manifests {
    let Some(server) = settings.validate.as_ref().filter(|server| judges_each_alone(server)) else {
        let loaded = load::read(found, settings.request.objects_only, world, out);
        let bundle = render::plain(loaded.files.iter().flat_map(File::objects));
        return Manifests { loaded, bundle, ..Manifests::default() };
    };
    let reader = Reader { settings, schema: Schema::of(server.version), world };
    let parts: Vec<Part> = if found.len() < FEW {
        vec![reader.read(0, found)]
    } else {
        // Every thread has something to do, and several things, so that they end together.
        let files = found.len().div_ceil(4 * rayon::current_num_threads()).min(FILES);
        let parts = found.into_par_iter().chunks(files).enumerate();
        parts.map(|(at, found)| reader.read(at * files, found)).collect()
    };
    let mut all = Manifests::default();
    let mut waiting = Vec::new();
    for part in parts {
        for source in part.sources {
            all.loaded.sources.add(source);
        }
        all.loaded.files.extend(part.files);
        waiting.extend(part.waiting);
        add_to(&mut all.bundle, part.resources);
        all.dropped += part.dropped;
        all.secrets.extend(part.secrets);
        all.withheld += part.withheld;
        out.extend(part.found);
    }
    all.waiting = Some(waiting);
    all
}

/// Whether no verdict depends on what stands in other files, but for definitions of kinds.
fn judges_each_alone(server: &Server) -> bool {
    server.state.is_empty() && server.locations.is_none()
}

/// Adds objects that stand in the order of their documents.
fn add_to(bundle: &mut Bundle, resources: Vec<Resource>) {
    bundle.resources.reserve(resources.len());
    let mut last: Option<(Arc<Doc>, OriginId)> = None;
    for mut resource in resources {
        let first = match &last {
            Some((doc, first)) if Arc::ptr_eq(doc, resource.doc()) => *first,
            _ => bundle.origins.add_document(resource.source(), resource.doc().clone()),
        };
        last = Some((resource.doc().clone(), first));
        resource.set_origins(first);
        bundle.resources.push(resource);
    }
}

/// Makes places in texts of origins: of what was read every node has one.
pub(super) fn place(diagnostic: &mut Diagnostic, origins: &Origins) {
    for label in diagnostic.related.iter_mut().chain([&mut diagnostic.primary]) {
        if let Some(span) = origins.primary(label.at) {
            label.at = span.into();
        }
    }
}

/// A few files, and what was found in them.
struct Part {
    sources: Vec<Source>,
    files: Vec<File>,
    waiting: Vec<Arc<Doc>>,
    resources: Vec<Resource>,
    dropped: usize,
    secrets: Vec<Span>,
    withheld: usize,
    found: Vec<Diagnostic>,
}

struct Reader<'a> {
    settings: &'a Settings,
    /// The native kinds.
    schema: Schema,
    world: &'a dyn World,
}

impl Reader<'_> {
    /// Reads some files, the first of which has that number.
    fn read(&self, first: usize, found: Vec<FoundFile>) -> Part {
        let mut out = Diagnostics::new();
        let mut part = Part {
            sources: Vec::with_capacity(found.len()),
            files: Vec::with_capacity(found.len()),
            waiting: Vec::new(),
            resources: Vec::new(),
            dropped: 0,
            secrets: Vec::new(),
            withheld: 0,
            found: Vec::new(),
        };
        let objects_only = self.settings.request.objects_only;
        for (file, number) in found.into_iter().zip(first as u32..) {
            let (source, file) = load::read_file(SourceId(number), file, objects_only, self.world, &mut out);
            part.sources.push(source);
            part.files.push(file);
        }
        let all = render::plain(part.files.iter().flat_map(File::objects));
        let others = all.resources.iter().filter(|r| !validate::stands_alone(r, &self.schema));
        part.waiting = others.map(|resource| resource.doc().clone()).collect();
        part.waiting.dedup_by(|a, b| Arc::ptr_eq(a, b));
        if part.waiting.is_empty() {
            self.judge(&all, &mut part, out);
        } else {
            let waits = |doc: &Arc<Doc>| part.waiting.iter().any(|other| Arc::ptr_eq(doc, other));
            let docs = part.files.iter().flat_map(File::objects);
            let alone = render::plain(docs.filter(|doc| !waits(doc)));
            self.judge(&alone, &mut part, out);
        }
        match self.settings.drops_objects {
            true => part.drop_texts(first),
            false => part.resources = all.resources,
        }
        part
    }

    /// Judges the objects that stand by themselves.
    fn judge(&self, bundle: &Bundle, part: &mut Part, mut out: Diagnostics) {
        let read = out.len();
        let nothing = Bundle::default();
        let cx = validate::Cx { schema: self.schema.clone(), crds: &nothing, cluster: None, locations: None };
        validate::stage(bundle, &cx, &mut out);
        part.withheld = withhold(&mut out, read, &bundle.origins, &part.files);
        part.found = out.into_vec();
        part.found.iter_mut().for_each(|diagnostic| place(diagnostic, &bundle.origins));
        if self.settings.drops_objects {
            part.dropped = bundle.resources.len();
            part.secrets = secrets::values(bundle);
        }
    }
}

impl Part {
    /// Drops documents that wait for nothing, and texts of which nothing will be shown.
    fn drop_texts(&mut self, first: usize) {
        let labels = self.found.iter().flat_map(|d| d.related.iter().chain([&d.primary]));
        let mut shown: FxHashSet<SourceId> =
            labels.filter_map(|label| label.at.span()).map(|span| span.source).collect();
        shown.extend(self.waiting.iter().map(|doc| doc.source()));
        let waits: FxHashSet<*const Doc> = self.waiting.iter().map(Arc::as_ptr).collect();
        for document in self.files.iter_mut().flat_map(|file| &mut file.docs) {
            document.doc = document.doc.take().filter(|doc| waits.contains(&Arc::as_ptr(doc)));
        }
        for (source, number) in self.sources.iter_mut().zip(first as u32..) {
            if !shown.contains(&SourceId(number)) {
                *source = Source::new(std::mem::take(&mut source.name), source.kind, "");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::load::Request;
    use crate::pipeline::run;
    use crate::world::Memory;

    const DEFINITION: &str = "apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: things.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {kind: Thing, plural: things}
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        properties: {spec: {type: object, properties: {size: {type: integer}}}}
";

    /// Files enough for several parts: clean ones, one with a mistake, and one of a kind that is defined last.
    fn world() -> Memory {
        let map = |name: String| format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}}}\n");
        let many = (0..40)
            .fold(Memory::new(), |world, n| world.with(format!("m/{n:02}.yaml"), map(format!("map-{n}"))));
        many.with(
            "m/a.yaml",
            "apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: a}\nspec: {size: big}\n",
        )
        .with("m/b.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\ndate: {}\n")
        .with("m/c.yaml", format!("{}---\nkind: 'unclosed\n", map("c".to_owned())))
        .with("m/z.yaml", DEFINITION)
    }

    fn settings(drops_objects: bool, server: Server) -> Settings {
        let request = Request { paths: vec![PathBuf::from("m")], ..Request::default() };
        Settings { request, validate: Some(server), drops_objects, ..Settings::default() }
    }

    #[test]
    fn what_is_judged_file_by_file_is_judged_as_all_at_once() {
        let found = |settings: &Settings| {
            let outcome = run(settings, &world()).unwrap();
            let place = |d: &Diagnostic| (outcome.bundle.origins.primary(d.primary.at), d.code.id);
            let mut found: Vec<_> = outcome.diagnostics.iter().map(place).collect();
            found.sort_unstable();
            (found, outcome.tally())
        };
        // Schemas of one's own make the whole input wait; of an empty folder they say nothing.
        let locations = validate::Locations::new(&["default".to_owned()], None, true).unwrap();
        let whole = found(&settings(false, Server { locations: Some(locations), ..Server::default() }));
        assert_eq!(whole.0.iter().map(|(_, code)| *code).filter(|c| *c == "unknown-field").count(), 1);
        assert_eq!(whole.0.len(), 3, "{:?}", whole.0);
        assert_eq!(found(&settings(false, Server::default())), whole);
        assert_eq!(found(&settings(true, Server::default())), whole);
    }

    #[test]
    fn only_what_is_shown_or_waits_is_kept() {
        let outcome = run(&settings(true, Server::default()), &world()).unwrap();
        let kept = outcome.sources.iter().filter(|(_, source)| !source.text().is_empty());
        let kept: Vec<&str> = kept.map(|(_, source)| &*source.name).collect();
        assert_eq!(kept, ["m/a.yaml", "m/b.yaml", "m/c.yaml", "m/z.yaml"]);
        let docs = outcome.files.iter().flat_map(|file| &file.docs).filter(|d| d.doc.is_some());
        assert_eq!(docs.count(), 2);
        assert_eq!((outcome.bundle.resources.len(), outcome.tally().objects), (0, 44));
    }
}
