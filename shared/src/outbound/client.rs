//! The HTTP client that sends webhook requests.

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

use super::failure::Failure;
use super::guard::{Guard, SystemResolver};
use super::lookups::Lookups;
use super::pool::{AccountClient, Pool, PoolLimits};
use super::request::to_reqwest;
use super::response::ReceivedResponse;
use super::send_context::SendContext;
use super::{ClientError, Congested, Outbound, tls};
use crate::domain::account::AccountId;
use crate::domain::address::AddressPolicy;
use crate::domain::delivery::{Attempt, Evidence, NoResponse};
use crate::domain::request::WebhookRequest;
use crate::domain::retry_after::RetryAfter;
use crate::runtime::roots;

/// Pooled connections. Lambda allows 1,024 open files
/// (<https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>): these, 250 requests in flight, 64 DNS
/// lookups and some 100 connections to AWS leave 200 for requests that try two addresses at a time.
const POOL_LIMITS: PoolLimits = PoolLimits { per_instance: 400, per_account: 250 };

/// Sends requests over pooled connections.
///
/// The receiver may have closed a pooled connection, or it may have died while the instance was frozen. If a connection
/// ends before the response's head, the client sends the request once more, immediately, over a new connection and
/// within the same timeout; the caller sees one attempt. The receiver may have read the first copy: both carry the
/// same `webhook-id`.
#[derive(Clone)]
pub struct HttpClient(Arc<Inner>);

struct Inner {
    guard: Guard,
    lookups: Arc<Lookups>,
    pool: Pool,
}

impl HttpClient {
    /// Creates a client that sends where `policy` allows.
    pub fn new(policy: AddressPolicy) -> Result<Self, ClientError> {
        Self::with(policy, Arc::new(SystemResolver), roots::public(), POOL_LIMITS)
    }

    /// Creates a client that resolves names with `resolver`, trusts `roots` and pools connections within `limits`.
    pub(super) fn with(
        policy: AddressPolicy,
        resolver: Arc<dyn Resolve>,
        roots: Arc<RootCertStore>,
        limits: PoolLimits,
    ) -> Result<Self, ClientError> {
        let lookups = Lookups::new(resolver);
        let guard = Guard::new(policy, Arc::clone(&lookups));
        let pool = Pool::new(tls::config(roots)?, guard.clone(), limits)?;
        Ok(Self(Arc::new(Inner { guard, lookups, pool })))
    }

    async fn execute(
        &self,
        account: &AccountId,
        request: &WebhookRequest,
    ) -> Result<Response, Failure> {
        let inner = &*self.0;
        let Inner { guard, pool, .. } = inner;
        guard.check(&request.url).map_err(|_| Failure::Final(NoResponse::RefusedUrl))?;
        let pooled = if request.is_paced { None } else { pool.of_account(account) };
        let mut result = if let Some(AccountClient { client, limit }) = pooled {
            let result = inner.execute_with(&client, request).await;
            if closes_connection(&result) {
                limit.mark_closed();
            }
            result
        } else {
            inner.execute_with(pool.unpooled(), request).await
        };
        if matches!(result, Err(Failure::ConnectionLimit)) {
            result = inner.execute_with(pool.unpooled(), request).await;
        }
        if let Err(ended @ Failure::Ended(_)) = result {
            if let Some(context) = SendContext::current() {
                context.set_sent();
            }
            result = match inner.execute_with(pool.unpooled(), request).await {
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

    /// Begins an invocation that long after the last request.
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
        let context = SendContext::new(account.clone(), self.0.lookups.of_account(account));
        let mut sending = pin!(context.scope(self.execute(account, &request)));
        let mut response = timeout(allowed, &mut sending).await;
        if response.is_err() && !context.is_waiting_for_lookup() {
            // Extend the timeout by the wait for a lookup: the receiver gets its whole timeout.
            response = timeout(context.lookup_wait(), sending).await;
        }
        let response = response.unwrap_or_else(|_| {
            Err(if context.is_waiting_for_lookup() && !context.was_sent() {
                Failure::Congested
            } else if context.is_connecting() {
                Failure::Final(NoResponse::TimeoutConnect)
            } else {
                Failure::Final(NoResponse::TimeoutResponse)
            })
        });
        let lookup_wait = context.lookup_wait();
        let (result, retry_after, received) = match response {
            Ok(response) => {
                let retry_after = retry_after(&response);
                let left = (allowed + lookup_wait).saturating_sub(start.elapsed());
                let status = response.status().as_u16();
                let received = ReceivedResponse::read(response, request.header_capture, left).await;
                (Ok(status), retry_after, received)
            }
            Err(failure) => (Err(failure.no_response()?), None, ReceivedResponse::default()),
        };
        self.0.pool.mark_used(SystemTime::now());
        let latency = start.elapsed().saturating_sub(lookup_wait);
        let ReceivedResponse { address, http, headers, body } = received;
        let evidence = Evidence {
            sent_at: millis_before(Timestamp::now(), latency),
            address: address.or_else(|| context.address()),
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
            self.lookups.clear_cache();
        }
    }

    /// Sends a request. If no lookup is free, waits for permits and sends it again: it waits here and not in the
    /// client, so that nothing is sent if the wait is too long.
    async fn execute_with(
        &self,
        client: &Client,
        request: &WebhookRequest,
    ) -> Result<Response, Failure> {
        let result = execute(client, request).await;
        match (result, SendContext::current()) {
            (Err(Failure::LookupsBusy), Some(context)) => {
                let permits = self.lookups.wait_for_permits(context.account_lookups());
                let permits = context.measure_lookup_wait(permits).await;
                context.reserve_lookup(permits.ok_or(Failure::Congested)?);
                execute(client, request).await
            }
            (result, _) => result,
        }
    }
}

async fn execute(client: &Client, request: &WebhookRequest) -> Result<Response, Failure> {
    client.execute(to_reqwest(request)).await.map_err(|error| Failure::of(&error))
}

/// Whether the connection has ended, or ends with this response.
fn closes_connection(result: &Result<Response, Failure>) -> bool {
    let response = match result {
        Ok(response) => response,
        Err(failure) => return matches!(failure, Failure::Ended(_)),
    };
    let has_option = |option: &str| {
        let values = response.headers().get_all(CONNECTION).iter();
        let options =
            values.filter_map(|value| value.to_str().ok()).flat_map(|text| text.split(','));
        options.into_iter().any(|other| other.trim().eq_ignore_ascii_case(option))
    };
    has_option("close") || response.version() == Version::HTTP_10 && !has_option("keep-alive")
}

/// The time `latency` before `now`, in whole milliseconds.
fn millis_before(now: Timestamp, latency: Duration) -> Timestamp {
    let latency = i64::try_from(latency.as_millis()).unwrap_or_default();
    // Fails only for a clock near the earliest timestamp.
    Timestamp::from_millisecond(now.as_millisecond().saturating_sub(latency)).unwrap_or(now)
}

/// `Retry-After` of a 429 or 503. In a redirect it means something else, and in a success nothing.
fn retry_after(response: &Response) -> Option<Duration> {
    match response.status() {
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => {
            RetryAfter::of(response.headers()).map(|asked| asked.since(SystemTime::now()))
        }
        _ => None,
    }
}
