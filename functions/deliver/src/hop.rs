//! Waits longer than SQS can keep a message back: a message that is not due yet is sent on with
//! what remains.

use std::time::Duration;

use callhook::message::{DeliveryMessage, ReportsMessage};
use callhook::queue::Outgoing;
use jiff::Timestamp;

/// A retry this close is attempted now: sending it on would take as long.
const CLOSE_ENOUGH_MS: i64 = 1_000;

/// Whether a delivery came before its time.
pub(crate) fn is_early(message: &DeliveryMessage, now: Timestamp) -> bool {
    is_before(message.due_at, now)
}

/// Whether reports came before the time of their places under the account's quota.
pub(crate) fn are_early(message: &ReportsMessage, now: Timestamp) -> bool {
    message.fan_out.is_some_and(|fan_out| is_before(fan_out.due_at, now))
}

fn is_before(due_at: Timestamp, now: Timestamp) -> bool {
    due_at.as_millisecond() - now.as_millisecond() > CLOSE_ENOUGH_MS
}

/// The message to be sent so that it comes back when it is due, or after the longest delay that
/// SQS knows.
pub(crate) fn outgoing(
    message: &DeliveryMessage,
    now: Timestamp,
) -> Result<Outgoing, serde_json::Error> {
    let (body, account_id) = (message.to_json()?, message.account_id.clone());
    Ok(Outgoing { body, account_id, delay: delay_until(message.due_at, now) })
}

/// The same for reports, which go out as soon as they come back if they have no places.
pub(crate) fn outgoing_reports(
    message: &ReportsMessage,
    now: Timestamp,
) -> Result<Outgoing, serde_json::Error> {
    let (body, account_id) = (message.to_json()?, message.account_id.clone());
    let delay = message.fan_out.map_or(Duration::ZERO, |it| delay_until(it.due_at, now));
    Ok(Outgoing { body, account_id, delay })
}

fn delay_until(due_at: Timestamp, now: Timestamp) -> Duration {
    let remaining = due_at.duration_since(now).max(jiff::SignedDuration::ZERO);
    remaining.unsigned_abs().min(Outgoing::MAX_DELAY)
}

#[cfg(test)]
mod tests {
    use super::*;
    use callhook::delivery::Trigger;
    use callhook::ids::{ReportId, WebhookId};
    use callhook::message::Wait;
    use callhook::report::Report;

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
            times_queued: 0,
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
