//! A job in the hands of one worker.

use callhook::replay::{ReplayJob, ReplayStage};
use callhook::store::{ReplayJobs, StoreError, WriteError};
use jiff::Timestamp;

use crate::pace::Time;

/// A job that this worker may carry on: nobody else does so until `leased_until` is over.
pub(crate) struct JobLease<'a, S> {
    store: &'a S,
    job: ReplayJob,
}

/// Why a worker cannot go on.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LeaseError {
    /// The job is over: its owner cancelled it.
    #[error("the replay is over")]
    Over,
    /// Another worker has it.
    #[error("another worker goes on with the replay")]
    Overtaken,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl<'a, S: ReplayJobs> JobLease<'a, S> {
    /// Takes a job that nobody holds, until the end of the invocation: a worker that does not let
    /// go of it has ended by then.
    pub(crate) async fn take(
        store: &'a S,
        job: ReplayJob,
        time: Time,
        now: Timestamp,
    ) -> Result<Self, LeaseError> {
        let mut lease = Self { store, job };
        lease.change(now, |job| job.leased_until = Some(time.end)).await?;
        Ok(lease)
    }

    /// The job as it is stored.
    pub(crate) fn job(&self) -> &ReplayJob {
        &self.job
    }

    /// Changes the job, unless somebody else has.
    pub(crate) async fn change(
        &mut self,
        now: Timestamp,
        change: impl FnOnce(&mut ReplayJob),
    ) -> Result<(), LeaseError> {
        let mut changed = self.job.clone().changed(now);
        change(&mut changed);
        match self.store.replace_replay(&changed).await {
            Ok(()) => {}
            // The client of the store wrote twice, because it lost the answer to the first.
            Err(WriteError::Condition) if self.stored().await?.as_ref() == Some(&changed) => {}
            Err(WriteError::Condition) => return Err(self.why_lost().await),
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

    /// Fails if somebody else changed the job.
    pub(crate) async fn check(&self) -> Result<(), LeaseError> {
        match self.stored().await? {
            Some(job) if job.revision == self.job.revision => Ok(()),
            _ => Err(self.why_lost().await),
        }
    }

    /// Lets another worker take the job.
    pub(crate) async fn let_go(mut self, now: Timestamp) -> Result<(), LeaseError> {
        self.change(now, |job| job.leased_until = None).await
    }

    async fn stored(&self) -> Result<Option<ReplayJob>, StoreError> {
        self.store.replay(self.job.webhook_id, self.job.id).await
    }

    async fn why_lost(&self) -> LeaseError {
        match self.stored().await {
            Ok(Some(job)) if !job.stage.is_over() => LeaseError::Overtaken,
            // Forgotten, which only happens to what is over.
            Ok(_) => LeaseError::Over,
            Err(error) => LeaseError::Store(error),
        }
    }
}
