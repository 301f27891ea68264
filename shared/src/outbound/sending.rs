//! The request that a task sends, as its connector and its resolver see it.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Semaphore;
use tokio::task_local;

use super::lookups::Permits;
use crate::account::AccountId;

task_local! {
    static CURRENT: Sending;
}

/// A request that is being sent: which look-ups it may use, and what it waits for. A timeout is explained by
/// that.
#[derive(Clone)]
pub(super) struct Sending(Arc<State>);

struct State {
    account: AccountId,
    share: Arc<Semaphore>,
    was_sent: AtomicBool,
    is_connecting: AtomicBool,
    queueing: Mutex<Queueing>,
    lookup: Mutex<Option<Permits>>,
    address: Mutex<Option<SocketAddr>>,
}

/// The wait for a look-up that other requests hold.
#[derive(Default)]
struct Queueing {
    since: Option<Instant>,
    /// All waits that are over.
    total: Duration,
}

impl Sending {
    /// A request of an account with `share` of the look-ups.
    pub(super) fn new(account: AccountId, share: Arc<Semaphore>) -> Self {
        let (was_sent, is_connecting, queueing, lookup, address) = Default::default();
        Self(Arc::new(State { account, share, was_sent, is_connecting, queueing, lookup, address }))
    }

    /// The request that this task sends. Connectors and resolvers are first polled by the request that needs
    /// them.
    pub(super) fn current() -> Option<Self> {
        CURRENT.try_with(Self::clone).ok()
    }

    /// Makes this the current request of `sending`.
    pub(super) fn follow<F: Future>(&self, sending: F) -> impl Future<Output = F::Output> + use<F> {
        CURRENT.scope(self.clone(), sending)
    }

    pub(super) fn account(&self) -> &AccountId {
        &self.0.account
    }

    /// Notes that the receiver may have read a copy: what follows is no congestion.
    pub(super) fn set_sent(&self) {
        self.0.was_sent.store(true, Ordering::Relaxed);
    }

    pub(super) fn was_sent(&self) -> bool {
        self.0.was_sent.load(Ordering::Relaxed)
    }

    /// The look-ups of its account.
    pub(super) fn share(&self) -> &Arc<Semaphore> {
        &self.0.share
    }

    /// Keeps the right to a look-up for the next that it needs.
    pub(super) fn set_lookup(&self, lookup: Permits) {
        *self.0.lookup.lock().unwrap_or_else(PoisonError::into_inner) = Some(lookup);
    }

    pub(super) fn take_lookup(&self) -> Option<Permits> {
        self.0.lookup.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Whether it waits for a connection of its own.
    pub(super) fn is_connecting(&self) -> bool {
        self.0.is_connecting.load(Ordering::Relaxed)
    }

    pub(super) fn set_connecting(&self, is_connecting: bool) {
        self.0.is_connecting.store(is_connecting, Ordering::Relaxed);
    }

    /// The address of the last connection that was made for it.
    pub(super) fn address(&self) -> Option<SocketAddr> {
        *self.0.address.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn set_address(&self, address: Option<SocketAddr>) {
        *self.0.address.lock().unwrap_or_else(PoisonError::into_inner) = address;
    }

    /// Notes the time of `waiting` for a look-up as no time of the receiver.
    pub(super) async fn queueing<F: Future>(&self, waiting: F) -> F::Output {
        self.lock().since = Some(Instant::now());
        let output = waiting.await;
        let mut queueing = self.lock();
        let waited = queueing.since.take().map(|since| since.elapsed());
        queueing.total += waited.unwrap_or_default();
        output
    }

    /// Whether it waits for a look-up now.
    pub(super) fn is_queueing(&self) -> bool {
        self.lock().since.is_some()
    }

    /// How long it has waited for look-ups.
    pub(super) fn queued_for(&self) -> Duration {
        self.lock().total
    }

    fn lock(&self) -> MutexGuard<'_, Queueing> {
        self.0.queueing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
