//! DNS lookups and pooled connections shared by requests and accounts.

use std::io;
use std::net::SocketAddr;
use std::sync::Mutex;
use std::time::Instant;

use futures_util::future::join_all;
use reqwest::dns::{Addrs, Name, Resolving};
use tokio::sync::Semaphore;

use super::guard::client_with;
use super::scripted::{Do, Server};
use super::*;

/// The timeout of requests whose resolver does not answer.
const SHORT_TIMEOUT: Duration = Duration::from_millis(1_500);

/// The port of receivers that no request reaches.
const PORT: u16 = 8443;

/// Resolves names under `up.test` to the loopback address, never answers for those under `silent.test`, finds no
/// descriptor for those under `full.test`, and fails for others.
struct FakeDns {
    queries: Mutex<Vec<String>>,
    /// Permits to end silent lookups.
    release: Semaphore,
}

impl FakeDns {
    fn new() -> Arc<Self> {
        Arc::new(Self { queries: Mutex::default(), release: Semaphore::new(0) })
    }

    fn queries(&self, part: &str) -> usize {
        self.queries.lock().unwrap().iter().filter(|name| name.contains(part)).count()
    }
}

struct Resolver(Arc<FakeDns>);

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let (dns, name) = (Arc::clone(&self.0), name.as_str().to_owned());
        dns.queries.lock().unwrap().push(name.clone());
        Box::pin(async move {
            if name.ends_with("silent.test") {
                dns.release.acquire().await.unwrap().forget();
            }
            if name.ends_with("full.test") {
                return Err(io::Error::from_raw_os_error(24).into());
            }
            if !name.ends_with("up.test") {
                return Err(io::Error::other("no such name").into());
            }
            let loopback = SocketAddr::from(([127, 0, 0, 1], 0));
            Ok(Box::new([loopback].into_iter()) as Addrs)
        })
    }
}

fn client_of(dns: &Arc<FakeDns>) -> HttpClient {
    client_with(AddressPolicy::LOCAL, Arc::new(Resolver(Arc::clone(dns))))
}

fn account(name: &str) -> AccountId {
    name.parse().unwrap()
}

async fn result(
    client: &HttpClient,
    of: &str,
    host: &str,
    port: u16,
    timeout: Duration,
) -> Result<Result<u16, NoResponse>, Congested> {
    let url = Url::parse(&format!("http://{host}:{port}/")).unwrap();
    let sent = client.send(&account(of), request(&url), timeout).await;
    sent.map(|attempt| attempt.result)
}

#[tokio::test]
async fn unanswered_lookups_of_an_account_leave_permits_to_others() {
    let dns = FakeDns::new();
    let client = client_of(&dns);
    let server = Server::start(|_, _| Do::Accept).await;
    let port = server.url.port().unwrap();
    let hosts: Vec<_> = (0..100).map(|i| format!("{i}.silent.test")).collect();
    let attacked = hosts.iter().map(|host| result(&client, "attacker", host, port, SHORT_TIMEOUT));
    let neighbours = async {
        while dns.queries("silent") == 0 {
            tokio::task::yield_now().await;
        }
        let hosts: Vec<_> = (0..140).map(|i| format!("{i}.up.test")).collect();
        let all = hosts.iter().map(|host| result(&client, "neighbour", host, port, LONG_TIMEOUT));
        join_all(all).await
    };
    let (attacked, neighbours) = tokio::join!(join_all(attacked), neighbours);
    assert_eq!(neighbours, [Ok(Ok(200)); 140]);
    assert_eq!(dns.queries("silent"), 16, "one account's permits");
    let late = attacked.iter().filter(|result| **result == Ok(Err(NoResponse::TimeoutConnect)));
    assert_eq!(late.count(), 16, "the resolver does not answer for them");
    let congested = attacked.iter().filter(|result| **result == Err(Congested));
    assert_eq!(congested.count(), 84, "requests without a lookup do not blame their receiver");
}

