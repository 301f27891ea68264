//! 250 simultaneous hostile responses: every request ends in time with the documented result, within a memory limit.

#![cfg(feature = "outbound")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "the helpers of a test fail it"
)]

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use bytes::Bytes;
use callhook::domain::address::AddressPolicy;
use callhook::domain::delivery::{Attempt, NoResponse};
use callhook::domain::request::{HeaderCapture, WebhookRequest};
use callhook::outbound::{HttpClient, Outbound as _};
use http::{HeaderMap, Method};
use peak_alloc::PeakAlloc;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use url::Url;

#[global_allocator]
static ALLOCATED: PeakAlloc = PeakAlloc;

/// The most requests that an instance has in flight.
const REQUESTS: usize = 250;
/// The memory limit of one response, its connection and its task.
const BYTES_PER_REQUEST: usize = 64 * 1024;
/// The same for an endless head. Together they stay below the 192 MiB in docs/architecture.md.
const BYTES_PER_HEAD: usize = 640 * 1024;
/// Memory of the test and its server.
const SLACK: usize = 4 << 20;
/// The timeout of attempts that end before it.
const LONG_TIMEOUT: Duration = Duration::from_secs(30);
/// The timeout of attempts that run into it.
const SHORT_TIMEOUT: Duration = Duration::from_secs(3);
/// How late a busy machine may end a timed-out request.
const MAX_DELAY: Duration = Duration::from_secs(30);

/// A response: a head, then endless repetitions of `then`.
struct HostileResponse {
    name: &'static str,
    head: &'static str,
    then: &'static [u8],
    /// The pause between repetitions; `None` for as fast as the client reads.
    pause: Option<Duration>,
    result: Result<u16, NoResponse>,
    /// The memory limit.
    bytes: usize,
}

static FILLER: [u8; 16 * 1024] = [b'x'; 16 * 1024];
/// hyper scans all of them again for each piece, so they come in large pieces.
static EMPTY_LINES: [u8; 16 * 1024] = empty_lines();
const SECOND: Option<Duration> = Some(Duration::from_secs(1));
/// For responses that only the attempt's timeout ends: some MB a second, like a network.
const MOMENT: Option<Duration> = Some(Duration::from_millis(5));
const CHUNKED: &str = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";

const RESPONSES: [HostileResponse; 12] = [
    HostileResponse {
        name: "an endless body",
        head: "HTTP/1.1 200 OK\r\ncontent-length: 1073741824\r\n\r\n",
        then: &FILLER,
        pause: None,
        result: Ok(200),
        bytes: BYTES_PER_REQUEST,
    },
    HostileResponse {
        name: "a body without a length",
        head: "HTTP/1.1 503 Down\r\n\r\n",
        then: &FILLER,
        pause: None,
        result: Ok(503),
        bytes: BYTES_PER_REQUEST,
    },
    HostileResponse {
        name: "a body of one-byte chunks",
        head: CHUNKED,
        then: b"1\r\nx\r\n1\r\nx\r\n1\r\nx\r\n1\r\nx\r\n1\r\nx\r\n1\r\nx\r\n1\r\nx\r\n1\r\nx\r\n",
        pause: None,
        result: Ok(200),
        bytes: BYTES_PER_REQUEST,
    },
    HostileResponse {
        name: "an endless chunk extension",
        head: "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5;",
        then: &FILLER,
        pause: None,
        result: Ok(200),
        bytes: BYTES_PER_REQUEST,
    },
    HostileResponse {
        name: "endless trailers",
        head: "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n",
        then: b"x: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n",
        pause: None,
        result: Ok(200),
        bytes: BYTES_PER_REQUEST,
    },
    HostileResponse {
        name: "a body of a byte a second",
        head: "HTTP/1.1 200 OK\r\ncontent-length: 1073741824\r\n\r\n",
        then: b"x",
        pause: SECOND,
        result: Ok(200),
        bytes: BYTES_PER_REQUEST,
    },
    HostileResponse {
        name: "an endless header",
        head: "HTTP/1.1 200 OK\r\nx: ",
        then: &FILLER,
        pause: None,
        result: Err(NoResponse::Protocol),
        bytes: BYTES_PER_HEAD,
    },
    HostileResponse {
        name: "endless headers",
        head: "HTTP/1.1 200 OK\r\n",
        then: b"x: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n",
        pause: None,
        result: Err(NoResponse::Protocol),
        bytes: BYTES_PER_HEAD,
    },
    HostileResponse {
        name: "an endless reason",
        head: "HTTP/1.1 200 ",
        then: &FILLER,
        pause: None,
        result: Err(NoResponse::Protocol),
        bytes: BYTES_PER_HEAD,
    },
    HostileResponse {
        name: "endless interim responses",
        head: "",
        then: b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n",
        pause: MOMENT,
        result: Err(NoResponse::TimeoutResponse),
        bytes: BYTES_PER_REQUEST,
    },
    HostileResponse {
        name: "endless empty lines",
        head: "",
        then: &EMPTY_LINES,
        pause: None,
        result: Err(NoResponse::Protocol),
        bytes: BYTES_PER_HEAD,
    },
    HostileResponse {
        name: "a head of a byte a second",
        head: "HTTP/1.1 200 OK\r\nx: ",
        then: b"x",
        pause: SECOND,
        result: Err(NoResponse::TimeoutResponse),
        bytes: BYTES_PER_REQUEST,
    },
];

