//! From a URL to the addresses that are connected to.
//!
//! A name is looked up once for a connection. If one of its addresses is refused, all are: a
//! name that leads to a private network as well is not to be trusted with a good answer either.
//! What passes is what is connected to, so a second answer of the DNS changes nothing.

use std::error::Error;
use std::net::{IpAddr, SocketAddr};

use http::Uri;
use hyper_util::client::legacy::connect::dns::{GaiResolver, Name};
use tower::ServiceExt as _;
use tower::util::BoxCloneSyncService;

use crate::address::{AddressPolicy, Refusal, literal};

/// Looks the addresses of names up.
pub(super) type Resolver = BoxCloneSyncService<Name, Vec<IpAddr>, BoxError>;
pub(super) type BoxError = Box<dyn Error + Send + Sync>;

/// Lets through what the rules allow.
#[derive(Clone)]
pub(super) struct Guard {
    policy: AddressPolicy,
    resolver: Resolver,
}

/// A connection was not made because of the rules.
#[derive(Debug, thiserror::Error)]
pub(super) enum Refused {
    /// The URL's text shows it.
    #[error("the URL {0}")]
    Url(Refusal),
    /// The URL's host has such an address.
    #[error("the URL {0}")]
    Address(Refusal),
}

impl Guard {
    pub(super) fn new(policy: AddressPolicy, resolver: Resolver) -> Self {
        Self { policy, resolver }
    }

    /// All addresses of the host that `uri` names; or [`Refused`], or that they are not known.
    pub(super) async fn addresses_of(self, uri: Uri) -> Result<Vec<SocketAddr>, BoxError> {
        let (scheme, host) = (uri.scheme_str().unwrap_or_default(), uri.host().unwrap_or_default());
        let port = uri.port_u16().unwrap_or(if scheme == "https" { 443 } else { 80 });
        self.policy
            .check(scheme, host, port)
            .map_err(|refusal| refused(&uri, Refused::Url(refusal)))?;
        if let Some(address) = literal(host) {
            return Ok(vec![(address, port).into()]);
        }
        let found = self.resolver.oneshot(host.parse()?).await?;
        for address in &found {
            let checked = self.policy.check_address(*address);
            checked.map_err(|refusal| refused(&uri, Refused::Address(refusal)))?;
        }
        Ok(found.into_iter().map(|address| (address, port).into()).collect())
    }
}

/// The operator is told which address it was. The client is not: it may be one of a network that
/// only the functions see.
fn refused(uri: &Uri, why: Refused) -> Refused {
    tracing::warn!(host = uri.host(), port = uri.port_u16(), %why, "a connection was refused");
    why
}

/// The resolver of the system.
pub(super) fn system_resolver() -> Resolver {
    let resolver = GaiResolver::new()
        .map_response(|found| found.map(|address| address.ip()).collect())
        .map_err(BoxError::from);
    BoxCloneSyncService::new(resolver)
}
