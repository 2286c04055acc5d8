//! What a program prints while it handles a request: cut into lines, each an
//! event with the request's number. Whoever prints faster than the log is read waits.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use tokio::io::AsyncWrite;
use tokio::sync::{AcquireError, OwnedSemaphorePermit};
use wasmtime_wasi::cli::{IsTerminal, StdoutStream};

use super::event::{Event, Events, Stream};

/// A longer line is cut.
const LONGEST: usize = 16 * 1024;

/// One standard stream of one request's instance.
#[derive(Clone)]
pub(super) struct Printer(Arc<Lines>);

/// The beginning of a line, and where lines go.
struct Lines {
    request: u64,
    stream: Stream,
    events: Events,
    begun: Mutex<Vec<u8>>,
}

impl Printer {
    pub(super) fn new(request: u64, stream: Stream, events: &Events) -> Printer {
        let begun = Mutex::new(Vec::new());
        Printer(Arc::new(Lines { request, stream, events: events.clone(), begun }))
    }
}

impl Lines {
    fn take(&self, bytes: &[u8], mut room: Option<OwnedSemaphorePermit>) {
        // The lock is held for these lines only, and nothing in them panics.
        let mut begun = self.begun.lock().unwrap_or_else(PoisonError::into_inner);
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            begun.extend_from_slice(piece);
            if piece.ends_with(b"\n") || begun.len() >= LONGEST {
                self.print(&std::mem::take(&mut *begun), room.take());
            }
        }
    }

    fn print(&self, line: &[u8], room: Option<OwnedSemaphorePermit>) {
        let line = String::from_utf8_lossy(line);
        let line = line.trim_end_matches(['\r', '\n']).to_owned();
        let (request, stream) = (self.request, self.stream);
        self.events.send(Event::Printed { request, stream, line }, room);
    }
}

impl Drop for Lines {
    fn drop(&mut self) {
        // The last line need not have an end.
        let begun = self.begun.get_mut().unwrap_or_else(PoisonError::into_inner);
        let begun = std::mem::take(begun);
        if !begun.is_empty() {
            self.print(&begun, None);
        }
    }
}

impl IsTerminal for Printer {
    fn is_terminal(&self) -> bool {
        false
    }
}

impl StdoutStream for Printer {
    fn async_stream(&self) -> Box<dyn AsyncWrite + Send + Sync> {
        Box::new(Writer { lines: Arc::clone(&self.0), room: None })
    }
}

type Room = Pin<Box<dyn Future<Output = Result<OwnedSemaphorePermit, AcquireError>> + Send + Sync>>;

/// A handle of the stream.
struct Writer {
    lines: Arc<Lines>,
    /// Waiting for room in the log.
    room: Option<Room>,
}

impl AsyncWrite for Writer {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let semaphore = self.lines.events.lines();
        let room = self.room.get_or_insert_with(|| Box::pin(semaphore.acquire_owned()));
        let room = ready!(room.as_mut().poll(cx)).ok();
        self.room = None;
        // One piece at a time, so that the room for one event stands for a bounded size.
        let piece = bytes.get(..LONGEST).unwrap_or(bytes);
        self.lines.take(piece, room);
        Poll::Ready(Ok(piece.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::serve::event::Message;

    #[test]
    fn output_is_cut_into_lines_and_the_last_needs_no_end() {
        let (events, mut received) = Events::channel();
        let printer = Printer::new(7, Stream::Stderr, &events);
        printer.0.take(b"one\ntw", None);
        printer.0.take(b"o\r\n\nthree", None);
        drop(printer);
        let mut lines = Vec::new();
        while let Ok(Message::Event(event, _)) = received.try_recv() {
            let Event::Printed { request: 7, stream: Stream::Stderr, line } = *event else {
                panic!("another event: {event:?}");
            };
            lines.push(line);
        }
        assert_eq!(lines, ["one", "two", "", "three"]);
    }

    #[test]
    fn a_line_without_an_end_does_not_grow_for_ever() {
        let (events, mut received) = Events::channel();
        let printer = Printer::new(1, Stream::Stdout, &events);
        for _ in 0..3 {
            printer.0.take(&[b'x'; LONGEST / 2], None);
        }
        assert!(matches!(received.try_recv(), Ok(Message::Event(..))));
        assert!(received.try_recv().is_err());
    }
}
