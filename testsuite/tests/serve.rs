//! `joggle serve` with real programs for `wasi:http` 0.2 and 0.3: what clients
//! get, what the log says, and that nothing one request does hurts another.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use joggle_testsuite::binary;
use joggle_testsuite::guests::Guests;
use joggle_testsuite::server::{Answer, Server};
use libtest_mimic::{Arguments, Failed, Trial};

/// A test, and its name.
type Case = (&'static str, fn(&Path) -> Result<()>);

const CASES: &[Case] = &[
    ("requests are answered", answers),
    ("what a program does after its answer is let be", afterwards),
    ("each request has an instance of its own", fresh),
    ("requests run side by side", side_by_side),
    ("requests beyond the slots wait, and not for ever", queue),
    ("bodies have a limit", bodies),
    ("what is no request for a program is refused", refused),
    ("stores are the server's", stores),
    ("a client that takes nothing is let go", slow_reader),
    ("a trap is one request's", trap),
    ("an answer that breaks off is seen to", broken_off),
    ("an answer that never comes is 500 or 504", silent),
    ("error codes and exits are 500", refusals),
    ("time is limited", time),
    ("memory and fuel are limited", memory_and_fuel),
    ("output has the number of its request", output),
    ("the log can be read by machines", json),
    ("a client that leaves ends its request", left),
    ("requests go out if granted", outgoing),
    ("the first signal lets requests finish", graceful),
    ("the second signal cuts them off", at_once),
    ("grace is limited", grace),
    ("a log that nobody reads does not hold it up", unread),
    ("connections are kept and slow ones closed", connections),
    ("HTTP/2 is understood", http2),
    ("an address in use is named", in_use),
];

fn main() -> Result<()> {
    let arguments = Arguments::from_args();
    let (mut trials, mut found) = (Vec::new(), Vec::new());
    let guests = Guests::find()?;
    for version in ["0.2", "0.3"] {
        let name = format!("http-rust-{version}");
        let path: Option<PathBuf> = guests.as_ref().and_then(|guests| guests.path(&name).ok());
        let Some(path) = path else {
            ensure!(std::env::var_os("CI").is_none(), "`{name}` was not built");
            let name = format!("skipped: no guest `{name}`, see `cargo xtask fixtures`");
            trials.push(Trial::test(name, || Ok(())).with_ignored_flag(true));
            continue;
        };
        found.push(path.clone());
        for (case, run) in CASES {
            let path = path.clone();
            let trial = move || run(&path).map_err(|e| Failed::from(format!("{e:#}")));
            trials.push(Trial::test(format!("{version}: {case}"), trial));
        }
    }
    if let [old, new] = found.as_slice() {
        let (old, new) = (old.clone(), new.clone());
        let trial = move || newest(&old, &new).map_err(|e| Failed::from(format!("{e:#}")));
        trials.push(Trial::test("of two handlers, the newer is asked", trial));
    }
    libtest_mimic::run(&arguments, trials).exit()
}

fn newest(old: &Path, new: &Path) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let both = folder.path().join("both.wasm");
    let mut compose = Command::new(binary::joggle()?);
    compose.arg("compose").arg(old).arg(new).args(["--root", "http-rust-0.2"]);
    compose.args(["--root", "http-rust-0.3", "--quiet", "-o"]).arg(&both);
    ensure!(compose.status()?.success(), "they were not composed");
    let server = Server::start(&both, &[])?;
    server.wait_for("through wasi:http/handler@0.3")?;
    is(&server.get("/")?, 200, "hello from 0.3\n")
}

fn is(answer: &Answer, status: u16, body: &str) -> Result<()> {
    ensure!(answer.status == status && answer.body == body, "{status} {body:?}, not {answer:?}");
    ensure!(answer.whole, "the end is missing: {answer:?}");
    Ok(())
}

/// The handler's version, out of the guest's name.
fn version(guest: &Path) -> &'static str {
    if guest.to_string_lossy().contains("0.2") { "0.2" } else { "0.3" }
}

fn answers(guest: &Path) -> Result<()> {
    let server = Server::start(guest, &["--env", "COLOUR=green"])?;
    let hello = format!("hello from {}\n", version(guest));
    is(&server.get("/")?, 200, &hello)?;
    is(&server.get("/nowhere")?, 404, "there is nothing here\n")?;
    is(&server.get("/env?COLOUR")?, 200, "green")?;
    is(&server.get("/stream?3")?, 200, "piece 0\npiece 1\npiece 2\n")?;
    let echo =
        "POST /echo HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\nconnection: close\r\n\r\nhello";
    is(&server.send(echo)?, 200, "hello")?;
    // A client of HTTP/1.0 names no host, and its answer ends with the connection.
    is(&server.send("GET / HTTP/1.0\r\n\r\n")?, 200, &hello)?;
    server.wait_for("#1 127.0.0.1:")?;
    server.wait_for(" GET /env?COLOUR 200, 5 bytes, ")
}

