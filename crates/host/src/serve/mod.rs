//! Serving HTTP: each request that comes in is handled by an instance of its own
//! of a component that exports `wasi:http/handler@0.3` or
//! `wasi:http/incoming-handler@0.2`. No instance outlives its request, so nothing
//! of one client is ever seen by another.
//!
//! Left to others: what a program may do (`grants`, `gate`), what it may use
//! (`limits`), and printing what happens, which the caller hears as [`Event`]s.

mod accept;
mod body;
mod error;
mod event;
mod guest;
mod output;
mod pool;
mod pulse;
mod request;
mod runtime;
mod ticket;

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use joggle_diag::quoted_list;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::{Semaphore, watch};
use wasmtime::Store;
use wasmtime_wasi_http::p2::bindings::ProxyPre;
use wasmtime_wasi_http::p3::bindings::ServicePre;

pub use error::{RequestError, ServeError};
pub use event::{Access, Ending, Event, Stream};
pub use pool::{Pool, Prepared, prepare};

use crate::call::refusals;
use crate::engine::Program;
use crate::exports::{callables, command_entry, track, unversioned};
use crate::grants::Grants;
use crate::keyvalue::KeyValue;
use crate::link::link;
use crate::run::listing;
use crate::state::State;
use crate::trap::last_words;
use accept::{Phase, accept};
use event::{Events, Message};
use guest::Handler;

/// How a server behaves. What one request may use are the program's limits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServeOptions {
    /// Where to listen; port 0 lets the system choose.
    pub address: SocketAddr,
    /// Requests that are handled at one time; more wait. At least 1.
    pub concurrent: usize,
    /// Bytes of a request's body.
    pub body: u64,
    /// How long a client may take for a request's head, and between requests.
    pub header_timeout: Duration,
    /// How long running requests are waited for when the server is stopped.
    pub grace: Duration,
}

/// What the threads of a server share.
struct Shared {
    program: Program,
    grants: Grants,
    handler: Handler,
    options: ServeOptions,
    address: SocketAddr,
    slots: Arc<Semaphore>,
    events: Events,
    numbers: AtomicU64,
    /// The stores of `wasi:keyvalue`, which all requests have in common.
    keyvalue: KeyValue,
    /// What was refused so far and told, in words.
    told: Mutex<BTreeSet<String>>,
}

/// Refusals that are told; a program that asks for something else each time needs no more.
const TOLD: usize = 200;

impl Shared {
    /// Tells what the program was refused at a request, unless it was told before.
    fn tell_refusals(&self, request: u64, store: &Store<State>) {
        let refused = store.data().gate.asked().refused.len();
        // The folders and variables that most programs ask for come after what was refused.
        for denied in refusals(&self.program, &self.grants, store).into_iter().take(refused) {
            let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
            if told.len() < TOLD && told.insert(denied.to_string()) {
                self.events.send(Event::Denied { request, denied }, None);
            }
        }
    }
}

/// A server that listens. Clients can connect, but nobody answers until it is run.
pub struct Server {
    runtime: Runtime,
    listener: TcpListener,
    interrupted: Signal,
    terminated: Signal,
    stopper: Stopper,
    handler: Handler,
    interface: String,
    program: Program,
    grants: Grants,
    options: ServeOptions,
    address: SocketAddr,
}

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (program, address) = (&self.program, &self.address);
        f.debug_struct("Server")
            .field("program", program)
            .field("address", address)
            .finish_non_exhaustive()
    }
}

/// Stops a server from another thread.
#[derive(Clone, Debug)]
pub struct Stopper(watch::Sender<Phase>);

impl Stopper {
    /// The first call lets requests that run finish, the second cuts them off.
    pub fn stop(&self) {
        self.0.send_modify(|phase| {
            *phase = match phase {
                Phase::Serving => Phase::Stopping,
                Phase::Stopping | Phase::Halted => Phase::Halted,
            }
        });
    }

    /// Blocks until nothing is waited for any more, the program's requests least of all.
    pub fn halted(&self) {
        let mut phase = self.0.subscribe();
        // Nothing but a change is waited for, so this needs neither clock nor sockets.
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        if let Ok(runtime) = runtime {
            // The sender lives as long as this, so waiting does not fail.
            let _ = runtime.block_on(phase.wait_for(|phase| *phase == Phase::Halted));
        }
    }
}

