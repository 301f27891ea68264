//! Tests of the client against local servers with scripted responses.

mod evidence;
mod frozen;
mod guard;
mod heads;
mod hostile;
mod lookups;
mod proxies;
mod reasons;
mod refused;
mod repeated;
mod requests;
mod scripted;
mod tls;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use http::{HeaderMap, Method};
use reqwest::dns::Resolve;
use rustls::RootCertStore;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use url::Url;

use super::guard::SystemResolver;
use super::pool::PoolLimits;
use super::*;
use crate::domain::address::AddressPolicy;
use crate::domain::delivery::NoResponse;
use crate::domain::request::HeaderCapture;
use crate::runtime::roots;

/// The timeout of attempts that end before it.
const LONG_TIMEOUT: Duration = Duration::from_secs(20);
/// Pool limits for tests that do not depend on them.
const POOL_LIMITS: PoolLimits = PoolLimits { per_instance: 100, per_account: 100 };
/// A success after which the connection can be reused.
const ACCEPTED: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

/// A client that may send to this machine.
fn client() -> HttpClient {
    HttpClient::new(AddressPolicy::LOCAL).unwrap()
}

/// A client that may send to this machine, and pools at most `max_connections`.
fn client_with_pool_of(max_connections: usize) -> HttpClient {
    let (resolver, roots) = (Arc::new(SystemResolver), roots::public());
    let limits = PoolLimits { per_instance: max_connections, per_account: max_connections };
    HttpClient::with(AddressPolicy::LOCAL, resolver, roots, limits).unwrap()
}

/// The account of requests that need no other.
fn acme() -> AccountId {
    "acme".parse().unwrap()
}

/// Starts a server that runs `answer` with each connection and its number; returns its URL.
async fn server<F>(answer: impl Fn(TcpStream, usize) -> F + Send + 'static) -> Url
where
    F: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("0.0.0.0:0").await.unwrap();
    let url = format!("http://127.0.0.1:{}/hook", listener.local_addr().unwrap().port());
    tokio::spawn(async move {
        for connection in 0.. {
            let (stream, _) = listener.accept().await.unwrap();
            tokio::spawn(answer(stream, connection));
        }
    });
    Url::parse(&url).unwrap()
}

/// Reads one request: its head and the body of `{"a":1}`.
async fn read_request(stream: &mut TcpStream) -> String {
    let mut request = String::new();
    let mut buffer = [0; 1024];
    while !request.ends_with(r#"{"a":1}"#) {
        let read = stream.read(&mut buffer).await.unwrap();
        if read == 0 {
            break;
        }
        request.push_str(std::str::from_utf8(&buffer[..read]).unwrap());
    }
    request
}

fn request(url: &Url) -> WebhookRequest {
    let mut headers = HeaderMap::new();
    headers.insert("webhook-id", "r1".parse().unwrap());
    let body = Some(Bytes::from_static(br#"{"a":1}"#));
    WebhookRequest {
        method: Method::POST,
        url: url.clone(),
        headers,
        body,
        is_paced: false,
        header_capture: HeaderCapture::Failures,
    }
}

async fn send(client: &HttpClient, url: &Url, timeout: Duration) -> Attempt {
    client.send(&acme(), request(url), timeout).await.unwrap()
}

/// The result of one attempt when the server writes `answer` and closes.
async fn result_of(answer: &'static str) -> Result<u16, NoResponse> {
    let url = server(move |mut stream, _| async move {
        read_request(&mut stream).await;
        stream.write_all(answer.as_bytes()).await.unwrap();
    })
    .await;
    send(&client(), &url, LONG_TIMEOUT).await.result
}

#[tokio::test]
async fn the_result_is_the_status() {
    assert_eq!(result_of("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await, Ok(200));
    assert_eq!(result_of("HTTP/1.1 204 No Content\r\n\r\n").await, Ok(204));
    let redirect =
        "HTTP/1.1 301 Moved\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n";
    assert_eq!(result_of(redirect).await, Ok(301), "not followed");
}

#[tokio::test]
async fn the_first_kib_of_the_body_is_kept() {
    let url = server(move |mut stream, _| async move {
        read_request(&mut stream).await;
        let head = b"HTTP/1.1 200 OK\r\ncontent-length: 5000\r\n\r\n";
        stream.write_all(head).await.unwrap();
        stream.write_all("ü".repeat(2_500).as_bytes()).await.unwrap();
    })
    .await;
    let attempt = send(&client(), &url, LONG_TIMEOUT).await;
    assert_eq!(attempt.body, "ü".repeat(512));
}

#[tokio::test]
async fn a_long_or_incomplete_body_is_cut() {
    for (head, body, is_cut) in [
        ("content-length: 2", 2, false),
        ("content-length: 1024", 1_024, false),
        ("content-length: 1025", 1_025, true),
        ("content-length: 9", 2, true),
        ("transfer-encoding: chunked", 0, true),
        ("connection: close", 7, false),
    ] {
        let url = server(move |mut stream, _| async move {
            read_request(&mut stream).await;
            let answer = format!("HTTP/1.1 200 OK\r\n{head}\r\n\r\n{}", "x".repeat(body));
            stream.write_all(answer.as_bytes()).await.unwrap();
        })
        .await;
        let attempt = send(&client(), &url, LONG_TIMEOUT).await;
        assert_eq!((attempt.result, attempt.is_cut), (Ok(200), is_cut), "{head}");
    }
}

#[tokio::test]
async fn paced_requests_use_a_connection_each() {
    let server = scripted::Server::start(|_, _| scripted::Do::Accept).await;
    let client = client();
    for is_paced in [true, true, true, false, false] {
        let request = WebhookRequest { is_paced, ..request(&server.url) };
        assert_eq!(client.send(&acme(), request, LONG_TIMEOUT).await.unwrap().result, Ok(200));
    }
    assert_eq!(server.seen(), (4, 5), "the last two share one");
}

#[tokio::test]
async fn a_connection_is_reused() {
    let url = server(|mut stream, connection| async move {
        // The status tells the number of the connection.
        loop {
            if read_request(&mut stream).await.is_empty() {
                return;
            }
            let answer = format!("HTTP/1.1 20{connection} OK\r\ncontent-length: 2\r\n\r\nok");
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    })
    .await;
    let client = client();
    for _ in 0..3 {
        let attempt = send(&client, &url, LONG_TIMEOUT).await;
        assert_eq!(attempt.result, Ok(200));
    }
}

#[tokio::test]
async fn retry_after_is_read_from_429_and_503() {
    for (status, asked) in
        [("429 Slow", Some(7)), ("503 Down", Some(7)), ("500 Down", None), ("200 OK", None)]
    {
        let url = server(move |mut stream, _| async move {
            read_request(&mut stream).await;
            let answer =
                format!("HTTP/1.1 {status}\r\nretry-after: 7\r\ncontent-length: 0\r\n\r\n");
            stream.write_all(answer.as_bytes()).await.unwrap();
        })
        .await;
        let attempt = send(&client(), &url, LONG_TIMEOUT).await;
        assert_eq!(attempt.retry_after, asked.map(Duration::from_secs), "{status}");
    }
}