#[tokio::test]
async fn a_lookup_occupies_its_permit_until_the_resolver_returns() {
    let dns = FakeDns::new();
    let client = client_of(&dns);
    let server = Server::start(|_, _| Do::Accept).await;
    let port = server.url.port().unwrap();
    for i in 0..16 {
        let host = format!("{i}.silent.test");
        let timeout = Duration::from_millis(10);
        let late = Ok(Err(NoResponse::TimeoutConnect));
        assert_eq!(result(&client, "acme", &host, port, timeout).await, late);
    }
    assert_eq!(result(&client, "acme", "a.up.test", port, LONG_TIMEOUT).await, Err(Congested));
    assert_eq!(dns.queries("up.test"), 0, "all permits of the account are in use");
    dns.release.add_permits(1);
    let started = Instant::now();
    while result(&client, "acme", "a.up.test", port, LONG_TIMEOUT).await != Ok(Ok(200)) {
        assert!(started.elapsed() < LONG_TIMEOUT, "the ended lookup releases no permit");
    }
}

#[tokio::test]
async fn several_accounts_leave_reserved_lookups_to_others() {
    let dns = FakeDns::new();
    let client = client_of(&dns);
    let server = Server::start(|_, _| Do::Accept).await;
    let port = server.url.port().unwrap();
    let accounts: Vec<_> = (0..8).map(|i| format!("attacker-{i}")).collect();
    let hosts: Vec<_> = (0..16).map(|i| format!("{i}.silent.test")).collect();
    let all = accounts.iter().flat_map(|account| hosts.iter().map(move |host| (account, host)));
    let attacked = all.map(|(account, host)| result(&client, account, host, port, SHORT_TIMEOUT));
    let neighbour = async {
        while dns.queries("silent") < 48 {
            tokio::task::yield_now().await;
        }
        for i in 0..20 {
            let host = format!("{i}.up.test");
            let result = result(&client, "neighbour", &host, port, LONG_TIMEOUT).await;
            assert_eq!(result, Ok(Ok(200)), "{i}");
        }
    };
    tokio::join!(join_all(attacked), neighbour);
}

#[tokio::test]
async fn failed_lookups_are_evicted_when_the_instance_may_have_been_frozen() {
    let dns = FakeDns::new();
    let client = client_of(&dns);
    let failed = Ok(Err(NoResponse::Dns));
    assert_eq!(result(&client, "acme", "a.unknown.test", PORT, LONG_TIMEOUT).await, failed);
    client.wake_after(Duration::from_secs(2));
    assert_eq!(result(&client, "acme", "a.unknown.test", PORT, LONG_TIMEOUT).await, failed);
    assert_eq!(dns.queries("unknown"), 2);
}

#[tokio::test]
async fn an_account_pools_as_many_connections_as_it_has_requests_in_flight() {
    let server = Server::start(|_, _| Do::Accept).await;
    let limits = PoolLimits { per_instance: 40, per_account: 25 };
    let (resolver, roots) = (Arc::new(SystemResolver), roots::public());
    let client = HttpClient::with(AddressPolicy::LOCAL, resolver, roots, limits).unwrap();
    for round in 1..=3 {
        let all: Vec<_> = (1..=20)
            .map(|host| {
                let mut url = server.url.clone();
                url.set_host(Some(&format!("127.0.0.{host}"))).unwrap();
                url
            })
            .collect();
        join_all(all.iter().map(|url| send(&client, url, LONG_TIMEOUT))).await;
        client.wake_after(Duration::ZERO);
        assert_eq!(server.seen(), (20, 20 * round));
    }
}

#[tokio::test]
async fn concurrent_requests_share_the_lookup_of_a_name() {
    let dns = FakeDns::new();
    let client = client_of(&dns);
    let all = (0..50).map(|_| result(&client, "acme", "a.silent.test", PORT, SHORT_TIMEOUT));
    let all = join_all(all).await;
    assert_eq!(all, [Ok(Err(NoResponse::TimeoutConnect)); 50]);
    assert_eq!(dns.queries("silent"), 1);
}

#[tokio::test]
async fn a_failed_lookup_is_cached_per_account() {
    let dns = FakeDns::new();
    let client = client_of(&dns);
    for account in ["acme", "other", "acme"] {
        let failed = Ok(Err(NoResponse::Dns));
        assert_eq!(result(&client, account, "a.unknown.test", PORT, LONG_TIMEOUT).await, failed);
    }
    assert_eq!(dns.queries("unknown"), 2, "once for each account");
}

