//! Addresses that no host on the public internet has.
//!
//! The tables hold every row of IANA's special-purpose registries, as of October 2025:
//! <https://www.iana.org/assignments/iana-ipv4-special-registry> and
//! <https://www.iana.org/assignments/iana-ipv6-special-registry>. This includes rows that the
//! registries call globally reachable: those are relays and sinks of protocols, not web servers, and an
//! anycast address reaches the nearest host. The tables also hold multicast, deprecated blocks, and the
//! addresses at which clouds serve metadata and credentials to their machines; these do not count as
//! private, even within a private block.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The special use of a block of addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SpecialUse {
    purpose: &'static str,
    source: &'static str,
    is_private: bool,
    /// Whether a cloud serves metadata or credentials to its machines there.
    is_cloud_service: bool,
}

impl SpecialUse {
    /// The special use of `address`; `None` if a host on the public internet may have it.
    pub fn of(address: IpAddr) -> Option<&'static Self> {
        match address {
            IpAddr::V4(address) => of_v4(address),
            IpAddr::V6(address) => of_v6(address),
        }
    }

    /// Whether the addresses belong to private networks or to this machine.
    pub fn is_private(&self) -> bool {
        self.is_private
    }
}

/// Writes the purpose and its source: `private use (RFC 1918)`.
impl fmt::Display for SpecialUse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.purpose, self.source)
    }
}

fn of_v4(address: Ipv4Addr) -> Option<&'static SpecialUse> {
    of_bits(&V4, address.to_bits().into())
}

fn of_v6(address: Ipv6Addr) -> Option<&'static SpecialUse> {
    let own = of_bits(&V6, address.to_bits());
    if own.is_some_and(|own| !own.is_private) {
        return own;
    }
    let [.., high, low] = address.segments();
    let last = Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low));
    match own {
        // A private network may have its own translator (RFC 6052), and some clouds embed their IPv4
        // address in such an IPv6 address.
        Some(own) => of_v4(last).filter(|last| last.is_cloud_service).or(Some(own)),
        None if is_translated(address) => of_v4(last),
        None if is_global_unicast(address) => None,
        None => Some(&UNASSIGNED),
    }
}

