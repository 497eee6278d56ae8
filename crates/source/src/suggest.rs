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
    let length = written.chars().count();
    for name in known {
        let other = if name.is_ascii() { name.len() } else { name.chars().count() };
        let limit = (length.max(other) / 3).max(1);
        // Nothing that cannot win is measured: names are compared with all others of their kind.
        let limit = best.map_or(limit, |(far, _)| limit.min(far.saturating_sub(1)));
        let far = if name.eq_ignore_ascii_case(written) {
            0
        } else if length.abs_diff(other) > limit || limit == 0 {
            continue;
        } else if limit == 1 && written.is_ascii() && name.is_ascii() {
            // The one before was nearly it: only a single edit is better, which is seen without a table.
            if !is_one_edit(written.as_bytes(), name.as_bytes()) {
                continue;
            }
            1
        } else {
            distance(written, name)
        };
        if far <= limit && best.is_none_or(|(b, _)| far < b) {
            best = Some((far, name));
        }
    }
    best.map(|(_, name)| name)
}

/// The optimal string alignment distance: insertions, deletions, substitutions and swaps of two neighbours.
pub fn distance(a: &str, b: &str) -> usize {
    if a.is_ascii() && b.is_ascii() {
        return distance_of(a.as_bytes(), b.as_bytes());
    }
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    distance_of(&a, &b)
}

/// Whether two different texts are one insertion, deletion, substitution or swap of neighbours apart.
fn is_one_edit(a: &[u8], b: &[u8]) -> bool {
    match different(a, b) {
        ([_], [_]) | ([], [_]) | ([_], []) => true,
        ([a, b], [c, d]) => a == d && b == c,
        _ => false,
    }
}

/// What is left of two texts without what both begin and end with.
fn different<'t, T: PartialEq>(a: &'t [T], b: &'t [T]) -> (&'t [T], &'t [T]) {
    let same = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[same..], &b[same..]);
    let same = a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count();
    (&a[..a.len() - same], &b[..b.len() - same])
}

fn distance_of<T: Copy + PartialEq>(a: &[T], b: &[T]) -> usize {
    // What both begin and end with costs nothing.
    let (a, b) = different(a, b);
    if a.is_empty() || b.is_empty() {
        return a.len() + b.len();
    }
    // Three rows of the table: a swap looks two back.
    let width = b.len() + 1;
    // Names are short, and differ in a few letters: their table needs no memory of its own.
    let (mut few, mut many) = ([0usize; 3 * 16], Vec::new());
    let rows = match few.get_mut(..3 * width) {
        Some(rows) => rows,
        None => {
            many.resize(3 * width, 0);
            &mut many[..]
        }
    };
    let (mut before, mut last, mut row) = (0, width, 2 * width);
    (0..width).for_each(|j| rows[last + j] = j);
    for i in 1..=a.len() {
        rows[row] = i;
        for j in 1..width {
            let change = usize::from(a[i - 1] != b[j - 1]);
            let mut cost = (rows[last + j] + 1).min(rows[row + j - 1] + 1).min(rows[last + j - 1] + change);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                cost = cost.min(rows[before + j - 2] + 1);
            }
            rows[row + j] = cost;
        }
        (before, last, row) = (last, row, before);
    }
    rows[last + b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_are_counted() {
        for (a, b, far) in [
            ("", "abc", 3),
            ("abc", "abc", 0),
            ("abc", "acb", 1),
            ("kitten", "sitting", 3),
            ("ca", "abc", 3),
            ("größe", "grösse", 2),
            ("svc-00012", "svc-00021", 1),
        ] {
            assert_eq!((distance(a, b), distance(b, a)), (far, far), "{a} {b}");
        }
    }

    #[test]
    fn one_edit_is_what_the_distance_says() {
        let words =
            ["", "a", "b", "ab", "ba", "abc", "acb", "bac", "abcd", "svc-1", "svc-2", "svc1", "aab", "aba"];
        for a in words {
            for b in words.into_iter().filter(|b| a != *b) {
                assert_eq!(is_one_edit(a.as_bytes(), b.as_bytes()), distance(a, b) == 1, "{a} {b}");
            }
        }
    }

    #[test]
    fn the_first_of_the_nearest_wins() {
        assert_eq!(closest("svc-12", ["svc-13", "svc-14", "svc-21"]), Some("svc-13"));
        assert_eq!(closest("svc-12", ["svc-99", "svc-21", "svc-13"]), Some("svc-21"));
        assert_eq!(closest("a", ["b", "A"]), Some("A"));
    }
}
