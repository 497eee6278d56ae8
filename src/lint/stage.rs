//! One walk over the objects for all rules.

use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};
use source::{Chain, Class, Diagnostic, Diagnostics, Named, Origins, Place, Severity, Sources};

use super::graph;
use super::report::Found;
use super::suppress::Suppressions;
use super::variants::Variants;
use super::{ChartView, Check, Comments, Graph, Ledger, Meter, Nested, Object, Report, Rule, Settings};
use crate::kube::{Bundle, Container, Known, PodView, Resource};

/// What the stage needs beside the objects.
pub struct Cx<'a> {
    /// Which rules run.
    pub settings: &'a Settings,
    /// Configurations further down, for the files below theirs.
    pub nested: &'a [Nested],
    /// The directory from which files are named, in full; only where `nested` or paths in the settings need it.
    pub here: &'a Path,
    /// What the cluster is known to have besides (`--cluster-state`): it is referred to, never judged.
    pub cluster: Option<&'a Bundle>,
    /// The texts, by which files have names.
    pub sources: Option<&'a Sources>,
    /// The comments in which findings are allowed; without them only annotations count.
    pub comments: Option<&'a Comments>,
    /// The day, like 2027-01-31, on which suppressions with a date are judged; without it none passes.
    pub today: Option<&'a str>,
    /// Where the cost of each rule is added up, if somebody wants to know.
    pub meter: Option<&'a Meter<'a>>,
}

/// So many objects are one thread's at a time.
const CHUNK: usize = 64;

/// Runs the selected rules over all objects. Findings stand in the order of the objects, those about several
/// objects at the end. What a server would refuse and validation has said in `out` already is not said again. What was
/// allowed comes back, for [`Ledger::report`] at the end of the run.
pub fn stage(bundle: &Bundle, cx: &Cx<'_>, out: &mut Diagnostics) -> Ledger {
    let variants = Variants::new(bundle, cx);
    let plans: Vec<Option<Plan>> = variants.all().iter().map(Plan::new).collect();
    let mut suppressions = Suppressions::new(bundle, cx);
    if plans.iter().all(Option::is_none) {
        return suppressions.into_ledger();
    }
    let objects = graph::objects(bundle, cx.cluster, cx.settings);
    let (found, by_object) = found(objects, &bundle.origins, &plans, &variants, cx);
    suppressions.ran(variants.all().iter().flat_map(Settings::selected).map(Rule::id));
    let said = Said::by(out);
    let any_allowed = variants.all().iter().any(|settings| !settings.allowed.is_empty());
    let repeated = repeated(&found);
    for (found, is_repeated) in found.into_iter().flatten().zip(repeated) {
        if is_repeated || said.has(&found.diagnostic, found.rule.refused) {
            continue;
        }
        if suppressions.allow(&found.diagnostic, found.at, bundle) {
            continue;
        }
        let at = found.object().and_then(|object| by_object.get(&object)).copied();
        let settings = &variants.all()[at.map_or(0, |at| variants.of(at))];
        let resource = at.and_then(|at| bundle.resources.get(at));
        if any_allowed
            && suppressions.allow_centrally(&found.diagnostic, resource, bundle, cx, &settings.allowed)
        {
            continue;
        }
        out.push(found.into_diagnostic(settings));
    }
    suppressions.into_ledger()
}

type ById<'a> = HashMap<(&'a str, &'a str, &'a str), usize>;

