//! Makes outcomes durable: first the messages that follow from them are queued, then the log is written.

mod journal;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use callhook::domain::delivery::DeliveryKey;
use callhook::domain::message::{DeliveryMessage, ReportsMessage};
use callhook::ports::queue::{MessageQueue, Outgoing};
use callhook::ports::store::{DeliveryLog, LogWrite, UnwantedReport};
use callhook::runtime::telemetry::ErrorChain;
use callhook::runtime::telemetry::metrics::{Counter, Metrics};
use jiff::Timestamp;

use crate::attempt::AttemptOutcome;
use crate::bounded_log::BoundedLog;
use crate::outcome_write::{LogFallback, NOT_LOGGED_DELAY, OutcomeWrite};
use crate::pending::{
    AcceptedDelivery, Deferral, FailedRecords, InFlightReport, Job, RecordIndex, Skip, later,
};
use crate::plan::Plan;
use crate::requeue::{NotDue, outgoing, outgoing_reports};

/// Writes outcomes to the Retries queue and to the log.
pub(crate) struct OutcomeWriter<Q, L> {
    pub(crate) retries: Q,
    pub(crate) log: BoundedLog<L>,
    metrics: Metrics,
}

impl<Q: MessageQueue, L: DeliveryLog> OutcomeWriter<Q, L> {
    pub(crate) fn new(retries: Q, log: L, metrics: Metrics) -> Self {
        Self { retries, log: BoundedLog::new(log), metrics }
    }

    /// Writes the outcomes of jobs. The record of a panic fails, and becomes a dead letter if that recurs.
    pub(crate) async fn write_outcomes(
        &self,
        outcomes: Vec<(Job, AttemptOutcome)>,
        now: Timestamp,
    ) -> FailedRecords {
        let mut panicked = FailedRecords::new();
        let mut writes = Vec::with_capacity(outcomes.len());
        for (job, outcome) in outcomes {
            let delivery = &job.delivery;
            let (record, webhook_id) = (delivery.record, delivery.webhook_id);
            let report_id = delivery.report.accepted.id;
            if let Some(write) = OutcomeWrite::of(job, outcome, now) {
                writes.push(write);
            } else {
                tracing::error!(%webhook_id, %report_id, "attempt panicked");
                panicked.insert(record);
            }
        }
        let mut failed = self.write(writes, now).await;
        failed.extend(panicked);
        failed
    }

    /// Writes the ends of deliveries without an attempt.
    pub(crate) async fn write_skips(&self, skips: Vec<Skip>, now: Timestamp) -> FailedRecords {
        let writes = skips.into_iter().map(|skip| OutcomeWrite::skipped(skip, now));
        self.write(writes.collect(), now).await
    }

    /// Logs deliveries that receivers accepted before. One that cannot be logged now is queued, so no
    /// record fails.
    pub(crate) async fn write_accepted(&self, accepted: Vec<AcceptedDelivery>, now: Timestamp) {
        let writes: Vec<_> =
            accepted.into_iter().map(|accepted| OutcomeWrite::accepted(accepted, now)).collect();
        let events = writes
            .iter()
            .filter_map(|write| Some((write.record, write.operational_event.clone()?)));
        self.queue_deliveries(events.collect(), now).await;
        self.log(writes, now).await;
    }

    /// Writes deferred deliveries.
    pub(crate) async fn write_deferrals(
        &self,
        deferrals: Vec<Deferral>,
        now: Timestamp,
    ) -> FailedRecords {
        let writes = deferrals.into_iter().map(|deferral| OutcomeWrite::deferred(deferral, now));
        self.write(writes.collect(), now).await
    }

    /// Logs reports that no webhook wants.
    pub(crate) async fn write_unwanted(
        &self,
        reports: Vec<(RecordIndex, Arc<InFlightReport>)>,
        now: Timestamp,
    ) -> FailedRecords {
        if reports.is_empty() {
            return FailedRecords::new();
        }
        let unwanted = reports.iter().map(|(_, report)| UnwantedReport {
            account_id: report.account_id.clone(),
            report_id: report.accepted.id,
            report: Arc::clone(&report.accepted.report),
            received_at: report.received_at,
            at: now,
            retention: report.terms.retention,
        });
        let failed = self.log.write_unwanted_reports(unwanted.collect()).await;
        let failed: HashMap<_, _> = failed.into_iter().collect();
        for (report_id, error) in &failed {
            tracing::error!(%report_id, error = %ErrorChain(error), "failed to log an unwanted report");
        }
        let failed = reports.iter().filter(|(_, report)| failed.contains_key(&report.accepted.id));
        failed.map(|(record, _)| *record).collect()
    }

    /// Requeues messages that are not due, and the plan's deferred reports and isolated deliveries.
    pub(crate) async fn requeue(
        &self,
        plan: &mut Plan,
        not_due: NotDue,
        now: Timestamp,
    ) -> FailedRecords {
        let NotDue { mut deliveries, reports } = not_due;
        let mut later_reports = std::mem::take(&mut plan.deferred_reports);
        later_reports.extend(reports);
        let mut failed = self.queue_reports(later_reports, now).await;
        for (_, message) in &mut deliveries {
            message.times_queued = message.times_queued.saturating_add(1);
        }
        failed.extend(self.queue_deliveries(deliveries, now).await);
        failed.extend(self.queue_deliveries(std::mem::take(&mut plan.isolated), now).await);
        failed
    }

