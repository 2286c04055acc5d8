//! One request outside of the program: its limits, the wait for a slot, and the
//! status that a client gets when there is no answer of the program's own.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::{Body as _, Incoming};
use hyper::header::{CONTENT_LENGTH, CONTENT_TYPE, HOST, HeaderValue, RETRY_AFTER};
use hyper::http::uri::{Authority, PathAndQuery, Scheme};
use hyper::{Method, Request, Response, StatusCode, Uri, Version};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use wasmtime_wasi_http::WasiBody;

use super::Shared;
use super::body::{Delivered, Limited, Promised, Work};
use super::error::RequestError;
use super::event::Event;
use super::guest::{Ended, Job, Running};
use super::pulse::{Busy, Pulse};
use super::ticket::Ticket;
use crate::limits::Deadline;

/// Why there is no answer of the program's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Refusal {
    /// The request cannot be told to the program.
    Malformed,
    /// It asks for a tunnel, which no program can give.
    Tunnel,
    /// Its body is over the limit.
    TooLarge,
    /// No slot became free in time.
    Busy,
    /// The program failed, or did not answer.
    Failed,
    /// The program's time was over.
    OutOfTime,
}

impl Refusal {
    fn status(self) -> StatusCode {
        match self {
            Refusal::Malformed => StatusCode::BAD_REQUEST,
            Refusal::Tunnel => StatusCode::NOT_IMPLEMENTED,
            Refusal::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Refusal::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Refusal::Failed => StatusCode::INTERNAL_SERVER_ERROR,
            Refusal::OutOfTime => StatusCode::GATEWAY_TIMEOUT,
        }
    }

