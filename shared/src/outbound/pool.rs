//! The clients that requests go through, and what becomes of their connections while the instance is
//! frozen.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use http::header::HeaderValue;
use reqwest::redirect::Policy;
use reqwest::{Client, retry};
use rustls::ClientConfig;

use super::ClientError;
use super::connecting::{Connections, KeptConnections};
use super::guard::Guard;
use crate::account::AccountId;

/// How long kept connections are trusted without having been used, by the clock on the wall. A frozen
/// instance sees neither a receiver that closes (servers do after some seconds) nor a NAT that forgets.
const TRUSTED: Duration = Duration::from_secs(1);
/// Shorter than the 60 s after which common servers close an idle connection.
const IDLE_TIMEOUT: Duration = Duration::from_secs(50);
/// How long connecting may take: name look-up, TCP and TLS.
pub(super) const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Accounts whose connections are kept. A client takes a few kilobytes.
const MAX_CLIENTS: usize = 200;
/// What receivers see as `user-agent`.
const AGENT: HeaderValue =
    HeaderValue::from_static(concat!("Callhook/", env!("CARGO_PKG_VERSION")));

/// One client for each account, which keeps its connections for the account's next request, and one for all
/// that keeps none. They share TLS sessions.
pub(super) struct Pool {
    tls: ClientConfig,
    guard: Guard,
    limits: KeptLimits,
    unpooled: Client,
    kept: Mutex<Kept>,
}

/// The most connections that are kept.
#[derive(Clone, Copy)]
pub(super) struct KeptLimits {
    /// By the instance.
    pub(super) all: usize,
    /// For one account.
    pub(super) of_account: usize,
}

/// The clients that keep connections.
struct Kept {
    clients: HashMap<AccountId, Keeping>,
    connections: KeptConnections,
    /// By the clock on the wall: others may stand still while the instance is frozen.
    last_use: SystemTime,
}

/// A client with the connections of one account.
#[derive(Clone)]
pub(super) struct Keeping {
    pub(super) client: Client,
    pub(super) connections: Connections,
}

impl Pool {
    pub(super) fn new(
        tls: ClientConfig,
        guard: Guard,
        limits: KeptLimits,
    ) -> Result<Self, ClientError> {
        let unpooled = client(&tls, &guard, 0, &Connections::unbounded())?;
        let (clients, connections) = Default::default();
        let kept = Mutex::new(Kept { clients, connections, last_use: SystemTime::now() });
        Ok(Self { tls, guard, limits, unpooled, kept })
    }

    /// The client that keeps the connections of an account; none if it could not be made.
    pub(super) fn pooled(&self, account: &AccountId) -> Option<Keeping> {
        let mut kept = self.kept();
        if let Some(keeping) = kept.clients.get(account) {
            return Some(keeping.clone());
        }
        let KeptLimits { all, of_account } = self.limits;
        let connections = Connections::at_most(of_account, &kept.connections, all);
        let client = client(&self.tls, &self.guard, usize::MAX, &connections)
            .inspect_err(|error| tracing::error!(%error, "failed to make an HTTP client"))
            .ok()?;
        if kept.clients.len() >= MAX_CLIENTS {
            kept.clients.clear();
        }
        let keeping = Keeping { client, connections };
        kept.clients.insert(account.clone(), keeping.clone());
        Some(keeping)
    }

    /// The client that makes a connection for each request.
    pub(super) fn unpooled(&self) -> &Client {
        &self.unpooled
    }

    /// Notes that a request ended at `now`.
    pub(super) fn used(&self, now: SystemTime) {
        self.kept().last_use = now;
    }

    /// Begins an invocation at `now`. Whether the instance was frozen before cannot be seen, so if it was
    /// idle for long all connections are closed; so are those of a client that has few left to make, and
    /// all if all clients together have.
    /// Gives whether it was.
    pub(super) fn wake(&self, now: SystemTime) -> bool {
        let mut kept = self.kept();
        // A clock that was set back says nothing.
        let is_trusted = now.duration_since(kept.last_use).is_ok_and(|idle| idle <= TRUSTED);
        if !is_trusted || kept.connections.count() > self.limits.all / 5 * 4 {
            kept.clients.clear();
        }
        kept.clients.retain(|_, keeping| !keeping.connections.are_scarce());
        !is_trusted
    }

    #[cfg(test)]
    pub(super) fn last_use(&self) -> SystemTime {
        self.kept().last_use
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
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
