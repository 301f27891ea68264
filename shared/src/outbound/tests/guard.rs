//! The address guard, with a scripted resolver and a server on all addresses of this machine that records
//! connections.

use std::future::pending;
use std::net::{IpAddr, SocketAddr};
use std::sync::Mutex;
use std::time::Instant;

use proptest::prelude::*;
use reqwest::dns::{Addrs, Name, Resolving};

use super::*;
use crate::domain::address::SpecialUse;
use crate::outbound::guard::Guard;
use crate::outbound::lookups::Lookups;
use crate::outbound::send_context::SendContext;

/// The public policy, but without TLS, which the test servers do not speak.
pub(super) const PUBLIC_WITHOUT_TLS: AddressPolicy =
    AddressPolicy { private_networks: false, https_only: false };

/// Answers the n-th query, from 0, with the addresses that `answer` returns; never if that is `None`.
pub(super) struct FakeResolver<F> {
    answer: F,
    queries: AtomicUsize,
}

impl<F: Fn(usize) -> Option<Vec<IpAddr>>> FakeResolver<F> {
    pub(super) fn new(answer: F) -> Arc<Self> {
        Arc::new(Self { answer, queries: AtomicUsize::default() })
    }

    pub(super) fn queries(&self) -> usize {
        self.queries.load(Ordering::Relaxed)
    }
}

impl<F: Fn(usize) -> Option<Vec<IpAddr>> + Send + Sync> Resolve for FakeResolver<F> {
    fn resolve(&self, _: Name) -> Resolving {
        let answer = (self.answer)(self.queries.fetch_add(1, Ordering::Relaxed));
        Box::pin(async move {
            let Some(addresses) = answer else { return pending().await };
            let addresses = addresses.into_iter().map(|address| SocketAddr::new(address, 0));
            Ok(Box::new(addresses) as Addrs)
        })
    }
}

/// A server on all addresses of this machine; records the local address of each connection.
pub(super) struct RecordingServer {
    port: u16,
    addresses: Arc<Mutex<Vec<IpAddr>>>,
}

impl RecordingServer {
    pub(super) async fn start() -> Self {
        // Dual-stack where IPv6 exists.
        let listener = match TcpListener::bind("[::]:0").await {
            Ok(listener) => listener,
            Err(_) => TcpListener::bind("0.0.0.0:0").await.unwrap(),
        };
        let port = listener.local_addr().unwrap().port();
        let addresses = Arc::<Mutex<Vec<_>>>::default();
        let recorded = Arc::clone(&addresses);
        tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                recorded.lock().unwrap().push(stream.local_addr().unwrap().ip().to_canonical());
                tokio::spawn(async move {
                    while !read_request(&mut stream).await.is_empty() {
                        stream.write_all(ACCEPTED).await.unwrap();
                    }
                });
            }
        });
        Self { port, addresses }
    }

    /// A URL with `host` and the server's port.
    pub(super) fn url(&self, host: &str) -> Url {
        Url::parse(&format!("http://{host}:{}/", self.port)).unwrap()
    }

    /// The number of connections. Opens one more, not counted, to see that all earlier ones are recorded.
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
    HttpClient::with(policy, resolver, roots::public(), POOL_LIMITS).unwrap()
}

pub(super) fn addresses(texts: &[&str]) -> Vec<IpAddr> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

const PUBLIC: [&str; 2] = ["93.184.216.34", "2606:4700:4700::1111"];
/// Allowed by policies with private networks.
const LOOPBACK: &str = "127.0.0.7";

#[tokio::test]
async fn the_client_connects_to_the_checked_address() {
    let server = RecordingServer::start().await;
    let resolver = FakeResolver::new(|_| Some(addresses(&[LOOPBACK])));
    let client = client_with(AddressPolicy::LOCAL, resolver.clone());
    let attempt = send(&client, &server.url("client.example"), LONG_TIMEOUT).await;
    assert_eq!(attempt.result, Ok(200));
    assert_eq!(resolver.queries(), 1);
    assert_eq!(*server.addresses.lock().unwrap(), addresses(&[LOOPBACK]));
}

#[tokio::test]
async fn one_refused_address_refuses_the_whole_name() {
    for (policy, good, bad) in [
        (AddressPolicy::LOCAL, [LOOPBACK, "127.0.0.8"], "169.254.169.254"),
        (AddressPolicy::LOCAL, [LOOPBACK, "::1"], "168.63.129.16"),
        (PUBLIC_WITHOUT_TLS, PUBLIC, LOOPBACK),
        (PUBLIC_WITHOUT_TLS, PUBLIC, "10.0.0.1"),
    ] {
        for index in 0..3 {
            let mut answer = good.to_vec();
            answer.insert(index, bad);
            let answer = addresses(&answer);
            let server = RecordingServer::start().await;
            let resolver = FakeResolver::new(move |_| Some(answer.clone()));
            let client = client_with(policy, resolver.clone());
            let attempt = send(&client, &server.url("client.example"), LONG_TIMEOUT).await;
            assert_eq!(attempt.result, Err(NoResponse::RefusedAddress));
            assert_eq!((resolver.queries(), server.count().await), (1, 0), "no second lookup");
        }
    }
}

#[tokio::test]
async fn dns_rebinding_reaches_no_refused_address() {
    // Allowed for the first lookup, refused for any later one.
    let rebinding = |n| Some(addresses(&[if n == 0 { LOOPBACK } else { "169.254.169.254" }]));
    let (server, resolver) = (RecordingServer::start().await, FakeResolver::new(rebinding));
    let client = client_with(AddressPolicy::LOCAL, resolver.clone());
    let url = server.url("client.example");
    assert_eq!(send(&client, &url, LONG_TIMEOUT).await.result, Ok(200));
    assert_eq!(resolver.queries(), 1);

    // The next connection looks the name up again.
    client.wake_after(Duration::from_mins(1));
    assert_eq!(send(&client, &url, LONG_TIMEOUT).await.result, Err(NoResponse::RefusedAddress));
    assert_eq!((resolver.queries(), server.count().await), (2, 1));
}

