//! Operational events of an account's webhooks and deliveries, sent to a webhook that it names.
//!
//! An operational event is sent as a report with an `event` of its own: it is queued, retried, logged
//! and looked up like any other.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::domain::account::AccountId;
use crate::domain::delivery::{DeliveryKey, Trigger};
use crate::domain::ids::{ReportId, WebhookId};
use crate::domain::message::{DeliveryMessage, Wait};
use crate::domain::report::Report;
use crate::domain::webhook::DisabledReason;
use crate::input::fields::FieldErrors;

/// An operational event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OperationalEvent {
    /// Callhook deactivated a webhook.
    WebhookDisabled {
        /// The webhook.
        webhook_id: WebhookId,
        /// Its name.
        webhook_name: String,
        /// Its version after that.
        version: u64,
        /// The reason.
        reason: DisabledReason,
        /// When it was deactivated.
        at: Timestamp,
    },
    /// A webhook's circuit has been open for some time.
    WebhookFailing {
        /// The webhook.
        webhook_id: WebhookId,
        /// Its name.
        webhook_name: String,
        /// When the circuit opened. It identifies the outage, which is announced once.
        since: Timestamp,
        /// The counted failures in a row.
        failures: u32,
        /// The outcome of the last attempt.
        reason: String,
    },
    /// A webhook that was announced as failing has recovered.
    WebhookRecovered {
        /// The webhook.
        webhook_id: WebhookId,
        /// Its name.
        webhook_name: String,
        /// When the outage began, as in [`Self::WebhookFailing`].
        since: Timestamp,
    },
    /// A delivery ended as failed.
    DeliveryFailed {
        /// The delivery.
        key: DeliveryKey,
        /// The number of requests by its schedule.
        attempts: u32,
        /// The reason.
        reason: String,
        /// When its last attempt was due. It identifies the event, so that a crash that repeats the
        /// attempt does not repeat the event.
        at: Timestamp,
    },
    /// A delivery that had ended as failed was delivered by a resend or a replay.
    DeliveryRecovered {
        /// The delivery.
        key: DeliveryKey,
        /// When the attempts that delivered it began. It identifies the event.
        at: Timestamp,
    },
}

impl OperationalEvent {
    /// The prefix of operational events, which reports of a platform may not use.
    pub const PREFIX: &str = "callhook:";

    /// The name in the API.
    pub fn name(&self) -> &'static str {
        match self {
            Self::WebhookDisabled { .. } => "webhook.disabled",
            Self::WebhookFailing { .. } => "webhook.failing",
            Self::WebhookRecovered { .. } => "webhook.recovered",
            Self::DeliveryFailed { .. } => "delivery.failed",
            Self::DeliveryRecovered { .. } => "delivery.recovered",
        }
    }

    /// A sentence that describes the event, with its full stop.
    pub fn sentence(&self) -> String {
        match self {
            Self::WebhookDisabled { webhook_name, .. } => format!(
                "Callhook deactivated the webhook \"{webhook_name}\". It gets no reports until it is activated again."
            ),
            Self::WebhookFailing { webhook_name, .. } => format!(
                "The webhook \"{webhook_name}\" is failing. Callhook keeps its reports and tries again."
            ),
            Self::WebhookRecovered { webhook_name, .. } => format!(
                "The webhook \"{webhook_name}\" has recovered. Callhook sends it the reports that waited."
            ),
            Self::DeliveryFailed { .. } => "A delivery has failed.".to_owned(),
            Self::DeliveryRecovered { .. } => {
                "A delivery that had failed was accepted when it was sent again.".to_owned()
            }
        }
    }

    /// The event's content.
    pub fn data(&self) -> Value {
        match self {
            Self::WebhookDisabled { webhook_id, webhook_name, reason, .. } => json!({
                "webhook_id": webhook_id, "webhook_name": webhook_name, "reason": reason,
                "description": reason.to_string(),
            }),
            Self::WebhookFailing { webhook_id, webhook_name, since, failures, reason } => json!({
                "webhook_id": webhook_id, "webhook_name": webhook_name, "failing_since": since,
                "failures": failures, "description": reason,
            }),
            Self::WebhookRecovered { webhook_id, webhook_name, since } => json!({
                "webhook_id": webhook_id, "webhook_name": webhook_name, "failing_since": since,
            }),
            Self::DeliveryFailed { key, attempts, reason, .. } => json!({
                "delivery_id": key.to_string(), "webhook_id": key.webhook_id,
                "report_id": key.report_id, "attempts": attempts, "description": reason,
            }),
            Self::DeliveryRecovered { key, .. } => json!({
                "delivery_id": key.to_string(), "webhook_id": key.webhook_id,
                "report_id": key.report_id,
            }),
        }
    }

    /// The message that delivers the event to the webhook `to`. The same event always gets the same
    /// report id.
    pub fn delivery(
        &self,
        account: &AccountId,
        to: WebhookId,
        now: Timestamp,
    ) -> Result<DeliveryMessage, FieldErrors> {
        let content = json!({
            "event": format!("{}{}", Self::PREFIX, self.name()),
            "type": self.name(), "timestamp": now, "data": self.data(),
        });
        let fields = content.as_object().cloned().unwrap_or_default();
        let report = Report::try_from(fields)?;
        let (subject, at) = match self {
            Self::WebhookDisabled { webhook_id, version, at, .. } => {
                (format!("{webhook_id} {version}"), *at)
            }
            Self::WebhookFailing { webhook_id, since, .. }
            | Self::WebhookRecovered { webhook_id, since, .. } => (webhook_id.to_string(), *since),
            Self::DeliveryFailed { key, at, .. } | Self::DeliveryRecovered { key, at } => {
                (key.to_string(), *at)
            }
        };
        let key = format!("{} {subject}", self.name());
        Ok(DeliveryMessage {
            account_id: account.clone(),
            received_at: now,
            webhook_id: to,
            report_id: ReportId::of_operational_event(account, &key, at),
            report: report.into(),
            trigger: Trigger::Automatic,
            attempt: 1,
            due_at: now,
            wait: Wait::Schedule,
            times_queued: 0,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::report::{DefaultPayload, Mask};

    #[test]
    fn an_operational_event_has_type_timestamp_and_data() {
        let webhook_id: WebhookId = "01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap();
        let reason = DisabledReason::Gone;
        let now = Timestamp::from_second(1_700_000_000).unwrap();
        let webhook_name = "CRM".to_owned();
        let event = OperationalEvent::WebhookDisabled {
            webhook_id,
            webhook_name,
            version: 2,
            reason,
            at: now,
        };
        let account = "acme".parse().unwrap();
        let message = event.delivery(&account, webhook_id, now).unwrap();
        let body =
            DefaultPayload::new(&message.report, now).for_webhook(webhook_id, Mask::default());
        insta::assert_snapshot!(String::from_utf8(body).unwrap());
        assert!(message.report.event().is_operational());
        let later = Timestamp::from_second(1_700_000_009).unwrap();
        let again = event.delivery(&account, webhook_id, later).unwrap();
        assert_eq!(again.report_id, message.report_id);
        let millis = now.as_millisecond();
        assert!(
            message.report_id.to_string().replace('-', "").starts_with(&format!("{millis:012x}"))
        );
    }
}
