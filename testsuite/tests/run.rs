//! `joggle run` with a real program of WASI 0.2 and 0.3: each grant is tried
//! with it and without it, against servers of this process, and each limit is
//! passed. Without a grant the refusal and the option are named.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, UdpSocket};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use joggle_testsuite::binary;
use joggle_testsuite::guests::Guests;
use libtest_mimic::{Arguments, Failed, Trial};

fn main() -> Result<()> {
    let arguments = Arguments::from_args();
    let probe = match Guests::find()? {
        Some(guests) => guests.path("probe-rust").ok(),
        None => None,
    };
    let trials = match probe {
        Some(probe) => trials(&probe),
        None if std::env::var_os("CI").is_some() => anyhow::bail!("`probe-rust` was not built"),
        None => {
            let name = "skipped: no `probe-rust`, see `cargo xtask fixtures`";
            vec![Trial::test(name, || Ok(())).with_ignored_flag(true)]
        }
    };
    libtest_mimic::run(&arguments, trials).exit()
}

type Test = fn(&Path) -> Result<()>;

fn trials(probe: &Path) -> Vec<Trial> {
    let tests: [(&str, Test); 11] = [
        ("connections over TCP", connections),
        ("messages over UDP", messages),
        ("listening", listening),
        ("names", names),
        ("requests over HTTP", requests),
        ("files", files),
        ("configuration and values", values),
        ("limits", limits),
        ("times of a program that fails", times),
        ("compiled code is kept", cache),
        ("programs that start at once share it", concurrent),
    ];
    let trial = |(name, test): (&str, Test)| {
        let probe = PathBuf::from(probe);
        Trial::test(name, move || test(&probe).map_err(|e| Failed::from(format!("{e:#}"))))
    };
    tests.into_iter().map(trial).collect()
}

/// What a run said and how it ended.
struct Ended {
    status: Option<i32>,
    said: String,
    notes: String,
}

fn run(probe: &Path, options: &[&str], words: &[&str]) -> Result<Ended> {
    run_in(&std::env::temp_dir(), probe, options, words)
}

fn run_in(folder: &Path, probe: &Path, options: &[&str], words: &[&str]) -> Result<Ended> {
    let mut command = Command::new(binary::joggle()?);
    command.current_dir(folder).arg("run").arg(probe).args(options).arg("--").args(words);
    let output = command.output().context("joggle could not be started")?;
    Ok(Ended {
        status: output.status.code(),
        said: String::from_utf8_lossy(&output.stdout).trim_end().to_owned(),
        notes: String::from_utf8_lossy(&output.stderr).into_owned(),
    })
}

fn granted(ended: &Ended, said: &str) -> Result<()> {
    ensure!(
        ended.status == Some(0) && ended.said == said,
        "{said:?} was expected, not {:?} ({:?}):\n{}",
        ended.said,
        ended.status,
        ended.notes
    );
    Ok(())
}

/// It was refused in WASI's words, and the note has ours.
fn refused(ended: &Ended, said: &str, note: &str) -> Result<()> {
    ensure!(
        ended.status == Some(1) && ended.said == said && ended.notes.contains(note),
        "{said:?} and {note:?} were expected, not {:?} ({:?}):\n{}",
        ended.said,
        ended.status,
        ended.notes
    );
    Ok(())
}

const DENIED_2: &str = "refused: access-denied";
const DENIED_3: &str = "refused: ErrorCode::AccessDenied";

/// A server that answers each `ping` with `pong`, for as long as this process lives.
fn tcp_server() -> Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut ping = [0; 4];
            let answered = stream.and_then(|mut stream| {
                stream.read_exact(&mut ping)?;
                stream.write_all(b"pong")
            });
            // A client that goes away is none of the server's business.
            drop(answered);
        }
    });
    Ok(address)
}

