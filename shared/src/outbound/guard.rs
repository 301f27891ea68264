//! From a URL to the addresses that are connected to.
//!
//! [`Guard::check`] looks at the URL of every request; an address that stands there as such is never
//! looked up. As the client's resolver, [`Guard`] looks a name up once for each connection and checks
//! every address that it has. If one is refused, all are: a name that leads to a private network as
//! well is not to be trusted with a good answer either. Only what passed is connected to, so a second
//! answer of the DNS changes nothing.

use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::net::lookup_host;
use url::Url;

use super::lookups::Lookups;
use crate::address::{AddressPolicy, Refusal};

/// Resolves names to addresses that the rules allow.
#[derive(Clone)]
pub(super) struct Guard {
    policy: AddressPolicy,
    lookups: Arc<Lookups>,
}

/// The host of a URL has an address that is refused.
#[derive(Debug, thiserror::Error)]
#[error("the URL {0}")]
pub(super) struct RefusedAddress(Refusal);

/// The DNS has the name, but no address for it.
#[derive(Debug, thiserror::Error)]
#[error("the name has no address")]
struct NoAddress;

impl Guard {
    pub(super) fn new(policy: AddressPolicy, lookups: Arc<Lookups>) -> Self {
        Self { policy, lookups }
    }

    /// Whether a request may go to `url`, as far as its text shows.
    pub(super) fn check(&self, url: &Url) -> Result<(), Refusal> {
        self.policy
            .check_url(url)
            .inspect_err(|refusal| log(url.host_str().unwrap_or_default(), url.port(), refusal))
    }
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let policy = self.policy;
        let host = name.as_str().to_owned();
        let looking_up = Arc::clone(&self.lookups).addresses(name);
        Box::pin(async move {
            let found = looking_up.await?.to_vec();
            if found.is_empty() {
                return Err(NoAddress.into());
            }
            for address in &found {
                policy.check_address(address.ip()).map_err(|refusal| {
                    log(&host, None, &refusal);
                    RefusedAddress(refusal)
                })?;
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

/// The operator is told which address it was. The webhook's owner is not: it may be one of a network
/// that only the functions see.
fn log(host: &str, port: Option<u16>, why: &Refusal) {
    tracing::warn!(host, port, %why, "a connection was refused");
}

/// The resolver of the system.
pub(super) struct SystemResolver;

impl Resolve for SystemResolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            // Port 0 stands for the one of the URL.
            let found: Vec<_> = lookup_host((name.as_str(), 0)).await?.collect();
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}
