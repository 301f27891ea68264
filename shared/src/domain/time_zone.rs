//! Time zones by their IANA names.

use jiff::tz::TimeZone;

/// The name of an unknown time zone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be an IANA time zone such as Asia/Kolkata or UTC")]
pub struct UnknownTimeZone;

/// The time zone of an IANA name. The database is compiled in.
pub fn time_zone(name: &str) -> Result<TimeZone, UnknownTimeZone> {
    TimeZone::get(name).map_err(|_| UnknownTimeZone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_are_found_by_iana_name_only() {
        assert!(time_zone("UTC").is_ok());
        assert!(time_zone("America/Sao_Paulo").is_ok());
        for bad in ["", "Mars/Olympus", "+05:30", "../etc/passwd"] {
            assert_eq!(time_zone(bad), Err(UnknownTimeZone), "{bad}");
        }
    }
}
