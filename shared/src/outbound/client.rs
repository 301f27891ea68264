//! The client that sends webhooks' requests.

use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use http::header::CONNECTION;
use http::{StatusCode, Version};
use jiff::Timestamp;
use reqwest::dns::Resolve;
use reqwest::{Client, Response};
use rustls::RootCertStore;
use tokio::time::timeout;

use super::answer::Answer;
use super::failure::Failure;
use super::guard::{Guard, SystemResolver};
use super::lookups::Lookups;
use super::pool::{Keeping, KeptLimits, Pool};
use super::request::outgoing;
use super::sending::Sending;
use super::{Congested, Outbound, tls};
use crate::account::AccountId;
use crate::address::AddressPolicy;
use crate::delivery::{Attempt, Evidence, NoResponse};
use crate::request::WebhookRequest;
use crate::retry_after::RetryAfter;
use crate::roots;

/// Connections kept open. Lambda allows 1,024 open files
/// (<https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>): these, those of 250 requests in
/// flight, 64 look-ups of names, and some 100 of AWS leave 200 for requests that try two addresses at a time.
const KEPT: KeptLimits = KeptLimits { all: 400, of_account: 250 };

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
        let (result, retry_after, answer) = match response {
            Ok(response) => {
                let retry_after = retry_after(&response);
                let left = (allowed + queued_for).saturating_sub(start.elapsed());
                let status = response.status().as_u16();
                (
                    Ok(status),
                    retry_after,
                    Answer::read(response, request.header_capture, left).await,
                )
            }
            Err(failure) => (Err(failure.no_response()?), None, Answer::default()),
        };
        self.0.pool.used(SystemTime::now());
        let latency = start.elapsed().saturating_sub(queued_for);
        let Answer { address, http, headers, body } = answer;
        let evidence = Evidence {
            sent_at: millis_before(Timestamp::now(), latency),
            address: address.or_else(|| sending.address()),
            http,
            received: body.received,
            request: None,
            headers,
        };
        let (body, is_cut, evidence) = (body.bytes, body.is_cut, Some(evidence));
        Ok(Attempt { result, latency, body, is_cut, retry_after, evidence })
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

/// The time `latency` before `now`, in whole milliseconds.
fn millis_before(now: Timestamp, latency: Duration) -> Timestamp {
    let latency = i64::try_from(latency.as_millis()).unwrap_or_default();
    // Of a clock that is set to the beginning of time only.
    Timestamp::from_millisecond(now.as_millisecond().saturating_sub(latency)).unwrap_or(now)
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