/// What the rules find, first those about one object and then those between objects; and where each object stands,
/// where somebody will ask. All parts keep their order, so that any number of threads says the same.
fn found<'a>(
    objects: Vec<Object<'a>>,
    origins: &'a Origins,
    plans: &[Option<Plan>],
    variants: &Variants,
    cx: &Cx<'a>,
) -> (Vec<Vec<Found>>, ById<'a>) {
    let alone = |chunk: &[Object<'a>]| {
        let mut found = Vec::new();
        for object in chunk.iter().filter(|o| o.is_judged) {
            let at = variants.of(object.order());
            let Some(plan) = &plans[at] else { continue };
            let mut report = Report::new(&variants.all()[at], plan.any_rule, cx.meter);
            plan.object(object.resource, object.kind, &object.pods, &mut report);
            found.append(&mut report.take());
        }
        found
    };
    let any_allowed = variants.all().iter().any(|settings| !settings.allowed.is_empty());
    let by_object = if variants.is_one() && !any_allowed { HashMap::default() } else { places(&objects) };
    let across = |graph: &Graph<'a>, (at, rule, check): Across| {
        let mut report = Report::new(&variants.all()[at], rule, cx.meter);
        report.speaks(rule);
        check(graph, &mut report);
        let mut found = report.take();
        // A rule between objects speaks to those whose settings have it.
        if !variants.is_one() {
            found.retain(|f| f.object().and_then(|o| by_object.get(&o)).map_or(0, |&i| variants.of(i)) == at);
        }
        found
    };
    let of_plans = plans.iter().enumerate().filter_map(|(at, plan)| Some((at, plan.as_ref()?)));
    let rules: Vec<Across> = of_plans
        .flat_map(|(at, plan)| plan.bundle.iter().map(move |&(rule, check)| (at, rule, check)))
        .collect();
    let closed = cx.cluster.is_some();
    let found = if objects.len() <= CHUNK {
        let mut found = vec![alone(&objects)];
        let graph = Graph::new(objects, origins, closed, cx.settings);
        found.extend(rules.into_iter().map(|rule| across(&graph, rule)));
        found
    } else {
        // The index of the graph is one thread's work: meanwhile the others begin with what needs none. What Pods name
        // is looked up with them: the first rule to ask would let all others wait.
        let of_chunk = |chunk: &[Object<'a>]| {
            let named = if rules.is_empty() { Vec::new() } else { graph::references(chunk) };
            (alone(chunk), named)
        };
        let ((mut found, named), index): ((Vec<_>, Vec<_>), _) =
            rayon::join(|| objects.par_chunks(CHUNK).map(of_chunk).unzip(), || graph::Index::new(&objects));
        let graph = Graph::with(objects, index, origins, closed, cx.settings).naming(named);
        found.par_extend(rules.into_par_iter().with_max_len(1).map(|rule| across(&graph, rule)));
        found
    };
    (found, by_object)
}

/// A rule between objects, and the settings by which it runs.
type Across = (usize, &'static Rule, fn(&Graph<'_>, &mut Report));

/// Where each object stands, by its kind, namespace and name.
fn places<'a>(objects: &[Object<'a>]) -> ById<'a> {
    let id = |object: &Object<'a>| {
        let id = &object.resource.id;
        (&*id.gvk.kind, id.namespace.as_deref().unwrap_or(""), &*id.name)
    };
    objects.iter().filter(|o| o.is_judged).map(|object| (id(object), object.order())).collect()
}

/// Runs the selected rules on charts over one chart as it is written, whose `Chart.yaml` is that file. What was allowed
/// comes back, as from [`stage`].
pub fn chart_stage(chart: &ChartView, file: &str, cx: &Cx<'_>, out: &mut Diagnostics) -> Ledger {
    let settings = cx.settings.of_chart(file);
    let mut written = Written::new(&settings, cx);
    let mut ran = Vec::new();
    for rule in settings.selected() {
        let Check::Chart(check) = rule.check else { continue };
        let mut report = Report::new(&settings, rule, cx.meter);
        report.speaks(rule);
        check(chart, &mut report);
        for found in report.take() {
            if !written.allows(&found.diagnostic) {
                out.push(found.into_diagnostic(&settings));
            }
        }
        ran.push(rule.id());
    }
    written.into_ledger(ran.into_iter())
}

/// What is allowed of findings that stand in a text and are about no object.
pub(super) struct Written<'a> {
    settings: &'a Settings,
    cx: &'a Cx<'a>,
    bundle: Bundle,
    suppressions: Suppressions<'a>,
}

impl<'a> Written<'a> {
    /// By the comments of the run and by these settings.
    pub fn new(settings: &'a Settings, cx: &'a Cx<'a>) -> Self {
        let bundle = Bundle::default();
        Written { settings, cx, suppressions: Suppressions::new(&bundle, cx), bundle }
    }

    /// Whether a finding is allowed beside its place or centrally.
    pub fn allows(&mut self, diagnostic: &Diagnostic) -> bool {
        let at = match diagnostic.primary.at {
            Place::Span(span) => self.bundle.origins.intern(Chain::Read(span)),
            Place::Origin(node) | Place::Within { node, .. } | Place::Part { name: node, .. } => node,
        };
        let Written { settings, cx, bundle, suppressions } = self;
        suppressions.allow(diagnostic, at, bundle)
            || suppressions.allow_centrally(diagnostic, None, bundle, cx, &settings.allowed)
    }

    /// What was used, after these ran.
    pub fn into_ledger(mut self, ran: impl Iterator<Item = &'static str>) -> Ledger {
        self.suppressions.ran(ran);
        self.suppressions.into_ledger()
    }
}

