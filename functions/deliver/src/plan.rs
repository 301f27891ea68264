//! From messages to deliveries: who wants which report.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, OnceLock};

use callhook::account::AccountId;
use callhook::delivery::{DeliveryKey, LoggedDelivery, SkipReason};
use callhook::ids::WebhookId;
use callhook::message::{AcceptedReport, DeliveryMessage, Message, ReportsMessage};
use callhook::report::DefaultPayload;
use callhook::request::ReportView;
use callhook::store::DeliveryConfig;
use callhook::subscription::Identity;
use callhook::webhook::WebhookStatus;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::cache::{ConfigCache, Found, RuleKey, Target, WebhookKey};

/// Which record of the event something belongs to.
pub(crate) type RecordIndex = usize;

/// The deliveries of an event at which further reports are put off to events of their own: what
/// is under way takes memory, and all of it must end before the function's timeout.
pub(crate) const ENOUGH_DELIVERIES: usize = 4_000;

/// A report on its way, shared by its deliveries.
pub(crate) struct Parcel {
    pub(crate) account_id: AccountId,
    pub(crate) received_at: Timestamp,
    pub(crate) accepted: AcceptedReport,
    /// The zone of the report's times.
    zone: TimeZone,
    payload: OnceLock<DefaultPayload>,
}

impl Parcel {
    /// The default payload, rendered by the first delivery that needs it: in that delivery's
    /// task, where a panic harms nobody else.
    pub(crate) fn payload(&self) -> &DefaultPayload {
        let render = || DefaultPayload::new(&self.accepted.report, self.received_at);
        self.payload.get_or_init(render)
    }

    /// The report as requests for it need it.
    pub(crate) fn view(&self) -> ReportView<'_> {
        let AcceptedReport { id, report } = &self.accepted;
        ReportView { id: *id, report, zone: &self.zone }
    }

    /// The message that has an attempt made later.
    pub(crate) fn message(
        &self,
        webhook_id: WebhookId,
        attempt: u32,
        due_at: Timestamp,
    ) -> DeliveryMessage {
        DeliveryMessage {
            account_id: self.account_id.clone(),
            received_at: self.received_at,
            webhook_id,
            report_id: self.accepted.id,
            report: Arc::clone(&self.accepted.report),
            attempt,
            due_at,
        }
    }
}

/// One delivery to be attempted now.
pub(crate) struct Job {
    pub(crate) record: RecordIndex,
    pub(crate) parcel: Arc<Parcel>,
    pub(crate) target: Arc<Target>,
    /// The number of the attempt, from 1.
    pub(crate) attempt: u32,
}

/// A delivery that is not attempted.
pub(crate) struct Skip {
    pub(crate) record: RecordIndex,
    pub(crate) parcel: Arc<Parcel>,
    pub(crate) webhook_id: WebhookId,
    /// The number of the attempt that is not made, from 1.
    pub(crate) attempt: u32,
    pub(crate) reason: SkipReason,
}

/// What is to be done for an event.
#[derive(Default)]
pub(crate) struct Plan {
    pub(crate) jobs: Vec<Job>,
    pub(crate) skips: Vec<Skip>,
    /// Reports for a later event, as messages of their own.
    pub(crate) put_off: Vec<(RecordIndex, ReportsMessage)>,
    /// Records whose webhooks or subscriptions could not be read.
    pub(crate) unreadable: HashSet<RecordIndex>,
}

/// A report that some webhooks want, before those are known.
struct Wanted {
    record: RecordIndex,
    parcel: Arc<Parcel>,
    attempt: u32,
    is_expired: bool,
    /// Named by the caller, or by an earlier attempt.
    named: Vec<WebhookId>,
    /// Rules that may name more.
    rules: Vec<RuleKey>,
}

impl Job {
    pub(crate) fn key(&self) -> DeliveryKey {
        DeliveryKey { webhook_id: self.target.webhook.id, report_id: self.parcel.accepted.id }
    }
}

impl Skip {
    pub(crate) fn key(&self) -> DeliveryKey {
        DeliveryKey { webhook_id: self.webhook_id, report_id: self.parcel.accepted.id }
    }
}

