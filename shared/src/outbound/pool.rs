//! Connections that are kept for the next request, and what becomes of them while the instance
//! is frozen.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http_body_util::Full;
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::ClientConfig;

use super::connector::{Connector, Network, connector};
use super::wire::{Connections, Invocation};

/// A pool of connections, and the requests over them.
///
/// A request whose kept connection turns out to be closed before anything was written is moved
/// to another one here already, as often as it takes.
pub(super) type Pool = Client<Connector, Full<Bytes>>;

/// How long kept connections are trusted without having been used. A frozen instance sees neither
/// a peer that closes (servers do after 5 s and more) nor a NAT that forgets.
const TRUSTED: Duration = Duration::from_secs(10);
/// Shorter than the 60 s after which common servers close an idle connection.
const IDLE_TIMEOUT: Duration = Duration::from_secs(50);
/// The most that hyper buffers of a response, and so the largest head.
const MAX_BUFFER_BYTES: usize = 16 * 1024;

/// The pool of now, to be replaced by a new one when its connections are not trusted any more.
pub(super) struct Pools {
    tls: Arc<ClientConfig>,
    connections: Arc<Connections>,
    network: Network,
    state: Mutex<State>,
}

struct State {
    pool: Arc<Pool>,
    /// By the clock on the wall: others may stand still while the instance is frozen.
    last_use: SystemTime,
}

impl Pools {
    pub(super) fn new(tls: Arc<ClientConfig>, max_kept: usize, network: Network) -> Self {
        let connections = Arc::new(Connections::new(max_kept));
        let pool = pool(&tls, &connections, &network);
        let state = Mutex::new(State { pool, last_use: SystemTime::now() });
        Self { tls, connections, network, state }
    }

    /// An invocation begins at `now`. Whether the instance was frozen before cannot be seen, so
    /// connections that were not used for long are dropped, and the others are suspects.
    pub(super) fn wake(&self, now: SystemTime) {
        self.connections.begin_invocation();
        let mut state = self.state();
        // A clock that was set back says nothing.
        if now.duration_since(state.last_use).is_ok_and(|unused| unused <= TRUSTED) {
            return;
        }
        state.pool = self.new_pool();
    }

    /// The pool to use now, and the invocation that it is used in.
    pub(super) fn current(&self) -> (Arc<Pool>, Invocation) {
        (Arc::clone(&self.state().pool), self.connections.invocation())
    }

    /// The pool to use now that one of the connections of `stale` was found dead: the first to
    /// find one replaces the pool for all.
    pub(super) fn fresh_instead_of(&self, stale: &Arc<Pool>) -> Arc<Pool> {
        let mut state = self.state();
        if Arc::ptr_eq(&state.pool, stale) {
            state.pool = self.new_pool();
        }
        Arc::clone(&state.pool)
    }

    /// A request has ended at `now`.
    pub(super) fn used(&self, now: SystemTime) {
        self.state().last_use = now;
    }

    fn new_pool(&self) -> Arc<Pool> {
        pool(&self.tls, &self.connections, &self.network)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A pool without connections. All share their TLS sessions, so that new connections resume them.
fn pool(tls: &Arc<ClientConfig>, connections: &Arc<Connections>, network: &Network) -> Arc<Pool> {
    let connector = connector(Arc::clone(tls), Arc::clone(connections), network.clone());
    let pool = Client::builder(TokioExecutor::new())
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(IDLE_TIMEOUT)
        .http1_max_buf_size(MAX_BUFFER_BYTES)
        .build(connector);
    Arc::new(pool)
}
