//! Look-ups of names that others use as well, and connections of several accounts.

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

/// How long requests to names are waited for whose resolver is silent.
const SHORT: Duration = Duration::from_millis(1_500);

/// Of receivers that no request reaches.
const PORT: u16 = 8443;

/// Answers names under `up.test` with this machine, never those under `silent.test`, and fails otherwise.
struct Names {
    asked: Mutex<Vec<String>>,
    /// Lets silent look-ups end.
    release: Semaphore,
}

impl Names {
    fn new() -> Arc<Self> {
        Arc::new(Self { asked: Mutex::default(), release: Semaphore::new(0) })
    }

    fn asked(&self, part: &str) -> usize {
        self.asked.lock().unwrap().iter().filter(|name| name.contains(part)).count()
    }
}

/// What a client's resolver is.
struct Resolver(Arc<Names>);

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let (names, name) = (Arc::clone(&self.0), name.as_str().to_owned());
        names.asked.lock().unwrap().push(name.clone());
        Box::pin(async move {
            if name.ends_with("silent.test") {
                names.release.acquire().await.unwrap().forget();
            }
            if name.ends_with("full.test") {
                return Err(io::Error::from_raw_os_error(24).into());
            }
            if !name.ends_with("up.test") {
                return Err(io::Error::other("no such name").into());
            }
            let here = SocketAddr::from(([127, 0, 0, 1], 0));
            Ok(Box::new([here].into_iter()) as Addrs)
        })
    }
}

