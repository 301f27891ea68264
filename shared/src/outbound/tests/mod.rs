//! A client against servers on this machine that answer byte for byte what a test says.

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
use super::pool::KeptLimits;
use super::*;
use crate::address::AddressPolicy;
use crate::delivery::NoResponse;
use crate::request::HeaderCapture;
use crate::roots;

/// Long enough for every attempt that is to end well.
const ENOUGH: Duration = Duration::from_secs(20);
/// How many connections a client keeps where that does not matter.
const KEPT: KeptLimits = KeptLimits { all: 100, of_account: 100 };
/// An answer after which the connection can be used again.
const TAKEN: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

/// A client that may go to this machine.
fn client() -> HttpClient {
    HttpClient::new(AddressPolicy::LOCAL).unwrap()
}

/// A client that may go to this machine, and keeps `max_kept` connections.
fn client_that_keeps(max_kept: usize) -> HttpClient {
    let (resolver, roots) = (Arc::new(SystemResolver), roots::public());
    let kept = KeptLimits { all: max_kept, of_account: max_kept };
    HttpClient::with(AddressPolicy::LOCAL, resolver, roots, kept).unwrap()
}

/// The account of every request that needs no other.
fn acme() -> AccountId {
    "acme".parse().unwrap()
}

/// A server that reads a request and then does what `answer` says with the connection; gives
/// its URL.
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

/// What one attempt comes to when the server writes `answer` and closes.
async fn result_of(answer: &'static str) -> Result<u16, NoResponse> {
    let url = server(move |mut stream, _| async move {
        read_request(&mut stream).await;
        stream.write_all(answer.as_bytes()).await.unwrap();
    })
    .await;
    send(&client(), &url, ENOUGH).await.result
}

#[tokio::test]
async fn an_answer_is_its_status() {
    assert_eq!(result_of("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await, Ok(200));
    assert_eq!(result_of("HTTP/1.1 204 No Content\r\n\r\n").await, Ok(204));
    let redirect =
        "HTTP/1.1 301 Moved\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n";
    assert_eq!(result_of(redirect).await, Ok(301), "not followed");
}

#[tokio::test]
async fn the_beginning_of_the_body_is_kept() {
    let url = server(move |mut stream, _| async move {
        read_request(&mut stream).await;
        let head = b"HTTP/1.1 200 OK\r\ncontent-length: 5000\r\n\r\n";
        stream.write_all(head).await.unwrap();
        stream.write_all("ü".repeat(2_500).as_bytes()).await.unwrap();
    })
    .await;
    let attempt = send(&client(), &url, ENOUGH).await;
    assert_eq!(attempt.body, "ü".repeat(512));
}

#[tokio::test]
async fn a_body_that_goes_on_or_breaks_off_is_cut() {
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
        let attempt = send(&client(), &url, ENOUGH).await;
        assert_eq!((attempt.result, attempt.is_cut), (Ok(200), is_cut), "{head}");
    }
}

#[tokio::test]
async fn paced_requests_use_a_connection_each() {
    let server = scripted::Server::start(|_, _| scripted::Do::Take).await;
    let client = client();
    for is_paced in [true, true, true, false, false] {
        let request = WebhookRequest { is_paced, ..request(&server.url) };
        assert_eq!(client.send(&acme(), request, ENOUGH).await.unwrap().result, Ok(200));
    }
    assert_eq!(server.seen(), (4, 5), "the last two share one");
}

#[tokio::test]
async fn a_connection_is_used_again() {
    let url = server(|mut stream, connection| async move {
        // The number of the connection is the answer.
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
        let attempt = send(&client, &url, ENOUGH).await;
        assert_eq!(attempt.result, Ok(200));
    }
}

#[tokio::test]
async fn a_client_that_is_overloaded_says_for_how_long() {
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
        let attempt = send(&client(), &url, ENOUGH).await;
        assert_eq!(attempt.retry_after, asked.map(Duration::from_secs), "{status}");
    }
}