    /// Queues reports until their permits under the account's quota, or for the next batch.
    async fn queue_reports(
        &self,
        reports: Vec<(RecordIndex, ReportsMessage)>,
        now: Timestamp,
    ) -> FailedRecords {
        let messages =
            reports.into_iter().map(|(record, message)| (record, outgoing_reports(&message, now)));
        self.queue(messages.collect()).await.into_iter().filter_map(Result::err).collect()
    }

    /// Queues deliveries until they are due.
    pub(crate) async fn queue_deliveries(
        &self,
        deliveries: Vec<(RecordIndex, DeliveryMessage)>,
        now: Timestamp,
    ) -> FailedRecords {
        let messages =
            deliveries.into_iter().map(|(record, message)| (record, outgoing(&message, now)));
        self.queue(messages.collect()).await.into_iter().filter_map(Result::err).collect()
    }

    /// Queues the messages of `writes`, then logs those whose messages are queued: a log that knew of an
    /// attempt would keep a redelivered record from repeating it.
    async fn write(&self, writes: Vec<OutcomeWrite>, now: Timestamp) -> FailedRecords {
        let messages = writes.iter().flat_map(|write| {
            let messages = write.first.iter().chain(&write.operational_event);
            messages.map(|message| (write.record, outgoing(message, now)))
        });
        let mut queued = self.queue(messages.collect()).await.into_iter();
        let mut failed = FailedRecords::new();
        let mut safe = Vec::with_capacity(writes.len());
        for write in writes {
            // Collected, so that no result of this write is left for the next.
            let first: Vec<_> = queued.by_ref().take(write.first.len()).collect();
            // An event that was not queued is logged as an error, and fails no record.
            let _ = write.operational_event.is_some().then(|| queued.next());
            if first.iter().all(Result::is_ok) {
                if !matches!(write.log_fallback, Some(LogFallback::EndAgain(_))) {
                    self.count(write.counters);
                }
                safe.push(write);
            } else {
                failed.insert(write.record);
            }
        }
        failed.extend(self.log(safe, now).await);
        failed
    }

    /// Logs writes, and queues the fallbacks of those that cannot be logged. A delivered report is not
    /// sent again because the log failed, and queued messages are safe without it.
    async fn log(&self, writes: Vec<OutcomeWrite>, now: Timestamp) -> FailedRecords {
        let mut ends = Vec::with_capacity(writes.len());
        let mut log_writes = Vec::with_capacity(writes.len());
        for write in writes {
            if let (Some(log_write), Some(fallback)) = (&write.log_write, write.log_fallback) {
                ends.push((log_write.update.key, write.record, write.counters, fallback));
            }
            log_writes.extend(write.log_write);
        }
        let not_logged = self.write_log(log_writes).await;
        let (mut end_again, mut log_later) = (Vec::new(), Vec::new());
        for (key, record, counters, fallback) in ends {
            let is_logged = !not_logged.contains(&key);
            match fallback {
                // Counted once: a delivery ends again until its end is logged.
                LogFallback::EndAgain(_) if is_logged => self.count(counters),
                LogFallback::LogLater(_) if is_logged => {}
                LogFallback::EndAgain(message) => end_again.push((record, message)),
                LogFallback::LogLater(accepted) => {
                    log_later.push((record, log_later_message(&accepted, now)));
                }
            }
        }
        // A failure to queue these is logged and fails no record.
        self.queue(log_later).await;
        self.queue_deliveries(end_again, now).await
    }

    fn count(&self, counters: &[Counter]) {
        for counter in counters {
            self.metrics.count(*counter);
        }
    }

    /// Writes to the log; gives the keys of the writes that failed.
    async fn write_log(&self, writes: Vec<LogWrite>) -> HashSet<DeliveryKey> {
        if writes.is_empty() {
            return HashSet::new();
        }
        let failed = self.log.write_updates(writes).await.into_iter().map(|(key, error)| {
            let DeliveryKey { webhook_id, report_id } = key;
            tracing::error!(%webhook_id, %report_id, error = %ErrorChain(&error),
                "failed to log a delivery");
            key
        });
        failed.collect()
    }

    /// Queues messages. The results are in their order; an error names the record.
    async fn queue(
        &self,
        messages: Vec<(RecordIndex, Result<Outgoing, serde_json::Error>)>,
    ) -> Vec<Result<(), RecordIndex>> {
        let mut results: Vec<_> = messages.iter().map(|(record, _)| Err(*record)).collect();
        let mut positions = Vec::with_capacity(messages.len());
        let mut outgoing = Vec::with_capacity(messages.len());
        for (position, (_, message)) in messages.into_iter().enumerate() {
            match message {
                Ok(message) => {
                    positions.push(position);
                    outgoing.push(message);
                }
                Err(error) => tracing::error!(%error, "failed to serialize a message"),
            }
        }
        if outgoing.is_empty() {
            return results;
        }
        for (position, sent) in positions.into_iter().zip(self.retries.send(outgoing).await) {
            match (sent, results.get_mut(position)) {
                (Ok(()), Some(result)) => *result = Ok(()),
                (Ok(()), None) => {}
                (Err(error), _) => tracing::error!(%error, "failed to queue a message"),
            }
        }
        results
    }
}

/// The message that logs an accepted delivery in a minute.
fn log_later_message(
    accepted: &AcceptedDelivery,
    now: Timestamp,
) -> Result<Outgoing, serde_json::Error> {
    let body = accepted.message(later(now, NOT_LOGGED_DELAY)).to_json()?;
    let account_id = accepted.delivery.report.account_id.clone();
    Ok(Outgoing { body, account_id, delay: NOT_LOGGED_DELAY })
}
