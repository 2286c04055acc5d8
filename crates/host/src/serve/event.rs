//! What a server has to say while it runs, as plain data, and the way from the
//! threads that serve to the one that listens. Printing is left to the caller.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::error::RequestError;
use crate::denied::Denied;

/// Something that happened in a server.
#[derive(Debug)]
pub enum Event {
    /// The program printed a line while it handled a request.
    Printed {
        /// The request's number.
        request: u64,
        /// Where to.
        stream: Stream,
        /// The line, without its end.
        line: String,
    },
    /// The program failed at a request.
    Failed {
        /// The request's number.
        request: u64,
        /// What happened.
        error: RequestError,
    },
    /// The program was refused something that it was not granted, for the first time.
    Denied {
        /// The request's number.
        request: u64,
        /// What, and how to grant it.
        denied: Denied,
    },
    /// A request is done with.
    Done(Access),
    /// A connection could not be accepted. Serving goes on.
    NotAccepted {
        /// The system's words.
        reason: String,
    },
    /// No new requests are taken; those that run are waited for.
    Stopping {
        /// How many there are.
        running: usize,
    },
    /// The server has ended.
    Stopped {
        /// How many requests were cut off.
        abandoned: usize,
    },
}

/// A standard stream that a program writes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}

/// A line of the access log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// The request's number; the first is 1.
    pub request: u64,
    /// Who asked.
    pub peer: SocketAddr,
    /// The method: `GET`.
    pub method: String,
    /// Path and query, as they were sent.
    pub path: String,
    /// The protocol: `HTTP/1.1`.
    pub protocol: &'static str,
    /// The answer's status; none if the client left before there was one.
    pub status: Option<u16>,
    /// Bytes of the answer's body that were handed to the connection.
    pub sent: u64,
    /// From the request's head to the end of the answer.
    pub took: Duration,
    /// How it ended.
    pub ending: Ending,
}

/// How a request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The answer was delivered whole.
    Whole,
    /// The answer broke off, because the program failed or its time was over.
    BrokenOff,
    /// The client left, or the server was stopped, before the end.
    Left,
}

/// Requests that are running or whose line is not yet printed. If whoever reads
/// the log is slow, new requests wait rather than fill the memory.
const REQUESTS_UNHEARD: usize = 8192;

/// Lines of programs that are not yet printed.
const LINES_UNHEARD: usize = 1024;

/// What goes through the channel.
pub(super) enum Message {
    /// An event, and the room it takes until it was heard.
    Event(Box<Event>, Option<OwnedSemaphorePermit>),
    /// Nothing comes after this.
    End,
}

/// The end of the channel for those who serve.
#[derive(Clone)]
pub(super) struct Events {
    sender: UnboundedSender<Message>,
    requests: Arc<Semaphore>,
    lines: Arc<Semaphore>,
}

impl Events {
    /// A channel, bounded by the room that its users take before they send.
    pub(super) fn channel() -> (Events, UnboundedReceiver<Message>) {
        let (sender, receiver) = unbounded_channel();
        let requests = Arc::new(Semaphore::new(REQUESTS_UNHEARD));
        let lines = Arc::new(Semaphore::new(LINES_UNHEARD));
        (Events { sender, requests, lines }, receiver)
    }

    /// Room for a request, which its last line gives back.
    pub(super) async fn room_for_a_request(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.requests).acquire_owned().await.ok()
    }

    /// Room for a line.
    pub(super) fn lines(&self) -> Arc<Semaphore> {
        Arc::clone(&self.lines)
    }

    /// Sends an event. If nobody listens any more, nobody misses it.
    pub(super) fn send(&self, event: Event, room: Option<OwnedSemaphorePermit>) {
        let _ = self.sender.send(Message::Event(Box::new(event), room));
    }

    /// Ends the conversation.
    pub(super) fn end(&self) {
        let _ = self.sender.send(Message::End);
    }
}