fn afterwards(guest: &Path) -> Result<()> {
    let server = Server::start(guest, &["--max-concurrent", "1"])?;
    let began = Instant::now();
    is(&server.get("/length")?, 200, "a word")?;
    ensure!(began.elapsed() < Duration::from_millis(1_500), "the client waited for nothing");
    server.wait_for("#1 stderr: after the answer")?;
    server.wait_for(" GET /length 200, 6 bytes, ")?;
    ensure!(!server.log().contains("the client left"), "{}", server.log());
    Ok(())
}

fn fresh(guest: &Path) -> Result<()> {
    let server = Server::start(guest, &[])?;
    is(&server.get("/count")?, 200, "1\n")?;
    is(&server.get("/count")?, 200, "1\n")
}

fn side_by_side(guest: &Path) -> Result<()> {
    let server = Arc::new(Server::start(guest, &[])?);
    let began = Instant::now();
    let clients: Vec<_> = (0..20)
        .map(|_| {
            let server = Arc::clone(&server);
            std::thread::spawn(move || server.get("/sleep?500"))
        })
        .collect();
    for client in clients {
        is(&client.join().ok().context("a client panicked")??, 200, "slept\n")?;
    }
    let took = began.elapsed();
    // One after the other they would take ten seconds.
    ensure!(took < Duration::from_secs(6), "it took {took:?}");
    Ok(())
}

fn queue(guest: &Path) -> Result<()> {
    let options = ["--max-concurrent", "1", "--timeout", "2s"];
    let server = Arc::new(Server::start(guest, &options)?);
    let first = Arc::clone(&server);
    let first = std::thread::spawn(move || first.get("/loop"));
    std::thread::sleep(Duration::from_millis(500));
    // It waits until the first one's time is over, which its own nearly is then.
    is(&server.get("/")?, 200, &format!("hello from {}\n", version(guest)))?;
    ensure!(first.join().ok().context("a client panicked")??.status == 504);
    let options = ["--max-concurrent", "1", "--timeout", "10s"];
    let server = Server::start(guest, &options)?;
    let mut held = server.connect()?;
    held.write_all(b"GET /sleep?9000 HTTP/1.1\r\nhost: a\r\n\r\n")?;
    std::thread::sleep(Duration::from_millis(300));
    // The slot comes free when the client leaves, long before nine seconds have passed.
    drop(held);
    let began = Instant::now();
    ensure!(server.get("/")?.status == 200);
    ensure!(began.elapsed() < Duration::from_secs(8), "the slot was not given back");
    Ok(())
}

fn bodies(guest: &Path) -> Result<()> {
    let server = Server::start(guest, &["--max-body", "100KiB"])?;
    is(&server.post("/size", 102_400)?, 200, "102400\n")?;
    is(&server.post_chunked("/size", 102_400)?, 200, "102400\n")?;
    let refused = "the request's body is too large\n";
    is(&server.post("/size", 102_401)?, 413, refused)?;
    is(&server.post_chunked("/size", 102_401)?, 413, refused)?;
    // An answer that has begun cannot be refused any more, but it must not look whole.
    let answer = server.post_chunked("/echo", 102_401)?;
    ensure!(answer.status == 413 || !answer.whole, "the client takes a part for the whole");
    Ok(())
}

fn refused(guest: &Path) -> Result<()> {
    let server = Server::start(guest, &[])?;
    for (head, status) in [
        ("GET / HTTP/1.1\r\nhost: a b", 400),
        ("GET / HTTP/1.1\r\nhost: a\r\nhost: b", 400),
        ("GET / HTTP/1.1\r\naccept: */*", 400),
        ("GET elsewhere HTTP/1.1\r\nhost: a", 400),
        ("CONNECT a:443 HTTP/1.1\r\nhost: a:443", 501),
    ] {
        let answer = server.send(&format!("{head}\r\nconnection: close\r\n\r\n"))?;
        ensure!(answer.status == status, "{head:?} is answered {answer:?}");
    }
    Ok(())
}

