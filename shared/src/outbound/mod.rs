//! Sends webhook requests with reqwest.
//!
//! HTTP/1.1 over TCP or TLS, to URLs and addresses that [`address`](crate::domain::address) allows. The policy checks the
//! URL of every request and every address that its host resolves to. The client follows no redirects, ignores
//! proxies of the environment and decompresses nothing. Each phase is bounded in time and in bytes:
//!
//! | phase | limit | beyond it |
//! |---|---|---|
//! | DNS lookup, TCP and TLS | 5 s | [`NoResponse::TimeoutConnect`] |
//! | everything until the status, a second try included | the attempt's timeout | [`NoResponse::TimeoutResponse`] |
//! | status line and headers | about 400 KiB, 100 headers | [`NoResponse::Protocol`] |
//! | body | 16 KiB, 2 s, the attempt's timeout | the rest is not read |
//!
//! `shared/tests/outbound_hostile.rs` bounds the memory of 250 hostile responses.
//!
//! | module | does |
//! |---|---|
//! | `client` | sends a request, and once more if its connection ended without a response |
//! | `response` | reads the parts of a response that an attempt records |
//! | `pool` | creates a reqwest client for each account, and replaces stale ones |
//! | `connecting` | counts connections, and records their addresses |
//! | `lookups` | bounds DNS lookups |
//! | `send_context` | tracks what a request waits for |
//! | `guard` | refuses URLs and addresses |
//! | `tls` | verifies certificates |
//! | `failure` | maps errors to reasons |
//!
//! [`NoResponse::TimeoutConnect`]: crate::domain::delivery::NoResponse::TimeoutConnect
//! [`NoResponse::TimeoutResponse`]: crate::domain::delivery::NoResponse::TimeoutResponse
//! [`NoResponse::Protocol`]: crate::domain::delivery::NoResponse::Protocol

mod client;
mod connecting;
mod failure;
mod guard;
mod lookups;
mod pool;
mod request;
mod response;
mod send_context;
mod tls;

use std::future::Future;
use std::time::Duration;

pub use self::client::HttpClient;
use crate::domain::account::AccountId;
use crate::domain::delivery::Attempt;
use crate::domain::request::WebhookRequest;

/// Creating the HTTP client failed.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The TLS configuration.
    #[error("failed to set up TLS")]
    Tls(#[from] rustls::Error),
    /// The trusted certificate authorities.
    #[error("failed to set up certificate verification")]
    Roots(#[from] rustls::client::VerifierBuilderError),
    /// Any other part.
    #[error("failed to set up the HTTP client")]
    Http(#[from] reqwest::Error),
}

/// The request was not sent: other requests use all DNS lookups or file descriptors of this instance. The receiver is
/// not the cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the instance has no DNS lookup or file descriptor left for the request")]
pub struct Congested;

/// Sends single requests.
pub trait Outbound: Send + Sync + 'static {
    /// Sends `request` of `account` and waits for the response, for at most `timeout`; for up to 1 s more if the
    /// request has to wait for DNS lookups of other requests.
    fn send(
        &self,
        account: &AccountId,
        request: WebhookRequest,
        timeout: Duration,
    ) -> impl Future<Output = Result<Attempt, Congested>> + Send;

    /// Prepares for an invocation. Lambda may have frozen the instance since the last one, and idle connections may
    /// have died meanwhile.
    fn wake(&self) {}
}

#[cfg(test)]
mod tests;
