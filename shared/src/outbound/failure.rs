//! Maps errors of a client to the reason why a request got no response.

use std::error::Error;
use std::io::{self, ErrorKind};
use std::iter::successors;

use super::connecting::LimitReached;
use super::guard::RefusedAddress;
use super::lookups::{LookupError, is_out_of_descriptors};
use super::{Congested, tls};
use crate::domain::delivery::NoResponse;

/// Why a request got no response, and whether to send it again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Failure {
    /// Nothing was sent: the client has reached its connection limit. Another client may send the request.
    ConnectionLimit,
    /// Nothing was sent: other requests use all DNS lookups.
    LookupsBusy,
    /// Nothing was sent: the instance has no lookup or file descriptor left. The receiver is not the cause.
    Congested,
    /// The connection ended before the response's head. Worth one more try.
    Ended(NoResponse),
    /// Another try would fail as well.
    Final(NoResponse),
}

impl Failure {
    /// Classifies an error of a client.
    pub(super) fn of(error: &reqwest::Error) -> Self {
        if cause::<LimitReached>(error).is_some() {
            return Self::ConnectionLimit;
        }
        if cause::<RefusedAddress>(error).is_some() {
            return Self::Final(NoResponse::RefusedAddress);
        }
        let io = cause::<io::Error>(error);
        if io.is_some_and(is_out_of_descriptors) {
            return Self::Congested;
        }
        match cause::<LookupError>(error) {
            Some(LookupError::Busy) => return Self::LookupsBusy,
            Some(LookupError::NoDescriptor) => return Self::Congested,
            Some(LookupError::NoAnswer) => return Self::Final(NoResponse::TimeoutConnect),
            Some(LookupError::Failed) | None => {}
        }
        if error.is_dns() {
            return Self::Final(NoResponse::Dns);
        }
        if let Some(error) = cause::<rustls::Error>(error) {
            return Self::Final(tls::reason(error));
        }
        let io = io.map(io::Error::kind);
        if error.is_connect() {
            let is_late = error.is_timeout() || io == Some(ErrorKind::TimedOut);
            return Self::Final(if is_late {
                NoResponse::TimeoutConnect
            } else {
                connect_reason(io)
            });
        }
        match io {
            Some(kind) => after_connect(kind),
            None => cause::<hyper::Error>(error).map_or(Self::Final(NoResponse::Protocol), of_http),
        }
    }

    /// Whether nothing was sent because the instance lacks a resource.
    pub(super) fn is_congestion(self) -> bool {
        matches!(self, Self::ConnectionLimit | Self::LookupsBusy | Self::Congested)
    }

    /// The reason that the log records.
    pub(super) fn no_response(self) -> Result<NoResponse, Congested> {
        match self {
            Self::ConnectionLimit | Self::LookupsBusy | Self::Congested => Err(Congested),
            Self::Ended(why) | Self::Final(why) => Ok(why),
        }
    }
}

/// Why no connection was made.
fn connect_reason(io: Option<ErrorKind>) -> NoResponse {
    match io {
        Some(ErrorKind::ConnectionRefused) => NoResponse::Refused,
        Some(
            ErrorKind::HostUnreachable
            | ErrorKind::NetworkUnreachable
            | ErrorKind::NetworkDown
            | ErrorKind::AddrNotAvailable
            | ErrorKind::PermissionDenied,
        ) => NoResponse::Unreachable,
        // A TCP refusal has its own kind: this connection was accepted and ended during the TLS handshake.
        Some(
            ErrorKind::ConnectionReset
            | ErrorKind::ConnectionAborted
            | ErrorKind::BrokenPipe
            | ErrorKind::UnexpectedEof,
        ) => NoResponse::TlsInterrupted,
        _ => NoResponse::Connect,
    }
}

/// Classifies an I/O error of an established connection.
fn after_connect(kind: ErrorKind) -> Failure {
    match kind {
        ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted => {
            Failure::Ended(NoResponse::Reset)
        }
        ErrorKind::BrokenPipe
        | ErrorKind::UnexpectedEof
        | ErrorKind::NotConnected
        | ErrorKind::WriteZero => Failure::Ended(NoResponse::Closed),
        ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable | ErrorKind::NetworkDown => {
            Failure::Final(NoResponse::Unreachable)
        }
        ErrorKind::TimedOut => Failure::Final(NoResponse::TimeoutResponse),
        _ => Failure::Final(NoResponse::Protocol),
    }
}

/// Classifies an HTTP error of an established connection.
fn of_http(error: &hyper::Error) -> Failure {
    if error.is_incomplete_message() || error.is_canceled() || error.is_closed() {
        Failure::Ended(NoResponse::Closed)
    } else {
        Failure::Final(NoResponse::Protocol)
    }
}

/// The innermost cause of type `E`.
fn cause<'a, E: Error + 'static>(error: &'a reqwest::Error) -> Option<&'a E> {
    let outermost: &'a (dyn Error + 'static) = error;
    let causes = successors(Some(outermost), |&error| match error.downcast_ref::<io::Error>() {
        // Its `source` skips the error that it wraps.
        Some(io) => io.get_ref().map(|wrapped| wrapped as &(dyn Error + 'static)),
        None => error.source(),
    });
    causes.filter_map(|error| error.downcast_ref()).last()
}
