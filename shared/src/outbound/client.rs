//! The client that sends webhooks' requests.

use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use bytes::{Bytes, BytesMut};
use http::header::CONNECTION;
use http::{StatusCode, Version};
use reqwest::dns::Resolve;
use reqwest::{Client, Response};
use rustls::RootCertStore;
use tokio::time::timeout;

use super::failure::Failure;
use super::guard::{Guard, SystemResolver};
use super::lookups::Lookups;
use super::pool::{Keeping, KeptLimits, Pool};
use super::request::outgoing;
use super::sending::Sending;
use super::{Congested, Outbound, tls};
use crate::account::AccountId;
use crate::address::AddressPolicy;
use crate::delivery::{Attempt, NoResponse};
use crate::request::WebhookRequest;
use crate::retry_after::RetryAfter;
use crate::roots;

/// Connections kept open. Lambda allows 1,024 open files
/// (<https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>): these, those of 250 requests in
/// flight, 64 look-ups of names, and some 100 of AWS leave 200 for requests that try two addresses at a time.
const KEPT: KeptLimits = KeptLimits { all: 400, of_account: 250 };
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
    lookups: Arc<Lookups>,
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
        Self::with(policy, Arc::new(SystemResolver), roots::public(), KEPT)
    }

    /// A client that looks names up with `resolver`, trusts `roots` and keeps as many connections as `kept`
    /// says.
    pub(super) fn with(
        policy: AddressPolicy,
        resolver: Arc<dyn Resolve>,
        roots: Arc<RootCertStore>,
        kept: KeptLimits,
    ) -> Result<Self, ClientError> {
        let lookups = Lookups::new(resolver);
        let guard = Guard::new(policy, Arc::clone(&lookups));
        let pool = Pool::new(tls::config(roots)?, guard.clone(), kept)?;
        Ok(Self(Arc::new(Inner { guard, lookups, pool })))
    }

    async fn response_to(
        &self,
        account: &AccountId,
        request: &WebhookRequest,
    ) -> Result<Response, Failure> {
        let inner = &*self.0;
        let Inner { guard, pool, .. } = inner;
        guard.check(&request.url).map_err(|_| Failure::Final(NoResponse::RefusedUrl))?;
        let pooled = if request.is_paced { None } else { pool.pooled(account) };
        let mut result = if let Some(Keeping { client, connections }) = pooled {
            let result = inner.sent(&client, request).await;
            if is_last(&result) {
                connections.closed();
            }
            result
        } else {
            inner.sent(pool.unpooled(), request).await
        };
        if matches!(result, Err(Failure::NoConnectionLeft)) {
            result = inner.sent(pool.unpooled(), request).await;
        }
        if let Err(ended @ Failure::Ended(_)) = result {
            if let Some(sending) = Sending::current() {
                sending.set_sent();
            }
            result = match inner.sent(pool.unpooled(), request).await {
                Err(failure) if failure.is_congestion() => Err(ended),
                again => again,
            };
        }
        result
    }

    #[cfg(test)]
    pub(super) fn wake_at(&self, now: SystemTime) {
        self.0.wake(now);
    }

    /// Begins an invocation so long after the last request.
    #[cfg(test)]
    pub(super) fn wake_after(&self, idle: Duration) {
        self.wake_at(self.0.pool.last_use() + idle);
    }
}

impl Outbound for HttpClient {
    async fn send(
        &self,
        account: &AccountId,
        request: WebhookRequest,
        allowed: Duration,
    ) -> Result<Attempt, Congested> {
        let start = Instant::now();
        let sending = Sending::new(account.clone(), self.0.lookups.share_of(account));
        let mut responding = pin!(sending.follow(self.response_to(account, &request)));
        let mut response = timeout(allowed, &mut responding).await;
        if response.is_err() && !sending.is_queueing() {
            // The receiver has all of the time that it is allowed.
            response = timeout(sending.queued_for(), responding).await;
        }
        let response = response.unwrap_or_else(|_| {
            Err(if sending.is_queueing() && !sending.was_sent() {
                Failure::Congested
            } else if sending.is_connecting() {
                Failure::Final(NoResponse::TimeoutConnect)
            } else {
                Failure::Final(NoResponse::TimeoutResponse)
            })
        });
        let queued_for = sending.queued_for();
        let (result, retry_after, (body, is_cut)) = match response {
            Ok(response) => {
                let retry_after = retry_after(&response);
                let left = (allowed + queued_for).saturating_sub(start.elapsed());
                let status = response.status().as_u16();
                (Ok(status), retry_after, beginning_of(response, left).await)
            }
            Err(failure) => (Err(failure.no_response()?), None, (Bytes::new(), false)),
        };
        self.0.pool.used(SystemTime::now());
        let latency = start.elapsed().saturating_sub(queued_for);
        Ok(Attempt { result, latency, body, is_cut, retry_after })
    }

    fn wake(&self) {
        self.0.wake(SystemTime::now());
    }
}

impl Inner {
    fn wake(&self, now: SystemTime) {
        if self.pool.wake(now) {
            self.lookups.forget();
        }
    }

    /// Sends a request; once more with a look-up of its own if all were taken. It waits for that here and not in the
    /// client, so that nothing was sent if it waits for too long.
    async fn sent(&self, client: &Client, request: &WebhookRequest) -> Result<Response, Failure> {
        let result = sent(client, request).await;
        match (result, Sending::current()) {
            (Err(Failure::LookupsBusy), Some(sending)) => {
                let lookup = sending.queueing(self.lookups.wait(sending.share())).await;
                sending.set_lookup(lookup.ok_or(Failure::Congested)?);
                sent(client, request).await
            }
            (result, _) => result,
        }
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
