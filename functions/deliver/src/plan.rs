//! The plan of a batch: which webhooks want which report.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::sync::Arc;
use std::time::Instant;

use callhook::domain::account::AccountId;
use callhook::domain::delivery::{DeliveryKey, SkipReason};
use callhook::domain::message::{
    DeliveredMessage, DeliveryMessage, JournalMessage, Message, ReportsMessage, Wait,
};
use callhook::domain::webhook::WebhookStatus;
use callhook::ports::store::{AccountTerms, DeliveryConfig};
use jiff::Timestamp;

use crate::cache::{ConfigCache, Found, FoundWebhook, WebhookKey};
use crate::journal_rows::{QueuedRows, ReportRow};
use crate::pending::{
    AcceptedDelivery, FailedRecords, InFlightReport, Job, PendingDelivery, RecordIndex, Skip,
    SourceMessage,
};
use crate::routing::{Routing, first_attempts, later_attempt};
use crate::target::Target;

/// The deliveries of a batch, beyond which reports are deferred to batches of their own: deliveries in
/// flight take memory, and all must end before the function's timeout.
pub(crate) const MAX_DELIVERIES: usize = 4_000;

/// The work of a batch.
#[derive(Default)]
pub(crate) struct Plan {
    pub(crate) jobs: Vec<Job>,
    pub(crate) skips: Vec<Skip>,
    /// Deliveries that an earlier batch made and could not log.
    pub(crate) accepted: Vec<AcceptedDelivery>,
    /// Reports that no webhook wants.
    pub(crate) unwanted: Vec<(RecordIndex, Arc<InFlightReport>)>,
    /// New rows of the journal.
    pub(crate) rows: Vec<ReportRow>,
    /// Rows of the journal that an earlier batch could not write.
    pub(crate) queued_rows: Vec<QueuedRows>,
    /// Reports for a later batch, each in its own message.
    pub(crate) deferred_reports: Vec<(RecordIndex, ReportsMessage)>,
    /// Deliveries to webhooks whose items cannot be read, each in its own message, so that it becomes a
    /// dead letter without the rest of its record.
    pub(crate) isolated: Vec<(RecordIndex, DeliveryMessage)>,
    /// Records whose webhooks or subscriptions could not be read.
    pub(crate) failed: FailedRecords,
}

impl Plan {
    /// Works out which webhooks get the reports of `messages`.
    pub(crate) async fn make<C: DeliveryConfig>(
        messages: Vec<(RecordIndex, Message)>,
        config: &ConfigCache<C>,
        now: Timestamp,
    ) -> Self {
        let began = Instant::now();
        let accounts = messages.iter().map(|(_, message)| account_of(message));
        let terms = config.terms(each_once(accounts)).await;
        let mut plan = Self::default();
        let mut routings: Vec<Routing> = Vec::with_capacity(messages.len());
        for (record, message) in messages {
            let Some(terms) = terms.get(account_of(&message)) else {
                plan.failed.insert(record);
                continue;
            };
            if terms.is_erased {
                tracing::info!(account_id = %account_of(&message),
                    "dropped a message of an erased account");
                continue;
            }
            match message {
                Message::Reports(message) => {
                    routings.extend(first_attempts(record, message, terms));
                }
                Message::Delivery(message) => {
                    routings.push(later_attempt(record, message, terms, now));
                }
                Message::Delivered(message) => plan.add_accepted(record, *message, terms, now),
                Message::Journal(message) => plan.add_queued_rows(record, message, terms),
            }
        }
        // The cached subscriber lists may be older than a subscription.
        let without_webhook = plan.add_all(routings, config, None, now).await;
        for unwanted in plan.add_all(without_webhook, config, Some(began), now).await {
            let (record, report) = (unwanted.record, unwanted.report);
            tracing::info!(account_id = %report.account_id, report_id = %report.accepted.id,
                "no webhook wants the report");
            plan.rows.push(ReportRow::new(record, Arc::clone(&report), Vec::new()));
            plan.unwanted.push((record, report));
        }
        plan
    }

    /// Adds the deliveries of reports, by subscriptions that were read at `since` or later if that is
    /// given; gives the reports that no webhook wants.
    async fn add_all<C: DeliveryConfig>(
        &mut self,
        routings: Vec<Routing>,
        config: &ConfigCache<C>,
        since: Option<Instant>,
        now: Timestamp,
    ) -> Vec<Routing> {
        if routings.is_empty() {
            return routings;
        }
        let rules = routings.iter().flat_map(|routing| &routing.rules);
        let rules = config.subscribers(each_once(rules), since).await;
        let targets: Vec<_> = routings.iter().map(|routing| routing.webhook_keys(&rules)).collect();
        let webhooks = targets.iter().flatten().flat_map(HashMap::keys);
        let webhooks = config.webhooks(each_once(webhooks)).await;
        let routings = routings.into_iter().zip(targets);
        routings.filter_map(|(one, targets)| self.add(one, targets, &webhooks, now)).collect()
    }

