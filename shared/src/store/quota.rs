//! Keeping accounts to the reports and deliveries a second that they may have.

use std::future::Future;
use std::time::Duration;

use jiff::Timestamp;

use super::StoreError;
use crate::account::AccountId;
use crate::quota::{DeliveriesPerSecond, ReportsPerSecond};

/// How many reports an account may hand over. For ingest.
pub trait ReportQuota: Send + Sync {
    /// What decides whether reports of the account are accepted.
    fn report_terms(
        &self,
        account: &AccountId,
    ) -> impl Future<Output = Result<ReportTerms, StoreError>> + Send;

    /// Takes the next places of the account, for all instances, unless those of the coming second
    /// are taken. So no more than a second's worth goes at once, but for a single large request,
    /// which those after it wait for.
    fn take_report_permits(
        &self,
        account: &AccountId,
        request: PermitRequest<ReportsPerSecond>,
    ) -> impl Future<Output = Result<PermitResponse, StoreError>> + Send;
}

/// How many deliveries the reports of an account may begin. For deliver.
pub trait DeliveryQuota: Send + Sync + 'static {
    /// Takes the next places of the account, for all instances, however late they are; gives the
    /// time of the first. The others follow at [`DeliveriesPerSecond::interval`].
    fn take_delivery_permits(
        &self,
        account: &AccountId,
        request: PermitRequest<DeliveriesPerSecond>,
    ) -> impl Future<Output = Result<Timestamp, StoreError>> + Send;
}

/// PermitResponse that are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PermitRequest<R> {
    /// How many.
    pub count: u32,
    /// The account's quota.
    pub rate: R,
    /// What time it is.
    pub now: Timestamp,
    /// Whether places after now are likely taken; a right guess saves a write.
    pub expects_backlog: bool,
}

/// What came of asking for places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PermitResponse {
    /// They are the caller's; this is the next free one.
    Granted(Timestamp),
    /// There are none before this time.
    NoneUntil(Timestamp),
}

/// What decides whether reports of an account are accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ReportTerms {
    /// The account's own quota; `None` if it has none, or if there is no such account.
    pub reports_per_second: Option<ReportsPerSecond>,
    /// Likewise.
    pub deliveries_per_second: Option<DeliveriesPerSecond>,
    /// Its deliveries that have places, if any took some.
    pub backlog: Option<DeliveryBacklog>,
}

/// The line of deliveries that wait for their places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeliveryBacklog {
    /// The next free place.
    pub end: Timestamp,
    /// How far apart the last places are.
    pub interval: Duration,
}

impl DeliveryBacklog {
    /// When what is new has its place under `quota`. A line of a lower quota is not waited for: the
    /// next places begin beside it.
    pub fn end_under(self, quota: DeliveriesPerSecond) -> Option<Timestamp> {
        (self.interval <= quota.interval()).then_some(self.end)
    }
}
