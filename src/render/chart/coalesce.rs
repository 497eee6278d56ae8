//! Lays the values of a chart and of its subcharts over each other, as Helm does it, null by null.
//!
//! The map that comes in is changed in place, and where Helm lets two charts share a table they share it here: a
//! template that sets a key in a nested global is seen by all charts. So nothing here copies but where Helm copies.

use gotmpl::{MapRef, Text, Value};
use source::{Diagnostics, OriginId, Origins, Place};

use super::codes::VALUE_IGNORED;
use super::graph::{ChartId, Graph};
use super::log::remark;
use super::profile::Profile;
use super::tree::{deep_copy_map, guarded, overriding, printed};

/// The key under which values go to all subcharts.
const GLOBAL: &[u8] = b"global";

/// What coalescing needs beside the values.
pub(crate) struct Coalesce<'g, 'c, 'a> {
    /// The charts as they are now.
    pub graph: &'g Graph<'c>,
    /// Whose rules.
    pub profile: Profile,
    /// Where the values came from, when that is followed.
    pub origins: Option<&'a mut Origins>,
    /// Takes what Helm warns of.
    pub out: &'a mut Diagnostics,
    /// Whether nulls are kept for a later round.
    pub merge: bool,
}

/// A subchart's values are no table: Helm's only error here.
pub(crate) struct NoTable {
    /// The subchart.
    pub name: String,
    /// What stands there.
    pub value: Value,
}

impl NoTable {
    /// Helm's text, Go's complaint about the verb included.
    pub(crate) fn text(&self) -> String {
        format!("type mismatch on {}: {}", self.name, printed(&self.value, true))
    }
}

