//! An event of up to ten messages, from reading them to the list of those that must come back.

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use aws_lambda_events::sqs::{BatchItemFailure, SqsBatchResponse};
use callhook::alerts::OperatorAlerts;
use callhook::erasure::ReportKey;
use callhook::message::Message;
use callhook::outbound::Outbound;
use callhook::queue::MessageQueue;
use callhook::store::{
    DeliveryConfig, DeliveryLog, DeliveryQuota, JournalWriter, RateLimit, WebhookHealth,
};
use callhook::telemetry::ErrorChain;
use futures_util::FutureExt as _;
use futures_util::future::{join, join_all, join3};
use jiff::Timestamp;
use lambda_runtime::Error;
use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::attempt::{Attempts, Time};
use crate::breaker::{Breaker, Signal};
use crate::cache::ConfigCache;
use crate::clock::Clock;
use crate::due::{Job, RecordIndex};
use crate::erased::{self, Early};
use crate::event::{Event, Received, Record};
use crate::fan_out::FanOutGate;
use crate::hop;
use crate::journal::{Journal, Lost, Outcome};
use crate::notices::Notices;
use crate::outdated::note_outdated;
use crate::plan::Plan;
use crate::submitted::refuse_unknown_accounts;
use crate::throttle;

/// What the function works with.
pub(crate) struct Deliver<C, O, Q, L, A> {
    pub(crate) clock: Clock,
    pub(crate) config: ConfigCache<C>,
    pub(crate) breaker: Breaker<C>,
    pub(crate) limits: C,
    pub(crate) fan_out: FanOutGate<C>,
    pub(crate) attempts: Attempts<O>,
    pub(crate) journal: Journal<Q, L>,
    pub(crate) notices: Notices<A>,
    /// The name of the queue to which producers may be allowed to send.
    pub(crate) reports_queue: String,
}

/// Outcomes kept in one go.
const MAX_KEPT_AT_ONCE: usize = 100;
/// How long an outcome waits for others, so that they are written together.
const LINGER: Duration = Duration::from_millis(10);

