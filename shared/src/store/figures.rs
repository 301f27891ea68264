//! Hourly figures.

use std::collections::BTreeMap;
use std::future::Future;

use super::StoreError;
use crate::ids::WebhookId;
use crate::stats::{Hour, HourlyCounts, Hours, Noted};

/// Writing hourly figures. For stats.
pub trait StatsLog: Send + Sync + 'static {
    /// Adds to what a webhook has for an hour. What was added before is not added again.
    fn count(
        &self,
        webhook: WebhookId,
        hour: Hour,
        noted: &[Noted],
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
