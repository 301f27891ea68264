//! From messages to deliveries: who wants which report.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, OnceLock};

use callhook::account::AccountId;
use callhook::delivery::{DeliveryKey, LoggedDelivery, SkipReason};
use callhook::ids::WebhookId;
use callhook::message::{AcceptedReport, DeliveryMessage, Message, ReportsMessage};
use callhook::report::DefaultPayload;
use callhook::retry::RetrySchedule;
use callhook::store::DeliveryConfig;
use callhook::subscription::Identity;
use callhook::webhook::{Webhook, WebhookStatus};
use jiff::Timestamp;

use crate::cache::{ConfigCache, Found, RuleKey, WebhookKey};

/// Which record of the event something belongs to.
pub(crate) type RecordIndex = usize;

/// A report on its way, shared by its deliveries.
pub(crate) struct Parcel {
    pub(crate) account_id: AccountId,
    pub(crate) received_at: Timestamp,
    pub(crate) accepted: AcceptedReport,
    payload: OnceLock<DefaultPayload>,
}

impl Parcel {
    /// The default payload, rendered by the first delivery that needs it: in that delivery's
    /// task, where a panic harms nobody else.
    pub(crate) fn payload(&self) -> &DefaultPayload {
        let render = || DefaultPayload::new(&self.accepted.report, self.received_at);
        self.payload.get_or_init(render)
    }
}

/// One delivery to be attempted now.
pub(crate) struct Job {
    pub(crate) record: RecordIndex,
    pub(crate) parcel: Arc<Parcel>,
    pub(crate) webhook: Arc<Webhook>,
    /// The number of the attempt, from 1.
    pub(crate) attempt: u32,
}

/// A delivery that is not attempted.
pub(crate) struct Skip {
    pub(crate) record: RecordIndex,
    pub(crate) key: DeliveryKey,
    /// Attempts made before.
    pub(crate) attempts: u32,
    pub(crate) reason: SkipReason,
}

/// What is to be done for an event.
#[derive(Default)]
pub(crate) struct Plan {
    pub(crate) jobs: Vec<Job>,
    pub(crate) skips: Vec<Skip>,
    /// Records whose webhooks or subscriptions could not be read.
    pub(crate) unreadable: HashSet<RecordIndex>,
}

/// A report that some webhooks want, before those are known.
struct Wanted {
    record: RecordIndex,
    parcel: Arc<Parcel>,
    attempt: u32,
    /// Named by the caller, or by an earlier attempt.
    named: Vec<WebhookId>,
    /// Rules that may name more.
    rules: Vec<RuleKey>,
}

impl Wanted {
    /// Lambda lets this function send to itself without end (`RecursiveLoop`), so the end is here.
    fn is_expired(&self, now: Timestamp) -> bool {
        let age = now.duration_since(self.parcel.received_at);
        self.attempt > RetrySchedule::MAX_ATTEMPTS
            || age.is_positive() && age.unsigned_abs() > RetrySchedule::MAX_AGE
    }
}

impl Job {
    pub(crate) fn key(&self) -> DeliveryKey {
        DeliveryKey {
            webhook_id: self.webhook.id,
            report_id: self.parcel.accepted.id,
        }
    }
}

impl Plan {
    /// Works out who gets the reports of `messages`.
    pub(crate) async fn make<C: DeliveryConfig>(
        messages: Vec<(RecordIndex, Message)>,
        config: &ConfigCache<C>,
    ) -> Self {
        let wanted: Vec<Wanted> = messages
            .into_iter()
            .flat_map(|(record, message)| match message {
                Message::Reports(message) => first_attempts(record, message),
                Message::Delivery(message) => vec![later_attempt(record, message)],
            })
            .collect();
        let rules = wanted
            .iter()
            .flat_map(|wanted| wanted.rules.iter().cloned())
            .collect();
        let rules = config.subscribers(rules).await;
        let webhooks = wanted
            .iter()
            .flat_map(|wanted| wanted.webhook_keys(&rules).into_keys())
            .collect();
        let webhooks = config.webhooks(webhooks).await;

        let mut plan = Self::default();
        let mut seen = HashSet::new();
        for wanted in wanted {
            plan.add(&wanted, &rules, &webhooks, &mut seen);
        }
        plan
    }

