//! Checks the URL of each request and the addresses that its host resolves to.
//!
//! [`Guard::check`] checks the URL, which covers literal IP addresses: they are never resolved. As the client's
//! resolver, [`Guard`] resolves a name once for each connection and checks every address. One refused address refuses
//! the name: a name that resolves to a private network as well is not trusted. The client connects only to addresses
//! that passed, so a second DNS answer (DNS rebinding) changes nothing.

use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::net::lookup_host;
use url::Url;

use super::lookups::Lookups;
use crate::domain::address::{AddressPolicy, Refusal};

/// Resolves names to addresses that the policy allows.
#[derive(Clone)]
pub(super) struct Guard {
    policy: AddressPolicy,
    lookups: Arc<Lookups>,
}

/// The host resolves to a refused address.
#[derive(Debug, thiserror::Error)]
#[error("the URL {0}")]
pub(super) struct RefusedAddress(Refusal);

/// The name exists in the DNS without an address.
#[derive(Debug, thiserror::Error)]
#[error("the name has no address")]
struct NoAddress;

impl Guard {
    pub(super) fn new(policy: AddressPolicy, lookups: Arc<Lookups>) -> Self {
        Self { policy, lookups }
    }

    /// Checks `url` without resolving its host.
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
        let resolving = Arc::clone(&self.lookups).resolve(name);
        Box::pin(async move {
            let addresses = resolving.await?.to_vec();
            if addresses.is_empty() {
                return Err(NoAddress.into());
            }
            for address in &addresses {
                policy.check_address(address.ip()).map_err(|refusal| {
                    log(&host, None, &refusal);
                    RefusedAddress(refusal)
                })?;
            }
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

/// Logs the refused address for the operator. The webhook's owner does not see it: it may belong to a network that only
/// the functions reach.
fn log(host: &str, port: Option<u16>, why: &Refusal) {
    tracing::warn!(host, port, %why, "connection refused by the address policy");
}

/// The system's resolver.
pub(super) struct SystemResolver;

impl Resolve for SystemResolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            // reqwest replaces port 0 by the URL's.
            let addresses: Vec<_> = lookup_host((name.as_str(), 0)).await?.collect();
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}
