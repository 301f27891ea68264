//! Keeps accounts to the reports a second that they may hand over. Most reports of an account that is far
//! below its quota cost no call of the table: see [`callhook::domain::allowance`].

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use callhook::domain::account::AccountId;
use callhook::domain::allowance::{Allowance, Capacity};
use callhook::domain::quota::{DeliveriesPerSecond, ReportsPerSecond};
use callhook::http_api::Problem;
use callhook::ports::store::{PermitRequest, PermitResponse, ReportQuota, ReportTerms, StoreError};
use callhook::runtime::telemetry::ErrorChain;
use jiff::{SignedDuration, Timestamp};

/// How long the quota of an account is used that was read.
const READ_AGAIN_AFTER: SignedDuration = SignedDuration::from_secs(60);
/// The same of an account whose deliveries wait for their places: their line grows with its reports.
const READ_LINE_AGAIN_AFTER: SignedDuration = SignedDuration::from_secs(5);
/// How long nobody is asked again after the table did not answer: reports are taken meanwhile,
/// and must not wait for it one by one.
const REST: SignedDuration = SignedDuration::from_secs(5);
/// The free share of an instance is this part of the quota. Ingest has as many instances as requests come
/// at a time; a hundred that use up their shares exceed the quota by a quarter.
const SHARES: u32 = 400;
/// An account whose deliveries wait longer than this under their quota hands over no more.
const LONGEST_LINE: SignedDuration = SignedDuration::from_hours(1);
/// Memory is bounded. An instance sees few accounts.
const MAX_ACCOUNTS: usize = 1_000;

/// The quotas of accounts that have none of their own.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct DefaultQuotas {
    pub(crate) reports: Option<ReportsPerSecond>,
    pub(crate) deliveries: Option<DeliveriesPerSecond>,
}

/// Decides whether the reports of a request may come in now.
pub(crate) struct ReportGate<S> {
    store: S,
    default: DefaultQuotas,
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
    /// Likewise: too many deliveries wait for their places.
    line: Option<LongLine>,
    allowance: Allowance,
    /// The next free place, as far as the instance knows.
    next_free: Timestamp,
}

/// A line of deliveries that is too long.
#[derive(Clone, Copy)]
struct LongLine {
    quota: DeliveriesPerSecond,
    /// When it is no longer too long.
    until: Timestamp,
}

impl LongLine {
    fn of(quota: DeliveriesPerSecond, end: Timestamp) -> Option<Self> {
        Some(Self { quota, until: end.checked_sub(LONGEST_LINE).ok()? })
    }
}

impl<S: ReportQuota> ReportGate<S> {
    pub(crate) fn new(store: S, default: DefaultQuotas) -> Self {
        Self { store, default, accounts: Mutex::default() }
    }

    /// Reads the quotas of an account, unless they were read lately.
    pub(crate) async fn learn(&self, account: &AccountId, now: Timestamp) {
        if self.known(account).read_again_at > now {
            return;
        }
        let read = self.store.report_terms(account).await;
        self.update(account, |known| match read {
            Ok(terms) => {
                let quota = terms.reports_per_second.or(self.default.reports);
                if known.quota != quota {
                    *known = Known { quota, ..Known::default() };
                }
                let end = self.line_end(terms);
                known.line = end.and_then(|(quota, end)| LongLine::of(quota, end));
                let waits = end.is_some_and(|(_, end)| end > now);
                known.read_again_at =
                    now + if waits { READ_LINE_AGAIN_AFTER } else { READ_AGAIN_AFTER };
            }
            Err(error) => known.rest(&error, now),
        });
    }

    /// When the last of the account's deliveries has its place, under the quota of deliveries that it has.
    fn line_end(&self, terms: ReportTerms) -> Option<(DeliveriesPerSecond, Timestamp)> {
        let quota = terms.deliveries_per_second.or(self.default.deliveries)?;
        Some((quota, terms.backlog?.end_under(quota)?))
    }

    /// Lets `count` reports of one request in, all or none.
    pub(crate) async fn admit(
        &self,
        account: &AccountId,
        count: u32,
        now: Timestamp,
    ) -> Result<(), Problem> {
        let known = self.known(account);
        if count == 0 || known.rests_until > now {
            return Ok(());
        }
        if let Some(LongLine { quota, until }) = known.line.filter(|line| line.until > now) {
            return Err(line_refusal(quota, until, now));
        }
        let Some(rate) = known.quota else { return Ok(()) };
        if known.full_until > now {
            return Err(refusal(rate, known.full_until, now));
        }
        let capacity = Capacity { per_second: rate.get(), shares: SHARES };
        let spent = self.update(account, |known| known.allowance.spend(count, capacity, now));
        let Err(shortage) = spent else { return Ok(()) };
        let expects_backlog = known.next_free > now;
        let request = PermitRequest { count: shortage.ask, rate, now, expects_backlog };
        match self.store.take_report_permits(account, request).await {
            Ok(PermitResponse::Granted(next_free)) => {
                self.update(account, |known| {
                    known.allowance.spend_with(shortage, count, now);
                    known.next_free = next_free;
                });
                Ok(())
            }
            Ok(PermitResponse::NoneUntil(until)) => {
                self.update(account, |known| known.full_until = until);
                Err(refusal(rate, until, now))
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
        tracing::warn!(error = %ErrorChain(error), "the quota of an account was not kept");
        self.rests_until = now + REST;
        self.read_again_at = self.read_again_at.max(now + REST);
    }
}

/// 429. Nothing of the request was taken, so it can be sent again as it is.
fn refusal(quota: ReportsPerSecond, until: Timestamp, now: Timestamp) -> Problem {
    let seconds = seconds_until(until, now);
    Problem::rate_limited(
        format!(
            "The account may hand over {} reports a second. Nothing of this request was taken: \
             send it again in {seconds} s.",
            quota.get()
        ),
        seconds,
    )
}

/// The same for an account whose deliveries cannot keep up with its reports.
fn line_refusal(quota: DeliveriesPerSecond, until: Timestamp, now: Timestamp) -> Problem {
    let seconds = seconds_until(until, now);
    Problem::rate_limited(
        format!(
            "More than an hour of deliveries wait: the account may have {} a second. Nothing of \
             this request was taken: send it again in {seconds} s.",
            quota.get()
        ),
        seconds,
    )
}

/// Whole seconds, at least one.
fn seconds_until(until: Timestamp, now: Timestamp) -> u64 {
    let wait = until.duration_since(now);
    let seconds = wait.as_secs() + i64::from(wait.subsec_nanos() > 0);
    u64::try_from(seconds).unwrap_or(0).max(1)
}

#[cfg(test)]
mod tests;
