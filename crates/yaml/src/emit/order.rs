//! The order in which go-yaml writes the keys of a map.

/// The "natural" order of go-yaml: letters after other characters, runs of digits by their value.
///
/// It is no order in the strict sense: `2 < 10 < 1e3 < 2`. Upstream's output then depends on the order in which
/// Go hands out a map's keys and changes from run to run; here [`sort`] gives the same every time.
///
/// v3 differs from v2 in one place: behind a digit a letter comes first.
#[inline]
pub(crate) fn natural_less(a: &[u8], b: &[u8], v2: bool) -> bool {
    let Some(mut at) = a.iter().zip(b).position(|(x, y)| x != y) else { return a.len() < b.len() };
    if a[at].is_ascii_alphabetic() && b[at].is_ascii_alphabetic() {
        return a[at] < b[at];
    }
    // To the start of the characters that differ.
    while at > 0
        && (a.get(at).is_some_and(|b| b & 0xC0 == 0x80) || b.get(at).is_some_and(|b| b & 0xC0 == 0x80))
    {
        at -= 1;
    }
    let (x, y) = (char_at(a, at), char_at(b, at));
    let (x_letter, y_letter) = (is_letter(x), is_letter(y));
    if x_letter && y_letter {
        return x < y;
    }
    if x_letter || y_letter {
        let digits = !v2 && last_char(&a[..at]).is_some_and(is_digit);
        return if digits { x_letter } else { y_letter };
    }
    // Digits of both from here on, as numbers; zeros count only behind a digit that is none.
    let mut lead = 0i64;
    if x == '0' || y == '0' {
        let run = a[..at].iter().rev().take_while(|b| b.is_ascii_digit());
        lead = i64::from(run.into_iter().any(|b| *b != b'0'));
    }
    let (x_value, x_run) = run_of_digits(&a[at..], lead);
    let (y_value, y_run) = run_of_digits(&b[at..], lead);
    if x_value != y_value {
        return x_value < y_value;
    }
    if x_run != y_run {
        return x_run < y_run;
    }
    x < y
}

fn char_at(text: &[u8], at: usize) -> char {
    let end = text.len().min(at + 4);
    text.get(at..end).and_then(|t| t.utf8_chunks().next()?.valid().chars().next()).unwrap_or('\u{FFFD}')
}

fn last_char(text: &[u8]) -> Option<char> {
    let start = (0..text.len()).rev().find(|&at| text[at] & 0xC0 != 0x80)?;
    Some(char_at(text, start))
}

fn is_letter(c: char) -> bool {
    if c.is_ascii() { c.is_ascii_alphabetic() } else { general_letter(c) }
}

/// Unicode's letters. The library's `is_alphabetic` has some vowel signs besides, which no key is told by.
fn general_letter(c: char) -> bool {
    c.is_alphabetic() && !c.is_numeric()
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
}

fn run_of_digits(text: &[u8], lead: i64) -> (i64, usize) {
    let run = text.iter().take_while(|b| b.is_ascii_digit()).count();
    let value = text[..run].iter().fold(lead, |n, b| n.wrapping_mul(10).wrapping_add(i64::from(b - b'0')));
    (value, run)
}

/// A stable merge sort that takes any answer of `less`: the library's own may panic where an order is none.
pub(crate) fn sort<T>(items: &mut [T], less: impl Fn(&T, &T) -> bool) {
    // Insertion from the sorted part's end: maps are small, and often sorted already.
    if items.len() <= 24 {
        for end in 1..items.len() {
            let mut at = end;
            while at > 0 && less(&items[at], &items[at - 1]) {
                items.swap(at, at - 1);
                at -= 1;
            }
        }
        return;
    }
    let mut order: Vec<(u64, u32)> = merge_order(items, &less).into_iter().map(|at| (0, at as u32)).collect();
    permute(items, &mut order);
}

/// The indexes of the items in order, by merging runs bottom-up.
fn merge_order<T>(items: &[T], less: &impl Fn(&T, &T) -> bool) -> Vec<usize> {
    let len = items.len();
    let mut from: Vec<usize> = (0..len).collect();
    let mut to = from.clone();
    let mut run = 1;
    while run < len {
        for start in (0..len).step_by(2 * run) {
            let (middle, end) = ((start + run).min(len), (start + 2 * run).min(len));
            let (mut left, mut right) = (start, middle);
            for slot in &mut to[start..end] {
                let take_right =
                    left == middle || right < end && less(&items[from[right]], &items[from[left]]);
                let side = if take_right { &mut right } else { &mut left };
                *slot = from[*side];
                *side += 1;
            }
        }
        std::mem::swap(&mut from, &mut to);
        run *= 2;
    }
    from
}

/// Moves `items[order[i].1]` to place `i` for every `i`; `order` is used up.
pub(crate) fn permute<T>(items: &mut [T], order: &mut [(u64, u32)]) {
    for start in 0..order.len() {
        let mut at = start;
        while order[at].1 as usize != start {
            let next = order[at].1 as usize;
            items.swap(at, next);
            order[at].1 = at as u32;
            at = next;
        }
        order[at].1 = at as u32;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(keys: &[&str], v2: bool) -> Vec<String> {
        let mut keys: Vec<String> = keys.iter().rev().map(|k| k.to_string()).collect();
        sort(&mut keys, |a, b| natural_less(a.as_bytes(), b.as_bytes(), v2));
        keys
    }

    #[test]
    fn letters_come_after_other_characters() {
        let keys = [
            "", "_x", "1", "2", "10", "A", "B", "a", "a-b", "a.b", "a/b", "a_b", "a1", "a2", "a10", "aB",
            "ab",
        ];
        assert_eq!(sorted(&keys, true), keys);
    }

    #[test]
    fn behind_a_digit_v3_puts_the_letter_first() {
        assert_eq!(sorted(&["a1-b", "a1b"], true), ["a1-b", "a1b"]);
        assert_eq!(sorted(&["a1b", "a1-b"], false), ["a1b", "a1-b"]);
    }

    #[test]
    fn many_keys_and_cycles_come_out_whole() {
        let keys: Vec<String> =
            (0..500).map(|n| format!("{}{}", n * 7919 % 1000, ["", "a", "e3"][n % 3])).collect();
        let mut out = keys.clone();
        sort(&mut out, |a, b| natural_less(a.as_bytes(), b.as_bytes(), true));
        let (mut a, mut b) = (keys, out);
        a.sort();
        b.sort();
        assert_eq!(a, b);
    }
}
