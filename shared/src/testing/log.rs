//! Writes entries of the log of deliveries as deliver does.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use crate::aws::dynamodb::DeliveriesTable;
use crate::domain::account::Retention;
use crate::domain::delivery::{
    Attempt, DeliveryKey, DeliveryState, DeliveryUpdate, NoResponse, Trigger,
};
use crate::domain::ids::{ReportId, WebhookId};
use crate::domain::report::Report;
use crate::domain::stats::{ChangePosition, CountedChange, HourlyCounts};
use crate::ports::store::{DeliveryLog, LogWrite, PriorEntry, UnwantedReport};

/// The end of the calls of the reports here, 2021-04-09 16:27:55 UTC, in milliseconds.
pub const CALL_END: u64 = 1_617_985_675_000;

/// The id of the report number `n` of a time in milliseconds; the eight shards take turns.
#[expect(clippy::missing_panics_doc, clippy::expect_used, reason = "for tests")]
pub fn report_id(millis: u64, n: u16) -> ReportId {
    let time = format!("{millis:012x}");
    let (high, low) = time.split_at(8);
    format!("{high}-{low}-8000-8000-00000000{n:04x}").parse().expect("an id")
}

/// A delivery of a report to a webhook.
pub fn key(webhook_id: WebhookId, report_id: ReportId) -> DeliveryKey {
    DeliveryKey { webhook_id, report_id }
}

/// The first update of a delivery, without an attempt.
pub fn update(account: &str, key: DeliveryKey, state: DeliveryState) -> DeliveryUpdate {
    DeliveryUpdate {
        key,
        account_id: account_id(account),
        received_at: at(),
        report: report(),
        trigger: Trigger::Automatic,
        number: 1,
        attempt: None,
        state,
        at: at(),
        retention: Retention::default(),
    }
}

/// The first update of a delivery of the report `json`, under the id that ingest gives it.
///
/// # Panics
///
/// If `json` is no report.
#[expect(clippy::expect_used, reason = "for tests")]
pub fn update_of(
    account: &str,
    webhook_id: WebhookId,
    json: &str,
    received_at: Timestamp,
    state: DeliveryState,
) -> DeliveryUpdate {
    let report = Report::parse(json).expect("a report");
    let report_id = ReportId::derive(&account_id(account), &report, None, received_at);
    let update = update(account, key(webhook_id, report_id), state);
    DeliveryUpdate { report: Arc::new(report), received_at, ..update }
}

/// An attempt with this outcome that lasted 41 ms.
pub fn attempt(result: Result<u16, NoResponse>, body: &'static [u8]) -> Attempt {
    let latency = Duration::from_millis(41);
    Attempt { result, latency, body: body.into(), is_cut: false, retry_after: None, evidence: None }
}

/// Writes a update.
///
/// # Panics
///
/// If the write fails.
pub async fn write(table: &DeliveriesTable, update: DeliveryUpdate) {
    let failed = table.write_updates(vec![LogWrite { update, prior: PriorEntry::Unknown }]).await;
    assert!(failed.is_empty(), "{failed:?}");
}

/// Logs a report that no webhook wants.
///
/// # Panics
///
/// If the write fails.
pub async fn write_unwanted(table: &DeliveriesTable, account: &str, report_id: ReportId) {
    let unwanted = UnwantedReport {
        account_id: account_id(account),
        report_id,
        report: report(),
        received_at: at(),
        at: at(),
        retention: Retention::default(),
    };
    let failed = table.write_unwanted_reports(vec![unwanted]).await;
    assert!(failed.is_empty(), "{failed:?}");
}

/// A report with a number that exceeds a float's precision.
#[expect(clippy::missing_panics_doc, clippy::expect_used, reason = "for tests")]
pub fn report() -> Arc<Report> {
    let json = r#"{"to":91886713000012345678901,"source":"OBD","end_at":"2021-04-09 16:27:55"}"#;
    Arc::new(Report::parse(json).expect("a report"))
}

/// A second after [`CALL_END`].
#[expect(clippy::missing_panics_doc, clippy::expect_used, reason = "for tests")]
pub fn at() -> Timestamp {
    "2021-04-09T16:27:56Z".parse().expect("a time")
}

/// The counts that change number `sequence` of the first part of a webhook's log adds to its
/// figures.
pub fn noted(sequence: u64, counts: HourlyCounts) -> CountedChange {
    noted_in(0, sequence, counts)
}

/// The counts of change number `sequence` of part `part`.
#[expect(clippy::missing_panics_doc, clippy::expect_used, reason = "for tests")]
pub fn noted_in(part: u8, sequence: u64, counts: HourlyCounts) -> CountedChange {
    let sequence = sequence.to_string().parse().expect("a number");
    CountedChange { position: ChangePosition { part, sequence }, counts }
}

#[expect(clippy::expect_used, reason = "for tests")]
fn account_id(id: &str) -> crate::domain::account::AccountId {
    id.parse().expect("an account id")
}
