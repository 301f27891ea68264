use proptest::prelude::*;

use super::*;

/// Both registries again, in IANA's order and spelling, then all other refused prefixes.
const REFUSED: &str = "
    0.0.0.0/8 0.0.0.0/32 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12
    192.0.0.0/24 192.0.0.0/29 192.0.0.8/32 192.0.0.9/32 192.0.0.10/32 192.0.0.170/32
    192.0.0.171/32 192.0.2.0/24 192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.88.99.2/32
    192.168.0.0/16 192.175.48.0/24 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 240.0.0.0/4
    255.255.255.255/32

    ::1/128 ::/128 ::ffff:0:0/96 64:ff9b:1::/48 100::/64 100:0:0:1::/64 2001::/23 2001::/32
    2001:1::1/128 2001:1::2/128 2001:1::3/128 2001:2::/48 2001:3::/32 2001:4:112::/48 2001:10::/28
    2001:20::/28 2001:30::/28 2001:db8::/32 2002::/16 2620:4f:8000::/48 3fff::/20 5f00::/16
    fc00::/7 fe80::/10

    168.63.129.16/32 100.100.100.200/32 fd20:ce::254/128 fd00:c1::a9fe:a9fe/128
    fd00:a9fe:a9fe::1/128 fd00:42::42/128
    224.0.0.0/4 ::/96 ::ffff:0:0:0/96 fd00:ec2::/32 fec0::/10 ff00::/8
    1000::/4 4000::/3 6000::/3 8000::/3 a000::/3 c000::/3 e000::/4 f000::/5 f800::/6 fe00::/9
";

fn is_refused(address: IpAddr) -> bool {
    SpecialUse::of(address).is_some()
}

/// Network and length of a prefix such as `10.0.0.0/8`.
fn parsed(prefix: &str) -> (IpAddr, u32) {
    let (network, bits) = prefix.split_once('/').unwrap();
    (network.parse().unwrap(), bits.parse().unwrap())
}

/// The address within a prefix that ends in the bits of `host`.
fn within((network, bits): (IpAddr, u32), host: u128) -> IpAddr {
    match network {
        IpAddr::V4(network) => {
            #[expect(clippy::cast_possible_truncation, reason = "the last bits are wanted")]
            let host = host as u32 & u32::MAX.checked_shr(bits).unwrap_or(0);
            Ipv4Addr::from_bits(network.to_bits() | host).into()
        }
        IpAddr::V6(network) => {
            let host = host & u128::MAX.checked_shr(bits).unwrap_or(0);
            Ipv6Addr::from_bits(network.to_bits() | host).into()
        }
    }
}

fn contains(prefix: (IpAddr, u32), address: IpAddr) -> bool {
    let begins_alike = |a: u128, b: u128, width: u32| (a ^ b) >> (width - prefix.1) == 0;
    match (prefix.0, address) {
        (IpAddr::V4(a), IpAddr::V4(b)) => begins_alike(a.to_bits().into(), b.to_bits().into(), 32),
        (IpAddr::V6(a), IpAddr::V6(b)) => begins_alike(a.to_bits(), b.to_bits(), 128),
        _ => false,
    }
}

fn refused_v4() -> impl Strategy<Value = Ipv4Addr> {
    let prefixes: Vec<_> = REFUSED.split_whitespace().map(parsed).collect();
    let prefixes: Vec<_> = prefixes.into_iter().filter(|(network, _)| network.is_ipv4()).collect();
    (proptest::sample::select(prefixes), any::<u128>()).prop_map(|(prefix, host)| {
        match within(prefix, host) {
            IpAddr::V4(address) => address,
            IpAddr::V6(address) => panic!("{address} is of IPv4"),
        }
    })
}

#[test]
fn every_row_of_the_registries_is_refused_from_its_first_address_to_its_last() {
    assert_eq!(REFUSED.split_whitespace().count(), 72);
    for prefix in REFUSED.split_whitespace() {
        for host in [0, 1, u128::MAX / 3, u128::MAX - 1, u128::MAX] {
            let address = within(parsed(prefix), host);
            assert!(is_refused(address), "{address} of {prefix}");
        }
    }
}

