//! The parts of a response that an attempt records, beside its status.

use std::net::SocketAddr;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::Version;
use reqwest::Response;
use tokio::time::timeout;

use crate::domain::delivery::{Attempt, HttpVersion, ResponseHeaders};
use crate::domain::request::HeaderCapture;

/// How much of a body is read. Short bodies are read to their end, so that the connection can be reused.
const MAX_BODY_BYTES: usize = 16 * 1024;
/// How long to wait for the body after the status.
const BODY_TIMEOUT: Duration = Duration::from_secs(2);

/// A response without its status. The default stands for no response.
#[derive(Default)]
pub(super) struct ReceivedResponse {
    /// The address that sent it.
    pub(super) address: Option<SocketAddr>,
    pub(super) http: HttpVersion,
    pub(super) headers: Option<ResponseHeaders>,
    pub(super) body: BodyPrefix,
}

#[derive(Default)]
pub(super) struct BodyPrefix {
    pub(super) bytes: Bytes,
    /// Whether the body is, or may be, longer.
    pub(super) is_cut: bool,
    /// The bytes that were read.
    pub(super) received: u64,
}

impl ReceivedResponse {
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
            body: BodyPrefix::read(response, allowed).await,
        }
    }
}

impl BodyPrefix {
    /// Reads up to [`MAX_BODY_BYTES`] and keeps the first [`Attempt::MAX_BODY`].
    ///
    /// The status decides the outcome already: a long, slow or broken body only costs the connection.
    async fn read(mut response: Response, allowed: Duration) -> Self {
        let (mut prefix, mut read) = (BytesMut::new(), 0);
        let read_all = async {
            while read < MAX_BODY_BYTES {
                match response.chunk().await {
                    Ok(Some(mut chunk)) => {
                        read += chunk.len();
                        chunk.truncate(Attempt::MAX_BODY - prefix.len());
                        prefix.extend_from_slice(&chunk);
                    }
                    Ok(None) => return read <= Attempt::MAX_BODY,
                    Err(_) => break,
                }
            }
            false
        };
        let is_whole = timeout(allowed.min(BODY_TIMEOUT), read_all).await.unwrap_or(false);
        let received = u64::try_from(read).unwrap_or(u64::MAX);
        Self { bytes: prefix.freeze(), is_cut: !is_whole, received }
    }
}
