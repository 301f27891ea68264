//! Replays: their jobs and their deliveries.

use std::collections::HashMap;
use std::future::Future;

use super::{StoreError, WriteError};
use crate::delivery::{DeliveryKey, LoggedDelivery};
use crate::ids::{ReplayId, ReportId, WebhookId};
use crate::page::{Listed, Page, PageRequest};
use crate::replay::{LogPosition, ReplayJob, Selection};

/// The jobs of replays: reading one and carrying it on.
pub trait ReplayJobs: Send + Sync {
    /// One replay of a webhook, as it is now.
    fn replay(
        &self,
        webhook: WebhookId,
        id: ReplayId,
    ) -> impl Future<Output = Result<Option<ReplayJob>, StoreError>> + Send;

    /// Replaces the revision before `job.revision`; [`WriteError::Condition`] if another is
    /// stored, or none.
    fn replace_replay(
        &self,
        job: &ReplayJob,
    ) -> impl Future<Output = Result<(), WriteError>> + Send;
}

/// The jobs of replays, for those who ask for them.
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

    /// The replays of a webhook that are not over.
    fn live_replays(
        &self,
        webhook: WebhookId,
    ) -> impl Future<Output = Result<Vec<ReplayJob>, StoreError>> + Send;
}

/// The deliveries of a replay, in the order of [`LogPosition`].
pub trait ReplaySource: Send + Sync {
    /// Counts what comes behind `position`, as far as a few calls read. The second is where to go on;
    /// `None` at the end.
    fn count(
        &self,
        selection: &Selection,
        position: LogPosition,
    ) -> impl Future<Output = Result<(u64, Option<LogPosition>), StoreError>> + Send;

    /// Up to `most` deliveries behind `position`, as far as a few calls read: it may be none before
    /// the end. The second is where to go on; `None` at the end.
    fn select(
        &self,
        selection: &Selection,
        position: LogPosition,
        most: usize,
    ) -> impl Future<Output = Result<(Vec<ReportId>, Option<LogPosition>), StoreError>> + Send;

    /// What the log holds of `keys` now; nothing of those that it does not hold, or that cannot
    /// be read, which is logged.
    fn current(
        &self,
        keys: &[DeliveryKey],
    ) -> impl Future<Output = Result<HashMap<DeliveryKey, LoggedDelivery>, StoreError>> + Send;
}
