//! Making connections.

use std::convert::Infallible;
use std::future::ready;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use http::Uri;
use hyper_rustls::{HttpsConnector, MaybeHttpsStream};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::dns::Name;
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tower::util::BoxCloneSyncService;
use tower::{Service as _, ServiceExt as _, service_fn};

use super::guard::{BoxError, Guard, system_resolver};
use super::wire::{Connections, Wire};
use crate::address::AddressPolicy;

/// Makes connections to hosts of any kind.
pub(super) type Connector = BoxCloneSyncService<Uri, MaybeHttpsStream<TokioIo<Wire>>, BoxError>;
/// Connects to the first of some addresses that answers.
pub(super) type Dial = BoxCloneSyncService<Vec<SocketAddr>, TcpStream, BoxError>;

/// How long connecting may take, name look-up and TLS included.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// What connections are made with.
#[derive(Clone)]
pub(super) struct Network {
    pub(super) guard: Guard,
    pub(super) dial: Dial,
}

impl Network {
    /// The system's, under the rules of `policy`.
    pub(super) fn system(policy: AddressPolicy) -> Self {
        let guard = Guard::new(policy, system_resolver());
        Self { guard, dial: BoxCloneSyncService::new(service_fn(dial)) }
    }
}

/// Makes connections over TCP, and over TLS with `tls`.
pub(super) fn connector(
    tls: Arc<ClientConfig>,
    connections: Arc<Connections>,
    network: Network,
) -> Connector {
    let wires = service_fn(move |uri| {
        // Taken now: the instance may be frozen while it connects.
        let (connections, made_in) = (Arc::clone(&connections), connections.invocation());
        let Network { guard, dial } = network.clone();
        async move {
            let addresses = guard.addresses_of(uri).await?;
            let stream = dial.oneshot(addresses).await?;
            Ok::<_, BoxError>(TokioIo::new(Wire::new(stream, &connections, made_in)))
        }
    });
    let mut secured = HttpsConnector::from((wires, tls));
    BoxCloneSyncService::new(service_fn(move |uri| {
        let connecting = secured.call(uri);
        async move { timeout(CONNECT_TIMEOUT, connecting).await? }
    }))
}

async fn dial(addresses: Vec<SocketAddr>) -> Result<TcpStream, BoxError> {
    // Hyper's connector knows to try IPv4 beside IPv6. It is given a name that says nothing, and
    // the addresses as what that name stands for: it never sees a URL, and looks nothing up.
    let nowhere = Uri::from_static("http://vetted/");
    let vetted =
        service_fn(move |_: Name| ready(Ok::<_, Infallible>(addresses.clone().into_iter())));
    let mut tcp = HttpConnector::new_with_resolver(vetted);
    tcp.set_nodelay(true);
    // For all addresses of a host together: one that is dead does not take the time of the next.
    tcp.set_connect_timeout(Some(CONNECT_TIMEOUT));
    Ok(tcp.call(nowhere).await?.into_inner())
}
