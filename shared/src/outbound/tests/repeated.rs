//! A request whose connection ends without a response is sent once more, over a new connection.

use futures_util::StreamExt as _;
use futures_util::future::join_all;
use futures_util::stream;

use super::scripted::{Do, Server, first_then};
use super::*;

#[tokio::test]
async fn a_receiver_that_closes_unannounced_gets_every_report_at_the_first_attempt() {
    const REPORTS: usize = 300;
    // The most that deliver has in flight to one webhook.
    const IN_FLIGHT: usize = 50;
    let server = Server::start(|_, _| Do::AcceptAndClose).await;
    let client = client();
    let sent = stream::iter(0..REPORTS).map(|_| server.result(&client));
    let results: Vec<_> = sent.buffer_unordered(IN_FLIGHT).collect().await;
    let failed = results.iter().filter(|result| **result != Ok(200)).count();
    let (connections, requests) = server.seen();
    println!(
        "closing.failed: {failed} of {REPORTS}, {requests} requests, {connections} connections"
    );
    assert_eq!(failed, 0);
}

#[tokio::test]
async fn a_pooled_connection_that_ends_costs_no_attempt() {
    for ending in [Do::Close, Do::Reset] {
        let server = Server::start(first_then(ending)).await;
        let client = client();
        assert_eq!(server.result(&client).await, Ok(200));
        assert_eq!(server.result(&client).await, Ok(200));
        assert_eq!(server.seen(), (2, 3), "{ending:?}: the second request went out twice");
    }
}

#[tokio::test]
async fn a_receiver_that_ends_every_connection_gets_each_request_twice() {
    for (ending, why) in [(Do::Close, NoResponse::Closed), (Do::Reset, NoResponse::Reset)] {
        let server = Server::start(move |_, _| ending).await;
        let client = client();
        for attempt in 1..=3 {
            assert_eq!(server.result(&client).await, Err(why));
            assert_eq!(server.seen(), (2 * attempt, 2 * attempt), "a new connection for each");
        }
    }
}

#[tokio::test]
async fn many_simultaneous_dead_connections_cost_no_attempt() {
    const MANY: usize = 50;
    // Connections with a lower number reset.
    let alive = Arc::<AtomicUsize>::default();
    let first_alive = Arc::clone(&alive);
    let server = Server::start(move |connection, _| {
        if connection < first_alive.load(Ordering::SeqCst) { Do::Reset } else { Do::Accept }
    })
    .await;
    let client = client();
    let all = || join_all((0..MANY).map(|_| server.result(&client)));
    assert_eq!(all().await, [Ok(200); MANY]);
    let (connections, requests) = server.seen();
    alive.store(connections, Ordering::SeqCst);
    assert_eq!(all().await, [Ok(200); MANY]);
    let sent = server.seen().1 - requests;
    assert!(sent <= 2 * MANY, "{sent} requests: some were sent more than twice");
    assert!(sent > MANY, "{sent} requests: no connection was pooled");
}

#[tokio::test]
async fn a_timed_out_or_malformed_response_is_not_repeated() {
    let server = Server::start(first_then(Do::Hang)).await;
    let client = client();
    assert_eq!(server.result(&client).await, Ok(200));
    let attempt = send(&client, &server.url, Duration::from_millis(300)).await;
    assert_eq!(attempt.result, Err(NoResponse::TimeoutResponse));
    assert_eq!(server.seen(), (1, 2));

    let server = Server::start(first_then(Do::NotHttp)).await;
    assert_eq!(server.result(&client).await, Ok(200));
    assert_eq!(server.result(&client).await, Err(NoResponse::Protocol));
    assert_eq!(server.seen(), (1, 2), "a response that is not HTTP is not repeated");
}

#[tokio::test]
async fn the_second_copy_has_the_rest_of_the_timeout() {
    let server = Server::start(|connection, request| match (connection, request) {
        (0, 0) => Do::Accept,
        (0, _) => Do::Close,
        _ => Do::Hang,
    })
    .await;
    let client = client();
    assert_eq!(server.result(&client).await, Ok(200));
    let attempt = send(&client, &server.url, Duration::from_millis(500)).await;
    assert_eq!(attempt.result, Err(NoResponse::TimeoutResponse));
    assert!(attempt.latency < LONG_TIMEOUT, "one timeout for both");
    assert_eq!(server.seen(), (2, 3));
}

