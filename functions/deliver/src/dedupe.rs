//! Dedupe: drops work that the log shows as done, because SQS or a caller repeated a message.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use callhook::domain::delivery::{DeliveryKey, LogEntry, Trigger};
use callhook::domain::report::ReportKey;
use callhook::ports::store::{DeliveryConfig, DeliveryLog, PriorEntry};
use callhook::runtime::telemetry::ErrorChain;
use jiff::Timestamp;

use crate::bounded_log::BoundedLog;
use crate::cache::ConfigCache;
use crate::erased::{drop_erased, drop_erased_accounts, may_be_erased};
use crate::pending::{FailedRecords, InFlightReport, Job, PendingDelivery, RecordIndex};
use crate::plan::Plan;
use crate::requeue::NotDue;

/// Drops work that the log shows as done, and work of erased reports and accounts. If the log does not answer,
/// `redelivered` records wait for it once more, and the others are delivered: late is worse than twice. Erased
/// reports may go out then as well, but nothing is written without another lookup ([`PriorEntry::Unknown`]).
pub(crate) async fn apply_log<C: DeliveryConfig, L: DeliveryLog>(
    log: &BoundedLog<L>,
    config: &ConfigCache<C>,
    plan: &mut Plan,
    not_due: &mut NotDue,
    redelivered: &HashSet<RecordIndex>,
) -> FailedRecords {
    let terms = drop_erased_accounts(not_due, config).await;
    let (keys, reports) = (plan.keys(), may_be_erased(plan, not_due, &terms));
    let mut deferred = FailedRecords::new();
    if !keys.is_empty() || !reports.is_empty() {
        match log.look_up(&keys, &reports).await {
            Ok(found) => {
                plan.apply_log(&found.logged);
                drop_erased(plan, not_due, &found.erased);
            }
            Err(error) => {
                tracing::warn!(error = %ErrorChain(&error), "dedupe lookup failed");
                deferred = plan.defer_records(redelivered);
                plan.mark_log_unknown();
            }
        }
    }
    drop_repeated_unwanted(log, plan).await;
    deferred
}

/// Drops unwanted reports that a caller submitted before. If the log does not answer, they are
/// logged once more.
async fn drop_repeated_unwanted<L: DeliveryLog>(log: &BoundedLog<L>, plan: &mut Plan) {
    let keys: HashSet<_> = plan.unwanted.iter().map(|(_, report)| report.report_key()).collect();
    if keys.is_empty() {
        return;
    }
    match log.unwanted_received_at(&keys).await {
        Ok(receipts) => plan.drop_logged_unwanted(&receipts),
        Err(error) => {
            tracing::warn!(error = %ErrorChain(&error), "dedupe lookup of unwanted reports failed");
        }
    }
}

impl Plan {
    /// Drops what the log shows as done, and notes the log entries of the rest.
    fn apply_log(&mut self, logged: &HashMap<DeliveryKey, LogEntry>) {
        let is_open = |delivery: &PendingDelivery| {
            let entry = logged.get(&delivery.key());
            entry.is_none_or(|entry| !entry.covers(&delivery.trigger, delivery.attempt))
        };
        self.jobs.retain(|job| is_open(&job.delivery));
        self.skips.retain(|skip| is_open(&skip.delivery));
        self.accepted.retain(|accepted| {
            logged.get(&accepted.delivery.key()).is_none_or(|entry| !accepted.is_in(entry))
        });
        let rows = std::mem::take(&mut self.rows).into_iter();
        self.rows = rows.filter_map(|row| row.missing_beside(logged)).collect();
        for delivery in self.deliveries_mut() {
            if let Some(entry) = logged.get(&delivery.key()) {
                delivery.prior = PriorEntry::Known(Box::new(entry.clone()));
            }
        }
    }

    /// Notes that the log could not be read.
    fn mark_log_unknown(&mut self) {
        self.deliveries_mut().for_each(|delivery| delivery.prior = PriorEntry::Unknown);
        for row in &mut self.rows {
            row.may_be_erased = row.report.terms.has_erased_reports;
        }
        for queued in &mut self.queued_rows {
            queued.may_be_erased = queued.has_erased_reports;
        }
    }

    /// Drops the work of `records`. Gives those that had some: SQS redelivers them.
    fn defer_records(&mut self, records: &HashSet<RecordIndex>) -> FailedRecords {
        let of_rows = self.queued_rows.iter().map(|queued| queued.record);
        let all = self.deliveries().map(|delivery| delivery.record).chain(of_rows);
        let deferred: FailedRecords = all.filter(|record| records.contains(record)).collect();
        self.retain(|record, _| !deferred.contains(&record));
        self.deferred_reports.retain(|(record, _)| !deferred.contains(record));
        self.isolated.retain(|(record, _)| !deferred.contains(record));
        self.queued_rows.retain(|queued| !deferred.contains(&queued.record));
        deferred
    }

    /// Drops unwanted reports that the log has from another receipt.
    fn drop_logged_unwanted(&mut self, receipts: &HashMap<ReportKey, Timestamp>) {
        let is_new = |report: &Arc<InFlightReport>| {
            let logged = receipts.get(&report.report_key());
            logged.is_none_or(|receipt| *receipt == report.received_at)
        };
        self.unwanted.retain(|(_, report)| is_new(report));
        self.rows.retain(|row| !row.webhook_ids.is_empty() || is_new(&row.report));
    }

    /// Leaves each delivery once for each trigger. Of several attempts the last counts: its message
    /// was sent when those before it had been made.
    pub(crate) fn drop_duplicates(&mut self) {
        let mut last: HashMap<(DeliveryKey, Trigger), Job> =
            HashMap::with_capacity(self.jobs.len());
        for job in self.jobs.drain(..) {
            match last.entry((job.delivery.key(), job.delivery.trigger)) {
                Entry::Occupied(mut seen) if seen.get().delivery.attempt < job.delivery.attempt => {
                    seen.insert(job);
                }
                Entry::Occupied(_) => {}
                Entry::Vacant(vacant) => {
                    vacant.insert(job);
                }
            }
        }
        let mut skipped = HashSet::new();
        self.skips.retain(|skip| {
            let key = (skip.delivery.key(), skip.delivery.trigger);
            !last.contains_key(&key) && skipped.insert(key)
        });
        self.jobs.extend(last.into_values());
    }
}
