//! Words as the API machinery defines them: DNS labels and subdomains, keys and values of labels.
//!
//! The stages ask this of every name and label of every object, so that each is one pass over a table.

/// Whether it is a lower-case label of RFC 1123, whatever its length.
///
/// ```
/// use plimsoll::kube::words::is_label;
/// assert!(is_label("web-1") && !is_label("Web") && !is_label("web-") && !is_label(""));
/// ```
pub fn is_label(word: &str) -> bool {
    is_of(word.as_bytes(), LOWER, LOWER | DASH)
}

/// Whether it is such labels with dots between them, whatever its length.
///
/// ```
/// use plimsoll::kube::words::is_subdomain;
/// assert!(is_subdomain("a.example.com") && !is_subdomain("a..b") && !is_subdomain("a-.b") && !is_subdomain(".a"));
/// ```
pub fn is_subdomain(word: &str) -> bool {
    // What stands before: the beginning and a dot want a letter or a digit, and so do a dot and the end.
    let mut before = 0;
    for b in word.bytes() {
        let class = CLASS[usize::from(b)];
        let fits = match class {
            LOWER => true,
            DASH => before != 0,
            DOT => before == LOWER,
            _ => false,
        };
        if !fits {
            return false;
        }
        before = if class == DOT { 0 } else { class };
    }
    before == LOWER
}

/// Whether it is what a label's value and the name in its key may be of, whatever its length; empty is not.
///
/// ```
/// use plimsoll::kube::words::is_label_word;
/// assert!(is_label_word("App_1.b") && !is_label_word("-a") && !is_label_word("a b"));
/// ```
pub fn is_label_word(word: &str) -> bool {
    is_of(word.as_bytes(), LOWER | UPPER, LOWER | UPPER | DASH | DOT | LOW_LINE)
}

fn is_of(bytes: &[u8], ends: u8, all: u8) -> bool {
    let is = |b: &u8, class: u8| CLASS[usize::from(*b)] & class != 0;
    let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else { return false };
    is(first, ends) && is(last, ends) && bytes.iter().all(|b| is(b, all))
}

const LOWER: u8 = 1; // and digits
const UPPER: u8 = 2;
const DASH: u8 = 4;
const DOT: u8 = 8;
const LOW_LINE: u8 = 16;

static CLASS: [u8; 256] = {
    let mut table = [0; 256];
    let mut at = 0;
    while at < 256 {
        table[at] = match at as u8 {
            b'a'..=b'z' | b'0'..=b'9' => LOWER,
            b'A'..=b'Z' => UPPER,
            b'-' => DASH,
            b'.' => DOT,
            b'_' => LOW_LINE,
            _ => 0,
        };
        at += 1;
    }
    table
};
