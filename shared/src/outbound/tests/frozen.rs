//! Connections that were kept while the instance was frozen.

use std::time::SystemTime;

use futures_util::future::join_all;

use super::*;

/// What a server does on a connection when another request has come.
#[derive(Clone, Copy)]
enum Do {
    /// Answers with 200.
    Take,
    /// Closes without an answer.
    Close,
    /// Resets without an answer.
    Reset,
    /// Nothing more.
    Hang,
    /// Answers what is not HTTP.
    Babble,
}

/// A server, and how many connections and requests it has seen.
struct Server {
    url: Url,
    connections: Arc<AtomicUsize>,
    requests: Arc<AtomicUsize>,
}

impl Server {
    /// Does on each connection what `script` says for it and the number of the request on it.
    async fn start(script: impl Fn(usize, usize) -> Do + Send + Sync + 'static) -> Self {
        let connections = Arc::<AtomicUsize>::default();
        let requests = Arc::<AtomicUsize>::default();
        let counts = (Arc::clone(&connections), Arc::clone(&requests));
        let script = Arc::new(script);
        let url = server(move |mut stream, connection| {
            let ((connections, requests), script) = (counts.clone(), Arc::clone(&script));
            async move {
                connections.fetch_add(1, Ordering::SeqCst);
                for request in 0.. {
                    if read_request(&mut stream).await.is_empty() {
                        return;
                    }
                    requests.fetch_add(1, Ordering::SeqCst);
                    match script(connection, request) {
                        Do::Take => stream.write_all(TAKEN).await.unwrap(),
                        Do::Close => return,
                        Do::Reset => return stream.set_zero_linger().unwrap(),
                        Do::Hang => std::future::pending().await,
                        Do::Babble => stream.write_all(b"220 mail\r\n").await.unwrap(),
                    }
                }
            }
        })
        .await;
        Self { url, connections, requests }
    }

    /// The connections and the requests so far.
    fn seen(&self) -> (usize, usize) {
        (self.connections.load(Ordering::SeqCst), self.requests.load(Ordering::SeqCst))
    }

    async fn result(&self, client: &HttpClient) -> Result<u16, NoResponse> {
        send(client, &self.url, ENOUGH).await.result
    }
}

/// Takes the first request on each connection, then does something else.
fn first_then(then: Do) -> impl Fn(usize, usize) -> Do + Send + Sync + 'static {
    move |_, request| if request == 0 { Do::Take } else { then }
}

#[tokio::test]
async fn a_connection_that_dies_under_the_first_request_costs_no_attempt() {
    for death in [Do::Close, Do::Reset] {
        let server = Server::start(first_then(death)).await;
        let client = client();
        assert_eq!(server.result(&client).await, Ok(200));
        client.wake();
        assert_eq!(server.result(&client).await, Ok(200));
        assert_eq!(server.seen(), (2, 3), "the second request went out twice");
    }
}

#[tokio::test]
async fn without_a_freezer_it_is_the_client_that_broke_the_connection() {
    for death in [Do::Close, Do::Reset] {
        let server = Server::start(first_then(death)).await;
        let client = client();
        client.wake();
        assert_eq!(server.result(&client).await, Ok(200));
        assert_eq!(server.result(&client).await, Err(NoResponse::Broken));
        assert_eq!(server.seen(), (1, 2));
    }
}

#[tokio::test]
async fn a_connection_that_was_closed_between_invocations_costs_no_attempt() {
    let url = server(|mut stream, _| async move {
        read_request(&mut stream).await;
        stream.write_all(TAKEN).await.unwrap();
    })
    .await;
    let client = client();
    for _ in 0..20 {
        client.wake();
        assert_eq!(send(&client, &url, ENOUGH).await.result, Ok(200));
    }
}

#[tokio::test]
async fn a_client_that_resets_every_connection_is_asked_once_more_at_most() {
    let server = Server::start(|connection, request| match (connection, request) {
        (0, 0) => Do::Take,
        _ => Do::Reset,
    })
    .await;
    let client = client();
    assert_eq!(server.result(&client).await, Ok(200));
    client.wake();
    assert_eq!(server.result(&client).await, Err(NoResponse::Broken));
    assert_eq!(server.seen(), (2, 3));
    client.wake();
    assert_eq!(server.result(&client).await, Err(NoResponse::Broken));
    assert_eq!(server.seen(), (3, 4), "a connection of this invocation is no excuse");
}

