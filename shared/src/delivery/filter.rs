//! Which deliveries of a webhook are asked for.

use std::collections::HashMap;
use std::str::FromStr;

use jiff::tz::TimeZone;

use super::{DeliveryState, ReportTimes};
use crate::fields::{FieldErrors, both};
use crate::time_range::TimeRange;

/// Which deliveries of a webhook are asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DeliveryFilter {
    /// By where they stand.
    pub status: StatusFilter,
    /// By the times of their reports.
    pub times: ReportTimes,
}

/// Where the deliveries stand that are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum StatusFilter {
    /// Wherever.
    #[default]
    Any,
    /// Taken.
    Delivered,
    /// Not taken: whatever its status, if another one than `delivered`.
    Failing,
    /// Not taken, with this status (of [`DeliveryState::NAMES`], without `delivered`).
    Only(&'static str),
}

/// A text that should be a status and is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be one of {}, failing", DeliveryState::NAMES.join(", "))]
pub struct UnknownStatus;

impl DeliveryFilter {
    /// Reads `status`, `from` and `to` of a query string. `zone` is the account's.
    pub fn from_query(
        query: &HashMap<String, String>,
        zone: TimeZone,
    ) -> Result<Self, FieldErrors> {
        let status = query.get("status").map(|text| text.parse()).transpose();
        let status = status.map_err(|error: UnknownStatus| FieldErrors::of("status", error));
        let (status, range) = both(status, TimeRange::from_query(query, &zone))?;
        Ok(Self { status: status.unwrap_or_default(), times: ReportTimes::new(range, zone) })
    }
}

impl StatusFilter {
    /// Whether a delivery in `state` is asked for.
    pub fn matches(&self, state: &DeliveryState) -> bool {
        match self {
            Self::Any => true,
            Self::Delivered => *state == DeliveryState::Delivered,
            Self::Failing => *state != DeliveryState::Delivered,
            Self::Only(name) => state.name() == *name,
        }
    }
}

impl FromStr for StatusFilter {
    type Err = UnknownStatus;

    fn from_str(text: &str) -> Result<Self, UnknownStatus> {
        match text {
            "delivered" => Ok(Self::Delivered),
            "failing" => Ok(Self::Failing),
            _ => {
                let name = DeliveryState::NAMES.iter().copied().find(|name| *name == text);
                name.map(Self::Only).ok_or(UnknownStatus)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;

    fn read(pairs: &[(&str, &str)]) -> Result<DeliveryFilter, FieldErrors> {
        let query = pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        DeliveryFilter::from_query(&query, TimeZone::UTC)
    }

    #[test]
    fn a_status_asks_for_its_deliveries() {
        let next_attempt_at = Timestamp::UNIX_EPOCH;
        let states = [
            DeliveryState::Pending { next_attempt_at },
            DeliveryState::Retrying { next_attempt_at },
            DeliveryState::Delivered,
            DeliveryState::Failed { reason: String::new() },
            DeliveryState::Skipped { reason: super::super::SkipReason::Expired },
        ];
        for asked in DeliveryState::NAMES.iter().copied() {
            let filter = read(&[("status", asked)]).unwrap().status;
            let found: Vec<_> = states.iter().filter(|state| filter.matches(state)).collect();
            assert_eq!(found.iter().map(|state| state.name()).collect::<Vec<_>>(), [asked]);
        }
        let failing = read(&[("status", "failing")]).unwrap().status;
        assert_eq!(states.iter().filter(|state| failing.matches(state)).count(), 4);
        assert!(states.iter().all(|state| read(&[]).unwrap().status.matches(state)));
    }

    #[test]
    fn every_wrong_parameter_is_named() {
        let error = read(&[("status", "lost"), ("from", "x"), ("to", "y")]).unwrap_err();
        assert_eq!(error.iter().count(), 3, "{error}");
        let known =
            "`status` must be one of pending, retrying, delivered, failed, skipped, failing";
        assert!(error.to_string().starts_with(known), "{error}");
    }
}
