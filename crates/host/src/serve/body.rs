//! The bodies of requests, with a limit, and of responses, with an account: a
//! response that ends, breaks off or is given up by the client is a line of the log.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};

use bytes::{Buf, Bytes};
use hyper::body::{Body, Frame, Incoming, SizeHint};
use tokio::sync::oneshot;
use wasmtime_wasi_http::{Error, WasiBody};

use super::event::Ending;
use super::guest::Running;
use super::ticket::Ticket;

/// A request's body, which ends in an error when it is too large.
pub(super) struct Limited {
    inner: Incoming,
    limit: u64,
    left: u64,
    passed: Arc<AtomicBool>,
}

impl Limited {
    /// The body, and whether its limit was passed.
    pub(super) fn new(inner: Incoming, limit: u64) -> (Limited, Arc<AtomicBool>) {
        let passed = Arc::new(AtomicBool::new(false));
        (Limited { inner, limit, left: limit, passed: Arc::clone(&passed) }, passed)
    }
}

impl Body for Limited {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        let polled = ready!(Pin::new(&mut self.inner).poll_frame(cx));
        let Some(frame) = polled.transpose().map_err(Error::from)? else {
            return Poll::Ready(None);
        };
        let size = frame.data_ref().map_or(0, |data| data.remaining() as u64);
        let Some(left) = self.left.checked_sub(size) else {
            self.passed.store(true, Ordering::Relaxed);
            return Poll::Ready(Some(Err(Error::HttpRequestBodySize(Some(self.limit)))));
        };
        self.left = left;
        Poll::Ready(Some(Ok(frame)))
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

/// What still works on a response when its head is there.
pub(super) struct Work {
    /// What produces the body. Dropping it stops it.
    pub running: Running,
    /// Whether that has failed.
    pub broken: Arc<AtomicBool>,
    /// Whether the request's body has passed its limit: the program, which was told,
    /// may take what it got for the whole.
    pub too_large: Arc<AtomicBool>,
    /// Tells it that the body was delivered or given up.
    pub delivered: oneshot::Sender<()>,
}

/// What a response's head says of its body. Who has sent what was promised does
/// not ask whether there is more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Promised {
    /// None at all: the answer to `HEAD`, or one without content.
    Nothing,
    /// So many bytes.
    Bytes(u64),
    /// That it will have an end.
    SomeEnd,
}

/// A response's body on its way to the client.
pub(super) struct Delivered {
    inner: Option<WasiBody>,
    ticket: Ticket,
    promised: Promised,
    ended: bool,
    /// What produces the body, unless the server does.
    work: Option<Work>,
}

impl Delivered {
    pub(super) fn new(
        inner: WasiBody,
        ticket: Ticket,
        promised: Promised,
        work: Option<Work>,
    ) -> Delivered {
        Delivered { inner: Some(inner), ticket, promised, ended: false, work }
    }

    fn is_broken(&self) -> bool {
        let is_set = |flag: &AtomicBool| flag.load(Ordering::Relaxed);
        self.work.as_ref().is_some_and(|work| is_set(&work.broken) || is_set(&work.too_large))
    }

    fn is_whole(&self) -> bool {
        self.ended
            || match self.promised {
                Promised::Nothing => true,
                Promised::Bytes(promised) => promised == self.ticket.sent(),
                Promised::SomeEnd => false,
            }
            || self.inner.as_ref().is_none_or(Body::is_end_stream)
    }
}

impl Body for Delivered {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        let Some(inner) = &mut self.inner else { return Poll::Ready(None) };
        let mut frame = ready!(Pin::new(inner).poll_frame(cx));
        // A program that fails just stops writing. The client must not take what
        // it has got for the whole.
        if frame.is_none() && self.is_broken() {
            frame = Some(Err(Error::HttpResponseIncomplete));
        }
        match &frame {
            Some(Ok(frame)) => {
                let size = frame.data_ref().map_or(0, |data| data.remaining() as u64);
                self.ticket.add_sent(size);
            }
            Some(Err(_)) => {
                self.ticket.end(Ending::BrokenOff);
                self.inner = None;
            }
            None => self.ended = true,
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.as_ref().is_none_or(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.as_ref().map_or_else(|| SizeHint::with_exact(0), Body::size_hint)
    }
}

impl Drop for Delivered {
    fn drop(&mut self) {
        let whole = self.is_whole();
        if whole {
            self.ticket.end(Ending::Whole);
        }
        let Some(Work { running, delivered, .. }) = self.work.take() else { return };
        let _ = delivered.send(());
        if whole {
            // What the program does after its answer is its own business.
            running.detach();
        }
    }
}
