//! An HTTP receiver that records its requests, and answers as a path or a test says.

mod answer;
mod fault;
mod serve;

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use http::HeaderMap;
use tokio::net::TcpListener;

pub use self::answer::Answer;
pub use self::fault::Fault;
use self::serve::State;
use crate::wait::until;

/// A received request.
#[derive(Debug, Clone)]
pub struct Received {
    /// The method.
    pub method: String,
    /// Path and query.
    pub path: String,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: String,
    /// When all of it had arrived.
    pub arrived: Instant,
    /// The same time by the wall clock.
    pub arrived_at: SystemTime,
    /// The status of the answer, once it is sent; none before, and none if the answer is not HTTP.
    pub answered: Option<u16>,
}

impl Received {
    /// A header's text; empty if there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// Whether the receiver accepted the request: it answered 200 or 202. If Callhook does not get or log that
    /// answer, it sends the report again.
    pub fn is_accepted(&self) -> bool {
        matches!(self.answered, Some(200 | 202))
    }
}

/// A server on a free port of 127.0.0.1 until the test ends. [`Answer::for_path`] lists its paths.
pub struct Receiver {
    address: String,
    state: Arc<State>,
}

impl Receiver {
    /// Starts a server.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address").to_string();
        let state = Arc::<State>::default();
        tokio::spawn(serve::serve(listener, Arc::clone(&state)));
        Self { address, state }
    }

    /// A URL of this server.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Sets the answer to later requests to `path`, which is without a query.
    pub fn set_answer(&self, path: &str, answer: Answer) {
        self.state.answers.lock().unwrap().insert(path.to_owned(), answer);
    }

    /// Undoes [`Receiver::set_answer`].
    pub fn reset_answer(&self, path: &str) {
        self.state.answers.lock().unwrap().remove(path);
    }

    /// The number of requests so far.
    pub fn count(&self) -> usize {
        self.state.received.lock().unwrap().len()
    }

    /// All requests so far.
    pub fn received(&self) -> Vec<Received> {
        self.state.received.lock().unwrap().clone()
    }

    /// The requests to one path so far.
    pub fn received_at(&self, path: &str) -> Vec<Received> {
        self.select(|request| request.path == path)
    }

    /// The accepted requests so far ([`Received::is_accepted`]).
    pub fn accepted(&self) -> Vec<Received> {
        self.select(Received::is_accepted)
    }

    /// Waits for `count` requests; returns all.
    pub async fn wait_for(&self, count: usize, timeout: Duration) -> Vec<Received> {
        let what = format!("{count} requests at {}", self.address);
        until(timeout, &what, async || (self.count() >= count).then(|| self.received())).await
    }

    /// Waits for `count` accepted requests; returns all.
    pub async fn wait_for_accepted(&self, count: usize, timeout: Duration) -> Vec<Received> {
        let what = format!("{count} accepted requests at {}", self.address);
        let enough = || {
            let received = self.state.received.lock().unwrap();
            received.iter().filter(|request| request.is_accepted()).count() >= count
        };
        until(timeout, &what, async || enough().then(|| self.accepted())).await
    }

    fn select(&self, condition: impl Fn(&Received) -> bool) -> Vec<Received> {
        let received = self.state.received.lock().unwrap();
        received.iter().filter(|request| condition(request)).cloned().collect()
    }
}

#[cfg(test)]
mod tests;
