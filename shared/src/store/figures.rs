//! Hourly figures.

use std::collections::BTreeMap;
use std::future::Future;

use super::StoreError;
use crate::ids::WebhookId;
use crate::stats::{Hour, HourlyCounts, Hours};

/// Writing hourly figures. For deliver.
pub trait StatsLog: Send + Sync + 'static {
    /// Adds to what a webhook has for an hour.
    fn count(
        &self,
        webhook: WebhookId,
        hour: Hour,
        counts: &HourlyCounts,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;
}

/// Reading hourly figures. For deliveries.
pub trait StatsReader: Send + Sync + 'static {
    /// What a webhook has for those of `hours` in which something happened.
    fn counts(
        &self,
        webhook: WebhookId,
        hours: Hours,
    ) -> impl Future<Output = Result<BTreeMap<Hour, HourlyCounts>, StoreError>> + Send;
}
