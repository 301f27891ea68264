//! Keeps accounts to the reports a second that they may hand over. An instance takes places for
//! about half a second of what it sees in advance, so that busy ones do not ask for every report.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use callhook::account::AccountId;
use callhook::http_api::Problem;
use callhook::quota::ReportsPerSecond;
use callhook::store::{Places, ReportQuota, StoreError};
use callhook::telemetry::Causes;
use jiff::{SignedDuration, Timestamp};

/// How long the quota of an account is used that was read.
const READ_AGAIN_AFTER: SignedDuration = SignedDuration::from_secs(60);
/// How long nobody is asked again after the table did not answer: reports are taken meanwhile,
/// and must not wait for it one by one.
const REST: SignedDuration = SignedDuration::from_secs(5);
/// How long places are good for. Unused ones are lost, or an instance that was busy once would
/// have many to give away at any time.
const PLACES_LAST: SignedDuration = SignedDuration::from_secs(1);
/// An instance takes no more than this part of a second's places in advance: others want some.
const MOST_IN_ADVANCE: u32 = 4;
/// Memory is bounded. An instance sees few accounts.
const MAX_ACCOUNTS: usize = 1_000;

/// Decides whether the reports of a request may come in now.
pub(crate) struct ReportGate<S> {
    store: S,
    /// The quota of accounts that have none of their own.
    default: Option<ReportsPerSecond>,
    accounts: Mutex<HashMap<AccountId, Known>>,
}

/// What the instance knows of an account.
#[derive(Clone, Default)]
struct Known {
    quota: Option<ReportsPerSecond>,
    read_again_at: Timestamp,
    /// Everything is taken until then.
    rests_until: Timestamp,
    /// Nothing is taken until then: all places before it are gone.
    full_until: Timestamp,
    places: TakenPlaces,
}

/// Places that were taken in advance.
#[derive(Clone, Copy, Default)]
struct TakenPlaces {
    taken_at: Timestamp,
    left: u32,
    used: u32,
}

impl TakenPlaces {
    /// Uses places, if there are enough that are still good.
    fn use_up(&mut self, count: u32, now: Timestamp) -> bool {
        if self.good(now) < count {
            return false;
        }
        self.left -= count;
        self.used = self.used.saturating_add(count);
        true
    }

    fn good(self, now: Timestamp) -> u32 {
        let age = now.duration_since(self.taken_at);
        if age.abs() < PLACES_LAST { self.left } else { 0 }
    }

    /// How many to take for `count` reports: half a second of what came since the last were taken,
    /// and at most twice that. Two reports in a millisecond do not make a thousand a second.
    fn wanted(self, count: u32, quota: ReportsPerSecond, now: Timestamp) -> u32 {
        let millis = now.duration_since(self.taken_at).as_millis().max(250);
        let half_a_second = i128::from(self.used.saturating_add(count)) * 500 / millis;
        let in_advance = u32::try_from(half_a_second).unwrap_or(u32::MAX);
        count.max(in_advance.min(quota.get() / MOST_IN_ADVANCE))
    }
}

impl<S: ReportQuota> ReportGate<S> {
    pub(crate) fn new(store: S, default: Option<ReportsPerSecond>) -> Self {
        Self { store, default, accounts: Mutex::default() }
    }

    /// Reads the quota of an account, unless it was read lately.
    pub(crate) async fn learn(&self, account: &AccountId, now: Timestamp) {
        if self.known(account).read_again_at > now {
            return;
        }
        let read = self.store.reports_per_second(account).await;
        self.update(account, |known| match read {
            Ok(own) => {
                let quota = own.or(self.default);
                if known.quota != quota {
                    known.full_until = Timestamp::default();
                    known.places = TakenPlaces::default();
                }
                known.quota = quota;
                known.read_again_at = now + READ_AGAIN_AFTER;
            }
            Err(error) => known.rest(&error, now),
        });
    }

    /// Lets `count` reports of one request in, all or none.
    pub(crate) async fn admit(
        &self,
        account: &AccountId,
        count: u32,
        now: Timestamp,
    ) -> Result<(), Problem> {
        let mut known = self.known(account);
        let Some(quota) = known.quota else { return Ok(()) };
        if count == 0 || known.rests_until > now {
            return Ok(());
        }
        if known.full_until > now {
            return Err(refusal(quota, known.full_until, now));
        }
        if self.update(account, |known| known.places.use_up(count, now)) {
            return Ok(());
        }
        known = self.known(account);
        let wanted = known.places.wanted(count, quota, now);
        match self.store.take_places(account, wanted, quota, now).await {
            Ok(Places::Taken) => {
                self.update(account, |known| {
                    let left = known.places.good(now).saturating_add(wanted - count);
                    known.places = TakenPlaces { taken_at: now, left, used: count };
                });
                Ok(())
            }
            Ok(Places::NoneUntil(until)) => {
                self.update(account, |known| known.full_until = until);
                Err(refusal(quota, until, now))
            }
            Err(error) => {
                self.update(account, |known| known.rest(&error, now));
                Ok(())
            }
        }
    }

    fn known(&self, account: &AccountId) -> Known {
        self.lock().get(account).cloned().unwrap_or_default()
    }

    fn update<T>(&self, account: &AccountId, change: impl FnOnce(&mut Known) -> T) -> T {
        let mut accounts = self.lock();
        if accounts.len() >= MAX_ACCOUNTS && !accounts.contains_key(account) {
            accounts.clear();
        }
        change(accounts.entry(account.clone()).or_default())
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<AccountId, Known>> {
        self.accounts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    fn rest(&mut self, error: &StoreError, now: Timestamp) {
        tracing::warn!(error = %Causes(error), "the quota of an account was not kept");
        self.rests_until = now + REST;
        self.read_again_at = self.read_again_at.max(now + REST);
    }
}

/// 429. Nothing of the request was taken, so it can be sent again as it is.
fn refusal(quota: ReportsPerSecond, until: Timestamp, now: Timestamp) -> Problem {
    let wait = until.duration_since(now);
    let seconds = wait.as_secs() + i64::from(wait.subsec_nanos() > 0);
    let seconds = u64::try_from(seconds).unwrap_or(0).max(1);
    Problem::rate_limited(
        format!(
            "The account may hand over {} reports a second. Nothing of this request was taken: \
             send it again in {seconds} s.",
            quota.get()
        ),
        seconds,
    )
}

#[cfg(test)]
mod tests;
