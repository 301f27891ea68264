//! Counts in memory, so that many changes of the log become one write per webhook and hour, and one
//! per account and hour.

use std::collections::BTreeMap;

use super::{ChangePosition, Hour, HourlyCounts, LogChange};
use crate::domain::account::AccountId;
use crate::domain::ids::WebhookId;

/// The counts that one change adds to an hour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountedChange {
    /// The position of the change.
    pub position: ChangePosition,
    /// The counts it adds.
    pub counts: HourlyCounts,
}

/// Counted changes that are not written yet, by webhook and hour and by account and hour.
#[derive(Debug, Clone, Default)]
pub struct StatsTally {
    /// The changes by webhook and hour.
    pub of_webhooks: BTreeMap<(WebhookId, Hour), Vec<CountedChange>>,
    /// The changes by account and hour.
    pub of_accounts: BTreeMap<(AccountId, Hour), Vec<CountedChange>>,
}

impl StatsTally {
    /// Adds the counts of a change.
    pub fn add(&mut self, change: &LogChange) {
        let (webhook, account) = (change.after.key.webhook_id, &change.after.account_id);
        for (hour, counts) in change.counts() {
            let counted = CountedChange { position: change.position.clone(), counts };
            self.of_accounts.entry((account.clone(), hour)).or_default().push(counted.clone());
            self.of_webhooks.entry((webhook, hour)).or_default().push(counted);
        }
    }
}
