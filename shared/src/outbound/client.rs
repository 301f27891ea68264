//! The client that sends webhooks' requests.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use http::{Response, StatusCode};
use hyper::body::Incoming;
use rustls::{ClientConfig, RootCertStore};
use tokio::time::timeout;

use super::Outbound;
use super::connector::Network;
use super::exchange::{Failure, beginning_of, exchange};
use super::pool::Pools;
use crate::address::AddressPolicy;
use crate::delivery::{Attempt, NoResponse};
use crate::request::WebhookRequest;
use crate::retry_after::RetryAfter;
use crate::roots;

/// Connections kept open. Lambda allows 1,024 open files, and some 250 requests are under way;
/// requests to thousands of hosts would otherwise leave a connection to each of them.
const MAX_KEPT: usize = 500;

/// Sends requests, and keeps connections for the next ones.
///
/// A connection that was kept since an earlier invocation may have died in the freezer. If it
/// breaks before an answer is there, the request is sent once more, at once, over a new
/// connection and within the same timeout; the caller sees one attempt. The client may have read
/// the first copy nevertheless: both carry the same `webhook-id`, by which it can tell.
#[derive(Clone)]
pub struct HttpClient(Arc<Pools>);

/// The HTTP client could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// TLS.
    #[error("TLS could not be set up")]
    Tls(#[from] rustls::Error),
}

impl HttpClient {
    /// A client with connections of its own, which go where `policy` allows.
    pub fn new(policy: AddressPolicy) -> Result<Self, ClientError> {
        Self::with(roots::public(), MAX_KEPT, Network::system(policy))
    }

    /// A client that trusts `roots` and keeps `max_kept` connections of `network`.
    pub(super) fn with(
        roots: impl Into<Arc<RootCertStore>>,
        max_kept: usize,
        network: Network,
    ) -> Result<Self, ClientError> {
        let provider = rustls::crypto::ring::default_provider();
        let tls = ClientConfig::builder_with_provider(provider.into())
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self(Arc::new(Pools::new(tls.into(), max_kept, network))))
    }

    async fn response_to(
        &self,
        request: &WebhookRequest,
    ) -> Result<Response<Incoming>, NoResponse> {
        let (pool, invocation) = self.0.current();
        let sent = match exchange(&pool, request, invocation).await {
            Err(Failure::Stale) => {
                exchange(&self.0.fresh_instead_of(&pool), request, invocation).await
            }
            sent => sent,
        };
        sent.map_err(|failure| match failure {
            Failure::Stale => NoResponse::Broken,
            Failure::NoResponse(why) => why,
        })
    }

    #[cfg(test)]
    pub(super) fn wake_at(&self, now: SystemTime) {
        self.0.wake(now);
    }
}

impl Outbound for HttpClient {
    async fn send(&self, request: WebhookRequest, allowed: Duration) -> Attempt {
        let start = Instant::now();
        let response = timeout(allowed, self.response_to(&request)).await;
        let (result, retry_after, body) = match response.unwrap_or(Err(NoResponse::Timeout)) {
            Ok(response) => {
                let retry_after = retry_after(&response);
                let left = allowed.saturating_sub(start.elapsed());
                let status = response.status().as_u16();
                (Ok(status), retry_after, beginning_of(response.into_body(), left).await)
            }
            Err(why) => (Err(why), None, Bytes::new()),
        };
        self.0.used(SystemTime::now());
        Attempt { result, latency: start.elapsed(), body, retry_after }
    }

    fn wake(&self) {
        self.0.wake(SystemTime::now());
    }
}

/// The header means something else in a redirect, and nothing in an answer that was a success.
fn retry_after(response: &Response<Incoming>) -> Option<Duration> {
    match response.status() {
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => {
            RetryAfter::of(response.headers()).map(|asked| asked.since(SystemTime::now()))
        }
        _ => None,
    }
}