    /// Adds the deliveries of a report; gives it back if no webhook wants it.
    fn add(
        &mut self,
        routing: Routing,
        targets: Option<HashMap<WebhookKey, bool>>,
        webhooks: &Found<WebhookKey, FoundWebhook>,
        now: Timestamp,
    ) -> Option<Routing> {
        let record = routing.record;
        let is_first = routing.source == SourceMessage::Reports;
        let Some(targets) = targets else {
            self.failed.insert(record);
            return None;
        };
        // Later attempts go to one webhook each: ten of them more do not matter.
        let is_too_much = self.jobs.len() + targets.len() > MAX_DELIVERIES;
        if is_too_much && !self.jobs.is_empty() && is_first {
            self.deferred_reports.push((record, routing.report.message()));
            return None;
        }
        let mut webhook_ids = Vec::new();
        for (key, is_named) in targets {
            let webhook_id = key.1;
            let delivery = routing.delivery(webhook_id);
            match webhooks.get(&key) {
                // A subscription of a deleted webhook.
                Some(FoundWebhook::Missing) if !is_named => continue,
                Some(FoundWebhook::Missing) => {
                    self.add_delivery(delivery, None, routing.is_expired);
                }
                Some(FoundWebhook::Target(target)) => {
                    self.add_delivery(delivery, Some(target), routing.is_expired);
                }
                Some(FoundWebhook::Unreadable) if is_first => {
                    let message = delivery.message(delivery.attempt, now, Wait::Schedule);
                    self.isolated.push((record, message));
                }
                None | Some(FoundWebhook::Unreadable) => {
                    self.failed.insert(record);
                }
            }
            webhook_ids.push(webhook_id);
        }
        if webhook_ids.is_empty() {
            return Some(routing);
        }
        if is_first {
            self.rows.push(ReportRow::new(record, routing.report, webhook_ids));
        }
        None
    }

    /// Adds a delivery that is only to be logged, whatever the state of its webhook.
    fn add_accepted(
        &mut self,
        record: RecordIndex,
        message: DeliveredMessage,
        terms: &AccountTerms,
        now: Timestamp,
    ) {
        let DeliveredMessage { delivery, attempt } = message;
        let (webhook_id, report_id) = (delivery.webhook_id, delivery.report_id);
        if delivery.is_expired(now) {
            tracing::error!(%webhook_id, %report_id, "gave up logging a delivery");
            return;
        }
        let delivery = later_attempt(record, delivery, terms, now).delivery(webhook_id);
        self.accepted.push(AcceptedDelivery {
            delivery,
            at: attempt.at,
            attempt: attempt.attempt(),
        });
    }

    /// Adds rows that were queued. After a week of attempts to write them, their message becomes a dead letter.
    fn add_queued_rows(
        &mut self,
        record: RecordIndex,
        message: JournalMessage,
        terms: &AccountTerms,
    ) {
        if message.times_queued > JournalMessage::MAX_TIMES_QUEUED {
            self.failed.insert(record);
            return;
        }
        let AccountTerms { retention, has_erased_reports, .. } = *terms;
        let may_be_erased = false;
        let queued = QueuedRows { record, message, retention, has_erased_reports, may_be_erased };
        self.queued_rows.push(queued);
    }

    /// Adds a delivery to `target`, or to a webhook that does not exist.
    fn add_delivery(
        &mut self,
        delivery: PendingDelivery,
        target: Option<&Arc<Target>>,
        is_expired: bool,
    ) {
        let reason = match target.map(|target| (target, &target.webhook.settings.status)) {
            None => SkipReason::WebhookDeleted,
            Some(_) if is_expired => SkipReason::Expired,
            Some((_, WebhookStatus::Inactive)) => SkipReason::WebhookInactive,
            Some((_, WebhookStatus::Disabled { .. })) => SkipReason::WebhookDisabled,
            Some((target, WebhookStatus::Active)) => {
                self.jobs.push(Job::new(delivery, Arc::clone(target)));
                return;
            }
        };
        if reason == SkipReason::Expired {
            tracing::error!(webhook_id = %delivery.webhook_id,
                report_id = %delivery.report.accepted.id, attempt = delivery.attempt,
                "a delivery is older than any schedule allows");
        }
        self.skips.push(Skip { delivery, reason });
    }

    /// The keys of all deliveries, each once.
    pub(crate) fn keys(&self) -> Vec<DeliveryKey> {
        let keys: HashSet<_> = self.deliveries().map(PendingDelivery::key).collect();
        keys.into_iter().collect()
    }

    /// Drops the work that does not stay, by its record and report.
    pub(crate) fn retain(&mut self, stays: impl Fn(RecordIndex, &Arc<InFlightReport>) -> bool) {
        let stays_pending = |of: &PendingDelivery| stays(of.record, &of.report);
        self.jobs.retain(|job| stays_pending(&job.delivery));
        self.skips.retain(|skip| stays_pending(&skip.delivery));
        self.accepted.retain(|accepted| stays_pending(&accepted.delivery));
        self.unwanted.retain(|(record, report)| stays(*record, report));
        self.rows.retain(|row| stays(row.record, &row.report));
    }

    pub(crate) fn deliveries(&self) -> impl Iterator<Item = &PendingDelivery> {
        let jobs = self.jobs.iter().map(|job| &job.delivery);
        let skips = self.skips.iter().map(|skip| &skip.delivery);
        jobs.chain(skips).chain(self.accepted.iter().map(|accepted| &accepted.delivery))
    }

    pub(crate) fn deliveries_mut(&mut self) -> impl Iterator<Item = &mut PendingDelivery> {
        let jobs = self.jobs.iter_mut().map(|job| &mut job.delivery);
        let skips = self.skips.iter_mut().map(|skip| &mut skip.delivery);
        jobs.chain(skips).chain(self.accepted.iter_mut().map(|accepted| &mut accepted.delivery))
    }
}

/// Each of `items` once. Most reports of a batch share an item, which is cloned once.
fn each_once<'a, T: Clone + Eq + Hash + 'a>(items: impl Iterator<Item = &'a T>) -> HashSet<T> {
    let different: HashSet<&T> = items.collect();
    different.into_iter().cloned().collect()
}

fn account_of(message: &Message) -> &AccountId {
    match message {
        Message::Reports(message) => &message.account_id,
        Message::Delivery(message) => &message.account_id,
        Message::Delivered(message) => &message.delivery.account_id,
        Message::Journal(message) => &message.account_id,
    }
}

#[cfg(test)]
mod tests;
