//! The order of what is printed.

use source::{OriginId, Place};

use super::codes::KUSTOMIZATION_INVALID;
use super::config::{FIRST, LAST};
use super::error::BuildError;
use super::kustomization::SortOptions;
use super::res_id::{ResId, gvk_text};
use super::res_map::ResMap;
use crate::kube::Gvk;

/// Orders the objects as `sortOptions` says.
///
/// # Errors
/// The options contradict each other, or two objects are one.
pub fn sort(all: &mut ResMap, options: &SortOptions) -> Result<(), BuildError> {
    let invalid = |message: &str, upstream: String| {
        let at = options.order.at.map_or(Place::from(OriginId::UNKNOWN), Place::from);
        BuildError::new(&KUSTOMIZATION_INVALID, at, message, upstream)
    };
    let names = |list: &[super::decode::Text]| list.iter().map(|kind| kind.value.clone()).collect::<Vec<_>>();
    match (&*options.order.value, &options.legacy_sort_options) {
        ("fifo", None) => Ok(()),
        ("fifo", Some(_)) => {
            let upstream = "the field 'sortOptions.legacySortOptions' is set but the selected sort order is 'fifo', not 'legacy'";
            Err(invalid("`legacySortOptions` go with the order `legacy` alone", upstream.to_owned()))
        }
        ("legacy", None) => legacy(all),
        ("legacy", Some(kinds)) => by_kind(all, &names(&kinds.order_first), &names(&kinds.order_last)),
        _ => {
            let upstream = "the field 'sortOptions.order' must be one of [fifo, legacy]";
            Err(invalid("`sortOptions.order` is `fifo` or `legacy`", upstream.to_owned()))
        }
    }
}

/// Orders the objects by kind: those that others need come first, webhooks last.
///
/// # Errors
/// Two objects are one.
pub fn legacy(all: &mut ResMap) -> Result<(), BuildError> {
    by_kind(all, &FIRST.map(str::to_owned), &LAST.map(str::to_owned))
}

fn by_kind(all: &mut ResMap, first: &[String], last: &[String]) -> Result<(), BuildError> {
    // A kind that is in a list twice counts where it is last, and one of both lists in the second.
    let rank = |kind: &str| {
        let in_last = last.iter().rposition(|known| known == kind).map(|at| 1 + at as i64);
        let in_first =
            || first.iter().rposition(|known| known == kind).map(|at| at as i64 - first.len() as i64);
        in_last.or_else(in_first).unwrap_or(0)
    };
    let keys: Vec<(i64, String, String)> = all
        .iter()
        .map(|resource| {
            let id = resource.id();
            (rank(&id.gvk.kind), type_key(&id.gvk), object_key(id))
        })
        .collect();
    let mut order: Vec<usize> = (0..keys.len()).collect();
    let is_namespace = |at: usize| all.get(at).is_some_and(|r| &*r.id().gvk.kind == "Namespace");
    let is_core = |at: usize| all.get(at).is_some_and(|r| r.id().gvk.group.is_empty());
    order.sort_by(|&a, &b| {
        let (one, other) = (&keys[a], &keys[b]);
        let types = one.1.cmp(&other.1);
        // Of namespaces the core's come first, although "~G" is behind every letter.
        let reversed = is_namespace(a) && is_namespace(b) && (is_core(a) || is_core(b));
        let types = if reversed { types.reverse() } else { types };
        one.0.cmp(&other.0).then(types).then_with(|| one.2.cmp(&other.2))
    });
    all.reorder(&order);
    all.check_conflicts().map_err(|error| error.wrap("SortOrderTransformer: Failed to append to resources"))
}

fn type_key(gvk: &Gvk) -> String {
    let or = |text: &str, none: &str| if text.is_empty() { none.to_owned() } else { text.to_owned() };
    format!("{}_{}_{}", or(&gvk.group, "~G"), or(&gvk.version, "~V"), or(&gvk.kind, "~K"))
}

fn object_key(id: &ResId) -> String {
    let or = |text: &str, none: &str| if text.is_empty() { none.to_owned() } else { text.to_owned() };
    format!("{}|{}|{}", gvk_text(&id.gvk), or(&id.namespace, "~X"), or(&id.name, "~N"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::kustomize::testing::resource;

    #[test]
    fn kinds_then_types_then_names() {
        let texts = [
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: b}\n",
            "apiVersion: x.io/v1\nkind: Z\nmetadata: {name: b}\n",
            "apiVersion: v1\nkind: Service\nmetadata: {name: a}\n",
            "apiVersion: v1\nkind: Service\nmetadata: {name: b, namespace: n}\n",
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\n",
            "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n",
            "apiVersion: v1\nkind: Namespace\nmetadata: {name: n}\n",
        ];
        let mut all: ResMap = texts.iter().map(|text| resource(text)).collect();
        legacy(&mut all).unwrap();
        let ids: Vec<String> = all.iter().map(|r| format!("{}/{}", r.kind(), r.name())).collect();
        assert_eq!(
            ids,
            ["Namespace/n", "Service/b", "Service/a", "Deployment/a", "Deployment/b", "Z/b", "Pod/a"]
        );
    }
}