#[tokio::test]
async fn connections_are_kept_across_invocations() {
    let server = Server::start(|_, _| Do::Take).await;
    let client = client();
    for _ in 0..5 {
        client.wake();
        assert_eq!(server.result(&client).await, Ok(200));
        assert_eq!(server.result(&client).await, Ok(200));
    }
    assert_eq!(server.seen(), (1, 10));
}

#[tokio::test]
async fn connections_that_were_not_used_for_long_are_dropped() {
    let server = Server::start(first_then(Do::Hang)).await;
    let client = client();
    let second = Duration::from_secs(1);
    assert_eq!(server.result(&client).await, Ok(200));
    client.wake_at(SystemTime::now() + 11 * second);
    assert_eq!(server.result(&client).await, Ok(200));
    // A clock that was set back.
    client.wake_at(SystemTime::now() - 60 * second);
    assert_eq!(server.result(&client).await, Ok(200));
    assert_eq!(server.seen(), (3, 3));
}

#[tokio::test]
async fn the_first_dead_connection_makes_all_suspects_go() {
    let dead = Server::start(first_then(Do::Close)).await;
    let good = Server::start(|_, _| Do::Take).await;
    let client = client();
    assert_eq!(good.result(&client).await, Ok(200));
    assert_eq!(dead.result(&client).await, Ok(200));
    client.wake();
    assert_eq!(dead.result(&client).await, Ok(200));
    assert_eq!(good.result(&client).await, Ok(200));
    assert_eq!(good.result(&client).await, Ok(200));
    assert_eq!(good.seen(), (2, 3), "one new connection, and that is kept");
}

#[tokio::test]
async fn many_dead_connections_at_once_cost_no_attempt() {
    const MANY: usize = 50;
    // Connections with a lower number are dead.
    let alive = Arc::<AtomicUsize>::default();
    let first_alive = Arc::clone(&alive);
    let server = Server::start(move |connection, _| {
        if connection < first_alive.load(Ordering::SeqCst) { Do::Reset } else { Do::Take }
    })
    .await;
    let client = client();
    let all = || join_all((0..MANY).map(|_| server.result(&client)));
    assert_eq!(all().await, [Ok(200); MANY]);
    let (connections, requests) = server.seen();
    alive.store(connections, Ordering::SeqCst);
    client.wake();
    assert_eq!(all().await, [Ok(200); MANY]);
    let sent = server.seen().1 - requests;
    assert!(sent <= 2 * MANY, "{sent} requests: none is repeated more than once");
    assert!(sent > MANY, "{sent} requests: no connection was kept");
}

#[tokio::test]
async fn what_is_answered_or_not_in_time_is_not_repeated() {
    let server = Server::start(first_then(Do::Hang)).await;
    let client = client();
    assert_eq!(server.result(&client).await, Ok(200));
    client.wake();
    let attempt = send(&client, &server.url, Duration::from_millis(300)).await;
    assert_eq!(attempt.result, Err(NoResponse::Timeout));
    assert_eq!(server.seen(), (1, 2));

    let server = Server::start(first_then(Do::Babble)).await;
    assert_eq!(server.result(&client).await, Ok(200));
    client.wake();
    assert_eq!(server.result(&client).await, Err(NoResponse::Broken));
    assert_eq!(server.seen(), (1, 2), "whoever talks nonsense is not dead");
}

#[tokio::test]
async fn a_repetition_has_what_is_left_of_the_time() {
    let server = Server::start(|connection, request| match (connection, request) {
        (0, 0) => Do::Take,
        (0, _) => Do::Close,
        _ => Do::Hang,
    })
    .await;
    let client = client();
    assert_eq!(server.result(&client).await, Ok(200));
    client.wake();
    let attempt = send(&client, &server.url, Duration::from_millis(500)).await;
    assert_eq!(attempt.result, Err(NoResponse::Timeout));
    assert_eq!(server.seen(), (2, 3));
}
