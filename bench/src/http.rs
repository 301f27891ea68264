//! An HTTP server on loopback for the services that a function calls.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::Failure;

/// A response.
pub(crate) type Answer = Response<Full<Bytes>>;

/// Serves `handler` on a free port of 127.0.0.1, with TLS if there is an acceptor, until the runtime
/// ends.
pub(crate) async fn serve<H, F>(handler: H, tls: Option<TlsAcceptor>) -> Result<SocketAddr, Failure>
where
    H: Fn(http::request::Parts, Bytes) -> F + Send + Sync + 'static,
    F: Future<Output = Answer> + Send + 'static,
{
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let address = listener.local_addr()?;
    let handler = Arc::new(handler);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (handler, tls) = (Arc::clone(&handler), tls.clone());
            tokio::spawn(async move {
                // Without it Nagle's algorithm delays answers by 40 ms.
                let _ = stream.set_nodelay(true);
                match tls {
                    None => connection(stream, handler).await,
                    Some(tls) => {
                        if let Ok(stream) = tls.accept(stream).await {
                            connection(stream, handler).await;
                        }
                    }
                }
            });
        }
    });
    Ok(address)
}

async fn connection<S, H, F>(stream: S, handler: Arc<H>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    H: Fn(http::request::Parts, Bytes) -> F + Send + Sync + 'static,
    F: Future<Output = Answer> + Send + 'static,
{
    let service = service_fn(move |request: Request<Incoming>| {
        let handler = Arc::clone(&handler);
        async move {
            let (parts, body) = request.into_parts();
            let answer = match body.collect().await {
                Ok(body) => handler(parts, body.to_bytes()).await,
                Err(_) => answer(StatusCode::BAD_REQUEST, Bytes::new()),
            };
            Ok::<_, Infallible>(answer)
        }
    });
    // The other side may disconnect.
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

/// A response with this status and body.
pub(crate) fn answer(status: StatusCode, body: impl Into<Bytes>) -> Answer {
    let mut answer = Response::new(Full::new(body.into()));
    *answer.status_mut() = status;
    answer
}

/// A JSON response of AWS.
pub(crate) fn json(status: StatusCode, body: impl Into<Bytes>) -> Answer {
    let mut answer = answer(status, body);
    let json = http::HeaderValue::from_static("application/x-amz-json-1.0");
    answer.headers_mut().insert(http::header::CONTENT_TYPE, json);
    answer
}
