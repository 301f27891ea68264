//! Hourly figures.

use std::collections::BTreeMap;
use std::future::Future;

use super::StoreError;
use crate::account::AccountId;
use crate::ids::WebhookId;
use crate::stats::{CountedChange, Hour, HourlyCounts, Hours, Outcomes, StreamShard};

/// Writing hourly figures. For stats.
pub trait StatsWriter: Send + Sync + 'static {
    /// Adds to what a webhook has for an hour. What was added before is not added again.
    fn add_webhook_counts(
        &self,
        webhook: WebhookId,
        hour: Hour,
        noted: &[CountedChange],
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Adds to what an account has for an hour. All of `noted` are changes of `shard`, whose first
    /// readings have its order. What was added before is not added again.
    fn add_account_counts(
        &self,
        account: &AccountId,
        hour: Hour,
        shard: &StreamShard,
        noted: &[CountedChange],
    ) -> impl Future<Output = Result<(), StoreError>> + Send;
}

/// Reading hourly figures. For deliveries.
pub trait StatsReader: Send + Sync + 'static {
    /// What a webhook has for those of `hours` in which something happened.
    fn webhook_counts(
        &self,
        webhook: WebhookId,
        hours: Hours,
    ) -> impl Future<Output = Result<BTreeMap<Hour, HourlyCounts>, StoreError>> + Send;

    /// What an account has for those of `hours` in which something happened.
    fn account_counts(
        &self,
        account: &AccountId,
        hours: Hours,
    ) -> impl Future<Output = Result<BTreeMap<Hour, HourlyCounts>, StoreError>> + Send;
}

/// Reading how the deliveries of webhooks ended, and no other figures. For webhooks.
pub trait OutcomesReader: Send + Sync + 'static {
    /// How deliveries of a webhook ended in those of `hours` in which something happened.
    fn outcomes(
        &self,
        webhook: WebhookId,
        hours: Hours,
    ) -> impl Future<Output = Result<BTreeMap<Hour, Outcomes>, StoreError>> + Send;
}
