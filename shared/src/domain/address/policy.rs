//! The rules for the URLs and addresses of requests.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::Url;

use super::SpecialUse;
use super::ports;

/// The rules of an installation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AddressPolicy {
    /// Whether requests may go to private networks and to this machine. Other reserved addresses, such as
    /// those of cloud metadata, stay refused.
    pub private_networks: bool,
    /// Whether requests must be encrypted.
    pub https_only: bool,
}

/// Why a request may not go to a URL; completes "`url` …".
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The scheme is not allowed.
    #[error("must begin with https://")]
    Scheme,
    /// The port belongs to another protocol.
    #[error(
        "must not have port {0}, which belongs to another protocol: use 443 or another port that \
         browsers allow"
    )]
    Port(u16),
    /// The name exists in private networks only.
    #[error(
        "must name a host on the public internet: names without a dot, and below `localhost`, \
         `local`, `internal` and `home.arpa`, belong to private networks"
    )]
    Name,
    /// No host on the public internet has the address.
    #[error("must point to a host on the public internet: {address} is reserved for {special_use}")]
    Address {
        /// The address.
        address: IpAddr,
        /// Its special use.
        special_use: &'static SpecialUse,
    },
}

impl AddressPolicy {
    /// The public internet, over `https` only: for installations whose customers choose the URLs.
    pub const PUBLIC: Self = Self { private_networks: false, https_only: true };
    /// Private networks as well, also unencrypted: for development on one machine.
    pub const LOCAL: Self = Self { private_networks: true, https_only: false };

    /// Checks the text of `url`; a host that is a name is not resolved.
    pub fn check_url(self, url: &Url) -> Result<(), Refusal> {
        // A missing port becomes 0, which is never allowed.
        let port = url.port_or_known_default().unwrap_or_default();
        self.check(url.scheme(), url.host_str().unwrap_or_default(), port)
    }

    /// Checks a scheme, host and port. `host` is a name or an address in the normal form of URLs
    /// (brackets around IPv6); names are not resolved.
    pub fn check(self, scheme: &str, host: &str, port: u16) -> Result<(), Refusal> {
        match scheme {
            "https" => {}
            "http" if !self.https_only => {}
            _ => return Err(Refusal::Scheme),
        }
        if !ports::is_allowed(port) {
            return Err(Refusal::Port(port));
        }
        match parse_ip(host) {
            Some(address) => self.check_address(address),
            None if self.private_networks || !is_private_name(host) => Ok(()),
            None => Err(Refusal::Name),
        }
    }

    /// Checks an address to connect to.
    pub fn check_address(self, address: IpAddr) -> Result<(), Refusal> {
        match SpecialUse::of(address) {
            Some(special_use) if !(self.private_networks && special_use.is_private()) => {
                Err(Refusal::Address { address, special_use })
            }
            _ => Ok(()),
        }
    }
}

/// The address, if `host` is not a name; IPv6 with or without brackets. Other spellings (`0x7f.1`) do
/// not occur in the normal form of URLs.
pub fn parse_ip(host: &str) -> Option<IpAddr> {
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    let v4 = bare.parse::<Ipv4Addr>().map(IpAddr::V4);
    v4.or_else(|_| bare.parse::<Ipv6Addr>().map(IpAddr::V6)).ok()
}

/// Whether the public DNS does not have the name: those of this machine (RFC 6761), of the local link
/// (RFC 6762), of clouds and companies (ICANN reserved `internal` in 2024; AWS names its machines below
/// it), of homes (RFC 8375); and names without a dot, which a resolver completes with its own domain.
fn is_private_name(host: &str) -> bool {
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
