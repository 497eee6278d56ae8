//! How many items Go's runtime makes room for.

use super::types::Type;

/// How the array behind a list came to its size, which `slice` shows: it reaches up to there, not to the length.
///
/// The rules are those of Go 1.26 on a 64-bit machine: an array that is full is made anew, twice as large, and above
/// 256 items a quarter larger and a bit; and what the allocator has left over in its size class belongs to it too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Capacity {
    /// For as many items as there are: `make([]T, n)`.
    Length,
    /// For so many.
    Fixed(usize),
    /// For so many, and then grown by appending one item after another.
    GrownFrom(usize),
}

impl Capacity {
    /// Of an array that had room for `had` items and got all that it lacked by one append.
    pub fn grown_at_once(had: usize, len: usize, list: Type) -> Self {
        Capacity::Fixed(if len <= had { had } else { next(had, len, Item::of(list)) })
    }

    /// The number for a list of that type and length.
    pub(super) fn count(self, len: usize, list: Type) -> usize {
        match self {
            Capacity::Length => len,
            Capacity::Fixed(count) => count.max(len),
            Capacity::GrownFrom(mut count) => {
                let item = Item::of(list);
                while count < len {
                    count = next(count, count + 1, item);
                }
                count
            }
        }
    }
}

/// What the allocator has to know of an item.
#[derive(Clone, Copy)]
struct Item {
    size: usize,
    has_pointers: bool,
}

impl Item {
    fn of(list: Type) -> Self {
        let (size, has_pointers) = match list.elem() {
            Type::Bool => (1, false),
            Type::Int(_) | Type::Uint(_) | Type::Float64 => (8, false),
            Type::Complex128 => (16, false),
            Type::List(_) => (24, true),
            Type::Map(_) => (8, true),
            _ => (16, true),
        };
        Item { size, has_pointers }
    }
}

/// The capacity after `had`, if there must be room for `len`.
fn next(had: usize, len: usize, item: Item) -> usize {
    const THRESHOLD: usize = 256;
    let doubled = had.saturating_mul(2);
    let count = if len > doubled {
        len
    } else if had < THRESHOLD {
        doubled
    } else {
        let mut count = had;
        while count < len {
            count += (count + 3 * THRESHOLD) >> 2;
        }
        count
    };
    allocated(count.saturating_mul(item.size), item.has_pointers) / item.size
}

/// How many bytes the allocator gives to who asks for that many.
fn allocated(bytes: usize, has_pointers: bool) -> usize {
    const HEADER: usize = 8;
    const PAGE: usize = 8192;
    // Above 512 bytes a header that says where the pointers are stands before the object.
    let header = if has_pointers && bytes > 512 { HEADER } else { 0 };
    let class = SIZE_CLASSES.partition_point(|class| usize::from(*class) < bytes + header);
    match SIZE_CLASSES.get(class).filter(|_| bytes <= 32_768 - HEADER) {
        Some(class) => usize::from(*class) - header,
        None => bytes.div_ceil(PAGE).saturating_mul(PAGE),
    }
}

/// The sizes of objects that the allocator has places for; larger ones get whole pages.
const SIZE_CLASSES: [u16; 67] = [
    8, 16, 24, 32, 48, 64, 80, 96, 112, 128, 144, 160, 176, 192, 208, 224, 240, 256, 288, 320, 352, 384, 416,
    448, 480, 512, 576, 640, 704, 768, 896, 1024, 1152, 1280, 1408, 1536, 1792, 2048, 2304, 2688, 3072, 3200,
    3456, 4096, 4864, 5376, 6144, 6528, 6784, 6912, 8192, 9472, 9728, 10240, 10880, 12288, 13568, 14336,
    16384, 18432, 19072, 20480, 21760, 24576, 27264, 28672, 32768,
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::IntKind;

    const INTS: Type = Type::List(&Type::Int(IntKind::Int));

    #[test]
    fn appending_item_by_item_grows_as_in_go() {
        let measured =
            [(1, 1), (3, 4), (5, 8), (9, 16), (17, 32), (33, 71), (129, 143), (257, 303), (513, 591)];
        let large = [(849, 1023), (1281, 1535), (1793, 2560), (2561, 3584), (5122, 6656), (6818, 8704)];
        for (len, count) in measured.into_iter().chain(large) {
            assert_eq!(Capacity::GrownFrom(0).count(len, Type::LIST), count, "{len} items");
        }
        for (len, count) in [(33, 64), (257, 512), (513, 848), (849, 1280), (1793, 2560), (3409, 5120)] {
            assert_eq!(Capacity::GrownFrom(0).count(len, INTS), count, "{len} ints");
        }
        for (len, count) in [(10, 10), (11, 20), (31, 43), (65, 87), (849, 1151)] {
            assert_eq!(Capacity::GrownFrom(10).count(len, Type::List(&Type::String)), count, "{len} texts");
        }
    }

    #[test]
    fn one_append_of_many_takes_what_the_size_class_has() {
        for (len, count) in
            [(1, 1), (2, 2), (3, 3), (17, 18), (21, 22), (34, 35), (66, 71), (850, 895), (1282, 1359)]
        {
            assert_eq!(Capacity::grown_at_once(1, len, Type::LIST), Capacity::Fixed(count), "{len} items");
        }
    }
}