fn connections(probe: &Path) -> Result<()> {
    let server = tcp_server()?;
    let to = server.to_string();
    let by_name = format!("localhost:{}", server.port());
    let elsewhere = format!("127.0.0.1:{}", if server.port() == 1 { 2 } else { 1 });
    for (question, denied) in [("connect2", DENIED_2), ("connect3", DENIED_3)] {
        let note = format!("to reach {to} over TCP");
        let option = format!("--allow-net {to}");
        let alone = run(probe, &[], &[question, &to])?;
        refused(&alone, denied, &note)?;
        refused(&alone, denied, &option)?;
        refused(&run(probe, &["--allow-net", &elsewhere], &[question, &to])?, denied, &note)?;
        for grant in [&to, &by_name, "127.0.0.1", "127.0.0.0/8", "0.0.0.0/0"] {
            granted(&run(probe, &["--allow-net", grant], &[question, &to])?, "pong")?;
        }
    }
    Ok(())
}

fn messages(probe: &Path) -> Result<()> {
    let socket = UdpSocket::bind("127.0.0.1:0")?;
    let to = socket.local_addr()?.to_string();
    std::thread::spawn(move || {
        let mut ping = [0; 4];
        while let Ok((_, from)) = socket.recv_from(&mut ping) {
            drop(socket.send_to(b"pong", from));
        }
    });
    for (question, denied) in [("send2", DENIED_2), ("send3", DENIED_3)] {
        let note = format!("to reach {to} over UDP");
        refused(&run(probe, &[], &[question, &to])?, denied, &note)?;
        granted(&run(probe, &["--allow-net", &to], &[question, &to])?, "pong")?;
    }
    Ok(())
}

fn listening(probe: &Path) -> Result<()> {
    for (question, denied) in [("bind2", DENIED_2), ("bind3", DENIED_3)] {
        // A port that is free, or was so a moment ago.
        let at = TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string();
        let note = format!("to listen on {at} over TCP");
        let free = run(probe, &[], &[question, "127.0.0.1:0"])?;
        refused(&free, denied, "grant it with --listen 127.0.0.1:0")?;
        refused(&run(probe, &[], &[question, &at])?, denied, &note)?;
        let any = &["--listen", "127.0.0.1:0"];
        refused(&run(probe, any, &[question, &at])?, denied, &note)?;
        granted(&run(probe, any, &[question, "127.0.0.1:0"])?, "listening")?;
        granted(&run(probe, &["--listen", &at], &[question, &at])?, "listening")?;
    }
    Ok(())
}

fn names(probe: &Path) -> Result<()> {
    for (question, denied) in [("lookup2", DENIED_2), ("lookup3", DENIED_3)] {
        let note = "to look up `localhost`";
        refused(&run(probe, &[], &[question, "localhost"])?, denied, note)?;
        let address = &["--allow-net", "127.0.0.1"];
        refused(&run(probe, address, &[question, "localhost"])?, denied, note)?;
        let name = &["--allow-net", "localhost:80"];
        granted(&run(probe, name, &[question, "localhost"])?, "found")?;
    }
    Ok(())
}

/// A server that has no page.
fn http_server() -> Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let answered = stream.and_then(|mut stream| {
                let mut request = Vec::new();
                let mut piece = [0; 512];
                while !request.windows(4).any(|end| end == b"\r\n\r\n") {
                    match stream.read(&mut piece)? {
                        0 => break,
                        count => request.extend_from_slice(&piece[..count]),
                    }
                }
                stream.write_all(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n")
            });
            drop(answered);
        }
    });
    Ok(address)
}

fn requests(probe: &Path) -> Result<()> {
    let to = http_server()?.to_string();
    let page = format!("{to}/page");
    for question in ["fetch2", "fetch3"] {
        let alone = run(probe, &[], &[question, &page])?;
        let denied = "refused: ErrorCode::HttpRequestDenied";
        refused(&alone, denied, &format!("a request to {to}"))?;
        // Addresses are one matter, servers another.
        refused(&run(probe, &["--allow-net", &to], &[question, &page])?, denied, "--allow-http")?;
        for grant in [&to, "127.0.0.1", "*"] {
            granted(&run(probe, &["--allow-http", grant], &[question, &page])?, "404")?;
        }
        // No name ends in `.invalid`.
        let nowhere = run(probe, &["--allow-http", "*"], &[question, "nowhere.invalid/"])?;
        ensure!(nowhere.said.contains("DnsError"), "{}", nowhere.said);
        // A server that does not know TLS; and for TLS the port is another unless it is named.
        let pong = tcp_server()?.to_string();
        let secure = run(probe, &["--allow-http", &pong], &[question, &format!("https://{pong}")])?;
        ensure!(secure.status == Some(1) && secure.said.contains("Tls"), "{}", secure.said);
        let other =
            run(probe, &["--allow-http", "127.0.0.1:80"], &[question, "https://127.0.0.1"])?;
        refused(&other, denied, "a request to 127.0.0.1:443")?;
        // The program imports both versions, and either may have asked.
        refused(&other, denied, "`wasi:http/outgoing-handler@0.2")?;
        refused(&other, denied, "`wasi:http/client@0.3")?;
        let closed = TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string();
        let closed = run(probe, &["--allow-http", "*"], &[question, &closed])?;
        ensure!(closed.said.contains("ConnectionRefused"), "{}", closed.said);
    }
    Ok(())
}

