//! Alerts for the operator. The implementation is in `sns`.

use std::future::Future;

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::domain::account::AccountId;
use crate::domain::operational::OperationalEvent;

/// Sends alerts to the operator of the platform.
pub trait OperatorAlerts: Send + Sync + 'static {
    /// Publishes an event of an account.
    fn alert(
        &self,
        account: &AccountId,
        event: &OperationalEvent,
        at: Timestamp,
    ) -> impl Future<Output = Result<(), AlertError>> + Send;
}

/// Why an alert was not published.
#[derive(Debug, thiserror::Error)]
#[error("failed to publish an alert: {0}")]
pub struct AlertError(pub String);

/// The subject of the e-mail: at most 94 ASCII characters; SNS allows 99.
pub fn alert_subject(account: &AccountId, event: &OperationalEvent) -> String {
    format!("Callhook: {} ({account})", event.name())
}

/// The message for subscribers by e-mail.
pub fn alert_text(account: &AccountId, event: &OperationalEvent, at: Timestamp) -> String {
    let data = event.data();
    let members = data.as_object().into_iter().flatten().map(|(name, value)| match value {
        Value::String(text) => format!("{name}: {}\n", in_one_line(text)),
        other => format!("{name}: {other}\n"),
    });
    let members: String = members.collect();
    let sentence = in_one_line(&event.sentence());
    format!("{sentence}\n\naccount_id: {account}\n{members}timestamp: {at}\n")
}

/// The text without line breaks and other control characters, so that the name of a webhook, which its
/// account chooses, adds no line to the operator's e-mail.
fn in_one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// The message for other subscribers of the operator's topic.
pub fn alert_body(account: &AccountId, event: &OperationalEvent, at: Timestamp) -> Value {
    json!({
        "type": event.name(), "timestamp": at, "account_id": account, "data": event.data(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::webhook::DisabledReason;

    #[test]
    fn a_webhooks_name_adds_no_line_to_an_e_mail() {
        let event = OperationalEvent::WebhookRecovered {
            webhook_id: "01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap(),
            webhook_name: "CRM\r\n\naccount_id: globex\u{85}x".to_owned(),
            since: Timestamp::UNIX_EPOCH,
        };
        let text = alert_text(&"acme".parse().unwrap(), &event, Timestamp::UNIX_EPOCH);
        assert_eq!(text.lines().filter(|line| line.starts_with("account_id")).count(), 1);
        assert!(!text.contains(['\r', '\u{85}']), "{text:?}");
    }

    #[test]
    fn an_e_mail_says_what_happened_and_to_whom() {
        let account: AccountId = "a".repeat(64).parse().unwrap();
        let (webhook_id, webhook_name) =
            ("01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap(), "CRM".to_owned());
        let since = Timestamp::from_second(1_700_000_000).unwrap();
        let at = Timestamp::from_second(1_700_000_930).unwrap();
        let reason = "the receiver answered 503".to_owned();
        let events = [
            OperationalEvent::WebhookFailing {
                webhook_id,
                webhook_name: webhook_name.clone(),
                since,
                failures: 15,
                reason,
            },
            OperationalEvent::WebhookRecovered {
                webhook_id,
                webhook_name: webhook_name.clone(),
                since,
            },
            OperationalEvent::WebhookDisabled {
                webhook_id,
                webhook_name,
                version: 2,
                reason: DisabledReason::Failing,
                at,
            },
        ];
        let mails = events.iter().map(|event| {
            let subject = alert_subject(&account, event);
            assert!(subject.len() < 100 && subject.is_ascii(), "{subject}");
            format!("{subject}\n\n{}", alert_text(&account, event, at))
        });
        insta::assert_snapshot!(mails.collect::<Vec<_>>().join("---\n"));
    }
}
