//! The account of one request, from its head to the last byte of its answer.
//! However it ends, it becomes one line of the access log.

use std::net::SocketAddr;
use std::time::Instant;

use hyper::body::Incoming;
use hyper::{Request, Version};
use tokio::sync::OwnedSemaphorePermit;

use super::event::{Access, Ending, Event, Events};

/// One request's account. Dropped, it is written into the log.
pub(super) struct Ticket {
    access: Access,
    began: Instant,
    settled: bool,
    events: Events,
    room: Option<OwnedSemaphorePermit>,
}

impl Ticket {
    pub(super) async fn new(
        events: &Events,
        number: u64,
        peer: SocketAddr,
        request: &Request<Incoming>,
    ) -> Ticket {
        let began = Instant::now();
        let access = Access {
            request: number,
            peer,
            method: request.method().to_string(),
            path: path(request),
            protocol: protocol(request.version()),
            status: None,
            sent: 0,
            took: began.elapsed(),
            ending: Ending::Left,
        };
        let room = events.room_for_a_request().await;
        Ticket { access, began, settled: false, events: events.clone(), room }
    }

    /// The request's number.
    pub(super) fn number(&self) -> u64 {
        self.access.request
    }

    /// When its head had come.
    pub(super) fn began(&self) -> Instant {
        self.began
    }

    /// The answer begins.
    pub(super) fn answered(&mut self, status: u16) {
        self.access.status = Some(status);
    }

    /// A piece of the answer was handed on.
    pub(super) fn add_sent(&mut self, bytes: u64) {
        self.access.sent = self.access.sent.saturating_add(bytes);
    }

    /// Bytes of the answer so far.
    pub(super) fn sent(&self) -> u64 {
        self.access.sent
    }

    /// Settles how it ended; only the first time counts.
    pub(super) fn end(&mut self, ending: Ending) {
        if !self.settled {
            self.settled = true;
            self.access.ending = ending;
        }
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.access.took = self.began.elapsed();
        self.events.send(Event::Done(self.access.clone()), self.room.take());
    }
}

fn path(request: &Request<Incoming>) -> String {
    let uri = request.uri();
    uri.path_and_query().map_or_else(|| uri.to_string(), ToString::to_string)
}

fn protocol(version: Version) -> &'static str {
    match version {
        Version::HTTP_10 => "HTTP/1.0",
        Version::HTTP_2 => "HTTP/2",
        // This server speaks no other.
        _ => "HTTP/1.1",
    }
}
