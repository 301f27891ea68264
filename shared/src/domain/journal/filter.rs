//! Filters of journal rows.

use std::collections::HashMap;

use jiff::tz::TimeZone;

use super::{JournalRow, NumberPattern};
use crate::domain::delivery::DeliveryState;
use crate::domain::ids::WebhookId;
use crate::input::fields::FieldErrors;
use crate::input::time_range::TimeRange;

/// A filter of rows; `None` matches all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JournalFilter {
    /// When ingest accepted the report.
    pub received: TimeRange,
    /// A number in `from`, `to` or `bridge`.
    pub number: Option<NumberPattern>,
    /// The message id of the campaign.
    pub mid: Option<String>,
    /// The call's id.
    pub call_id: Option<String>,
    /// The flow.
    pub flow_id: Option<String>,
    /// OBD or C2C, in any letter case.
    pub source: Option<String>,
    /// The call's status, in any letter case.
    pub call_status: Option<String>,
    /// A webhook that the report went to.
    pub webhook_id: Option<WebhookId>,
    /// The status of the report as a whole.
    pub status: Option<StatusWanted>,
    /// The only webhook whose rows the caller may see.
    pub only: Option<WebhookId>,
}

/// A requested status of a report as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatusWanted {
    /// The state of its worst delivery ([`LoggedReport::status`](crate::domain::delivery::LoggedReport::status)).
    Worst(&'static str),
    /// No webhook wanted it.
    NoWebhook,
}

impl StatusWanted {
    /// The status's name for reports that no webhook wanted.
    pub const NO_WEBHOOK: &'static str = "no_webhook";

    fn read(text: &str) -> Option<Self> {
        if text == Self::NO_WEBHOOK {
            return Some(Self::NoWebhook);
        }
        DeliveryState::NAMES.iter().find(|name| **name == text).map(|name| Self::Worst(name))
    }

    /// Whether a report with this status, with or without webhooks, matches.
    pub fn matches(self, status: &str, has_webhook: bool) -> bool {
        match self {
            Self::Worst(wanted) => status == wanted,
            Self::NoWebhook => !has_webhook,
        }
    }
}

impl JournalFilter {
    /// Reads the parameters of a query string; times without an offset are local to `zone`.
    pub fn from_query(
        query: &HashMap<String, String>,
        zone: &TimeZone,
    ) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::default();
        let received = TimeRange::from_query(query, zone).unwrap_or_else(|wrong| {
            errors.extend(&wrong);
            TimeRange::default()
        });
        let number = query
            .get("number")
            .and_then(|text| text.parse().map_err(|error| errors.add("number", error)).ok());
        let webhook_id = query
            .get("webhook_id")
            .and_then(|text| text.parse().map_err(|error| errors.add("webhook_id", error)).ok());
        let status = query.get("status").and_then(|text| {
            let status = StatusWanted::read(text);
            if status.is_none() {
                let names = DeliveryState::NAMES.join("`, `");
                let none = StatusWanted::NO_WEBHOOK;
                errors.add("status", format_args!("must be one of `{names}`, `{none}`"));
            }
            status
        });
        let mut text = |name: &str| {
            let text = query.get(name).cloned()?;
            if text.is_empty() {
                errors.add(name, "is empty; leave it out to find all");
            }
            Some(text)
        };
        let filter = Self {
            received,
            number,
            mid: text("mid"),
            call_id: text("call_id"),
            flow_id: text("flow_id"),
            source: text("source"),
            call_status: text("call_status"),
            webhook_id,
            status,
            only: None,
        };
        errors.into_result(filter)
    }

    /// The same filter, limited to the rows of webhook `only` if a key is limited to it.
    #[must_use]
    pub fn within(self, only: Option<WebhookId>) -> Self {
        Self { only, ..self }
    }

    /// Whether a row matches, as far as the journal knows; states of deliveries are in the log.
    pub fn matches(&self, row: &JournalRow) -> bool {
        let call = &row.call;
        let same =
            |wanted: &Option<String>, field: &Option<String>| wanted.is_none() || wanted == field;
        let alike = |wanted: &Option<String>, field: &Option<String>| match (wanted, field) {
            (None, _) => true,
            (Some(wanted), Some(field)) => wanted.eq_ignore_ascii_case(field),
            (Some(_), None) => false,
        };
        self.received.contains(row.received_at.as_millisecond())
            && self.number.as_ref().is_none_or(|number| {
                let numbers = [&call.to, &call.from, &call.bridge].into_iter().flatten();
                numbers.into_iter().any(|field| number.matches(field))
            })
            && same(&self.mid, &call.mid)
            && same(&self.call_id, &call.call_id)
            && same(&self.flow_id, &call.flow_id)
            && alike(&self.source, &call.source)
            && alike(&self.call_status, &call.call_status)
            && [self.webhook_id, self.only]
                .into_iter()
                .flatten()
                .all(|wanted| row.webhook_ids.contains(&wanted))
            && match self.status {
                Some(StatusWanted::NoWebhook) => row.webhook_ids.is_empty(),
                _ => true,
            }
    }
}

#[cfg(test)]
mod tests;
