//! Names, with a resolver that answers as a test says, and a server on all addresses of this machine
//! that counts who comes.

use std::future::pending;
use std::net::{IpAddr, SocketAddr};
use std::sync::Mutex;
use std::time::Instant;

use proptest::prelude::*;
use reqwest::dns::{Addrs, Name, Resolving};

use super::*;
use crate::address::SpecialUse;
use crate::outbound::guard::Guard;
use crate::outbound::lookups::Lookups;
use crate::outbound::sending::Sending;

/// What strangers may do, but for the encryption: these servers have none.
pub(super) const STRANGERS: AddressPolicy =
    AddressPolicy { private_networks: false, https_only: false };

/// Answers the n-th question, from 0, with some addresses; with none if the name has none. Without
/// an answer it is silent.
pub(super) struct Answers<F> {
    answer: F,
    asked: AtomicUsize,
}

impl<F: Fn(usize) -> Option<Vec<IpAddr>>> Answers<F> {
    pub(super) fn new(answer: F) -> Arc<Self> {
        Arc::new(Self { answer, asked: AtomicUsize::default() })
    }

    pub(super) fn asked(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }
}

impl<F: Fn(usize) -> Option<Vec<IpAddr>> + Send + Sync> Resolve for Answers<F> {
    fn resolve(&self, _: Name) -> Resolving {
        let answer = (self.answer)(self.asked.fetch_add(1, Ordering::Relaxed));
        Box::pin(async move {
            let Some(addresses) = answer else { return pending().await };
            let addresses = addresses.into_iter().map(|address| SocketAddr::new(address, 0));
            Ok(Box::new(addresses) as Addrs)
        })
    }
}

/// A server on all addresses of this machine: where its connections were made to.
pub(super) struct Reached {
    port: u16,
    addresses: Arc<Mutex<Vec<IpAddr>>>,
}

impl Reached {
    pub(super) async fn start() -> Self {
        // In IPv6 too where there is IPv6.
        let listener = match TcpListener::bind("[::]:0").await {
            Ok(listener) => listener,
            Err(_) => TcpListener::bind("0.0.0.0:0").await.unwrap(),
        };
        let port = listener.local_addr().unwrap().port();
        let addresses = Arc::<Mutex<Vec<_>>>::default();
        let noted = Arc::clone(&addresses);
        tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                noted.lock().unwrap().push(stream.local_addr().unwrap().ip().to_canonical());
                tokio::spawn(async move {
                    while !read_request(&mut stream).await.is_empty() {
                        stream.write_all(TAKEN).await.unwrap();
                    }
                });
            }
        });
        Self { port, addresses }
    }

    /// A URL of some host with this server's port.
    pub(super) fn url(&self, host: &str) -> Url {
        Url::parse(&format!("http://{host}:{}/", self.port)).unwrap()
    }

    /// How many connections there were, the one not counted that looks whether all were seen.
    pub(super) async fn count(&self) -> usize {
        let before = self.addresses.lock().unwrap().len();
        let _last = TcpStream::connect(("127.0.0.1", self.port)).await.unwrap();
        while self.addresses.lock().unwrap().len() == before {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        self.addresses.lock().unwrap().len() - 1
    }
}

pub(super) fn client_with(policy: AddressPolicy, resolver: Arc<dyn Resolve>) -> HttpClient {
    HttpClient::with(policy, resolver, roots::public(), KEPT).unwrap()
}

pub(super) fn addresses(texts: &[&str]) -> Vec<IpAddr> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

const PUBLIC: [&str; 2] = ["93.184.216.34", "2606:4700:4700::1111"];
/// Allowed where private networks are.
const HERE: &str = "127.0.0.7";

#[tokio::test]
async fn what_was_checked_is_what_is_connected_to() {
    let reached = Reached::start().await;
    let resolver = Answers::new(|_| Some(addresses(&[HERE])));
    let client = client_with(AddressPolicy::LOCAL, resolver.clone());
    let attempt = send(&client, &reached.url("client.example"), ENOUGH).await;
    assert_eq!(attempt.result, Ok(200));
    assert_eq!(resolver.asked(), 1);
    assert_eq!(*reached.addresses.lock().unwrap(), addresses(&[HERE]));
}

