//! Counting in memory, so that many changes of the log become one write per webhook and hour, and
//! one per account and hour.

use std::collections::BTreeMap;

use super::{ChangePosition, Hour, HourlyCounts, LogChange};
use crate::account::AccountId;
use crate::ids::WebhookId;

/// What one change adds to the figures of an hour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountedChange {
    /// The change.
    pub position: ChangePosition,
    /// What it adds.
    pub counts: HourlyCounts,
}

/// What was noted and not written yet, by webhook and hour and by account and hour, each once.
#[derive(Debug, Clone, Default)]
pub struct StatsTally {
    /// Of webhooks.
    pub of_webhooks: BTreeMap<(WebhookId, Hour), Vec<CountedChange>>,
    /// Of accounts.
    pub of_accounts: BTreeMap<(AccountId, Hour), Vec<CountedChange>>,
}

impl StatsTally {
    /// Notes what a change says, if that is something to be counted.
    pub fn add(&mut self, change: &LogChange) {
        let (webhook, account) = (change.after.key.webhook_id, &change.after.account_id);
        for (hour, counts) in change.counts() {
            let noted = CountedChange { position: change.position.clone(), counts };
            self.of_accounts.entry((account.clone(), hour)).or_default().push(noted.clone());
            self.of_webhooks.entry((webhook, hour)).or_default().push(noted);
        }
    }
}
