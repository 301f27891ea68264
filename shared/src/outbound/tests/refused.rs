//! The address guard with all vectors of `tests/vectors/addresses.json`.

use std::net::IpAddr;

use serde_json::Value;

use super::guard::{
    FakeResolver, PUBLIC_WITHOUT_TLS, RecordingServer, addresses, allowed_addresses, client_with,
};
use super::*;
use crate::domain::compose::{ComposeSettings, Composer};

fn vectors() -> Value {
    let vectors = include_str!("../../../../tests/vectors/addresses.json");
    serde_json::from_str(vectors).unwrap()
}

fn texts(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect()
}

/// Whether creating a webhook with this URL is refused.
fn is_refused_when_saved(policy: AddressPolicy, url: &str) -> bool {
    let settings = serde_json::json!({"url": url});
    let settings = ComposeSettings::parse(settings.as_object().unwrap()).unwrap();
    let composer = Composer::compile(&settings, &["to".to_owned()].into());
    composer.map_or(true, |composer| policy.check_url(composer.base_url()).is_err())
}

#[tokio::test]
async fn no_refused_url_reaches_a_socket() {
    let vectors = vectors();
    let urls = texts(&vectors["refuse_urls"]);
    let server = RecordingServer::start().await;
    let port = server.url("localhost").port();
    let resolver = FakeResolver::new(|_| Some(addresses(&["127.0.0.1"])));
    let client = client_with(PUBLIC_WITHOUT_TLS, resolver.clone());
    let (mut refused, mut sent) = (0, 0);
    for text in &urls {
        assert!(is_refused_when_saved(PUBLIC_WITHOUT_TLS, text), "{text}");
        assert!(is_refused_when_saved(AddressPolicy::PUBLIC, text), "{text}");
        refused += 1;
        // As if saved under another policy; then with a reachable port.
        let Some(mut url) = Url::parse(text).ok().filter(|_| !text.contains("{{")) else {
            continue;
        };
        assert!(send(&client, &url, LONG_TIMEOUT).await.result.is_err(), "{text}");
        if matches!(url.scheme(), "http" | "https") && url.set_port(port).is_ok() {
            let attempt = send(&client, &url, LONG_TIMEOUT).await;
            assert_eq!(attempt.result, Err(NoResponse::RefusedUrl), "{url}");
            sent += 1;
        }
    }
    let reached = server.count().await;
    println!("guard.refused: {refused} of {} URLs, sockets reached: {reached}", urls.len());
    assert_eq!((refused, sent, reached, resolver.queries()), (53, 44, 0, 0));
}

#[tokio::test]
async fn the_server_is_reachable_by_each_spelling_of_loopback() {
    let server = RecordingServer::start().await;
    let hosts = ["127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "localhost"];
    let client = client();
    for host in hosts {
        let attempt = send(&client, &server.url(host), LONG_TIMEOUT).await;
        assert_eq!(attempt.result, Ok(200), "{host}");
        client.wake_after(Duration::from_mins(1));
    }
    assert_eq!(server.count().await, hosts.len());
}

#[tokio::test]
async fn no_refused_dns_answer_reaches_a_socket() {
    let vectors = vectors();
    let answers = vectors["refuse_when_a_name_resolves_to"].as_array().unwrap();
    let server = RecordingServer::start().await;
    let mut refused = 0;
    for answer in answers {
        let answer: Vec<IpAddr> = serde_json::from_value(answer.clone()).unwrap();
        let resolver = FakeResolver::new(move |_| Some(answer.clone()));
        let client = client_with(PUBLIC_WITHOUT_TLS, resolver.clone());
        let attempt = send(&client, &server.url("client.example"), LONG_TIMEOUT).await;
        refused += usize::from(attempt.result == Err(NoResponse::RefusedAddress));
        assert_eq!(resolver.queries(), 1);
    }
    let reached = server.count().await;
    println!("guard.refused: {refused} of {} answers, sockets reached: {reached}", answers.len());
    assert_eq!((refused, reached), (answers.len(), 0));
}

#[tokio::test]
async fn every_allowed_address_passes() {
    let vectors = vectors();
    let allowed = addresses(&texts(&vectors["allow_addresses"]));
    assert_eq!(allowed.len(), 5);
    for address in &allowed {
        let passed = allowed_addresses(PUBLIC_WITHOUT_TLS, &[*address]).await;
        assert_eq!(passed, Some(vec![*address]));
        let literal = if address.is_ipv6() { format!("[{address}]") } else { address.to_string() };
        let url = Url::parse(&format!("http://{literal}/")).unwrap();
        assert_eq!(PUBLIC_WITHOUT_TLS.check_url(&url), Ok(()), "{address}");
    }
    assert_eq!(allowed_addresses(PUBLIC_WITHOUT_TLS, &allowed).await, Some(allowed));
}