impl<C, O, Q, L, A> Deliver<C, O, Q, L, A>
where
    C: DeliveryConfig + WebhookHealth + RateLimit + DeliveryQuota,
    O: Outbound,
    Q: MessageQueue,
    L: DeliveryLog + JournalWriter,
    A: OperatorAlerts,
{
    /// Works on an event. The answer names exactly the messages whose outcome could not be made
    /// durable. An error brings the whole event back.
    pub(crate) async fn handle(
        self: Arc<Self>,
        event: Event,
        deadline: SystemTime,
    ) -> Result<SqsBatchResponse, Error> {
        let (time, began) = (Time::until(deadline), Instant::now());
        self.attempts.wake();
        self.journal.log.begin(time.give_up_at);
        self.breaker.begin(time.give_up_at);
        let now = self.clock.now();
        let Sorted { due: mut messages, submitted, mut early, mut lost } =
            read(&event.records, &self.reports_queue, now);
        lost.extend(
            refuse_unknown_accounts(&mut messages, &submitted, &self.config, &event.records).await,
        );

        let mut plan = Plan::make(messages, &self.config, now).await;
        lost.extend(plan.unreadable.iter());
        let terms = erased::forget_accounts(&mut early, &self.config).await;
        let came_back = came_back(&event.records);
        let reports = erased::may_be_erased(&plan, &early, &terms);
        lost.extend(self.learn(&mut plan, &mut early, &reports, &came_back).await);
        self.forget_unwanted_again(&mut plan).await;
        // After the log was asked: what was sent before takes no places again.
        let mut reports = self.fan_out.defer(&mut plan, now).await;
        reports.append(&mut plan.put_off);
        reports.append(&mut early.reports);
        lost.extend(self.journal.send_reports_on(reports, now).await);
        lost.extend(self.journal.hop(early.deliveries, now).await);
        lost.extend(self.journal.send_on(std::mem::take(&mut plan.alone), now).await);
        plan.drop_repeated();
        let (jobs, deferred) = self.breaker.admit(plan.jobs, now).await;
        let (jobs, too_fast) = throttle::pace(&self.limits, jobs, &self.clock).await;
        let put_off = deferred.into_iter().chain(too_fast).collect();
        // At the same time, since send times under a rate limit do not wait.
        let kept = async {
            let mut lost = self.journal.keep_deferrals(put_off, now).await;
            lost.extend(self.journal.keep_unwanted(plan.unwanted, now).await);
            lost.extend(self.journal.keep_skips(plan.skips, now).await);
            self.journal.keep_taken(plan.taken, now).await;
            lost
        };
        let journaled = self.journal.keep_rows(plan.journaled, plan.unwritten, self.clock.now());
        let (kept, journaled, worked) =
            join3(kept, journaled, Arc::clone(&self).work(jobs, time, began)).await;
        lost.extend(kept.into_iter().chain(journaled).chain(worked));
        self.attempts.tidy();
        self.breaker.tidy(now);
        failures(&event.records, &lost)
    }

    /// Asks the log what was done before, and which of `reports` were erased. Without an answer, a
    /// message that came back comes back once more, and any other is delivered: late is worse than
    /// twice. What was erased may go out then as well, but nothing is written without another look
    /// ([`PriorEntry::Unknown`](callhook::store::PriorEntry)).
    async fn learn(
        &self,
        plan: &mut Plan,
        early: &mut Early,
        reports: &HashSet<ReportKey>,
        came_back: &HashSet<RecordIndex>,
    ) -> Lost {
        let keys = plan.keys();
        if keys.is_empty() && reports.is_empty() {
            return Lost::new();
        }
        match self.journal.log.look_up(&keys, reports).await {
            Ok(seen) => {
                plan.learn(&seen.logged);
                erased::forget(plan, early, &seen.erased);
                Lost::new()
            }
            Err(error) => {
                tracing::warn!(error = %ErrorChain(&error),
                    "repetitions and erased reports were not looked for");
                let lost = plan.give_back(came_back);
                plan.learn_nothing();
                lost
            }
        }
    }

    /// Drops reports that no webhook wants and that are noted from an earlier receipt: a caller handed them over again.
    /// Without an answer they are noted once more.
    async fn forget_unwanted_again(&self, plan: &mut Plan) {
        let keys: HashSet<_> =
            plan.unwanted.iter().map(|(_, parcel)| parcel.report_key()).collect();
        if keys.is_empty() {
            return;
        }
        match self.journal.log.unwanted_received_at(&keys).await {
            Ok(receipts) => plan.forget_unwanted(&receipts),
            Err(error) => tracing::warn!(error = %ErrorChain(&error),
                "repetitions of unwanted reports were not looked for"),
        }
    }

    /// Attempts all jobs at the same time, each in a task of its own, and keeps the outcomes as
    /// they come.
    async fn work(self: Arc<Self>, jobs: Vec<Job>, time: Time, began: Instant) -> Lost {
        let (done, mut outcomes) = mpsc::channel(MAX_KEPT_AT_ONCE);
        for job in jobs {
            let (this, done) = (Arc::clone(&self), done.clone());
            tokio::spawn(async move {
                let slow = || this.watch_slow(&job);
                let attempt = this.attempts.make(&job, time, &this.clock, slow);
                let outcome =
                    AssertUnwindSafe(attempt).catch_unwind().await.unwrap_or(Outcome::Panicked);
                // The receiver outlives every sender.
                let _ = done.send((job, outcome)).await;
            });
        }
        drop(done);

        let mut lost = Lost::new();
        let mut batch = Vec::new();
        while outcomes.recv_many(&mut batch, MAX_KEPT_AT_ONCE).await > 0 {
            let company = async {
                while batch.len() < MAX_KEPT_AT_ONCE
                    && let Some(outcome) = outcomes.recv().await
                {
                    batch.push(outcome);
                }
            };
            // Elapsed or not, what has come is kept now.
            let _ = timeout(LINGER, company).await;
            lost.extend(self.keep(std::mem::take(&mut batch), began).await);
        }
        lost
    }

    /// Keeps outcomes, and draws conclusions for the webhooks from them.
    async fn keep(&self, mut outcomes: Vec<(Job, Outcome)>, began: Instant) -> Lost {
        // What was answered and is not logged yet must not wait for long.
        let _ = self.breaker.in_time(note_outdated(&mut outcomes, &self.config, began)).await;
        let now = self.clock.now();
        let signals = outcomes.iter().filter_map(|(job, outcome)| match outcome {
            Outcome::Attempted(attempt) if Signal::counts_for_health(job, attempt) => {
                Some(Signal::of(job, attempt))
            }
            _ => None,
        });
        let signals = signals.collect();
        let (lost, changes) =
            join(self.journal.keep(outcomes, now), self.breaker.note(signals, now)).await;
        join_all(changes.into_iter().map(|change| self.announce(change, now))).await;
        lost
    }

    /// Has the others know of a slow client while it is still being waited for.
    fn watch_slow(self: &Arc<Self>, job: &Job) {
        let (this, target) = (Arc::clone(self), Arc::clone(&job.target));
        tokio::spawn(async move {
            if let Err(error) = this.breaker.mark_slow(&target, this.clock.now()).await {
                tracing::warn!(error = %ErrorChain(&error), "a slow webhook was not noted");
            }
        });
    }
}

