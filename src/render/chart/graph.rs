//! The charts of one rendering as Helm holds them: changeable, and shared where Helm shares them.

use gotmpl::MapRef;
use source::{OriginId, Origins, Span};

use super::load::Chart;
use super::metadata::Dependency;
use super::tree;

/// Index of a chart in a [`Graph`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct ChartId(pub usize);

/// Index of a chart's metadata; copies of a chart may share theirs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct MetaId(usize);

/// Index of a declared dependency; copies of metadata may share theirs.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) struct DependencyId(usize);

/// The charts of one rendering.
///
/// Helm works on pointers, copies some of what they lead to and changes the rest in place, and what one alias of a
/// chart does to another follows from that. So this is pointers too: indices into lists that only grow.
pub(crate) struct Graph<'c> {
    charts: Vec<Node<'c>>,
    metas: Vec<Meta>,
    dependencies: Vec<Dependency>,
    /// What switched subcharts off.
    pub absent: Vec<Switch>,
}

/// One chart: what was read, and what the rendering made of it.
#[derive(Clone)]
pub(crate) struct Node<'c> {
    /// As it was read.
    pub chart: &'c Chart,
    /// Its name and its declared dependencies.
    pub meta: MetaId,
    /// The charts that it has.
    pub subcharts: Vec<ChartId>,
    /// The chart that it belongs to.
    pub parent: Option<ChartId>,
    /// Its default values, with what was imported.
    pub values: MapRef,
    /// What decided that it is here: a condition or tags of its parent's declaration.
    pub switch: Option<Switch>,
}

/// A condition or tags that switch a subchart.
#[derive(Clone, Copy)]
pub(crate) struct Switch {
    /// The declaration.
    pub at: Span,
    /// The values that were asked.
    pub cond: OriginId,
}

/// The part of the metadata that changes.
#[derive(Clone)]
pub(crate) struct Meta {
    /// The name; the alias where it has one.
    pub name: String,
    /// What is declared and, after processing, enabled.
    pub dependencies: Option<Vec<DependencyId>>,
}

impl<'c> Graph<'c> {
    /// The root of every graph.
    pub(crate) const ROOT: ChartId = ChartId(0);

    /// A chart as it was read. With `origins`, every value knows its place.
    pub(crate) fn new(chart: &'c Chart, mut origins: Option<&mut Origins>) -> Self {
        let mut graph =
            Graph { charts: Vec::new(), metas: Vec::new(), dependencies: Vec::new(), absent: Vec::new() };
        graph.add(chart, None, &mut origins);
        graph
    }

    fn add(
        &mut self,
        chart: &'c Chart,
        parent: Option<ChartId>,
        origins: &mut Option<&mut Origins>,
    ) -> ChartId {
        let declared = chart.metadata.dependencies.as_ref().map(|all| {
            all.iter()
                .map(|dependency| {
                    self.dependencies.push(dependency.clone());
                    DependencyId(self.dependencies.len() - 1)
                })
                .collect()
        });
        let meta = self.add_meta(Meta { name: chart.metadata.name.clone(), dependencies: declared });
        let values = tree::merged_documents(&chart.values, |doc| match origins {
            Some(origins) => origins.add_document(doc.source(), doc.clone()),
            None => OriginId::UNKNOWN,
        });
        let id = self.add_chart(Node { chart, meta, subcharts: Vec::new(), parent, values, switch: None });
        for subchart in &chart.dependencies {
            let subchart = self.add(subchart, Some(id), origins);
            self[id].subcharts.push(subchart);
        }
        id
    }

    /// Takes in a copy of a chart.
    pub(crate) fn add_chart(&mut self, node: Node<'c>) -> ChartId {
        self.charts.push(node);
        ChartId(self.charts.len() - 1)
    }

    /// Takes in a copy of metadata.
    pub(crate) fn add_meta(&mut self, meta: Meta) -> MetaId {
        self.metas.push(meta);
        MetaId(self.metas.len() - 1)
    }

    /// Takes in a copy of a dependency.
    pub(crate) fn add_dependency(&mut self, dependency: Dependency) -> DependencyId {
        self.dependencies.push(dependency);
        DependencyId(self.dependencies.len() - 1)
    }

    /// Makes a chart the parent of these, and of no others.
    pub(crate) fn set_subcharts(&mut self, chart: ChartId, subcharts: Vec<ChartId>) {
        for &subchart in &subcharts {
            self[subchart].parent = Some(chart);
        }
        self[chart].subcharts = subcharts;
    }

    /// A chart's name, or its alias.
    pub(crate) fn name(&self, chart: ChartId) -> &str {
        &self.meta(chart).name
    }

    /// The changing part of a chart's metadata.
    pub(crate) fn meta(&self, chart: ChartId) -> &Meta {
        &self.metas[self[chart].meta.0]
    }

    /// The same, to be changed.
    pub(crate) fn meta_mut(&mut self, chart: ChartId) -> &mut Meta {
        let meta = self[chart].meta;
        &mut self.metas[meta.0]
    }

    /// A declared dependency.
    pub(crate) fn dependency(&self, id: DependencyId) -> &Dependency {
        &self.dependencies[id.0]
    }

    /// The same, to be changed.
    pub(crate) fn dependency_mut(&mut self, id: DependencyId) -> &mut Dependency {
        &mut self.dependencies[id.0]
    }

    /// The path of a chart in template names: `root/charts/sub`, with aliases.
    pub(crate) fn path(&self, chart: ChartId) -> String {
        let mut names = Vec::new();
        let mut at = Some(chart);
        // Parents never form a circle; the limit only makes that no article of faith.
        while let Some(id) = at.filter(|_| names.len() <= self.charts.len()) {
            names.push(self.name(id));
            at = self[id].parent;
        }
        names.reverse();
        names.join("/charts/")
    }
}

impl<'c> std::ops::Index<ChartId> for Graph<'c> {
    type Output = Node<'c>;
    fn index(&self, id: ChartId) -> &Node<'c> {
        &self.charts[id.0]
    }
}

impl<'c> std::ops::IndexMut<ChartId> for Graph<'c> {
    fn index_mut(&mut self, id: ChartId) -> &mut Node<'c> {
        &mut self.charts[id.0]
    }
}
