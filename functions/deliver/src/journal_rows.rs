//! Rows for the journal of accounts: one for each report whose first attempts are made.

use std::collections::HashMap;
use std::sync::Arc;

use callhook::domain::account::Retention;
use callhook::domain::delivery::{DeliveryKey, LogEntry};
use callhook::domain::ids::WebhookId;
use callhook::domain::message::JournalMessage;
use jiff::Timestamp;

use crate::pending::{InFlightReport, RecordIndex};

/// A report that gets a row.
pub(crate) struct ReportRow {
    pub(crate) record: RecordIndex,
    pub(crate) report: Arc<InFlightReport>,
    /// The receipt by which the journal knows the report.
    pub(crate) received_at: Timestamp,
    /// The webhooks that it goes to; none if no webhook wants it.
    pub(crate) webhook_ids: Vec<WebhookId>,
    /// Whether the report may have a tombstone that could not be looked up: the row waits until it is.
    pub(crate) may_be_erased: bool,
}

impl ReportRow {
    pub(crate) fn new(
        record: RecordIndex,
        report: Arc<InFlightReport>,
        webhook_ids: Vec<WebhookId>,
    ) -> Self {
        let received_at = report.received_at;
        Self { record, report, received_at, webhook_ids, may_be_erased: false }
    }

    /// The row that the journal lacks, by the entries of the log. A caller may have submitted the report
    /// before: the row of its first receipt exists, and lacks webhooks that subscribed since.
    pub(crate) fn missing_beside(self, logged: &HashMap<DeliveryKey, LogEntry>) -> Option<Self> {
        let report_id = self.report.accepted.id;
        let entry =
            |webhook: &WebhookId| logged.get(&DeliveryKey { webhook_id: *webhook, report_id });
        let entries = self.webhook_ids.iter().filter_map(entry);
        let first = entries.map(|entry| entry.received_at).min();
        let Some(first) = first.filter(|first| *first != self.received_at) else {
            return Some(self);
        };
        let is_complete = self.webhook_ids.iter().all(|webhook| entry(webhook).is_some());
        (!is_complete).then_some(Self { received_at: first, ..self })
    }
}

/// Rows that an earlier batch failed to write, and queued.
pub(crate) struct QueuedRows {
    pub(crate) record: RecordIndex,
    pub(crate) message: JournalMessage,
    pub(crate) retention: Retention,
    /// Whether the account has erased reports, so that these may be among them.
    pub(crate) has_erased_reports: bool,
    /// As of [`ReportRow`].
    pub(crate) may_be_erased: bool,
}
