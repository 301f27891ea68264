//! Why a request got no response.

use std::error::Error;
use std::io::{self, ErrorKind};
use std::iter::successors;

use super::connecting::NoConnectionLeft;
use super::guard::RefusedAddress;
use super::lookups::LookupError;
use super::{Congested, tls};
use crate::delivery::NoResponse;

/// Why a request got no response, and what follows from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Failure {
    /// Nothing was sent: the client has made all its connections. Another client may send it.
    NoConnectionLeft,
    /// Nothing was sent: others have all look-ups.
    LookupsBusy,
    /// Nothing was sent: the instance lacks what the request needs, and the receiver has no part in it.
    Congested,
    /// The connection ended before it brought the head of an answer. Once, it is worth another try.
    Ended(NoResponse),
    /// Another try would not fare better.
    Final(NoResponse),
}

impl Failure {
    /// What an error of a client means.
    pub(super) fn of(error: &reqwest::Error) -> Self {
        if cause::<NoConnectionLeft>(error).is_some() {
            return Self::NoConnectionLeft;
        }
        if cause::<RefusedAddress>(error).is_some() {
            return Self::Final(NoResponse::RefusedAddress);
        }
        let io = cause::<io::Error>(error);
        if io.is_some_and(is_out_of_files) {
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
            return Self::Final(tls::explained(error));
        }
        let io = io.map(io::Error::kind);
        if error.is_connect() {
            let is_late = error.is_timeout() || io == Some(ErrorKind::TimedOut);
            return Self::Final(if is_late { NoResponse::TimeoutConnect } else { connecting(io) });
        }
        match io {
            Some(kind) => under_way(kind),
            None => cause::<hyper::Error>(error).map_or(Self::Final(NoResponse::Protocol), http),
        }
    }
}

impl Failure {
    /// Whether nothing was sent for want of what the instance has.
    pub(super) fn is_congestion(self) -> bool {
        matches!(self, Self::NoConnectionLeft | Self::LookupsBusy | Self::Congested)
    }

    /// The same as it is logged.
    pub(super) fn no_response(self) -> Result<NoResponse, Congested> {
        match self {
            Self::NoConnectionLeft | Self::LookupsBusy | Self::Congested => Err(Congested),
            Self::Ended(why) | Self::Final(why) => Ok(why),
        }
    }
}

/// Whether the process, or the machine, has no descriptor left: `EMFILE`, `ENFILE`.
pub(super) fn is_out_of_files(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(23 | 24))
}

/// Why no connection was made.
fn connecting(io: Option<ErrorKind>) -> NoResponse {
    match io {
        Some(ErrorKind::ConnectionRefused) => NoResponse::Refused,
        Some(
            ErrorKind::HostUnreachable
            | ErrorKind::NetworkUnreachable
            | ErrorKind::NetworkDown
            | ErrorKind::AddrNotAvailable
            | ErrorKind::PermissionDenied,
        ) => NoResponse::Unreachable,
        // TCP calls it refused: it was accepted, and ended within the handshake of TLS.
        Some(
            ErrorKind::ConnectionReset
            | ErrorKind::ConnectionAborted
            | ErrorKind::BrokenPipe
            | ErrorKind::UnexpectedEof,
        ) => NoResponse::TlsInterrupted,
        _ => NoResponse::Connect,
    }
}

/// Why a connection that was made brought no answer, by the system.
fn under_way(kind: ErrorKind) -> Failure {
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

/// The same, by HTTP.
fn http(error: &hyper::Error) -> Failure {
    if error.is_incomplete_message() || error.is_canceled() || error.is_closed() {
        Failure::Ended(NoResponse::Closed)
    } else {
        Failure::Final(NoResponse::Protocol)
    }
}

/// The innermost cause of a kind.
fn cause<'a, E: Error + 'static>(error: &'a reqwest::Error) -> Option<&'a E> {
    let outermost: &'a (dyn Error + 'static) = error;
    let causes = successors(Some(outermost), |&error| match error.downcast_ref::<io::Error>() {
        // Its `source` leaves out the error that it wraps.
        Some(io) => io.get_ref().map(|wrapped| wrapped as &(dyn Error + 'static)),
        None => error.source(),
    });
    causes.filter_map(|error| error.downcast_ref()).last()
}
