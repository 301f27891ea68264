//! Writing the log of deliveries.

use std::collections::{HashMap, HashSet};
use std::future::Future;
use std::sync::Arc;

use jiff::Timestamp;

use super::StoreError;
use crate::account::{AccountId, Retention};
use crate::delivery::{DeliveryKey, DeliveryUpdate, LogEntry};
use crate::erasure::ReportKey;
use crate::ids::ReportId;
use crate::report::Report;

/// The log of deliveries. For deliver.
pub trait DeliveryLog: Send + Sync + 'static {
    /// What is known of `keys`, and which of `reports` were erased, by one look: a call less for
    /// each event.
    fn look_up(
        &self,
        keys: &[DeliveryKey],
        reports: &HashSet<ReportKey>,
    ) -> impl Future<Output = Result<LogLookup, StoreError>> + Send;

    /// When those of `reports` were received that are noted as unwanted.
    fn unwanted_received_at(
        &self,
        reports: &HashSet<ReportKey>,
    ) -> impl Future<Output = Result<HashMap<ReportKey, Timestamp>, StoreError>> + Send;

    /// Adds to the log; the answer holds what was not written.
    fn write_updates(
        &self,
        writes: Vec<LogWrite>,
    ) -> impl Future<Output = Vec<(DeliveryKey, StoreError)>> + Send;

    /// Notes reports that no webhook wants; the answer holds those that were not written.
    fn write_unwanted_reports(
        &self,
        reports: Vec<UnwantedReport>,
    ) -> impl Future<Output = Vec<(ReportId, StoreError)>> + Send;
}

/// What a look at the log has shown.
#[derive(Debug, Default)]
pub struct LogLookup {
    /// Deliveries that are in the log. Those that are not are new, or hold what this build cannot
    /// read, which is noted and must not harm the others. There may be thousands, so a part of
    /// them may be abridged ([`LogEntry::is_abridged`]).
    pub logged: HashMap<DeliveryKey, LogEntry>,
    /// Reports that have a tombstone. One that was put up within the last second may be missing.
    pub erased: HashSet<ReportKey>,
}

/// Something to be added to the log.
#[derive(Debug, Clone, PartialEq)]
pub struct LogWrite {
    /// What happened.
    pub update: DeliveryUpdate,
    /// What the log held when it was last read.
    pub prior: PriorEntry,
}

/// What the log held of a delivery when it was last read. It may have changed since.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum PriorEntry {
    /// Nothing.
    #[default]
    Absent,
    /// This.
    Known(Box<LogEntry>),
    /// It could not be read.
    Unknown,
}

/// A report that named no webhook and that nobody subscribes to: it ends as skipped.
#[derive(Debug, Clone, PartialEq)]
pub struct UnwantedReport {
    /// Whose it is.
    pub account_id: AccountId,
    /// Its id.
    pub report_id: ReportId,
    /// The report.
    pub report: Arc<Report>,
    /// When ingest took it.
    pub received_at: Timestamp,
    /// When this was so.
    pub at: Timestamp,
    /// How long the log keeps it.
    pub retention: Retention,
}
