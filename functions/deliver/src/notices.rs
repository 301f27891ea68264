//! Notices to the account, through its operational webhook, and to the operator: a webhook was disabled,
//! is failing or has recovered.

use std::time::Duration;

use callhook::domain::account::AccountId;
use callhook::domain::health::OutageNotice;
use callhook::domain::ids::WebhookId;
use callhook::domain::message::DeliveryMessage;
use callhook::domain::operational::OperationalEvent;
use callhook::ports::alerts::OperatorAlerts;
use callhook::ports::queue::MessageQueue;
use callhook::ports::store::{DeliveryConfig, DeliveryLog, WebhookHealth};
use callhook::runtime::telemetry::ErrorChain;
use futures_util::future::join;
use jiff::Timestamp;
use tokio::time::timeout;

use crate::breaker::{Breaker, Change, ChangeKind};
use crate::cache::ConfigCache;
use crate::pending::RecordIndex;
use crate::target::Target;
use crate::writer::OutcomeWriter;

/// Timeout of an outage notice. The outcomes that follow wait for it; a later probe or success sends it again.
const OUTAGE_TIMEOUT: Duration = Duration::from_secs(5);

/// Sends notices.
pub(crate) struct Announcer<'a, C, Q, L, A> {
    pub(crate) config: &'a ConfigCache<C>,
    pub(crate) breaker: &'a Breaker<C>,
    pub(crate) writer: &'a OutcomeWriter<Q, L>,
    pub(crate) operator: &'a A,
}

impl<C, Q, L, A> Announcer<'_, C, Q, L, A>
where
    C: DeliveryConfig + WebhookHealth,
    Q: MessageQueue,
    L: DeliveryLog,
    A: OperatorAlerts,
{
    /// Announces a change to the account and to the operator.
    pub(crate) async fn announce(&self, change: Change, now: Timestamp) {
        let Change { target, kind } = change;
        let webhook_id = target.webhook.id;
        let webhook_name = target.webhook.settings.name.clone();
        let (notice, since, event) = match kind {
            ChangeKind::Disabled(reason) => {
                self.config.evict(&target.account_id, webhook_id);
                let version = target.webhook.version + 1;
                let event = OperationalEvent::WebhookDisabled {
                    webhook_id,
                    webhook_name,
                    version,
                    reason,
                    at: now,
                };
                let to = self.operational_webhook(&target.account_id).await.unwrap_or_default();
                // A failure is logged; this notice is not repeated.
                self.notify(&target, &event, to, now).await;
                return;
            }
            ChangeKind::Failing { since, failures, reason } => {
                let event = OperationalEvent::WebhookFailing {
                    webhook_id,
                    webhook_name,
                    since,
                    failures,
                    reason,
                };
                (OutageNotice::Failing, since, event)
            }
            ChangeKind::Recovered { since } => {
                let event = OperationalEvent::WebhookRecovered { webhook_id, webhook_name, since };
                (OutageNotice::Recovered, since, event)
            }
        };
        let announced = self.announce_outage(&target, notice, since, &event, now);
        if timeout(OUTAGE_TIMEOUT, announced).await.is_err() {
            tracing::warn!(%webhook_id, "outage notice timed out");
        }
    }

    /// Claims the notice, sends it and records that. After a crash in between, another probe or success of
    /// the webhook sends it again, with the same report id.
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
            && self.notify(target, event, to, now).await
        {
            self.breaker.mark_notice_sent(target, notice, since).await;
        }
    }

    /// Queues the event for the account's operational webhook `to`, and alerts the operator. Gives whether
    /// the event is queued, or without such a webhook whether the operator was alerted: a topic that refuses
    /// alerts keeps no event from accounts.
    async fn notify(
        &self,
        target: &Target,
        event: &OperationalEvent,
        to: Option<WebhookId>,
        now: Timestamp,
    ) -> bool {
        let message = message(target, event, to, now);
        let is_for_account = message.is_some();
        let message = message.map(|message| (RecordIndex::MIN, message)).into_iter().collect();
        // A failure fails no record.
        let queued = self.writer.queue_deliveries(message, now);
        let alerted = self.operator.alert(&target.account_id, event, now);
        let (not_queued, alerted) = join(queued, alerted).await;
        if let Err(error) = &alerted {
            tracing::error!(webhook_id = %target.webhook.id, error = %ErrorChain(error),
                "failed to alert the operator");
        }
        if is_for_account { not_queued.is_empty() } else { alerted.is_ok() }
    }

    /// The account's operational webhook, if it has one. The outer `None`: the account cannot be read.
    async fn operational_webhook(&self, account: &AccountId) -> Option<Option<WebhookId>> {
        let terms = self.config.terms([account.clone()].into()).await;
        terms.get(account).map(|terms| terms.operational_webhook)
    }
}

/// The message to the operational webhook. It gets no events about itself.
fn message(
    target: &Target,
    event: &OperationalEvent,
    to: Option<WebhookId>,
    now: Timestamp,
) -> Option<DeliveryMessage> {
    let to = to.filter(|to| *to != target.webhook.id)?;
    event
        .delivery(&target.account_id, to, now)
        .inspect_err(|error| tracing::error!(%error, "failed to serialize an operational event"))
        .ok()
}
