//! The lease of a replay job.

use callhook::domain::replay::{ReplayJob, ReplayStage};
use callhook::ports::store::{ReplayJobs, StoreError, WriteError};
use jiff::Timestamp;

/// A replay job that only this worker may change until `leased_until`.
pub(crate) struct JobLease<'a, S> {
    store: &'a S,
    job: ReplayJob,
}

/// Why a worker cannot continue a job.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LeaseError {
    /// The account cancelled the job.
    #[error("the replay is over")]
    Over,
    #[error("another worker continues the replay")]
    Overtaken,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl<'a, S: ReplayJobs> JobLease<'a, S> {
    /// Leases an unleased job until `lambda_ends_at`. A worker that crashes before it releases the
    /// lease has ended by then.
    pub(crate) async fn acquire(
        store: &'a S,
        job: ReplayJob,
        lambda_ends_at: Timestamp,
        now: Timestamp,
    ) -> Result<Self, LeaseError> {
        let mut lease = Self { store, job };
        lease.change(now, |job| job.leased_until = Some(lambda_ends_at)).await?;
        Ok(lease)
    }

    pub(crate) fn job(&self) -> &ReplayJob {
        &self.job
    }

    /// Changes the job and stores it, unless the stored job has changed since it was read.
    pub(crate) async fn change(
        &mut self,
        now: Timestamp,
        change: impl FnOnce(&mut ReplayJob),
    ) -> Result<(), LeaseError> {
        let mut changed = self.job.clone().changed(now);
        change(&mut changed);
        match self.store.replace_replay(&changed).await {
            Ok(()) => {}
            // The SDK repeated a write whose response was lost.
            Err(WriteError::Condition) if self.stored().await?.as_ref() == Some(&changed) => {}
            Err(WriteError::Condition) => return Err(self.changed_elsewhere().await),
            Err(WriteError::Store(error)) => return Err(error.into()),
        }
        self.job = changed;
        Ok(())
    }

    /// Moves the job to another stage.
    pub(crate) async fn enter(
        &mut self,
        stage: ReplayStage,
        now: Timestamp,
    ) -> Result<(), LeaseError> {
        self.change(now, |job| {
            if stage.is_over() {
                job.leased_until = None;
            }
            job.stage = stage;
        })
        .await
    }

    /// Fails if the stored job has changed since it was read.
    pub(crate) async fn check(&self) -> Result<(), LeaseError> {
        match self.stored().await? {
            Some(job) if job.revision == self.job.revision => Ok(()),
            _ => Err(self.changed_elsewhere().await),
        }
    }

    /// Lets another worker acquire the job.
    pub(crate) async fn release(mut self, now: Timestamp) -> Result<(), LeaseError> {
        self.change(now, |job| job.leased_until = None).await
    }

    async fn stored(&self) -> Result<Option<ReplayJob>, StoreError> {
        self.store.replay(self.job.webhook_id, self.job.id).await
    }

    async fn changed_elsewhere(&self) -> LeaseError {
        match self.stored().await {
            Ok(Some(job)) if !job.stage.is_over() => LeaseError::Overtaken,
            // `None` is a job that has expired, which only happens after it is over.
            Ok(_) => LeaseError::Over,
            Err(error) => LeaseError::Store(error),
        }
    }
}
