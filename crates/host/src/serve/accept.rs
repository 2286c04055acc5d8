//! Connections: taking them, finding out which HTTP they speak, and letting them
//! go when the server stops. What a request is answered is left to `request`.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use wasmtime_wasi_http::io::TokioIo;

use super::Shared;
use super::event::Event;
use super::pulse::{Heard, Pulse};
use super::request::{Client, handle};
use super::runtime::{Spawner, Timer};

/// How far a server has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Phase {
    /// Requests are taken.
    #[default]
    Serving,
    /// Those that run are waited for.
    Stopping,
    /// Nothing is waited for.
    Halted,
}

/// Connections at one time; more wait in the system's queue.
const CONNECTIONS: usize = 4096;

/// The largest head of a request, in bytes.
const HEAD: usize = 64 * 1024;

/// Headers of one request.
const HEADERS: usize = 200;

/// After a refusal of the system's, such as too many open files.
const BREATH: Duration = Duration::from_millis(50);

/// Between two looks at a connection that has begun to speak.
const BLINK: Duration = Duration::from_millis(5);

/// How an HTTP/2 connection begins, as far as no HTTP/1 request does.
const PREFACE: [u8; 14] = *b"PRI * HTTP/2.0";

/// Takes connections until the phase changes, waits for them, and says that it is over.
pub(super) async fn accept(
    listener: TcpListener,
    shared: Arc<Shared>,
    mut phase: watch::Receiver<Phase>,
) {
    let room = Arc::new(Semaphore::new(CONNECTIONS));
    let mut connections = JoinSet::new();
    let mut refused = false;
    while *phase.borrow() == Phase::Serving {
        let next = async {
            let place = Arc::clone(&room).acquire_owned().await.ok();
            listener.accept().await.map(|(stream, peer)| (stream, peer, place))
        };
        let accepted = tokio::select! {
            accepted = next => accepted,
            changed = phase.changed() => if changed.is_ok() { continue } else { break },
        };
        match accepted {
            Ok((stream, peer, place)) => {
                refused = false;
                let (shared, phase) = (Arc::clone(&shared), phase.clone());
                connections.spawn(async move {
                    connection(stream, peer, shared, phase).await;
                    drop(place);
                });
            }
            Err(error) => {
                // Such refusals come in hundreds, and the first says it all.
                if !std::mem::replace(&mut refused, true) {
                    shared.events.send(Event::NotAccepted { reason: error.to_string() }, None);
                }
                tokio::time::sleep(BREATH).await;
            }
        }
        while connections.try_join_next().is_some() {}
    }
    // From here on, others may listen at the address.
    drop(listener);
    finish(&shared, connections, phase).await;
    shared.events.end();
}

/// Waits for what runs, within the grace and until the phase is the last.
async fn finish(shared: &Shared, mut connections: JoinSet<()>, mut phase: watch::Receiver<Phase>) {
    let all = u32::try_from(shared.options.concurrent).unwrap_or(u32::MAX);
    let running = || shared.options.concurrent.saturating_sub(shared.slots.available_permits());
    shared.events.send(Event::Stopping { running: running() }, None);
    let halted = async move {
        // If nobody can halt us any more, the grace alone counts.
        if phase.wait_for(|phase| *phase == Phase::Halted).await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    let done = async {
        while connections.join_next().await.is_some() {}
        // What programs do after their answers is waited for as well.
        let _ = shared.slots.acquire_many(all).await;
    };
    tokio::select! {
        () = done => {}
        () = halted => {}
        () = tokio::time::sleep(shared.options.grace) => {}
    }
    let abandoned = running();
    connections.shutdown().await;
    shared.events.send(Event::Stopped { abandoned }, None);
}

async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    shared: Arc<Shared>,
    mut phase: watch::Receiver<Phase>,
) {
    // Small answers must not wait for more.
    let _ = stream.set_nodelay(true);
    let patience = shared.options.header_timeout;
    let http2 = tokio::select! {
        spoken = tokio::time::timeout(patience, speaks_http2(&stream)) => spoken,
        _ = phase.changed() => return,
    };
    let Ok(Ok(http2)) = http2 else { return };
    let pulse = Arc::new(Pulse::default());
    let io = TokioIo::new(Heard::new(stream, Arc::clone(&pulse)));
    let client = Client { peer, pulse: Arc::clone(&pulse) };
    let service = service_fn(move |request: Request<Incoming>| {
        handle(Arc::clone(&shared), client.clone(), request)
    });
    // How a connection ends is the client's affair; what became of its requests is logged.
    if http2 {
        let connection = http2::Builder::new(Spawner)
            .timer(Timer)
            .max_header_list_size(u32::try_from(HEAD).unwrap_or(u32::MAX))
            .keep_alive_interval(patience)
            .serve_connection(io, service);
        let close = |connection: Pin<&mut http2::Connection<_, _, _>>| {
            connection.graceful_shutdown();
        };
        drive(connection, close, &pulse, patience, phase).await;
    } else {
        let connection = http1::Builder::new()
            .timer(Timer)
            .header_read_timeout(patience)
            .max_buf_size(HEAD)
            .max_headers(HEADERS)
            .serve_connection(io, service);
        let close = |connection: Pin<&mut http1::Connection<_, _>>| {
            connection.graceful_shutdown();
        };
        drive(connection, close, &pulse, patience, phase).await;
    }
}

/// Runs a connection to its end, or until nobody takes anything at its other end.
/// When the phase changes, it takes no further requests.
async fn drive<C: Future>(
    connection: C,
    close: impl Fn(Pin<&mut C>),
    pulse: &Pulse,
    patience: Duration,
    mut phase: watch::Receiver<Phase>,
) {
    let mut connection = std::pin::pin!(connection);
    let stalled = tokio::select! {
        _ = connection.as_mut() => return,
        () = pulse.stops(patience) => true,
        _ = phase.changed() => false,
    };
    close(connection.as_mut());
    if stalled {
        // A client of HTTP/2 that is only idle is told that this is the end.
        let _ = tokio::time::timeout(patience, connection).await;
    } else {
        tokio::select! {
            _ = connection => {}
            () = pulse.stops(patience) => {}
        }
    }
}

/// Whether a client begins with the preface of HTTP/2. Nothing is taken from it.
async fn speaks_http2(stream: &TcpStream) -> io::Result<bool> {
    let mut begun = [0; PREFACE.len()];
    loop {
        let count = stream.peek(&mut begun).await?;
        let begun = begun.get(..count).unwrap_or_default();
        if begun.is_empty() || !PREFACE.starts_with(begun) {
            return Ok(false);
        }
        if count == PREFACE.len() {
            return Ok(true);
        }
        // To look again at what is there takes no waiting, so wait.
        tokio::time::sleep(BLINK).await;
    }
}