#[tokio::test]
async fn one_bad_address_among_good_ones_refuses_them_all() {
    for (policy, good, bad) in [
        (AddressPolicy::LOCAL, [HERE, "127.0.0.8"], "169.254.169.254"),
        (AddressPolicy::LOCAL, [HERE, "::1"], "168.63.129.16"),
        (STRANGERS, PUBLIC, HERE),
        (STRANGERS, PUBLIC, "10.0.0.1"),
    ] {
        for place in 0..3 {
            let mut answer = good.to_vec();
            answer.insert(place, bad);
            let answer = addresses(&answer);
            let reached = Reached::start().await;
            let resolver = Answers::new(move |_| Some(answer.clone()));
            let client = client_with(policy, resolver.clone());
            let attempt = send(&client, &reached.url("client.example"), ENOUGH).await;
            assert_eq!(attempt.result, Err(NoResponse::RefusedAddress));
            assert_eq!((resolver.asked(), reached.count().await), (1, 0), "no second question");
        }
    }
}

#[tokio::test]
async fn a_name_that_changes_its_mind_gets_nowhere() {
    // Good for the look before the connection, bad for every other: there is no other.
    let rebinding = |n| Some(addresses(&[if n == 0 { HERE } else { "169.254.169.254" }]));
    let (reached, resolver) = (Reached::start().await, Answers::new(rebinding));
    let client = client_with(AddressPolicy::LOCAL, resolver.clone());
    let url = reached.url("client.example");
    assert_eq!(send(&client, &url, ENOUGH).await.result, Ok(200));
    assert_eq!(resolver.asked(), 1);

    // The next connection is another question, and gets another answer.
    client.wake_after(Duration::from_mins(1));
    assert_eq!(send(&client, &url, ENOUGH).await.result, Err(NoResponse::RefusedAddress));
    assert_eq!((resolver.asked(), reached.count().await), (2, 1));
}

#[tokio::test]
async fn a_repetition_looks_the_name_up_for_its_own_connection() {
    let closing = server(|mut stream, _| async move {
        read_request(&mut stream).await;
    })
    .await;
    let resolver =
        Answers::new(|n| Some(addresses(&[if n == 0 { HERE } else { "100.100.100.200" }])));
    let client = client_with(AddressPolicy::LOCAL, resolver.clone());
    let url = Url::parse(&format!("http://client.example:{}/", closing.port().unwrap())).unwrap();
    assert_eq!(send(&client, &url, ENOUGH).await.result, Err(NoResponse::RefusedAddress));
    assert_eq!(resolver.asked(), 2);
}

#[tokio::test]
async fn a_kept_connection_looks_no_name_up() {
    let reached = Reached::start().await;
    let resolver = Answers::new(|_| Some(addresses(&[HERE])));
    let client = client_with(AddressPolicy::LOCAL, resolver.clone());
    for _ in 0..50 {
        let attempt = send(&client, &reached.url("client.example"), ENOUGH).await;
        assert_eq!(attempt.result, Ok(200));
    }
    assert_eq!((resolver.asked(), reached.count().await), (1, 1));
}

#[tokio::test]
async fn a_name_without_addresses_is_looked_up_once() {
    let resolver = Answers::new(|_| Some(Vec::new()));
    let client = client_with(STRANGERS, resolver.clone());
    let attempt = send(&client, &Url::parse("http://client.example/").unwrap(), ENOUGH).await;
    assert_eq!(attempt.result, Err(NoResponse::Dns));
    assert_eq!(resolver.asked(), 1);
}

