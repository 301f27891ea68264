//! Writes to the log of deliveries.

use std::collections::{HashMap, HashSet};
use std::future::Future;
use std::sync::Arc;

use jiff::Timestamp;

use super::StoreError;
use crate::domain::account::{AccountId, Retention};
use crate::domain::delivery::{DeliveryKey, DeliveryUpdate, LogEntry};
use crate::domain::ids::ReportId;
use crate::domain::report::Report;
use crate::domain::report::ReportKey;

/// The log of deliveries. For deliver.
pub trait DeliveryLog: Send + Sync + 'static {
    /// Looks up the entries of `keys`, and which of `reports` were erased. One read for both saves a call per
    /// batch.
    fn look_up(
        &self,
        keys: &[DeliveryKey],
        reports: &HashSet<ReportKey>,
    ) -> impl Future<Output = Result<LogLookup, StoreError>> + Send;

    /// The time of receipt of those of `reports` that are logged as unwanted.
    fn unwanted_received_at(
        &self,
        reports: &HashSet<ReportKey>,
    ) -> impl Future<Output = Result<HashMap<ReportKey, Timestamp>, StoreError>> + Send;

    /// Writes updates of deliveries; returns those that failed.
    fn write_updates(
        &self,
        writes: Vec<LogWrite>,
    ) -> impl Future<Output = Vec<(DeliveryKey, StoreError)>> + Send;

    /// Writes entries of reports that no webhook wants; returns those that failed.
    fn write_unwanted_reports(
        &self,
        reports: Vec<UnwantedReport>,
    ) -> impl Future<Output = Vec<(ReportId, StoreError)>> + Send;
}

/// The result of a look-up in the log.
#[derive(Debug, Default)]
pub struct LogLookup {
    /// Entries of deliveries. A delivery without one is new, or its entry cannot be parsed by this build, which is
    /// logged and must not affect the others. There may be thousands of entries, so some may be abridged
    /// ([`LogEntry::is_abridged`]).
    pub logged: HashMap<DeliveryKey, LogEntry>,
    /// Reports that have a tombstone. One that was stored within the last second may be missing.
    pub erased: HashSet<ReportKey>,
}

/// An update to be written to the log.
#[derive(Debug, Clone, PartialEq)]
pub struct LogWrite {
    /// The update.
    pub update: DeliveryUpdate,
    /// The log's entry when it was last read.
    pub prior: PriorEntry,
}

/// A delivery's log entry when it was last read. It may have changed since.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum PriorEntry {
    /// The log had no entry.
    #[default]
    Absent,
    /// The log had this entry.
    Known(Box<LogEntry>),
    /// The log could not be read.
    Unknown,
}

/// A report that names no webhook and to which no webhook subscribes: it ends as skipped.
#[derive(Debug, Clone, PartialEq)]
pub struct UnwantedReport {
    /// The account it belongs to.
    pub account_id: AccountId,
    /// Its id.
    pub report_id: ReportId,
    /// The report.
    pub report: Arc<Report>,
    /// When ingest accepted it.
    pub received_at: Timestamp,
    /// When deliver found that no webhook wants it.
    pub at: Timestamp,
    /// How long the log keeps the entry.
    pub retention: Retention,
}
