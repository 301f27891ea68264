//! One request and its response.

use std::error::Error as _;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::{Bytes, BytesMut};
use http::header::{ACCEPT, AUTHORIZATION, HeaderValue, USER_AGENT};
use http::{Extensions, Request, Response, Uri};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper_util::client::legacy::Error;
use percent_encoding::percent_decode_str;
use tokio::time::timeout;
use url::Url;

use super::guard::Refused;
use super::pool::Pool;
use super::wire::Invocation;
use crate::delivery::{Attempt, NoResponse};
use crate::request::WebhookRequest;

/// How much of a body is read: enough to keep the connection after a short answer.
const MAX_BODY_BYTES: usize = 16 * 1024;
/// How long a body is waited for, once the status is known.
const BODY_TIMEOUT: Duration = Duration::from_secs(2);
/// What clients see as `user-agent`.
const AGENT: HeaderValue =
    HeaderValue::from_static(concat!("Callhook/", env!("CARGO_PKG_VERSION")));

/// Why a request got no response.
pub(super) enum Failure {
    /// Its connection was made in an earlier invocation, and died without an answer.
    Stale,
    /// Everything else.
    NoResponse(NoResponse),
}

impl Failure {
    fn of(error: &Error, invocation: Invocation) -> Self {
        let is_nonsense = error
            .source()
            .and_then(|cause| cause.downcast_ref::<hyper::Error>())
            .is_some_and(hyper::Error::is_parse);
        if error.is_connect() {
            let refused = error.source().and_then(|cause| cause.downcast_ref::<Refused>());
            Self::NoResponse(match refused {
                Some(Refused::Url(_)) => NoResponse::RefusedUrl,
                Some(Refused::Address(_)) => NoResponse::RefusedAddress,
                None => NoResponse::Connect,
            })
        } else if !is_nonsense && made_in(error).is_some_and(|made_in| made_in < invocation) {
            Self::Stale
        } else {
            Self::NoResponse(NoResponse::Broken)
        }
    }
}

/// The invocation in which the connection was made on which `error` occurred.
fn made_in(error: &Error) -> Option<Invocation> {
    let mut extras = Extensions::new();
    error.connect_info()?.get_extras(&mut extras);
    extras.remove()
}

/// Sends `request` within `invocation` and waits for the head of the response.
pub(super) async fn exchange(
    pool: &Pool,
    request: &WebhookRequest,
    invocation: Invocation,
) -> Result<Response<Incoming>, Failure> {
    let outgoing = outgoing(request).ok_or(Failure::NoResponse(NoResponse::Broken))?;
    pool.request(outgoing).await.map_err(|error| Failure::of(&error, invocation))
}

/// The request as HTTP has it; none of a URL that cannot be written there.
fn outgoing(request: &WebhookRequest) -> Option<Request<Full<Bytes>>> {
    let mut url = request.url.clone();
    let credentials = take_credentials(&mut url);
    let mut outgoing = Request::new(Full::new(request.body.clone().unwrap_or_default()));
    *outgoing.method_mut() = request.method.clone();
    *outgoing.uri_mut() = url.as_str().parse::<Uri>().ok()?;
    let mut headers = request.headers.clone();
    if let Some(credentials) = credentials {
        headers.entry(AUTHORIZATION).or_insert(credentials);
    }
    headers.entry(ACCEPT).or_insert(HeaderValue::from_static("*/*"));
    headers.entry(USER_AGENT).or_insert(AGENT);
    *outgoing.headers_mut() = headers;
    Some(outgoing)
}

/// User and password of a URL as the header that they stand for (RFC 7617).
fn take_credentials(url: &mut Url) -> Option<HeaderValue> {
    if url.username().is_empty() && url.password().is_none() {
        return None;
    }
    let mut credentials: Vec<u8> = percent_decode_str(url.username()).collect();
    credentials.push(b':');
    credentials.extend(percent_decode_str(url.password().unwrap_or_default()));
    // Only URLs without a host refuse this.
    url.set_username("").ok()?;
    url.set_password(None).ok()?;
    let mut value =
        HeaderValue::try_from(format!("Basic {}", STANDARD.encode(credentials))).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// Reads a body to its end, so that the connection can be used again, and gives its beginning.
/// The status counts by now: a body that is long, slow or broken costs its connection and nothing
/// else.
pub(super) async fn beginning_of(mut body: Incoming, allowed: Duration) -> Bytes {
    let mut beginning = BytesMut::new();
    let read_all = async {
        let mut read = 0;
        while read < MAX_BODY_BYTES
            && let Some(Ok(frame)) = body.frame().await
        {
            // Trailers are nobody's business.
            let Ok(mut chunk) = frame.into_data() else { continue };
            read += chunk.len();
            chunk.truncate(Attempt::MAX_BODY - beginning.len());
            beginning.extend_from_slice(&chunk);
        }
    };
    // Elapsed or not, what has come is what there is.
    let _ = timeout(allowed.min(BODY_TIMEOUT), read_all).await;
    beginning.freeze()
}
