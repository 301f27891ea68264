//! Requests to clients' URLs.

use std::future::Future;
use std::time::{Duration, Instant, SystemTime};

use bytes::{Bytes, BytesMut};
use http::StatusCode;
use rustls::{ClientConfig, RootCertStore};

use crate::delivery::{Attempt, NoResponse};
use crate::request::WebhookRequest;
use crate::retry_after::RetryAfter;

/// Sending one request, once.
pub trait Outbound: Send + Sync + 'static {
    /// Sends `request` and waits for the response, for `timeout` in all.
    fn send(
        &self,
        request: WebhookRequest,
        timeout: Duration,
    ) -> impl Future<Output = Attempt> + Send;
}

/// How much of a response is read: enough to keep the connection for short answers.
const MAX_RESPONSE_BYTES: usize = 16 * 1024;
/// How long connecting may take, name look-up and TLS included.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How long the body of a response is waited for, once its status is known.
const BODY_TIMEOUT: Duration = Duration::from_secs(2);
/// Shorter than the 60 s after which common servers close an idle connection.
const IDLE_TIMEOUT: Duration = Duration::from_secs(50);
/// What clients see as `user-agent`.
const USER_AGENT: &str = concat!("Callhook/", env!("CARGO_PKG_VERSION"));

/// HTTP/1.1 over TCP or TLS. Redirects are not followed, proxies of the environment not used,
/// and no more than 16 KiB of a response are read.
#[derive(Clone)]
pub struct HttpClient(reqwest::Client);

/// The HTTP client could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// TLS.
    #[error("TLS could not be set up")]
    Tls(#[from] rustls::Error),
    /// The rest.
    #[error("the HTTP client could not be set up")]
    Http(#[from] reqwest::Error),
}

impl HttpClient {
    /// A client with a pool of connections of its own.
    pub fn new() -> Result<Self, ClientError> {
        // Roots that are compiled in: scanning the system's store costs every cold start.
        let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        let provider = rustls::crypto::ring::default_provider();
        let tls = ClientConfig::builder_with_provider(provider.into())
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .user_agent(USER_AGENT)
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .no_proxy()
            .http1_only()
            .connect_timeout(CONNECT_TIMEOUT)
            .pool_idle_timeout(IDLE_TIMEOUT)
            .tcp_nodelay(true)
            .build()?;
        Ok(Self(client))
    }

    async fn exchange(
        &self,
        request: WebhookRequest,
        timeout: Duration,
    ) -> Result<Answer, NoResponse> {
        let WebhookRequest { method, url, headers, body } = request;
        let mut outgoing = self.0.request(method, url).headers(headers).timeout(timeout);
        if let Some(body) = body {
            outgoing = outgoing.body(body);
        }
        let response = outgoing.send().await.map_err(|error| class_of(&error))?;
        let status = response.status();
        let retry_after = asks_to_wait(status)
            .then(|| RetryAfter::of(response.headers()))
            .flatten()
            .map(|asked| asked.since(SystemTime::now()));
        Ok(Answer { status: status.as_u16(), retry_after, body: drain(response).await })
    }
}

/// A response, as far as it matters.
struct Answer {
    status: u16,
    retry_after: Option<Duration>,
    body: Bytes,
}

/// `Retry-After` means something else in a redirect, and nothing in an answer that was a success.
fn asks_to_wait(status: StatusCode) -> bool {
    matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE)
}

/// Reads the response to its end, so that the connection can be used again, and gives its
/// beginning. The answer is known by now: a body that is long, slow or broken costs its
/// connection and nothing else.
async fn drain(mut response: reqwest::Response) -> Bytes {
    let mut beginning = BytesMut::new();
    let read_all = async {
        let mut read = 0;
        while let Ok(Some(chunk)) = response.chunk().await {
            let room = Attempt::MAX_BODY - beginning.len();
            beginning.extend(chunk.iter().take(room));
            read += chunk.len();
            if read > MAX_RESPONSE_BYTES {
                break;
            }
        }
    };
    // Elapsed or not, the status counts.
    let _ = tokio::time::timeout(BODY_TIMEOUT, read_all).await;
    beginning.freeze()
}

fn class_of(error: &reqwest::Error) -> NoResponse {
    if error.is_timeout() {
        NoResponse::Timeout
    } else if error.is_connect() {
        NoResponse::Connect
    } else {
        NoResponse::Broken
    }
}

impl Outbound for HttpClient {
    async fn send(&self, request: WebhookRequest, timeout: Duration) -> Attempt {
        let start = Instant::now();
        let exchanged = self.exchange(request, timeout).await;
        let latency = start.elapsed();
        match exchanged {
            Ok(Answer { status, retry_after, body }) => {
                Attempt { result: Ok(status), latency, body, retry_after }
            }
            Err(error) => {
                Attempt { result: Err(error), latency, body: Bytes::new(), retry_after: None }
            }
        }
    }
}

#[cfg(test)]
mod tests;
