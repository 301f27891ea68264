//! Every URL and every answer of the vectors (`tests/vectors/addresses.json`).

use std::net::IpAddr;

use serde_json::Value;

use super::guard::{STRANGERS, Watched, addresses};
use super::*;
use crate::compose::{ComposeSettings, Composer};

fn vectors() -> Value {
    let vectors = include_str!("../../../../tests/vectors/addresses.json");
    serde_json::from_str(vectors).unwrap()
}

fn texts(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect()
}

/// Whether a webhook with this URL is refused by what is written there.
fn is_refused_when_saved(policy: AddressPolicy, url: &str) -> bool {
    let settings = serde_json::json!({"url": url});
    let settings = ComposeSettings::parse(settings.as_object().unwrap()).unwrap();
    let composer = Composer::compile(&settings, &["to".to_owned()].into());
    composer.map_or(true, |composer| policy.check_url(composer.base_url()).is_err())
}

/// All interfaces, in IPv6 too where there is IPv6.
async fn listener() -> TcpListener {
    match TcpListener::bind("[::]:0").await {
        Ok(listener) => listener,
        Err(_) => TcpListener::bind("0.0.0.0:0").await.unwrap(),
    }
}

/// How many others have connected, by the connection that comes last.
async fn reached(listener: &TcpListener) -> usize {
    let port = listener.local_addr().unwrap().port();
    let last = TcpStream::connect(("127.0.0.1", port)).await.unwrap().local_addr().unwrap();
    for others in 0.. {
        if listener.accept().await.unwrap().1.port() == last.port() {
            return others;
        }
    }
    unreachable!("it is one of them");
}

#[tokio::test]
async fn no_refused_url_reaches_a_socket() {
    let vectors = vectors();
    let urls = texts(&vectors["refuse_urls"]);
    let listener = listener().await;
    let port = listener.local_addr().unwrap().port();
    let real = HttpClient::new(STRANGERS).unwrap();
    let watched = Watched::new(STRANGERS, |_| Ok(addresses(&["93.184.216.34"]))).await;
    let (mut refused, mut sent) = (0, 0);
    for text in &urls {
        assert!(is_refused_when_saved(STRANGERS, text), "{text}");
        assert!(is_refused_when_saved(AddressPolicy::PUBLIC, text), "{text}");
        refused += 1;
        // As if it had been saved under other rules: through a client whose connections are
        // counted, and through one that could reach the listener.
        let Some(mut url) = Url::parse(text).ok().filter(|_| !text.contains("{{")) else {
            continue;
        };
        assert!(watched.send(text).await.is_err(), "{text}");
        if matches!(url.scheme(), "http" | "https") && url.set_port(Some(port)).is_ok() {
            let attempt = send(&real, &url, ENOUGH).await;
            assert_eq!(attempt.result, Err(NoResponse::RefusedUrl), "{url}");
            sent += 1;
        }
    }
    let reached = reached(&listener).await + watched.connections();
    println!("guard.refused: {refused} of {} URLs, sockets reached: {reached}", urls.len());
    assert_eq!((refused, sent, reached), (53, 44, 0));
}

#[tokio::test]
async fn the_listener_would_have_seen_them() {
    let listener = listener().await;
    let port = listener.local_addr().unwrap().port();
    let hosts = ["127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "localhost"];
    for host in hosts {
        let url = Url::parse(&format!("http://{host}:{port}/")).unwrap();
        send(&client(), &url, Duration::from_millis(100)).await;
    }
    assert_eq!(reached(&listener).await, hosts.len());
}

#[tokio::test]
async fn no_refused_answer_reaches_a_socket() {
    let vectors = vectors();
    let answers = vectors["refuse_when_a_name_resolves_to"].as_array().unwrap();
    let (mut refused, mut reached) = (0, 0);
    for answer in answers {
        let answer: Vec<IpAddr> = serde_json::from_value(answer.clone()).unwrap();
        let watched = Watched::new(STRANGERS, move |_| Ok(answer.clone())).await;
        let result = watched.send("http://client.example/").await;
        refused += usize::from(result == Err(NoResponse::RefusedAddress));
        reached += watched.connections();
        assert_eq!(watched.look_ups.load(Ordering::Relaxed), 1);
    }
    println!("guard.refused: {refused} of {} answers, sockets reached: {reached}", answers.len());
    assert_eq!((refused, reached), (answers.len(), 0));
}

#[tokio::test]
async fn every_allowed_address_is_connected_to() {
    let vectors = vectors();
    let allowed = addresses(&texts(&vectors["allow_addresses"]));
    let mut connections = 0;
    for address in &allowed {
        let answer = vec![*address];
        let watched = Watched::new(STRANGERS, move |_| Ok(answer.clone())).await;
        assert_eq!(watched.send("http://client.example/").await, Ok(200), "{address}");
        let literal = if address.is_ipv6() { format!("[{address}]") } else { address.to_string() };
        assert_eq!(watched.send(&format!("http://{literal}/")).await, Ok(200), "{address}");
        assert_eq!(watched.look_ups.load(Ordering::Relaxed), 1, "an address is not looked up");
        let dialled = watched.dialled.lock().unwrap();
        assert_eq!(*dialled, [[(*address, 80).into()], [(*address, 80).into()]]);
        connections += dialled.len();
    }
    println!("guard.allowed: {} addresses, connections made: {connections}", allowed.len());
    assert_eq!(connections, 10);
}