impl Coalesce<'_, '_, '_> {
    /// The values of a chart with all below it: the user's, which win, over the defaults. The user's map is copied.
    pub(crate) fn run(&mut self, chart: ChartId, user: Option<&MapRef>) -> Result<MapRef, NoTable> {
        let dest = user.map(deep_copy_map).unwrap_or_default();
        self.chart(chart, &dest, "")?;
        Ok(dest)
    }

    fn chart(&mut self, chart: ChartId, dest: &MapRef, prefix: &str) -> Result<(), NoTable> {
        self.defaults(chart, dest, prefix);
        for &subchart in &self.graph[chart].subcharts {
            let name = self.graph.name(subchart).as_bytes();
            let table = match dest.get(name) {
                None => {
                    let table = MapRef::new();
                    dest.insert(name.into(), table.clone().into());
                    table
                }
                Some(value) => match value.as_map() {
                    Some(table) => table,
                    None => return Err(NoTable { name: self.graph.name(subchart).to_owned(), value }),
                },
            };
            let inner = join(prefix, self.graph.name(chart));
            self.globals(&table, dest, &inner);
            self.chart(subchart, &table, &inner)?;
        }
        Ok(())
    }

    /// The parent's globals over the subchart's.
    fn globals(&mut self, dest: &MapRef, source: &MapRef, prefix: &str) {
        let table = |value: Option<Value>| match value {
            None => Some(MapRef::new()),
            Some(value) => value.as_map(),
        };
        let Some(into) = table(dest.get(GLOBAL)) else {
            let origin = origin_of(dest, GLOBAL);
            return self.warn(
                origin,
                138,
                "skipping globals because destination global is not a table.".to_owned(),
            );
        };
        let Some(from) = table(source.get(GLOBAL)) else {
            let origin = origin_of(source, GLOBAL);
            return self.warn(
                origin,
                145,
                "skipping globals because source global is not a table.".to_owned(),
            );
        };
        for (key, value) in from.entries() {
            let Some(theirs) = value.as_map() else {
                match into.get(&key) {
                    Some(own) if own.as_map().is_some() => {
                        let text = format!("key {} is table. Skipping", key.lossy());
                        self.say(own.origin, 175, text);
                    }
                    Some(own) => {
                        let value = self.over(value, own.origin);
                        into.insert(key, value);
                    }
                    None => {
                        into.insert(key, value);
                    }
                }
                continue;
            };
            // The first level of a global table is the chart's own, what lies deeper is shared by all charts.
            let copy = shallow_copy(&theirs);
            match into.get(&key) {
                None => {
                    into.insert(key, copy.into());
                }
                Some(own) => match own.as_map() {
                    None => {
                        let quoted = gotmpl::strconv::quote(&key);
                        let text = format!("Conflict: cannot merge map onto non-map for {quoted}. Skipping.");
                        self.say(own.origin, 161, text);
                    }
                    Some(own) => {
                        let path = join(prefix, &key.lossy());
                        self.tables(&copy, &own, &path, true);
                        into.insert(key, copy.into());
                    }
                },
            }
        }
        dest.insert(GLOBAL.into(), into.into());
    }

    /// The chart's own defaults below what is there.
    fn defaults(&mut self, chart: ChartId, dest: &MapRef, prefix: &str) {
        let prefix = join(prefix, self.graph.name(chart));
        let cleans = self.profile == Profile::Helm4 && !self.merge;
        for (key, default) in deep_copy_map(&self.graph[chart].values).entries() {
            match dest.get(&key) {
                None => {
                    if cleans {
                        if default.is_nil() {
                            dest.note_removed(key, default.origin);
                            continue;
                        }
                        if let Some(table) = default.as_map() {
                            drop_nulls(&table);
                        }
                    }
                    dest.insert(key, default);
                }
                Some(value) if value.is_nil() && !self.merge => {
                    let by = self.over(value, default.origin).origin;
                    dest.remove(&key, by);
                }
                Some(value) => match (value.as_map(), default.as_map()) {
                    (Some(_), None) => {
                        if !default.is_nil() {
                            let text = format!("skipped value for {prefix}.{}: Not a table.", key.lossy());
                            self.warn(default.origin, 237, text);
                        }
                    }
                    (Some(table), Some(defaults)) => {
                        // A null for a subchart's value is kept: it is to remove that chart's default further down.
                        let merge = self.merge || self.is_subchart(chart, &key);
                        if self.profile == Profile::Helm4 && !merge {
                            drop_nulls(&defaults);
                        }
                        let path = join(&prefix, &key.lossy());
                        self.tables(&table, &defaults, &path, merge);
                    }
                    (None, _) => self.replace(dest, key, value, default.origin),
                },
            }
        }
    }

    fn is_subchart(&self, chart: ChartId, key: &[u8]) -> bool {
        self.graph[chart].subcharts.iter().any(|&sub| self.graph.name(sub).as_bytes() == key)
    }

    /// One table below another; `dest` wins, and `source` is changed along the way.
    fn tables(&mut self, dest: &MapRef, source: &MapRef, prefix: &str, merge: bool) {
        let defaults: Vec<(Text, Value)> = source.entries();
        // A null in `dest` enters `source` too, where a later chart may meet it.
        dest.visit(|key, value| {
            if value.is_nil() {
                source.insert(key.clone(), value.clone());
            }
            true
        });
        for (key, default) in defaults {
            let Some(value) = dest.get(&key) else {
                dest.insert(key, default);
                continue;
            };
            if value.is_nil() {
                if !merge && !default.is_nil() {
                    let by = self.over(value, default.origin).origin;
                    dest.remove(&key, by);
                } else {
                    self.replace(dest, key, value, default.origin);
                }
                continue;
            }
            match (value.as_map(), default.as_map()) {
                (Some(table), Some(defaults)) => {
                    let path = join(prefix, &key.lossy());
                    guarded(|| self.tables(&table, &defaults, &path, merge));
                }
                (None, Some(_)) => {
                    let text = format!(
                        "cannot overwrite table with non table for {} ({})",
                        join(prefix, &key.lossy()),
                        printed(&default, false)
                    );
                    self.warn(value.origin, 316, text);
                    self.replace(dest, key, value, default.origin);
                }
                (Some(_), None) if !default.is_nil() => {
                    let text = format!(
                        "destination for {} is a table. Ignoring non-table value ({})",
                        join(prefix, &key.lossy()),
                        printed(&default, false)
                    );
                    self.warn(default.origin, 319, text);
                }
                (Some(_), None) => {}
                (None, None) => self.replace(dest, key, value, default.origin),
            }
        }
    }

    /// Remembers at a value that it won over another.
    fn replace(&mut self, dest: &MapRef, key: Text, value: Value, lost: OriginId) {
        if self.origins.is_some() {
            let value = self.over(value, lost);
            dest.insert(key, value);
        }
    }

    fn over(&mut self, winner: Value, lost: OriginId) -> Value {
        overriding(winner, lost, &mut self.origins.as_deref_mut())
    }

    fn warn(&mut self, origin: OriginId, line: u32, text: String) {
        self.say(origin, line, format!("warning: {text}"));
    }

    /// `line` is that of Helm 3.21.4's `coalesce.go`, which its log names.
    fn say(&mut self, origin: OriginId, line: u32, text: String) {
        let go_file = format!("coalesce.go:{line}");
        remark(self.out, self.profile, &VALUE_IGNORED, Place::Origin(origin), &go_file, text);
    }
}

/// Lays a table below another outside of any chart: what imported values need. Nulls stay.
pub(crate) fn merge_tables(context: &mut Coalesce<'_, '_, '_>, dest: &MapRef, source: &MapRef) {
    context.tables(dest, source, "", true);
}

fn shallow_copy(map: &MapRef) -> MapRef {
    let copy = MapRef::new();
    for (key, value) in map.entries() {
        copy.insert(key, value);
    }
    MapRef { origin: map.origin, ..copy }
}

fn origin_of(map: &MapRef, key: &[u8]) -> OriginId {
    map.get(key).map_or(OriginId::UNKNOWN, |value| value.origin)
}

/// Takes every null out of a chart's defaults, so that it neither hides a global nor prints.
fn drop_nulls(map: &MapRef) {
    for (key, value) in map.entries() {
        if value.is_nil() {
            map.remove(&key, value.origin);
        } else if let Some(table) = value.as_map() {
            guarded(|| drop_nulls(&table));
        }
    }
}

fn join(prefix: &str, key: &str) -> String {
    if prefix.is_empty() { key.to_owned() } else { format!("{prefix}.{key}") }
}
