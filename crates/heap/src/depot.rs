//! What all threads share: fresh memory by regions, and lists of free pieces that one thread had too many of.

use std::alloc::{GlobalAlloc, Layout, System};
use std::ptr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::Free;
use crate::class::{CLASSES, most_at_hand};

/// Bytes of the fresh memory that a thread takes at a time.
pub(crate) const RUN: usize = 64 << 10;

/// Bytes of a large page, to which regions are aligned.
const PAGE: usize = 2 << 20;

/// Bytes of other pages, on most machines.
const SMALL_PAGE: usize = 4 << 10;

/// The first region: a run over one small chart needs no more, and to clear a large page for it would take a third of
/// its time.
const FIRST: usize = 1 << 20;

/// Regions double up to this size.
const MOST: usize = 32 << 20;

struct Depot {
    /// By class, the first piece of the first of its lists. Each list has [`most_at_hand`] pieces.
    lists: [*mut Free; CLASSES],
    /// The rest of the newest region.
    next: *mut u8,
    left: usize,
    /// Bytes of the region that comes after it.
    region: usize,
}

// SAFETY: the pieces that it points at belong to nobody else, and are reached under its lock alone.
unsafe impl Send for Depot {}

static DEPOT: Mutex<Depot> =
    Mutex::new(Depot { lists: [ptr::null_mut(); CLASSES], next: ptr::null_mut(), left: 0, region: FIRST });

fn depot() -> MutexGuard<'static, Depot> {
    // Nothing panics under the lock, so that it is never poisoned.
    DEPOT.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How many lists there are of each class, for those who ask before they take the lock.
static LISTS: [AtomicU32; CLASSES] = [const { AtomicU32::new(0) }; CLASSES];

/// Whether there seems to be a list of free pieces of that class.
#[inline]
pub(crate) fn has_list(class: usize) -> bool {
    LISTS[class].load(Ordering::Relaxed) > 0
}

/// A list of free pieces of that class, and how many they are.
pub(crate) fn list_of(class: usize) -> Option<(*mut Free, u32)> {
    let mut depot = depot();
    let list = depot.lists[class];
    if list.is_null() {
        return None;
    }
    // SAFETY: the pieces of the depot are nobody else's.
    depot.lists[class] = unsafe { (*list).next_list };
    LISTS[class].fetch_sub(1, Ordering::Relaxed);
    Some((list, most_at_hand(class)))
}

/// Takes a list of [`most_at_hand`] free pieces of that class in.
///
/// # Safety
///
/// Nobody holds the pieces, and they are on no other list.
pub(crate) unsafe fn add(class: usize, list: *mut Free) {
    let mut depot = depot();
    // SAFETY: the caller's promise; a piece has room for a `Free`.
    unsafe { (*list).next_list = depot.lists[class] };
    depot.lists[class] = list;
    LISTS[class].fetch_add(1, Ordering::Relaxed);
}

/// So many bytes that nobody has had, aligned as every piece; null where the system has none.
pub(crate) fn fresh(size: usize) -> *mut u8 {
    let mut depot = depot();
    if size > depot.left && !depot.grow(size) {
        return ptr::null_mut();
    }
    let start = depot.next;
    depot.next = start.wrapping_add(size);
    depot.left -= size;
    start
}

impl Depot {
    /// Takes a region of the system in whose place nothing else will be; what is left of the one before is lost.
    fn grow(&mut self, least: usize) -> bool {
        let size = self.region.max(least.next_multiple_of(SMALL_PAGE));
        let align = if size < PAGE { SMALL_PAGE } else { PAGE };
        let Ok(layout) = Layout::from_size_align(size, align) else { return false };
        // SAFETY: the size is not zero.
        let start = unsafe { System.alloc(layout) };
        if start.is_null() {
            return false;
        }
        if align == PAGE {
            in_large_pages(start, size);
        }
        (self.next, self.left) = (start, size);
        self.region = (self.region * 2).clamp(PAGE, MOST);
        true
    }
}

/// Asks for large pages; where the system has none, small ones do as well.
#[cfg(target_os = "linux")]
fn in_large_pages(start: *mut u8, size: usize) {
    // SAFETY: the range was just taken of the system and is ours; the advice changes nothing that it holds.
    unsafe { libc::madvise(start.cast(), size, libc::MADV_HUGEPAGE) };
}

#[cfg(not(target_os = "linux"))]
fn in_large_pages(_: *mut u8, _: usize) {}
