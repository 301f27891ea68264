//! Deliveries as lists show them.

use std::sync::Arc;

use jiff::Timestamp;

use super::{DeliveryKey, DeliveryState, LoggedAttempt};
use crate::domain::account::AccountId;
use crate::domain::report::Report;

/// A delivery without its report.
#[derive(Debug, Clone, PartialEq)]
pub struct DeliverySummary {
    /// The delivery.
    pub key: DeliveryKey,
    /// The account it belongs to.
    pub account_id: AccountId,
    /// When ingest accepted the report.
    pub received_at: Timestamp,
    /// Its state.
    pub state: DeliveryState,
    /// How many attempts the log holds; see [`super::LogEntry::MAX_ATTEMPTS`].
    pub attempts: usize,
    /// The last attempt.
    pub last_attempt: Option<LoggedAttempt>,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// A report in the log.
#[derive(Debug, Clone, PartialEq)]
pub struct LoggedReport {
    /// The report.
    pub report: Arc<Report>,
    /// When ingest accepted it.
    pub received_at: Timestamp,
    /// Its deliveries; empty if no webhook wanted it.
    pub deliveries: Vec<DeliverySummary>,
}

impl LoggedReport {
    /// The states from the worst to the best.
    const WORST_FIRST: [&str; 5] = ["failed", "retrying", "pending", "skipped", "delivered"];

    /// The name of the state of the worst delivery, in the order of failed, retrying, pending,
    /// skipped, delivered: `delivered` if all are, `failed` if one is. A report that no webhook
    /// wanted is skipped.
    pub fn status(&self) -> &'static str {
        let names: Vec<_> = self.deliveries.iter().map(|each| each.state.name()).collect();
        Self::worst_status(&names)
    }

    /// The worst of these states.
    pub fn worst_status(names: &[&'static str]) -> &'static str {
        let has = |name: &&str| names.contains(name);
        Self::WORST_FIRST.into_iter().find(has).unwrap_or("skipped")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::delivery::SkipReason;
    use crate::domain::ids::{ReportId, WebhookId};

    fn report(states: &[DeliveryState]) -> LoggedReport {
        let summary = |state: &DeliveryState| DeliverySummary {
            key: DeliveryKey {
                webhook_id: WebhookId::generate(),
                report_id: ReportId::lowest_at(0),
            },
            account_id: "acme".parse().unwrap(),
            received_at: Timestamp::UNIX_EPOCH,
            state: state.clone(),
            attempts: 0,
            last_attempt: None,
            updated_at: Timestamp::UNIX_EPOCH,
        };
        LoggedReport {
            report: Arc::new(Report::parse("{}").unwrap()),
            received_at: Timestamp::UNIX_EPOCH,
            deliveries: states.iter().map(summary).collect(),
        }
    }

    #[test]
    fn a_report_has_the_status_of_its_worst_delivery() {
        let next_attempt_at = Timestamp::UNIX_EPOCH;
        let delivered = DeliveryState::Delivered;
        let skipped = DeliveryState::Skipped { reason: SkipReason::WebhookInactive };
        let pending = DeliveryState::Pending { next_attempt_at };
        let retrying = DeliveryState::Retrying { next_attempt_at };
        let failed = DeliveryState::Failed { reason: String::new() };
        let worse = [delivered, skipped, pending, retrying, failed];
        for count in 1..=worse.len() {
            let report = report(&worse[..count]);
            assert_eq!(report.status(), worse[count - 1].name());
        }
        assert_eq!(report(&[]).status(), "skipped");
        assert!(DeliveryState::NAMES.iter().all(|name| LoggedReport::WORST_FIRST.contains(name)));
    }
}
