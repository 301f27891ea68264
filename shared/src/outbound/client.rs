//! The client that sends webhooks' requests.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use bytes::{Bytes, BytesMut};
use http::header::CONNECTION;
use http::{StatusCode, Version};
use reqwest::dns::Resolve;
use reqwest::{Client, Response};
use rustls::RootCertStore;
use tokio::time::timeout;

use super::connecting::Progress;
use super::failure::Failure;
use super::guard::{Guard, SystemResolver};
use super::pool::Pool;
use super::request::outgoing;
use super::{Outbound, tls};
use crate::address::AddressPolicy;
use crate::delivery::{Attempt, NoResponse};
use crate::request::WebhookRequest;
use crate::retry_after::RetryAfter;
use crate::roots;

/// Connections kept open. Lambda allows 1,024 open files, and some 250 requests are in flight;
/// requests to thousands of hosts would otherwise leave a connection to each of them.
const MAX_KEPT: usize = 500;
/// How much of a body is read: enough to keep the connection after a short answer.
const MAX_BODY_BYTES: usize = 16 * 1024;
/// How long a body is waited for, once the status is known.
const BODY_TIMEOUT: Duration = Duration::from_secs(2);

/// Sends requests, and keeps connections for the next ones.
///
/// A connection that was kept may have been closed by the receiver, or have died while the instance was
/// frozen. If a connection ends before the head of an answer is there, the request is sent once more, at
/// once, over a new connection and within the same timeout; the caller sees one attempt. The receiver
/// may have read the first copy nevertheless: both carry the same `webhook-id`, by which it can tell.
#[derive(Clone)]
pub struct HttpClient(Arc<Inner>);

struct Inner {
    guard: Guard,
    pool: Pool,
}

/// The HTTP client could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// TLS.
    #[error("TLS could not be set up")]
    Tls(#[from] rustls::Error),
    /// The certificate authorities.
    #[error("certificates could not be verified")]
    Roots(#[from] rustls::client::VerifierBuilderError),
    /// All else.
    #[error("the HTTP client could not be set up")]
    Http(#[from] reqwest::Error),
}

impl HttpClient {
    /// A client with connections of its own, which go where `policy` allows.
    pub fn new(policy: AddressPolicy) -> Result<Self, ClientError> {
        Self::with(policy, Arc::new(SystemResolver), roots::public(), MAX_KEPT)
    }

    /// A client that looks names up with `resolver`, trusts `roots` and keeps `max_kept` connections.
    pub(super) fn with(
        policy: AddressPolicy,
        resolver: Arc<dyn Resolve>,
        roots: Arc<RootCertStore>,
        max_kept: usize,
    ) -> Result<Self, ClientError> {
        let guard = Guard::new(policy, resolver);
        let pool = Pool::new(tls::config(roots)?, guard.clone(), max_kept)?;
        Ok(Self(Arc::new(Inner { guard, pool })))
    }

    async fn response_to(&self, request: &WebhookRequest) -> Result<Response, NoResponse> {
        let Inner { guard, pool } = &*self.0;
        guard.check(&request.url).map_err(|_| NoResponse::RefusedUrl)?;
        let mut result = if request.is_paced {
            sent(pool.unpooled(), request).await
        } else {
            let (pooled, connections) = pool.pooled();
            let result = sent(&pooled, request).await;
            if is_last(&result) {
                connections.closed();
            }
            result
        };
        if matches!(result, Err(Failure::NoConnectionLeft)) {
            result = sent(pool.unpooled(), request).await;
        }
        if matches!(result, Err(Failure::Ended(_))) {
            result = sent(pool.unpooled(), request).await;
        }
        result.map_err(Failure::no_response)
    }

    #[cfg(test)]
    pub(super) fn wake_at(&self, now: SystemTime) {
        self.0.pool.wake(now);
    }

    /// Begins an invocation so long after the last request.
    #[cfg(test)]
    pub(super) fn wake_after(&self, idle: Duration) {
        self.wake_at(self.0.pool.last_use() + idle);
    }
}

impl Outbound for HttpClient {
    async fn send(&self, request: WebhookRequest, allowed: Duration) -> Attempt {
        let start = Instant::now();
        let progress = Progress::default();
        let response = timeout(allowed, progress.follow(self.response_to(&request))).await;
        let response = response.unwrap_or_else(|_| {
            let is_connecting = progress.is_connecting();
            Err(if is_connecting {
                NoResponse::TimeoutConnect
            } else {
                NoResponse::TimeoutResponse
            })
        });
        let (result, retry_after, body) = match response {
            Ok(response) => {
                let retry_after = retry_after(&response);
                let left = allowed.saturating_sub(start.elapsed());
                let status = response.status().as_u16();
                (Ok(status), retry_after, beginning_of(response, left).await)
            }
            Err(why) => (Err(why), None, (Bytes::new(), false)),
        };
        let (body, is_cut) = body;
        self.0.pool.used(SystemTime::now());
        Attempt { result, latency: start.elapsed(), body, is_cut, retry_after }
    }

    fn wake(&self) {
        self.0.pool.wake(SystemTime::now());
    }
}

async fn sent(client: &Client, request: &WebhookRequest) -> Result<Response, Failure> {
    client.execute(outgoing(request)).await.map_err(|error| Failure::of(&error))
}

/// Whether a connection is closed that brought this: it ended, or ends with this answer.
fn is_last(result: &Result<Response, Failure>) -> bool {
    let response = match result {
        Ok(response) => response,
        Err(failure) => return matches!(failure, Failure::Ended(_)),
    };
    let says = |word: &str| {
        let values = response.headers().get_all(CONNECTION).iter();
        let words = values.filter_map(|value| value.to_str().ok()).flat_map(|text| text.split(','));
        words.into_iter().any(|other| other.trim().eq_ignore_ascii_case(word))
    };
    says("close") || response.version() == Version::HTTP_10 && !says("keep-alive")
}

/// The header means something else in a redirect, and nothing in an answer that was a success.
fn retry_after(response: &Response) -> Option<Duration> {
    match response.status() {
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => {
            RetryAfter::of(response.headers()).map(|asked| asked.since(SystemTime::now()))
        }
        _ => None,
    }
}

/// Reads a body to its end, so that the connection can be used again, and gives its beginning.
/// The status counts by now: a body that is long, slow or broken costs its connection and nothing
/// else.
/// Also whether there was, or may have been, more than that.
async fn beginning_of(mut response: Response, allowed: Duration) -> (Bytes, bool) {
    let mut beginning = BytesMut::new();
    let read_all = async {
        let mut read = 0;
        while read < MAX_BODY_BYTES {
            match response.chunk().await {
                Ok(Some(mut chunk)) => {
                    read += chunk.len();
                    chunk.truncate(Attempt::MAX_BODY - beginning.len());
                    beginning.extend_from_slice(&chunk);
                }
                Ok(None) => return read <= Attempt::MAX_BODY,
                Err(_) => break,
            }
        }
        false
    };
    // Elapsed or not, what has come is what there is.
    let is_whole = timeout(allowed.min(BODY_TIMEOUT), read_all).await.unwrap_or(false);
    (beginning.freeze(), !is_whole)
}