    /// What the client is told. Why a program failed is for the log alone.
    fn words(self) -> &'static str {
        match self {
            Refusal::Malformed => "the request has no usable host or path\n",
            Refusal::Tunnel => "this server makes no tunnels\n",
            Refusal::TooLarge => "the request's body is too large\n",
            Refusal::Busy => "the server is busy\n",
            Refusal::Failed => "the program failed\n",
            Refusal::OutOfTime => "the program took too long\n",
        }
    }

    fn response(self) -> Response<WasiBody> {
        let body = Full::new(Bytes::from_static(self.words().as_bytes()));
        let mut response = Response::new(body.map_err(|never| match never {}).boxed_unsync());
        *response.status_mut() = self.status();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
        if self == Refusal::Busy {
            headers.insert(RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}

/// Who asks.
#[derive(Clone, Debug)]
pub(super) struct Client {
    /// From where.
    pub peer: SocketAddr,
    /// What happens on the connection.
    pub pulse: Arc<Pulse>,
}

/// Answers one request.
pub(super) async fn handle(
    shared: Arc<Shared>,
    client: Client,
    request: Request<Incoming>,
) -> Result<Response<Delivered>, Infallible> {
    let busy = client.pulse.request();
    let number = shared.numbers.fetch_add(1, Ordering::Relaxed) + 1;
    let mut ticket = Ticket::new(&shared.events, number, client.peer, &request).await;
    let head_only = request.method() == Method::HEAD;
    let (response, work) = match answer(&shared, &ticket, request, busy).await {
        Ok((response, work)) => (response, Some(work)),
        Err(refusal) => (refusal.response(), None),
    };
    let status = response.status();
    ticket.answered(status.as_u16());
    let promised = promised(&response, head_only);
    Ok(response.map(|body| Delivered::new(body, ticket, promised, work)))
}

fn promised(response: &Response<WasiBody>, head_only: bool) -> Promised {
    let silent = [StatusCode::NO_CONTENT, StatusCode::NOT_MODIFIED];
    if head_only || silent.contains(&response.status()) {
        return Promised::Nothing;
    }
    let told = response.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    let told = told.and_then(|length| length.parse().ok());
    told.or(response.body().size_hint().exact()).map_or(Promised::SomeEnd, Promised::Bytes)
}

async fn answer(
    shared: &Arc<Shared>,
    ticket: &Ticket,
    request: Request<Incoming>,
    busy: Busy,
) -> Result<(Response<WasiBody>, Work), Refusal> {
    allowed(&request, shared.options.body)?;
    let deadline = shared.program.limits.timeout.and_then(|allowed| {
        let at = ticket.began().checked_add(allowed)?;
        Some(Deadline { at, allowed })
    });
    let request = complete(request, shared.address).ok_or(Refusal::Malformed)?;
    let slot = slot(&shared.slots, deadline).await?;
    let (head, body) = request.into_parts();
    let (body, too_large) = Limited::new(body, shared.options.body);
    let (answer, answered) = oneshot::channel();
    let (delivered, delivery) = oneshot::channel();
    let broken = Arc::new(AtomicBool::new(false));
    let job = Job {
        number: ticket.number(),
        request: Request::from_parts(head, body),
        deadline,
        answer,
        broken: Arc::clone(&broken),
        delivered: delivery,
        slot,
        busy: busy.clone(),
    };
    let running = Running::start(shared, job);
    let answered = answered.await;
    if is_set(&too_large) {
        return Err(Refusal::TooLarge);
    }
    match answered {
        Ok(Ok(response)) => Ok((response, Work { running, broken, too_large, delivered })),
        Ok(Err(error)) => {
            let name = shared.program.name.clone();
            report(shared, ticket, RequestError::ErrorResponse { name, error });
            running.detach();
            Err(Refusal::Failed)
        }
        Err(_) => {
            // Nothing will be delivered.
            drop(delivered);
            match running.ended().await {
                Ended::OutOfTime => Err(Refusal::OutOfTime),
                Ended::Failed => Err(Refusal::Failed),
                Ended::Returned => {
                    let name = shared.program.name.clone();
                    report(shared, ticket, RequestError::NoResponse { name });
                    Err(Refusal::Failed)
                }
            }
        }
    }
}

/// Refuses what its head alone forbids.
fn allowed(request: &Request<Incoming>, largest: u64) -> Result<(), Refusal> {
    if request.method() == Method::CONNECT {
        return Err(Refusal::Tunnel);
    }
    if request.body().size_hint().lower() > largest {
        return Err(Refusal::TooLarge);
    }
    Ok(())
}

fn is_set(flag: &AtomicBool) -> bool {
    flag.load(Ordering::Relaxed)
}

fn report(shared: &Shared, ticket: &Ticket, error: RequestError) {
    shared.events.send(Event::Failed { request: ticket.number(), error }, None);
}

/// The right to an instance, as soon as there is one.
async fn slot(
    slots: &Arc<Semaphore>,
    deadline: Option<Deadline>,
) -> Result<OwnedSemaphorePermit, Refusal> {
    let free = Arc::clone(slots).acquire_owned();
    let taken = match deadline {
        Some(deadline) => match tokio::time::timeout_at(deadline.at.into(), free).await {
            Ok(taken) => taken,
            Err(_) => return Err(Refusal::Busy),
        },
        None => free.await,
    };
    // The slots are closed only when the server is.
    taken.map_err(|_| Refusal::Busy)
}

/// The request with an absolute address, as WASI wants it: programs ask for the
/// scheme and the authority. A client of HTTP/1.0 need not name a host; one of 1.1
/// must name one (RFC 9112, 3.2).
fn complete(mut request: Request<Incoming>, address: SocketAddr) -> Option<Request<Incoming>> {
    let mut parts = std::mem::take(request.uri_mut()).into_parts();
    if parts.authority.is_some() && parts.scheme.is_none() {
        // `GET host`: only CONNECT names nothing but a host.
        return None;
    }
    let mut hosts = request.headers().get_all(HOST).iter();
    let (host, more) = (hosts.next(), hosts.next());
    if more.is_some() || (host.is_none() && request.version() == Version::HTTP_11) {
        return None;
    }
    if parts.authority.is_none() {
        parts.authority = Some(match host {
            Some(host) if !host.is_empty() => Authority::try_from(host.as_bytes()).ok()?,
            _ => Authority::try_from(address.to_string()).ok()?,
        });
    }
    parts.scheme = Some(Scheme::HTTP);
    parts.path_and_query.get_or_insert_with(|| PathAndQuery::from_static("/"));
    *request.uri_mut() = Uri::from_parts(parts).ok()?;
    Some(request)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    #[test]
    fn who_waits_too_long_for_a_slot_is_told_to_come_again() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.expect("there is a runtime");
        let slots = Arc::new(Semaphore::new(1));
        let allowed = Duration::from_millis(20);
        let soon = || Some(Deadline { at: Instant::now() + allowed, allowed });
        let held = runtime.block_on(slot(&slots, soon())).expect("it is free");
        let refused = runtime.block_on(slot(&slots, soon())).expect_err("it is taken");
        let response = refused.response();
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(response.headers().get(RETRY_AFTER), Some(&HeaderValue::from_static("1")));
        drop(held);
        assert!(runtime.block_on(slot(&slots, soon())).is_ok());
    }
}
