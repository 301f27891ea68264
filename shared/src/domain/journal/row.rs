//! Rows of the journal.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::position::RowPosition;
use crate::domain::ids::{ReportId, WebhookId};
use crate::domain::report::Report;

/// A report in the journal. The stored names are short because there is a row for each report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JournalRow {
    /// The report.
    #[serde(rename = "i")]
    pub report_id: ReportId,
    /// When ingest accepted it.
    #[serde(rename = "r", with = "jiff::fmt::serde::timestamp::millisecond::required")]
    pub received_at: Timestamp,
    /// Fields of the call.
    #[serde(rename = "d", default)]
    pub call: CallFacts,
    /// The event of the report.
    #[serde(rename = "e")]
    pub event: String,
    /// The webhooks it went to, at most [`JournalRow::MAX_WEBHOOKS`]; empty if no webhook wanted it.
    #[serde(rename = "w", default, skip_serializing_if = "Vec::is_empty")]
    pub webhook_ids: Vec<WebhookId>,
}

/// The fields of a report that lists show and searches use, each of at most [`CallFacts::MAX_BYTES`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CallFacts {
    /// `start_at`, as the report has it.
    #[serde(rename = "s", skip_serializing_if = "Option::is_none")]
    pub start_at: Option<String>,
    /// `end_at`, as the report has it.
    #[serde(rename = "n", skip_serializing_if = "Option::is_none")]
    pub end_at: Option<String>,
    /// `from`.
    #[serde(rename = "f", skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// `to`.
    #[serde(rename = "t", skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// `bridge`.
    #[serde(rename = "b", skip_serializing_if = "Option::is_none")]
    pub bridge: Option<String>,
    /// `mid`: the message id of the campaign.
    #[serde(rename = "m", skip_serializing_if = "Option::is_none")]
    pub mid: Option<String>,
    /// `id`: the call's.
    #[serde(rename = "c", skip_serializing_if = "Option::is_none")]
    pub call_id: Option<String>,
    /// `flow_id`.
    #[serde(rename = "l", skip_serializing_if = "Option::is_none")]
    pub flow_id: Option<String>,
    /// `source`: OBD or C2C.
    #[serde(rename = "o", skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// `status`: the call's.
    #[serde(rename = "a", skip_serializing_if = "Option::is_none")]
    pub call_status: Option<String>,
}

impl CallFacts {
    /// The most bytes of a field that are kept: enough for the longest call id.
    pub const MAX_BYTES: usize = Report::MAX_ID_BYTES;

    /// The fields of `report`.
    pub fn of(report: &Report) -> Self {
        let text = |field| {
            let mut text = report.text(field)?.into_owned();
            text.truncate(text.floor_char_boundary(Self::MAX_BYTES));
            Some(text)
        };
        Self {
            start_at: text("start_at"),
            end_at: text("end_at"),
            from: text("from"),
            to: text("to"),
            bridge: text("bridge"),
            mid: text("mid"),
            call_id: text("id"),
            flow_id: text("flow_id"),
            source: text("source"),
            call_status: text("status"),
        }
    }
}

impl JournalRow {
    /// The most webhooks of a row, so that it fits into a page.
    pub const MAX_WEBHOOKS: usize = 2_000;

    /// The row of a report that went to `webhook_ids`.
    pub fn new(
        report_id: ReportId,
        received_at: Timestamp,
        report: &Report,
        mut webhook_ids: Vec<WebhookId>,
    ) -> Self {
        webhook_ids.truncate(Self::MAX_WEBHOOKS);
        let event = report.event().as_str().to_owned();
        Self { report_id, received_at, call: CallFacts::of(report), event, webhook_ids }
    }

    /// The row as a key sees it that is limited to webhook `only`.
    #[must_use]
    pub fn within(mut self, only: Option<WebhookId>) -> Self {
        self.webhook_ids.retain(|webhook| only.is_none_or(|only| only == *webhook));
        self
    }

    /// Its position in the order of receipt.
    pub fn position(&self) -> RowPosition {
        RowPosition { received_at: self.received_at.as_millisecond(), report_id: self.report_id }
    }

    /// Adds the webhooks of the same report's row in another page.
    pub fn merge(&mut self, other: Self) {
        for webhook in other.webhook_ids {
            if !self.webhook_ids.contains(&webhook) {
                self.webhook_ids.push(webhook);
            }
        }
    }
}
