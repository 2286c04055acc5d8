//! One request inside the program: an instance of its own, the call of its
//! handler, and what the program does after it has answered. What becomes of the
//! answer is left to `request`.

use std::future::poll_fn;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use hyper::{Request, Response};
use tokio::sync::{OwnedSemaphorePermit, oneshot};
use tokio::task::JoinHandle;
use wasmtime::Store;
use wasmtime_wasi_http::p2::bindings::ProxyPre;
use wasmtime_wasi_http::p2::bindings::http::types::Scheme;
use wasmtime_wasi_http::p3::Request as Request3;
use wasmtime_wasi_http::p3::bindings::ServicePre;
use wasmtime_wasi_http::{WasiBody, WasiHttpView as _};

use super::Shared;
use super::body::Limited;
use super::error::RequestError;
use super::event::{Event, Stream};
use super::output::Printer;
use super::pulse::Busy;
use crate::call::{failed, refusals};
use crate::executor::within;
use crate::limits::{Deadline, TimeIsOver};
use crate::state::{State, Stdio, store};

/// The program's handler, ready for instances.
pub(super) enum Handler {
    /// `wasi:http/incoming-handler@0.2`.
    Incoming(ProxyPre<State>),
    /// `wasi:http/handler@0.3`.
    Service(ServicePre<State>),
}

/// The program's answer: a response, or the name of an error code.
pub(super) type Answer = Result<Response<WasiBody>, String>;

/// A request and what is needed to handle it.
pub(super) struct Job {
    pub number: u64,
    pub request: Request<Limited>,
    pub deadline: Option<Deadline>,
    pub answer: oneshot::Sender<Answer>,
    /// Set when the program fails: what its answer still lacks will not come.
    pub broken: Arc<AtomicBool>,
    /// Comes when the answer's body was delivered or given up.
    pub delivered: oneshot::Receiver<()>,
    /// The right to have an instance.
    pub slot: OwnedSemaphorePermit,
    /// The client is worked for until this is done.
    pub busy: Busy,
}

/// How the program ended at a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ended {
    Returned,
    Failed,
    OutOfTime,
}

/// A request that is being handled. Dropped, it is stopped.
pub(super) struct Running(Option<JoinHandle<Ended>>);

impl Running {
    pub(super) fn start(shared: &Arc<Shared>, job: Job) -> Running {
        let shared = Arc::clone(shared);
        Running(Some(tokio::spawn(async move { run(&shared, job).await })))
    }

    /// Waits for its end.
    pub(super) async fn ended(mut self) -> Ended {
        match &mut self.0 {
            Some(task) => task.await.unwrap_or(Ended::Failed),
            None => Ended::Returned,
        }
    }

    /// Lets it go on by itself.
    pub(super) fn detach(mut self) {
        self.0 = None;
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(task) = &self.0 {
            task.abort();
        }
    }
}

/// Handles one request to the end, and reports if that failed.
async fn run(shared: &Shared, job: Job) -> Ended {
    let Job { number, request, deadline, answer, broken, delivered, slot, busy } = job;
    let printer = |stream| Printer::new(number, stream, &shared.events);
    let (stdout, stderr) = (printer(Stream::Stdout), printer(Stream::Stderr));
    let stdio = Stdio::new(move |context| {
        context.stdout(stdout).stderr(stderr);
    });
    let report = |error| shared.events.send(Event::Failed { request: number, error }, None);
    let mut store = match store(&shared.program, &shared.grants, &[], stdio) {
        Ok(store) => store,
        Err(error) => {
            report(RequestError::Program(Box::new(error)));
            return Ended::Failed;
        }
    };
    // Time spent waiting for a slot counts too.
    store.data_mut().deadline = deadline;
    store.data_mut().keyvalue = shared.keyvalue.again();
    let driven = match &shared.handler {
        Handler::Incoming(handler) => {
            within(deadline, incoming(&mut store, handler, request, answer)).await
        }
        Handler::Service(handler) => {
            within(deadline, service(&mut store, handler, request, answer, delivered)).await
        }
    };
    let ended = match driven {
        Ok(()) => {
            shared.tell_refusals(number, &store);
            Ended::Returned
        }
        Err(error) => {
            // Before the store goes, and with it the other end of the body.
            broken.store(true, Ordering::Relaxed);
            let (error, ended) = failure(shared, &store, &error);
            report(error);
            ended
        }
    };
    drop(store);
    // Only now is there room for another.
    drop((slot, busy));
    ended
}

/// What an error means, in words and for the client.
fn failure(
    shared: &Shared,
    store: &Store<State>,
    error: &wasmtime::Error,
) -> (RequestError, Ended) {
    let name = &shared.program.name;
    let denied = refusals(&shared.program, &shared.grants, store);
    let ended = if error.is::<TimeIsOver>() { Ended::OutOfTime } else { Ended::Failed };
    match failed(&shared.program, store, error, &denied) {
        Ok(status) => (RequestError::Exit { name: name.clone(), status }, ended),
        Err(error) => (RequestError::Program(Box::new(error)), ended),
    }
}

async fn incoming(
    store: &mut Store<State>,
    handler: &ProxyPre<State>,
    request: Request<Limited>,
    answer: oneshot::Sender<Answer>,
) -> wasmtime::Result<()> {
    let instance = handler.instantiate_async(&mut *store).await?;
    let mut http = store.data_mut().http();
    let request = http.new_incoming_request(Scheme::Http, request)?;
    let out = http.new_response_outparam_from_callback(move |response| {
        // If nobody waits for it any more, nobody misses it.
        let _ = answer.send(response.map_err(|code| spelled(&code)));
    })?;
    instance.wasi_http_incoming_handler().call_handle(&mut *store, request, out).await?;
    // A part of the program that speaks 0.3 may have tasks that go on.
    store
        .run_concurrent(async |accessor| {
            poll_fn(|cx| accessor.poll_no_interesting_tasks(cx)).await;
        })
        .await
}

async fn service(
    store: &mut Store<State>,
    handler: &ServicePre<State>,
    request: Request<Limited>,
    answer: oneshot::Sender<Answer>,
    delivered: oneshot::Receiver<()>,
) -> wasmtime::Result<()> {
    let instance = handler.instantiate_async(&mut *store).await?;
    let hooks = store.data_mut().http().hooks;
    let (request, received) = Request3::from_http(hooks, request);
    store
        .run_concurrent(async |accessor| {
            let response = match instance.handle(accessor, request).await? {
                Ok(response) => response,
                Err(code) => {
                    let _ = answer.send(Err(spelled(&code)));
                    return Ok(());
                }
            };
            let response = accessor.with(|store| response.into_http(store, received))?;
            if answer.send(Ok(response)).is_ok() {
                // A body that the program only passes through is moved by this
                // store, even when all of the program's own tasks have ended.
                let _ = delivered.await;
            }
            poll_fn(|cx| accessor.poll_no_interesting_tasks(cx)).await;
            Ok(())
        })
        .await?
}

/// The name of an error code with what it carries.
fn spelled(code: &impl std::fmt::Debug) -> String {
    let text = format!("{code:?}");
    text.strip_prefix("ErrorCode::").unwrap_or(&text).to_owned()
}
