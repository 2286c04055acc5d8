//! The gate between a program and the world: whether what it asks for was
//! granted, and a record of what was refused. Saying it in words is left to `denied`.

use std::io;
use std::net::{SocketAddr, ToSocketAddrs as _};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http_body_util::BodyExt;
use hyper::http::uri::Scheme;
use hyper::{Request, Response};
use wasmtime_wasi::sockets::SocketAddrUse;
use wasmtime_wasi_http::p2::bindings::http::types as p2;
use wasmtime_wasi_http::p3::bindings::http::types as p3;
use wasmtime_wasi_http::{Error, RequestOptions, WasiBody, WasiHttpHooks};

use crate::grants::{Grants, HttpGrant, NetGrant};

/// How many refusals are kept: a program that tries all ports needs no longer list.
const REMEMBERED: usize = 20;

/// What a program asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Asked {
    /// It listed the folders that it was given.
    pub folders: bool,
    /// It read its environment variables.
    pub environment: bool,
    /// It read its configuration.
    pub configuration: bool,
    /// What it was refused, in the order of asking, each once.
    pub refused: Vec<Refusal>,
}

/// A refusal, and through which WASI it was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub what: Refused,
    /// `0.2` or `0.3`, where it is known.
    pub track: Option<&'static str>,
}

/// Something that was asked for and refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// To connect to an address, or to send to it.
    Connect { to: SocketAddr, udp: bool },
    /// To wait for connections or messages at an address.
    Listen { at: SocketAddr, udp: bool },
    /// To look up the addresses of a name.
    Lookup { name: String },
    /// To send a request to a server.
    Http { host: String, port: u16 },
    /// To change something in a folder that is granted for reading, or outside of any.
    Write { path: String },
    /// To open something that lies outside of the granted folders.
    Path { path: String },
    /// To give something another name, or one more.
    Move { from: String, to: String },
}

/// What is granted, and what was asked for.
#[derive(Debug)]
pub(crate) struct Gate {
    net: Vec<NetGrant>,
    listen: Vec<SocketAddr>,
    http: Vec<HttpGrant>,
    asked: Mutex<Asked>,
}

impl Gate {
    pub(crate) fn new(grants: &Grants) -> Gate {
        Gate {
            net: grants.net.clone(),
            listen: grants.listen.clone(),
            http: grants.http.clone(),
            asked: Mutex::default(),
        }
    }

    /// What was asked for so far.
    pub(crate) fn asked(&self) -> Asked {
        self.record().clone()
    }

    pub(crate) fn asked_for_folders(&self) {
        self.record().folders = true;
    }

    pub(crate) fn asked_for_environment(&self) {
        self.record().environment = true;
    }

    pub(crate) fn asked_for_configuration(&self) {
        self.record().configuration = true;
    }

    pub(crate) fn refuse(&self, what: Refused, track: Option<&'static str>) {
        let refusal = Refusal { what, track };
        let mut asked = self.record();
        if asked.refused.len() < REMEMBERED && !asked.refused.contains(&refusal) {
            asked.refused.push(refusal);
        }
    }

    fn record(&self) -> MutexGuard<'_, Asked> {
        // A record is whole after each change, even if the changer has panicked since.
        self.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a socket may be used in this way.
    pub(crate) fn allows_socket(
        self: &Arc<Gate>,
        address: SocketAddr,
        purpose: SocketAddrUse,
    ) -> Pin<Box<dyn Future<Output = bool> + Send + Sync>> {
        let refused = match purpose {
            SocketAddrUse::TcpConnect | SocketAddrUse::UdpSend => {
                let udp = matches!(purpose, SocketAddrUse::UdpSend);
                return Box::pin(Arc::clone(self).allows_connection(address, udp));
            }
            // Who may listen may take what comes.
            SocketAddrUse::TcpAccept | SocketAddrUse::UdpReceive if !self.listen.is_empty() => None,
            SocketAddrUse::UdpReceive => {
                return Box::pin(Arc::clone(self).allows_connection(address, true));
            }
            // Every socket needs some port of its own: what it reaches from there, or takes
            // there, is asked for when it does.
            SocketAddrUse::TcpBind | SocketAddrUse::UdpBind if address.port() == 0 => None,
            SocketAddrUse::TcpBind | SocketAddrUse::TcpAccept => self.refused_port(address, false),
            SocketAddrUse::UdpBind => self.refused_port(address, true),
            SocketAddrUse::TcpListen => self.refused_listening(address),
        };
        let allowed = refused.is_none();
        if let Some(refused) = refused {
            self.refuse(refused, None);
        }
        Box::pin(std::future::ready(allowed))
    }

    /// Listening on a bound socket. One whose port was chosen by the program has
    /// been granted already; else the system has chosen, and any free port must be granted.
    fn refused_listening(&self, at: SocketAddr) -> Option<Refused> {
        let any_port = SocketAddr::new(at.ip(), 0);
        self.refused_port(at, false).and_then(|_| self.refused_port(any_port, false))
    }

