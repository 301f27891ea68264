//! Requests to receivers, by reqwest.
//!
//! HTTP/1.1 over TCP or TLS, to where the rules of [`address`](crate::address) allow: they are asked of
//! every request's URL, and of every address that its host turns out to have. Redirects are not followed,
//! proxies of the environment not used, nothing is decompressed, and what a receiver answers is bounded
//! in time and in bytes:
//!
//! | | at most | beyond that |
//! |---|---|---|
//! | name look-up, TCP and TLS | 5 s | [`NoResponse::TimeoutConnect`] |
//! | all until the status is known, a second try included | the attempt's timeout | [`NoResponse::TimeoutResponse`] |
//! | status line and headers | about 400 KiB, 100 headers | [`NoResponse::Protocol`] |
//! | body | 16 KiB, 2 s, the attempt's timeout | the rest is not read |
//!
//! `shared/tests/outbound_hostile.rs` holds what memory 250 hostile answers take.
//!
//! | module | does |
//! |---|---|
//! | `client` | sends a request, and once more if its connection ended without an answer |
//! | `answer` | reads what is kept of an answer |
//! | `pool` | makes reqwest's clients, and replaces the one that keeps connections |
//! | `connecting` | counts connections, and notes where they lead |
//! | `lookups` | bounds look-ups of names |
//! | `sending` | knows what a request waits for |
//! | `guard` | refuses URLs and addresses |
//! | `tls` | verifies certificates |
//! | `failure` | explains errors |
//!
//! [`NoResponse::TimeoutConnect`]: crate::delivery::NoResponse::TimeoutConnect
//! [`NoResponse::TimeoutResponse`]: crate::delivery::NoResponse::TimeoutResponse
//! [`NoResponse::Protocol`]: crate::delivery::NoResponse::Protocol

mod answer;
mod client;
mod connecting;
mod failure;
mod guard;
mod lookups;
mod pool;
mod request;
mod sending;
mod tls;

use std::future::Future;
use std::time::Duration;

pub use self::client::{ClientError, HttpClient};
use crate::account::AccountId;
use crate::delivery::Attempt;
use crate::request::WebhookRequest;

/// The request was not sent, because this instance lacks what it needs (look-ups of names, descriptors) and other
/// requests hold. The receiver has no part in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this instance has no look-up of names or no descriptor left for the request")]
pub struct Congested;

/// Sending one request, once.
pub trait Outbound: Send + Sync + 'static {
    /// Sends `request` of `account` and waits for the response, for `timeout` in all; for 1 s more if the
    /// request has to wait for look-ups of other requests.
    fn send(
        &self,
        account: &AccountId,
        request: WebhookRequest,
        timeout: Duration,
    ) -> impl Future<Output = Result<Attempt, Congested>> + Send;

    /// To be called when an invocation begins: Lambda may have frozen the instance since the last
    /// one, and connections that were kept may have died meanwhile.
    fn wake(&self) {}
}

#[cfg(test)]
mod tests;
