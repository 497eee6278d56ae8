//! The order of the objects.

use super::Order;
use crate::kube::{Bundle, INSTALL_ORDER, Resource};

/// The objects in the order asked for; of an installation, those of one kind keep theirs, unknown kinds come last.
pub(super) fn ordered(bundle: &Bundle, order: Order) -> Vec<&Resource> {
    let mut resources: Vec<&Resource> = bundle.resources.iter().collect();
    if order == Order::Install {
        let place = |r: &&Resource| {
            INSTALL_ORDER.iter().position(|kind| **kind == *r.id.gvk.kind).unwrap_or(INSTALL_ORDER.len())
        };
        resources.sort_by_cached_key(place);
    }
    resources
}
