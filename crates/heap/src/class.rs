//! The sizes that pieces have.

/// What every piece is aligned to.
pub(crate) const ALIGNMENT: usize = 16;

/// The largest piece that is cut here, in bytes.
pub(crate) const LARGEST: usize = 256 << 10;

/// Up to here sizes go by steps of the alignment.
const FINE: usize = 512;
const FINE_CLASSES: usize = FINE / ALIGNMENT;

/// Beyond, there are four sizes from a power of two to the next, so that at most a fifth of a piece is lost.
const STEPS: usize = 4;

/// How many sizes there are.
pub(crate) const CLASSES: usize = FINE_CLASSES + STEPS * (LARGEST / FINE).ilog2() as usize;

/// The class of pieces of at least that many bytes; `None` past the largest.
#[inline]
pub(crate) const fn class_of(size: usize) -> Option<usize> {
    if size <= FINE {
        return Some(size.saturating_sub(1) / ALIGNMENT);
    }
    if size > LARGEST {
        return None;
    }
    // 512 < size: the power of two below it, and which quarter above that.
    let last = size - 1;
    let power = last.ilog2() as usize;
    let quarter = last >> (power - 2) & (STEPS - 1);
    Some(FINE_CLASSES + STEPS * (power - FINE.ilog2() as usize) + quarter)
}

/// Bytes of a class's pieces.
#[inline]
pub(crate) const fn size_of(class: usize) -> usize {
    if class < FINE_CLASSES {
        return (class + 1) * ALIGNMENT;
    }
    let (doublings, quarter) = ((class - FINE_CLASSES) / STEPS, (class - FINE_CLASSES) % STEPS);
    (FINE << doublings) / STEPS * (STEPS + quarter + 1)
}

/// From so many pieces on a thread gives its free ones of a class away: 32 KiB, or a single large one.
pub(crate) const fn most_at_hand(class: usize) -> u32 {
    let count = (32 << 10) / size_of(class);
    if count == 0 { 1 } else { count as u32 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_size_has_the_smallest_class_that_holds_it() {
        for size in (0..=4096).chain([8191, 8192, 8193, 65_535, 65_536, 65_537, LARGEST - 1, LARGEST]) {
            let class = class_of(size).unwrap();
            assert!(class < CLASSES);
            assert!(size_of(class) >= size, "{size}");
            assert!(class == 0 || size_of(class - 1) < size.max(1), "{size}");
            assert_eq!(size_of(class) % ALIGNMENT, 0);
        }
        assert_eq!(class_of(LARGEST + 1), None);
        assert_eq!(size_of(CLASSES - 1), LARGEST);
    }
}
