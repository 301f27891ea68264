//! Quotas of reports and deliveries a second.
//!
//! A permit is a point in time; all instances take the permits of an account from one item, which holds the
//! next free one.

use std::future::Future;
use std::time::Duration;

use jiff::Timestamp;

use super::StoreError;
use crate::domain::account::AccountId;
use crate::domain::quota::{DeliveriesPerSecond, ReportsPerSecond};

/// Enforces an account's quota of reports. For ingest.
pub trait ReportQuota: Send + Sync {
    /// The account's quotas and its backlog of deliveries.
    fn report_terms(
        &self,
        account: &AccountId,
    ) -> impl Future<Output = Result<ReportTerms, StoreError>> + Send;

    /// Takes the account's next permits, unless those of the coming second are used up. So a burst is at most one
    /// second's permits, except for a single larger request, after which the following ones wait.
    fn take_report_permits(
        &self,
        account: &AccountId,
        request: PermitRequest<ReportsPerSecond>,
    ) -> impl Future<Output = Result<PermitResponse, StoreError>> + Send;
}

/// Enforces an account's quota of first attempts. For deliver.
pub trait DeliveryQuota: Send + Sync + 'static {
    /// Takes the account's next permits, however late they are; returns the time of the first. The
    /// others follow at [`DeliveriesPerSecond::interval`].
    fn take_delivery_permits(
        &self,
        account: &AccountId,
        request: PermitRequest<DeliveriesPerSecond>,
    ) -> impl Future<Output = Result<Timestamp, StoreError>> + Send;
}

/// A request for permits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PermitRequest<R> {
    /// How many permits.
    pub count: u32,
    /// The account's quota.
    pub rate: R,
    /// The current time.
    pub now: Timestamp,
    /// Whether the next free permit is likely after `now`; a right guess saves a write.
    pub expects_backlog: bool,
}

/// The answer to a request for permits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PermitResponse {
    /// The permits are granted; the time is the next free permit.
    Granted(Timestamp),
    /// No permit is free before this time.
    NoneUntil(Timestamp),
}

/// Quotas and backlog that decide whether reports of an account are accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ReportTerms {
    /// The account's own quota; `None` if it has none or does not exist.
    pub reports_per_second: Option<ReportsPerSecond>,
    /// The account's own quota; `None` if it has none or does not exist.
    pub deliveries_per_second: Option<DeliveriesPerSecond>,
    /// Its deliveries that have permits; `None` if it never took any.
    pub backlog: Option<DeliveryBacklog>,
}

/// Deliveries that wait for the time of their permits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeliveryBacklog {
    /// The next free permit.
    pub end: Timestamp,
    /// The interval of the latest permits.
    pub interval: Duration,
}

impl DeliveryBacklog {
    /// The next free permit under `quota`. `None` if the backlog is of a lower quota: new deliveries do not wait for
    /// it.
    pub fn end_under(self, quota: DeliveriesPerSecond) -> Option<Timestamp> {
        (self.interval <= quota.interval()).then_some(self.end)
    }
}