    fn refused_port(&self, at: SocketAddr, udp: bool) -> Option<Refused> {
        let granted = self.listen.iter().any(|granted| {
            let address = granted.ip().to_canonical() == at.ip().to_canonical()
                || (granted.ip().is_unspecified() && (granted.is_ipv6() || at.is_ipv4()));
            address && granted.port() == at.port()
        });
        (!granted).then_some(Refused::Listen { at, udp })
    }

    async fn allows_connection(self: Arc<Gate>, to: SocketAddr, udp: bool) -> bool {
        if self.net.iter().any(|grant| grant.allows(to)) {
            return true;
        }
        let names: Vec<String> = self
            .net
            .iter()
            .filter_map(|grant| grant.name_for(to.port()).map(str::to_owned))
            .collect();
        for name in names {
            // The program may have looked the name up long ago; what counts is what it means now.
            let found = tokio::task::spawn_blocking(move || {
                let addresses = (name.as_str(), to.port()).to_socket_addrs().ok()?;
                Some(addresses.into_iter().any(|a| a.ip().to_canonical() == to.ip().to_canonical()))
            });
            if found.await.ok().flatten().unwrap_or(false) {
                return true;
            }
        }
        self.refuse(Refused::Connect { to, udp }, None);
        false
    }

    /// Whether the addresses of a name may be looked up: a granted name's may.
    pub(crate) fn allows_lookup(&self, name: &str, track: &'static str) -> bool {
        // An address needs no looking up.
        let address = name.trim_start_matches('[').trim_end_matches(']');
        let allowed = address.parse::<std::net::IpAddr>().is_ok()
            || self.net.iter().any(|grant| grant.names(name));
        if !allowed {
            self.refuse(Refused::Lookup { name: name.to_owned() }, Some(track));
        }
        allowed
    }

    fn allows_request<B>(&self, request: &Request<B>) -> bool {
        let Some(authority) = request.uri().authority() else {
            // The sender will refuse it as malformed.
            return true;
        };
        let secure = request.uri().scheme() == Some(&Scheme::HTTPS);
        let port = authority.port_u16().unwrap_or(if secure { 443 } else { 80 });
        let allowed = self.http.iter().any(|grant| grant.allows(authority.host(), port));
        if !allowed {
            self.refuse(Refused::Http { host: authority.host().to_owned(), port }, None);
        }
        allowed
    }
}

/// The gate for HTTP requests, of WASI 0.2 and 0.3 alike.
pub(crate) struct HttpGate(Arc<Gate>);

impl HttpGate {
    pub(crate) fn new(gate: &Arc<Gate>) -> HttpGate {
        HttpGate(Arc::clone(gate))
    }
}

/// What ends when the exchange has ended, beside the answer.
type Exchange = Box<dyn Future<Output = Result<(), Error>> + Send>;

impl WasiHttpHooks for HttpGate {
    fn send_request(
        &mut self,
        request: Request<WasiBody>,
        options: Option<RequestOptions>,
        processed: Exchange,
    ) -> Box<dyn Future<Output = Result<(Response<WasiBody>, Exchange), Error>> + Send> {
        // It tells how the program fared with the answer, which nobody here needs to know.
        drop(processed);
        if !self.0.allows_request(&request) {
            return Box::new(std::future::ready(Err(Error::HttpRequestDenied)));
        }
        Box::new(async move {
            let (answer, exchange) =
                wasmtime_wasi_http::default_send_request(request, options).await?;
            Ok((answer.map(BodyExt::boxed_unsync), Box::new(exchange) as Exchange))
        })
    }

    fn p2_error_from_connect(&mut self, error: &io::Error) -> p2::ErrorCode {
        match NoConnection::of(error) {
            NoConnection::Refused => p2::ErrorCode::ConnectionRefused,
            NoConnection::Timeout => p2::ErrorCode::ConnectionTimeout,
            NoConnection::Unreachable => p2::ErrorCode::DestinationUnavailable,
            NoConnection::UnknownName => {
                p2::ErrorCode::DnsError(p2::DnsErrorPayload { rcode: None, info_code: None })
            }
        }
    }

    fn p3_error_from_connect(&mut self, error: &io::Error) -> p3::ErrorCode {
        match NoConnection::of(error) {
            NoConnection::Refused => p3::ErrorCode::ConnectionRefused,
            NoConnection::Timeout => p3::ErrorCode::ConnectionTimeout,
            NoConnection::Unreachable => p3::ErrorCode::DestinationUnavailable,
            NoConnection::UnknownName => {
                p3::ErrorCode::DnsError(p3::DnsErrorPayload { rcode: None, info_code: None })
            }
        }
    }
}

/// Why there is no connection to a server.
enum NoConnection {
    Refused,
    Timeout,
    Unreachable,
    UnknownName,
}

impl NoConnection {
    fn of(error: &io::Error) -> NoConnection {
        match error.kind() {
            io::ErrorKind::ConnectionRefused => NoConnection::Refused,
            io::ErrorKind::TimedOut => NoConnection::Timeout,
            // The system's own errors have numbers; what looking up a name says has none.
            _ if error.raw_os_error().is_none() => NoConnection::UnknownName,
            _ => NoConnection::Unreachable,
        }
    }
}