fn stores(guest: &Path) -> Result<()> {
    let server = Arc::new(Server::start(guest, &[])?);
    let ask = || {
        let server = Arc::clone(&server);
        std::thread::spawn(move || server.get("/visits"))
    };
    let clients: Vec<_> = (0..10).map(|_| ask()).collect();
    for client in clients {
        ensure!(client.join().ok().context("a client panicked")??.status == 200);
    }
    // Ten at one time were counted one by one.
    is(&server.get("/visits")?, 200, "Ok(11)\n")
}

fn slow_reader(guest: &Path) -> Result<()> {
    let server = Server::start(guest, &["--header-timeout", "500ms", "--timeout", "1s"])?;
    let mut stalled = server.connect()?;
    stalled.write_all(b"GET /big?256 HTTP/1.1\r\nhost: a\r\n\r\n")?;
    // The line is written when the connection is given up, and the client still holds it.
    server.wait_for(" GET /big?256 200, ")?;
    drop(stalled);
    // A client that takes its answer gets it, however large it is.
    let server = Server::start(guest, &["--header-timeout", "500ms"])?;
    let answer = server.get("/big?64")?;
    ensure!(answer.whole && answer.body.len() == 64 << 20, "{} bytes", answer.body.len());
    Ok(())
}

fn trap(guest: &Path) -> Result<()> {
    let server = Server::start(guest, &[])?;
    is(&server.get("/trap")?, 500, "the program failed\n")?;
    ensure!(server.get("/")?.status == 200, "the server did not survive");
    server.wait_for("#1 stderr: this path panics")?;
    server.wait_for("host::trap")?;
    server.wait_for("× #1: ")?;
    server.wait_for("::give_up`")?;
    server.wait_for(" GET /trap 500, 19 bytes, ")
}

fn broken_off(guest: &Path) -> Result<()> {
    let server = Server::start(guest, &[])?;
    let answer = server.get("/trap-late")?;
    ensure!(answer.status == 200 && answer.body == "the beginning", "{answer:?}");
    ensure!(!answer.whole, "the client takes the beginning for the whole");
    server.wait_for("host::trap")?;
    server.wait_for(", broken off")
}

fn silent(guest: &Path) -> Result<()> {
    let server = Server::start(guest, &["--timeout", "1s"])?;
    if version(guest) == "0.2" {
        is(&server.get("/silent")?, 500, "the program failed\n")?;
        server.wait_for("host::no-response")
    } else {
        is(&server.get("/silent")?, 504, "the program took too long\n")?;
        server.wait_for("host::time-is-over")
    }
}

fn refusals(guest: &Path) -> Result<()> {
    let server = Server::start(guest, &[])?;
    is(&server.get("/refuse")?, 500, "the program failed\n")?;
    server.wait_for("host::error-response")?;
    server.wait_for("HttpRequestDenied")?;
    is(&server.get("/exit")?, 500, "the program failed\n")?;
    server.wait_for("host::exit-while-serving")
}

fn time(guest: &Path) -> Result<()> {
    let server = Server::start(guest, &["--timeout", "500ms"])?;
    let late = "the program took too long\n";
    is(&server.get("/loop")?, 504, late)?;
    is(&server.get("/sleep?60000")?, 504, late)?;
    // An answer that has begun cannot get another status.
    let answer = server.get("/stream?1000")?;
    ensure!(answer.status == 200 && !answer.whole, "{answer:?}");
    server.wait_for("host::time-is-over")?;
    ensure!(server.get("/")?.status == 200, "the server did not survive");
    Ok(())
}

fn memory_and_fuel(guest: &Path) -> Result<()> {
    let server = Server::start(guest, &["--max-memory", "20MiB"])?;
    is(&server.get("/memory")?, 500, "the program failed\n")?;
    server.wait_for("host::out-of-memory")?;
    ensure!(server.get("/")?.status == 200, "the server did not survive");
    let server = Server::start(guest, &["--fuel", "50000000"])?;
    is(&server.get("/loop")?, 500, "the program failed\n")?;
    server.wait_for("host::out-of-fuel")?;
    ensure!(server.get("/")?.status == 200, "each request has its own fuel");
    Ok(())
}

fn output(guest: &Path) -> Result<()> {
    let server = Server::start(guest, &["--log", "none"])?;
    server.get("/")?;
    server.get("/print")?;
    server.wait_for("#2 stdout: a line on stdout\n")?;
    server.wait_for("#2 stderr: a line on stderr\n")?;
    ensure!(!server.log().contains("GET"), "{}", server.log());
    // A line that never ends is shown in pieces, and none is lost.
    server.get("/flood?4")?;
    server.get("/print")?;
    server.wait_for("#4 stderr: a line on stderr\n")?;
    ensure!(server.log().matches('~').count() == 4 << 20, "some of it is missing");
    Ok(())
}