/// What a program that uses files in the ordinary way is told.
const REFUSAL: &str = "refused: Operation not permitted (os error 63)";

fn files(probe: &Path) -> Result<()> {
    let scratch = tempfile::tempdir()?;
    let folder = scratch.path().join("inner");
    std::fs::create_dir(&folder)?;
    std::fs::write(folder.join("a.txt"), "text")?;
    std::fs::write(scratch.path().join("outside.txt"), "secret")?;
    let run = |options: &[&str], words: &[&str]| run_in(&folder, probe, options, words);

    ensure!(run(&[], &["read", "a.txt"])?.notes.contains("grant a folder with --dir"));
    for option in ["--dir", "--dir-ro"] {
        granted(&run(&[option, "."], &["read", "a.txt"])?, "text")?;
        granted(&run(&[option, ".::/data"], &["read", "/data/a.txt"])?, "text")?;
        granted(&run(&[option, ".::/data/"], &["read", "/data/a.txt"])?, "text")?;
        granted(&run(&[option, "."], &["read3", "a.txt"])?, "text")?;
        let out = run(&[option, "."], &["read3", "../outside.txt"])?;
        refused(&out, "refused: ErrorCode::NotPermitted", "to open `../outside.txt`")?;
        let out = run(&[option, "."], &["stat", "../outside.txt"])?;
        refused(&out, REFUSAL, "to open `../outside.txt`")?;
    }
    let read_only = run(&["--dir-ro", "."], &["write", "a.txt", "new"])?;
    refused(&read_only, REFUSAL, "to change `a.txt`")?;
    std::fs::create_dir(folder.join("empty"))?;
    let read_only = run(&["--dir-ro", "."], &["rmdir", "empty"])?;
    refused(&read_only, REFUSAL, "to change `empty`")?;
    for question in ["rename", "link"] {
        let read_only = run(&["--dir-ro", "."], &[question, "a.txt", "b.txt"])?;
        refused(&read_only, REFUSAL, "to name `a.txt` as `b.txt`")?;
        refused(&read_only, REFUSAL, "one granted with --dir-ro may not")?;
    }
    // The note names the import through which it was asked.
    let read_only = run(&["--dir-ro", "."], &["rename3", "a.txt", "b.txt"])?;
    let denied = "refused: ErrorCode::NotPermitted";
    refused(&read_only, denied, "`b.txt` (asked for through `wasi:filesystem/types@0.3")?;
    let outside = run(&["--dir", "."], &["rename", "a.txt", "../b.txt"])?;
    refused(&outside, REFUSAL, "it leads out of the folder")?;
    let read_only = run(&["--dir-ro", "."], &["write3", "b.txt"])?;
    refused(&read_only, "refused: ErrorCode::NotPermitted", "to change `b.txt`")?;
    ensure!(std::fs::read_to_string(folder.join("a.txt"))? == "text");
    ensure!(!folder.join("b.txt").exists());

    granted(&run(&["--dir", "."], &["write", "a.txt", "new"])?, "written")?;
    granted(&run(&["--dir", "."], &["write3", "b.txt"])?, "created")?;
    ensure!(std::fs::read_to_string(folder.join("a.txt"))? == "new");
    ensure!(folder.join("b.txt").exists());
    Ok(())
}

