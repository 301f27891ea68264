//! Carrying a job on for the length of an invocation.

use std::time::Duration;

use callhook::message::ReplayMessage;
use callhook::queue::MessageQueue;
use callhook::replay::{LogPosition, ReplayStage, Wave};
use callhook::resumable_work::Resume;
use callhook::store::{ReplayJobs, ReplaySource};
use callhook::telemetry::ErrorChain;
use callhook::telemetry::metrics::Metrics;
use jiff::Timestamp;
use tokio::time::sleep;

use crate::job_lease::{JobLease, LeaseError};
use crate::pace::{Pace, Time, until};

/// What the work needs.
pub(crate) struct Worker<S, Q> {
    /// Where the jobs and their deliveries are.
    pub(crate) store: S,
    /// Where deliver takes deliveries from.
    pub(crate) retries: Q,
    pub(crate) pace: Pace,
    pub(crate) metrics: Metrics,
}

/// What one step of the work came to.
pub(crate) enum Step {
    /// The next may follow.
    Went,
    /// It waits for deliver: the next is worth while after this time.
    Wait(Duration),
    /// A queue failed: the next belongs in a later invocation.
    Stuck,
    /// The job is over.
    Over,
}

/// What an invocation has seen so far.
#[derive(Default)]
pub(crate) struct Shift {
    /// Whether a wave, or some counting, came to an end.
    pub(crate) has_moved: bool,
}

/// How long a message waits for its job to be stored: the request that queued it ends within
/// seconds. After that the job was never promised to anyone.
const UNSTORED: Duration = Duration::from_mins(2);

impl<S: ReplayJobs + ReplaySource, Q: MessageQueue> Worker<S, Q> {
    /// Works on the job of `message` while there is time. All that the next invocation needs is
    /// stored before anything follows from it, so this may end at any await.
    pub(crate) async fn work(&self, message: &ReplayMessage, time: Time) -> Resume {
        // Boxed, since the compiler gives up on the size of futures this deep.
        match Box::pin(self.try_work(message, time)).await {
            Ok(next) => next,
            Err(LeaseError::Over) => Resume::Done,
            Err(lost) => {
                let replay_id = message.replay_id;
                tracing::warn!(%replay_id, error = %ErrorChain(&lost), "a replay was interrupted");
                Resume::After(self.pace.later)
            }
        }
    }

    async fn try_work(&self, message: &ReplayMessage, time: Time) -> Result<Resume, LeaseError> {
        let now = Timestamp::now();
        let stored = self.store.replay(message.webhook_id, message.replay_id).await?;
        let Some(job) = stored else { return Ok(self.wait_for_job(message, now)) };
        if job.stage.is_over() {
            return Ok(Resume::Done);
        }
        if let Some(end) = job.leased_until.filter(|end| *end > now) {
            return Ok(Resume::After(until(end, now) + self.pace.soon));
        }
        let mut lease = JobLease::take(&self.store, job, time, now).await?;
        if lease.job().is_too_old(now) {
            tracing::warn!(replay_id = %lease.job().id, "a replay took too long");
            lease.enter(ReplayStage::Expired, now).await?;
            return Ok(Resume::Done);
        }
        let mut shift = Shift::default();
        loop {
            if time.is_up(Timestamp::now()) {
                return self.rest(lease, &shift, Duration::ZERO).await;
            }
            match self.step(&mut lease, &mut shift).await? {
                Step::Went => {}
                Step::Wait(pause) if time.allows(pause, Timestamp::now()) => sleep(pause).await,
                Step::Wait(pause) => return self.rest(lease, &shift, pause).await,
                Step::Stuck => return self.rest(lease, &shift, self.pace.later).await,
                Step::Over => return Ok(Resume::Done),
            }
        }
    }

    /// The message is queued before its job is stored, so that no job is without one.
    fn wait_for_job(&self, message: &ReplayMessage, now: Timestamp) -> Resume {
        let replay_id = message.replay_id;
        if until(now, replay_id.made_at()) < UNSTORED {
            return Resume::After(self.pace.soon);
        }
        tracing::warn!(%replay_id, "a replay was never stored");
        Resume::Done
    }

    /// Lets go of the job until a later invocation, after `pause` at the earliest.
    async fn rest(
        &self,
        lease: JobLease<'_, S>,
        shift: &Shift,
        pause: Duration,
    ) -> Result<Resume, LeaseError> {
        lease.let_go(Timestamp::now()).await?;
        let least = if shift.has_moved { self.pace.soon } else { self.pace.later };
        Ok(Resume::After(pause.max(least).min(self.pace.longest_rest)))
    }

    async fn step(
        &self,
        lease: &mut JobLease<'_, S>,
        shift: &mut Shift,
    ) -> Result<Step, LeaseError> {
        match lease.job().stage.clone() {
            ReplayStage::Counting { position, counted } => {
                shift.has_moved = true;
                self.count(lease, position, counted).await
            }
            ReplayStage::Sending { position, wave } if !wave.unsent.is_empty() => {
                self.send(lease, position, wave).await
            }
            ReplayStage::Sending { position, wave } if !wave.sent.is_empty() => {
                self.look(lease, shift, position, wave).await
            }
            ReplayStage::Sending { position: Some(position), .. } => {
                shift.has_moved = true;
                self.begin_wave(lease, position).await
            }
            ReplayStage::Sending { position: None, .. } => {
                lease.enter(ReplayStage::Completed, Timestamp::now()).await?;
                let job = lease.job();
                tracing::info!(replay_id = %job.id, done = job.done, missing = job.missing,
                    "a replay is completed");
                Ok(Step::Over)
            }
            ReplayStage::Completed | ReplayStage::Cancelled | ReplayStage::Expired => {
                Ok(Step::Over)
            }
        }
    }

    async fn count(
        &self,
        lease: &mut JobLease<'_, S>,
        position: LogPosition,
        before: u64,
    ) -> Result<Step, LeaseError> {
        let (found, next) = self.store.count(&lease.job().selection(), position).await?;
        let counted = before + found;
        let now = Timestamp::now();
        if let Some(position) = next {
            lease.enter(ReplayStage::Counting { position, counted }, now).await?;
            return Ok(Step::Went);
        }
        lease
            .change(now, |job| {
                job.total = Some(counted);
                let wave = Wave::new(Vec::new(), now);
                job.stage = ReplayStage::Sending { position: Some(LogPosition::default()), wave };
            })
            .await?;
        Ok(Step::Went)
    }

    /// Notes which deliveries are next, before any is sent.
    async fn begin_wave(
        &self,
        lease: &mut JobLease<'_, S>,
        position: LogPosition,
    ) -> Result<Step, LeaseError> {
        let selection = lease.job().selection();
        let (reports, position) = self.store.select(&selection, position, self.pace.wave).await?;
        let now = Timestamp::now();
        lease.enter(ReplayStage::Sending { position, wave: Wave::new(reports, now) }, now).await?;
        Ok(Step::Went)
    }
}

#[cfg(test)]
mod tests;
