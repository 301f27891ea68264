//! Erasure of reports and accounts.

use std::future::Future;

use jiff::Timestamp;
use jiff::civil::Date;

use super::{PermitResponse, StoreError, WriteError};
use crate::domain::account::{Account, AccountId};
use crate::domain::erasure::Tombstone;
use crate::domain::ids::WebhookId;
use crate::domain::report::ReportKey;

/// Erases reports from the log of deliveries. For deliveries and eraser.
pub trait ReportEraser: Send + Sync + 'static {
    /// Stores a tombstone.
    fn put_tombstone(
        &self,
        tombstone: &Tombstone,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// The tombstone of a report.
    fn tombstone(
        &self,
        report: &ReportKey,
    ) -> impl Future<Output = Result<Option<Tombstone>, StoreError>> + Send;

    /// Finds out whether anything is stored of a report: a delivery to one of `webhooks`, or the entry of an unwanted
    /// report.
    fn trace(
        &self,
        report: &ReportKey,
        webhooks: &[WebhookId],
    ) -> impl Future<Output = Result<ReportTrace, StoreError>> + Send;

    /// Deletes the deliveries of a report to `webhooks` and to the webhooks that the report itself names,
    /// its entry as an unwanted report, and its rows in the journal. Returns whether it found anything. Journal rows are
    /// found by the time of receipt: the one in the log, and `received_at` if it was read earlier.
    fn erase(
        &self,
        report: &ReportKey,
        webhooks: &[WebhookId],
        received_at: Option<Timestamp>,
    ) -> impl Future<Output = Result<bool, StoreError>> + Send;
}

/// What is stored of a report that is to be erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportTrace {
    /// A delivery, or the entry of an unwanted report; with the time of receipt, if that can be parsed.
    Stored(Option<Timestamp>),
    /// Only a tombstone, of an erasure requested at this time.
    Erased(Timestamp),
    /// Nothing: the report is still in a queue, or never existed.
    None,
}

/// Limits how many reports of which nothing is stored an account may erase. For deliveries.
pub trait ErasureQuota: Send + Sync + 'static {
    /// Takes one of the account's permits for the hour that begins at `now`
    /// ([`erasure::UNKNOWN_PER_HOUR`](crate::domain::erasure::UNKNOWN_PER_HOUR)).
    fn take_erasure_permit(
        &self,
        account: &AccountId,
        now: Timestamp,
    ) -> impl Future<Output = Result<PermitResponse, StoreError>> + Send;
}

/// Marks accounts that erase reports. For deliveries and eraser.
pub trait ErasureMarker: Send + Sync + 'static {
    /// Makes deliver look up tombstones of this account's reports for as long as a tombstone requested
    /// at `asked_at` lives. Instances that have the account cached notice it when they read the account
    /// again.
    fn mark_erasures(
        &self,
        account: &AccountId,
        asked_at: Timestamp,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;
}

/// Lists the webhooks under which data of an account may be stored. For deliveries and eraser.
pub trait WebhookHistory: Send + Sync + 'static {
    /// The webhooks of an account and those that it has deleted, for as long as the log may hold
    /// anything of them; each once.
    fn current_and_deleted_webhooks(
        &self,
        account: &AccountId,
    ) -> impl Future<Output = Result<Vec<WebhookId>, StoreError>> + Send;
}

/// Begins the erasure of an account. For accounts.
pub trait AccountEraser: Send + Sync {
    /// Stores the account's tombstone, and `account` with the status of an account that is being
    /// erased; [`WriteError::Condition`] if the account does not exist. Idempotent.
    fn begin_erasure(
        &self,
        account: &Account,
        asked_at: Timestamp,
    ) -> impl Future<Output = Result<(), WriteError>> + Send;
}

/// Progress of the erasure of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountErasureState {
    /// The account has no tombstone.
    NotBegun,
    /// The account is being erased since this time.
    InProgress(Timestamp),
    /// Only the tombstone is left.
    Done,
}

/// The result of one step of a deletion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[must_use]
pub struct Purged {
    /// The number of deleted items.
    pub deleted: u64,
    /// Whether nothing is left.
    pub is_complete: bool,
}

/// A set of an account's items in the Config table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConfigPart {
    /// All but the ids of its webhooks, which lead to more data in the log, and the keys that say
    /// that it is being erased.
    AllButWebhooks,
    /// All but the account itself.
    All,
}

/// Continues the erasure of an account. For eraser.
pub trait AccountPurge: WebhookHistory {
    /// The progress of the erasure.
    fn erasure_state(
        &self,
        account: &AccountId,
    ) -> impl Future<Output = Result<AccountErasureState, StoreError>> + Send;

    /// Deletes a few hundred items of an account's configuration, its keys first.
    fn purge_config(
        &self,
        account: &AccountId,
        part: ConfigPart,
    ) -> impl Future<Output = Result<Purged, StoreError>> + Send;

    /// Deletes the account itself; its tombstone stays.
    fn delete_account(
        &self,
        account: &AccountId,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;
}

/// A part of an account's data in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogPart {
    /// One webhook's deliveries, replays and hourly figures.
    Webhook(WebhookId),
    /// Data of no webhook: unwanted reports, tombstones, hourly figures of the account.
    Rest,
    /// The journal of a day (UTC).
    Journal(Date),
}

/// Deletes an account's data from the log. For eraser.
pub trait LogPurge: Send + Sync + 'static {
    /// Deletes a few hundred items of `part`.
    fn purge_log(
        &self,
        account: &AccountId,
        part: LogPart,
    ) -> impl Future<Output = Result<Purged, StoreError>> + Send;
}

/// Erases the stored data of a report, and returns whether there was any. The account is marked first and
/// the tombstone stored second: a writer that did not see the tombstone has begun earlier, so a second erasure
/// after all such writers have ended ([`QuiescePeriod`](crate::domain::erasure::QuiescePeriod)) finds the rest. `received_at` is when ingest accepted the
/// report, if that was read before the log's entries were deleted.
pub async fn erase_report<C: ErasureMarker + WebhookHistory, L: ReportEraser>(
    config: &C,
    log: &L,
    tombstone: &Tombstone,
    received_at: Option<Timestamp>,
) -> Result<bool, StoreError> {
    let account = &tombstone.report.account_id;
    config.mark_erasures(account, tombstone.asked_at).await?;
    log.put_tombstone(tombstone).await?;
    let webhooks = config.current_and_deleted_webhooks(account).await?;
    log.erase(&tombstone.report, &webhooks, received_at).await
}
