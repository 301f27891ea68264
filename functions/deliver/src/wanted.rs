//! Reports on their way to deliveries: where they come from, and which webhooks may want them.

use std::collections::HashMap;
use std::sync::Arc;

use callhook::delivery::Trigger;
use callhook::ids::WebhookId;
use callhook::message::{AcceptedReport, DeliveryMessage, ReportsMessage, Wait};
use callhook::store::{AccountTerms, PriorEntry};
use callhook::subscription::{Identity, RuleRange};
use jiff::Timestamp;

use crate::cache::{Found, RuleKey, Subscribers, WebhookKey};
use crate::due::{InFlightReport, PendingDelivery, RecordIndex, SourceQueue};

/// A report that some webhooks want, before those are known.
pub(crate) struct Wanted {
    pub(crate) record: RecordIndex,
    pub(crate) parcel: Arc<InFlightReport>,
    trigger: Trigger,
    attempt: u32,
    due_at: Timestamp,
    wait: Wait,
    pub(crate) source: SourceQueue,
    times_queued: u32,
    pub(crate) is_expired: bool,
    /// Named by the caller, or by an earlier attempt.
    named: Vec<WebhookId>,
    /// What subscriptions may be to; those in `rules` name more webhooks.
    pub(crate) identities: Vec<Identity>,
    pub(crate) rules: Vec<RuleKey>,
}

impl Wanted {
    /// The webhooks that want the report, each once, and whether it was named (or only
    /// subscribes). None if a rule could not be read.
    pub(crate) fn webhook_keys(
        &self,
        rules: &Found<RuleKey, Subscribers>,
    ) -> Option<HashMap<WebhookKey, bool>> {
        let account = &self.parcel.account_id;
        let mut keys = HashMap::with_capacity(self.named.len());
        for rule in &self.rules {
            let subscribers = rules.get(rule)?.list.iter();
            let wanting = subscribers.filter(|found| self.identities.contains(&found.identity));
            keys.extend(wanting.map(|found| ((account.clone(), found.webhook_id), false)));
        }
        keys.extend(self.named.iter().map(|id| ((account.clone(), *id), true)));
        Some(keys)
    }

    pub(crate) fn due(&self, webhook_id: WebhookId) -> PendingDelivery {
        PendingDelivery {
            record: self.record,
            parcel: Arc::clone(&self.parcel),
            webhook_id,
            trigger: self.trigger,
            attempt: self.attempt,
            at: self.due_at,
            wait: self.wait,
            source: self.source,
            times_queued: self.times_queued,
            before: PriorEntry::Absent,
        }
    }
}

/// The first attempts of the reports of a message.
pub(crate) fn first_attempts(
    record: RecordIndex,
    message: ReportsMessage,
    terms: &AccountTerms,
) -> Vec<Wanted> {
    let ReportsMessage { account_id, received_at, reports, fan_out } = message;
    let wanted = |accepted: AcceptedReport| {
        let report = &accepted.report;
        let rule = |range| (account_id.clone(), report.event().clone(), range);
        let identities = Identity::matching(report);
        let ranges = RuleRange::of_report(report, &identities);
        Wanted {
            record,
            trigger: Trigger::Automatic,
            attempt: 1,
            due_at: received_at,
            wait: Wait::Schedule,
            source: SourceQueue::Reports,
            times_queued: 0,
            is_expired: false,
            named: report.webhook_ids().to_vec(),
            rules: ranges.into_iter().map(rule).collect(),
            identities,
            parcel: InFlightReport::new(account_id.clone(), received_at, accepted, terms.clone())
                .with_places(fan_out)
                .into(),
        }
    };
    reports.into_iter().map(wanted).collect()
}

/// A later attempt of one delivery.
pub(crate) fn later_attempt(
    record: RecordIndex,
    message: DeliveryMessage,
    terms: &AccountTerms,
    now: Timestamp,
) -> Wanted {
    let is_expired = message.is_expired(now);
    let accepted = AcceptedReport { id: message.report_id, report: message.report };
    Wanted {
        record,
        trigger: message.trigger,
        attempt: message.attempt.max(1),
        due_at: message.due_at,
        wait: message.wait,
        source: SourceQueue::Retries,
        times_queued: message.times_queued,
        is_expired,
        named: vec![message.webhook_id],
        identities: Vec::new(),
        rules: Vec::new(),
        parcel: InFlightReport::new(
            message.account_id,
            message.received_at,
            accepted,
            terms.clone(),
        )
        .into(),
    }
}
