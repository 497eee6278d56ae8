//! "Did you mean": the nearest of the known names.

/// The known name nearest to what was written, if one is near enough to be meant.
///
/// Near is an edit distance (with swapped neighbours as one edit) of at most a third of the longer word, and at
/// least one; differences of case alone always count as near. Equal distances go to the first in order.
///
/// ```
/// assert_eq!(source::closest("matchSurge", ["maxUnavailable", "maxSurge"]), Some("maxSurge"));
/// assert_eq!(source::closest("Replicaset", ["ReplicaSet"]), Some("ReplicaSet"));
/// assert_eq!(source::closest("foo", ["replicas"]), None);
/// ```
pub fn closest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let mut best: Option<(usize, &str)> = None;
    for name in known {
        let far = if name.eq_ignore_ascii_case(written) { 0 } else { distance(written, name) };
        let limit = (written.chars().count().max(name.chars().count()) / 3).max(1);
        if far <= limit && best.is_none_or(|(b, _)| far < b) {
            best = Some((far, name));
        }
    }
    best.map(|(_, name)| name)
}

/// The optimal string alignment distance: insertions, deletions, substitutions and swaps of two neighbours.
pub fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let width = b.len() + 1;
    let mut rows = vec![0usize; (a.len() + 1) * width];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            rows[i * width + j] = if i == 0 || j == 0 {
                i + j
            } else {
                let change = usize::from(a[i - 1] != b[j - 1]);
                let mut cost = (rows[(i - 1) * width + j] + 1)
                    .min(rows[i * width + j - 1] + 1)
                    .min(rows[(i - 1) * width + j - 1] + change);
                if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                    cost = cost.min(rows[(i - 2) * width + j - 2] + 1);
                }
                cost
            };
        }
    }
    rows[a.len() * width + b.len()]
}
