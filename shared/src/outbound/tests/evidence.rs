//! The evidence that the client records beside the outcome.

use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::time::sleep;

use super::*;
use crate::domain::delivery::{Evidence, HttpVersion, ResponseHeaders};

/// A server that answers every request with `answer`, and keeps connections open.
async fn server_answering(answer: &'static [u8]) -> Url {
    server(move |mut stream, _| async move {
        while !read_request(&mut stream).await.is_empty() {
            stream.write_all(answer).await.unwrap();
        }
    })
    .await
}

fn port_of(url: &Url) -> u16 {
    url.port().unwrap()
}

fn evidence(attempt: &Attempt) -> &Evidence {
    attempt.evidence.as_ref().unwrap()
}

fn headers(attempt: &Attempt) -> Value {
    json!(evidence(attempt).headers.as_ref().map(ResponseHeaders::kept))
}

#[tokio::test]
async fn evidence_has_time_address_size_and_headers_of_a_failure() {
    for (answer, http, received, shown) in [
        (
            &b"HTTP/1.1 500 Oops\r\nServer: nginx\r\nset-cookie: a=b\r\ncontent-length: 2\r\n\r\nno"[..],
            HttpVersion::Http11,
            2,
            json!({"server": "nginx", "set-cookie": "•••", "content-length": "2"}),
        ),
        (
            b"HTTP/1.0 404 None\r\nx: \xff\r\nconnection: keep-alive\r\ncontent-length: 0\r\n\r\n",
            HttpVersion::Http10,
            0,
            json!({"x": "\u{fffd}", "connection": "keep-alive", "content-length": "0"}),
        ),
        // A success without its headers.
        (ACCEPTED, HttpVersion::Http11, 2, Value::Null),
    ] {
        let url = server_answering(answer).await;
        let began = Timestamp::now();
        let client = client();
        for _ in 0..2 {
            let attempt = send(&client, &url, LONG_TIMEOUT).await;
            let evidence = evidence(&attempt);
            assert_eq!(evidence.address, Some(([127, 0, 0, 1], port_of(&url)).into()));
            assert_eq!((evidence.http, evidence.received), (http, received));
            assert_eq!(headers(&attempt), shown);
            // `sent_at` is rounded to milliseconds.
            let (began, ended) = (began.as_millisecond(), Timestamp::now().as_millisecond());
            assert!((began - 1..=ended).contains(&evidence.sent_at.as_millisecond()));
        }
    }
}

#[tokio::test]
async fn headers_of_a_success_are_recorded_on_request() {
    let url = server_answering(b"HTTP/1.1 200 OK\r\netag: 1\r\ncontent-length: 0\r\n\r\n").await;
    let request = WebhookRequest { header_capture: HeaderCapture::All, ..request(&url) };
    let attempt = client().send(&acme(), request, LONG_TIMEOUT).await.unwrap();
    assert_eq!(headers(&attempt), json!({"etag": "1", "content-length": "0"}));
}

#[tokio::test]
async fn received_counts_all_bytes_that_were_read() {
    let url = server(move |mut stream, _| async move {
        read_request(&mut stream).await;
        let head = b"HTTP/1.1 200 OK\r\ncontent-length: 5000\r\n\r\n";
        stream.write_all(head).await.unwrap();
        stream.write_all(&[b'x'; 5_000]).await.unwrap();
    })
    .await;
    let attempt = send(&client(), &url, LONG_TIMEOUT).await;
    assert_eq!((evidence(&attempt).received, attempt.body.len()), (5_000, Attempt::MAX_BODY));
}

#[tokio::test]
async fn evidence_without_a_response_has_the_address_of_the_connection() {
    const TIMEOUT: Duration = Duration::from_millis(300);
    let hangs = server(move |mut stream, _| async move {
        read_request(&mut stream).await;
        sleep(LONG_TIMEOUT).await;
    })
    .await;
    let closes = server(move |mut stream, _| async move {
        read_request(&mut stream).await;
    })
    .await;
    let nothing = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let refuses = Url::parse(&format!("http://{nothing}/")).unwrap();
    for (url, result, is_connected) in [
        (hangs, NoResponse::TimeoutResponse, true),
        (closes, NoResponse::Closed, true),
        (refuses, NoResponse::Refused, false),
        ("ftp://127.0.0.1/".parse().unwrap(), NoResponse::RefusedUrl, false),
    ] {
        let attempt = send(&client(), &url, TIMEOUT).await;
        assert_eq!(attempt.result, Err(result));
        let address = is_connected.then(|| ([127, 0, 0, 1], port_of(&url)).into());
        let evidence = evidence(&attempt);
        assert_eq!((evidence.address, evidence.received), (address, 0), "{url}");
        assert_eq!(evidence.headers, None);
        let latency = i64::try_from(attempt.latency.as_millis()).unwrap();
        let ended = evidence.sent_at.as_millisecond() + latency;
        assert!(ended <= Timestamp::now().as_millisecond(), "{evidence:?}");
    }
}

#[tokio::test]
async fn a_pooled_connection_without_a_response_has_no_address() {
    let url = server(move |mut stream, _| async move {
        read_request(&mut stream).await;
        stream.write_all(ACCEPTED).await.unwrap();
        read_request(&mut stream).await;
        sleep(LONG_TIMEOUT).await;
    })
    .await;
    let client = client();
    let first = send(&client, &url, LONG_TIMEOUT).await;
    let second = send(&client, &url, Duration::from_millis(300)).await;
    assert_eq!((first.result, second.result), (Ok(200), Err(NoResponse::TimeoutResponse)));
    assert_eq!([&first, &second].map(|it| evidence(it).address.is_some()), [true, false]);
}

#[tokio::test]
async fn recorded_response_headers_are_bounded() {
    let url = server(move |mut stream, _| async move {
        read_request(&mut stream).await;
        let lines: Vec<_> = (0..90).map(|n| format!("x-{n}: {}\r\n", "y".repeat(90))).collect();
        let lines = lines.concat();
        let huge = format!("z: {}\r\n", "y".repeat(100_000));
        let head = format!("HTTP/1.1 500 No\r\n{huge}{lines}content-length: 0\r\n\r\n");
        stream.write_all(head.as_bytes()).await.unwrap();
    })
    .await;
    let attempt = send(&client(), &url, LONG_TIMEOUT).await;
    assert_eq!(attempt.result, Ok(500));
    let headers = evidence(&attempt).headers.as_ref().unwrap();
    assert!(headers.bytes() <= ResponseHeaders::MAX_BYTES, "{headers:?}");
    assert_eq!(headers.kept().len() + headers.left_out() as usize, 92);
    assert!(headers.kept().len() > 15 && !headers.kept().contains_key("z"), "{headers:?}");
}