const fn empty_lines() -> [u8; 16 * 1024] {
    let mut lines = [b'\r'; 16 * 1024];
    let mut index = 1;
    while index < lines.len() {
        lines[index] = b'\n';
        index += 2;
    }
    lines
}

/// Answers every connection. Runs on a thread of its own, to be fast.
async fn serve(listener: TcpListener, response: &'static HostileResponse) {
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        // Writing fails once the client closes, as it should.
        tokio::spawn(async move { respond(stream, response).await.ok() });
    }
}

async fn respond(mut stream: TcpStream, response: &HostileResponse) -> std::io::Result<()> {
    let mut request = [0; 512];
    let _ = stream.read(&mut request).await?;
    stream.write_all(response.head.as_bytes()).await?;
    loop {
        stream.write_all(response.then).await?;
        match response.pause {
            Some(pause) => tokio::time::sleep(pause).await,
            None => tokio::task::yield_now().await,
        }
    }
}

fn request(address: SocketAddr) -> WebhookRequest {
    WebhookRequest {
        method: Method::POST,
        url: Url::parse(&format!("http://{address}/hook")).unwrap(),
        headers: HeaderMap::new(),
        body: Some(Bytes::from_static(br#"{"a":1}"#)),
        is_paced: false,
        header_capture: HeaderCapture::All,
    }
}

/// Sends all requests simultaneously; returns the attempts and the peak memory.
async fn send_all(
    client: &HttpClient,
    address: SocketAddr,
    timeout: Duration,
) -> (Vec<Attempt>, usize) {
    ALLOCATED.reset_peak_usage();
    let before = ALLOCATED.current_usage();
    let mut attempts = JoinSet::new();
    for _ in 0..REQUESTS {
        let client = client.clone();
        let account = "acme".parse().unwrap();
        attempts
            .spawn(async move { client.send(&account, request(address), timeout).await.unwrap() });
    }
    let attempts = tokio::time::timeout(timeout + MAX_DELAY, attempts.join_all()).await;
    let attempts = attempts.unwrap_or_else(|error| panic!("{error}: some requests do not end"));
    (attempts, ALLOCATED.peak_usage().saturating_sub(before))
}

#[test]
fn hostile_responses_end_in_time_within_the_memory_limit() {
    let servers =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    // The same runtime as the function's.
    let clients = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let client = HttpClient::new(AddressPolicy::LOCAL).unwrap();
    let mut failures = Vec::new();
    for response in &RESPONSES {
        let listener = servers.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        let server = servers.spawn(serve(listener, response));
        let start = Instant::now();
        let timeout = match response.result {
            Err(NoResponse::TimeoutResponse) => SHORT_TIMEOUT,
            _ => LONG_TIMEOUT,
        };
        let (attempts, used) = clients.block_on(send_all(&client, address, timeout));
        let each = used / REQUESTS / 1024;
        let elapsed = start.elapsed();
        println!("{}: {each} KiB each, all ended within {elapsed:?}", response.name);
        if let Some(other) = attempts.iter().find(|attempt| attempt.result != response.result) {
            failures.push(format!("{}: {:?}", response.name, other.result));
        }
        if used > REQUESTS * response.bytes + SLACK {
            failures.push(format!("{}: {each} KiB for each of {REQUESTS}", response.name));
        }
        server.abort();
    }
    assert!(failures.is_empty(), "{failures:#?}");
}