/// The messages of an event.
#[derive(Default)]
struct Sorted {
    /// Those that are due.
    due: Vec<(RecordIndex, Message)>,
    /// Which of them a producer has submitted.
    submitted: HashSet<RecordIndex>,
    /// Those that are not due.
    early: Early,
    /// The records that cannot be read.
    lost: HashSet<RecordIndex>,
}

fn read(records: &[Record], reports_queue: &str, now: Timestamp) -> Sorted {
    let mut sorted = Sorted::default();
    for (index, record) in records.iter().enumerate() {
        match catch_unwind(|| record.read(reports_queue)) {
            Ok(Ok(Received::Own(Message::Delivery(message))))
                if hop::is_early(&message, now) && !message.is_expired(now) =>
            {
                sorted.early.deliveries.push((index, message));
            }
            Ok(Ok(Received::Own(Message::Reports(message)))) if hop::are_early(&message, now) => {
                sorted.early.reports.push((index, message));
            }
            Ok(Ok(Received::Own(message))) => sorted.due.push((index, message)),
            Ok(Ok(Received::Submitted(message))) => {
                sorted.submitted.insert(index);
                sorted.due.push((index, Message::Reports(message)));
            }
            Ok(Err(error)) => {
                let message_id = record.message_id.as_deref();
                tracing::error!(message_id, error = %ErrorChain(&error), "a message cannot be read");
                sorted.lost.insert(index);
            }
            Err(_) => {
                tracing::error!(message_id = record.message_id.as_deref(), "reading panicked");
                sorted.lost.insert(index);
            }
        }
    }
    sorted
}

/// The records that SQS hands out for the second time: something of them was likely done before.
/// If the log says nothing the third time either, it is not waited for: `MaxReceiveCount` may be 3,
/// and a dead letter is later than anything.
fn came_back(records: &[Record]) -> HashSet<RecordIndex> {
    let records = records.iter().enumerate();
    let again = records.filter(|(_, record)| record.times_received() == Some(2));
    again.map(|(index, _)| index).collect()
}

/// SQS deletes what the answer does not name; a record that cannot be named fails the event.
fn failures(records: &[Record], lost: &HashSet<RecordIndex>) -> Result<SqsBatchResponse, Error> {
    let mut answer = SqsBatchResponse::default();
    for index in lost {
        let id = records.get(*index).and_then(|record| record.message_id.clone());
        let mut failure = BatchItemFailure::default();
        failure.item_identifier =
            id.filter(|id| !id.is_empty()).ok_or("a message without an id failed")?;
        answer.batch_item_failures.push(failure);
    }
    Ok(answer)
}

#[cfg(test)]
mod tests;
