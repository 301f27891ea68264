//! Telling those whom it concerns that a webhook was deactivated: the account, through its
//! operational webhook, and the operator.

use callhook::alerts::OperatorAlerts;
use callhook::ids::WebhookId;
use callhook::message::DeliveryMessage;
use callhook::operational::OperationalEvent;
use callhook::telemetry::Causes;
use callhook::webhook::DisabledReason;
use jiff::Timestamp;

use crate::target::Target;

/// Tells of webhooks that were deactivated.
pub(crate) struct Notices<A> {
    /// The operator.
    pub(crate) operator: A,
}

impl<A: OperatorAlerts> Notices<A> {
    /// Tells the operator; gives the message that tells the account, if it wants to know (`to`).
    pub(crate) async fn webhook_disabled(
        &self,
        target: &Target,
        reason: DisabledReason,
        to: Option<WebhookId>,
        now: Timestamp,
    ) -> Option<DeliveryMessage> {
        let webhook_id = target.webhook.id;
        let version = target.webhook.version + 1;
        let event = OperationalEvent::WebhookDisabled { webhook_id, version, reason, at: now };
        if let Err(error) = self.operator.alert(&target.account_id, &event, now).await {
            tracing::error!(%webhook_id, error = %Causes(&error), "the operator was not told");
        }
        // The webhook that would be told is the one that is deactivated.
        let to = to.filter(|to| *to != webhook_id)?;
        event
            .delivery(&target.account_id, to, now)
            .inspect_err(
                |error| tracing::error!(%error, "an operational event could not be written"),
            )
            .ok()
    }
}
