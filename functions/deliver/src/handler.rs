//! Handles a batch of up to ten SQS messages, phase by phase: read the batch, plan its deliveries, apply the
//! log, defer fan-out, requeue, admit through the breaker, throttle, attempt, record.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Instant, SystemTime};

use aws_lambda_events::sqs::SqsBatchResponse;
use callhook::outbound::Outbound;
use callhook::ports::alerts::OperatorAlerts;
use callhook::ports::queue::MessageQueue;
use callhook::ports::store::{
    DeliveryConfig, DeliveryLog, DeliveryQuota, JournalWriter, RateLimit, WebhookHealth,
};
use callhook::runtime::telemetry::ErrorChain;
use futures_util::FutureExt as _;
use futures_util::future::{join, join_all, join3};
use lambda_runtime::Error;

use crate::attempt::{AttemptDeadlines, AttemptOutcome, Attempts};
use crate::batch::{Batch, redelivered, response};
use crate::breaker::{Breaker, Signal};
use crate::cache::ConfigCache;
use crate::clock::Clock;
use crate::dedupe::apply_log;
use crate::event::Event;
use crate::fan_out::FanOutGate;
use crate::in_flight::InFlight;
use crate::notices::Announcer;
use crate::pending::{FailedRecords, Job};
use crate::plan::Plan;
use crate::stale_settings::mark_stale_settings;
use crate::submitted::refuse_unknown_accounts;
use crate::throttle::take_send_slots;
use crate::writer::OutcomeWriter;

/// The function with its stores, queues and clients.
pub(crate) struct Deliver<C, O, Q, L, A> {
    pub(crate) clock: Clock,
    pub(crate) config: ConfigCache<C>,
    pub(crate) breaker: Breaker<C>,
    pub(crate) limits: C,
    pub(crate) fan_out: FanOutGate<C>,
    pub(crate) attempts: Attempts<O>,
    pub(crate) writer: OutcomeWriter<Q, L>,
    pub(crate) operator: A,
    /// The name of the queue to which producers may be allowed to send.
    pub(crate) reports_queue: String,
}

impl<C, O, Q, L, A> Deliver<C, O, Q, L, A>
where
    C: DeliveryConfig + WebhookHealth + RateLimit + DeliveryQuota,
    O: Outbound,
    Q: MessageQueue,
    L: DeliveryLog + JournalWriter,
    A: OperatorAlerts,
{
    /// Processes one SQS batch and returns the messages whose outcome is not durable. After an error, SQS
    /// redelivers the whole batch.
    pub(crate) async fn handle(
        self: Arc<Self>,
        event: Event,
        deadline: SystemTime,
    ) -> Result<SqsBatchResponse, Error> {
        let (deadlines, began) = (AttemptDeadlines::until(deadline), Instant::now());
        self.begin(deadlines);
        let (records, now) = (&event.records, self.clock.now());

        let Batch { mut due, submitted, mut not_due, unreadable: mut failed } =
            Batch::read(records, &self.reports_queue, now);
        failed.extend(refuse_unknown_accounts(&mut due, &submitted, &self.config, records).await);

        let mut plan = Plan::make(due, &self.config, now).await;
        failed.extend(plan.failed.iter());

        let (log, redelivered) = (&self.writer.log, redelivered(records));
        let deduped = apply_log(log, &self.config, &mut plan, &mut not_due, &redelivered);
        failed.extend(deduped.await);

        // After the log is applied: a delivery that it shows takes no permits again.
        self.fan_out.defer(&mut plan, now).await;
        failed.extend(self.writer.requeue(&mut plan, not_due, now).await);

        plan.drop_duplicates();
        let (jobs, mut deferred) = self.breaker.admit(plan.jobs, now).await;
        let (jobs, throttled) = take_send_slots(&self.limits, jobs, &self.clock).await;
        deferred.extend(throttled);

        // In parallel with the attempts: a request must not miss its send slot under a rate limit.
        let attempted = Arc::clone(&self).attempt_all(jobs, deadlines, began);
        let recorded = async {
            let mut failed = self.writer.write_deferrals(deferred, now).await;
            failed.extend(self.writer.write_unwanted(plan.unwanted, now).await);
            failed.extend(self.writer.write_skips(plan.skips, now).await);
            self.writer.write_accepted(plan.accepted, now).await;
            failed
        };
        let journaled = self.writer.write_rows(plan.rows, plan.queued_rows, self.clock.now());
        let (recorded, journaled, attempted) = join3(recorded, journaled, attempted).await;
        failed.extend(recorded.into_iter().chain(journaled).chain(attempted));

        self.attempts.tidy();
        self.breaker.tidy(now);
        response(records, &failed)
    }

    fn begin(&self, deadlines: AttemptDeadlines) {
        self.attempts.wake();
        self.writer.log.begin(deadlines.give_up_at);
        self.breaker.begin(deadlines.give_up_at);
    }

    /// Attempts all jobs at the same time, and records their outcomes as they arrive.
    async fn attempt_all(
        self: Arc<Self>,
        jobs: Vec<Job>,
        deadlines: AttemptDeadlines,
        began: Instant,
    ) -> FailedRecords {
        let attempt = |job| Arc::clone(&self).attempt(job, deadlines);
        let mut in_flight = InFlight::start(jobs, attempt);
        let mut failed = FailedRecords::new();
        while let Some(outcomes) = in_flight.next_batch().await {
            failed.extend(self.record(outcomes, began).await);
        }
        failed
    }

    /// Attempts one job. A panic fails its record only.
    async fn attempt(
        self: Arc<Self>,
        job: Job,
        deadlines: AttemptDeadlines,
    ) -> (Job, AttemptOutcome) {
        let slow = || self.mark_slow(&job);
        let attempt = self.attempts.make(&job, deadlines, &self.clock, slow);
        let outcome = AssertUnwindSafe(attempt).catch_unwind().await;
        (job, outcome.unwrap_or(AttemptOutcome::Panicked))
    }

    /// Marks the webhook slow before its request ends.
    fn mark_slow(self: &Arc<Self>, job: &Job) {
        let (this, target) = (Arc::clone(self), Arc::clone(&job.target));
        tokio::spawn(async move {
            if let Err(error) = this.breaker.mark_slow(&target, this.clock.now()).await {
                tracing::warn!(error = %ErrorChain(&error), "failed to mark webhook slow");
            }
        });
    }

    /// Records the outcomes of attempts, updates the health of their webhooks, and announces changes.
    async fn record(
        &self,
        mut outcomes: Vec<(Job, AttemptOutcome)>,
        began: Instant,
    ) -> FailedRecords {
        // Within the call budget: outcomes that are not logged yet must not wait for long.
        let marked = mark_stale_settings(&mut outcomes, &self.config, began);
        let _ = self.breaker.in_time(marked).await;
        let now = self.clock.now();
        let signals = outcomes.iter().filter_map(|(job, outcome)| match outcome {
            AttemptOutcome::Sent(attempt, verdict) => Signal::of(job, attempt, *verdict),
            _ => None,
        });
        let signals = signals.collect();
        let (failed, changes) = join(
            self.writer.write_outcomes(outcomes, now),
            self.breaker.update_health(signals, now),
        )
        .await;
        let Self { config, breaker, writer, operator, .. } = self;
        let announcer = Announcer { config, breaker, writer, operator };
        join_all(changes.into_iter().map(|change| announcer.announce(change, now))).await;
        failed
    }
}

#[cfg(test)]
mod tests;
