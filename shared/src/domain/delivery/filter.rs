//! Filters of lists of deliveries.

use std::collections::HashMap;
use std::str::FromStr;

use jiff::tz::TimeZone;

use super::{DeliveryState, ReportTimes};
use crate::domain::ids::{InvalidId, WebhookId};
use crate::input::fields::{FieldErrors, both};
use crate::input::time_range::TimeRange;

/// A filter of a webhook's deliveries.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DeliveryFilter {
    /// By state.
    pub status: StatusFilter,
    /// By the times of their reports.
    pub times: ReportTimes,
}

/// A filter by state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum StatusFilter {
    /// All deliveries.
    #[default]
    Any,
    /// Delivered.
    Delivered,
    /// Any state but `delivered`.
    Failing,
    /// This state (of [`DeliveryState::NAMES`], without `delivered`).
    Only(&'static str),
}

/// The text is not a status.
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

/// A filter of an account's deliveries that are not delivered.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UndeliveredFilter {
    /// Only those to this webhook.
    pub webhook_id: Option<WebhookId>,
    /// Only those with this status, of [`UndeliveredFilter::statuses`]; all if absent.
    status: Option<&'static str>,
    /// By the times of their reports.
    pub times: ReportTimes,
}

/// Completes "`status` …".
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
enum InvalidStatus {
    #[error("must be one of {}, failing", UndeliveredFilter::statuses().collect::<Vec<_>>().join(", "))]
    Unknown,
    #[error(
        "cannot be `delivered`: this list has only undelivered ones; list the deliveries of a webhook instead"
    )]
    Delivered,
}

impl UndeliveredFilter {
    /// The names of all states but `delivered`.
    pub fn statuses() -> impl Iterator<Item = &'static str> {
        let delivered = DeliveryState::Delivered.name();
        DeliveryState::NAMES.iter().copied().filter(move |name| *name != delivered)
    }

    /// Reads `webhook_id`, `status`, `from` and `to` of a query string. `zone` is the account's.
    pub fn from_query(
        query: &HashMap<String, String>,
        zone: TimeZone,
    ) -> Result<Self, FieldErrors> {
        let webhook_id = query.get("webhook_id").map(|text| text.parse()).transpose();
        let webhook_id =
            webhook_id.map_err(|error: InvalidId| FieldErrors::of("webhook_id", error));
        let status = query.get("status").map(|text| match text.parse() {
            Ok(StatusFilter::Failing) => Ok(None),
            Ok(StatusFilter::Only(status)) => Ok(Some(status)),
            Ok(StatusFilter::Delivered) => Err(InvalidStatus::Delivered),
            Ok(StatusFilter::Any) | Err(UnknownStatus) => Err(InvalidStatus::Unknown),
        });
        let status = status.transpose().map_err(|error| FieldErrors::of("status", error));
        let range = TimeRange::from_query(query, &zone);
        let (webhook_id, (status, range)) = both(webhook_id, both(status, range))?;
        let times = ReportTimes::new(range, zone);
        Ok(Self { webhook_id, status: status.flatten(), times })
    }

    /// The requested status; `None` for all.
    pub fn status(&self) -> Option<&'static str> {
        self.status
    }

    /// Whether a delivery in `state` passes the filter.
    pub fn matches(&self, state: &DeliveryState) -> bool {
        self.status_filter().matches(state)
    }

    /// The same filter for the deliveries of one webhook.
    pub fn of_webhook(&self) -> DeliveryFilter {
        DeliveryFilter { status: self.status_filter(), times: self.times.clone() }
    }

    fn status_filter(&self) -> StatusFilter {
        self.status.map_or(StatusFilter::Failing, StatusFilter::Only)
    }
}

impl StatusFilter {
    /// Whether a delivery in `state` passes the filter.
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
    fn a_status_selects_deliveries_in_that_state() {
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

    fn undelivered(pairs: &[(&str, &str)]) -> Result<UndeliveredFilter, FieldErrors> {
        let query = pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        UndeliveredFilter::from_query(&query, TimeZone::UTC)
    }

    #[test]
    fn the_filter_of_an_account_accepts_every_status_but_delivered() {
        for (asked, status) in [
            ("failing", None),
            ("failed", Some("failed")),
            ("retrying", Some("retrying")),
            ("pending", Some("pending")),
            ("skipped", Some("skipped")),
        ] {
            assert_eq!(undelivered(&[("status", asked)]).unwrap().status(), status);
        }
        let all = undelivered(&[]).unwrap();
        assert_eq!((all.status(), all.webhook_id), (None, None));
        assert!(!all.matches(&DeliveryState::Delivered));
        assert!(all.matches(&DeliveryState::Failed { reason: String::new() }));
        assert_eq!(all.of_webhook().status, StatusFilter::Failing);
        let error = undelivered(&[("status", "delivered")]).unwrap_err().to_string();
        assert!(error.starts_with("`status` cannot be `delivered`"), "{error}");
    }

    #[test]
    fn every_wrong_parameter_of_an_account_is_named() {
        let wrong = [("status", "lost"), ("from", "x"), ("to", "y"), ("webhook_id", "crm")];
        let error = undelivered(&wrong).unwrap_err();
        assert_eq!(error.iter().count(), 4, "{error}");
        let known = "`status` must be one of pending, retrying, failed, skipped, failing";
        assert!(error.to_string().contains(known), "{error}");
    }
}