#[test]
fn the_neighbours_of_every_row_are_allowed() {
    for address in [
        "1.0.0.0",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.0",
        "168.63.129.15",
        "168.63.129.17",
        "169.253.255.255",
        "169.255.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "191.255.255.255",
        "192.0.1.0",
        "192.0.1.255",
        "192.0.3.0",
        "192.31.195.255",
        "192.31.197.0",
        "192.52.192.255",
        "192.52.194.0",
        "192.88.98.255",
        "192.88.100.0",
        "192.167.255.255",
        "192.169.0.0",
        "192.175.47.255",
        "192.175.49.0",
        "198.17.255.255",
        "198.20.0.0",
        "198.51.99.255",
        "198.51.101.0",
        "203.0.112.255",
        "203.0.114.0",
        "223.255.255.255",
        "2000::",
        "2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        "2001:200::",
        "2001:db7:ffff::",
        "2001:db9::",
        "2001:ffff:ffff::",
        "2003::",
        "2620:4f:7fff:ffff::",
        "2620:4f:8001::",
        "3ffe:ffff::",
        "3fff:1000::",
        "3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    ] {
        let address = address.parse().unwrap();
        assert_eq!(SpecialUse::of(address), None, "{address}");
    }
}

#[test]
fn the_narrowest_row_is_found_first() {
    for table in [&V4[..], &V6[..]] {
        for (i, block) in table.iter().enumerate() {
            let found = of_bits_in(table, block.network);
            let first = |other: &Block| other.network == block.network;
            let narrowest = table.iter().filter(|other| first(other)).map(|other| other.free_bits);
            assert_eq!(found.free_bits, narrowest.min().unwrap(), "row {i}: {}", block.special_use);
            assert_eq!(block.network >> block.free_bits << block.free_bits, block.network);
        }
    }
}

fn of_bits_in(table: &[Block], address: u128) -> &Block {
    table.iter().find(|block| block.contains(address)).unwrap()
}

/// Addresses of cloud metadata and credentials: AWS (machines, containers, EKS), Azure,
/// Google, Alibaba, Tencent, Oracle, Akamai, Scaleway, `OpenStack`.
const CLOUDS: &str = "
    169.254.169.254 169.254.170.2 169.254.170.23 169.254.169.253 169.254.0.23 168.63.129.16
    100.100.100.200 fd00:ec2::254 fd00:ec2::23 fd00:ec2::253 fd20:ce::254 fd00:c1::a9fe:a9fe
    fd00:a9fe:a9fe::1 fd00:42::42 fe80::a9fe:a9fe
";

#[test]
fn cloud_services_are_not_private_in_any_encoding() {
    for address in CLOUDS.split_whitespace() {
        let address: IpAddr = address.parse().unwrap();
        assert!(SpecialUse::of(address).is_some_and(|use_| !use_.is_private()), "{address}");
        let IpAddr::V4(v4) = address else { continue };
        let [a, b, c, d] = v4.octets().map(u16::from);
        let (high, low) = (a << 8 | b, c << 8 | d);
        for encoded in [
            Ipv6Addr::new(0, 0, 0, 0, 0, 0xffff, high, low),
            Ipv6Addr::new(0, 0, 0, 0, 0, 0, high, low),
            Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, high, low),
            Ipv6Addr::new(0x64, 0xff9b, 1, 0, 0, 0, high, low),
            Ipv6Addr::new(0x2002, high, low, 0, 0, 0, 0, 1),
            Ipv6Addr::new(0x2606, 0x4700, 0, 0, 0, 0x5efe, high, low),
            Ipv6Addr::new(0xfd12, 0, 0, 0, 0, 0x5efe, high, low),
            Ipv6Addr::new(0xfd12, 0, 0, 0, 0x200, 0x5efe, high, low),
            Ipv6Addr::new(0xfd12, 0x64, 0, 0, 0, 0, high, low),
        ] {
            let found = SpecialUse::of(encoded.into());
            assert!(found.is_some_and(|use_| !use_.is_private()), "{encoded} for {v4}");
        }
    }
}

