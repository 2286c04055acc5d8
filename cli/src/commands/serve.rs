//! `joggle serve`: answer HTTP requests with a component. Serving is done in
//! `joggle-host`; here its address, its log and its end are put into words.

use std::net::{Ipv4Addr, SocketAddr, ToSocketAddrs};
use std::path::PathBuf;
use std::time::Duration;

use joggle_diag::{Report, visible};
use joggle_host::{
    Access, Ending, Event, Grants, RequestError, ServeError, ServeOptions, Server, Setup, Stopper,
    Stream, prepare,
};
use serde_json::json;

use super::run::cache::CacheArgs;
use super::run::grants::GrantArgs;
use super::run::limits::{LimitArgs, size, time};
use crate::exit::Outcome;
use crate::progress::duration;
use crate::render::Screen;

const EXAMPLES: &str = "\
Examples:
  joggle serve app.wasm
  joggle serve app.wasm --addr 127.0.0.1:0 --log json
  joggle serve proxy.wasm --allow-http api.example.com --timeout 5s --max-memory 64MiB

Every request gets an instance of its own, with the grants and the limits that
are given here: 30s and 512MiB unless said otherwise. The time counts from the
head of the request, waiting for its turn included. The address is printed on
standard output, the log on standard error. The first SIGINT or SIGTERM lets
requests that run finish, the second cuts them off; either way the exit status
is 0.";

/// How long a request may take if nothing is said.
const TIMEOUT: Duration = Duration::from_secs(30);

/// How much memory a request may use if nothing is said: strangers choose what is
/// asked, and one program that never has enough must not take the whole machine.
const MEMORY: u64 = 512 << 20;

/// How long the last lines of the log may take.
const LAST_LINES: Duration = Duration::from_secs(3);

/// Answer HTTP requests with a component.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The component to serve; `-` is standard input.
    file: PathBuf,

    /// Where to listen; port 0 is any free one.
    #[arg(long, value_name = "HOST:PORT", value_parser = place, default_value = "127.0.0.1:8080")]
    addr: SocketAddr,

    /// Handle so many requests at one time; more wait their turn.
    #[arg(long, value_name = "N", default_value_t = 128)]
    #[arg(value_parser = clap::value_parser!(u32).range(1..=100_000))]
    max_concurrent: u32,

    /// Refuse requests with a larger body, with status 413.
    #[arg(long, value_name = "SIZE", value_parser = size, default_value = "16MiB")]
    max_body: u64,

    /// Close connections whose next request has not come in this time, or whose
    /// client takes nothing of its answer for so long.
    #[arg(long, value_name = "TIME", value_parser = time, default_value = "10s")]
    header_timeout: Duration,

    /// Wait so long for running requests when stopped.
    #[arg(long, value_name = "TIME", value_parser = time, default_value = "10s")]
    grace: Duration,

    /// How to write the log, a line for each request.
    #[arg(long, value_enum, value_name = "text|json|none", hide_possible_values = true)]
    #[arg(default_value_t = Log::Text)]
    log: Log,

    #[command(flatten)]
    grants: GrantArgs,

    #[command(flatten)]
    limits: LimitArgs,

    #[command(flatten)]
    cache: CacheArgs,
}

/// How the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Log {
    /// For people.
    Text,
    /// Everything that happens as one object of JSON a line.
    Json,
    /// Not at all; what programs print and how they fail is shown all the same.
    None,
}

