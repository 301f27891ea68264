//! Pooled connections of an instance that was frozen.

use std::time::SystemTime;

use super::scripted::{Do, Server, first_then};
use super::*;

const SECOND: Duration = Duration::from_secs(1);

#[tokio::test]
async fn connections_are_reused_by_the_next_invocation() {
    let server = Server::start(|_, _| Do::Accept).await;
    let client = client();
    for _ in 0..5 {
        assert_eq!(server.result(&client).await, Ok(200));
        assert_eq!(server.result(&client).await, Ok(200));
        client.wake_after(SECOND);
    }
    assert_eq!(server.seen(), (1, 10));
}

#[tokio::test]
async fn connections_idle_for_more_than_a_second_are_dropped() {
    let server = Server::start(first_then(Do::Hang)).await;
    let client = client();
    assert_eq!(server.result(&client).await, Ok(200));
    client.wake_after(SECOND + Duration::from_millis(1));
    assert_eq!(server.result(&client).await, Ok(200));
    // The clock is set back.
    client.wake_at(SystemTime::now() - 60 * SECOND);
    assert_eq!(server.result(&client).await, Ok(200));
    assert_eq!(server.seen(), (3, 3));
}

#[tokio::test]
async fn dropped_connections_are_closed() {
    let (closed, mut was_closed) = tokio::sync::mpsc::unbounded_channel();
    let url = server(move |mut stream, _| {
        let closed = closed.clone();
        async move {
            while !read_request(&mut stream).await.is_empty() {
                stream.write_all(ACCEPTED).await.unwrap();
            }
            closed.send(()).unwrap();
        }
    })
    .await;
    let client = client();
    assert_eq!(send(&client, &url, LONG_TIMEOUT).await.result, Ok(200));
    client.wake_after(2 * SECOND);
    assert!(tokio::time::timeout(LONG_TIMEOUT, was_closed.recv()).await.unwrap().is_some());
}

#[tokio::test]
async fn a_connection_that_dies_in_a_short_freeze_costs_no_attempt() {
    for ending in [Do::Close, Do::Reset] {
        let server = Server::start(first_then(ending)).await;
        let client = client();
        for _ in 0..5 {
            assert_eq!(server.result(&client).await, Ok(200), "{ending:?}");
            client.wake_after(SECOND / 2);
        }
    }
}
