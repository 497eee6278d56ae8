//! How many Pods a workload has, and how few while it is rolled out or drained.

use yaml::Node;

use super::{Known, Resource};

/// A number or a percentage, of a total: `2`, `"25%"`. Percentages are rounded up or down as asked.
///
/// ```
/// use plimsoll::kube::rollout::portion;
/// assert_eq!(portion("25%", 10, true), Some(3));
/// assert_eq!(portion("25%", 10, false), Some(2));
/// assert_eq!(portion("4", 10, false), Some(4));
/// assert_eq!(portion("many", 10, false), None);
/// ```
pub fn portion(text: &str, total: i64, round_up: bool) -> Option<i64> {
    let Some(percent) = text.strip_suffix('%') else { return text.parse().ok() };
    let percent: i64 = percent.parse().ok().filter(|p| (0..=1_000_000).contains(p))?;
    let scaled = total.checked_mul(percent)?;
    Some(if round_up { scaled.checked_add(99)? / 100 } else { scaled / 100 })
}

/// Whether the kind has a number of replicas.
pub fn is_replicated(kind: Known) -> bool {
    matches!(
        kind,
        Known::Deployment
            | Known::StatefulSet
            | Known::ReplicaSet
            | Known::ReplicationController
            | Known::DeploymentConfig
            | Known::Rollout
            | Known::CloneSet
            | Known::KruiseStatefulSet
    )
}

/// `spec.replicas`, 1 where it is not set; `None` for kinds that have no such number.
pub fn replicas(resource: &Resource, kind: Known) -> Option<i64> {
    if !is_replicated(kind) {
        return None;
    }
    match resource.in_spec("replicas").filter(|r| !r.is_null()) {
        Some(set) => set.as_i64(),
        None => Some(1),
    }
}

/// How few of its Pods are ready at the worst moment of a rollout that goes well; `None` where the kind does not say.
///
/// A Deployment's `maxSurge` rounds up and its `maxUnavailable` down, each 25 % unless set; where both come to 0, one
/// may be unavailable.
pub fn fewest_in_rollout(resource: &Resource, kind: Known, replicas: i64) -> Option<i64> {
    let spec = resource.spec()?;
    let text = |node: Option<Node<'_>>| node.filter(|n| !n.is_null()).map(|n| n.text().to_owned());
    match kind {
        Known::Deployment => {
            let strategy = spec.get("strategy");
            if strategy.and_then(|s| s.get("type")).is_some_and(|t| t.text() == "Recreate") {
                return Some(0);
            }
            let rolling = strategy.and_then(|s| s.get("rollingUpdate"));
            let field =
                |name: &str| text(rolling.and_then(|r| r.get(name))).unwrap_or_else(|| "25%".to_owned());
            let surge = portion(&field("maxSurge"), replicas, true)?;
            let unavailable = portion(&field("maxUnavailable"), replicas, false)?;
            let unavailable = if surge == 0 && unavailable == 0 { 1 } else { unavailable };
            Some((replicas - unavailable).max(0))
        }
        Known::StatefulSet => {
            let unavailable = text(spec.at("updateStrategy.rollingUpdate.maxUnavailable"));
            let unavailable = unavailable.map_or(Some(1), |u| portion(&u, replicas, true))?;
            Some((replicas - unavailable.max(1)).max(0))
        }
        _ => None,
    }
}