/// Runs the command.
pub fn run(args: Args, screen: &Screen) -> Outcome {
    let log = if screen.is_quiet() && args.log == Log::Text { Log::None } else { args.log };
    let mut limits = args.limits.limits();
    limits.timeout.get_or_insert(TIMEOUT);
    limits.memory.get_or_insert(MEMORY);
    let options = ServeOptions {
        address: args.addr,
        concurrent: usize::try_from(args.max_concurrent).unwrap_or(usize::MAX),
        body: args.max_body,
        header_timeout: args.header_timeout,
        grace: args.grace,
    };
    let grants = match args.grants.grants() {
        Ok(grants) => grants,
        Err(error) => {
            screen.diagnostic(&error);
            return Outcome::Unknown;
        }
    };
    let binary = match joggle_load::component(&args.file) {
        Ok(binary) => binary,
        Err(error) => {
            screen.diagnostic(&error);
            return Outcome::Unknown;
        }
    };
    let setup = Setup { limits, cache: args.cache.cache(), ..Setup::default() };
    let server = match server(&binary, &setup, grants, options, screen) {
        Ok(server) => server,
        Err(error) => {
            screen.diagnostic(&error);
            return Outcome::Unknown;
        }
    };
    screen.line(&format!("listening on http://{}", server.address()));
    if log == Log::Text {
        screen.note(&format!("serving {} through {}", binary.name, server.interface()));
    }
    leave_when_over(server.stopper());
    server.run(&mut |event| match log {
        Log::Text | Log::None => say(&event, log, screen),
        Log::Json => screen.note(&object(&event).to_string()),
    });
    Outcome::Yes
}

/// Ends the process when the server has ended and whoever should read the log does
/// not: a stopped server must not wait for that for ever.
fn leave_when_over(stopper: Stopper) {
    std::thread::spawn(move || {
        stopper.halted();
        std::thread::sleep(LAST_LINES);
        std::process::exit(0);
    });
}

fn server(
    binary: &joggle_load::Binary,
    setup: &Setup,
    grants: Grants,
    mut options: ServeOptions,
    screen: &Screen,
) -> Result<Server, ServeError> {
    let progress = screen.progress(&format!("compiling {}", binary.name));
    let prepared = prepare(&binary.name, &binary.bytes, setup, options.concurrent)?;
    drop(progress);
    if let Some(reason) = &prepared.without_pool {
        screen.detail(|| format!("note: no room is kept ready for instances: {reason}"));
    }
    if prepared.concurrent < options.concurrent {
        let (room, wanted) = (prepared.concurrent, options.concurrent);
        screen.note(&format!(
            "note: there is room for {room} requests at one time, not for {wanted}: each instance is large"
        ));
        options.concurrent = room;
    }
    Server::listen(prepared.program, grants, options)
}

/// Says what happened, for people.
fn say(event: &Event, log: Log, screen: &Screen) {
    match event {
        Event::Printed { request, stream, line } => {
            // What a client sends may end up in it, and a terminal must not obey that.
            screen.note(&format!("#{request} {}: {}", name(*stream), visible(line)));
        }
        Event::Failed { request, error } => {
            screen.diagnostic(&Numbered { request: *request, error });
        }
        Event::Denied { request, denied } => screen.note(&format!("#{request} {denied}")),
        Event::Done(access) if log == Log::Text => screen.note(&line(access)),
        Event::NotAccepted { reason } => {
            screen.note(&format!("a connection was not accepted: {reason}"));
        }
        Event::Stopping { .. } | Event::Stopped { .. } if screen.is_quiet() => {}
        Event::Stopping { running: 0 } => screen.note("stopping"),
        Event::Stopping { running } => {
            let requests = counted(*running);
            screen.note(&format!("stopping: {requests} to finish; a second signal cuts off"));
        }
        Event::Done(_) | Event::Stopped { abandoned: 0 } => {}
        Event::Stopped { abandoned } => {
            screen.note(&format!("stopped: {} cut off", counted(*abandoned)));
        }
    }
}

/// An error with the number of the request at which it happened.
#[derive(Debug, thiserror::Error)]
#[error("#{request}: {error}")]
struct Numbered<'a> {
    request: u64,
    error: &'a RequestError,
}

impl miette::Diagnostic for Numbered<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn std::fmt::Display + 'a>> {
        self.error.code()
    }

    fn help<'a>(&'a self) -> Option<Box<dyn std::fmt::Display + 'a>> {
        self.error.help()
    }
}

fn counted(requests: usize) -> String {
    if requests == 1 { "1 request".to_owned() } else { format!("{requests} requests") }
}

fn name(stream: Stream) -> &'static str {
    match stream {
        Stream::Stdout => "stdout",
        Stream::Stderr => "stderr",
    }
}

