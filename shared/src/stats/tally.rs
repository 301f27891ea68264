//! Counting in memory, so that a batch of deliveries becomes one write per webhook and hour.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;

use super::{Hour, HourlyCounts};
use crate::delivery::{DeliveryState, SkipReason};
use crate::ids::WebhookId;

/// What was counted and not written yet.
#[derive(Debug, Clone, Default)]
pub struct StatsTally {
    counts: BTreeMap<(WebhookId, Hour), HourlyCounts>,
}

impl StatsTally {
    /// Counts a request whose outcome was known at `at`.
    pub fn attempt(&mut self, webhook: WebhookId, at: Timestamp, latency: Duration, taken: bool) {
        let counts = self.counts_of(webhook, at);
        counts.attempts += 1;
        counts.failed_attempts += u64::from(!taken);
        counts.latency.add(latency);
    }

    /// Counts a delivery that is in `state` since `at`, if that is an end.
    pub fn ended(&mut self, webhook: WebhookId, at: Timestamp, state: &DeliveryState) {
        match state {
            DeliveryState::Delivered => self.counts_of(webhook, at).delivered += 1,
            DeliveryState::Failed { .. } => self.counts_of(webhook, at).failed += 1,
            // The last may be another account's webhook, whose owner must not see the report of a
            // stranger in its figures. Those of a deleted one can no longer be looked up.
            DeliveryState::Pending { .. }
            | DeliveryState::Retrying { .. }
            | DeliveryState::Skipped { reason: SkipReason::WebhookDeleted } => {}
            DeliveryState::Skipped { .. } => self.counts_of(webhook, at).skipped += 1,
        }
    }

    /// Adds what `other` counted.
    pub fn merge(&mut self, other: Self) {
        for (key, counts) in other.counts {
            self.counts.entry(key).or_default().merge(&counts);
        }
    }

    /// Hands over what was counted, by webhook and hour, each once, and begins anew.
    pub fn drain(&mut self) -> impl Iterator<Item = (WebhookId, Hour, HourlyCounts)> + use<> {
        let counts = std::mem::take(&mut self.counts);
        counts.into_iter().map(|((webhook, hour), counts)| (webhook, hour, counts))
    }

    fn counts_of(&mut self, webhook: WebhookId, at: Timestamp) -> &mut HourlyCounts {
        self.counts.entry((webhook, Hour::of(at))).or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_becomes_one_entry_per_webhook_and_hour() {
        let (one, other) = (WebhookId::generate(), WebhookId::generate());
        let at: Timestamp = "2026-11-22T22:59:59Z".parse().unwrap();
        let later = at + Duration::from_secs(1);
        let mut tally = StatsTally::default();
        tally.attempt(one, at, Duration::from_millis(40), true);
        tally.ended(one, at, &DeliveryState::Delivered);
        tally.attempt(one, at, Duration::from_secs(15), false);
        tally.ended(one, at, &DeliveryState::Retrying { next_attempt_at: later });
        tally.ended(one, later, &DeliveryState::Failed { reason: String::new() });
        let mut more = StatsTally::default();
        more.attempt(one, at, Duration::from_millis(60), true);
        more.ended(other, at, &DeliveryState::Skipped { reason: SkipReason::WebhookInactive });
        more.ended(other, at, &DeliveryState::Skipped { reason: SkipReason::WebhookDeleted });
        tally.merge(more);

        let counted: Vec<_> = tally.drain().collect();
        assert_eq!(counted.len(), 3, "{counted:?}");
        let of = |webhook, at| {
            let hour = Hour::of(at);
            counted.iter().find(|(w, h, _)| (*w, *h) == (webhook, hour)).unwrap().2
        };
        let first = of(one, at);
        assert_eq!((first.attempts, first.failed_attempts), (3, 1));
        assert_eq!((first.delivered, first.failed, first.skipped), (1, 0, 0));
        assert_eq!(first.latency.classes().map(|(_, count)| count).sum::<u64>(), 3);
        assert_eq!(of(one, later).failed, 1);
        assert_eq!(of(other, at).skipped, 1, "the other one may be a stranger's");
        assert_eq!(tally.drain().count(), 0);
    }
}
