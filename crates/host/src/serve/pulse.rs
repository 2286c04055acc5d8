//! Whether anything still happens on a connection. A client that has sent its
//! requests and takes none of the answers would else hold its connection for
//! ever. What a program may take its time for is left to its limits.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// Fewer bytes in a client's time are no progress: what HTTP/2 says of itself has as many.
const LITTLE: u64 = 256;

/// What has happened on a connection so far.
#[derive(Debug, Default)]
pub(super) struct Pulse {
    /// Bytes that the client took, and requests that came, each as good as [`LITTLE`].
    beats: AtomicU64,
    /// Held by everyone who works for the client.
    work: Arc<()>,
}

/// Somebody works for the client, who may have to wait.
#[derive(Clone, Debug)]
pub(super) struct Busy(#[expect(dead_code, reason = "it counts by being there")] Arc<()>);

impl Pulse {
    /// A request has come; who works for it keeps what this returns until that is done.
    pub(super) fn request(&self) -> Busy {
        self.beats.fetch_add(LITTLE, Ordering::Relaxed);
        Busy(Arc::clone(&self.work))
    }

    /// Comes when nothing has happened for the length of `patience`, and nobody works
    /// for the client. It may come later by as much, because it looks that seldom.
    pub(super) async fn stops(&self, patience: Duration) {
        let mut before = self.beats.load(Ordering::Relaxed);
        loop {
            tokio::time::sleep(patience).await;
            let now = self.beats.load(Ordering::Relaxed);
            if now.saturating_sub(before) < LITTLE && Arc::strong_count(&self.work) == 1 {
                return;
            }
            before = now;
        }
    }

    fn taken(&self, bytes: usize) {
        self.beats.fetch_add(bytes as u64, Ordering::Relaxed);
    }
}

/// A connection whose pulse is counted.
pub(super) struct Heard {
    stream: TcpStream,
    pulse: Arc<Pulse>,
}

impl Heard {
    pub(super) fn new(stream: TcpStream, pulse: Arc<Pulse>) -> Heard {
        Heard { stream, pulse }
    }
}

impl AsyncRead for Heard {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Heard {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let count = ready!(Pin::new(&mut self.stream).poll_write(cx, bytes))?;
        self.pulse.taken(count);
        Poll::Ready(Ok(count))
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        pieces: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let count = ready!(Pin::new(&mut self.stream).poll_write_vectored(cx, pieces))?;
        self.pulse.taken(count);
        Poll::Ready(Ok(count))
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
