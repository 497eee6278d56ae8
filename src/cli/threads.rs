//! The threads of a run.

use rayon::ThreadPoolBuilder;

use crate::load::Request;

/// So many files are more than one thread's work.
const FILES: usize = 8;

/// Makes this thread one of the workers where there will be work for several.
///
/// Otherwise it would only wait for the others: one thread more to start, and one more to hand everything to and fro.
/// A file or two are read and judged sooner than a thread is started.
pub(super) fn start(request: &Request) {
    if request.paths.len() >= FILES || request.paths.iter().any(|path| path.is_dir()) {
        start_all();
    }
}

/// Makes this thread one of the workers: there is work for several.
pub(super) fn start_all() {
    // It fails where the threads are there already, which is as good.
    let _ = ThreadPoolBuilder::new().use_current_thread().build_global();
}
