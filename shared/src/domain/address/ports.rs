//! Ports of other protocols.

/// Whether requests may go to `port`.
pub(super) fn is_allowed(port: u16) -> bool {
    BLOCKED.binary_search(&port).is_err()
}

/// The ports that browsers block (<https://fetch.spec.whatwg.org/#port-blocking>), because servers
/// there read the lines of an HTTP request as commands: a webhook's body would be a mail or a print
/// job. The same holds for Redis (6379) and memcached (11211), which browsers do not block. Port 0 is
/// not a port.
static BLOCKED: [u16; 85] = [
    0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101,
    102, 103, 104, 109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427,
    465, 512, 513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990,
    993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6379, 6566, 6665, 6666,
    6667, 6668, 6669, 6679, 6697, 10080, 11211,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_of_other_protocols_are_refused_and_no_others() {
        assert!(BLOCKED.is_sorted(), "a binary search needs it sorted");
        for port in [0, 22, 25, 53, 110, 143, 465, 587, 993, 995, 5060, 6379, 6667, 11211] {
            assert!(!is_allowed(port), "{port}");
        }
        for port in [80, 443, 3000, 5000, 8000, 8080, 8443, 9000, 65_535] {
            assert!(is_allowed(port), "{port}");
        }
        let refused = (0..=u16::MAX).filter(|port| !is_allowed(*port)).count();
        assert_eq!(refused, BLOCKED.len(), "no port is listed twice");
    }
}
