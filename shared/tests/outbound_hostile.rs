//! What 250 hostile answers at the same time cost: every request ends in time with the result
//! that is documented, and the memory that they take together stays small.

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
use callhook::address::AddressPolicy;
use callhook::delivery::{Attempt, NoResponse};
use callhook::outbound::{HttpClient, Outbound as _};
use callhook::request::{HeaderCapture, WebhookRequest};
use http::{HeaderMap, Method};
use peak_alloc::PeakAlloc;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use url::Url;

#[global_allocator]
static ALLOCATED: PeakAlloc = PeakAlloc;

/// As many as an instance has under way.
const REQUESTS: usize = 250;
/// What one answer may take, with what its connection and its task take.
const BYTES_PER_REQUEST: usize = 64 * 1024;
/// The same while its head does not end. Together they stay below the 192 MiB that
/// docs/architecture.md says.
const BYTES_PER_HEAD: usize = 640 * 1024;
/// For the test and its server.
const SLACK: usize = 4 << 20;
/// Of an attempt that is to end before it.
const LONG_TIMEOUT: Duration = Duration::from_secs(30);
/// Of an attempt that is to end with it.
const SHORT_TIMEOUT: Duration = Duration::from_secs(3);
/// How much later a busy machine may get to a request whose time is over.
const PATIENCE: Duration = Duration::from_secs(30);

/// An answer: how it begins, then what comes over and over.
struct Answer {
    name: &'static str,
    head: &'static str,
    then: &'static [u8],
    /// Between the repetitions; none: as fast as the client takes it.
    pause: Option<Duration>,
    result: Result<u16, NoResponse>,
    /// What it may take.
    bytes: usize,
}

static FILLER: [u8; 16 * 1024] = [b'x'; 16 * 1024];
/// hyper looks at all of them again whenever more of them come, so they come in large pieces.
static EMPTY_LINES: [u8; 16 * 1024] = empty_lines();
const SECOND: Option<Duration> = Some(Duration::from_secs(1));
/// Of what nothing but the attempt's timeout ends: some MB a second, as a network brings them.
const MOMENT: Option<Duration> = Some(Duration::from_millis(5));
const CHUNKED: &str = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";

const ANSWERS: [Answer; 12] = [
    Answer {
        name: "an endless body",
        head: "HTTP/1.1 200 OK\r\ncontent-length: 1073741824\r\n\r\n",
        then: &FILLER,
        pause: None,
        result: Ok(200),
        bytes: BYTES_PER_REQUEST,
    },
    Answer {
        name: "a body without a length",
        head: "HTTP/1.1 503 Down\r\n\r\n",
        then: &FILLER,
        pause: None,
        result: Ok(503),
        bytes: BYTES_PER_REQUEST,
    },
    Answer {
        name: "a body of one-byte chunks",
        head: CHUNKED,
        then: b"1\r\nx\r\n1\r\nx\r\n1\r\nx\r\n1\r\nx\r\n1\r\nx\r\n1\r\nx\r\n1\r\nx\r\n1\r\nx\r\n",
        pause: None,
        result: Ok(200),
        bytes: BYTES_PER_REQUEST,
    },
    Answer {
        name: "an endless chunk extension",
        head: "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5;",
        then: &FILLER,
        pause: None,
        result: Ok(200),
        bytes: BYTES_PER_REQUEST,
    },
    Answer {
        name: "endless trailers",
        head: "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n",
        then: b"x: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n",
        pause: None,
        result: Ok(200),
        bytes: BYTES_PER_REQUEST,
    },
    Answer {
        name: "a body of a byte a second",
        head: "HTTP/1.1 200 OK\r\ncontent-length: 1073741824\r\n\r\n",
        then: b"x",
        pause: SECOND,
        result: Ok(200),
        bytes: BYTES_PER_REQUEST,
    },
    Answer {
        name: "a header without end",
        head: "HTTP/1.1 200 OK\r\nx: ",
        then: &FILLER,
        pause: None,
        result: Err(NoResponse::Protocol),
        bytes: BYTES_PER_HEAD,
    },
    Answer {
        name: "headers without end",
        head: "HTTP/1.1 200 OK\r\n",
        then: b"x: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n",
        pause: None,
        result: Err(NoResponse::Protocol),
        bytes: BYTES_PER_HEAD,
    },
    Answer {
        name: "a reason without end",
        head: "HTTP/1.1 200 ",
        then: &FILLER,
        pause: None,
        result: Err(NoResponse::Protocol),
        bytes: BYTES_PER_HEAD,
    },
    Answer {
        name: "promises of an answer without end",
        head: "",
        then: b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n",
        pause: MOMENT,
        result: Err(NoResponse::TimeoutResponse),
        bytes: BYTES_PER_REQUEST,
    },
    Answer {
        name: "empty lines without end",
        head: "",
        then: &EMPTY_LINES,
        pause: None,
        result: Err(NoResponse::Protocol),
        bytes: BYTES_PER_HEAD,
    },
    Answer {
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
    let mut place = 1;
    while place < lines.len() {
        lines[place] = b'\n';
        place += 2;
    }
    lines
}

/// Answers whoever connects; it runs on a thread of its own, so that it is as fast as it can be.
async fn serve(listener: TcpListener, answer: &'static Answer) {
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        // A client that has had enough is what this is about.
        tokio::spawn(async move { give(stream, answer).await.ok() });
    }
}

async fn give(mut stream: TcpStream, answer: &Answer) -> std::io::Result<()> {
    let mut request = [0; 512];
    let _ = stream.read(&mut request).await?;
    stream.write_all(answer.head.as_bytes()).await?;
    loop {
        stream.write_all(answer.then).await?;
        match answer.pause {
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

/// Sends all requests at once; the attempts and the most memory that was taken meanwhile.
async fn attack(
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
    let attempts = tokio::time::timeout(timeout + PATIENCE, attempts.join_all()).await;
    let attempts = attempts.unwrap_or_else(|error| panic!("{error}: some requests do not end"));
    (attempts, ALLOCATED.peak_usage().saturating_sub(before))
}

#[test]
fn hostile_answers_end_in_time_and_take_little_memory() {
    let servers =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    // As the function runs it.
    let clients = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let client = HttpClient::new(AddressPolicy::LOCAL).unwrap();
    let mut failures = Vec::new();
    for answer in &ANSWERS {
        let listener = servers.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        let server = servers.spawn(serve(listener, answer));
        let start = Instant::now();
        let timeout = match answer.result {
            Err(NoResponse::TimeoutResponse) => SHORT_TIMEOUT,
            _ => LONG_TIMEOUT,
        };
        let (attempts, taken) = clients.block_on(attack(&client, address, timeout));
        let each = taken / REQUESTS / 1024;
        let elapsed = start.elapsed();
        println!("{}: {each} KiB each, all ended within {elapsed:?}", answer.name);
        if let Some(other) = attempts.iter().find(|attempt| attempt.result != answer.result) {
            failures.push(format!("{}: {:?}", answer.name, other.result));
        }
        if taken > REQUESTS * answer.bytes + SLACK {
            failures.push(format!("{}: {each} KiB for each of {REQUESTS}", answer.name));
        }
        server.abort();
    }
    assert!(failures.is_empty(), "{failures:#?}");
}
