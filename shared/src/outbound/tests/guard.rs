//! Names, with a resolver that answers as a test says, and a way of connecting that ends at the
//! test's own server and notes where it should have ended.

use std::net::{IpAddr, SocketAddr};
use std::sync::Mutex;
use std::time::{Instant, SystemTime};

use hyper_util::client::legacy::connect::dns::Name;
use proptest::prelude::*;
use tower::service_fn;
use tower::util::BoxCloneSyncService;

use super::*;
use crate::address::SpecialUse;
use crate::outbound::guard::{BoxError, Guard};

/// What strangers may do, but for the encryption: these servers have none.
pub(super) const STRANGERS: AddressPolicy =
    AddressPolicy { private_networks: false, https_only: false };
const KEPT: usize = 100;

/// A client whose look-ups and connections are counted.
pub(super) struct Watched {
    pub(super) client: HttpClient,
    pub(super) look_ups: Arc<AtomicUsize>,
    /// Where connections were made to, for each all the addresses that it could choose from.
    pub(super) dialled: Arc<Mutex<Vec<Vec<SocketAddr>>>>,
}

impl Watched {
    /// The resolver answers its n-th question, from 0, with `answer(n)`; every connection ends at
    /// a server that takes everything.
    pub(super) async fn new(
        policy: AddressPolicy,
        answer: impl Fn(usize) -> Result<Vec<IpAddr>, BoxError> + Clone + Send + Sync + 'static,
    ) -> Self {
        let server = patient_server().await;
        let (look_ups, dialled) = (Arc::<AtomicUsize>::default(), Arc::<Mutex<Vec<_>>>::default());
        let count = Arc::clone(&look_ups);
        let resolver = BoxCloneSyncService::new(service_fn(move |_: Name| {
            std::future::ready(answer(count.fetch_add(1, Ordering::Relaxed)))
        }));
        let seen = Arc::clone(&dialled);
        let dial = BoxCloneSyncService::new(service_fn(move |addresses| {
            seen.lock().unwrap().push(addresses);
            async move { Ok::<_, BoxError>(TcpStream::connect(server).await?) }
        }));
        let network = Network { guard: Guard::new(policy, resolver), dial };
        let client = HttpClient::with(rustls::RootCertStore::empty(), KEPT, network).unwrap();
        Self { client, look_ups, dialled }
    }

    pub(super) async fn send(&self, url: &str) -> Result<u16, NoResponse> {
        send(&self.client, &Url::parse(url).unwrap(), ENOUGH).await.result
    }

    fn look_ups(&self) -> usize {
        self.look_ups.load(Ordering::Relaxed)
    }

    pub(super) fn connections(&self) -> usize {
        self.dialled.lock().unwrap().len()
    }

    /// Has the next request look for a connection of its own.
    fn forget_connections(&self) {
        self.client.wake_at(SystemTime::now() + Duration::from_mins(1));
    }
}

/// A server that answers every request on every connection.
async fn patient_server() -> SocketAddr {
    let url = server(|mut stream, _| async move {
        while !read_request(&mut stream).await.is_empty() {
            stream.write_all(TAKEN).await.unwrap();
        }
    })
    .await;
    url.socket_addrs(|| None).unwrap()[0]
}

pub(super) fn addresses(texts: &[&str]) -> Vec<IpAddr> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

const GOOD: [&str; 2] = ["93.184.216.34", "2606:4700:4700::1111"];

#[tokio::test]
async fn what_was_looked_at_is_what_is_connected_to() {
    let watched = Watched::new(STRANGERS, |_| Ok(addresses(&GOOD))).await;
    assert_eq!(watched.send("http://client.example:8080/").await, Ok(200));
    assert_eq!(watched.look_ups(), 1);
    let expected = addresses(&GOOD).into_iter().map(|address| SocketAddr::new(address, 8080));
    assert_eq!(*watched.dialled.lock().unwrap(), [expected.collect::<Vec<_>>()]);
}

#[tokio::test]
async fn one_bad_address_among_good_ones_refuses_them_all() {
    for place in 0..3 {
        let mut answer = vec![GOOD[0], GOOD[1]];
        answer.insert(place, "10.0.0.1");
        let answer = addresses(&answer);
        let watched = Watched::new(STRANGERS, move |_| Ok(answer.clone())).await;
        let result = watched.send("http://client.example/").await;
        assert_eq!(result, Err(NoResponse::RefusedAddress));
        assert_eq!((watched.look_ups(), watched.connections()), (1, 0), "no second question");
    }
}

