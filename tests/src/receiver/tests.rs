use std::collections::HashSet;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::*;

const TIMEOUT: Duration = Duration::from_secs(30);

async fn connect(receiver: &Receiver) -> TcpStream {
    TcpStream::connect(&receiver.address).await.unwrap()
}

async fn ask(stream: &mut TcpStream, path: &str, id: &str) {
    let request = format!("GET {path} HTTP/1.1\r\nhost: h\r\nwebhook-id: {id}\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
}

/// Reads until `enough` or the end of the connection.
async fn read(stream: &mut TcpStream, enough: impl Fn(&str) -> bool) -> String {
    let mut text = String::new();
    let mut buffer = [0; 1024];
    while !enough(&text) {
        match timeout(TIMEOUT, stream.read(&mut buffer)).await {
            Ok(Ok(0)) => return text + "<end>",
            Ok(Ok(count)) => text.push_str(&String::from_utf8_lossy(&buffer[..count])),
            Ok(Err(error)) => return format!("{text}<{:?}>", error.kind()),
            Err(error) => panic!("{error}: waited {TIMEOUT:?} after {text:?}"),
        }
    }
    text
}

/// The answer to one request on a new connection.
async fn answer(receiver: &Receiver, path: &str, id: &str) -> String {
    let mut stream = connect(receiver).await;
    ask(&mut stream, path, id).await;
    read(&mut stream, |text| text.contains("\r\n\r\n")).await
}

async fn code(receiver: &Receiver, path: &str, id: &str) -> u16 {
    let answer = answer(receiver, path, id).await;
    answer
        .split(' ')
        .nth(1)
        .and_then(|code| code.parse().ok())
        .unwrap_or_else(|| panic!("{answer}"))
}

#[tokio::test]
async fn paths_determine_answers() {
    let receiver = Receiver::start().await;
    for (path, expected) in
        [("/", 200), ("/any/path?a=b", 200), ("/status/202", 202), ("/gone", 410), ("/slow/0", 200)]
    {
        assert_eq!(code(&receiver, path, "a").await, expected, "{path}");
    }
    let redirect = answer(&receiver, "/status/302", "a").await;
    assert!(redirect.contains("location: /redirected\r\n"), "{redirect}");
    let mut stream = connect(&receiver).await;
    let request = "POST /echo HTTP/1.1\r\nhost: h\r\ncontent-length: 5\r\n\r\nhello";
    stream.write_all(request.as_bytes()).await.unwrap();
    let echo = read(&mut stream, |text| text.ends_with("hello")).await;
    assert!(echo.starts_with("HTTP/1.1 200 "), "{echo}");
    let throttled = answer(&receiver, "/throttle/7", "a").await;
    assert!(throttled.starts_with("HTTP/1.1 429 "), "{throttled}");
    assert!(throttled.contains("retry-after: 7\r\n"), "{throttled}");
    let accepted: Vec<_> = receiver.accepted().into_iter().map(|request| request.path).collect();
    assert_eq!(accepted, ["/", "/any/path?a=b", "/status/202", "/slow/0", "/echo"]);
}

#[tokio::test]
async fn failures_are_counted_per_report() {
    let receiver = Receiver::start().await;
    for id in ["a", "b"] {
        let mut codes = Vec::new();
        for path in ["/flip", "/flip/2"] {
            for _ in 0..4 {
                codes.push(code(&receiver, path, id).await);
            }
        }
        assert_eq!(codes, [500, 200, 500, 200, 500, 500, 200, 200], "{id}");
    }
}

#[tokio::test]
async fn a_test_sets_and_resets_the_answer_of_a_path() {
    let receiver = Receiver::start().await;
    assert_eq!(code(&receiver, "/hook?a=b", "a").await, 200);
    receiver.set_answer("/hook", Answer::Status(503));
    assert_eq!(code(&receiver, "/hook?a=b", "a").await, 503);
    receiver.set_answer("/hook", Answer::Fault(Fault::Reset));
    assert_eq!(answer(&receiver, "/hook", "a").await, "<ConnectionReset>");
    assert_eq!(code(&receiver, "/other", "a").await, 200);
    receiver.reset_answer("/hook");
    assert_eq!(code(&receiver, "/hook?a=b", "a").await, 200);
    let answered: Vec<_> = receiver.received().iter().map(|request| request.answered).collect();
    assert_eq!(answered, [Some(200), Some(503), None, Some(200), Some(200)]);
}

#[tokio::test]
async fn each_fault_does_what_its_name_says() {
    let receiver = Receiver::start().await;
    assert_eq!(answer(&receiver, "/reset", "a").await, "<ConnectionReset>");
    assert_eq!(answer(&receiver, "/reset-before-head", "a").await, "<ConnectionReset>");
    let mut stream = connect(&receiver).await;
    ask(&mut stream, "/broken", "a").await;
    assert_eq!(read(&mut stream, |_| false).await, "SSH-2.0-nothing\r\n<end>");
    assert_eq!(receiver.accepted().len(), 0);

    let mut stream = connect(&receiver).await;
    ask(&mut stream, "/half", "a").await;
    let half = read(&mut stream, |_| false).await;
    assert!(half.starts_with("HTTP/1.1 200 OK\r\n"), "{half}");
    assert!(half.ends_with("\r\n\r\nhalf<ConnectionReset>"), "{half}");
    assert_eq!(receiver.accepted().len(), 1, "the status had arrived");

    let mut stream = connect(&receiver).await;
    ask(&mut stream, "/close", "a").await;
    let closed = read(&mut stream, |_| false).await;
    assert_eq!(closed, "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok<end>");
    assert_eq!(receiver.accepted().len(), 2);
}

#[tokio::test]
async fn endless_bodies_continue_until_the_sender_disconnects() {
    let receiver = Receiver::start().await;
    let mut stream = connect(&receiver).await;
    ask(&mut stream, "/trickle", "a").await;
    let trickled = read(&mut stream, |text| text.ends_with("\r\n\r\n..")).await;
    assert!(trickled.ends_with("\r\n\r\n.."), "{trickled}");

    let mut stream = connect(&receiver).await;
    ask(&mut stream, "/endless", "a").await;
    let enough = 10_000_000;
    let endless = read(&mut stream, |text| text.len() > enough).await;
    assert!(endless.len() > enough, "only {} bytes arrived", endless.len());
    assert!(endless.contains("content-length: 1073741824\r\n"), "{}", &endless[..100]);
    assert_eq!(receiver.accepted().len(), 2);
}

#[tokio::test]
async fn a_sender_that_disconnects_early_gets_no_answer() {
    let receiver = Receiver::start().await;
    for (path, count) in [("/slow/2", 1), ("/hang", 2)] {
        let mut stream = connect(&receiver).await;
        ask(&mut stream, path, "a").await;
        // Disconnects after the request arrived, within its first second.
        receiver.wait_for(count, TIMEOUT).await;
    }
    assert_eq!(code(&receiver, "/slow/3", "b").await, 200);
    let answered: Vec<_> = receiver.received().iter().map(|request| request.answered).collect();
    assert_eq!(answered, [None, None, Some(200)]);
}

#[tokio::test]
async fn tens_of_thousands_of_requests_are_recorded() {
    const CONNECTIONS: usize = 50;
    const REQUESTS: usize = 400;
    let receiver = Receiver::start().await;
    let before = (Instant::now(), SystemTime::now());
    let mut clients = Vec::new();
    for client in 0..CONNECTIONS {
        let mut stream = connect(&receiver).await;
        clients.push(tokio::spawn(async move {
            for i in 0..REQUESTS {
                ask(&mut stream, "/hook", &format!("{client}-{i}")).await;
                let answer = read(&mut stream, |text| text.ends_with("\r\n\r\n")).await;
                assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
            }
        }));
    }
    for client in clients {
        client.await.unwrap();
    }
    let accepted = receiver.wait_for_accepted(CONNECTIONS * REQUESTS, TIMEOUT).await;
    let ids: HashSet<_> = accepted.iter().map(|request| request.header("webhook-id")).collect();
    assert_eq!(ids.len(), CONNECTIONS * REQUESTS);
    assert!(accepted.iter().all(|got| got.arrived >= before.0 && got.arrived_at >= before.1));
    assert_eq!(receiver.received_at("/hook").len(), receiver.count());
}