#[test]
fn the_neighbours_of_cloud_services_are_private() {
    for private in [
        "100.100.100.199",
        "100.100.100.201",
        "fd00:ec1:ffff::1",
        "fd00:ec3::1",
        "fd20:ce::253",
        "fd20:ce::255",
        "fd00:42::43",
        "fd12::1",
        "fd12::a00:1",
        "fd12::5efe:a00:1",
        "::1",
    ] {
        let address = private.parse().unwrap();
        assert!(SpecialUse::of(address).is_some_and(SpecialUse::is_private), "{private}");
    }
}

proptest! {
    #[test]
    fn every_address_of_a_row_is_refused(
        prefix in proptest::sample::select(REFUSED.split_whitespace().collect::<Vec<_>>()),
        host: u128,
    ) {
        let address = within(parsed(prefix), host);
        prop_assert!(is_refused(address), "{} of {}", address, prefix);
    }

    #[test]
    fn every_other_ipv4_address_is_allowed(bits: u32) {
        let address = Ipv4Addr::from_bits(bits).into();
        let listed = REFUSED.split_whitespace().any(|prefix| contains(parsed(prefix), address));
        prop_assert_eq!(is_refused(address), listed, "{}", address);
    }

    #[test]
    fn every_other_global_ipv6_address_is_allowed(bits: u128) {
        let address = Ipv6Addr::from_bits(bits >> 3 | 1_u128 << 125);
        prop_assume!(!is_translated(address));
        let listed = REFUSED.split_whitespace().any(|prefix| contains(parsed(prefix), address.into()));
        prop_assert_eq!(is_refused(address.into()), listed, "{}", address);
    }

    #[test]
    fn every_ipv6_address_that_is_not_global_unicast_is_refused(bits: u128) {
        let address = Ipv6Addr::from_bits(bits);
        let is_nat64 = address.segments()[..6] == [0x64, 0xff9b, 0, 0, 0, 0];
        prop_assume!(address.segments()[0] >> 13 != 1 && !is_nat64);
        prop_assert!(is_refused(address.into()), "{}", address);
    }

    #[test]
    fn a_refused_ipv4_address_is_refused_in_every_ipv6_encoding(
        address in refused_v4(),
        network: u64,
        rest: u128,
    ) {
        let v4 = u128::from(address.to_bits());
        let within_2000 = u128::from(network >> 3 | 1 << 61) << 64;
        for (name, encoded) in [
            ("compatible", v4),
            ("mapped", 0xffff_u128 << 32 | v4),
            ("translated", 0xffff_u128 << 48 | v4),
            ("NAT64", 0x64_ff9b_u128 << 96 | v4),
            ("NAT64 within a network", 0x64_ff9b_0001_u128 << 80 | v4),
            ("6to4", 0x2002_u128 << 112 | v4 << 80 | rest >> 48),
            ("Teredo, server", 0x2001_u128 << 112 | v4 << 64 | rest >> 64),
            ("Teredo, client", 0x2001_u128 << 112 | rest >> 64 << 32 & (u128::MAX >> 32) | !v4 & 0xffff_ffff),
            ("ISATAP", within_2000 | 0x5efe_u128 << 32 | v4),
            ("ISATAP, global", within_2000 | 0x0200_5efe_u128 << 32 | v4),
        ] {
            let encoded = Ipv6Addr::from_bits(encoded);
            prop_assert!(is_refused(encoded.into()), "{}: {} for {}", name, encoded, address);
        }
    }

    #[test]
    fn a_nat64_address_has_the_special_use_of_its_ipv4_address(bits: u32) {
        let translated = Ipv6Addr::from_bits(0x64_ff9b_u128 << 96 | u128::from(bits));
        let address = Ipv4Addr::from_bits(bits);
        prop_assert_eq!(SpecialUse::of(translated.into()), SpecialUse::of(address.into()));
    }
}
