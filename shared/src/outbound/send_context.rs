//! Task-local state of the request being sent, for the connector and the resolver.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task_local;

use crate::domain::account::AccountId;

task_local! {
    static CURRENT: SendContext;
}

/// The state of one request: which lookup permits it may use, and what it waits for. The latter explains a timeout.
#[derive(Clone)]
pub(super) struct SendContext(Arc<State>);

struct State {
    account: AccountId,
    account_lookups: Arc<Semaphore>,
    was_sent: AtomicBool,
    is_connecting: AtomicBool,
    lookup_wait: Mutex<LookupWait>,
    reserved_lookup: Mutex<Option<LookupPermits>>,
    address: Mutex<Option<SocketAddr>>,
}

/// The permits of one lookup: one of the account's and one of the instance's. Dropping it releases both.
pub(super) struct LookupPermits(
    #[expect(dead_code, reason = "held")] pub(super) OwnedSemaphorePermit,
    #[expect(dead_code, reason = "held")] pub(super) OwnedSemaphorePermit,
);

/// Time spent waiting for lookup permits.
#[derive(Default)]
struct LookupWait {
    /// Start of the current wait.
    since: Option<Instant>,
    /// Total of the ended waits.
    total: Duration,
}

impl SendContext {
    pub(super) fn new(account: AccountId, account_lookups: Arc<Semaphore>) -> Self {
        let (was_sent, is_connecting, lookup_wait, reserved_lookup, address) = Default::default();
        Self(Arc::new(State {
            account,
            account_lookups,
            was_sent,
            is_connecting,
            lookup_wait,
            reserved_lookup,
            address,
        }))
    }

    /// The context of the current task. The request that needs a connector or resolver polls it first, in its own
    /// task.
    pub(super) fn current() -> Option<Self> {
        CURRENT.try_with(Self::clone).ok()
    }

    /// Runs `sending` with this context.
    pub(super) fn scope<F: Future>(&self, sending: F) -> impl Future<Output = F::Output> + use<F> {
        CURRENT.scope(self.clone(), sending)
    }

    pub(super) fn account(&self) -> &AccountId {
        &self.0.account
    }

    /// Records that the receiver may have read the request: later failures count as attempts, not as congestion.
    pub(super) fn set_sent(&self) {
        self.0.was_sent.store(true, Ordering::Relaxed);
    }

    pub(super) fn was_sent(&self) -> bool {
        self.0.was_sent.load(Ordering::Relaxed)
    }

    /// The lookup permits of its account.
    pub(super) fn account_lookups(&self) -> &Arc<Semaphore> {
        &self.0.account_lookups
    }

    /// Stores permits for the next lookup of the request.
    pub(super) fn reserve_lookup(&self, permits: LookupPermits) {
        *self.0.reserved_lookup.lock().unwrap_or_else(PoisonError::into_inner) = Some(permits);
    }

    pub(super) fn take_reserved_lookup(&self) -> Option<LookupPermits> {
        self.0.reserved_lookup.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Whether a connection is being made for the request.
    pub(super) fn is_connecting(&self) -> bool {
        self.0.is_connecting.load(Ordering::Relaxed)
    }

    pub(super) fn set_connecting(&self, is_connecting: bool) {
        self.0.is_connecting.store(is_connecting, Ordering::Relaxed);
    }

    /// The remote address of the last connection that was made for the request.
    pub(super) fn address(&self) -> Option<SocketAddr> {
        *self.0.address.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn set_address(&self, address: Option<SocketAddr>) {
        *self.0.address.lock().unwrap_or_else(PoisonError::into_inner) = address;
    }

    /// Measures a wait for lookup permits, which does not count against the receiver's timeout.
    pub(super) async fn measure_lookup_wait<F: Future>(&self, waiting: F) -> F::Output {
        self.lock().since = Some(Instant::now());
        let output = waiting.await;
        let mut wait = self.lock();
        let waited = wait.since.take().map(|since| since.elapsed());
        wait.total += waited.unwrap_or_default();
        output
    }

    pub(super) fn is_waiting_for_lookup(&self) -> bool {
        self.lock().since.is_some()
    }

    /// The total of its ended waits for lookup permits.
    pub(super) fn lookup_wait(&self) -> Duration {
        self.lock().total
    }

    fn lock(&self) -> MutexGuard<'_, LookupWait> {
        self.0.lookup_wait.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
