//! From messages to deliveries: who wants which report.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::sync::Arc;
use std::time::Instant;

use callhook::account::AccountId;
use callhook::delivery::{DeliveryKey, LogEntry, SkipReason, Trigger};
use callhook::erasure::ReportKey;
use callhook::message::{
    DeliveredMessage, DeliveryMessage, JournalMessage, Message, ReportsMessage, Wait,
};
use callhook::store::{AccountTerms, DeliveryConfig, PriorEntry};
use callhook::webhook::WebhookStatus;
use jiff::Timestamp;

use crate::cache::{ConfigCache, Found, FoundWebhook, WebhookKey};
use crate::due::{InFlightReport, Job, PendingDelivery, RecordIndex, Skip, SourceQueue, Taken};
use crate::erased::note_erased_account;
use crate::journal::{Journaled, Unwritten};
use crate::target::Target;
use crate::wanted::{Wanted, first_attempts, later_attempt};

/// The deliveries of an event at which further reports are put off to events of their own: what
/// is under way takes memory, and all of it must end before the function's timeout.
pub(crate) const ENOUGH_DELIVERIES: usize = 4_000;

/// What is to be done for an event.
#[derive(Default)]
pub(crate) struct Plan {
    pub(crate) jobs: Vec<Job>,
    pub(crate) skips: Vec<Skip>,
    /// What clients took before, and is to be logged only.
    pub(crate) taken: Vec<Taken>,
    /// Reports that nobody wants.
    pub(crate) unwanted: Vec<(RecordIndex, Arc<InFlightReport>)>,
    /// Reports that the journal is to have.
    pub(crate) journaled: Vec<Journaled>,
    /// Rows of the journal that could not be written before.
    pub(crate) unwritten: Vec<Unwritten>,
    /// Reports for a later event, as messages of their own.
    pub(crate) put_off: Vec<(RecordIndex, ReportsMessage)>,
    /// Deliveries to webhooks whose items cannot be read, as messages of their own: each becomes a
    /// dead letter without the rest of its record.
    pub(crate) alone: Vec<(RecordIndex, DeliveryMessage)>,
    /// Records whose webhooks or subscriptions could not be read.
    pub(crate) unreadable: HashSet<RecordIndex>,
}

impl Plan {
    /// Works out who gets the reports of `messages`.
    pub(crate) async fn make<C: DeliveryConfig>(
        messages: Vec<(RecordIndex, Message)>,
        config: &ConfigCache<C>,
        now: Timestamp,
    ) -> Self {
        let began = Instant::now();
        let accounts = messages.iter().map(|(_, message)| account_of(message));
        let terms = config.terms(each_once(accounts)).await;
        let mut plan = Self::default();
        let mut wanted: Vec<Wanted> = Vec::with_capacity(messages.len());
        for (record, message) in messages {
            let Some(terms) = terms.get(account_of(&message)) else {
                plan.unreadable.insert(record);
                continue;
            };
            if terms.is_erased {
                note_erased_account(account_of(&message));
                continue;
            }
            match message {
                Message::Reports(message) => wanted.extend(first_attempts(record, message, terms)),
                Message::Delivery(message) => {
                    wanted.push(later_attempt(record, message, terms, now));
                }
                Message::Delivered(message) => plan.add_taken(record, *message, terms, now),
                Message::Journal(message) => plan.add_unwritten(record, message, terms),
            }
        }
        // The cached subscriber lists may be older than a subscription.
        let unsure = plan.add_all(wanted, config, None, now).await;
        for unwanted in plan.add_all(unsure, config, Some(began), now).await {
            let (record, parcel) = (unwanted.record, unwanted.parcel);
            tracing::info!(account_id = %parcel.account_id, report_id = %parcel.accepted.id,
                "no webhook wants the report");
            plan.journaled.push(Journaled::new(record, Arc::clone(&parcel), Vec::new()));
            plan.unwanted.push((record, parcel));
        }
        plan
    }

    /// Adds the deliveries of reports, by subscriptions that were read at `since` or later if that is
    /// given; gives the reports that no webhook wants.
    async fn add_all<C: DeliveryConfig>(
        &mut self,
        wanted: Vec<Wanted>,
        config: &ConfigCache<C>,
        since: Option<Instant>,
        now: Timestamp,
    ) -> Vec<Wanted> {
        if wanted.is_empty() {
            return wanted;
        }
        let rules = wanted.iter().flat_map(|wanted| &wanted.rules);
        let rules = config.subscribers(each_once(rules), since).await;
        let targets: Vec<_> = wanted.iter().map(|wanted| wanted.webhook_keys(&rules)).collect();
        let webhooks = targets.iter().flatten().flat_map(HashMap::keys);
        let webhooks = config.webhooks(each_once(webhooks)).await;
        let wanted = wanted.into_iter().zip(targets);
        wanted.filter_map(|(wanted, targets)| self.add(wanted, targets, &webhooks, now)).collect()
    }

