//! The reasons why a request got no response, each with a real socket. (Those of TLS: `tls.rs`.)

use std::net::IpAddr;

use super::guard::FakeResolver;
use super::*;

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

#[tokio::test]
async fn an_unknown_name_is_a_dns_failure() {
    // The label is too long for a name, so the resolver asks no server.
    let unknown = format!("http://{}.example/", "a".repeat(70));
    assert_eq!(send(&client(), &url(&unknown), LONG_TIMEOUT).await.result, Err(NoResponse::Dns));
}

#[tokio::test]
async fn a_port_without_a_server_refuses_the_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let closed = format!("http://{}/", listener.local_addr().unwrap());
    drop(listener);
    assert_eq!(send(&client(), &url(&closed), LONG_TIMEOUT).await.result, Err(NoResponse::Refused));
}

#[tokio::test]
async fn an_address_without_a_route_is_unreachable() {
    // The system refuses the broadcast address of the loopback network immediately.
    let attempt = send(&client(), &url("http://127.255.255.255:8080/"), LONG_TIMEOUT).await;
    assert_eq!(attempt.result, Err(NoResponse::Unreachable));
}

#[tokio::test]
async fn a_silent_receiver_ends_with_the_timeout() {
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
async fn connecting_for_more_than_5_s_times_out() {
    let attempt = send(&client(), &silent_server().await, LONG_TIMEOUT).await;
    assert_eq!(attempt.result, Err(NoResponse::TimeoutConnect));
    assert!(attempt.latency < LONG_TIMEOUT, "{:?}", attempt.latency);
}

#[tokio::test]
async fn connecting_beyond_the_attempts_timeout_times_out() {
    let attempt = send(&client(), &silent_server().await, Duration::from_millis(300)).await;
    assert_eq!(attempt.result, Err(NoResponse::TimeoutConnect));
}

#[tokio::test]
async fn a_silent_resolver_times_out() {
    let resolver = FakeResolver::new(|_| None);
    let client =
        HttpClient::with(AddressPolicy::LOCAL, resolver, roots::public(), POOL_LIMITS).unwrap();
    let attempt = send(&client, &url("http://slow.example/"), Duration::from_millis(300)).await;
    assert_eq!(attempt.result, Err(NoResponse::TimeoutConnect));
}

#[tokio::test]
async fn a_timeout_on_a_pooled_connection_is_one_of_the_response() {
    let url = server(|mut stream, _| async move {
        read_request(&mut stream).await;
        stream.write_all(ACCEPTED).await.unwrap();
        std::future::pending::<()>().await;
    })
    .await;
    let client = client();
    assert_eq!(send(&client, &url, LONG_TIMEOUT).await.result, Ok(200));
    let attempt = send(&client, &url, Duration::from_millis(300)).await;
    assert_eq!(attempt.result, Err(NoResponse::TimeoutResponse));
}

#[tokio::test]
async fn a_connection_that_ends_without_a_response_is_closed_or_reset() {
    for (is_reset, why) in [(false, NoResponse::Closed), (true, NoResponse::Reset)] {
        let url = server(move |mut stream, _| async move {
            read_request(&mut stream).await;
            if is_reset {
                stream.set_zero_linger().unwrap();
            }
        })
        .await;
        assert_eq!(send(&client(), &url, LONG_TIMEOUT).await.result, Err(why));
    }
}

#[tokio::test]
async fn a_server_of_another_protocol_is_a_protocol_error() {
    // A mail server sends its banner before the request.
    let banner = server(|mut stream, _| async move {
        stream.write_all(b"220 mail.example ESMTP\r\n").await.unwrap();
        read_request(&mut stream).await;
    })
    .await;
    assert_eq!(send(&client(), &banner, LONG_TIMEOUT).await.result, Err(NoResponse::Protocol));
    assert_eq!(result_of("SSH-2.0-server\r\n").await, Err(NoResponse::Protocol));
}

#[tokio::test]
async fn no_reason_names_an_address() {
    for reason in NoResponse::ALL {
        let sentence = reason.to_string();
        let mut words = sentence.split(|c: char| c.is_whitespace() || c == ',');
        assert!(words.all(|word| word.parse::<IpAddr>().is_err()), "{sentence}");
    }
}
