//! Telling an account, through its operational webhook, and the operator that a webhook was deactivated, is failing or
//! has recovered.

use std::time::Duration;

use callhook::account::AccountId;
use callhook::alerts::OperatorAlerts;
use callhook::health::OutageNotice;
use callhook::ids::WebhookId;
use callhook::message::DeliveryMessage;
use callhook::operational::OperationalEvent;
use callhook::queue::MessageQueue;
use callhook::store::{DeliveryConfig, DeliveryLog, WebhookHealth};
use callhook::telemetry::ErrorChain;
use futures_util::future::join;
use jiff::Timestamp;
use tokio::time::timeout;

use crate::breaker::{Change, WhatChanged};
use crate::due::RecordIndex;
use crate::handler::Deliver;
use crate::target::Target;

/// Tells the operator of webhooks.
pub(crate) struct Notices<A> {
    /// The operator.
    pub(crate) operator: A,
}

/// How long the messages about an outage may take: what follows waits for them. What takes longer is sent again with a
/// later probe or success.
const OUTAGE_TIMEOUT: Duration = Duration::from_secs(5);

impl<C, O, Q, L, A> Deliver<C, O, Q, L, A>
where
    C: DeliveryConfig + WebhookHealth,
    Q: MessageQueue,
    L: DeliveryLog,
    A: OperatorAlerts,
{
    /// Tells the account and the operator what changed.
    pub(crate) async fn announce(&self, change: Change, now: Timestamp) {
        let Change { target, what } = change;
        let webhook_id = target.webhook.id;
        let webhook_name = target.webhook.settings.name.clone();
        let (notice, since, event) = match what {
            WhatChanged::Disabled(reason) => {
                self.config.forget(&target.account_id, webhook_id);
                let version = target.webhook.version + 1;
                let event = OperationalEvent::WebhookDisabled {
                    webhook_id,
                    webhook_name,
                    version,
                    reason,
                    at: now,
                };
                let to = self.operational_webhook(&target.account_id).await.unwrap_or_default();
                // Whether it was queued is logged; nothing tells of it again.
                self.tell(&target, &event, to, now).await;
                return;
            }
            WhatChanged::Failing { since, failures, reason } => {
                let event = OperationalEvent::WebhookFailing {
                    webhook_id,
                    webhook_name,
                    since,
                    failures,
                    reason,
                };
                (OutageNotice::Failing, since, event)
            }
            WhatChanged::Recovered { since } => {
                let event = OperationalEvent::WebhookRecovered { webhook_id, webhook_name, since };
                (OutageNotice::Recovered, since, event)
            }
        };
        let announced = self.announce_outage(&target, notice, since, &event, now);
        if timeout(OUTAGE_TIMEOUT, announced).await.is_err() {
            tracing::warn!(%webhook_id, "a message about an outage took too long");
        }
    }

    /// Claims the message, sends it and notes that. After a crash in between, another probe or success of the webhook
    /// sends it again, with the same report id.
    async fn announce_outage(
        &self,
        target: &Target,
        notice: OutageNotice,
        since: Timestamp,
        event: &OperationalEvent,
        now: Timestamp,
    ) {
        let Some(to) = self.operational_webhook(&target.account_id).await else { return };
        if self.breaker.claim_notice(target, notice, since, now).await
            && self.tell(target, event, to, now).await
        {
            self.breaker.mark_notice_sent(target, notice, since).await;
        }
    }

    /// Queues the event for the account's operational webhook `to` and tells the operator. Gives whether the account is
    /// told, or if none of its webhooks is to be told, the operator: a topic that refuses alerts takes no event from
    /// accounts.
    async fn tell(
        &self,
        target: &Target,
        event: &OperationalEvent,
        to: Option<WebhookId>,
        now: Timestamp,
    ) -> bool {
        let message = message(target, event, to, now);
        let is_for_account = message.is_some();
        let message = message.map(|message| (RecordIndex::MIN, message)).into_iter().collect();
        // No record comes back for it.
        let queued = self.journal.send_on(message, now);
        let alerted = self.notices.operator.alert(&target.account_id, event, now);
        let (not_queued, alerted) = join(queued, alerted).await;
        if let Err(error) = &alerted {
            tracing::error!(webhook_id = %target.webhook.id, error = %ErrorChain(error),
                "the operator was not told");
        }
        if is_for_account { not_queued.is_empty() } else { alerted.is_ok() }
    }

    /// The account's operational webhook, if it has one; the outer `None` if the account cannot be read.
    async fn operational_webhook(&self, account: &AccountId) -> Option<Option<WebhookId>> {
        let terms = self.config.terms([account.clone()].into()).await;
        terms.get(account).map(|terms| terms.operational_webhook)
    }
}

/// The message that tells the account. An operational webhook is not told of itself.
fn message(
    target: &Target,
    event: &OperationalEvent,
    to: Option<WebhookId>,
    now: Timestamp,
) -> Option<DeliveryMessage> {
    let to = to.filter(|to| *to != target.webhook.id)?;
    event
        .delivery(&target.account_id, to, now)
        .inspect_err(|error| tracing::error!(%error, "an operational event could not be written"))
        .ok()
}