fn client_of(names: &Arc<Names>) -> HttpClient {
    client_with(AddressPolicy::LOCAL, Arc::new(Resolver(Arc::clone(names))))
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
async fn names_that_are_never_answered_leave_look_ups_to_other_accounts() {
    let names = Names::new();
    let client = client_of(&names);
    let server = Server::start(|_, _| Do::Take).await;
    let port = server.url.port().unwrap();
    let hosts: Vec<_> = (0..100).map(|i| format!("{i}.silent.test")).collect();
    let attacked = hosts.iter().map(|host| result(&client, "attacker", host, port, SHORT));
    let neighbours = async {
        while names.asked("silent") == 0 {
            tokio::task::yield_now().await;
        }
        let hosts: Vec<_> = (0..140).map(|i| format!("{i}.up.test")).collect();
        let all = hosts.iter().map(|host| result(&client, "neighbour", host, port, ENOUGH));
        join_all(all).await
    };
    let (attacked, neighbours) = tokio::join!(join_all(attacked), neighbours);
    assert_eq!(neighbours, [Ok(Ok(200)); 140]);
    assert_eq!(names.asked("silent"), 16, "an account's share");
    let late = attacked.iter().filter(|result| **result == Ok(Err(NoResponse::TimeoutConnect)));
    assert_eq!(late.count(), 16, "they were looked up, and their resolver is silent");
    let congested = attacked.iter().filter(|result| **result == Err(Congested));
    assert_eq!(congested.count(), 84, "no receiver is to blame for what was not looked up");
}

#[tokio::test]
async fn a_look_up_is_held_until_the_resolver_returns() {
    let names = Names::new();
    let client = client_of(&names);
    let server = Server::start(|_, _| Do::Take).await;
    let port = server.url.port().unwrap();
    for i in 0..16 {
        let host = format!("{i}.silent.test");
        let timeout = Duration::from_millis(10);
        let late = Ok(Err(NoResponse::TimeoutConnect));
        assert_eq!(result(&client, "acme", &host, port, timeout).await, late);
    }
    assert_eq!(result(&client, "acme", "a.up.test", port, ENOUGH).await, Err(Congested));
    assert_eq!(names.asked("up.test"), 0, "all of the account's look-ups are running");
    names.release.add_permits(1);
    let started = Instant::now();
    while result(&client, "acme", "a.up.test", port, ENOUGH).await != Ok(Ok(200)) {
        assert!(started.elapsed() < ENOUGH, "the look-up that ended is not free");
    }
}

#[tokio::test]
async fn several_accounts_together_leave_a_look_up_to_another() {
    let names = Names::new();
    let client = client_of(&names);
    let server = Server::start(|_, _| Do::Take).await;
    let port = server.url.port().unwrap();
    let accounts: Vec<_> = (0..8).map(|i| format!("attacker-{i}")).collect();
    let hosts: Vec<_> = (0..16).map(|i| format!("{i}.silent.test")).collect();
    let all = accounts.iter().flat_map(|account| hosts.iter().map(move |host| (account, host)));
    let attacked = all.map(|(account, host)| result(&client, account, host, port, SHORT));
    let neighbour = async {
        while names.asked("silent") < 48 {
            tokio::task::yield_now().await;
        }
        for i in 0..20 {
            let host = format!("{i}.up.test");
            let taken = result(&client, "neighbour", &host, port, ENOUGH).await;
            assert_eq!(taken, Ok(Ok(200)), "{i}");
        }
    };
    tokio::join!(join_all(attacked), neighbour);
}

#[tokio::test]
async fn what_a_look_up_came_to_is_forgotten_when_the_instance_may_have_been_frozen() {
    let names = Names::new();
    let client = client_of(&names);
    let failed = Ok(Err(NoResponse::Dns));
    assert_eq!(result(&client, "acme", "a.unknown.test", PORT, ENOUGH).await, failed);
    client.wake_after(Duration::from_secs(2));
    assert_eq!(result(&client, "acme", "a.unknown.test", PORT, ENOUGH).await, failed);
    assert_eq!(names.asked("unknown"), 2);
}

#[tokio::test]
async fn an_account_keeps_as_many_connections_as_it_has_requests_in_flight() {
    let server = Server::start(|_, _| Do::Take).await;
    let kept = KeptLimits { all: 40, of_account: 25 };
    let (resolver, roots) = (Arc::new(SystemResolver), roots::public());
    let client = HttpClient::with(AddressPolicy::LOCAL, resolver, roots, kept).unwrap();
    for round in 1..=3 {
        let all: Vec<_> = (1..=20)
            .map(|host| {
                let mut url = server.url.clone();
                url.set_host(Some(&format!("127.0.0.{host}"))).unwrap();
                url
            })
            .collect();
        join_all(all.iter().map(|url| send(&client, url, ENOUGH))).await;
        client.wake_after(Duration::ZERO);
        assert_eq!(server.seen(), (20, 20 * round));
    }
}

#[tokio::test]
async fn a_name_is_looked_up_once_at_a_time() {
    let names = Names::new();
    let client = client_of(&names);
    let all = (0..50).map(|_| result(&client, "acme", "a.silent.test", PORT, SHORT));
    let all = join_all(all).await;
    assert_eq!(all, [Ok(Err(NoResponse::TimeoutConnect)); 50]);
    assert_eq!(names.asked("silent"), 1);
}

#[tokio::test]
async fn a_failed_look_up_answers_for_its_name_for_some_seconds() {
    let names = Names::new();
    let client = client_of(&names);
    for account in ["acme", "other", "acme"] {
        let failed = Ok(Err(NoResponse::Dns));
        assert_eq!(result(&client, account, "a.unknown.test", PORT, ENOUGH).await, failed);
    }
    assert_eq!(names.asked("unknown"), 2, "once for each account");
}

#[tokio::test]
async fn no_receiver_is_to_blame_for_descriptors_that_are_used_up() {
    let client = client_of(&Names::new());
    assert_eq!(result(&client, "acme", "a.full.test", PORT, ENOUGH).await, Err(Congested));
}

#[tokio::test]
async fn a_request_that_was_sent_is_an_attempt_though_its_repetition_finds_no_look_up() {
    let names = Names::new();
    let client = client_of(&names);
    // All look-ups are taken when the first connection ends.
    let closing = server({
        let (names, client) = (Arc::clone(&names), client.clone());
        move |mut stream, _| {
            let (names, client) = (Arc::clone(&names), client.clone());
            async move {
                read_request(&mut stream).await;
                for i in 0..16 {
                    let client = client.clone();
                    tokio::spawn(async move {
                        let host = format!("{i}.silent.test");
                        let _ = result(&client, "acme", &host, PORT, ENOUGH).await;
                    });
                }
                while names.asked("silent") < 16 {
                    tokio::task::yield_now().await;
                }
            }
        }
    })
    .await;
    let sent = result(&client, "acme", "a.up.test", closing.port().unwrap(), ENOUGH).await;
    assert_eq!(sent, Ok(Err(NoResponse::Closed)), "the receiver has read it");
}

#[tokio::test]
async fn a_request_that_waited_for_a_look_up_has_all_of_its_time() {
    let names = Names::new();
    let client = client_of(&names);
    let slow = server(|mut stream, _| async move {
        read_request(&mut stream).await;
        tokio::time::sleep(Duration::from_millis(400)).await;
        stream.write_all(TAKEN).await.unwrap();
    })
    .await;
    let port = slow.port().unwrap();
    let hosts: Vec<_> = (0..16).map(|i| format!("{i}.silent.test")).collect();
    let holding = hosts.iter().map(|host| result(&client, "acme", host, port, ENOUGH));
    let waiting = async {
        while names.asked("silent") < 16 {
            tokio::task::yield_now().await;
        }
        let released = async {
            tokio::time::sleep(Duration::from_millis(300)).await;
            names.release.add_permits(16);
        };
        let timeout = Duration::from_millis(600);
        tokio::join!(result(&client, "acme", "a.up.test", port, timeout), released).0
    };
    let (_, waited) = tokio::join!(join_all(holding), waiting);
    assert_eq!(waited, Ok(Ok(200)), "300 ms of waiting are no time of the receiver");
}

#[tokio::test]
async fn connections_are_not_shared_by_accounts() {
    let server = Server::start(|_, _| Do::Take).await;
    let client = client();
    for (requests, (account, connections)) in
        (1..).zip([("a", 1), ("a", 1), ("b", 2), ("b", 2), ("a", 2)])
    {
        let taken = client.send(&account.parse().unwrap(), request(&server.url), ENOUGH).await;
        assert_eq!(taken.unwrap().result, Ok(200));
        assert_eq!(server.seen(), (connections, requests), "{account}");
    }
}

#[tokio::test]
async fn an_account_keeps_its_share_of_connections() {
    let server = Server::start(|_, _| Do::Take).await;
    let kept = KeptLimits { all: 5, of_account: 3 };
    let (resolver, roots) = (Arc::new(SystemResolver), roots::public());
    let client = HttpClient::with(AddressPolicy::LOCAL, resolver, roots, kept).unwrap();
    let send_to = async |account: &str, host: u8| {
        let mut url = server.url.clone();
        url.set_host(Some(&format!("127.0.0.{host}"))).unwrap();
        let taken = client.send(&account.parse().unwrap(), request(&url), ENOUGH).await;
        assert_eq!(taken.unwrap().result, Ok(200));
    };
    for host in 1..=6 {
        send_to("greedy", host).await;
    }
    for expected in [7, 7, 7] {
        send_to("modest", 1).await;
        assert_eq!(server.seen().0, expected, "one connection is kept for the other account");
    }
}