#[tokio::test]
async fn the_second_copy_is_identical() {
    let (seen, mut requests) = tokio::sync::mpsc::unbounded_channel();
    let url = server(move |mut stream, connection| {
        let seen = seen.clone();
        async move {
            seen.send(read_request(&mut stream).await).unwrap();
            if connection > 0 {
                stream.write_all(ACCEPTED).await.unwrap();
            }
        }
    })
    .await;
    assert_eq!(send(&client(), &url, LONG_TIMEOUT).await.result, Ok(200));
    let (first, second) = (requests.recv().await.unwrap(), requests.recv().await.unwrap());
    assert_eq!(first, second);
    assert!(first.contains("\r\nwebhook-id: r1\r\n"), "{first}");
}

/// A server that accepts every request, and its number of open connections.
async fn counting_server() -> (Url, Arc<AtomicUsize>) {
    let open = Arc::<AtomicUsize>::default();
    let counted = Arc::clone(&open);
    let url = server(move |mut stream, _| {
        let open = Arc::clone(&counted);
        async move {
            open.fetch_add(1, Ordering::SeqCst);
            while !read_request(&mut stream).await.is_empty() {
                stream.write_all(ACCEPTED).await.unwrap();
            }
            open.fetch_sub(1, Ordering::SeqCst);
        }
    })
    .await;
    (url, open)
}

/// Sends one request to each of `hosts` hosts.
async fn send_to_hosts(client: &HttpClient, url: &Url, hosts: usize) {
    for host in 1..=hosts {
        let mut url = url.clone();
        // All of 127.0.0.0/8 is this machine, and the server listens on all of it.
        url.set_host(Some(&format!("127.0.0.{host}"))).unwrap();
        assert_eq!(send(client, &url, LONG_TIMEOUT).await.result, Ok(200), "{url}");
    }
}

#[tokio::test]
async fn open_connections_are_bounded_over_all_hosts() {
    const MAX: usize = 5;
    let (url, open) = counting_server().await;
    let client = client_with_pool_of(MAX);
    for _ in 0..3 {
        send_to_hosts(&client, &url, 12).await;
        client.wake_after(Duration::ZERO);
        let closed = async {
            while open.load(Ordering::SeqCst) > MAX {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        let waited = tokio::time::timeout(LONG_TIMEOUT, closed).await;
        assert!(waited.is_ok(), "{} connections are open", open.load(Ordering::SeqCst));
    }
}

#[tokio::test]
async fn a_client_at_its_connection_limit_is_replaced() {
    let server = Server::start(|_, _| Do::Accept).await;
    let (others, _) = counting_server().await;
    let client = client_with_pool_of(4);
    send_to_hosts(&client, &others, 4).await;
    for request in 1..=2 {
        assert_eq!(server.result(&client).await, Ok(200));
        assert_eq!(server.seen(), (request, request), "the limit leaves no pooled connection");
    }
    client.wake_after(Duration::ZERO);
    for request in 3..=5 {
        assert_eq!(server.result(&client).await, Ok(200));
        assert_eq!(server.seen(), (3, request), "one pooled connection");
    }
}

#[tokio::test]
async fn closed_connections_do_not_count_towards_the_limit() {
    for (answer, is_announced) in [
        ("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n", true),
        ("HTTP/1.1 200 OK\r\nconnection: x, Close\r\ncontent-length: 0\r\n\r\n", true),
        ("HTTP/1.0 200 OK\r\ncontent-length: 0\r\n\r\n", true),
        ("", false),
    ] {
        let closing = server(move |mut stream, _| async move {
            read_request(&mut stream).await;
            stream.write_all(answer.as_bytes()).await.unwrap();
        })
        .await;
        let client = client_with_pool_of(2);
        for _ in 0..10 {
            assert_eq!(send(&client, &closing, LONG_TIMEOUT).await.result.is_ok(), is_announced);
        }
        let server = Server::start(|_, _| Do::Accept).await;
        for request in 1..=3 {
            assert_eq!(server.result(&client).await, Ok(200));
            assert_eq!(server.seen(), (1, request), "{answer:?}");
        }
    }
}

#[tokio::test]
async fn failed_connections_do_not_count_towards_the_limit() {
    let client = client_with_pool_of(2);
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = closed.local_addr().unwrap().port();
    drop(closed);
    let closed = Url::parse(&format!("http://127.0.0.1:{port}/")).unwrap();
    for _ in 0..10 {
        assert_eq!(send(&client, &closed, LONG_TIMEOUT).await.result, Err(NoResponse::Refused));
    }
    let server = Server::start(|_, _| Do::Accept).await;
    for request in 1..=3 {
        assert_eq!(server.result(&client).await, Ok(200));
        assert_eq!(server.seen(), (1, request));
    }
}
