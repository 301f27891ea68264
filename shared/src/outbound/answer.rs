//! What is kept of an answer once its status is known.

use std::net::SocketAddr;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::Version;
use reqwest::Response;
use tokio::time::timeout;

use crate::delivery::{Attempt, HttpVersion, ResponseHeaders};
use crate::request::HeaderCapture;

/// How much of a body is read: enough to keep the connection after a short answer.
const MAX_BODY_BYTES: usize = 16 * 1024;
/// How long a body is waited for, once the status is known.
const BODY_TIMEOUT: Duration = Duration::from_secs(2);

/// An answer beside its status. Without one it is empty.
#[derive(Default)]
pub(super) struct Answer {
    /// Where it came from.
    pub(super) address: Option<SocketAddr>,
    pub(super) http: HttpVersion,
    pub(super) headers: Option<ResponseHeaders>,
    pub(super) body: BodyBeginning,
}

/// The beginning of a body.
#[derive(Default)]
pub(super) struct BodyBeginning {
    pub(super) bytes: Bytes,
    /// Whether there was, or may have been, more.
    pub(super) is_cut: bool,
    /// The bytes that were read.
    pub(super) received: u64,
}

impl Answer {
    /// Reads a response for at most `allowed`.
    pub(super) async fn read(
        response: Response,
        capture: HeaderCapture,
        allowed: Duration,
    ) -> Self {
        let is_1_0 = response.version() == Version::HTTP_10;
        let is_wanted = capture.includes(response.status().as_u16());
        Self {
            address: response.remote_addr(),
            http: if is_1_0 { HttpVersion::Http10 } else { HttpVersion::Http11 },
            headers: is_wanted.then(|| ResponseHeaders::of(response.headers())),
            body: BodyBeginning::read(response, allowed).await,
        }
    }
}

impl BodyBeginning {
    /// Reads a body to its end, so that the connection can be used again, and keeps its beginning.
    /// The status counts by now: a body that is long, slow or broken costs its connection and nothing
    /// else.
    async fn read(mut response: Response, allowed: Duration) -> Self {
        let (mut beginning, mut read) = (BytesMut::new(), 0);
        let read_all = async {
            while read < MAX_BODY_BYTES {
                match response.chunk().await {
                    Ok(Some(mut chunk)) => {
                        read += chunk.len();
                        chunk.truncate(Attempt::MAX_BODY - beginning.len());
                        beginning.extend_from_slice(&chunk);
                    }
                    Ok(None) => return read <= Attempt::MAX_BODY,
                    Err(_) => break,
                }
            }
            false
        };
        // Elapsed or not, what has come is what there is.
        let is_whole = timeout(allowed.min(BODY_TIMEOUT), read_all).await.unwrap_or(false);
        let received = u64::try_from(read).unwrap_or(u64::MAX);
        Self { bytes: beginning.freeze(), is_cut: !is_whole, received }
    }
}
