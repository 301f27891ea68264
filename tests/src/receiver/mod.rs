//! A client's HTTP server: keeps what it gets, and answers as a path or a test says.

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

/// A request as it came in.
#[derive(Debug, Clone)]
pub struct Received {
    /// The method.
    pub method: String,
    /// Path and query.
    pub path: String,
    /// The headers.
    pub headers: HeaderMap,
    /// The exact body.
    pub body: String,
    /// When it was there in full.
    pub arrived: Instant,
    /// The same by the clock on the wall.
    pub arrived_at: SystemTime,
    /// The status of its answer, once that was on its way; none while it waits, and for what was
    /// not answered with HTTP.
    pub answered: Option<u16>,
}

impl Received {
    /// A header's text; empty if there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// Whether this client has the report now: its answer was one that says so. Callhook may
    /// have lost that answer, and then sends the report again.
    pub fn is_taken(&self) -> bool {
        matches!(self.answered, Some(200 | 202))
    }
}

/// A server on a free port of 127.0.0.1, gone with the test. [`Answer::to`] lists what its paths
/// answer.
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

    /// From now on, all requests to `path` (without a query) are answered so, whatever the path
    /// says; those that wait already are not concerned.
    pub fn set_answer(&self, path: &str, answer: Answer) {
        self.state.answers.lock().unwrap().insert(path.to_owned(), answer);
    }

    /// Undoes [`Receiver::set_answer`].
    pub fn reset_answer(&self, path: &str) {
        self.state.answers.lock().unwrap().remove(path);
    }

    /// How many requests there were so far.
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

    /// The requests so far after which this client has the report ([`Received::is_taken`]).
    pub fn taken(&self) -> Vec<Received> {
        self.select(Received::is_taken)
    }

    /// Waits for `count` requests; fails with what came instead.
    pub async fn wait_for(&self, count: usize, patience: Duration) -> Vec<Received> {
        let what = format!("{count} requests at {}", self.address);
        until(patience, &what, async || (self.count() >= count).then(|| self.received())).await
    }

    /// Waits until `count` requests are taken.
    pub async fn wait_for_taken(&self, count: usize, patience: Duration) -> Vec<Received> {
        let what = format!("{count} taken requests at {}", self.address);
        let enough = || {
            let received = self.state.received.lock().unwrap();
            received.iter().filter(|request| request.is_taken()).count() >= count
        };
        until(patience, &what, async || enough().then(|| self.taken())).await
    }

    fn select(&self, condition: impl Fn(&Received) -> bool) -> Vec<Received> {
        let received = self.state.received.lock().unwrap();
        received.iter().filter(|request| condition(request)).cloned().collect()
    }
}

#[cfg(test)]
mod tests;