    /// Adds the deliveries of a report; gives it back if no webhook wants it.
    fn add(
        &mut self,
        wanted: Wanted,
        targets: Option<HashMap<WebhookKey, bool>>,
        webhooks: &Found<WebhookKey, FoundWebhook>,
        now: Timestamp,
    ) -> Option<Wanted> {
        let record = wanted.record;
        let Some(targets) = targets else {
            self.unreadable.insert(record);
            return None;
        };
        // Later attempts go to one webhook each: ten of them more do not matter.
        let is_much = self.jobs.len() + targets.len() > ENOUGH_DELIVERIES;
        if is_much && !self.jobs.is_empty() && wanted.source == SourceQueue::Reports {
            self.put_off.push((record, wanted.parcel.message()));
            return None;
        }
        let mut webhook_ids = Vec::new();
        for (key, is_named) in targets {
            let webhook_id = key.1;
            let due = wanted.due(key.1);
            match webhooks.get(&key) {
                // A subscription that outlived its webhook wants nothing.
                Some(FoundWebhook::Missing) if !is_named => continue,
                Some(FoundWebhook::Missing) => self.add_delivery(due, None, wanted.is_expired),
                Some(FoundWebhook::Target(target)) => {
                    self.add_delivery(due, Some(target), wanted.is_expired);
                }
                Some(FoundWebhook::Unreadable) if wanted.source == SourceQueue::Reports => {
                    let message = due.message(due.attempt, now, Wait::Schedule);
                    self.alone.push((record, message));
                }
                None | Some(FoundWebhook::Unreadable) => {
                    self.unreadable.insert(record);
                }
            }
            webhook_ids.push(webhook_id);
        }
        if webhook_ids.is_empty() {
            return Some(wanted);
        }
        if wanted.source == SourceQueue::Reports {
            self.journaled.push(Journaled::new(record, wanted.parcel, webhook_ids));
        }
        None
    }

    /// A delivery that is to be logged, whatever has become of its webhook.
    fn add_taken(
        &mut self,
        record: RecordIndex,
        message: DeliveredMessage,
        terms: &AccountTerms,
        now: Timestamp,
    ) {
        let DeliveredMessage { delivery, attempt } = message;
        let (webhook_id, report_id) = (delivery.webhook_id, delivery.report_id);
        if delivery.is_expired(now) {
            tracing::error!(%webhook_id, %report_id, "what was taken could not be logged");
            return;
        }
        let due = later_attempt(record, delivery, terms, now).due(webhook_id);
        self.taken.push(Taken { due, at: attempt.at, attempt: attempt.attempt() });
    }

    /// Rows that are to be written, unless that has been tried for a week: then their message becomes a dead letter.
    fn add_unwritten(
        &mut self,
        record: RecordIndex,
        message: JournalMessage,
        terms: &AccountTerms,
    ) {
        if message.times_queued > JournalMessage::MAX_TIMES_QUEUED {
            self.unreadable.insert(record);
            return;
        }
        let AccountTerms { retention, has_erased_reports, .. } = *terms;
        let is_unsure = false;
        self.unwritten.push(Unwritten {
            record,
            message,
            retention,
            has_erased_reports,
            is_unsure,
        });
    }

    /// A delivery to `target`, or to a webhook that does not exist.
    fn add_delivery(
        &mut self,
        due: PendingDelivery,
        target: Option<&Arc<Target>>,
        is_expired: bool,
    ) {
        let reason = match target.map(|target| target.webhook.settings.status) {
            None => SkipReason::WebhookDeleted,
            Some(_) if is_expired => SkipReason::Expired,
            Some(WebhookStatus::Inactive) => SkipReason::WebhookInactive,
            Some(WebhookStatus::Disabled { .. }) => SkipReason::WebhookDisabled,
            Some(WebhookStatus::Active) => {
                let target = target.map(Arc::clone);
                let job = |target| Job {
                    due,
                    target,
                    probe_until: None,
                    start_at: None,
                    is_outdated: false,
                };
                self.jobs.extend(target.map(job));
                return;
            }
        };
        if reason == SkipReason::Expired {
            tracing::error!(webhook_id = %due.webhook_id, report_id = %due.parcel.accepted.id,
                attempt = due.attempt, "a delivery is older than any schedule allows");
        }
        self.skips.push(Skip { due, reason });
    }

    /// Everything that the plan would do, each delivery once.
    pub(crate) fn keys(&self) -> Vec<DeliveryKey> {
        let keys: HashSet<_> = self.dues().map(PendingDelivery::key).collect();
        keys.into_iter().collect()
    }