    fn add(
        &mut self,
        wanted: &Wanted,
        rules: &Found<RuleKey, Arc<[WebhookId]>>,
        webhooks: &Found<WebhookKey, Option<Arc<Webhook>>>,
        seen: &mut HashSet<DeliveryKey>,
    ) {
        let Wanted {
            record, attempt, ..
        } = *wanted;
        let report_id = wanted.parcel.accepted.id;
        let is_expired = wanted.is_expired(Timestamp::now());
        if wanted.rules.iter().any(|rule| !rules.contains_key(rule)) {
            self.unreadable.insert(record);
            return;
        }
        let targets = wanted.webhook_keys(rules);
        if targets.is_empty() {
            tracing::info!(%report_id, "no webhook wants the report");
        }
        for (target, is_named) in targets {
            let key = DeliveryKey {
                webhook_id: target.1,
                report_id,
            };
            let skip = |reason| Skip {
                record,
                key,
                attempts: attempt - 1,
                reason,
            };
            match webhooks.get(&target) {
                None => {
                    self.unreadable.insert(record);
                }
                // The same report twice in one event, from a caller or from SQS.
                Some(_) if !seen.insert(key) => {}
                Some(None) if is_named => self.skips.push(skip(SkipReason::WebhookDeleted)),
                // A subscription that outlived its webhook wants nothing.
                Some(None) => {}
                Some(Some(_)) if is_expired => self.skips.push(skip(SkipReason::Expired)),
                Some(Some(webhook)) => match webhook.settings.status {
                    WebhookStatus::Active => self.jobs.push(Job {
                        record,
                        parcel: Arc::clone(&wanted.parcel),
                        webhook: Arc::clone(webhook),
                        attempt,
                    }),
                    WebhookStatus::Inactive => self.skips.push(skip(SkipReason::WebhookInactive)),
                },
            }
        }
    }

    /// Everything that the plan would do.
    pub(crate) fn keys(&self) -> Vec<DeliveryKey> {
        let jobs = self.jobs.iter().map(Job::key);
        jobs.chain(self.skips.iter().map(|skip| skip.key)).collect()
    }

    /// Takes out what was done before, by a message that SQS or a caller repeated.
    pub(crate) fn drop_done(&mut self, logged: &HashMap<DeliveryKey, LoggedDelivery>) {
        let done = |key: &DeliveryKey, attempt| {
            logged
                .get(key)
                .is_some_and(|delivery| delivery.covers(attempt))
        };
        self.jobs.retain(|job| !done(&job.key(), job.attempt));
        self.skips
            .retain(|skip| !done(&skip.key, skip.attempts + 1));
    }
}

impl Wanted {
    /// The webhooks that want the report, each once, and whether it was named (or only
    /// subscribes). Rules that could not be read name none.
    fn webhook_keys(&self, rules: &Found<RuleKey, Arc<[WebhookId]>>) -> HashMap<WebhookKey, bool> {
        let account = &self.parcel.account_id;
        let subscribed = self.rules.iter().filter_map(|rule| rules.get(rule));
        let subscribed = subscribed.flat_map(|ids| ids.iter());
        let mut keys: HashMap<_, _> = subscribed
            .map(|id| ((account.clone(), *id), false))
            .collect();
        keys.extend(self.named.iter().map(|id| ((account.clone(), *id), true)));
        keys
    }
}

fn first_attempts(record: RecordIndex, message: ReportsMessage) -> Vec<Wanted> {
    let ReportsMessage {
        account_id,
        received_at,
        reports,
    } = message;
    let wanted = |accepted: AcceptedReport| {
        let report = &accepted.report;
        let rule = |identity| (account_id.clone(), report.event().clone(), identity);
        Wanted {
            record,
            attempt: 1,
            named: report.webhook_ids().to_vec(),
            rules: Identity::matching(report).into_iter().map(rule).collect(),
            parcel: parcel(account_id.clone(), received_at, accepted),
        }
    };
    reports.into_iter().map(wanted).collect()
}

fn later_attempt(record: RecordIndex, message: DeliveryMessage) -> Wanted {
    let accepted = AcceptedReport {
        id: message.report_id,
        report: message.report,
    };
    Wanted {
        record,
        attempt: message.attempt.max(1),
        named: vec![message.webhook_id],
        rules: Vec::new(),
        parcel: parcel(message.account_id, message.received_at, accepted),
    }
}

fn parcel(account_id: AccountId, received_at: Timestamp, accepted: AcceptedReport) -> Arc<Parcel> {
    Arc::new(Parcel {
        account_id,
        received_at,
        accepted,
        payload: OnceLock::new(),
    })
}
