//! Helm charts: loading, values, rendering, exactly as a pinned version of Helm does it.
//!
//! 1. [`load`] reads a directory or an archive into a [`Chart`], subcharts included.
//! 2. The layers of values are put together, dependencies are switched and renamed, defaults are coalesced.
//! 3. The templates are rendered, their output is split into manifests and sorted.

mod ahead;
mod archive;
mod aside;
mod audit;
mod capabilities;
mod coalesce;
pub mod codes;
mod decode;
mod dependencies;
mod failed;
mod files;
mod graph;
mod head;
mod ignore;
mod load;
mod log;
mod lookup;
mod manifests;
mod metadata;
mod origins;
mod output;
mod parse;
mod pattern;
mod pieces;
mod post_render;
mod profile;
mod read;
mod reads;
mod render;
mod resources;
mod schema;
mod scope;
mod secrets;
mod seeded;
mod snapshot;
mod split;
mod targets;
mod tree;
mod unused;
mod values;

pub use capabilities::KubeVersion;
pub use load::{Chart, ChartFile, LoadCx, load};
pub use lookup::Cluster;
pub use manifests::{HookEvent, Manifest};
pub use metadata::{Dependency, ImportValues, Maintainer, Metadata};
pub use output::{Output, OutputFile, OutputOptions, output};
pub use pieces::{Piece, Stream};
pub use post_render::PostRenderer;
pub use profile::Profile;
pub use render::{Crd, RenderOptions, RenderedFile, Rendering, name_of_template, render_loaded, template};
pub use resources::{add_all_objects, add_objects, node_origins};
pub use seeded::Seeded;
pub use targets::ci_values;
pub use unused::Unused;
pub use values::ValueFlags;

use source::{Diagnostic, Span};

/// Why there is no chart, or nothing rendered: the one diagnostic that stopped the stage, and the values of Secrets
/// that it must not show.
#[derive(Debug)]
pub struct Fail(pub Box<Diagnostic>, pub Vec<Span>);

impl Fail {
    fn map_help(mut self, help: &str) -> Fail {
        self.0.help = Some(help.to_owned());
        self
    }

    fn map_upstream(mut self, change: impl FnOnce(String) -> String) -> Fail {
        self.0.upstream = self.0.upstream.map(change);
        self
    }
}
