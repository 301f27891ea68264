//! Watches a client connect: how many connections it has made, where they lead, and whether a request waits for one.

use std::future::{Future, ready};
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use http::Extensions;
use hyper_util::client::legacy::connect::{Connection, HttpInfo};
use tower::{BoxError, Layer, Service};

use super::sending::Sending;

/// The connections that all clients of an instance keep.
#[derive(Clone, Default)]
pub(super) struct KeptConnections(Arc<AtomicUsize>);

impl KeptConnections {
    /// How many were made and not given up.
    pub(super) fn count(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

/// Counts the connections of a client, and makes no more than `max`, nor more than all clients together may
/// keep.
///
/// reqwest does not tell when a connection is closed. Those that certainly are do not stay counted
/// ([`Connections::closed`]), all others do: no client has more than `max` connections open, and one that
/// has made them all is to be replaced. With the client its connections end.
#[derive(Clone)]
pub(super) struct Connections(Arc<Made>);

struct Made {
    count: AtomicUsize,
    max: usize,
    all: KeptConnections,
    max_of_all: usize,
}

/// A client has made all the connections that it may.
#[derive(Debug, thiserror::Error)]
#[error("the client has made all its connections")]
pub(super) struct NoConnectionLeft;

impl Connections {
    /// At most `max` connections, while `all` are at most `max_of_all`.
    pub(super) fn at_most(max: usize, all: &KeptConnections, max_of_all: usize) -> Self {
        Self(Arc::new(Made { count: AtomicUsize::new(0), max, all: all.clone(), max_of_all }))
    }

    /// For a client that keeps no connection.
    pub(super) fn unbounded() -> Self {
        Self::at_most(usize::MAX, &KeptConnections::default(), usize::MAX)
    }

    /// Whether more than four fifths of the connections were made. What an account has in flight at most is no more
    /// than that, so that its connections are kept when it sends as much as it may.
    pub(super) fn are_scarce(&self) -> bool {
        self.0.count.load(Ordering::Relaxed) > self.0.max / 5 * 4
    }

    /// Notes that one of the connections is closed.
    pub(super) fn closed(&self) {
        let one_less = |count: usize| count.checked_sub(1);
        if self.0.count.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_less).is_ok() {
            self.0.all.0.fetch_sub(1, Ordering::Relaxed);
        }
    }

    fn count(&self) -> Option<Counted> {
        let made = &self.0;
        made.count.fetch_add(1, Ordering::Relaxed);
        made.all.0.fetch_add(1, Ordering::Relaxed);
        // It is no longer counted if it is dropped.
        let counted = Counted(Some(self.clone()));
        let fits =
            made.count.load(Ordering::Relaxed) <= made.max && made.all.count() <= made.max_of_all;
        fits.then_some(counted)
    }
}

impl Drop for Made {
    fn drop(&mut self) {
        self.all.0.fetch_sub(*self.count.get_mut(), Ordering::Relaxed);
    }
}

/// Counts a connection; no longer if it is dropped before the connection was made.
struct Counted(Option<Connections>);

impl Counted {
    fn keep(mut self) {
        self.0 = None;
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        if let Some(connections) = &self.0 {
            connections.closed();
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
    S::Response: Connection + Send + 'static,
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
        // If another connection becomes free for the request, the rest goes on in a task of its own.
        let sending = Sending::current();
        if let Some(sending) = &sending {
            sending.set_connecting(true);
            sending.set_address(None);
        }
        let connecting = self.connector.call(to);
        Box::pin(async move {
            let connected = connecting.await;
            if let Some(sending) = sending {
                sending.set_connecting(false);
                sending.set_address(connected.as_ref().ok().and_then(address_of));
            }
            if connected.is_ok() {
                counted.keep();
            }
            connected
        })
    }
}

/// Where a connection leads.
fn address_of(connection: &impl Connection) -> Option<SocketAddr> {
    let mut noted = Extensions::new();
    connection.connected().get_extras(&mut noted);
    noted.get().map(HttpInfo::remote_addr)
}
