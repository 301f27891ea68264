//! Accounts that have slow webhooks, and which of their other webhooks wait apart from new reports.
//!
//! A slow webhook is marked by its id and version. Without a mark of the account, its owner would get a fresh start by
//! deleting and recreating it, by changing it, or by using many slow webhooks in turn.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use callhook::account::AccountId;
use callhook::health::Health;
use jiff::Timestamp;

use crate::due::{Job, SourceQueue, later};

/// The accounts that this instance saw to be slow, and until when they count as that. Others learn of them from the
/// table ([`AccountTerms::slow_until`](callhook::store::AccountTerms)).
#[derive(Default)]
pub(crate) struct SlowAccounts(Mutex<HashMap<AccountId, Timestamp>>);

impl SlowAccounts {
    /// Marks an account at `now`; gives until when, if others are to be told: once for half of that time.
    pub(crate) fn mark(&self, account: &AccountId, now: Timestamp) -> Option<Timestamp> {
        let mut accounts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_known = |until: &Timestamp| later(now, Health::SLOW_FOR / 2) < *until;
        if accounts.get(account).is_some_and(is_known) {
            return None;
        }
        let until = later(now, Health::SLOW_FOR);
        accounts.insert(account.clone(), until);
        Some(until)
    }

    /// Takes a mark back that the table does not have.
    pub(crate) fn unmark(&self, account: &AccountId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(account);
    }

    /// Whether a delivery from the queue of new reports has to go to the other queue at `now`: its account has a slow
    /// webhook, and its own was slow before, or was made or changed lately. Webhooks that are neither stay.
    pub(crate) fn holds_up(&self, job: &Job, health: Option<&Health>, now: Timestamp) -> bool {
        let was_slow = health.is_some_and(|health| health.slow_until.is_some());
        // In this order: what is true of few comes first.
        job.due.source == SourceQueue::Reports
            && (was_slow || now < later(job.target.webhook.updated_at, Health::UNPROVEN_FOR))
            && (job.due.parcel.terms.slow_until.is_some_and(|until| now < until)
                || self.is_slow(&job.target.account_id, now))
    }

    fn is_slow(&self, account: &AccountId, now: Timestamp) -> bool {
        let accounts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        accounts.get(account).is_some_and(|until| now < *until)
    }

    /// Forgets those that are slow no more.
    pub(crate) fn tidy(&self, now: Timestamp) {
        let mut accounts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        accounts.retain(|_, until| now < *until);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_told_once_for_half_of_the_time() {
        let (accounts, acme) = (SlowAccounts::default(), "acme".parse().unwrap());
        let at = |second: i64| Timestamp::from_second(1_700_000_000 + second).unwrap();
        for (second, told) in [(0, Some(60)), (1, None), (29, None), (30, Some(90)), (59, None)] {
            assert_eq!(accounts.mark(&acme, at(second)), told.map(at), "{second}");
        }
        assert!(accounts.is_slow(&acme, at(89)) && !accounts.is_slow(&acme, at(90)));
        assert!(!accounts.is_slow(&"other".parse().unwrap(), at(0)));
        accounts.tidy(at(90));
        assert!(accounts.0.lock().unwrap().is_empty());
    }
}