impl Plan {
    /// Works out who gets the reports of `messages`.
    pub(crate) async fn make<C: DeliveryConfig>(
        messages: Vec<(RecordIndex, Message)>,
        config: &ConfigCache<C>,
        now: Timestamp,
    ) -> Self {
        let accounts = messages.iter().map(|(_, message)| account_of(message).clone()).collect();
        let zones = config.zones(accounts).await;
        let mut plan = Self::default();
        let mut wanted: Vec<Wanted> = Vec::with_capacity(messages.len());
        for (record, message) in messages {
            let Some(zone) = zones.get(account_of(&message)) else {
                plan.unreadable.insert(record);
                continue;
            };
            match message {
                Message::Reports(message) => wanted.extend(first_attempts(record, message, zone)),
                Message::Delivery(message) => {
                    wanted.push(later_attempt(record, message, zone, now));
                }
            }
        }
        let rules = wanted.iter().flat_map(|wanted| wanted.rules.iter().cloned()).collect();
        let rules = config.subscribers(rules).await;
        let webhooks =
            wanted.iter().flat_map(|wanted| wanted.webhook_keys(&rules).into_keys()).collect();
        let webhooks = config.webhooks(webhooks).await;

        for wanted in wanted {
            plan.add(wanted, &rules, &webhooks);
        }
        plan
    }

    fn add(
        &mut self,
        wanted: Wanted,
        rules: &Found<RuleKey, Arc<[WebhookId]>>,
        webhooks: &Found<WebhookKey, Option<Arc<Target>>>,
    ) {
        let Wanted { record, attempt, is_expired, .. } = wanted;
        if wanted.rules.iter().any(|rule| !rules.contains_key(rule)) {
            self.unreadable.insert(record);
            return;
        }
        let targets = wanted.webhook_keys(rules);
        if targets.is_empty() {
            tracing::info!(report_id = %wanted.parcel.accepted.id, "no webhook wants the report");
        }
        if !self.jobs.is_empty() && self.jobs.len() + targets.len() > ENOUGH_DELIVERIES {
            self.put_off.push((record, wanted.into_message()));
            return;
        }
        for (key, is_named) in targets {
            let parcel = Arc::clone(&wanted.parcel);
            let skip = |parcel, reason| Skip { record, parcel, webhook_id: key.1, attempt, reason };
            match webhooks.get(&key) {
                None => {
                    self.unreadable.insert(record);
                }
                Some(None) if is_named => self.skips.push(skip(parcel, SkipReason::WebhookDeleted)),
                // A subscription that outlived its webhook wants nothing.
                Some(None) => {}
                Some(Some(_)) if is_expired => self.skips.push(skip(parcel, SkipReason::Expired)),
                Some(Some(target)) => match target.webhook.settings.status {
                    WebhookStatus::Active => {
                        let target = Arc::clone(target);
                        self.jobs.push(Job { record, parcel, target, attempt });
                    }
                    WebhookStatus::Inactive => {
                        self.skips.push(skip(parcel, SkipReason::WebhookInactive));
                    }
                },
            }
        }
    }

    /// Everything that the plan would do, each delivery once.
    pub(crate) fn keys(&self) -> Vec<DeliveryKey> {
        let keys: HashSet<_> =
            self.jobs.iter().map(Job::key).chain(self.skips.iter().map(Skip::key)).collect();
        keys.into_iter().collect()
    }

    /// Takes out what was done before, by a message that SQS or a caller repeated.
    pub(crate) fn drop_done(&mut self, logged: &HashMap<DeliveryKey, LoggedDelivery>) {
        let done = |key: &DeliveryKey, attempt| {
            logged.get(key).is_some_and(|delivery| delivery.covers(attempt))
        };
        self.jobs.retain(|job| !done(&job.key(), job.attempt));
        self.skips.retain(|skip| !done(&skip.key(), skip.attempt));
    }

    /// Leaves each delivery once. Of several attempts the last counts: it was sent when those
    /// before it had been made.
    pub(crate) fn drop_repeated(&mut self) {
        let mut last: HashMap<DeliveryKey, Job> = HashMap::with_capacity(self.jobs.len());
        for job in self.jobs.drain(..) {
            match last.entry(job.key()) {
                Entry::Occupied(mut known) if known.get().attempt < job.attempt => {
                    known.insert(job);
                }
                Entry::Occupied(_) => {}
                Entry::Vacant(place) => {
                    place.insert(job);
                }
            }
        }
        let mut skipped = HashSet::new();
        self.skips.retain(|skip| !last.contains_key(&skip.key()) && skipped.insert(skip.key()));
        self.jobs.extend(last.into_values());
    }
}

impl Wanted {
    /// The webhooks that want the report, each once, and whether it was named (or only
    /// subscribes). Rules that could not be read name none.
    fn webhook_keys(&self, rules: &Found<RuleKey, Arc<[WebhookId]>>) -> HashMap<WebhookKey, bool> {
        let account = &self.parcel.account_id;
        let subscribed = self.rules.iter().filter_map(|rule| rules.get(rule));
        let subscribed = subscribed.flat_map(|ids| ids.iter());
        let mut keys: HashMap<_, _> =
            subscribed.map(|id| ((account.clone(), *id), false)).collect();
        keys.extend(self.named.iter().map(|id| ((account.clone(), *id), true)));
        keys
    }