#[tokio::test]
async fn exhausted_descriptors_do_not_blame_the_receiver() {
    let client = client_of(&FakeDns::new());
    assert_eq!(result(&client, "acme", "a.full.test", PORT, LONG_TIMEOUT).await, Err(Congested));
}

#[tokio::test]
async fn a_sent_request_is_an_attempt_even_if_its_second_copy_gets_no_lookup() {
    let dns = FakeDns::new();
    let client = client_of(&dns);
    // All permits of the account are in use when the first connection ends.
    let closing = server({
        let (dns, client) = (Arc::clone(&dns), client.clone());
        move |mut stream, _| {
            let (dns, client) = (Arc::clone(&dns), client.clone());
            async move {
                read_request(&mut stream).await;
                for i in 0..16 {
                    let client = client.clone();
                    tokio::spawn(async move {
                        let host = format!("{i}.silent.test");
                        let _ = result(&client, "acme", &host, PORT, LONG_TIMEOUT).await;
                    });
                }
                while dns.queries("silent") < 16 {
                    tokio::task::yield_now().await;
                }
            }
        }
    })
    .await;
    let sent = result(&client, "acme", "a.up.test", closing.port().unwrap(), LONG_TIMEOUT).await;
    assert_eq!(sent, Ok(Err(NoResponse::Closed)), "the receiver has read the first copy");
}

#[tokio::test]
async fn waiting_for_a_lookup_does_not_shorten_the_timeout() {
    let dns = FakeDns::new();
    let client = client_of(&dns);
    let slow = server(|mut stream, _| async move {
        read_request(&mut stream).await;
        tokio::time::sleep(Duration::from_millis(400)).await;
        stream.write_all(ACCEPTED).await.unwrap();
    })
    .await;
    let port = slow.port().unwrap();
    let hosts: Vec<_> = (0..16).map(|i| format!("{i}.silent.test")).collect();
    let silent = hosts.iter().map(|host| result(&client, "acme", host, port, LONG_TIMEOUT));
    let waiting = async {
        while dns.queries("silent") < 16 {
            tokio::task::yield_now().await;
        }
        let released = async {
            tokio::time::sleep(Duration::from_millis(300)).await;
            dns.release.add_permits(16);
        };
        let timeout = Duration::from_millis(600);
        tokio::join!(result(&client, "acme", "a.up.test", port, timeout), released).0
    };
    let (_, waited) = tokio::join!(join_all(silent), waiting);
    assert_eq!(waited, Ok(Ok(200)), "the wait of 300 ms does not count");
}

#[tokio::test]
async fn accounts_share_no_connections() {
    let server = Server::start(|_, _| Do::Accept).await;
    let client = client();
    for (requests, (account, connections)) in
        (1..).zip([("a", 1), ("a", 1), ("b", 2), ("b", 2), ("a", 2)])
    {
        let attempt =
            client.send(&account.parse().unwrap(), request(&server.url), LONG_TIMEOUT).await;
        assert_eq!(attempt.unwrap().result, Ok(200));
        assert_eq!(server.seen(), (connections, requests), "{account}");
    }
}

#[tokio::test]
async fn an_account_at_its_limit_leaves_pooled_connections_to_others() {
    let server = Server::start(|_, _| Do::Accept).await;
    let limits = PoolLimits { per_instance: 5, per_account: 3 };
    let (resolver, roots) = (Arc::new(SystemResolver), roots::public());
    let client = HttpClient::with(AddressPolicy::LOCAL, resolver, roots, limits).unwrap();
    let send_to = async |account: &str, host: u8| {
        let mut url = server.url.clone();
        url.set_host(Some(&format!("127.0.0.{host}"))).unwrap();
        let attempt = client.send(&account.parse().unwrap(), request(&url), LONG_TIMEOUT).await;
        assert_eq!(attempt.unwrap().result, Ok(200));
    };
    for host in 1..=6 {
        send_to("greedy", host).await;
    }
    for expected in [7, 7, 7] {
        send_to("modest", 1).await;
        assert_eq!(server.seen().0, expected, "the other account reuses one connection");
    }
}
