//! Progress: one line on a terminal's standard error for work that takes longer
//! than a second, gone when the work is done. Whether there is one to be shown is
//! left to `render`.

use std::io::Write;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Shorter work than this is not worth a word; longer work counts in it.
const PATIENCE: Duration = Duration::from_secs(1);

/// Moves to the beginning of the line and erases it.
const ERASE: &str = "\r\u{1b}[2K";

/// Work that goes on for as long as this lives.
#[must_use = "it ends where it is dropped"]
pub struct Progress {
    line: Option<Line>,
    /// What to say afterwards, with the time that it took.
    afterwards: Option<String>,
    started: Instant,
}

/// A line that may appear.
struct Line {
    done: Sender<()>,
    drawing: JoinHandle<()>,
}

impl Progress {
    /// Announces work. It is said while it lasts if `live`, and afterwards if `timed`.
    pub fn new(what: &str, live: bool, timed: bool) -> Progress {
        let drawn = live.then(|| draw(what.to_owned(), std::io::stderr(), PATIENCE));
        let afterwards = timed.then(|| what.to_owned());
        Progress { line: drawn.flatten(), afterwards, started: Instant::now() }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(line) = self.line.take() {
            line.end();
        }
        if let Some(what) = &self.afterwards {
            let took = duration(self.started.elapsed());
            // A closed standard error is nobody's problem.
            let _ = writeln!(std::io::stderr().lock(), "{what}: {took}");
        }
    }
}

impl Line {
    fn end(self) {
        drop(self.done);
        // The thread only draws; if it could not, there is nothing to undo.
        let _ = self.drawing.join();
    }
}

/// Draws a line each time `patience` has passed, until it is told to end.
fn draw(what: String, mut to: impl Write + Send + 'static, patience: Duration) -> Option<Line> {
    let (done, ended) = mpsc::channel::<()>();
    let work = move || {
        let mut passed = 0;
        while ended.recv_timeout(patience) == Err(RecvTimeoutError::Timeout) {
            passed += 1;
            let _ = write!(to, "{ERASE}{what} … {passed} s").and_then(|()| to.flush());
        }
        if passed > 0 {
            let _ = write!(to, "{ERASE}").and_then(|()| to.flush());
        }
    };
    // Without a thread there is no line, and the work goes on all the same.
    let drawing = std::thread::Builder::new().name("progress".to_owned()).spawn(work).ok()?;
    Some(Line { done, drawing })
}

/// A duration for people: three digits at most.
pub fn duration(time: Duration) -> String {
    let micros = time.as_micros();
    match micros {
        0..1_000 => format!("{micros} µs"),
        1_000..10_000 => format!("{}.{} ms", micros / 1_000, micros % 1_000 / 100),
        10_000..1_000_000 => format!("{} ms", micros / 1_000),
        _ => format!("{}.{} s", micros / 1_000_000, micros % 1_000_000 / 100_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Arc, Mutex};

    #[derive(Clone, Default)]
    struct Shared(Arc<Mutex<Vec<u8>>>);

    impl Write for Shared {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().expect("no writer panics").extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn shown(patience: Duration, work: Duration) -> String {
        let out = Shared::default();
        let line = draw("linking".to_owned(), out.clone(), patience).expect("a thread");
        std::thread::sleep(work);
        line.end();
        let bytes = out.0.lock().expect("no writer panics").clone();
        String::from_utf8(bytes).expect("text")
    }

    #[test]
    fn short_work_says_nothing() {
        assert_eq!(shown(Duration::from_mins(1), Duration::ZERO), "");
    }

    #[test]
    fn long_work_is_counted_and_leaves_nothing_behind() {
        let shown = shown(Duration::from_millis(20), Duration::from_millis(200));
        assert!(shown.starts_with("\r\u{1b}[2Klinking … 1 s\r"), "{shown:?}");
        assert!(shown.ends_with(ERASE), "{shown:?}");
    }

    #[test]
    fn durations_have_three_digits() {
        let said = |micros| duration(Duration::from_micros(micros));
        assert_eq!(said(12), "12 µs");
        assert_eq!(said(1_234), "1.2 ms");
        assert_eq!(said(345_678), "345 ms");
        assert_eq!(said(6_149_000), "6.1 s");
    }
}