impl Server {
    /// Takes a program's handler and begins to listen. From here on, the first
    /// SIGINT or SIGTERM stops the server, and the second cuts off what still runs.
    pub fn listen(
        program: Program,
        grants: Grants,
        options: ServeOptions,
    ) -> Result<Server, ServeError> {
        let (handler, interface) = handler(&program)?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .thread_name("joggle serve")
            .enable_all()
            .build()
            .map_err(|error| ServeError::engine(&error))?;
        let failed = |error| ServeError::address(options.address, &error);
        let listener = runtime.block_on(TcpListener::bind(options.address)).map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let inside = runtime.enter();
        let hear = |kind| signal(kind).map_err(|error| ServeError::engine(&error));
        let interrupted = hear(SignalKind::interrupt())?;
        let terminated = hear(SignalKind::terminate())?;
        drop(inside);
        let stopper = Stopper(watch::Sender::new(Phase::Serving));
        Ok(Server {
            runtime,
            listener,
            interrupted,
            terminated,
            stopper,
            handler,
            interface,
            program,
            grants,
            options,
            address,
        })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The interface through which the program gets requests.
    #[must_use]
    pub fn interface(&self) -> &str {
        &self.interface
    }

    /// A handle that stops it.
    #[must_use]
    pub fn stopper(&self) -> Stopper {
        self.stopper.clone()
    }

    /// Serves until it is stopped. Everything that happens is told to `on`, on this thread.
    pub fn run(self, on: &mut dyn FnMut(Event)) {
        let (events, mut messages) = Events::channel();
        let shared = Arc::new(Shared {
            keyvalue: KeyValue::new(self.grants.keyvalue.clone()),
            program: self.program,
            grants: self.grants,
            handler: self.handler,
            address: self.address,
            slots: Arc::new(Semaphore::new(self.options.concurrent)),
            options: self.options,
            events,
            numbers: AtomicU64::new(0),
            told: Mutex::default(),
        });
        let (mut interrupted, mut terminated) = (self.interrupted, self.terminated);
        let phase = self.stopper.0.subscribe();
        let (stopper, over) = (self.stopper.clone(), self.stopper);
        self.runtime.spawn(async move {
            loop {
                tokio::select! {
                    _ = interrupted.recv() => stopper.stop(),
                    _ = terminated.recv() => stopper.stop(),
                }
            }
        });
        let listener = self.listener;
        self.runtime.spawn(async move {
            accept(listener, shared, phase).await;
            over.0.send_replace(Phase::Halted);
        });
        while let Some(Message::Event(event, room)) = messages.blocking_recv() {
            on(*event);
            drop(room);
        }
        // What computes gives way at the next tick; nobody waits for it.
        self.runtime.shutdown_background();
    }
}

/// The handler that a program exports, of the newest WASI that it is exported for.
fn handler(program: &Program) -> Result<(Handler, String), ServeError> {
    let component = program.component.component_type();
    let callables = callables(&component, &program.engine);
    let exported = |interface: &str, wanted: &str| {
        let handles = callables.iter().filter(|c| c.name == "handle");
        handles.filter_map(|c| c.interface.as_deref()).find_map(|name| {
            let fits = unversioned(name) == interface && track(name).as_deref() == Some(wanted);
            fits.then(|| name.to_owned())
        })
    };
    let linked = link(program)?;
    let failed = |error: wasmtime::Error| ServeError::engine(&last_words(&error));
    if let Some(name) = exported("wasi:http/handler", "0.3") {
        return Ok((Handler::Service(ServicePre::new(linked).map_err(failed)?), name));
    }
    if let Some(name) = exported("wasi:http/incoming-handler", "0.2") {
        return Ok((Handler::Incoming(ProxyPre::new(linked).map_err(failed)?), name));
    }
    let name = program.name.clone();
    let mut help = Vec::new();
    let others: Vec<&str> = callables
        .iter()
        .filter_map(|c| c.interface.as_deref())
        .filter(|i| ["wasi:http/handler", "wasi:http/incoming-handler"].contains(&unversioned(i)))
        .collect();
    if !others.is_empty() {
        let others = quoted_list(others);
        help.push(format!("it exports {others}, of a version that this host does not have"));
    } else if command_entry(&callables).is_some() {
        help.push(format!("it is a command: joggle run {name}"));
    } else if callables.is_empty() {
        help.push("it exports no function at all".to_owned());
    } else {
        help.push("it exports:".to_owned());
        help.extend(listing(&callables));
    }
    help.push(
        "build it for the world `wasi:http/service@0.3.0` or `wasi:http/proxy@0.2.0`, or compose it with a component that exports a handler"
            .to_owned(),
    );
    Err(ServeError::NotAServer { name, help: help.join("\n") })
}
