//! reqwest clients and their pooled connections, which may die while Lambda freezes the instance.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use http::header::HeaderValue;
use reqwest::redirect::Policy;
use reqwest::{Client, retry};
use rustls::ClientConfig;

use super::ClientError;
use super::connecting::{CONNECT_TIMEOUT, ConnectionLimit, PooledConnections};
use super::guard::Guard;
use crate::domain::account::AccountId;

/// Idle wall-clock time between invocations after which all connections are dropped. A frozen instance notices neither
/// a receiver that closes (servers do after some seconds) nor a NAT that drops the mapping.
const MAX_IDLE: Duration = Duration::from_secs(1);
/// Below the 60 s after which common servers close an idle connection.
const IDLE_TIMEOUT: Duration = Duration::from_secs(50);
/// Accounts with a client of their own. A client takes a few kilobytes.
const MAX_CLIENTS: usize = 200;
const USER_AGENT: HeaderValue =
    HeaderValue::from_static(concat!("Callhook/", env!("CARGO_PKG_VERSION")));

/// A client with pooled connections for each account, and one client without a pool for all accounts. They share TLS
/// sessions.
pub(super) struct Pool {
    tls: ClientConfig,
    guard: Guard,
    limits: PoolLimits,
    unpooled: Client,
    state: Mutex<PoolState>,
}

/// The most pooled connections.
#[derive(Clone, Copy)]
pub(super) struct PoolLimits {
    pub(super) per_instance: usize,
    pub(super) per_account: usize,
}

struct PoolState {
    clients: HashMap<AccountId, AccountClient>,
    connections: PooledConnections,
    /// Wall-clock time: monotonic clocks may stop while the instance is frozen.
    last_use: SystemTime,
}

/// A client with the pooled connections of one account.
#[derive(Clone)]
pub(super) struct AccountClient {
    pub(super) client: Client,
    pub(super) limit: ConnectionLimit,
}

impl Pool {
    pub(super) fn new(
        tls: ClientConfig,
        guard: Guard,
        limits: PoolLimits,
    ) -> Result<Self, ClientError> {
        let unpooled = client(&tls, &guard, 0, &ConnectionLimit::unbounded())?;
        let (clients, connections) = Default::default();
        let state = Mutex::new(PoolState { clients, connections, last_use: SystemTime::now() });
        Ok(Self { tls, guard, limits, unpooled, state })
    }

    /// The client of an account; `None` if creating it fails.
    pub(super) fn of_account(&self, account: &AccountId) -> Option<AccountClient> {
        let mut state = self.lock();
        if let Some(client) = state.clients.get(account) {
            return Some(client.clone());
        }
        let PoolLimits { per_instance, per_account } = self.limits;
        let limit = ConnectionLimit::at_most(per_account, &state.connections, per_instance);
        let client = client(&self.tls, &self.guard, usize::MAX, &limit)
            .inspect_err(|error| tracing::error!(%error, "failed to create an HTTP client"))
            .ok()?;
        if state.clients.len() >= MAX_CLIENTS {
            state.clients.clear();
        }
        let client = AccountClient { client, limit };
        state.clients.insert(account.clone(), client.clone());
        Some(client)
    }

    /// The client that opens a connection for each request.
    pub(super) fn unpooled(&self) -> &Client {
        &self.unpooled
    }

    /// Records that a request ended at `now`.
    pub(super) fn mark_used(&self, now: SystemTime) {
        self.lock().last_use = now;
    }

    /// Begins an invocation at `now`; returns whether the instance was idle for longer than [`MAX_IDLE`].
    ///
    /// A freeze cannot be detected, so a long idle time drops all clients with their connections. A client near its
    /// connection limit is dropped as well, and all clients if the instance is near its own.
    pub(super) fn wake(&self, now: SystemTime) -> bool {
        let mut state = self.lock();
        // An error means that the clock was set back: the idle time is unknown.
        let was_idle = !now.duration_since(state.last_use).is_ok_and(|idle| idle <= MAX_IDLE);
        if was_idle || state.connections.count() > self.limits.per_instance / 5 * 4 {
            state.clients.clear();
        }
        state.clients.retain(|_, client| !client.limit.is_nearly_reached());
        was_idle
    }

    #[cfg(test)]
    pub(super) fn last_use(&self) -> SystemTime {
        self.lock().last_use
    }

    fn lock(&self) -> MutexGuard<'_, PoolState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn client(
    tls: &ClientConfig,
    guard: &Guard,
    max_idle_per_host: usize,
    limit: &ConnectionLimit,
) -> Result<Client, ClientError> {
    let client = Client::builder()
        .tls_backend_preconfigured(tls.clone())
        .dns_resolver(guard.clone())
        .connector_layer(limit.clone())
        .http1_only()
        // Requests to redirect targets, proxies and automatic retries would be neither checked nor counted.
        .redirect(Policy::none())
        .referer(false)
        .no_proxy()
        .retry(retry::never().max_retries_per_request(0))
        .user_agent(USER_AGENT)
        .connect_timeout(CONNECT_TIMEOUT)
        .pool_idle_timeout(IDLE_TIMEOUT)
        .pool_max_idle_per_host(max_idle_per_host)
        .tcp_keepalive(None::<Duration>)
        .tcp_user_timeout(None::<Duration>)
        // Only the status matters: tolerate malformed headers.
        .http1_allow_obsolete_multiline_headers_in_responses(true)
        .http1_allow_spaces_after_header_name_in_responses(true)
        .http1_ignore_invalid_headers_in_responses(true)
        .build()?;
    Ok(client)
}
