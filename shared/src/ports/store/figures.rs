//! Hourly figures.

use std::collections::BTreeMap;
use std::future::Future;

use super::StoreError;
use crate::domain::account::AccountId;
use crate::domain::ids::WebhookId;
use crate::domain::stats::{CountedChange, Hour, HourlyCounts, Hours, Outcomes, StreamShard};

/// Writes hourly figures. For stats.
pub trait StatsWriter: Send + Sync + 'static {
    /// Adds changes to a webhook's figures of an hour. A change that was added before is not added again.
    fn add_webhook_counts(
        &self,
        webhook: WebhookId,
        hour: Hour,
        changes: &[CountedChange],
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Adds changes to an account's figures of an hour. All are changes of `shard`, which delivers them in order
    /// when they are first read. A change that was added before is not added again.
    fn add_account_counts(
        &self,
        account: &AccountId,
        hour: Hour,
        shard: &StreamShard,
        changes: &[CountedChange],
    ) -> impl Future<Output = Result<(), StoreError>> + Send;
}

/// Reads hourly figures. For deliveries.
pub trait StatsReader: Send + Sync + 'static {
    /// A webhook's figures of those of `hours` in which something happened.
    fn webhook_counts(
        &self,
        webhook: WebhookId,
        hours: Hours,
    ) -> impl Future<Output = Result<BTreeMap<Hour, HourlyCounts>, StoreError>> + Send;

    /// An account's figures of those of `hours` in which something happened.
    fn account_counts(
        &self,
        account: &AccountId,
        hours: Hours,
    ) -> impl Future<Output = Result<BTreeMap<Hour, HourlyCounts>, StoreError>> + Send;
}

/// Reads how deliveries of webhooks ended, and no other figures. For webhooks.
pub trait OutcomesReader: Send + Sync + 'static {
    /// How deliveries of a webhook ended in those of `hours` in which something happened.
    fn outcomes(
        &self,
        webhook: WebhookId,
        hours: Hours,
    ) -> impl Future<Output = Result<BTreeMap<Hour, Outcomes>, StoreError>> + Send;
}