fn json(guest: &Path) -> Result<()> {
    let server = Server::start(guest, &["--log", "json"])?;
    for path in ["/print", "/trap", "/fetch?127.0.0.1:9/"] {
        server.get(path)?;
    }
    server.wait_for("\"/fetch?127.0.0.1:9/\"")?;
    server.signal("INT")?;
    let (status, log) = server.ended()?;
    ensure!(status.success(), "{status}");
    let mut events = Vec::new();
    for line in log.lines() {
        let event: serde_json::Value = serde_json::from_str(line).context(line.to_owned())?;
        events.push(event["event"].as_str().context("its kind")?.to_owned());
        if event["event"] == "done" && event["path"] == "/trap" {
            ensure!(event["status"] == 500 && event["bytes"] == 19, "{line}");
        }
        if event["event"] == "failed" {
            ensure!(event["code"] == "host::trap" && event["request"] == 2, "{line}");
        }
    }
    for kind in ["printed", "failed", "denied", "done", "stopping", "stopped"] {
        ensure!(events.iter().any(|event| event == kind), "no `{kind}` in\n{log}");
    }
    Ok(())
}

fn left(guest: &Path) -> Result<()> {
    let server = Server::start(guest, &[])?;
    for path in ["/sleep?60000", "/loop"] {
        let mut stream = server.connect()?;
        write!(stream, "GET {path} HTTP/1.1\r\nhost: a\r\n\r\n")?;
        std::thread::sleep(Duration::from_millis(300));
        drop(stream);
        let wanted = format!(" GET {path} no answer, 0 bytes, ");
        server.wait_for(&wanted)?;
    }
    server.wait_for(", the client left")?;
    // What was cut off computes no more: nothing is left to wait for.
    server.signal("TERM")?;
    let (status, log) = server.ended()?;
    ensure!(status.success() && !log.contains("cut off"), "{status}\n{log}");
    Ok(())
}

fn outgoing(guest: &Path) -> Result<()> {
    let behind = Server::start(guest, &[])?;
    let place = behind.address();
    let refused = Server::start(guest, &[])?;
    let answer = refused.get(&format!("/fetch?{place}/"))?;
    ensure!(answer.status == 502 && answer.body.contains("HttpRequestDenied"), "{answer:?}");
    refused.wait_for(&format!("grant it with --allow-http {place}"))?;
    let granted = Server::start(guest, &["--allow-http", &place.to_string()])?;
    is(&granted.get(&format!("/fetch?{place}/stream?2"))?, 200, "piece 0\npiece 1\n")?;
    // One server asks itself, with both requests running at one time.
    let both = Server::start(guest, &["--allow-http", "127.0.0.1"])?;
    let hello = format!("hello from {}\n", version(guest));
    is(&both.get(&format!("/fetch?{}/", both.address()))?, 200, &hello)
}

/// A request that takes a while, from another thread.
fn asking(server: &Server, path: &str) -> Result<std::thread::JoinHandle<Result<Answer>>> {
    let mut stream = server.connect()?;
    write!(stream, "GET {path} HTTP/1.1\r\nhost: a\r\n\r\n")?;
    // The signal must not be faster than the request.
    std::thread::sleep(Duration::from_millis(300));
    Ok(std::thread::spawn(move || Answer::read(&mut stream)))
}

fn answered(client: std::thread::JoinHandle<Result<Answer>>) -> Result<Answer> {
    client.join().ok().context("a client panicked")?
}

fn graceful(guest: &Path) -> Result<()> {
    let server = Server::start(guest, &[])?;
    let idle = server.connect()?;
    let client = asking(&server, "/sleep?2000")?;
    server.signal("TERM")?;
    server.wait_for("stopping: 1 request to finish")?;
    ensure!(server.get("/").is_err(), "new connections are still taken");
    is(&answered(client)?, 200, "slept\n")?;
    let (status, log) = server.ended()?;
    ensure!(status.success() && !log.contains("cut off\n"), "{status}\n{log}");
    drop(idle);
    Ok(())
}

fn at_once(guest: &Path) -> Result<()> {
    let server = Server::start(guest, &["--grace", "50s"])?;
    let began = Instant::now();
    let (sleeping, computing) = (asking(&server, "/sleep?60000")?, asking(&server, "/loop")?);
    server.signal("INT")?;
    server.wait_for("stopping: 2 requests to finish")?;
    server.signal("INT")?;
    let (status, log) = server.ended()?;
    ensure!(status.success() && log.contains("stopped: 2 requests cut off"), "{status}\n{log}");
    ensure!(answered(sleeping).is_err() && answered(computing).is_err());
    ensure!(began.elapsed() < Duration::from_secs(20), "it was not cut off");
    Ok(())
}

