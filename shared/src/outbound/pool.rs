//! The clients that requests go through, and what becomes of their connections while the instance is
//! frozen.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use http::header::HeaderValue;
use reqwest::redirect::Policy;
use reqwest::{Client, retry};
use rustls::ClientConfig;

use super::ClientError;
use super::connecting::Connections;
use super::guard::Guard;

/// How long kept connections are trusted without having been used, by the clock on the wall. A frozen
/// instance sees neither a receiver that closes (servers do after some seconds) nor a NAT that forgets.
const TRUSTED: Duration = Duration::from_secs(1);
/// Shorter than the 60 s after which common servers close an idle connection.
const IDLE_TIMEOUT: Duration = Duration::from_secs(50);
/// How long connecting may take: name look-up, TCP and TLS.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// What receivers see as `user-agent`.
const AGENT: HeaderValue =
    HeaderValue::from_static(concat!("Callhook/", env!("CARGO_PKG_VERSION")));

/// Two clients: one keeps its connections for the next request, the other keeps none. They share TLS
/// sessions.
pub(super) struct Pool {
    tls: ClientConfig,
    guard: Guard,
    max_kept: usize,
    unpooled: Client,
    kept: Mutex<Kept>,
}

/// The client that keeps connections, until another takes its place.
struct Kept {
    client: Client,
    connections: Connections,
    /// By the clock on the wall: others may stand still while the instance is frozen.
    last_use: SystemTime,
}

impl Pool {
    /// Keeps at most `max_kept` connections.
    pub(super) fn new(
        tls: ClientConfig,
        guard: Guard,
        max_kept: usize,
    ) -> Result<Self, ClientError> {
        let unpooled = client(&tls, &guard, 0, &Connections::at_most(usize::MAX))?;
        let kept = Mutex::new(Kept::new(&tls, &guard, max_kept)?);
        Ok(Self { tls, guard, max_kept, unpooled, kept })
    }

    /// The client that keeps connections, and their count.
    pub(super) fn pooled(&self) -> (Client, Connections) {
        let kept = self.kept();
        (kept.client.clone(), kept.connections.clone())
    }

    /// The client that makes a connection for each request.
    pub(super) fn unpooled(&self) -> &Client {
        &self.unpooled
    }

    /// Notes that a request ended at `now`.
    pub(super) fn used(&self, now: SystemTime) {
        self.kept().last_use = now;
    }

    /// Begins an invocation at `now`. Whether the instance was frozen before cannot be seen, so a client
    /// that was idle for long is replaced, and its connections are closed; so is one that has few
    /// connections left to make.
    pub(super) fn wake(&self, now: SystemTime) {
        let mut kept = self.kept();
        // A clock that was set back says nothing.
        let is_trusted = now.duration_since(kept.last_use).is_ok_and(|idle| idle <= TRUSTED);
        if is_trusted && !kept.connections.are_scarce() {
            return;
        }
        match Kept::new(&self.tls, &self.guard, self.max_kept) {
            Ok(fresh) => *kept = fresh,
            // Not with what made a client before. Requests go out without kept connections then.
            Err(error) => {
                tracing::error!(%error, "failed to replace the HTTP client");
                kept.client = self.unpooled.clone();
            }
        }
    }

    #[cfg(test)]
    pub(super) fn last_use(&self) -> SystemTime {
        self.kept().last_use
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn new(tls: &ClientConfig, guard: &Guard, max_kept: usize) -> Result<Self, ClientError> {
        let connections = Connections::at_most(max_kept);
        let client = client(tls, guard, usize::MAX, &connections)?;
        Ok(Self { client, connections, last_use: SystemTime::now() })
    }
}

/// A client without connections.
fn client(
    tls: &ClientConfig,
    guard: &Guard,
    max_idle_per_host: usize,
    connections: &Connections,
) -> Result<Client, ClientError> {
    let client = Client::builder()
        .tls_backend_preconfigured(tls.clone())
        .dns_resolver(guard.clone())
        .connector_layer(connections.clone())
        .http1_only()
        // What follows a redirect, a proxy or a policy of retries would be requests that are
        // neither checked nor counted.
        .redirect(Policy::none())
        .referer(false)
        .no_proxy()
        .retry(retry::never().max_retries_per_request(0))
        .user_agent(AGENT)
        .connect_timeout(CONNECT_TIMEOUT)
        .pool_idle_timeout(IDLE_TIMEOUT)
        .pool_max_idle_per_host(max_idle_per_host)
        .tcp_keepalive(None::<Duration>)
        .tcp_user_timeout(None::<Duration>)
        // What counts is the status: whatever else of a head can be passed over is.
        .http1_allow_obsolete_multiline_headers_in_responses(true)
        .http1_allow_spaces_after_header_name_in_responses(true)
        .http1_ignore_invalid_headers_in_responses(true)
        .build()?;
    Ok(client)
}
