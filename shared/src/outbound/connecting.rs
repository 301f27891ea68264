//! Counts the connections of reqwest clients, and tells the current request about its connection.

use std::future::{Future, ready};
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use http::Extensions;
use hyper_util::client::legacy::connect::{Connection, HttpInfo};
use tower::{BoxError, Layer, Service};

use super::send_context::SendContext;

/// Timeout of connecting: DNS lookup, TCP and TLS.
pub(super) const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// The number of connections in all pools of an instance.
#[derive(Clone, Default)]
pub(super) struct PooledConnections(Arc<AtomicUsize>);

impl PooledConnections {
    pub(super) fn count(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

/// The connection limit of a client, and of all clients of the instance together.
///
/// reqwest does not report closed connections. The count falls only for those that are certainly closed
/// ([`ConnectionLimit::mark_closed`]), so it may be too high: a client never has more than `max` connections open, and
/// is replaced once it has made nearly all. Dropping the client closes its connections.
#[derive(Clone)]
pub(super) struct ConnectionLimit(Arc<Counts>);

struct Counts {
    count: AtomicUsize,
    max: usize,
    all: PooledConnections,
    max_of_all: usize,
}

/// The client has made all connections that it may make.
#[derive(Debug, thiserror::Error)]
#[error("the client has reached its connection limit")]
pub(super) struct LimitReached;

impl ConnectionLimit {
    /// Allows `max` connections, while `all` are at most `max_of_all`.
    pub(super) fn at_most(max: usize, all: &PooledConnections, max_of_all: usize) -> Self {
        Self(Arc::new(Counts { count: AtomicUsize::new(0), max, all: all.clone(), max_of_all }))
    }

    /// The limit of a client that pools no connections.
    pub(super) fn unbounded() -> Self {
        Self::at_most(usize::MAX, &PooledConnections::default(), usize::MAX)
    }

    /// Whether the client has made more than four fifths of its connections. An account never has more requests in
    /// flight than that, so its connections stay pooled at its full rate.
    pub(super) fn is_nearly_reached(&self) -> bool {
        self.0.count.load(Ordering::Relaxed) > self.0.max / 5 * 4
    }

    /// Records that one of the connections is closed.
    pub(super) fn mark_closed(&self) {
        let one_less = |count: usize| count.checked_sub(1);
        if self.0.count.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_less).is_ok() {
            self.0.all.0.fetch_sub(1, Ordering::Relaxed);
        }
    }

    fn reserve(&self) -> Option<Reservation> {
        let counts = &self.0;
        counts.count.fetch_add(1, Ordering::Relaxed);
        counts.all.0.fetch_add(1, Ordering::Relaxed);
        let reservation = Reservation(Some(self.clone()));
        let fits = counts.count.load(Ordering::Relaxed) <= counts.max
            && counts.all.count() <= counts.max_of_all;
        fits.then_some(reservation)
    }
}

impl Drop for Counts {
    fn drop(&mut self) {
        self.all.0.fetch_sub(*self.count.get_mut(), Ordering::Relaxed);
    }
}

/// A connection being made. Dropping it without [`confirm`](Self::confirm) lowers the count again.
struct Reservation(Option<ConnectionLimit>);

impl Reservation {
    fn confirm(mut self) {
        self.0 = None;
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        if let Some(limit) = &self.0 {
            limit.mark_closed();
        }
    }
}

impl<S> Layer<S> for ConnectionLimit {
    type Service = CountingConnector<S>;

    fn layer(&self, connector: S) -> CountingConnector<S> {
        CountingConnector { connector, limit: self.clone() }
    }
}

/// A connector that counts its connections.
#[derive(Clone)]
pub(super) struct CountingConnector<S> {
    connector: S,
    limit: ConnectionLimit,
}

impl<S, R> Service<R> for CountingConnector<S>
where
    S: Service<R, Error = BoxError>,
    S::Future: Send + 'static,
    S::Response: Connection + Send + 'static,
{
    type Response = S::Response;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.connector.poll_ready(cx)
    }

    fn call(&mut self, to: R) -> Self::Future {
        let Some(reservation) = self.limit.reserve() else {
            return Box::pin(ready(Err(LimitReached.into())));
        };
        // Read now: if a pooled connection becomes free for the request, connecting goes on in another task.
        let context = SendContext::current();
        if let Some(context) = &context {
            context.set_connecting(true);
            context.set_address(None);
        }
        let connecting = self.connector.call(to);
        Box::pin(async move {
            let connected = connecting.await;
            if let Some(context) = context {
                context.set_connecting(false);
                context.set_address(connected.as_ref().ok().and_then(remote_address));
            }
            if connected.is_ok() {
                reservation.confirm();
            }
            connected
        })
    }
}

fn remote_address(connection: &impl Connection) -> Option<SocketAddr> {
    let mut extensions = Extensions::new();
    connection.connected().get_extras(&mut extensions);
    extensions.get().map(HttpInfo::remote_addr)
}