type Rules<F> = Vec<(&'static Rule, F)>;

/// The selected rules by what they look at.
struct Plan {
    any_rule: &'static Rule,
    containers: Rules<fn(&PodView<'_>, &Container<'_>, &mut Report)>,
    pods: Rules<fn(&PodView<'_>, &mut Report)>,
    of_kind: Vec<Rules<fn(&Resource, &mut Report)>>,
    bundle: Rules<fn(&Graph<'_>, &mut Report)>,
}

impl Plan {
    /// `None` where no rule is selected.
    fn new(settings: &Settings) -> Option<Plan> {
        let mut plan = Plan {
            any_rule: settings.selected().next()?,
            containers: Vec::new(),
            pods: Vec::new(),
            of_kind: vec![Vec::new(); Known::COUNT],
            bundle: Vec::new(),
        };
        for rule in settings.selected() {
            match rule.check {
                Check::Container(check) => plan.containers.push((rule, check)),
                Check::Pod(check) => plan.pods.push((rule, check)),
                Check::Resource(kinds, check) => {
                    kinds.iter().for_each(|&kind| plan.of_kind[kind as usize].push((rule, check)));
                }
                Check::Any(check) => plan.of_kind.iter_mut().for_each(|rules| rules.push((rule, check))),
                Check::Bundle(check) => plan.bundle.push((rule, check)),
                Check::Chart(_) => {}
            }
        }
        Some(plan)
    }

    fn object(&self, resource: &Resource, kind: Known, pods: &[PodView<'_>], report: &mut Report) {
        for &(rule, check) in &self.of_kind[kind as usize] {
            report.speaks(rule);
            check(resource, report);
        }
        for pod in pods {
            for &(rule, check) in &self.pods {
                report.speaks(rule);
                check(pod, report);
            }
            for container in &pod.containers {
                for &(rule, check) in &self.containers {
                    report.speaks(rule);
                    check(pod, container, report);
                }
            }
        }
    }
}

/// For every finding, whether a rule that says more has said it of the same field.
fn repeated(found: &[Vec<Found>]) -> Vec<bool> {
    let mut covered: HashSet<(Field<'_>, &str)> = HashSet::default();
    for found in found.iter().flatten().filter(|f| !f.rule.over.is_empty()) {
        covered.extend(found.rule.over.iter().map(|other| (found.field(), *other)));
    }
    let of_rules: HashSet<&str> = covered.iter().map(|(_, rule)| *rule).collect();
    let is_covered =
        |f: &Found| of_rules.contains(f.rule.id()) && covered.contains(&(f.field(), f.rule.id()));
    found.iter().flatten().map(is_covered).collect()
}

/// A field of an object: where it stands, its path, and the container that it is about.
type Field<'f> = (source::OriginId, &'f str, Option<&'f str>);

impl Found {
    /// The object that it is about: kind, namespace and name.
    fn object(&self) -> Option<(&str, &str, &str)> {
        let subject = self.diagnostic.subject.as_deref()?;
        Some((&subject.kind, &subject.namespace, &subject.name))
    }

    fn field(&self) -> Field<'_> {
        let subject = self.diagnostic.subject.as_deref();
        (self.at, subject.map_or("", |s| s.path.as_str()), subject.and_then(|s| s.container.as_deref()))
    }

    fn into_diagnostic(self, settings: &Settings) -> Diagnostic {
        let mut diagnostic = self.diagnostic;
        if let Some(severity) = settings.severity(self.rule) {
            diagnostic.severity = severity;
        }
        diagnostic
    }
}

/// The fields about which validation has spoken.
struct Said {
    fields: HashMap<Arc<Named>, Vec<String>>,
}

impl Said {
    fn by(out: &Diagnostics) -> Said {
        let mut fields: HashMap<_, Vec<String>> = HashMap::default();
        let errors = out.iter().filter(|d| d.severity == Severity::Error);
        for diagnostic in errors {
            if let (Class::Server { .. }, Some(subject)) = (&diagnostic.class, &diagnostic.subject) {
                fields.entry(Arc::clone(&subject.object)).or_default().push(subject.path.clone());
            }
        }
        Said { fields }
    }

    /// Whether it has refused that very field; where the rule is about what a server refuses (`is_refused`), one above
    /// it or below it as well.
    fn has(&self, diagnostic: &Diagnostic, is_refused: bool) -> bool {
        let Some(subject) = diagnostic.subject.as_deref().filter(|_| !self.fields.is_empty()) else {
            return false;
        };
        let mut paths = self.fields.get(&subject.object).into_iter().flatten();
        paths.any(|said| match is_refused {
            true => subject.path.starts_with(said.as_str()) || said.starts_with(&subject.path),
            false => *said == subject.path && !said.is_empty(),
        })
    }
}
