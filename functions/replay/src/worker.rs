//! Works on a replay job until the invocation's deadline.

use std::time::Duration;

use callhook::domain::message::ReplayMessage;
use callhook::domain::replay::{LogPosition, ReplayStage, Wave};
use callhook::ports::queue::MessageQueue;
use callhook::ports::store::{ReplayJobs, ReplaySource};
use callhook::runtime::resumable_work::{InvocationDeadline, Resume};
use callhook::runtime::telemetry::ErrorChain;
use callhook::runtime::telemetry::metrics::Metrics;
use jiff::Timestamp;
use tokio::time::sleep;

use crate::job_lease::{JobLease, LeaseError};
use crate::timing::{ReplayTiming, until};

/// Works on replay jobs.
pub(crate) struct Worker<S, Q> {
    /// The table of jobs and deliveries.
    pub(crate) store: S,
    /// The queue that deliver reads.
    pub(crate) retries: Q,
    pub(crate) timing: ReplayTiming,
    pub(crate) metrics: Metrics,
}

/// How the work continues after a step.
pub(crate) enum StepOutcome {
    /// With the next step.
    Continue,
    /// With the next step after this time: deliver is sending the wave.
    Wait(Duration),
    /// In a later invocation: the queue failed.
    QueueFailed,
    /// Not at all: the job is over.
    Finished,
}

/// Whether an invocation has made progress.
#[derive(Default)]
pub(crate) struct InvocationProgress {
    /// Whether it counted deliveries, began a wave or ended one.
    pub(crate) made_progress: bool,
}

/// How long a message waits for its job to be stored: the request that queued it ends within
/// seconds. A job that is not stored by then was never accepted.
const MAX_WAIT_FOR_JOB: Duration = Duration::from_mins(2);

impl<S: ReplayJobs + ReplaySource, Q: MessageQueue> Worker<S, Q> {
    /// Works on the job of `message` until `deadline`. It stores what the next invocation needs
    /// before it acts on it, so it may be interrupted at any await.
    pub(crate) async fn work(
        &self,
        message: &ReplayMessage,
        deadline: InvocationDeadline,
    ) -> Resume {
        // Boxed: the compiler cannot compute the size of futures this deep.
        match Box::pin(self.try_work(message, deadline)).await {
            Ok(resume) => resume,
            Err(LeaseError::Over) => Resume::Done,
            Err(error) => {
                let replay_id = message.replay_id;
                tracing::warn!(%replay_id, error = %ErrorChain(&error), "replay interrupted");
                Resume::After(self.timing.idle_delay)
            }
        }
    }

    async fn try_work(
        &self,
        message: &ReplayMessage,
        deadline: InvocationDeadline,
    ) -> Result<Resume, LeaseError> {
        let now = Timestamp::now();
        let stored = self.store.replay(message.webhook_id, message.replay_id).await?;
        let Some(job) = stored else { return Ok(self.wait_for_job(message, now)) };
        if job.stage.is_over() {
            return Ok(Resume::Done);
        }
        if let Some(end) = job.leased_until.filter(|end| *end > now) {
            return Ok(Resume::After(until(end, now) + self.timing.min_delay));
        }
        let lambda_ends_at = deadline.lambda_ends_at();
        let mut lease = JobLease::acquire(&self.store, job, lambda_ends_at, now).await?;
        if lease.job().is_too_old(now) {
            tracing::warn!(replay_id = %lease.job().id, "replay expired");
            lease.enter(ReplayStage::Expired, now).await?;
            return Ok(Resume::Done);
        }
        let mut progress = InvocationProgress::default();
        loop {
            if deadline.has_passed(Timestamp::now()) {
                return self.suspend(lease, &progress, Duration::ZERO).await;
            }
            match self.step(&mut lease, &mut progress).await? {
                StepOutcome::Continue => {}
                StepOutcome::Wait(pause) if deadline.allows(pause, Timestamp::now()) => {
                    sleep(pause).await;
                }
                StepOutcome::Wait(pause) => return self.suspend(lease, &progress, pause).await,
                StepOutcome::QueueFailed => {
                    return self.suspend(lease, &progress, self.timing.idle_delay).await;
                }
                StepOutcome::Finished => return Ok(Resume::Done),
            }
        }
    }