    /// All that the plan would do.
    pub(crate) fn dues(&self) -> impl Iterator<Item = &PendingDelivery> {
        let jobs = self.jobs.iter().map(|job| &job.due);
        let skips = self.skips.iter().map(|skip| &skip.due);
        jobs.chain(skips).chain(self.taken.iter().map(|taken| &taken.due))
    }

    fn dues_mut(&mut self) -> impl Iterator<Item = &mut PendingDelivery> {
        let jobs = self.jobs.iter_mut().map(|job| &mut job.due);
        let skips = self.skips.iter_mut().map(|skip| &mut skip.due);
        jobs.chain(skips).chain(self.taken.iter_mut().map(|taken| &mut taken.due))
    }

    /// Takes out what was done before, by a message that SQS or a caller repeated, and keeps in
    /// mind what the log held of the rest.
    pub(crate) fn learn(&mut self, logged: &HashMap<DeliveryKey, LogEntry>) {
        let wanted = |due: &PendingDelivery| {
            logged.get(&due.key()).is_none_or(|entry| !entry.covers(&due.trigger, due.attempt))
        };
        self.jobs.retain(|job| wanted(&job.due));
        self.skips.retain(|skip| wanted(&skip.due));
        self.taken
            .retain(|taken| logged.get(&taken.due.key()).is_none_or(|entry| !taken.is_in(entry)));
        let journaled = std::mem::take(&mut self.journaled).into_iter();
        self.journaled = journaled.filter_map(|journaled| journaled.beside(logged)).collect();
        for due in self.dues_mut() {
            if let Some(entry) = logged.get(&due.key()) {
                due.before = PriorEntry::Known(Box::new(entry.clone()));
            }
        }
    }

    /// Takes out unwanted reports that are noted from another receipt, by what is noted.
    pub(crate) fn forget_unwanted(&mut self, receipts: &HashMap<ReportKey, Timestamp>) {
        let is_new = |parcel: &Arc<InFlightReport>| {
            let known = receipts.get(&parcel.report_key());
            known.is_none_or(|receipt| *receipt == parcel.received_at)
        };
        self.unwanted.retain(|(_, parcel)| is_new(parcel));
        self.journaled.retain(|one| !one.webhook_ids.is_empty() || is_new(&one.parcel));
    }

    /// Takes out what came with `records`, and gives those that are to come back for it.
    pub(crate) fn give_back(&mut self, records: &HashSet<RecordIndex>) -> HashSet<RecordIndex> {
        let of_rows = self.unwritten.iter().map(|unwritten| unwritten.record);
        let all = self.dues().map(|due| due.record).chain(of_rows);
        let given_back: HashSet<_> = all.filter(|record| records.contains(record)).collect();
        let stays = |record: &RecordIndex| !given_back.contains(record);
        self.jobs.retain(|job| stays(&job.due.record));
        self.skips.retain(|skip| stays(&skip.due.record));
        self.taken.retain(|taken| stays(&taken.due.record));
        self.put_off.retain(|(record, _)| stays(record));
        self.alone.retain(|(record, _)| stays(record));
        self.unwanted.retain(|(record, _)| stays(record));
        self.journaled.retain(|journaled| stays(&journaled.record));
        self.unwritten.retain(|unwritten| stays(&unwritten.record));
        given_back
    }

    /// The log could not be read.
    pub(crate) fn learn_nothing(&mut self) {
        self.dues_mut().for_each(|due| due.before = PriorEntry::Unknown);
        for journaled in &mut self.journaled {
            journaled.is_unsure = journaled.parcel.terms.has_erased_reports;
        }
        for unwritten in &mut self.unwritten {
            unwritten.is_unsure = unwritten.has_erased_reports;
        }
    }

    /// Leaves each delivery once for each trigger. Of several attempts the last counts: it was
    /// sent when those before it had been made.
    pub(crate) fn drop_repeated(&mut self) {
        let mut last: HashMap<(DeliveryKey, Trigger), Job> =
            HashMap::with_capacity(self.jobs.len());
        for job in self.jobs.drain(..) {
            match last.entry((job.due.key(), job.due.trigger)) {
                Entry::Occupied(mut known) if known.get().due.attempt < job.due.attempt => {
                    known.insert(job);
                }
                Entry::Occupied(_) => {}
                Entry::Vacant(place) => {
                    place.insert(job);
                }
            }
        }
        let mut skipped = HashSet::new();
        self.skips.retain(|skip| {
            let key = (skip.due.key(), skip.due.trigger);
            !last.contains_key(&key) && skipped.insert(key)
        });
        self.jobs.extend(last.into_values());
    }
}

/// What most of the reports of an event share is copied once.
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
