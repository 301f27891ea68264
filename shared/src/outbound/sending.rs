//! The request that a task sends, as its connector and its resolver see it.

use std::future::Future;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Semaphore;
use tokio::task_local;

task_local! {
    static CURRENT: Sending;
}

/// A request that is being sent: which look-ups it may use, and what it waits for. A timeout is explained by
/// that.
#[derive(Clone)]
pub(super) struct Sending(Arc<State>);

struct State {
    share: Arc<Semaphore>,
    is_connecting: AtomicBool,
    queueing: Mutex<Queueing>,
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
    pub(super) fn new(share: Arc<Semaphore>) -> Self {
        let (is_connecting, queueing) = Default::default();
        Self(Arc::new(State { share, is_connecting, queueing }))
    }

    /// The request that this task sends.
    pub(super) fn current() -> Self {
        // Connectors and resolvers are first polled by the request that needs them.
        CURRENT.try_with(Self::clone).unwrap_or_else(|_| Self::new(Arc::new(Semaphore::new(1))))
    }

    /// Makes this the current request of `sending`.
    pub(super) fn follow<F: Future>(&self, sending: F) -> impl Future<Output = F::Output> + use<F> {
        CURRENT.scope(self.clone(), sending)
    }

    /// The look-ups of its account.
    pub(super) fn share(&self) -> &Arc<Semaphore> {
        &self.0.share
    }

    /// Whether it waits for a connection of its own.
    pub(super) fn is_connecting(&self) -> bool {
        self.0.is_connecting.load(Ordering::Relaxed)
    }

    pub(super) fn set_connecting(&self, is_connecting: bool) {
        self.0.is_connecting.store(is_connecting, Ordering::Relaxed);
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
