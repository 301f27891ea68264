//! Storage of replays: their jobs and the deliveries that they send again.

use std::collections::HashMap;
use std::future::Future;

use super::{StoreError, WriteError};
use crate::domain::delivery::{DeliveryKey, LoggedDelivery};
use crate::domain::ids::{ReplayId, ReportId, WebhookId};
use crate::domain::replay::{LogPosition, ReplayJob, Selection};
use crate::input::page::{Listed, Page, PageRequest};

/// Reads and updates the jobs of replays.
pub trait ReplayJobs: Send + Sync {
    /// A replay of a webhook.
    fn replay(
        &self,
        webhook: WebhookId,
        id: ReplayId,
    ) -> impl Future<Output = Result<Option<ReplayJob>, StoreError>> + Send;

    /// Replaces revision `job.revision - 1`; [`WriteError::Condition`] if another revision or none is
    /// stored.
    fn replace_replay(
        &self,
        job: &ReplayJob,
    ) -> impl Future<Output = Result<(), WriteError>> + Send;
}

/// Creates and lists the jobs of replays.
pub trait ReplayAdmin: ReplayJobs {
    /// Stores a new job.
    fn create_replay(&self, job: &ReplayJob)
    -> impl Future<Output = Result<(), WriteError>> + Send;

    /// A page of the replays of a webhook, newest first.
    fn replays(
        &self,
        webhook: WebhookId,
        page: &PageRequest<ReplayId>,
    ) -> impl Future<Output = Result<Page<Listed<ReplayJob>>, StoreError>> + Send;

    /// The replays of a webhook that have not ended.
    fn live_replays(
        &self,
        webhook: WebhookId,
    ) -> impl Future<Output = Result<Vec<ReplayJob>, StoreError>> + Send;
}

/// Reads the deliveries of a replay, in the order of [`LogPosition`].
pub trait ReplaySource: Send + Sync {
    /// Counts deliveries after `position`, as far as a few calls read. Returns the position to continue from as
    /// well; `None` at the end.
    fn count(
        &self,
        selection: &Selection,
        position: LogPosition,
    ) -> impl Future<Output = Result<(u64, Option<LogPosition>), StoreError>> + Send;

    /// Up to `most` deliveries after `position`, as far as a few calls read; there may be none before the end.
    /// Returns the position to continue from as well; `None` at the end.
    fn select(
        &self,
        selection: &Selection,
        position: LogPosition,
        most: usize,
    ) -> impl Future<Output = Result<(Vec<ReportId>, Option<LogPosition>), StoreError>> + Send;

    /// The current deliveries with these keys. Missing ones are left out, and so are those that cannot
    /// be parsed, which is logged.
    fn current(
        &self,
        keys: &[DeliveryKey],
    ) -> impl Future<Output = Result<HashMap<DeliveryKey, LoggedDelivery>, StoreError>> + Send;
}
