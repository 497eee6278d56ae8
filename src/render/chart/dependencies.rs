//! Which subcharts take part, under which names, and what their parents import of them.
//!
//! The order of the steps is Helm's and shows: a condition sees the values before anything was imported, a chart is
//! switched off before its own dependencies are looked at.

use std::collections::HashMap;

use gotmpl::semver::{Constraints, Version};
use gotmpl::{MapRef, Text, Value};
use source::{Diagnostic, Diagnostics, OriginId, Origins, Place, Span};

use super::coalesce::{Coalesce, NoTable, merge_tables};
use super::codes::DEPENDENCY_SETTING_IGNORED;
use super::graph::{ChartId, DependencyId, Graph, Meta, Switch};
use super::log::{self, Level};
use super::metadata::ImportValues;
use super::profile::Profile;
use super::tree::deep_copy_map;

/// What the processing of dependencies needs.
pub(crate) struct Process<'g, 'c, 'a> {
    /// The charts, which are changed.
    pub graph: &'g mut Graph<'c>,
    /// Whose rules.
    pub profile: Profile,
    /// Where the values came from, when that is followed.
    pub origins: Option<&'a mut Origins>,
    /// Takes what Helm warns of.
    pub out: &'a mut Diagnostics,
}

/// What was asked to decide over a dependency.
type Asked = HashMap<DependencyId, OriginId>;

/// Whether a version lies in a range; what cannot be read lies in none.
pub(crate) fn is_compatible(range: &str, version: &str) -> bool {
    match (Constraints::parse(range.as_bytes()), Version::parse(version.as_bytes())) {
        (Ok(range), Ok(version)) => range.check(&version),
        _ => false,
    }
}

/// Switches, renames and removes the subcharts of the root, then lets parents import values of their children.
pub(crate) fn process(cx: &mut Process<'_, '_, '_>, user: &MapRef) -> Result<(), NoTable> {
    cx.enable(Graph::ROOT, user, "")?;
    cx.import_all(Graph::ROOT)
}

