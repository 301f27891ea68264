//! Making connections.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use http::Uri;
use hyper_rustls::{HttpsConnector, MaybeHttpsStream};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use tokio::time::timeout;
use tower::util::BoxCloneSyncService;
use tower::{Service as _, service_fn};

use super::wire::{Connections, Wire};

/// Makes connections to hosts of any kind.
pub(super) type Connector = BoxCloneSyncService<Uri, MaybeHttpsStream<TokioIo<Wire>>, BoxError>;
type BoxError = Box<dyn Error + Send + Sync>;

/// How long connecting may take, name look-up and TLS included.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// Makes connections over TCP, and over TLS with `tls`.
pub(super) fn connector(tls: Arc<ClientConfig>, connections: Arc<Connections>) -> Connector {
    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    // For all addresses of a host together: one that is dead does not take the time of the next.
    tcp.set_connect_timeout(Some(CONNECT_TIMEOUT));
    let wires = service_fn(move |uri| {
        // Taken now: the instance may be frozen while it connects.
        let (connections, made_in) = (Arc::clone(&connections), connections.invocation());
        let connecting = tcp.call(uri);
        async move {
            let stream = connecting.await?.into_inner();
            Ok::<_, BoxError>(TokioIo::new(Wire::new(stream, &connections, made_in)))
        }
    });
    let mut secured = HttpsConnector::from((wires, tls));
    BoxCloneSyncService::new(service_fn(move |uri| {
        let connecting = secured.call(uri);
        async move { timeout(CONNECT_TIMEOUT, connecting).await? }
    }))
}
