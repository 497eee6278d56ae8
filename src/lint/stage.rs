//! One walk over the objects for all rules.

use std::collections::HashMap;
use std::path::Path;

use rayon::prelude::*;
use rustc_hash::FxHashSet as HashSet;
use source::{Chain, Class, Diagnostic, Diagnostics, Place, Sources};

use super::report::Found;
use super::suppress::Suppressions;
use super::variants::Variants;
use super::{ChartView, Check, Comments, Graph, Ledger, Nested, Object, Report, Rule, Settings};
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
}

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
    let graph = Graph::new(bundle, cx.cluster, cx.settings);
    // Both halves keep their order, so that any number of threads says the same.
    let objects = graph.objects().par_chunks(64).flat_map_iter(|chunk| {
        let mut found = Vec::new();
        for object in chunk.iter().filter(|o| o.is_judged) {
            let at = variants.of(object.order());
            let Some(plan) = &plans[at] else { continue };
            let mut report = Report::new(&variants.all()[at], plan.any_rule);
            plan.object(object.resource, object.kind, &object.pods, &mut report);
            found.append(&mut report.take());
        }
        found
    });
    let mut found: Vec<Found> = objects.collect();
    let by_object = if variants.is_one() { HashMap::default() } else { places(&graph) };
    let of_plans = plans.iter().enumerate().filter_map(|(at, plan)| Some((at, plan.as_ref()?)));
    let across: Vec<(usize, &'static Rule, fn(&Graph<'_>, &mut Report))> = of_plans
        .flat_map(|(at, plan)| plan.bundle.iter().map(move |&(rule, check)| (at, rule, check)))
        .collect();
    let across = across.into_par_iter().flat_map_iter(|(at, rule, check)| {
        let mut report = Report::new(&variants.all()[at], rule);
        check(&graph, &mut report);
        let mut found = report.take();
        // A rule between objects speaks to those whose settings have it.
        if !variants.is_one() {
            found.retain(|f| f.object().and_then(|o| by_object.get(&o)).map_or(0, |&i| variants.of(i)) == at);
        }
        found
    });
    found.par_extend(across);
    suppressions.ran(variants.all().iter().flat_map(Settings::selected).map(Rule::id));
    let said = Said::by(out);
    let any_allowed = variants.all().iter().any(|settings| !settings.allowed.is_empty());
    let by_object = if any_allowed && by_object.is_empty() { places(&graph) } else { by_object };
    for found in without_repetition(found) {
        if found.rule.refused && said.has(&found.diagnostic) {
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

/// Where each object stands, by its kind, namespace and name.
fn places<'a>(graph: &Graph<'a>) -> HashMap<(&'a str, &'a str, &'a str), usize> {
    let id = |object: &Object<'a>| {
        let id = &object.resource.id;
        (&*id.gvk.kind, id.namespace.as_deref().unwrap_or(""), &*id.name)
    };
    graph.judged().map(|object| (id(object), object.order())).collect()
}

/// Runs the selected rules on charts over one chart as it is written. What was allowed comes back, as from [`stage`].
pub fn chart_stage(chart: &ChartView, cx: &Cx<'_>, out: &mut Diagnostics) -> Ledger {
    let mut bundle = Bundle::default();
    let mut suppressions = Suppressions::new(&bundle, cx);
    for rule in cx.settings.selected() {
        let Check::Chart(check) = rule.check else { continue };
        let mut report = Report::new(cx.settings, rule);
        report.speaks(rule);
        check(chart, &mut report);
        for found in report.take() {
            let at = match found.diagnostic.primary.at {
                Place::Span(span) => bundle.origins.intern(Chain::Read(span)),
                Place::Origin(origin) => origin,
            };
            if !suppressions.allow(&found.diagnostic, at, &bundle) {
                out.push(found.into_diagnostic(cx.settings));
            }
        }
        suppressions.ran(std::iter::once(rule.id()));
    }
    suppressions.into_ledger()
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

/// Drops what a rule that says more has said of the same field.
fn without_repetition(mut found: Vec<Found>) -> Vec<Found> {
    let mut covered: HashSet<(Field, &str)> = HashSet::default();
    for f in &found {
        for other in f.rule.over {
            covered.insert((f.field(), other));
        }
    }
    if !covered.is_empty() {
        let keep: Vec<bool> = found.iter().map(|f| !covered.contains(&(f.field(), f.rule.id()))).collect();
        let mut keep = keep.into_iter();
        found.retain(|_| keep.next().unwrap_or(true));
    }
    found
}

/// A field of an object: where it stands, its path, and the container that it is about.
type Field = (source::OriginId, String, Option<String>);

impl Found {
    /// The object that it is about: kind, namespace and name.
    fn object(&self) -> Option<(&str, &str, &str)> {
        let subject = self.diagnostic.subject.as_deref()?;
        Some((&subject.kind, &subject.namespace, &subject.name))
    }

    fn field(&self) -> Field {
        let subject = self.diagnostic.subject.as_deref();
        (
            self.at,
            subject.map_or_else(String::new, |s| s.path.clone()),
            subject.and_then(|s| s.container.clone()),
        )
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
    fields: HashMap<(String, String, String), Vec<String>>,
}

impl Said {
    fn by(out: &Diagnostics) -> Said {
        let mut fields: HashMap<_, Vec<String>> = HashMap::new();
        for diagnostic in out.iter() {
            if let (Class::Server { .. }, Some(subject)) = (&diagnostic.class, &diagnostic.subject) {
                let object = (subject.kind.clone(), subject.namespace.clone(), subject.name.clone());
                fields.entry(object).or_default().push(subject.path.clone());
            }
        }
        Said { fields }
    }

    /// Whether it has spoken of that field, of one above it or of one below it.
    fn has(&self, diagnostic: &Diagnostic) -> bool {
        let Some(subject) = &diagnostic.subject else { return false };
        if self.fields.is_empty() {
            return false;
        }
        let object = (subject.kind.clone(), subject.namespace.clone(), subject.name.clone());
        self.fields.get(&object).is_some_and(|paths| {
            paths
                .iter()
                .any(|path| subject.path.starts_with(path.as_str()) || path.starts_with(&subject.path))
        })
    }
}
