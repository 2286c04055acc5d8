//! Why a component cannot be served, and how a program fails at one request.

use std::net::SocketAddr;

use miette::Diagnostic;

use crate::error::HostError;

/// Why a server did not start.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub enum ServeError {
    /// There is no handler among the exports.
    #[error(
        "`{name}` is not a server: it exports neither `wasi:http/handler@0.3` nor `wasi:http/incoming-handler@0.2`"
    )]
    #[diagnostic(code("host::not-a-server"), help("{help}"))]
    NotAServer {
        /// The component.
        name: String,
        /// What it exports, and what to do with that.
        help: String,
    },
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {reason}")]
    #[diagnostic(code("host::address-not-available"), help("{help}"))]
    AddressNotAvailable {
        /// The address.
        address: SocketAddr,
        /// The system's words.
        reason: String,
        /// What to do.
        help: String,
    },
    /// The component cannot be run at all.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Host(#[from] Box<HostError>),
}

impl From<HostError> for ServeError {
    fn from(error: HostError) -> ServeError {
        ServeError::Host(Box::new(error))
    }
}

impl ServeError {
    pub(super) fn engine(error: &impl std::fmt::Display) -> ServeError {
        HostError::Engine { reason: error.to_string() }.into()
    }

    pub(super) fn address(address: SocketAddr, error: &std::io::Error) -> ServeError {
        use std::io::ErrorKind;
        let (reason, help) = match error.kind() {
            ErrorKind::AddrInUse => (
                "another program listens there".to_owned(),
                "stop that program, name another port, or let the system choose one: --addr 127.0.0.1:0",
            ),
            ErrorKind::PermissionDenied => (
                "you may not use this port".to_owned(),
                "ports below 1024 need privileges: name a higher one, such as --addr 127.0.0.1:8080",
            ),
            ErrorKind::AddrNotAvailable => (
                "this machine does not have that address".to_owned(),
                "use one of its own addresses, 127.0.0.1 for this machine alone or 0.0.0.0 for everybody",
            ),
            _ => (error.to_string(), "name another address: --addr 127.0.0.1:8080"),
        };
        ServeError::AddressNotAvailable { address, reason, help: help.to_owned() }
    }
}

/// How a program failed at one request. The server goes on.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub enum RequestError {
    /// It trapped, or passed a limit.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Program(Box<HostError>),
    /// It returned without having answered.
    #[error("`{name}` returned without a response")]
    #[diagnostic(
        code("host::no-response"),
        help(
            "the handler must call `response-outparam.set` once, before it returns, whatever happens; the client got status 500"
        )
    )]
    NoResponse {
        /// The component.
        name: String,
    },
    /// It answered with one of WASI's error codes.
    #[error("`{name}` answered with an error instead of a response: {error}")]
    #[diagnostic(
        code("host::error-response"),
        help("the client got status 500; to choose another, the handler must return a response")
    )]
    ErrorResponse {
        /// The component.
        name: String,
        /// The error code.
        error: String,
    },
    /// It ended itself.
    #[error("`{name}` ended itself with exit status {status} while it handled a request")]
    #[diagnostic(
        code("host::exit-while-serving"),
        help(
            "a handler must return, not exit: each request has an instance of its own, and only that one ended"
        )
    )]
    Exit {
        /// The component.
        name: String,
        /// The status.
        status: u8,
    },
}
