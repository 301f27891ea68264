//! Clients: real HTTP receivers on loopback.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use tokio::time::sleep;

use crate::Failure;
use crate::http::{answer, serve};

/// A client that takes what it gets.
pub(crate) struct Receiver {
    address: SocketAddr,
    counts: Arc<Counts>,
}

#[derive(Default)]
struct Counts {
    taken: AtomicU64,
    refused: AtomicU64,
    bytes: AtomicU64,
    last: Mutex<Bytes>,
}

impl Receiver {
    /// One that answers after `latency`, and refuses each `nth` request if there is one.
    pub(crate) async fn start(latency: Duration, nth: Option<u64>) -> Result<Self, Failure> {
        let counts = Arc::new(Counts::default());
        let shared = Arc::clone(&counts);
        let requests = AtomicU64::new(1);
        let handler = move |_, body: Bytes| {
            let number = requests.fetch_add(1, Ordering::Relaxed);
            let is_refused = nth.is_some_and(|nth| number.is_multiple_of(nth));
            let count = if is_refused { &shared.refused } else { &shared.taken };
            count.fetch_add(1, Ordering::Relaxed);
            shared.bytes.fetch_add(body.len() as u64, Ordering::Relaxed);
            *shared.last.lock().unwrap_or_else(PoisonError::into_inner) = body;
            async move {
                if !latency.is_zero() {
                    sleep(latency).await;
                }
                let status =
                    if is_refused { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK };
                answer(status, Bytes::new())
            }
        };
        Ok(Self { address: serve(handler, None).await?, counts })
    }

    /// A URL of it.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}/{path}", self.address)
    }

    /// How many requests it has taken.
    pub(crate) fn taken(&self) -> u64 {
        self.counts.taken.load(Ordering::Relaxed)
    }

    /// The body that came last.
    pub(crate) fn last(&self) -> Bytes {
        self.counts.last.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How many bytes of bodies it has got.
    pub(crate) fn bytes(&self) -> u64 {
        self.counts.bytes.load(Ordering::Relaxed)
    }
}