fn of_bits(table: &'static [Block], address: u128) -> Option<&'static SpecialUse> {
    table.iter().find(|block| block.contains(address)).map(|block| &block.special_use)
}

/// Whether the address is in `2000::/3`, the only block allocated to networks.
fn is_global_unicast(address: Ipv6Addr) -> bool {
    address.segments()[0] & 0xe000 == 0x2000
}

/// Whether a translator or tunnel would forward a packet to the IPv4 address in the last 32 bits: in
/// `64:ff9b::/96` (NAT64, RFC 6052), and for an interface identifier of ISATAP (RFC 5214, section 6.1)
/// in any network.
fn is_translated(address: Ipv6Addr) -> bool {
    let [network @ .., _, _] = address.segments();
    let is_isatap = matches!(network, [_, _, _, _, 0 | 0x200, 0x5efe]);
    let is_nat64 = network == [0x64, 0xff9b, 0, 0, 0, 0];
    is_nat64 || is_isatap
}

/// A block of addresses with a common prefix.
struct Block {
    network: u128,
    /// The count of bits after the prefix.
    free_bits: u32,
    special_use: SpecialUse,
}

impl Block {
    const fn contains(&self, address: u128) -> bool {
        (self.network ^ address) >> self.free_bits == 0
    }

    const fn private(mut self) -> Self {
        self.special_use.is_private = true;
        self
    }

    const fn cloud_service(mut self) -> Self {
        self.special_use.is_cloud_service = true;
        self
    }
}

const fn v4(network: [u8; 4], bits: u32, purpose: &'static str, source: &'static str) -> Block {
    let network = u32::from_be_bytes(network) as u128;
    let special_use = SpecialUse { purpose, source, is_private: false, is_cloud_service: false };
    Block { network, free_bits: u32::BITS - bits, special_use }
}

#[expect(clippy::many_single_char_names, reason = "segments have no other names")]
const fn v6(network: [u16; 8], bits: u32, purpose: &'static str, source: &'static str) -> Block {
    let [a, b, c, d, e, f, g, h] = network;
    let network = Ipv6Addr::new(a, b, c, d, e, f, g, h).to_bits();
    let special_use = SpecialUse { purpose, source, is_private: false, is_cloud_service: false };
    Block { network, free_bits: u128::BITS - bits, special_use }
}

/// The first match counts, so a block within another comes before it.
static V4: [Block; 29] = [
    v4([0, 0, 0, 0], 32, "this host", "RFC 1122"),
    v4([0, 0, 0, 0], 8, "this network", "RFC 791"),
    v4([10, 0, 0, 0], 8, "private use", "RFC 1918").private(),
    v4([100, 100, 100, 200], 32, "cloud services", "Alibaba Cloud").cloud_service(),
    v4([100, 64, 0, 0], 10, "carrier networks", "RFC 6598").private(),
    v4([127, 0, 0, 0], 8, "loopback", "RFC 1122").private(),
    // Nearly all clouds serve metadata and the credentials of their machines here.
    v4([169, 254, 0, 0], 16, "link-local use", "RFC 3927").cloud_service(),
    // A public address that answers only within the cloud.
    v4([168, 63, 129, 16], 32, "cloud services", "Azure").cloud_service(),
    v4([172, 16, 0, 0], 12, "private use", "RFC 1918").private(),
    v4([192, 0, 0, 0], 29, "IPv4 service continuity", "RFC 7335"),
    v4([192, 0, 0, 8], 32, "a dummy address", "RFC 7600"),
    v4([192, 0, 0, 9], 32, "port control", "RFC 7723"),
    v4([192, 0, 0, 10], 32, "relays around NAT", "RFC 8155"),
    v4([192, 0, 0, 170], 32, "NAT64 discovery", "RFC 8880"),
    v4([192, 0, 0, 171], 32, "NAT64 discovery", "RFC 8880"),
    v4([192, 0, 0, 0], 24, "IETF protocols", "RFC 6890"),
    v4([192, 0, 2, 0], 24, "documentation", "RFC 5737"),
    v4([192, 31, 196, 0], 24, "AS112", "RFC 7535"),
    v4([192, 52, 193, 0], 24, "multicast tunnels", "RFC 7450"),
    v4([192, 88, 99, 2], 32, "6a44 relays", "RFC 6751"),
    v4([192, 88, 99, 0], 24, "6to4 relays", "RFC 7526"),
    v4([192, 168, 0, 0], 16, "private use", "RFC 1918").private(),
    v4([192, 175, 48, 0], 24, "AS112", "RFC 7534"),
    v4([198, 18, 0, 0], 15, "benchmarks", "RFC 2544"),
    v4([198, 51, 100, 0], 24, "documentation", "RFC 5737"),
    v4([203, 0, 113, 0], 24, "documentation", "RFC 5737"),
    v4([224, 0, 0, 0], 4, "multicast", "RFC 5771"),
    v4([255, 255, 255, 255], 32, "broadcast", "RFC 919"),
    v4([240, 0, 0, 0], 4, "future use", "RFC 1112"),
];

/// The first match counts, so a block within another comes before it. `64:ff9b::/96` is left to
/// [`is_translated`].
static V6: [Block; 33] = [
    v6([0, 0, 0, 0, 0, 0, 0, 1], 128, "loopback", "RFC 4291").private(),
    v6([0, 0, 0, 0, 0, 0, 0, 0], 128, "this host", "RFC 4291"),
    v6([0, 0, 0, 0, 0, 0, 0, 0], 96, "IPv4-compatible addresses", "RFC 4291"),
    v6([0, 0, 0, 0, 0, 0xffff, 0, 0], 96, "IPv4-mapped addresses", "RFC 4291"),
    v6([0x64, 0xff9b, 1, 0, 0, 0, 0, 0], 48, "translation within a network", "RFC 8215"),
    v6([0x100, 0, 0, 0, 0, 0, 0, 0], 64, "discarded packets", "RFC 6666"),
    v6([0x100, 0, 0, 1, 0, 0, 0, 0], 64, "a dummy network", "RFC 9780"),
    v6([0x2001, 0, 0, 0, 0, 0, 0, 0], 32, "Teredo tunnels", "RFC 4380"),
    v6([0x2001, 1, 0, 0, 0, 0, 0, 1], 128, "port control", "RFC 7723"),
    v6([0x2001, 1, 0, 0, 0, 0, 0, 2], 128, "relays around NAT", "RFC 8155"),
    v6([0x2001, 1, 0, 0, 0, 0, 0, 3], 128, "service registration", "RFC 9665"),
    v6([0x2001, 2, 0, 0, 0, 0, 0, 0], 48, "benchmarks", "RFC 5180"),
    v6([0x2001, 3, 0, 0, 0, 0, 0, 0], 32, "multicast tunnels", "RFC 7450"),
    v6([0x2001, 4, 0x112, 0, 0, 0, 0, 0], 48, "AS112", "RFC 7535"),
    v6([0x2001, 0x10, 0, 0, 0, 0, 0, 0], 28, "ORCHID identifiers", "RFC 4843"),
    v6([0x2001, 0x20, 0, 0, 0, 0, 0, 0], 28, "ORCHIDv2 identifiers", "RFC 7343"),
    v6([0x2001, 0x30, 0, 0, 0, 0, 0, 0], 28, "drone identifiers", "RFC 9374"),
    v6([0x2001, 0, 0, 0, 0, 0, 0, 0], 23, "IETF protocols", "RFC 2928"),
    v6([0x2001, 0xdb8, 0, 0, 0, 0, 0, 0], 32, "documentation", "RFC 3849"),
    v6([0x2002, 0, 0, 0, 0, 0, 0, 0], 16, "6to4 tunnels", "RFC 3056"),
    v6([0x2620, 0x4f, 0x8000, 0, 0, 0, 0, 0], 48, "AS112", "RFC 7534"),
    v6([0x3fff, 0, 0, 0, 0, 0, 0, 0], 20, "documentation", "RFC 9637"),
    v6([0x5f00, 0, 0, 0, 0, 0, 0, 0], 16, "segment routing", "RFC 9602"),
    // Metadata, credentials, DNS and time for machines of clouds, within the block for private use.
    v6([0xfd00, 0xec2, 0, 0, 0, 0, 0, 0], 32, "cloud services", "AWS Nitro").cloud_service(),
    v6([0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254], 128, "cloud services", "Google Cloud").cloud_service(),
    v6([0xfd00, 0xc1, 0, 0, 0, 0, 0xa9fe, 0xa9fe], 128, "cloud services", "Oracle Cloud")
        .cloud_service(),
    v6([0xfd00, 0xa9fe, 0xa9fe, 0, 0, 0, 0, 1], 128, "cloud services", "Akamai Cloud")
        .cloud_service(),
    v6([0xfd00, 0x42, 0, 0, 0, 0, 0, 0x42], 128, "cloud services", "Scaleway").cloud_service(),
    v6([0xfc00, 0, 0, 0, 0, 0, 0, 0], 7, "private use", "RFC 4193").private(),
    v6([0xfe80, 0, 0, 0, 0, 0, 0, 0], 10, "link-local use", "RFC 4291"),
    v6([0xfec0, 0, 0, 0, 0, 0, 0, 0], 10, "site-local use", "RFC 3879"),
    v6([0xff00, 0, 0, 0, 0, 0, 0, 0], 8, "multicast", "RFC 4291"),
    // Translated addresses of SIIT before RFC 6052.
    v6([0, 0, 0, 0, 0xffff, 0, 0, 0], 96, "IPv4-translated addresses", "RFC 2765"),
];

/// All other addresses outside of `2000::/3`, which are not allocated.
static UNASSIGNED: SpecialUse = SpecialUse {
    purpose: "future use",
    source: "RFC 4291",
    is_private: false,
    is_cloud_service: false,
};

#[cfg(test)]
mod tests;