    fn into_message(self) -> ReportsMessage {
        let Parcel { account_id, received_at, accepted, .. } = &*self.parcel;
        ReportsMessage {
            account_id: account_id.clone(),
            received_at: *received_at,
            reports: vec![accepted.clone()],
        }
    }
}

fn account_of(message: &Message) -> &AccountId {
    match message {
        Message::Reports(message) => &message.account_id,
        Message::Delivery(message) => &message.account_id,
    }
}

fn first_attempts(record: RecordIndex, message: ReportsMessage, zone: &TimeZone) -> Vec<Wanted> {
    let ReportsMessage { account_id, received_at, reports } = message;
    let wanted = |accepted: AcceptedReport| {
        let report = &accepted.report;
        let rule = |identity| (account_id.clone(), report.event().clone(), identity);
        Wanted {
            record,
            attempt: 1,
            is_expired: false,
            named: report.webhook_ids().to_vec(),
            rules: Identity::matching(report).into_iter().map(rule).collect(),
            parcel: parcel(account_id.clone(), received_at, accepted, zone),
        }
    };
    reports.into_iter().map(wanted).collect()
}

fn later_attempt(
    record: RecordIndex,
    message: DeliveryMessage,
    zone: &TimeZone,
    now: Timestamp,
) -> Wanted {
    let is_expired = message.is_expired(now);
    let accepted = AcceptedReport { id: message.report_id, report: message.report };
    Wanted {
        record,
        attempt: message.attempt.max(1),
        is_expired,
        named: vec![message.webhook_id],
        rules: Vec::new(),
        parcel: parcel(message.account_id, message.received_at, accepted, zone),
    }
}

fn parcel(
    account_id: AccountId,
    received_at: Timestamp,
    accepted: AcceptedReport,
    zone: &TimeZone,
) -> Arc<Parcel> {
    let zone = zone.clone();
    Arc::new(Parcel { account_id, received_at, accepted, zone, payload: OnceLock::new() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use callhook::ids::ReportId;
    use callhook::report::Report;
    use callhook::store::StoreError;
    use callhook::subscription::Event;
    use callhook::webhook::{Webhook, WebhookDraft};
    use serde_json::json;
    use std::time::Duration;

    /// An account in which very many webhooks subscribe to everything.
    struct Crowd(Vec<WebhookId>);

    impl DeliveryConfig for Crowd {
        async fn subscribers(
            &self,
            _: &AccountId,
            _: &Event,
            _: &Identity,
        ) -> Result<Vec<WebhookId>, StoreError> {
            Ok(self.0.clone())
        }

        async fn time_zone(&self, _: &AccountId) -> Result<TimeZone, StoreError> {
            Ok(TimeZone::UTC)
        }

        async fn webhooks_by_id(
            &self,
            _: &AccountId,
            ids: &[WebhookId],
        ) -> Result<HashMap<WebhookId, Option<Webhook>>, StoreError> {
            let draft = json!({"name": "CRM", "url": "https://crm.example/"});
            let draft = WebhookDraft::of_new(draft.as_object().unwrap(), Timestamp::UNIX_EPOCH);
            let one = Webhook::new(draft.unwrap(), Timestamp::UNIX_EPOCH);
            let webhook = |id: &WebhookId| (*id, Some(Webhook { id: *id, ..one.clone() }));
            Ok(ids.iter().map(webhook).collect())
        }
    }

    #[tokio::test]
    async fn an_event_takes_on_no_more_than_it_can_end() {
        let crowd = Crowd((0..ENOUGH_DELIVERIES / 2).map(|_| WebhookId::generate()).collect());
        let account_id: AccountId = "acme".parse().unwrap();
        let now = Timestamp::UNIX_EPOCH;
        let accepted = |id: u32| {
            let report = Report::parse(&json!({ "id": id }).to_string()).unwrap();
            let id = ReportId::derive(&account_id, &report, None, now);
            AcceptedReport { id, report: report.into() }
        };
        let reports: Vec<_> = (0..3).map(accepted).collect();
        let third = reports[2].clone();
        let message = ReportsMessage { account_id, received_at: now, reports };
        let cache = ConfigCache::new(crowd, Duration::ZERO);
        let plan = Plan::make(vec![(7, Message::Reports(message))], &cache, now).await;
        assert_eq!(plan.jobs.len(), ENOUGH_DELIVERIES);
        let [(7, put_off)] = &*plan.put_off else { panic!("one report for a later event") };
        assert_eq!(put_off.reports, [third]);
    }
}
