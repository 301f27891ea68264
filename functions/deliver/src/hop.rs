//! Waits longer than SQS can keep a message back: a message that is not due yet is sent on with
//! what remains.

use callhook::message::DeliveryMessage;
use callhook::queue::Outgoing;
use jiff::Timestamp;

/// A retry this close is attempted now: sending it on would take as long.
const CLOSE_ENOUGH_MS: i64 = 1_000;

/// Whether a message came before its time.
pub(crate) fn is_early(message: &DeliveryMessage, now: Timestamp) -> bool {
    message.due_at.as_millisecond() - now.as_millisecond() > CLOSE_ENOUGH_MS
}

/// The message to be sent so that it comes back when it is due, or after the longest delay that
/// SQS knows.
pub(crate) fn outgoing(
    message: &DeliveryMessage,
    now: Timestamp,
) -> Result<Outgoing, serde_json::Error> {
    let remaining = message.due_at.duration_since(now).max(jiff::SignedDuration::ZERO);
    let remaining = remaining.unsigned_abs();
    Ok(Outgoing {
        body: message.to_json()?,
        account_id: message.account_id.clone(),
        delay: remaining.min(Outgoing::MAX_DELAY),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use callhook::delivery::Trigger;
    use callhook::ids::{ReportId, WebhookId};
    use callhook::message::Wait;
    use callhook::report::Report;
    use std::time::Duration;

    fn message_due_in(seconds: i64, now: Timestamp) -> DeliveryMessage {
        let account_id = "acme".parse().unwrap();
        let report = Report::parse("{}").unwrap();
        DeliveryMessage {
            report_id: ReportId::derive(&account_id, &report, None, now),
            account_id,
            received_at: now,
            webhook_id: WebhookId::generate(),
            report: report.into(),
            trigger: Trigger::Automatic,
            attempt: 2,
            wait: Wait::Schedule,
            rounds: 0,
            due_at: now + jiff::SignedDuration::from_secs(seconds),
        }
    }

    #[test]
    fn a_day_takes_as_many_hops_as_it_must() {
        let mut now = Timestamp::from_second(1_700_000_000).unwrap();
        let message = message_due_in(24 * 60 * 60, now);
        let mut hops = 0;
        while is_early(&message, now) {
            let delay = outgoing(&message, now).unwrap().delay;
            assert!(delay <= Duration::from_mins(15), "{delay:?}");
            now += jiff::SignedDuration::try_from(delay).unwrap();
            hops += 1;
        }
        assert_eq!(hops, 96);
        assert_eq!(now, message.due_at);
    }

    #[test]
    fn what_is_due_is_not_kept_back() {
        let now = Timestamp::from_second(1_700_000_000).unwrap();
        for seconds in [-86_400, 0, 1] {
            let message = message_due_in(seconds, now);
            assert!(!is_early(&message, now), "{seconds}");
            let delay = outgoing(&message, now).unwrap().delay;
            assert!(delay <= Duration::from_secs(1), "{delay:?}");
        }
    }
}
