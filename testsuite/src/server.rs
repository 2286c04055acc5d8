//! `joggle serve` as a process, and a client that is simple enough to do what
//! a well-behaved one does not: stop in the middle, lie about a length, wait.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, ChildStderr, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::binary;

/// Longer than anything takes, even on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);

/// A server that runs until it is dropped.
pub struct Server {
    child: Child,
    address: SocketAddr,
    log: Arc<Mutex<String>>,
    reader: Option<JoinHandle<()>>,
    /// Held open: a server whose standard output is gone is another case.
    _stdout: BufReader<ChildStdout>,
}

impl Server {
    /// Serves a component at a free port.
    pub fn start(component: &Path, options: &[&str]) -> Result<Server> {
        let mut command = Command::new(binary::joggle()?);
        command.arg("serve").arg(component).args(["--addr", "127.0.0.1:0"]).args(options);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().context("joggle could not be started")?;
        let log = Arc::new(Mutex::new(String::new()));
        let stderr = child.stderr.take().context("it was asked for")?;
        let reader = Some(follow(stderr, Arc::clone(&log)));
        let mut stdout = BufReader::new(child.stdout.take().context("it was asked for")?);
        let mut line = String::new();
        stdout.read_line(&mut line)?;
        let Some(address) = line.trim_end().strip_prefix("listening on http://") else {
            let status = child.wait()?;
            bail!("no server was started ({status}), it printed {line:?}\n{}", text(&log));
        };
        let address = address.parse().with_context(|| format!("an address: {line:?}"))?;
        Ok(Server { child, address, log, reader, _stdout: stdout })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What it has written to standard error so far.
    #[must_use]
    pub fn log(&self) -> String {
        text(&self.log)
    }

    /// Waits until the log holds a text: it is written after the client got its answer.
    pub fn wait_for(&self, wanted: &str) -> Result<()> {
        let began = Instant::now();
        while !self.log().contains(wanted) {
            if began.elapsed() > PATIENCE {
                bail!("the log never said {wanted:?}:\n{}", self.log());
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Ok(())
    }

    /// Sends a request, and reads the answer to its end.
    pub fn get(&self, path: &str) -> Result<Answer> {
        self.send(&format!("GET {path} HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n"))
    }

    /// Posts a body of zeros whose length is told before.
    pub fn post(&self, path: &str, bytes: usize) -> Result<Answer> {
        let body = "0".repeat(bytes);
        self.send(&format!(
            "POST {path} HTTP/1.1\r\nhost: test\r\nconnection: close\r\ncontent-length: {bytes}\r\n\r\n{body}"
        ))
    }

    /// The same in one chunk, without a length before.
    pub fn post_chunked(&self, path: &str, bytes: usize) -> Result<Answer> {
        let body = "0".repeat(bytes);
        self.send(&format!(
            "POST {path} HTTP/1.1\r\nhost: test\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n{bytes:x}\r\n{body}\r\n0\r\n\r\n"
        ))
    }

    /// Sends text as it is, and reads the answer to its end.
    pub fn send(&self, text: &str) -> Result<Answer> {
        let mut stream = self.connect()?;
        // A server that refuses a body may close before it was sent.
        let _ = stream.write_all(text.as_bytes());
        Answer::read(&mut stream)
    }

    /// A connection.
    pub fn connect(&self) -> Result<TcpStream> {
        let stream = TcpStream::connect(self.address)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(stream)
    }

    /// Sends a signal: `TERM`, `INT`.
    pub fn signal(&self, name: &str) -> Result<()> {
        let (signal, process) = (format!("-{name}"), self.child.id().to_string());
        let status = Command::new("kill").args([signal, process]).status()?;
        if status.success() { Ok(()) } else { bail!("`kill` failed: {status}") }
    }

    /// Waits for its end; the status and the whole log.
    pub fn ended(mut self) -> Result<(ExitStatus, String)> {
        let began = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait()? {
                break status;
            }
            if began.elapsed() > PATIENCE {
                bail!("the server did not end:\n{}", self.log());
            }
            std::thread::sleep(Duration::from_millis(10));
        };
        if let Some(reader) = self.reader.take() {
            let _ = reader.join();
        }
        Ok((status, self.log()))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn follow(stderr: ChildStderr, log: Arc<Mutex<String>>) -> JoinHandle<()> {
    std::thread::spawn(move || {
        for line in BufReader::new(stderr).lines().map_while(Result::ok) {
            let mut log = log.lock().unwrap_or_else(PoisonError::into_inner);
            log.push_str(&line);
            log.push('\n');
        }
    })
}

fn text(log: &Mutex<String>) -> String {
    log.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

/// An answer of HTTP/1.1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The body, without its framing.
    pub body: String,
    /// Whether the body came to its announced end.
    pub whole: bool,
}

impl Answer {
    /// Reads one answer; the connection may go on after it.
    pub fn read(stream: &mut TcpStream) -> Result<Answer> {
        let mut from = BufReader::new(stream);
        let mut line = String::new();
        from.read_line(&mut line)?;
        let status = line.split(' ').nth(1).and_then(|word| word.parse().ok());
        let status = status.with_context(|| format!("no status line: {line:?}"))?;
        let (mut length, mut chunked) = (None, false);
        loop {
            line.clear();
            from.read_line(&mut line)?;
            let Some((name, value)) = line.trim_end().split_once(": ") else { break };
            match name {
                "content-length" => length = Some(value.parse()?),
                "transfer-encoding" => chunked = value == "chunked",
                _ => {}
            }
        }
        let mut body = Vec::new();
        let whole = if chunked {
            chunks(&mut from, &mut body)?
        } else if let Some(length) = length {
            (&mut from).take(length).read_to_end(&mut body).is_ok() && body.len() as u64 == length
        } else {
            from.read_to_end(&mut body).is_ok()
        };
        Ok(Answer { status, body: String::from_utf8_lossy(&body).into_owned(), whole })
    }
}

/// Reads chunks; false if the last one never came.
fn chunks(from: &mut impl BufRead, body: &mut Vec<u8>) -> Result<bool> {
    loop {
        let mut line = String::new();
        if from.read_line(&mut line).unwrap_or(0) == 0 {
            return Ok(false);
        }
        let size = u64::from_str_radix(line.trim_end(), 16)?;
        let mut chunk = Vec::new();
        from.take(size + 2).read_to_end(&mut chunk)?;
        if size == 0 {
            return Ok(true);
        }
        chunk.truncate(usize::try_from(size)?);
        body.extend(chunk);
    }
}
