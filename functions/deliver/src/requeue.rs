//! Waits longer than the longest delay of SQS (900 s): a message that is not due yet is requeued with
//! the delay that remains.

use std::time::Duration;

use callhook::domain::account::AccountId;
use callhook::domain::message::{DeliveryMessage, ReportsMessage};
use callhook::domain::report::ReportKey;
use callhook::ports::queue::Outgoing;
use jiff::Timestamp;

use crate::pending::{RecordIndex, report_key};

/// A message that is due this soon is handled now: requeueing takes as long.
const CLOSE_ENOUGH_MS: i64 = 1_000;

/// The messages of a batch that are not due yet.
#[derive(Default)]
pub(crate) struct NotDue {
    pub(crate) deliveries: Vec<(RecordIndex, DeliveryMessage)>,
    pub(crate) reports: Vec<(RecordIndex, ReportsMessage)>,
}

impl NotDue {
    pub(crate) fn accounts(&self) -> impl Iterator<Item = &AccountId> {
        let deliveries = self.deliveries.iter().map(|(_, message)| &message.account_id);
        deliveries.chain(self.reports.iter().map(|(_, message)| &message.account_id))
    }

    pub(crate) fn report_keys(&self) -> impl Iterator<Item = ReportKey> {
        let deliveries = self.deliveries.iter().map(|(_, message)| message);
        let deliveries = deliveries.map(|of| report_key(&of.account_id, of.report_id));
        let reports = self.reports.iter().flat_map(|(_, message)| {
            message.reports.iter().map(|one| report_key(&message.account_id, one.id))
        });
        deliveries.chain(reports)
    }
}

/// Whether a delivery is not due yet.
pub(crate) fn is_not_due(message: &DeliveryMessage, now: Timestamp) -> bool {
    is_before(message.due_at, now)
}

/// Whether the permits of reports under the account's quota are for a later time.
pub(crate) fn are_not_due(message: &ReportsMessage, now: Timestamp) -> bool {
    message.fan_out.is_some_and(|fan_out| is_before(fan_out.due_at, now))
}

fn is_before(due_at: Timestamp, now: Timestamp) -> bool {
    due_at.as_millisecond() - now.as_millisecond() > CLOSE_ENOUGH_MS
}

/// The SQS message of a delivery, delayed until it is due, or for the longest delay of SQS.
pub(crate) fn outgoing(
    message: &DeliveryMessage,
    now: Timestamp,
) -> Result<Outgoing, serde_json::Error> {
    let (body, account_id) = (message.to_json()?, message.account_id.clone());
    Ok(Outgoing { body, account_id, delay: delay_until(message.due_at, now) })
}

/// The same for reports. Without permits under a quota they have no delay.
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
    use callhook::domain::delivery::Trigger;
    use callhook::domain::ids::{ReportId, WebhookId};
    use callhook::domain::message::Wait;
    use callhook::domain::report::Report;

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
    fn a_delay_of_a_day_takes_96_messages() {
        let mut now = Timestamp::from_second(1_700_000_000).unwrap();
        let message = message_due_in(24 * 60 * 60, now);
        let mut messages = 0;
        while is_not_due(&message, now) {
            let delay = outgoing(&message, now).unwrap().delay;
            assert!(delay <= Duration::from_mins(15), "{delay:?}");
            now += jiff::SignedDuration::try_from(delay).unwrap();
            messages += 1;
        }
        assert_eq!(messages, 96);
        assert_eq!(now, message.due_at);
    }

    #[test]
    fn a_message_that_is_due_is_not_delayed() {
        let now = Timestamp::from_second(1_700_000_000).unwrap();
        for seconds in [-86_400, 0, 1] {
            let message = message_due_in(seconds, now);
            assert!(!is_not_due(&message, now), "{seconds}");
            let delay = outgoing(&message, now).unwrap().delay;
            assert!(delay <= Duration::from_secs(1), "{delay:?}");
        }
    }
}
