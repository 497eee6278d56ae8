//! The program's memory: small pieces from large pages.
//!
//! A run lasts milliseconds and keeps nearly all that it makes to its end, so that what memory costs is mostly its first
//! touch: with the system's allocator a check of 4,500 objects takes 6,800 page faults, and looks at nodes miss the
//! processor's table of pages. From pages of 2 MiB it takes a quarter as many, and a sixth of all cycles is saved (a
//! fifth of those of `validate`).
//! Rust tells the size of a piece when it is given back, so that pieces need no headers either.
//!
//! This is the one crate with `unsafe`. What it relies on is little:
//!
//! - A piece is cut from a region once, has one size class for ever, and is either handed out or on one free list.
//! - Free lists are of one thread, or behind the lock of `depot`; a piece may be given back by any thread.
//! - Regions are never given back to the system.
//!
//! Pieces above 256 KiB are the system allocator's.

mod class;
mod depot;

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::ptr;

use class::{ALIGNMENT, CLASSES, class_of, size_of};

/// The allocator; `#[global_allocator] static HEAP: heap::Heap = heap::Heap;` makes it the program's.
pub struct Heap;

/// A piece that nobody holds; these two words stand in the piece itself.
struct Free {
    next: *mut Free,
    /// The next list of the depot, in the first piece of each.
    next_list: *mut Free,
}

/// What a thread has at hand.
struct Cache {
    free: [Cell<*mut Free>; CLASSES],
    /// How many pieces stand on each list.
    count: [Cell<u32>; CLASSES],
    /// The rest of the thread's own run of fresh memory.
    next: Cell<*mut u8>,
    left: Cell<usize>,
}

thread_local! {
    // Without a destructor, so that it can be used from the first to the last moment of a thread: what a thread has
    // when it ends is lost. Threads are as many as processors, and end with the program.
    static CACHE: Cache = const {
        Cache {
            free: [const { Cell::new(ptr::null_mut()) }; CLASSES],
            count: [const { Cell::new(0) }; CLASSES],
            next: Cell::new(ptr::null_mut()),
            left: Cell::new(0),
        }
    };
}

impl Cache {
    #[inline]
    fn take(&self, class: usize) -> *mut u8 {
        let first = self.free[class].get();
        if first.is_null() {
            return self.fresh(class);
        }
        // SAFETY: what is on a list is a piece that nobody holds, and begins with a `Free`.
        self.free[class].set(unsafe { (*first).next });
        self.count[class].set(self.count[class].get() - 1);
        first.cast()
    }

    #[inline]
    fn fresh(&self, class: usize) -> *mut u8 {
        // What was given back comes first: a run over any number of files takes the memory of a few.
        if size_of(class) > self.left.get() || depot::has_list(class) {
            return self.refill(class);
        }
        self.cut(class)
    }

    /// Of the thread's own run, which has the room.
    #[inline]
    fn cut(&self, class: usize) -> *mut u8 {
        let (size, next) = (size_of(class), self.next.get());
        self.left.set(self.left.get() - size);
        self.next.set(next.wrapping_add(size));
        next
    }

    #[cold]
    fn refill(&self, class: usize) -> *mut u8 {
        if let Some((list, count)) = depot::list_of(class) {
            // SAFETY: the depot's lists are of pieces that nobody holds.
            self.free[class].set(unsafe { (*list).next });
            self.count[class].set(count - 1);
            return list.cast();
        }
        let size = size_of(class);
        if size <= self.left.get() {
            // Another thread has taken the list.
            return self.cut(class);
        }
        if size > depot::RUN / 8 {
            return depot::fresh(size);
        }
        let run = depot::fresh(depot::RUN);
        if !run.is_null() {
            self.next.set(run.wrapping_add(size));
            self.left.set(depot::RUN - size);
        }
        run
    }

    /// # Safety
    ///
    /// The piece is of that class, and nobody holds it any more.
    #[inline]
    unsafe fn put(&self, class: usize, piece: *mut u8) {
        let first: *mut Free = piece.cast();
        // SAFETY: a piece is at least as large as a `Free` and aligned like one, and is ours again.
        unsafe { (*first).next = self.free[class].get() };
        self.free[class].set(first);
        self.count[class].set(self.count[class].get() + 1);
        if self.count[class].get() >= class::most_at_hand(class) {
            self.give_away(class);
        }
    }

    /// One thread may give back what others take, so that what it has too much of is for all.
    #[cold]
    fn give_away(&self, class: usize) {
        // SAFETY: these are the pieces of the list, which is emptied here.
        unsafe { depot::add(class, self.free[class].get()) };
        self.free[class].set(ptr::null_mut());
        self.count[class].set(0);
    }

    /// Makes the piece that was cut last larger, if that is where it stands.
    #[inline]
    fn extend(&self, piece: *mut u8, old: usize, new: usize) -> bool {
        let (end, more) = (piece.wrapping_add(size_of(old)), size_of(new) - size_of(old));
        let is_last = end == self.next.get() && more <= self.left.get();
        if is_last {
            self.next.set(end.wrapping_add(more));
            self.left.set(self.left.get() - more);
        }
        is_last
    }
}

/// The class of a layout that is served here.
#[inline]
fn class_of_layout(layout: Layout) -> Option<usize> {
    if layout.align() <= ALIGNMENT { class_of(layout.size()) } else { None }
}

// SAFETY: a piece is as large as its class, which is at least the layout's size, and aligned to `ALIGNMENT`; it is on no
// list while it is handed out, so that no two callers have it. Nothing here unwinds.
unsafe impl GlobalAlloc for Heap {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        match class_of_layout(layout) {
            Some(class) => CACHE.with(|cache| cache.take(class)),
            // SAFETY: the caller's promise.
            None => unsafe { System.alloc(layout) },
        }
    }

    #[inline]
    unsafe fn dealloc(&self, piece: *mut u8, layout: Layout) {
        match class_of_layout(layout) {
            // SAFETY: the caller had it of `alloc` with this layout, and holds it no more.
            Some(class) => CACHE.with(|cache| unsafe { cache.put(class, piece) }),
            // SAFETY: the same layout led to the system's allocator before.
            None => unsafe { System.dealloc(piece, layout) },
        }
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        if class_of_layout(layout).is_none() {
            // SAFETY: the caller's promise.
            return unsafe { System.alloc_zeroed(layout) };
        }
        // SAFETY: the caller's promise.
        let piece = unsafe { self.alloc(layout) };
        if !piece.is_null() {
            // SAFETY: it was just handed out with at least that size.
            unsafe { piece.write_bytes(0, layout.size()) };
        }
        piece
    }

    #[inline]
    unsafe fn realloc(&self, piece: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        // SAFETY: the caller promises that the size, rounded up to the alignment, does not overflow.
        let wanted = unsafe { Layout::from_size_align_unchecked(new_size, layout.align()) };
        match (class_of_layout(layout), class_of_layout(wanted)) {
            // SAFETY: both sizes are the system's, and it handed the piece out.
            (None, None) => return unsafe { System.realloc(piece, layout, new_size) },
            (Some(old), Some(new)) if old == new => return piece,
            (Some(old), Some(new)) if new > old && CACHE.with(|cache| cache.extend(piece, old, new)) => {
                return piece;
            }
            _ => {}
        }
        // SAFETY: the new piece does not overlap the old one, which is held until it is copied.
        unsafe {
            let moved = self.alloc(wanted);
            if !moved.is_null() {
                ptr::copy_nonoverlapping(piece, moved, layout.size().min(new_size));
                self.dealloc(piece, layout);
            }
            moved
        }
    }
}
