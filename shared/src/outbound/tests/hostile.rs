//! Broken, lying and endless responses. (Many at the same time: `tests/outbound_hostile.rs`.)

use super::*;

#[tokio::test]
async fn a_response_that_is_not_http_is_a_failure() {
    assert_eq!(result_of("").await, Err(NoResponse::Closed));
    assert_eq!(result_of("HTTP/1.1 20").await, Err(NoResponse::Closed));
    assert_eq!(result_of("SSH-2.0-server\r\n").await, Err(NoResponse::Protocol));
    assert_eq!(result_of("HTTP/1.1 99999 ?\r\n\r\n").await, Err(NoResponse::Protocol));
}

#[tokio::test]
async fn an_incomplete_body_does_not_change_the_status() {
    let cut = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nfewer";
    assert_eq!(result_of(cut).await, Ok(200));
}

#[tokio::test]
async fn an_endless_body_is_read_to_the_limit() {
    let (closed, mut was_closed) = tokio::sync::mpsc::unbounded_channel();
    let url = server(move |mut stream, _| {
        let closed = closed.clone();
        async move {
            read_request(&mut stream).await;
            let head = b"HTTP/1.1 200 OK\r\ncontent-length: 1073741824\r\n\r\n";
            stream.write_all(head).await.unwrap();
            // Until the client closes.
            let mut sent = 0_usize;
            while stream.write_all(&[b'x'; 4096]).await.is_ok() {
                sent += 4096;
            }
            closed.send(sent).unwrap();
        }
    })
    .await;
    let attempt = send(&client(), &url, LONG_TIMEOUT).await;
    assert_eq!(attempt.result, Ok(200));
    let deadline = Duration::from_secs(10);
    let sent = tokio::time::timeout(deadline, was_closed.recv()).await.unwrap().unwrap();
    assert!(sent < 64 << 20, "more than the system buffers: {sent}");
}

#[tokio::test]
async fn a_head_is_limited_to_400_kib_and_100_headers() {
    let head = |line: &str, count: usize| {
        let head = format!("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n{}\r\n", line.repeat(count));
        &*head.leak()
    };
    let header = |bytes: usize| format!("x: {}\r\n", "y".repeat(bytes));
    assert_eq!(result_of(head("x: y\r\n", 99)).await, Ok(200));
    assert_eq!(result_of(head("x: y\r\n", 100)).await, Err(NoResponse::Protocol));
    assert_eq!(result_of(head(&header(1024), 99)).await, Ok(200));
    assert_eq!(result_of(head(&header(300 * 1024), 1)).await, Ok(200));
    assert_eq!(result_of(head(&header(300 * 1024), 2)).await, Err(NoResponse::Protocol));
}

#[tokio::test]
async fn the_status_counts_whatever_follows() {
    for rest in [
        "content-length: 18446744073709551613\r\n\r\nfewer",
        "transfer-encoding: chunked\r\n\r\nnot a size\r\n",
        "transfer-encoding: chunked\r\n\r\nffffffffffffffffff\r\nx",
        "transfer-encoding: chunked\r\n\r\n5\r\nfewer, longer\r\n",
        "transfer-encoding: chunked\r\n\r\n0\r\nnot a trailer\r\n\r\n",
        "transfer-encoding: chunked\r\ncontent-length: 3\r\n\r\n0\r\n\r\n",
        "transfer-encoding: unknown\r\n\r\nbody",
        "content-encoding: gzip\r\ncontent-length: 4\r\n\r\nnope",
        "connection: upgrade\r\nupgrade: nothing\r\n\r\nbody",
    ] {
        let answer = format!("HTTP/1.1 503 Down\r\n{rest}");
        assert_eq!(result_of(answer.leak()).await, Ok(503), "{rest:?}");
    }
    assert_eq!(result_of("HTTP/1.0 200 OK\r\n\r\nbody").await, Ok(200));
    assert_eq!(result_of("HTTP/1.1 101 Now\r\nupgrade: x\r\n\r\nbody").await, Ok(101));
}

#[tokio::test]
async fn interim_responses_are_skipped() {
    let interim = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nlink: </>\r\n\r\n\
        HTTP/1.1 202 OK\r\ncontent-length: 0\r\n\r\n";
    assert_eq!(result_of(interim).await, Ok(202));
    assert_eq!(result_of("HTTP/1.1 100 Continue\r\n\r\n").await, Err(NoResponse::Closed));
}

#[tokio::test]
async fn bytes_after_a_response_do_not_answer_the_next_request() {
    let url = server(|mut stream, connection| async move {
        read_request(&mut stream).await;
        let status = if connection == 0 { "500 Down" } else { "503 Down" };
        let answer = format!(
            "HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"
        );
        stream.write_all(answer.as_bytes()).await.unwrap();
        std::future::pending::<()>().await;
    })
    .await;
    let client = client();
    assert_eq!(send(&client, &url, LONG_TIMEOUT).await.result, Ok(500));
    assert_eq!(send(&client, &url, LONG_TIMEOUT).await.result, Ok(503));
}

#[tokio::test]
async fn a_body_is_not_decompressed() {
    let url = server(|mut stream, _| async move {
        read_request(&mut stream).await;
        let head =
            b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 3\r\n\r\n\x1f\x8b\x08";
        stream.write_all(head).await.unwrap();
    })
    .await;
    let attempt = send(&client(), &url, LONG_TIMEOUT).await;
    assert_eq!(&attempt.body[..], b"\x1f\x8b\x08");
}

#[tokio::test]
async fn the_timeout_ends_reading_the_body() {
    let url = server(|mut stream, _| async move {
        read_request(&mut stream).await;
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nfew").await.unwrap();
        std::future::pending::<()>().await;
    })
    .await;
    let attempt = send(&client(), &url, Duration::from_millis(300)).await;
    assert_eq!((attempt.result, &attempt.body[..]), (Ok(200), &b"few"[..]));
}