#[tokio::test]
async fn what_the_text_of_a_url_shows_is_not_looked_up() {
    let resolver = Answers::new(|_| Some(addresses(&PUBLIC)));
    let client = client_with(AddressPolicy::PUBLIC, resolver.clone());
    for url in [
        "http://client.example/",
        "https://client.example:25/",
        "https://a.internal/",
        "https://db/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://168.63.129.16/",
    ] {
        let attempt = send(&client, &Url::parse(url).unwrap(), ENOUGH).await;
        assert_eq!(attempt.result, Err(NoResponse::RefusedUrl), "{url}");
    }
    assert_eq!(resolver.asked(), 0);
}

#[tokio::test]
async fn private_networks_are_reached_where_they_are_allowed() {
    let reached = Reached::start().await;
    let client = client_with(AddressPolicy::LOCAL, Answers::new(|_| Some(addresses(&[HERE]))));
    for host in ["localhost", "db", "127.0.0.9"] {
        assert_eq!(send(&client, &reached.url(host), ENOUGH).await.result, Ok(200), "{host}");
    }
    for host in ["169.254.169.254", "100.100.100.200", "168.63.129.16", "[fd20:ce::254]"] {
        let attempt = send(&client, &reached.url(host), ENOUGH).await;
        assert_eq!(attempt.result, Err(NoResponse::RefusedUrl), "{host}");
    }
    assert_eq!(reached.count().await, 3);
}

/// What a request of some account looks up.
async fn of_a_request<F: Future>(looking_up: F) -> F::Output {
    let share = Arc::new(tokio::sync::Semaphore::new(1));
    Sending::new(acme(), share).follow(looking_up).await
}

/// What the guard lets through of an answer.
pub(super) async fn let_through(policy: AddressPolicy, answer: &[IpAddr]) -> Option<Vec<IpAddr>> {
    let answer = answer.to_vec();
    let guard = Guard::new(policy, Lookups::new(Answers::new(move |_| Some(answer.clone()))));
    let found = of_a_request(guard.resolve("client.example".parse().unwrap())).await;
    found.ok().map(|found| found.map(|address| address.ip()).collect())
}

#[tokio::test]
async fn the_guard_costs_little() {
    const CONNECTIONS: u32 = 10_000;
    let answer = addresses(&PUBLIC);
    let guard = Guard::new(
        AddressPolicy::PUBLIC,
        Lookups::new(Answers::new(move |_| Some(answer.clone()))),
    );
    let url = Url::parse("https://hooks.client.example:8443/reports?a=b").unwrap();
    let start = Instant::now();
    for _ in 0..CONNECTIONS {
        guard.check(&url).unwrap();
    }
    let each_request = start.elapsed() / CONNECTIONS;
    let start = Instant::now();
    for _ in 0..CONNECTIONS {
        let name = "hooks.client.example".parse().unwrap();
        assert_eq!(of_a_request(guard.resolve(name)).await.unwrap().count(), 2);
    }
    let each = start.elapsed() / CONNECTIONS;
    println!("guard.cost: {each:?} a connection, beside the look-up; {each_request:?} a request");
    // A connection takes a round trip and more. This is a build without optimization.
    assert!(each < Duration::from_micros(500), "{each:?}");
}

proptest! {
    #[test]
    fn any_refused_address_refuses_its_name(
        v4: Vec<u32>,
        v6: Vec<(bool, u128)>,
    ) {
        // Half of the IPv6 addresses are of 2000::/3, as those of the internet are.
        let global = |(is, bits)| if is { bits >> 3 | 1_u128 << 125 } else { bits };
        let v6 = v6.into_iter().map(|it| IpAddr::from(global(it).to_be_bytes()));
        let v4 = v4.into_iter().map(|bits| IpAddr::from(bits.to_be_bytes()));
        let answer: Vec<_> = v4.chain(v6).collect();
        prop_assume!(!answer.is_empty());
        let bad = answer.iter().any(|address| SpecialUse::of(*address).is_some());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let found = runtime.block_on(let_through(AddressPolicy::PUBLIC, &answer));
        prop_assert_eq!(found, (!bad).then_some(answer));
    }
}
