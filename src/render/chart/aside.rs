//! A second thread for work on one text each, which needs nothing else and is the same whoever does it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, OnceLock};
use std::thread::{Builder, JoinHandle};

/// Something that either thread may do.
pub(crate) trait Job: Send + Sync {
    /// Does it, unless somebody does or did.
    fn run(&self);
}

/// Where a result will be; who claims it first works it out.
pub(crate) struct Slot<T> {
    is_claimed: AtomicBool,
    result: OnceLock<T>,
}

impl<T> Slot<T> {
    /// Nothing yet.
    pub(crate) fn new() -> Slot<T> {
        Slot { is_claimed: AtomicBool::new(false), result: OnceLock::new() }
    }

    /// Works the result out, unless somebody does or did.
    pub(crate) fn fill(&self, work: impl FnOnce() -> T) {
        if !self.is_claimed.swap(true, Ordering::Relaxed) {
            let _ = self.result.set(work());
        }
    }

    /// The result, if it is there already.
    pub(crate) fn result(&self) -> Option<&T> {
        self.result.get()
    }

    /// The result, which this thread works out or another one has claimed.
    pub(crate) fn get(&self, work: impl FnOnce() -> T) -> &T {
        self.fill(work);
        self.result.wait()
    }
}

/// Bytes of the second thread's stack: as much as the first one has.
const STACK: usize = 8 << 20;

/// The second thread; it ends when this is dropped.
#[derive(Default)]
pub(crate) struct Aside {
    thread: Option<(Sender<Arc<dyn Job>>, JoinHandle<()>)>,
    is_closed: Arc<AtomicBool>,
}

impl Aside {
    /// Starts the thread, which is worth some hundred microseconds of work. Where none can be started, nothing happens:
    /// whoever needs a result works it out.
    pub(crate) fn start(&mut self) {
        let (sender, jobs) = mpsc::channel();
        let is_closed = self.is_closed.clone();
        let thread = Builder::new().stack_size(STACK).spawn(move || work(&jobs, &is_closed)).ok();
        self.thread = thread.map(|thread| (sender, thread));
    }

    /// Whether there is a second thread.
    pub(crate) fn is_there(&self) -> bool {
        self.thread.is_some()
    }

    /// Says that no job is wanted any more; the one that is under way is finished.
    pub(crate) fn close(&self) {
        self.is_closed.store(true, Ordering::Relaxed);
    }

    /// Hands over a job, behind all others.
    pub(crate) fn give(&self, job: Arc<dyn Job>) {
        if let Some((sender, _)) = &self.thread {
            let _ = sender.send(job);
        }
    }
}

fn work(jobs: &Receiver<Arc<dyn Job>>, is_closed: &AtomicBool) {
    for job in jobs {
        if is_closed.load(Ordering::Relaxed) {
            return;
        }
        job.run();
    }
}

impl Drop for Aside {
    fn drop(&mut self) {
        self.close();
        if let Some((sender, thread)) = self.thread.take() {
            drop(sender);
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;

    use super::*;

    struct Square {
        of: usize,
        times: AtomicUsize,
        slot: Slot<usize>,
    }

    impl Square {
        fn get(&self) -> usize {
            *self.slot.get(|| self.work())
        }

        fn work(&self) -> usize {
            self.times.fetch_add(1, Ordering::Relaxed);
            self.of * self.of
        }
    }

    impl Job for Square {
        fn run(&self) {
            self.slot.fill(|| self.work());
        }
    }

    #[test]
    fn each_job_is_done_once_by_whoever_comes_first() {
        let jobs: Vec<_> = (0..200)
            .map(|of| Arc::new(Square { of, times: AtomicUsize::new(0), slot: Slot::new() }))
            .collect();
        let mut aside = Aside::default();
        aside.give(jobs[0].clone());
        assert!(!aside.is_there());
        aside.start();
        jobs.iter().for_each(|job| aside.give(job.clone()));
        for job in jobs.iter().rev() {
            assert_eq!(job.get(), job.of * job.of);
        }
        drop(aside);
        assert!(jobs.iter().all(|job| job.times.load(Ordering::Relaxed) == 1));
    }
}