#[tokio::test]
async fn a_name_that_changes_its_mind_gets_nowhere() {
    // Good for whoever looks first, bad for whoever connects: there is no second look.
    let rebinding = |n| Ok(addresses(&[if n == 0 { GOOD[0] } else { "127.0.0.1" }]));
    let watched = Watched::new(STRANGERS, rebinding).await;
    assert_eq!(watched.send("http://client.example/").await, Ok(200));
    assert_eq!(watched.look_ups(), 1);
    assert_eq!(watched.dialled.lock().unwrap()[0], [SocketAddr::from(([93, 184, 216, 34], 80))]);

    // The next connection is another question, and gets another answer.
    watched.forget_connections();
    assert_eq!(watched.send("http://client.example/").await, Err(NoResponse::RefusedAddress));
    assert_eq!((watched.look_ups(), watched.connections()), (2, 1));
}

#[tokio::test]
async fn a_kept_connection_asks_nobody() {
    let watched = Watched::new(STRANGERS, |_| Ok(addresses(&GOOD))).await;
    for _ in 0..50 {
        assert_eq!(watched.send("http://client.example/").await, Ok(200));
    }
    assert_eq!((watched.look_ups(), watched.connections()), (1, 1));
}

#[tokio::test]
async fn a_name_that_is_not_known_may_be_known_later() {
    let watched = Watched::new(STRANGERS, |_| Err("no such name".into())).await;
    assert_eq!(watched.send("http://client.example/").await, Err(NoResponse::Connect));
    assert_eq!(watched.connections(), 0);

    let nothing = BoxCloneSyncService::new(service_fn(async |_: Name| Ok::<_, BoxError>(vec![])));
    let network = Network { guard: Guard::new(STRANGERS, nothing), ..this_machine() };
    let client = HttpClient::with(rustls::RootCertStore::empty(), KEPT, network).unwrap();
    let attempt = send(&client, &Url::parse("http://client.example/").unwrap(), ENOUGH).await;
    assert_eq!(attempt.result, Err(NoResponse::Connect), "a name without addresses");
}

#[tokio::test]
async fn what_the_text_of_a_url_shows_is_not_looked_up() {
    let watched = Watched::new(AddressPolicy::PUBLIC, |_| Ok(addresses(&GOOD))).await;
    for url in [
        "http://client.example/",
        "https://client.example:25/",
        "https://a.internal/",
        "https://db/",
    ] {
        assert_eq!(watched.send(url).await, Err(NoResponse::RefusedUrl), "{url}");
    }
    assert_eq!((watched.look_ups(), watched.connections()), (0, 0));
}

#[tokio::test]
async fn private_networks_are_reached_where_they_are_allowed() {
    let answer = |_| Ok(addresses(&["10.0.0.1", "::1"]));
    let watched = Watched::new(AddressPolicy::LOCAL, answer).await;
    for url in ["http://localhost/", "http://db/", "http://192.168.0.1:8080/"] {
        assert_eq!(watched.send(url).await, Ok(200), "{url}");
    }
    assert_eq!(watched.send("http://169.254.169.254/").await, Err(NoResponse::RefusedUrl));
}

#[tokio::test]
async fn the_guard_costs_little() {
    const CONNECTIONS: u32 = 10_000;
    let answer = addresses(&GOOD);
    let resolver = BoxCloneSyncService::new(service_fn(move |_: Name| {
        std::future::ready(Ok::<_, BoxError>(answer.clone()))
    }));
    let guard = Guard::new(AddressPolicy::PUBLIC, resolver);
    let uri = http::Uri::from_static("https://hooks.client.example:8443/reports?a=b");
    let start = Instant::now();
    for _ in 0..CONNECTIONS {
        assert_eq!(guard.clone().addresses_of(uri.clone()).await.unwrap().len(), 2);
    }
    let each = start.elapsed() / CONNECTIONS;
    println!(
        "guard.cost: {each:?} a connection, beside the look-up; none a request that finds one"
    );
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
        let bad = answer.iter().any(|address| SpecialUse::of(*address).is_some());
        let count = answer.len();
        let resolver = BoxCloneSyncService::new(service_fn(move |_: Name| {
            std::future::ready(Ok::<_, BoxError>(answer.clone()))
        }));
        let uri = http::Uri::from_static("https://client.example/");
        let asked = Guard::new(AddressPolicy::PUBLIC, resolver).addresses_of(uri);
        let found = futures_util::FutureExt::now_or_never(asked).unwrap();
        prop_assert_eq!(found.is_err(), bad);
        if let Ok(found) = found {
            prop_assert_eq!(found.len(), count);
        }
    }
}