#[tokio::test]
async fn the_second_copy_looks_the_name_up_again() {
    let closing = server(|mut stream, _| async move {
        read_request(&mut stream).await;
    })
    .await;
    let resolver = FakeResolver::new(|n| {
        Some(addresses(&[if n == 0 { LOOPBACK } else { "100.100.100.200" }]))
    });
    let client = client_with(AddressPolicy::LOCAL, resolver.clone());
    let url = Url::parse(&format!("http://client.example:{}/", closing.port().unwrap())).unwrap();
    assert_eq!(send(&client, &url, LONG_TIMEOUT).await.result, Err(NoResponse::RefusedAddress));
    assert_eq!(resolver.queries(), 2);
}

#[tokio::test]
async fn a_pooled_connection_needs_no_lookup() {
    let server = RecordingServer::start().await;
    let resolver = FakeResolver::new(|_| Some(addresses(&[LOOPBACK])));
    let client = client_with(AddressPolicy::LOCAL, resolver.clone());
    for _ in 0..50 {
        let attempt = send(&client, &server.url("client.example"), LONG_TIMEOUT).await;
        assert_eq!(attempt.result, Ok(200));
    }
    assert_eq!((resolver.queries(), server.count().await), (1, 1));
}

#[tokio::test]
async fn a_name_without_addresses_is_looked_up_once() {
    let resolver = FakeResolver::new(|_| Some(Vec::new()));
    let client = client_with(PUBLIC_WITHOUT_TLS, resolver.clone());
    let attempt = send(&client, &Url::parse("http://client.example/").unwrap(), LONG_TIMEOUT).await;
    assert_eq!(attempt.result, Err(NoResponse::Dns));
    assert_eq!(resolver.queries(), 1);
}

#[tokio::test]
async fn a_url_refused_by_its_text_is_not_looked_up() {
    let resolver = FakeResolver::new(|_| Some(addresses(&PUBLIC)));
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
        let attempt = send(&client, &Url::parse(url).unwrap(), LONG_TIMEOUT).await;
        assert_eq!(attempt.result, Err(NoResponse::RefusedUrl), "{url}");
    }
    assert_eq!(resolver.queries(), 0);
}

#[tokio::test]
async fn private_networks_are_reachable_where_the_policy_allows_them() {
    let server = RecordingServer::start().await;
    let client =
        client_with(AddressPolicy::LOCAL, FakeResolver::new(|_| Some(addresses(&[LOOPBACK]))));
    for host in ["localhost", "db", "127.0.0.9"] {
        assert_eq!(send(&client, &server.url(host), LONG_TIMEOUT).await.result, Ok(200), "{host}");
    }
    for host in ["169.254.169.254", "100.100.100.200", "168.63.129.16", "[fd20:ce::254]"] {
        let attempt = send(&client, &server.url(host), LONG_TIMEOUT).await;
        assert_eq!(attempt.result, Err(NoResponse::RefusedUrl), "{host}");
    }
    assert_eq!(server.count().await, 3);
}

/// Runs a lookup as one of a request.
async fn in_request<F: Future>(lookup: F) -> F::Output {
    let permits = Arc::new(tokio::sync::Semaphore::new(1));
    SendContext::new(acme(), permits).scope(lookup).await
}

/// The addresses that the guard allows of a DNS answer; `None` if it refuses the name.
pub(super) async fn allowed_addresses(
    policy: AddressPolicy,
    answer: &[IpAddr],
) -> Option<Vec<IpAddr>> {
    let answer = answer.to_vec();
    let guard = Guard::new(policy, Lookups::new(FakeResolver::new(move |_| Some(answer.clone()))));
    let addresses = in_request(guard.resolve("client.example".parse().unwrap())).await;
    addresses.ok().map(|addresses| addresses.map(|address| address.ip()).collect())
}

#[tokio::test]
async fn the_guard_takes_less_than_500_us() {
    const CONNECTIONS: u32 = 10_000;
    let answer = addresses(&PUBLIC);
    let guard = Guard::new(
        AddressPolicy::PUBLIC,
        Lookups::new(FakeResolver::new(move |_| Some(answer.clone()))),
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
        assert_eq!(in_request(guard.resolve(name)).await.unwrap().count(), 2);
    }
    let each = start.elapsed() / CONNECTIONS;
    println!("guard.cost: {each:?} a connection, beside the lookup; {each_request:?} a request");
    // Little beside the round trip of a connection. Tests are built without optimization.
    assert!(each < Duration::from_micros(500), "{each:?}");
}

proptest! {
    #[test]
    fn any_refused_address_refuses_its_name(
        v4: Vec<u32>,
        v6: Vec<(bool, u128)>,
    ) {
        // Half of the IPv6 addresses are global unicast (2000::/3).
        let global = |(is_global, bits)| if is_global { bits >> 3 | 1_u128 << 125 } else { bits };
        let v6 = v6.into_iter().map(|it| IpAddr::from(global(it).to_be_bytes()));
        let v4 = v4.into_iter().map(|bits| IpAddr::from(bits.to_be_bytes()));
        let answer: Vec<_> = v4.chain(v6).collect();
        prop_assume!(!answer.is_empty());
        let bad = answer.iter().any(|address| SpecialUse::of(*address).is_some());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let allowed = runtime.block_on(allowed_addresses(AddressPolicy::PUBLIC, &answer));
        prop_assert_eq!(allowed, (!bad).then_some(answer));
    }
}
