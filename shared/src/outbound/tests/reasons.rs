//! Why a request got no response: each reason with a real socket. (Those of TLS: `tls.rs`.)

use std::net::IpAddr;

use super::guard::Answers;
use super::*;

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

#[tokio::test]
async fn a_name_that_the_resolver_does_not_know_is_a_failure_of_the_dns() {
    // No label of a name is as long, so no server is asked.
    let unknown = format!("http://{}.example/", "a".repeat(70));
    assert_eq!(send(&client(), &url(&unknown), ENOUGH).await.result, Err(NoResponse::Dns));
}

#[tokio::test]
async fn a_port_without_a_server_refuses_the_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let closed = format!("http://{}/", listener.local_addr().unwrap());
    drop(listener);
    assert_eq!(send(&client(), &url(&closed), ENOUGH).await.result, Err(NoResponse::Refused));
}

#[tokio::test]
async fn an_address_without_a_route_is_unreachable() {
    // Of the loopback network's broadcast address the system says so at once.
    let attempt = send(&client(), &url("http://127.255.255.255:8080/"), ENOUGH).await;
    assert_eq!(attempt.result, Err(NoResponse::Unreachable));
}

#[tokio::test]
async fn a_receiver_that_does_not_answer_costs_the_timeout_and_no_more() {
    let url = server(|mut stream, _| async move {
        read_request(&mut stream).await;
        std::future::pending::<()>().await;
    })
    .await;
    let timeout = Duration::from_millis(300);
    let attempt = send(&client(), &url, timeout).await;
    assert_eq!(attempt.result, Err(NoResponse::TimeoutResponse));
    assert!(attempt.latency >= timeout, "{:?}", attempt.latency);
}

/// A URL of a server that accepts connections and never speaks TLS.
async fn silent_server() -> Url {
    let mut url = server(|stream, _| async move {
        let _open = stream;
        std::future::pending::<()>().await;
    })
    .await;
    url.set_scheme("https").unwrap();
    url
}

#[tokio::test]
async fn a_connection_that_is_not_made_within_5_s_is_late() {
    let attempt = send(&client(), &silent_server().await, ENOUGH).await;
    assert_eq!(attempt.result, Err(NoResponse::TimeoutConnect));
    assert!(attempt.latency < ENOUGH, "{:?}", attempt.latency);
}

#[tokio::test]
async fn a_connection_that_is_not_made_within_the_attempts_timeout_is_late() {
    let attempt = send(&client(), &silent_server().await, Duration::from_millis(300)).await;
    assert_eq!(attempt.result, Err(NoResponse::TimeoutConnect));
}

#[tokio::test]
async fn a_resolver_that_does_not_answer_is_late() {
    let resolver = Answers::new(|_| None);
    let client = HttpClient::with(AddressPolicy::LOCAL, resolver, roots::public(), KEPT).unwrap();
    let attempt = send(&client, &url("http://slow.example/"), Duration::from_millis(300)).await;
    assert_eq!(attempt.result, Err(NoResponse::TimeoutConnect));
}

#[tokio::test]
async fn a_timeout_of_a_kept_connection_is_the_answers() {
    let url = server(|mut stream, _| async move {
        read_request(&mut stream).await;
        stream.write_all(TAKEN).await.unwrap();
        std::future::pending::<()>().await;
    })
    .await;
    let client = client();
    assert_eq!(send(&client, &url, ENOUGH).await.result, Ok(200));
    let attempt = send(&client, &url, Duration::from_millis(300)).await;
    assert_eq!(attempt.result, Err(NoResponse::TimeoutResponse));
}

#[tokio::test]
async fn a_connection_that_ends_without_an_answer_was_closed_or_reset() {
    for (is_reset, why) in [(false, NoResponse::Closed), (true, NoResponse::Reset)] {
        let url = server(move |mut stream, _| async move {
            read_request(&mut stream).await;
            if is_reset {
                stream.set_zero_linger().unwrap();
            }
        })
        .await;
        assert_eq!(send(&client(), &url, ENOUGH).await.result, Err(why));
    }
}

#[tokio::test]
async fn a_server_of_another_protocol_is_named() {
    // Before a request, as a mail server speaks, and after it.
    let banner = server(|mut stream, _| async move {
        stream.write_all(b"220 mail.example ESMTP\r\n").await.unwrap();
        read_request(&mut stream).await;
    })
    .await;
    assert_eq!(send(&client(), &banner, ENOUGH).await.result, Err(NoResponse::Protocol));
    assert_eq!(result_of("SSH-2.0-server\r\n").await, Err(NoResponse::Protocol));
}

#[tokio::test]
async fn no_sentence_names_an_address() {
    for reason in NoResponse::ALL {
        let sentence = reason.to_string();
        let mut words = sentence.split(|c: char| c.is_whitespace() || c == ',');
        assert!(words.all(|word| word.parse::<IpAddr>().is_err()), "{sentence}");
    }
}
