//! Requests to clients' URLs.
//!
//! HTTP/1.1 over TCP or TLS, to where the rules of [`address`](crate::address) allow: they are asked for
//! every connection, and a connection that is kept goes where it went before. Redirects are not
//! followed, proxies of the environment not used, nothing is decompressed, and what a client
//! answers is bounded in time and in bytes:
//!
//! | | at most | beyond that |
//! |---|---|---|
//! | name look-up, TCP and TLS | 5 s | [`NoResponse::Connect`] |
//! | all until the status is known | the attempt's timeout | [`NoResponse::Timeout`] |
//! | status line and headers | 16 KiB, 100 headers | [`NoResponse::Broken`] |
//! | all bytes for one request, 1xx and TLS included | 64 KiB | the same, unless the status is known |
//! | body | 16 KiB, 2 s, the attempt's timeout | the rest is not read |
//!
//! `shared/tests/outbound_hostile.rs` holds that no answer takes more than 64 KiB of memory.
//!
//! [`NoResponse::Connect`]: crate::delivery::NoResponse::Connect
//! [`NoResponse::Timeout`]: crate::delivery::NoResponse::Timeout
//! [`NoResponse::Broken`]: crate::delivery::NoResponse::Broken

mod client;
mod connector;
mod exchange;
mod guard;
mod pool;
mod wire;

use std::future::Future;
use std::time::Duration;

pub use self::client::{ClientError, HttpClient};
use crate::delivery::Attempt;
use crate::request::WebhookRequest;

/// Sending one request, once.
pub trait Outbound: Send + Sync + 'static {
    /// Sends `request` and waits for the response, for `timeout` in all.
    fn send(
        &self,
        request: WebhookRequest,
        timeout: Duration,
    ) -> impl Future<Output = Attempt> + Send;

    /// To be called when an invocation begins: Lambda may have frozen the instance since the last
    /// one, and connections that were kept may have died meanwhile.
    fn wake(&self) {}
}

#[cfg(test)]
mod tests;
