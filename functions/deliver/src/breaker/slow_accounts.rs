//! Accounts with slow webhooks, and which of their other webhooks move to the Retries queue meanwhile.
//!
//! A slow webhook is marked by its id and version. Without a mark of the account, its owner could escape by deleting
//! and recreating the webhook, by changing it, or by using many slow webhooks in turn.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use callhook::domain::account::AccountId;
use callhook::domain::health::Health;
use jiff::Timestamp;

use crate::pending::{Job, SourceMessage, later};

/// The accounts that this instance marked slow, and until when. Other instances read the mark with the account
/// ([`AccountTerms::slow_until`](callhook::ports::store::AccountTerms)).
#[derive(Default)]
pub(crate) struct SlowAccounts(Mutex<HashMap<AccountId, Timestamp>>);

impl SlowAccounts {
    /// Marks an account at `now`. Gives the end of the mark if it is to be written to the table: once for half of
    /// that time.
    pub(crate) fn mark(&self, account: &AccountId, now: Timestamp) -> Option<Timestamp> {
        let mut accounts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_marked = |until: &Timestamp| later(now, Health::SLOW_FOR / 2) < *until;
        if accounts.get(account).is_some_and(is_marked) {
            return None;
        }
        let until = later(now, Health::SLOW_FOR);
        accounts.insert(account.clone(), until);
        Some(until)
    }

    /// Removes a mark that could not be written to the table.
    pub(crate) fn unmark(&self, account: &AccountId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(account);
    }

    /// Whether a first attempt moves to the Retries queue: its account has a slow webhook, and its own webhook was slow
    /// before, or was created or changed lately.
    pub(crate) fn delays(&self, job: &Job, health: Option<&Health>, now: Timestamp) -> bool {
        let was_slow = health.is_some_and(|health| health.slow_until.is_some());
        // In this order: the conditions that few meet come first.
        job.delivery.source == SourceMessage::Reports
            && (was_slow || now < later(job.target.webhook.updated_at, Health::UNPROVEN_FOR))
            && (job.delivery.report.terms.slow_until.is_some_and(|until| now < until)
                || self.is_slow(&job.target.account_id, now))
    }

    fn is_slow(&self, account: &AccountId, now: Timestamp) -> bool {
        let accounts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        accounts.get(account).is_some_and(|until| now < *until)
    }

    /// Removes marks that have ended.
    pub(crate) fn tidy(&self, now: Timestamp) {
        let mut accounts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        accounts.retain(|_, until| now < *until);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_written_once_for_half_of_its_time() {
        let (accounts, acme) = (SlowAccounts::default(), "acme".parse().unwrap());
        let at = |second: i64| Timestamp::from_second(1_700_000_000 + second).unwrap();
        for (second, written) in [(0, Some(60)), (1, None), (29, None), (30, Some(90)), (59, None)]
        {
            assert_eq!(accounts.mark(&acme, at(second)), written.map(at), "{second}");
        }
        assert!(accounts.is_slow(&acme, at(89)) && !accounts.is_slow(&acme, at(90)));
        assert!(!accounts.is_slow(&"other".parse().unwrap(), at(0)));
        accounts.tidy(at(90));
        assert!(accounts.0.lock().unwrap().is_empty());
    }
}
