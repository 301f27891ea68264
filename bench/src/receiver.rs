//! HTTP receivers on loopback.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use tokio::time::sleep;

use crate::Failure;
use crate::http::{answer, serve};

/// A receiver that accepts requests, except for a share that it may reject.
pub(crate) struct Receiver {
    address: SocketAddr,
    counts: Arc<Counts>,
}

#[derive(Default)]
struct Counts {
    accepted: AtomicU64,
    rejected: AtomicU64,
    bytes: AtomicU64,
    last: Mutex<Bytes>,
}

impl Receiver {
    /// Starts a receiver that answers after `latency`, and rejects each `nth` request if given.
    pub(crate) async fn start(latency: Duration, nth: Option<u64>) -> Result<Self, Failure> {
        let counts = Arc::new(Counts::default());
        let shared = Arc::clone(&counts);
        let requests = AtomicU64::new(1);
        let handler = move |_, body: Bytes| {
            let number = requests.fetch_add(1, Ordering::Relaxed);
            let is_rejected = nth.is_some_and(|nth| number.is_multiple_of(nth));
            let count = if is_rejected { &shared.rejected } else { &shared.accepted };
            count.fetch_add(1, Ordering::Relaxed);
            shared.bytes.fetch_add(body.len() as u64, Ordering::Relaxed);
            *shared.last.lock().unwrap_or_else(PoisonError::into_inner) = body;
            async move {
                if !latency.is_zero() {
                    sleep(latency).await;
                }
                let status =
                    if is_rejected { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK };
                answer(status, Bytes::new())
            }
        };
        Ok(Self { address: serve(handler, None).await?, counts })
    }

    /// A URL of the receiver.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}/{path}", self.address)
    }

    /// The number of accepted requests.
    pub(crate) fn accepted(&self) -> u64 {
        self.counts.accepted.load(Ordering::Relaxed)
    }

    /// The body of the last request.
    pub(crate) fn last_body(&self) -> Bytes {
        self.counts.last.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The total size of all bodies, in bytes.
    pub(crate) fn bytes(&self) -> u64 {
        self.counts.bytes.load(Ordering::Relaxed)
    }
}
