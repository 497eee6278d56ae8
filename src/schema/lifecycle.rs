//! When kinds came, were deprecated and went.

use super::builtin::lifecycles;
use super::table::LifecycleRow;

/// What happened to a kind, in minor versions of Kubernetes 1.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Lifecycle {
    /// The first version that had it, where that is known.
    pub introduced: Option<u8>,
    /// The first version in which its use earns a warning.
    pub deprecated: Option<u8>,
    /// The first version without it, or the one that is planned to be.
    pub removed: Option<u8>,
    /// Group, version and kind to use instead.
    pub replacement: Option<(&'static str, &'static str, &'static str)>,
}

/// The lifecycle of a kind that has been deprecated; `None` for all others.
///
/// ```
/// let old = plimsoll::schema::lifecycle("extensions", "v1beta1", "Deployment").unwrap();
/// assert_eq!((old.removed, old.replacement), (Some(16), Some(("apps", "v1", "Deployment"))));
/// ```
pub fn lifecycle(group: &str, version: &str, kind: &str) -> Option<Lifecycle> {
    let some = |minor: u8| Some(minor).filter(|m| *m > 0);
    let (rows, name) = lifecycles();
    // Kinds first: they differ early in their names.
    let rest = |row: &LifecycleRow| name(row.group).cmp(group).then_with(|| name(row.version).cmp(version));
    let at = rows.binary_search_by(|row| name(row.kind).cmp(kind).then_with(|| rest(row))).ok()?;
    rows.get(at).map(|row| Lifecycle {
        introduced: some(row.introduced),
        deprecated: some(row.deprecated),
        removed: some(row.removed),
        replacement: Some((name(row.use_group), name(row.use_version), name(row.use_kind)))
            .filter(|(_, _, kind)| !kind.is_empty()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_sorted() {
        let (rows, name) = lifecycles();
        assert!(rows.is_sorted_by_key(|row| (name(row.kind), name(row.group), name(row.version))));
    }
}