fn values(probe: &Path) -> Result<()> {
    granted(&run(probe, &[], &["config", "key"])?, "None")?;
    granted(&run(probe, &["--config", "key=a=b"], &["config", "key"])?, "Some(\"a=b\")")?;
    granted(&run(probe, &[], &["keyvalue", "n"])?, " then 1, seen as 1")?;
    granted(&run(probe, &["--keyvalue", "n=41"], &["keyvalue", "n"])?, "41 then 42, seen as 42")?;
    granted(&run(probe, &["--env", "NAME=value"], &["env", "NAME"])?, "value")?;
    Ok(())
}

fn limits(probe: &Path) -> Result<()> {
    let stopped = |options: &[&str], words: &[&str], code: &str| {
        let ended = run(probe, options, words)?;
        ensure!(ended.status == Some(1), "{:?}: {}", ended.status, ended.notes);
        ensure!(ended.notes.starts_with(code), "{code} was expected:\n{}", ended.notes);
        Ok(ended)
    };
    let late = stopped(&["--timeout", "200ms"], &["sleep3", "600000"], "host::time-is-over")?;
    ensure!(late.notes.contains("it was waiting"), "{}", late.notes);
    granted(&run(probe, &["--timeout", "60s"], &["sleep3", "1"])?, "slept")?;
    stopped(&["--fuel", "1000"], &["env", "NAME"], "host::out-of-fuel")?;
    granted(&run(probe, &["--fuel", "100000000", "--env", "A=1"], &["env", "A"])?, "1")?;
    granted(&run(probe, &["--max-memory", "64MiB"], &["fill", "20"])?, "20971520")?;
    let ended = run(probe, &["--max-memory", "10MiB"], &["fill", "20"])?;
    ensure!(ended.status == Some(1) && ended.notes.contains("host::out-of-memory"));
    Ok(())
}

/// The probe, run with a folder of its own for compiled code.
fn timed(probe: &Path, folder: &Path) -> Result<Command> {
    let mut command = Command::new(binary::joggle()?);
    command.env("JOGGLE_CACHE", folder).arg("run").arg(probe).arg("--time");
    Ok(command)
}

fn cache(probe: &Path) -> Result<()> {
    let scratch = tempfile::tempdir()?;
    let folder = scratch.path().join("cache");
    let says = |arguments: &[&str], beginning: &str| {
        let mut command = timed(probe, &folder)?;
        command.args(arguments).args(["--env", "A=1", "--", "env", "A"]);
        let output = command.output().context("joggle could not be started")?;
        let notes = String::from_utf8_lossy(&output.stderr).into_owned();
        ensure!(output.status.success() && notes.starts_with(beginning), "{notes}");
        Ok(())
    };
    says(&["--no-cache"], "compile: ")?;
    ensure!(!folder.exists());
    says(&[], "compile: ")?;
    says(&[], "load compiled code: ")?;
    // Other settings of the engine are other code.
    says(&["--fuel", "100000000"], "compile: ")?;
    says(&["--timeout", "60s"], "load compiled code: ")?;
    for entry in std::fs::read_dir(folder.join("compiled"))? {
        let path = entry?.path();
        let bytes = std::fs::read(&path)?;
        std::fs::write(&path, &bytes[..bytes.len() / 2])?;
    }
    says(&[], "compile: ")?;
    says(&[], "load compiled code: ")
}

/// A program that fails has used time too.
fn times(probe: &Path) -> Result<()> {
    let ended = run(probe, &["--time"], &["panic"])?;
    ensure!(ended.status == Some(1), "{:?}: {}", ended.status, ended.notes);
    ensure!(ended.notes.contains("; instantiate and call, until it failed: "), "{}", ended.notes);
    Ok(())
}

fn concurrent(probe: &Path) -> Result<()> {
    let scratch = tempfile::tempdir()?;
    let folder = scratch.path().join("cache");
    let start = || -> Result<_> {
        let mut command = timed(probe, &folder)?;
        command.args(["--env", "A=1", "--", "env", "A"]).stdout(Stdio::piped());
        Ok(command.stderr(Stdio::piped()).spawn()?)
    };
    let children = [start()?, start()?, start()?];
    for child in children {
        let output = child.wait_with_output()?;
        ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    ensure!(std::fs::read_dir(folder.join("compiled"))?.count() == 1);
    Ok(())
}