impl<'c> Process<'_, 'c, '_> {
    fn coalesce(&mut self, merge: bool) -> Coalesce<'_, 'c, '_> {
        Coalesce {
            graph: self.graph,
            profile: self.profile,
            origins: self.origins.as_deref_mut(),
            out: self.out,
            merge,
        }
    }

    fn enable(&mut self, chart: ChartId, values: &MapRef, path: &str) -> Result<(), NoTable> {
        let Some(declared) = self.graph.meta(chart).dependencies.clone() else { return Ok(()) };
        // What lies in charts/ and is not declared comes first, then what is declared, in that order.
        let present = self.graph[chart].subcharts.clone();
        let mut subcharts: Vec<ChartId> = present
            .iter()
            .copied()
            .filter(|&subchart| !declared.iter().any(|&dependency| self.fits(dependency, subchart)))
            .collect();
        for &dependency in &declared {
            if let Some(&subchart) = present.iter().find(|&&subchart| self.fits(dependency, subchart)) {
                subcharts.push(self.copy(subchart, dependency));
            }
            let dependency = self.graph.dependency_mut(dependency);
            if !dependency.alias.is_empty() {
                dependency.name = dependency.alias.clone();
            }
        }
        self.graph.set_subcharts(chart, subcharts);
        for &dependency in &declared {
            self.graph.dependency_mut(dependency).enabled = true;
        }
        let values = self.coalesce(false).run(chart, Some(values))?;
        let mut asked = HashMap::new();
        self.apply_tags(chart, &declared, &values, &mut asked);
        self.apply_conditions(chart, &declared, &values, path, &mut asked);
        if self.origins.is_some() {
            self.note_switches(chart, &declared, &asked);
        }
        let is_off = |graph: &Graph<'_>, name: &str| {
            declared.iter().any(|&d| !graph.dependency(d).enabled && graph.dependency(d).name == name)
        };
        let mut subcharts = self.graph[chart].subcharts.clone();
        subcharts.retain(|&subchart| !is_off(self.graph, self.graph.name(subchart)));
        let mut enabled = declared.clone();
        enabled.retain(|&dependency| !is_off(self.graph, &self.graph.dependency(dependency).name));
        for &subchart in &subcharts {
            let path = format!("{path}{}.", self.graph.name(subchart));
            self.enable(subchart, &values, &path)?;
        }
        // Helm appends to nothing, so that no dependency at all is as good as none declared.
        self.graph.meta_mut(chart).dependencies = (!enabled.is_empty()).then_some(enabled);
        self.graph.set_subcharts(chart, subcharts);
        Ok(())
    }

    fn fits(&self, dependency: DependencyId, subchart: ChartId) -> bool {
        let dependency = self.graph.dependency(dependency);
        self.graph.name(subchart) == dependency.name
            && is_compatible(&dependency.version, &self.graph[subchart].chart.metadata.version)
    }

    /// A copy of a chart for one declaration, under its alias. Helm 3 copies the chart alone, so that several copies
    /// share what lies below them; Helm 4 also copies the declarations and the charts directly below.
    fn copy(&mut self, original: ChartId, dependency: DependencyId) -> ChartId {
        let mut node = self.graph[original].clone();
        let Meta { mut name, dependencies } = self.graph.meta(original).clone();
        let alias = self.graph.dependency(dependency).alias.clone();
        if !alias.is_empty() {
            name = alias;
        }
        if self.profile == Profile::Helm3 {
            node.meta = self.graph.add_meta(Meta { name, dependencies });
            return self.graph.add_chart(node);
        }
        let dependencies = dependencies.map(|all| {
            let copies = all.into_iter().map(|id| {
                let copy = self.graph.dependency(id).clone();
                self.graph.add_dependency(copy)
            });
            copies.collect()
        });
        node.meta = self.graph.add_meta(Meta { name, dependencies });
        let below = std::mem::take(&mut node.subcharts);
        let copy = self.graph.add_chart(node);
        let below = below.into_iter().map(|id| {
            let subchart = self.graph[id].clone();
            self.graph.add_chart(subchart)
        });
        let below = below.collect();
        self.graph.set_subcharts(copy, below);
        copy
    }

    /// Remembers what switched the subcharts of a chart.
    fn note_switches(&mut self, chart: ChartId, declared: &[DependencyId], asked: &Asked) {
        for &id in declared {
            let Some(&cond) = asked.get(&id).filter(|cond| **cond != OriginId::UNKNOWN) else { continue };
            let dependency = self.graph.dependency(id);
            let at = Span::new(self.graph[chart].chart.source, dependency.span.0, dependency.span.1);
            let switch = Switch { at, cond };
            if !dependency.enabled {
                self.graph.absent.push(switch);
                continue;
            }
            let subcharts = &self.graph[chart].subcharts;
            let subchart = subcharts.iter().copied().find(|&sub| self.graph.name(sub) == dependency.name);
            if let Some(subchart) = subchart {
                self.graph[subchart].switch = Some(switch);
            }
        }
    }

    fn ask(&mut self, asked: &mut Asked, id: DependencyId, value: OriginId) {
        if let Some(origins) = self.origins.as_deref_mut() {
            let all = asked.entry(id).or_default();
            *all = origins.union(*all, value);
        }
    }

    fn apply_tags(&mut self, chart: ChartId, declared: &[DependencyId], values: &MapRef, asked: &mut Asked) {
        let Some(switches) = values.get(b"tags").and_then(|tags| tags.as_map()) else { return };
        for &id in declared {
            let (mut any_on, mut any_off) = (false, false);
            for tag in self.graph.dependency(id).tags.clone() {
                let Some(value) = switches.get(tag.as_bytes()) else { continue };
                self.ask(asked, id, value.origin);
                match value.data {
                    gotmpl::Data::Bool(true) => any_on = true,
                    gotmpl::Data::Bool(false) => any_off = true,
                    _ => {
                        let name = self.graph.dependency(id).name.clone();
                        let text = format!("Tag '{tag}' for chart {name} returned non-bool value");
                        self.warn(
                            chart,
                            value.origin,
                            95,
                            &text,
                            "returned non-bool value",
                            &[("tag", &tag), ("chart", &name)],
                        );
                    }
                }
            }
            self.graph.dependency_mut(id).enabled = any_on || !any_off;
        }
    }

    fn apply_conditions(
        &mut self,
        chart: ChartId,
        declared: &[DependencyId],
        values: &MapRef,
        path: &str,
        asked: &mut Asked,
    ) {
        for &id in declared {
            let dependency = self.graph.dependency(id);
            let (name, condition) = (dependency.name.clone(), dependency.condition.clone());
            for condition in condition.trim().split(',').filter(|c| !c.is_empty()) {
                let Some(value) = path_value(values, &format!("{path}{condition}")) else { continue };
                self.ask(asked, id, value.origin);
                if let gotmpl::Data::Bool(on) = value.data {
                    self.graph.dependency_mut(id).enabled = on;
                    break;
                }
                let text = format!("Condition path '{condition}' for chart {name} returned non-bool value");
                let attributes = [("path", condition), ("chart", &*name)];
                self.warn(chart, value.origin, 64, &text, "returned non-bool value", &attributes);
            }
        }
    }

    fn import_all(&mut self, chart: ChartId) -> Result<(), NoTable> {
        for subchart in self.graph[chart].subcharts.clone() {
            self.import_all(subchart)?;
        }
        self.import(chart)
    }

    /// Takes tables of the children into the parent's defaults: below the parent's own, and earlier ones above later
    /// ones.
    fn import(&mut self, chart: ChartId) -> Result<(), NoTable> {
        let Some(declared) = self.graph.meta(chart).dependencies.clone() else { return Ok(()) };
        let values = self.coalesce(true).run(chart, None)?;
        let imported = MapRef::new();
        for id in declared {
            let dependency = self.graph.dependency(id).clone();
            let mut done = Vec::new();
            for import in &dependency.import_values {
                let (child, parent) = match import {
                    ImportValues::Export(name) => (format!("exports.{name}"), "."),
                    ImportValues::Table { child, parent } => (child.clone(), &**parent),
                    ImportValues::Imported { .. } | ImportValues::Other => continue,
                };
                done.push(ImportValues::Imported { child: child.clone(), parent: parent.to_owned() });
                let path = format!("{}.{child}", dependency.name);
                match table(&values, &path) {
                    Ok(table) => {
                        let table = nested(parent, table);
                        merge_tables(&mut self.coalesce(true), &imported, &table);
                    }
                    Err(missing) => {
                        let error = format!("{} is not a table", gotmpl::strconv::quote(missing.as_bytes()));
                        let is_export = matches!(import, ImportValues::Export(_));
                        self.warn_import(chart, &dependency.name, &error, is_export);
                    }
                }
            }
            self.graph.dependency_mut(id).import_values = done;
        }
        // What was imported shares tables with the values; without it they are nobody else's.
        self.graph[chart].values = if imported.is_empty() {
            values
        } else {
            let values = deep_copy_map(&values);
            merge_tables(&mut self.coalesce(true), &values, &imported);
            values
        };
        Ok(())
    }

    fn warn(
        &mut self,
        chart: ChartId,
        origin: OriginId,
        line: u32,
        text: &str,
        message: &str,
        attributes: &[(&str, &str)],
    ) {
        let upstream = match self.profile {
            Profile::Helm3 => format!("dependencies.go:{line}: Warning: {text}"),
            Profile::Helm4 => log::line(Level::Warn, message, attributes),
        };
        let declared_at = Span::top(self.graph[chart].chart.source);
        let at = if origin == OriginId::UNKNOWN { Place::Span(declared_at) } else { Place::Origin(origin) };
        let diagnostic = Diagnostic::new(&DEPENDENCY_SETTING_IGNORED, at, text);
        self.out.push(diagnostic.upstream(upstream).help("give it true or false"));
    }

    fn warn_import(&mut self, chart: ChartId, name: &str, error: &str, is_export: bool) {
        let upstream = match (self.profile, is_export) {
            (Profile::Helm3, true) => {
                format!("dependencies.go:287: Warning: ImportValues missing table: {error}")
            }
            (Profile::Helm3, false) => {
                format!("dependencies.go:270: Warning: ImportValues missing table from chart {name}: {error}")
            }
            (Profile::Helm4, true) => {
                log::line(Level::Warn, "ImportValues missing table", &[("error", error)])
            }
            (Profile::Helm4, false) => log::line(
                Level::Warn,
                "ImportValues missing table from chart",
                &[("chart", name), ("error", error)],
            ),
        };
        let at = Span::top(self.graph[chart].chart.source);
        let message = format!("import-values of {name} names no table: {error}");
        self.out.push(Diagnostic::new(&DEPENDENCY_SETTING_IGNORED, at, message).upstream(upstream));
    }
}

/// What stands at a dotted path, if it is there and no table.
fn path_value(values: &MapRef, path: &str) -> Option<Value> {
    let (tables, key) = match path.rsplit_once('.') {
        Some((tables, key)) => (table(values, tables).ok()?, key),
        None => (values.clone(), path),
    };
    tables.get(key.as_bytes()).filter(|value| value.as_map().is_none())
}

/// The table at a dotted path; `Err` with the key that leads to none.
pub(crate) fn table<'p>(values: &MapRef, path: &'p str) -> Result<MapRef, &'p str> {
    let mut at = values.clone();
    for key in path.split('.') {
        at = at.get(key.as_bytes()).and_then(|value| value.as_map()).ok_or(key)?;
    }
    Ok(at)
}

/// A table below a dotted path; `.` is the table itself.
fn nested(path: &str, table: MapRef) -> MapRef {
    if path == "." {
        return table;
    }
    path.rsplit('.').fold(table, |inner, key| {
        let origin = inner.origin;
        let outer = MapRef::new();
        outer.insert(Text::from(key), inner.into());
        MapRef { origin, ..outer }
    })
}