    /// The API queues the message before it stores the job, so that each job has a message.
    fn wait_for_job(&self, message: &ReplayMessage, now: Timestamp) -> Resume {
        let replay_id = message.replay_id;
        if until(now, replay_id.made_at()) < MAX_WAIT_FOR_JOB {
            return Resume::After(self.timing.min_delay);
        }
        tracing::warn!(%replay_id, "replay was never stored");
        Resume::Done
    }

    /// Releases the job until a later invocation, after `pause` at the earliest.
    async fn suspend(
        &self,
        lease: JobLease<'_, S>,
        progress: &InvocationProgress,
        pause: Duration,
    ) -> Result<Resume, LeaseError> {
        lease.release(Timestamp::now()).await?;
        let timing = &self.timing;
        let least = if progress.made_progress { timing.min_delay } else { timing.idle_delay };
        Ok(Resume::After(pause.max(least).min(timing.max_delay)))
    }

    async fn step(
        &self,
        lease: &mut JobLease<'_, S>,
        progress: &mut InvocationProgress,
    ) -> Result<StepOutcome, LeaseError> {
        match lease.job().stage.clone() {
            ReplayStage::Counting { position, counted } => {
                progress.made_progress = true;
                self.count(lease, position, counted).await
            }
            ReplayStage::Sending { position, wave } if !wave.unsent.is_empty() => {
                self.queue_chunk(lease, position, wave).await
            }
            ReplayStage::Sending { position, wave } if !wave.sent.is_empty() => {
                self.poll_log(lease, progress, position, wave).await
            }
            ReplayStage::Sending { position: Some(position), .. } => {
                progress.made_progress = true;
                self.begin_wave(lease, position).await
            }
            ReplayStage::Sending { position: None, .. } => {
                lease.enter(ReplayStage::Completed, Timestamp::now()).await?;
                let job = lease.job();
                tracing::info!(replay_id = %job.id, done = job.done, missing = job.missing,
                    "replay completed");
                Ok(StepOutcome::Finished)
            }
            ReplayStage::Completed | ReplayStage::Cancelled | ReplayStage::Expired => {
                Ok(StepOutcome::Finished)
            }
        }
    }

    async fn count(
        &self,
        lease: &mut JobLease<'_, S>,
        position: LogPosition,
        counted_before: u64,
    ) -> Result<StepOutcome, LeaseError> {
        let (found, next) = self.store.count(&lease.job().selection(), position).await?;
        let counted = counted_before + found;
        let now = Timestamp::now();
        if let Some(position) = next {
            lease.enter(ReplayStage::Counting { position, counted }, now).await?;
            return Ok(StepOutcome::Continue);
        }
        lease
            .change(now, |job| {
                job.total = Some(counted);
                let wave = Wave::new(Vec::new(), now);
                job.stage = ReplayStage::Sending { position: Some(LogPosition::default()), wave };
            })
            .await?;
        Ok(StepOutcome::Continue)
    }

    /// Stores the ids of the next deliveries before any is queued.
    async fn begin_wave(
        &self,
        lease: &mut JobLease<'_, S>,
        position: LogPosition,
    ) -> Result<StepOutcome, LeaseError> {
        let selection = lease.job().selection();
        let (reports, position) =
            self.store.select(&selection, position, self.timing.wave_size).await?;
        let now = Timestamp::now();
        let wave = Wave::new(reports, now);
        lease.enter(ReplayStage::Sending { position, wave }, now).await?;
        Ok(StepOutcome::Continue)
    }
}

#[cfg(test)]
mod tests;
