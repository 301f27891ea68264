//! A client's HTTP server: keeps what it gets, and answers as a path says.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Collected, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

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
}

impl Received {
    /// A header's text; empty if there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

/// A server on a free port of 127.0.0.1, gone with the test.
///
/// | path | answers |
/// |---|---|
/// | `/status/<code>` | with that code; a 3xx leads to `/redirected` |
/// | `/first/<code>` | with that code once, and with 200 after that |
/// | `/hang` | never |
/// | `/reset` | with a reset of the connection |
/// | any other | 200 |
pub struct Receiver {
    address: String,
    received: Arc<Mutex<Vec<Received>>>,
}

impl Receiver {
    /// Starts a server.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address").to_string();
        let received = Arc::<Mutex<Vec<Received>>>::default();
        tokio::spawn(serve(listener, Arc::clone(&received)));
        Self { address, received }
    }

    /// A URL of this server.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// All requests so far.
    pub fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }

    /// The requests to one path so far.
    pub fn received_at(&self, path: &str) -> Vec<Received> {
        self.received().into_iter().filter(|request| request.path == path).collect()
    }

    /// Waits for `count` requests; fails with what came instead.
    pub async fn wait_for(&self, count: usize, patience: Duration) -> Vec<Received> {
        let what = format!("{count} requests at {}", self.address);
        until(patience, &what, async || {
            let enough = self.received.lock().unwrap().len() >= count;
            enough.then(|| self.received())
        })
        .await
    }
}

async fn serve(listener: TcpListener, received: Arc<Mutex<Vec<Received>>>) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(serve_connection(stream, Arc::clone(&received)));
    }
}

async fn serve_connection(stream: TcpStream, received: Arc<Mutex<Vec<Received>>>) {
    // Closing with no time to linger sends a reset; an answer that is complete is not harmed.
    stream.set_zero_linger().expect("a TCP option");
    let reset = Notify::new();
    let service = service_fn(|request| answer(request, Arc::clone(&received), &reset));
    let connection =
        hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    tokio::select! {
        // A client that goes away is none of this server's business.
        _ = connection => {}
        () = reset.notified() => {}
    }
}

async fn answer(
    request: Request<Incoming>,
    received: Arc<Mutex<Vec<Received>>>,
    reset: &Notify,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (parts, body) = request.into_parts();
    let body = body.collect().await.map(Collected::to_bytes).unwrap_or_default();
    let path = parts.uri.path_and_query().map(ToString::to_string).unwrap_or_default();
    let is_first = {
        let mut received = received.lock().unwrap();
        let is_first = received.iter().all(|earlier| earlier.path != path);
        received.push(Received {
            method: parts.method.to_string(),
            path: path.clone(),
            headers: parts.headers,
            body: String::from_utf8_lossy(&body).into_owned(),
        });
        is_first
    };
    let mut response = Response::new(Full::default());
    let code = path.strip_prefix("/status/");
    let code = code.or_else(|| path.strip_prefix("/first/").filter(|_| is_first));
    if let Some(code) = code.and_then(|code| code.parse::<u16>().ok()) {
        *response.status_mut() = StatusCode::from_u16(code).unwrap_or(StatusCode::OK);
        if response.status().is_redirection() {
            let location = http::HeaderValue::from_static("/redirected");
            response.headers_mut().insert(http::header::LOCATION, location);
        }
    } else if path == "/hang" {
        std::future::pending::<()>().await;
    } else if path == "/reset" {
        reset.notify_one();
        std::future::pending::<()>().await;
    }
    Ok(response)
}