/// `#12 127.0.0.1:4711 GET /path 200, 15 bytes, 1.2 ms`.
fn line(access: &Access) -> String {
    let Access { request, peer, method, path, sent, took, .. } = access;
    let status = access.status.map_or_else(|| "no answer".to_owned(), |s| s.to_string());
    let ending = match access.ending {
        Ending::Whole => "",
        Ending::BrokenOff => ", broken off",
        Ending::Left => ", the client left",
    };
    let took = duration(*took);
    let path = visible(path);
    format!("#{request} {peer} {method} {path} {status}, {sent} bytes, {took}{ending}")
}

/// What happened, as data.
fn object(event: &Event) -> serde_json::Value {
    match event {
        Event::Printed { request, stream, line } => json!({
            "event": "printed", "request": request, "stream": name(*stream), "line": line,
        }),
        Event::Failed { request, error } => failure(*request, error),
        Event::Denied { request, denied } => json!({
            "event": "denied",
            "request": request,
            "what": denied.what,
            "import": denied.import,
            "remedy": denied.remedy,
        }),
        Event::Done(access) => json!({
            "event": "done",
            "request": access.request,
            "peer": access.peer.to_string(),
            "method": access.method,
            "path": access.path,
            "protocol": access.protocol,
            "status": access.status,
            "bytes": access.sent,
            "microseconds": u64::try_from(access.took.as_micros()).unwrap_or(u64::MAX),
            "ending": match access.ending {
                Ending::Whole => "whole",
                Ending::BrokenOff => "broken-off",
                Ending::Left => "left",
            },
        }),
        Event::NotAccepted { reason } => json!({ "event": "not-accepted", "reason": reason }),
        Event::Stopping { running } => json!({ "event": "stopping", "running": running }),
        Event::Stopped { abandoned } => json!({ "event": "stopped", "abandoned": abandoned }),
    }
}

fn failure(request: u64, error: &RequestError) -> serde_json::Value {
    let report = Report::of(error);
    json!({
        "event": "failed",
        "request": request,
        "code": report.code,
        "message": report.message,
        "help": report.help,
    })
}

/// Reads where to listen: `127.0.0.1:8080`, `[::1]:8080`, `localhost:8080`, `:8080` or `8080`.
fn place(text: &str) -> Result<SocketAddr, String> {
    let wrong = || "a place to listen is written 127.0.0.1:8080, [::1]:8080 or :8080".to_owned();
    let port = text.strip_prefix(':').unwrap_or(text);
    if let Ok(port) = port.parse::<u16>() {
        return Ok((Ipv4Addr::LOCALHOST, port).into());
    }
    if let Ok(address) = text.parse() {
        return Ok(address);
    }
    let mut found = text.to_socket_addrs().map_err(|_| wrong())?;
    found.next().ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_addresses_or_ports_of_this_machine() {
        let home: SocketAddr = ([127, 0, 0, 1], 80).into();
        assert_eq!(place("127.0.0.1:80"), Ok(home));
        assert_eq!(place(":80"), Ok(home));
        assert_eq!(place("80"), Ok(home));
        assert_eq!(place("[::1]:0").map(|a| a.port()), Ok(0));
        for wrong in ["", ":", "127.0.0.1", "127.0.0.1:99999", "::1:x"] {
            assert!(place(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_line_of_the_log_says_how_it_ended() {
        let access = Access {
            request: 12,
            peer: ([127, 0, 0, 1], 4711).into(),
            method: "GET".to_owned(),
            path: "/a?b".to_owned(),
            protocol: "HTTP/1.1",
            status: Some(200),
            sent: 15,
            took: Duration::from_micros(1_234),
            ending: Ending::Whole,
        };
        assert_eq!(line(&access), "#12 127.0.0.1:4711 GET /a?b 200, 15 bytes, 1.2 ms");
        let forged = Access { path: "/\u{9b}2J".to_owned(), ..access.clone() };
        assert!(!line(&forged).contains('\u{9b}'), "{}", line(&forged));
        let left = Access { status: None, sent: 0, ending: Ending::Left, ..access };
        assert_eq!(
            line(&left),
            "#12 127.0.0.1:4711 GET /a?b no answer, 0 bytes, 1.2 ms, the client left"
        );
    }
}
