//! Keeping accounts to the reports a second that they may hand over.

use std::future::Future;

use jiff::Timestamp;

use super::StoreError;
use crate::account::AccountId;
use crate::quota::ReportsPerSecond;

/// How many reports an account may hand over. For ingest.
pub trait ReportQuota: Send + Sync {
    /// The account's own quota; `None` if it has none, or if there is no such account.
    fn reports_per_second(
        &self,
        account: &AccountId,
    ) -> impl Future<Output = Result<Option<ReportsPerSecond>, StoreError>> + Send;

    /// Takes places for `count` reports out of the next ones of the account, for all instances,
    /// unless those of the coming second are taken. So no more than a second's worth goes at
    /// once, but for a single large `count`, which those after it wait for.
    fn take_places(
        &self,
        account: &AccountId,
        count: u32,
        rate: ReportsPerSecond,
        now: Timestamp,
    ) -> impl Future<Output = Result<Places, StoreError>> + Send;
}

/// What came of asking for places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Places {
    /// They are the caller's.
    Taken,
    /// There are none before this time.
    NoneUntil(Timestamp),
}
