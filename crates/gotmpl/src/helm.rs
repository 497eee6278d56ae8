//! What Helm puts around Go's templates: the order of files, the layout of errors, and the objects that charts see.
//!
//! The scope of one chart's files is a map with these keys, built once a chart and shared by its files:
//!
//! | key | value |
//! |---|---|
//! | `Values` | a map of type [`values_type`]; a subchart's is its parent's `.Values.NAME`, [`Map::with_type`](crate::Map::with_type) |
//! | `Chart` | [`chart`] |
//! | `Files` | [`files`] |
//! | `Release` | a plain map: `Name`, `Namespace`, `IsUpgrade`, `IsInstall`, `Revision` (an int), `Service` |
//! | `Capabilities` | [`capabilities`] |
//! | `Subcharts` | a plain map: each subchart's scope by name |
//! | `Template` | a map of type [`values_type`], new for each file: `Name`, `BasePath` |
//!
//! The scope itself is of type [`values_type`].

mod capabilities;
mod chart;
pub(crate) mod errors;
mod files;
mod glob;
mod record;
mod values;

pub use capabilities::{Capabilities, capabilities};
pub use chart::{Dependency, Maintainer, Metadata, chart};
pub use errors::{exec_error, parse_error};
pub use files::files;
pub use record::Record;
pub use values::values_type;

/// Brings the names of template files into the order in which Helm parses and renders them: the deepest paths first, among
/// equally deep ones the greatest name first.
///
/// ```
/// let mut names = vec!["c/templates/a.yaml", "c/charts/s/templates/a.yaml", "c/templates/b.yaml"];
/// gotmpl::helm::sort(&mut names);
/// assert_eq!(names, ["c/charts/s/templates/a.yaml", "c/templates/b.yaml", "c/templates/a.yaml"]);
/// ```
pub fn sort<T: AsRef<str>>(names: &mut [T]) {
    let slashes = |name: &T| name.as_ref().matches('/').count();
    names.sort_by(|a, b| (slashes(b), b.as_ref()).cmp(&(slashes(a), a.as_ref())));
}
