//! A line that says that something is still being done: on a terminal alone, and only where it takes long.

use std::io::{self, IsTerminal, Write};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::world::{Disk, World};

/// What is over sooner says nothing.
const PATIENCE: Duration = Duration::from_millis(500);
/// How often the line is written anew.
const TICK: Duration = Duration::from_millis(200);

/// The line; it goes when this is dropped.
pub(super) struct Progress(Option<(Sender<()>, JoinHandle<()>)>);

impl Progress {
    /// `Checking ... 3 s` on standard error, if a person sees it and wants to (`is_wanted`).
    pub fn start(is_wanted: bool) -> Progress {
        let is_seen = io::stderr().is_terminal() && Disk.env("TERM").is_none_or(|term| term != "dumb");
        if !(is_wanted && is_seen) {
            return Progress(None);
        }
        let (stop, stopped) = mpsc::channel();
        let run = move || {
            let start = Instant::now();
            let mut wait = PATIENCE;
            let mut is_shown = false;
            while stopped.recv_timeout(wait) == Err(RecvTimeoutError::Timeout) {
                let _ = write!(io::stderr().lock(), "\r{}", line(start.elapsed()));
                (wait, is_shown) = (TICK, true);
            }
            if is_shown {
                // Back to the first column, and nothing behind it.
                let _ = write!(io::stderr().lock(), "\r\x1b[K");
            }
        };
        // Without a thread there is no line, which is no reason to fail.
        let thread = std::thread::Builder::new().name("progress".to_owned()).spawn(run).ok();
        Progress(thread.map(|thread| (stop, thread)))
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((stop, thread)) = self.0.take() {
            drop(stop);
            // The line is gone before anything else is written.
            let _ = thread.join();
        }
    }
}

fn line(took: Duration) -> String {
    format!("Checking ... {} s", took.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_ends_at_once_whether_it_was_seen_or_not() {
        let start = Instant::now();
        drop(Progress::start(false));
        drop(Progress::start(true));
        assert!(start.elapsed() < PATIENCE);
        assert_eq!(line(Duration::from_millis(2700)), "Checking ... 2 s");
    }
}
