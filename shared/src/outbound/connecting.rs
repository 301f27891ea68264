//! Watches a client connect: how many connections it has made, and what a request waits for.

use std::future::{Future, ready};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{Context, Poll};

use tokio::task_local;
use tower::{BoxError, Layer, Service};

task_local! {
    /// Of the request that a task sends.
    static PROGRESS: Progress;
}

/// Whether a request waits for a connection of its own. A timeout is explained by it.
#[derive(Clone, Default)]
pub(super) struct Progress(Arc<AtomicBool>);

impl Progress {
    /// Follows the request that `sending` sends.
    pub(super) fn follow<F: Future>(&self, sending: F) -> impl Future<Output = F::Output> {
        PROGRESS.scope(self.clone(), sending)
    }

    pub(super) fn is_connecting(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    fn set(&self, is_connecting: bool) {
        self.0.store(is_connecting, Ordering::Relaxed);
    }
}

/// Counts the connections of a client, and makes no more than `max`.
///
/// reqwest does not tell when a connection is closed. Those that certainly are do not stay counted
/// ([`Connections::closed`]), all others do: no client has more than `max` connections open, and one that
/// has made them all is to be replaced.
#[derive(Clone)]
pub(super) struct Connections {
    made: Arc<AtomicUsize>,
    max: usize,
}

/// A client has made all the connections that it may.
#[derive(Debug, thiserror::Error)]
#[error("the client has made all its connections")]
pub(super) struct NoConnectionLeft;

impl Connections {
    pub(super) fn at_most(max: usize) -> Self {
        Self { made: Arc::default(), max }
    }

    /// Whether more than half of the connections were made.
    pub(super) fn are_scarce(&self) -> bool {
        self.made.load(Ordering::Relaxed) > self.max / 2
    }

    /// Notes that one of the connections is closed.
    pub(super) fn closed(&self) {
        let one_less = |made: usize| Some(made.saturating_sub(1));
        // It never fails: there is always a new value.
        let _ = self.made.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_less);
    }

    fn count(&self) -> Option<Counted> {
        let counted = Counted(Some(Arc::clone(&self.made)));
        (self.made.fetch_add(1, Ordering::Relaxed) < self.max).then_some(counted)
    }
}

/// Counts a connection; no longer if it is dropped before the connection was made.
struct Counted(Option<Arc<AtomicUsize>>);

impl Counted {
    fn keep(mut self) {
        self.0 = None;
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        if let Some(made) = &self.0 {
            made.fetch_sub(1, Ordering::Relaxed);
        }
    }
}

impl<S> Layer<S> for Connections {
    type Service = Watched<S>;

    fn layer(&self, connector: S) -> Watched<S> {
        Watched { connector, connections: self.clone() }
    }
}

/// A connector that is watched.
#[derive(Clone)]
pub(super) struct Watched<S> {
    connector: S,
    connections: Connections,
}

impl<S, R> Service<R> for Watched<S>
where
    S: Service<R, Error = BoxError>,
    S::Future: Send + 'static,
    S::Response: Send + 'static,
{
    type Response = S::Response;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.connector.poll_ready(cx)
    }

    fn call(&mut self, to: R) -> Self::Future {
        let Some(counted) = self.connections.count() else {
            return Box::pin(ready(Err(NoConnectionLeft.into())));
        };
        // A connector is first called by the request that waits for it. If another connection
        // becomes free for that request, the rest goes on in a task of its own.
        let progress = PROGRESS.try_with(Progress::clone).unwrap_or_default();
        progress.set(true);
        let connecting = self.connector.call(to);
        Box::pin(async move {
            let connected = connecting.await;
            progress.set(false);
            if connected.is_ok() {
                counted.keep();
            }
            connected
        })
    }
}
