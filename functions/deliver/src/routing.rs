//! Reports whose webhooks are not known yet: the webhooks that they name, and the subscriptions that
//! match them.

use std::collections::HashMap;
use std::sync::Arc;

use callhook::domain::delivery::Trigger;
use callhook::domain::ids::WebhookId;
use callhook::domain::message::{AcceptedReport, DeliveryMessage, ReportsMessage, Wait};
use callhook::domain::subscription::{Identity, RuleRange};
use callhook::ports::store::{AccountTerms, PriorEntry};
use jiff::Timestamp;

use crate::cache::{Found, RuleKey, Subscribers, WebhookKey};
use crate::pending::{InFlightReport, PendingDelivery, RecordIndex, SourceMessage};

/// A report, and where to look for its webhooks.
pub(crate) struct Routing {
    pub(crate) record: RecordIndex,
    pub(crate) report: Arc<InFlightReport>,
    trigger: Trigger,
    attempt: u32,
    due_at: Timestamp,
    wait: Wait,
    pub(crate) source: SourceMessage,
    times_queued: u32,
    pub(crate) is_expired: bool,
    /// Webhooks that the caller named, or the one webhook of a later attempt.
    named: Vec<WebhookId>,
    /// The identities that the report matches.
    identities: Vec<Identity>,
    /// The subscriptions to look for them in.
    pub(crate) rules: Vec<RuleKey>,
}

impl Routing {
    /// The report's webhooks, each once, and whether it is named (`true`) or only subscribes.
    /// `None` if the subscribers of a rule could not be read.
    pub(crate) fn webhook_keys(
        &self,
        rules: &Found<RuleKey, Subscribers>,
    ) -> Option<HashMap<WebhookKey, bool>> {
        let account = &self.report.account_id;
        let mut keys = HashMap::with_capacity(self.named.len());
        for rule in &self.rules {
            let subscribers = rules.get(rule)?.list.iter();
            let matching = subscribers.filter(|found| self.identities.contains(&found.identity));
            keys.extend(matching.map(|found| ((account.clone(), found.webhook_id), false)));
        }
        keys.extend(self.named.iter().map(|id| ((account.clone(), *id), true)));
        Some(keys)
    }

    /// The report's delivery to a webhook.
    pub(crate) fn delivery(&self, webhook_id: WebhookId) -> PendingDelivery {
        PendingDelivery {
            record: self.record,
            report: Arc::clone(&self.report),
            webhook_id,
            trigger: self.trigger,
            attempt: self.attempt,
            due_at: self.due_at,
            wait: self.wait,
            source: self.source,
            times_queued: self.times_queued,
            prior: PriorEntry::Absent,
        }
    }
}

/// The routing of the reports of a message: their first attempts.
pub(crate) fn first_attempts(
    record: RecordIndex,
    message: ReportsMessage,
    terms: &AccountTerms,
) -> Vec<Routing> {
    let ReportsMessage { account_id, received_at, reports, fan_out } = message;
    let routing = |accepted: AcceptedReport| {
        let report = &accepted.report;
        let rule = |range| (account_id.clone(), report.event().clone(), range);
        let identities = Identity::matching(report);
        let ranges = RuleRange::of_report(report, &identities);
        Routing {
            record,
            trigger: Trigger::Automatic,
            attempt: 1,
            due_at: received_at,
            wait: Wait::Schedule,
            source: SourceMessage::Reports,
            times_queued: 0,
            is_expired: false,
            named: report.webhook_ids().to_vec(),
            rules: ranges.into_iter().map(rule).collect(),
            identities,
            report: InFlightReport::new(account_id.clone(), received_at, accepted, terms.clone())
                .with_fan_out(fan_out)
                .into(),
        }
    };
    reports.into_iter().map(routing).collect()
}

/// The routing of a later attempt of one delivery.
pub(crate) fn later_attempt(
    record: RecordIndex,
    message: DeliveryMessage,
    terms: &AccountTerms,
    now: Timestamp,
) -> Routing {
    let is_expired = message.is_expired(now);
    let accepted = AcceptedReport { id: message.report_id, report: message.report };
    Routing {
        record,
        trigger: message.trigger,
        attempt: message.attempt.max(1),
        due_at: message.due_at,
        wait: message.wait,
        source: SourceMessage::Delivery,
        times_queued: message.times_queued,
        is_expired,
        named: vec![message.webhook_id],
        identities: Vec::new(),
        rules: Vec::new(),
        report: InFlightReport::new(
            message.account_id,
            message.received_at,
            accepted,
            terms.clone(),
        )
        .into(),
    }
}
