//! Pieces of memory belong to one holder at a time, whatever is done with them.

use std::alloc::{GlobalAlloc, Layout};
use std::sync::mpsc;

use heap::Heap;

/// Bytes of the largest piece that is not the system's.
const LARGEST: usize = 256 << 10;

/// A piece filled with a byte that only it has.
struct Piece {
    start: *mut u8,
    layout: Layout,
    mark: u8,
}

// SAFETY: a piece is held by whoever holds this.
unsafe impl Send for Piece {}

impl Piece {
    fn new(size: usize, mark: u8) -> Piece {
        let layout = Layout::from_size_align(size, 8).expect("it is small");
        // SAFETY: no layout of these tests is empty.
        let start = unsafe { Heap.alloc(layout) };
        assert!(!start.is_null() && start.addr().is_multiple_of(16));
        let mut piece = Piece { start, layout, mark };
        piece.bytes().fill(mark);
        piece
    }

    fn bytes(&mut self) -> &mut [u8] {
        // SAFETY: it was handed out with that size, and was filled.
        unsafe { std::slice::from_raw_parts_mut(self.start, self.layout.size()) }
    }

    fn resize(&mut self, size: usize) {
        let kept = self.layout.size().min(size);
        // SAFETY: it was handed out with that layout.
        self.start = unsafe { Heap.realloc(self.start, self.layout, size) };
        self.layout = Layout::from_size_align(size, 8).expect("it is small");
        let mark = self.mark;
        assert!(self.bytes()[..kept].iter().all(|b| *b == mark));
        self.bytes().fill(mark);
    }

    fn free(mut self) {
        let mark = self.mark;
        assert!(self.bytes().iter().all(|b| *b == mark), "somebody else wrote here");
        // SAFETY: it was handed out with that layout, and is forgotten here.
        unsafe { Heap.dealloc(self.start, self.layout) };
    }
}

/// Numbers without an order that a person sees, the same in each run.
fn numbers() -> impl FnMut(usize) -> usize {
    let mut state = 0x2545_F491_4F6C_DD1Du64;
    move |below| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below as u64) as usize
    }
}

fn size(next: &mut impl FnMut(usize) -> usize) -> usize {
    match next(20) {
        0 => 1 + next(2 * LARGEST),
        1..4 => 1 + next(20_000),
        _ => 1 + next(700),
    }
}

#[test]
fn pieces_keep_what_is_written_to_them() {
    let mut next = numbers();
    let mut held: Vec<Piece> = Vec::new();
    for round in 0..20_000 {
        match next(10) {
            0..5 => held.push(Piece::new(size(&mut next), round as u8)),
            5..7 if !held.is_empty() => {
                let at = next(held.len());
                held[at].resize(size(&mut next));
            }
            _ if !held.is_empty() => held.swap_remove(next(held.len())).free(),
            _ => {}
        }
    }
    held.into_iter().for_each(Piece::free);
}

#[test]
fn one_thread_frees_what_another_takes() {
    let (send, receive) = mpsc::sync_channel::<Piece>(100);
    std::thread::scope(|scope| {
        scope.spawn(move || {
            let mut next = numbers();
            (0..50_000).for_each(|n| send.send(Piece::new(size(&mut next) % 3000 + 1, n as u8)).unwrap());
        });
        receive.into_iter().for_each(Piece::free);
    });
}

#[test]
fn zeroed_pieces_are_so_even_where_they_were_used() {
    for size in [1, 100, 600, 9_000, LARGEST, LARGEST + 1] {
        Piece::new(size, 0xAA).free();
        let layout = Layout::from_size_align(size, 1).unwrap();
        // SAFETY: the layout is not empty, and the piece is given back with it.
        unsafe {
            let start = Heap.alloc_zeroed(layout);
            assert!(std::slice::from_raw_parts(start, size).iter().all(|b| *b == 0));
            Heap.dealloc(start, layout);
        }
    }
}

#[test]
fn wide_alignments_are_kept() {
    for align in [32, 64, 4096] {
        let layout = Layout::from_size_align(100, align).unwrap();
        // SAFETY: the layout is not empty, and the piece is given back with it.
        unsafe {
            let start = Heap.alloc(layout);
            assert!(start.addr().is_multiple_of(align));
            Heap.dealloc(start, layout);
        }
    }
}
