//! What a URL must be, so that a request may go there.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::Url;

use super::SpecialUse;
use super::ports;
use crate::config::{ConfigError, parsed_or};

/// The rules of an installation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AddressPolicy {
    /// Whether requests may go to private networks and to this machine. Other addresses that are
    /// set aside, such as those of a cloud's metadata, stay refused.
    pub private_networks: bool,
    /// Whether requests must be encrypted.
    pub https_only: bool,
}

/// Why a request may not go to a URL; completes "`url` …".
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Not encrypted, or something else than HTTP.
    #[error("must begin with https://")]
    Scheme,
    /// Another protocol has this port.
    #[error(
        "must not have port {0}, which belongs to another protocol: use 443 or another port that \
         browsers take"
    )]
    Port(u16),
    /// A name that only private networks know.
    #[error(
        "must name a host on the public internet: names without a dot, and below `localhost`, \
         `local`, `internal` and `home.arpa`, are of private networks"
    )]
    Name,
    /// An address that no host on the public internet has.
    #[error("must lead to a host on the public internet: {address} is set aside for {set_aside}")]
    Address {
        /// The address.
        address: IpAddr,
        /// What it is.
        set_aside: &'static SpecialUse,
    },
}

impl AddressPolicy {
    /// Where strangers choose the URLs: the public internet over `https`.
    pub const PUBLIC: Self = Self { private_networks: false, https_only: true };
    /// On one's own machine.
    pub const LOCAL: Self = Self { private_networks: true, https_only: false };

    /// Reads `ALLOW_PRIVATE_NETWORKS` and `HTTPS_ONLY`, each `true` or `false`; what is not set
    /// is as in [`AddressPolicy::PUBLIC`].
    pub fn from_env() -> Result<Self, ConfigError> {
        let Self { private_networks, https_only } = Self::PUBLIC;
        Ok(Self {
            private_networks: parsed_or("ALLOW_PRIVATE_NETWORKS", private_networks)?,
            https_only: parsed_or("HTTPS_ONLY", https_only)?,
        })
    }

    /// Whether a request may go to `url`, as far as its text shows.
    pub fn check_url(self, url: &Url) -> Result<(), Refusal> {
        // Port 0 stands for none: it is never allowed.
        let port = url.port_or_known_default().unwrap_or_default();
        self.check(url.scheme(), url.host_str().unwrap_or_default(), port)
    }

    /// Whether a request may go to `host`, a name or an address in the normal form of URLs
    /// (brackets around IPv6), as far as its text shows.
    pub fn check(self, scheme: &str, host: &str, port: u16) -> Result<(), Refusal> {
        match scheme {
            "https" => {}
            "http" if !self.https_only => {}
            _ => return Err(Refusal::Scheme),
        }
        if !ports::is_allowed(port) {
            return Err(Refusal::Port(port));
        }
        match literal(host) {
            Some(address) => self.check_address(address),
            None if self.private_networks || !is_of_private_networks(host) => Ok(()),
            None => Err(Refusal::Name),
        }
    }

    /// Whether a connection may be made to `address`.
    pub fn check_address(self, address: IpAddr) -> Result<(), Refusal> {
        match SpecialUse::of(address) {
            Some(set_aside) if !(self.private_networks && set_aside.is_private()) => {
                Err(Refusal::Address { address, set_aside })
            }
            _ => Ok(()),
        }
    }
}

/// The address that `host` is, if it is no name; IPv6 with brackets or without. A URL's other
/// spellings (`0x7f.1`) are gone in its normal form.
pub fn literal(host: &str) -> Option<IpAddr> {
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    let v4 = bare.parse::<Ipv4Addr>().map(IpAddr::V4);
    v4.or_else(|_| bare.parse::<Ipv6Addr>().map(IpAddr::V6)).ok()
}

/// Whether a name is one that the public DNS does not have: of this machine (RFC 6761), of the
/// local link (RFC 6762), of clouds and companies (ICANN reserved `internal` for them in 2024; AWS
/// names its machines below it), of homes (RFC 8375); or without a dot, which a resolver completes
/// with the domain that it is in.
fn is_of_private_networks(host: &str) -> bool {
    let mut labels = host.trim_end_matches('.').rsplit('.');
    let (last, before) = (labels.next().unwrap_or_default(), labels.next());
    let is = |label: &str, word: &str| label.eq_ignore_ascii_case(word);
    match before {
        None => true,
        Some(before) if is(last, "arpa") => is(before, "home"),
        Some(_) => ["localhost", "local", "internal"].iter().any(|word| is(last, word)),
    }
}

#[cfg(test)]
mod tests;
