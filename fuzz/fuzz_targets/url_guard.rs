//! Checks arbitrary URLs. Their normal form is stable. No accepted URL has a refused address, whether the HTTP client
//! or the resolver of the C library parses its host.

#![no_main]

use std::net::{IpAddr, Ipv4Addr};

use callhook::domain::address::{AddressPolicy, SpecialUse, parse_ip};
use callhook::domain::address::WebhookUrl;
use http::Uri;
use libfuzzer_sys::fuzz_target;
use url::{Host, Url};

fuzz_target!(|data: &[u8]| {
    let Ok(text) = str::from_utf8(data) else { return };
    let Ok(url) = WebhookUrl::parse(text) else { return };
    let again = WebhookUrl::parse(url.as_url().as_str()).expect("the normal form is a URL");
    assert_eq!(again.as_url(), url.as_url());
    let url = url.as_url();
    let address = match url.host() {
        Some(Host::Ipv4(address)) => Some(IpAddr::V4(address)),
        Some(Host::Ipv6(address)) => Some(IpAddr::V6(address)),
        _ => None,
    };
    assert_eq!(parse_ip(url.host_str().expect("a host")), address);
    for policy in [AddressPolicy::PUBLIC, AddressPolicy::LOCAL] {
        if policy.check_url(url).is_ok() {
            assert_is_allowed(policy, url);
        }
    }
});

fn assert_is_allowed(policy: AddressPolicy, url: &Url) {
    // The URL as the HTTP client builds it; one that is not a `Uri` is not sent.
    let mut sent = url.clone();
    sent.set_username("").expect("it has a host");
    sent.set_password(None).expect("it has a host");
    let Ok(uri) = sent.as_str().parse::<Uri>() else { return };
    let host = uri.host().expect("a host");
    assert_eq!(Some(host), url.host_str(), "both parsers read the same host");
    let (scheme, port) = (uri.scheme_str().expect("a scheme"), url.port_or_known_default());
    assert_eq!(uri.port_u16().or(port), port);
    assert!(policy.check(scheme, host, port.expect("a port")).is_ok());
    let read = [parse_ip(host), parse_like_inet_aton(host).map(IpAddr::V4)];
    for address in read.into_iter().flatten() {
        let is_allowed = |special_use: &SpecialUse| policy.private_networks && special_use.is_private();
        assert!(SpecialUse::of(address).is_none_or(is_allowed), "{url} is {address}");
    }
}

/// The address that `inet_aton` reads from a host: one to four numbers, decimal, octal or hexadecimal. The last one
/// fills the remaining bytes.
fn parse_like_inet_aton(host: &str) -> Option<Ipv4Addr> {
    // `inet_aton` allows no sign after the prefix, which `from_str_radix` accepts.
    let number = |part: &str| match part.strip_prefix("0x").or_else(|| part.strip_prefix("0X")) {
        Some(hex) if hex.starts_with('+') => None,
        Some(hex) => u32::from_str_radix(hex, 16).ok(),
        None if part.len() > 1 && part.starts_with('0') => u32::from_str_radix(part, 8).ok(),
        None if part.bytes().all(|b| b.is_ascii_digit()) => part.parse().ok(),
        None => None,
    };
    let parts: Vec<u32> = host.split('.').map(number).collect::<Option<_>>()?;
    let (last, first) = parts.split_last()?;
    let bits = 32_u32.checked_sub(8 * u32::try_from(first.len()).ok()?).filter(|bits| *bits > 0)?;
    if first.iter().any(|part| *part > 0xff) || last.checked_shr(bits).unwrap_or(0) > 0 {
        return None;
    }
    let high = first.iter().fold(0, |high, part| high << 8 | part);
    Some(Ipv4Addr::from_bits(high.checked_shl(bits).unwrap_or(0) | last))
}