fn grace(guest: &Path) -> Result<()> {
    let server = Server::start(guest, &["--grace", "300ms"])?;
    let client = asking(&server, "/sleep?60000")?;
    server.signal("TERM")?;
    let (status, log) = server.ended()?;
    ensure!(status.success() && log.contains("stopped: 1 request cut off"), "{status}\n{log}");
    ensure!(answered(client).is_err());
    Ok(())
}

fn unread(guest: &Path) -> Result<()> {
    let mut command = Command::new(binary::joggle()?);
    command.arg("serve").arg(guest).args(["--addr", "127.0.0.1:0", "--grace", "100ms"]);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn()?;
    let mut line = String::new();
    let stdout = child.stdout.as_mut().context("it was asked for")?;
    BufReader::new(stdout).read_line(&mut line)?;
    let address = line.trim_end().strip_prefix("listening on http://").context("an address")?;
    let mut client = TcpStream::connect(address)?;
    client.write_all(b"GET /flood?8 HTTP/1.1\r\nhost: a\r\n\r\n")?;
    // It prints until the pipe and the room for lines are full.
    std::thread::sleep(Duration::from_millis(500));
    let killed = Command::new("kill").args(["-TERM", &child.id().to_string()]).status()?;
    ensure!(killed.success(), "`kill` failed: {killed}");
    let began = Instant::now();
    let ended = loop {
        match child.try_wait()? {
            None if began.elapsed() < Duration::from_secs(30) => {
                std::thread::sleep(Duration::from_millis(20));
            }
            ended => break ended,
        }
    };
    if ended.is_none() {
        child.kill()?;
        child.wait()?;
    }
    ensure!(ended.is_some_and(|status| status.success()), "it ended with {ended:?}");
    Ok(())
}

fn connections(guest: &Path) -> Result<()> {
    let server = Server::start(guest, &["--header-timeout", "500ms"])?;
    let mut kept = server.connect()?;
    for _ in 0..2 {
        kept.write_all(b"GET /size HTTP/1.1\r\nhost: a\r\n\r\n")?;
        is(&Answer::read(&mut kept)?, 200, "0\n")?;
    }
    for begun in ["", "P", "GET / HTTP/1.1\r\nhost"] {
        let mut slow = server.connect()?;
        slow.write_all(begun.as_bytes())?;
        let (mut rest, began) = (Vec::new(), Instant::now());
        // It is closed, perhaps with an answer that says why.
        let _ = slow.read_to_end(&mut rest);
        let took = began.elapsed();
        ensure!(took < Duration::from_secs(20), "{begun:?} was waited for {took:?}");
    }
    let head = format!("GET / HTTP/1.1\r\nhost: a\r\nlong: {}\r\n\r\n", "x".repeat(200_000));
    ensure!(server.send(&head)?.status == 431, "a head has a limit");
    Ok(())
}

fn http2(guest: &Path) -> Result<()> {
    let server = Server::start(guest, &[])?;
    let mut stream = server.connect()?;
    stream.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")?;
    // Empty settings, then `GET http://a/` in static and literal header fields.
    stream.write_all(&[0, 0, 0, 4, 0, 0, 0, 0, 0])?;
    stream.write_all(&[0, 0, 6, 1, 5, 0, 0, 0, 1, 0x82, 0x86, 0x84, 0x41, 1, b'a'])?;
    let mut seen = Vec::new();
    let hello = format!("hello from {}\n", version(guest));
    let mut piece = [0; 1024];
    while !String::from_utf8_lossy(&seen).contains(&hello) {
        let count = stream.read(&mut piece)?;
        if count == 0 {
            bail!("the connection was closed after {seen:?}");
        }
        seen.extend_from_slice(piece.get(..count).unwrap_or_default());
    }
    server.wait_for(" GET / 200, ")
}

fn in_use(guest: &Path) -> Result<()> {
    let server = Server::start(guest, &[])?;
    let mut second = Command::new(binary::joggle()?);
    second.arg("serve").arg(guest).args(["--addr", &server.address().to_string()]);
    let output = second.output()?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    ensure!(output.status.code() == Some(2), "{}\n{said}", output.status);
    ensure!(said.contains("host::address-not-available"), "{said}");
    ensure!(said.contains("another program listens there"), "{said}");
    ensure!(output.stdout.is_empty());
    Ok(())
}
