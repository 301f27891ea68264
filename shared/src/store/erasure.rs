//! Erasing reports and accounts.

use std::future::Future;

use jiff::Timestamp;
use jiff::civil::Date;

use super::{PermitResponse, StoreError, WriteError};
use crate::account::{Account, AccountId};
use crate::erasure::{ReportKey, Tombstone};
use crate::ids::WebhookId;

/// Erasing a report from the log of deliveries. For deliveries and eraser.
pub trait ReportEraser: Send + Sync + 'static {
    /// Puts up a tombstone.
    fn put_tombstone(
        &self,
        tombstone: &Tombstone,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// The tombstone of a report.
    fn tombstone(
        &self,
        report: &ReportKey,
    ) -> impl Future<Output = Result<Option<Tombstone>, StoreError>> + Send;

    /// What is known of a report, of its deliveries to `webhooks` and of it as one that no webhook wanted.
    fn trace(
        &self,
        report: &ReportKey,
        webhooks: &[WebhookId],
    ) -> impl Future<Output = Result<ReportTrace, StoreError>> + Send;

    /// Deletes the deliveries of a report to `webhooks` and to those that the report itself names,
    /// and the note that no webhook wanted it; gives whether there was any of it. Its rows in the journal are found by
    /// when it was received: as the log says, and `received_at` if that is known from before.
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
    /// A delivery, or the note that no webhook wanted it; with the time of the report's receipt, if that can be read.
    Stored(Option<Timestamp>),
    /// Only its tombstone, of an erasure that was asked for then.
    Erased(Timestamp),
    /// Nothing: it is in a queue still, or there never was such a report.
    None,
}

/// How many reports of which nothing is stored an account may have erased. For deliveries.
pub trait ErasureQuota: Send + Sync + 'static {
    /// Takes one of the account's places of the hour that begins at `now`
    /// ([`erasure::UNKNOWN_PER_HOUR`](crate::erasure::UNKNOWN_PER_HOUR)).
    fn take_erasure_permit(
        &self,
        account: &AccountId,
        now: Timestamp,
    ) -> impl Future<Output = Result<PermitResponse, StoreError>> + Send;
}

/// Noting that an account erases reports at all. For deliveries and eraser.
pub trait ErasureMarker: Send + Sync + 'static {
    /// Has deliver look for tombstones of this account's reports, for as long as one that was asked
    /// for at `asked_at` stays. Instances that know the account already learn of it when they read it
    /// again.
    fn mark_erasures(
        &self,
        account: &AccountId,
        asked_at: Timestamp,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;
}

/// Under which webhooks something of an account may be stored. For deliveries and eraser.
pub trait WebhookHistory: Send + Sync + 'static {
    /// The webhooks of an account, and those that it has deleted, as long as the log may hold
    /// anything of them; each once.
    fn current_and_deleted_webhooks(
        &self,
        account: &AccountId,
    ) -> impl Future<Output = Result<Vec<WebhookId>, StoreError>> + Send;
}

/// Beginning the erasure of an account. For accounts.
pub trait AccountEraser: Send + Sync {
    /// Puts up the account's tombstone and stores `account`, whose status says that it is being
    /// erased; [`WriteError::Condition`] if there is no such account. Done again, it changes
    /// nothing.
    fn begin_erasure(
        &self,
        account: &Account,
        asked_at: Timestamp,
    ) -> impl Future<Output = Result<(), WriteError>> + Send;
}

/// How far the erasure of an account is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountErasureState {
    /// The account has no tombstone.
    NotBegun,
    /// It has, since then.
    InProgress(Timestamp),
    /// Only the tombstone is left.
    Done,
}

/// What came of deleting a part of something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[must_use]
pub struct Purged {
    /// How many items were deleted.
    pub deleted: u64,
    /// Whether nothing is left.
    pub is_complete: bool,
}

/// Which items of an account in the table of configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConfigPart {
    /// All but the names of its webhooks, under which the log holds more, and the keys that say
    /// that it is being erased.
    AllButWebhooks,
    /// All but the account itself.
    All,
}

/// Carrying the erasure of an account on. For eraser.
pub trait AccountPurge: WebhookHistory {
    /// How far it is.
    fn erasure_state(
        &self,
        account: &AccountId,
    ) -> impl Future<Output = Result<AccountErasureState, StoreError>> + Send;

    /// Deletes up to some hundred items of an account's configuration, its keys first.
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

/// What the log holds of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogPart {
    /// Of a webhook of it: deliveries, replays, hourly figures.
    Webhook(WebhookId),
    /// Of no webhook: unwanted reports, tombstones, hourly figures of the account.
    Rest,
    /// The journal of a day (UTC).
    Journal(Date),
}

/// Deleting what the log holds of an account. For eraser.
pub trait LogPurge: Send + Sync + 'static {
    /// Deletes up to some hundred items of `part`.
    fn purge_log(
        &self,
        account: &AccountId,
        part: LogPart,
    ) -> impl Future<Output = Result<Purged, StoreError>> + Send;
}
