//! Enforces the accounts' quotas of reports a second. Most reports of an account far below its quota cost
//! no call to DynamoDB: see [`callhook::domain::allowance`].

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use callhook::domain::account::AccountId;
use callhook::domain::allowance::{Allowance, Capacity};
use callhook::domain::quota::{DeliveriesPerSecond, ReportsPerSecond};
use callhook::http_api::Problem;
use callhook::ports::store::{PermitRequest, PermitResponse, ReportQuota, ReportTerms, StoreError};
use callhook::runtime::telemetry::ErrorChain;
use jiff::{SignedDuration, Timestamp};

/// TTL of an account's quotas.
const QUOTA_TTL: SignedDuration = SignedDuration::from_secs(60);
/// TTL of the quotas and the backlog of an account with a backlog: it grows with the reports.
const BACKLOG_TTL: SignedDuration = SignedDuration::from_secs(5);
/// No call for this long after DynamoDB failed: reports are accepted meanwhile, without a wait.
const FAILURE_PAUSE: SignedDuration = SignedDuration::from_secs(5);
/// An instance's free share is the quota divided by this. Ingest has one instance per concurrent
/// request; a hundred that use up their shares exceed the quota by a quarter.
const SHARES: u32 = 400;
/// Reports of an account whose deliveries wait longer than this for permits are refused.
const MAX_BACKLOG: SignedDuration = SignedDuration::from_hours(1);
/// Bounds the memory; an instance serves few accounts.
const MAX_ACCOUNTS: usize = 1_000;

/// The quotas of accounts that have none of their own.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct DefaultQuotas {
    pub(crate) reports: Option<ReportsPerSecond>,
    pub(crate) deliveries: Option<DeliveriesPerSecond>,
}

/// Decides whether the quotas allow the reports of a request now.
pub(crate) struct ReportGate<S> {
    store: S,
    default: DefaultQuotas,
    accounts: Mutex<HashMap<AccountId, AccountState>>,
}

/// The quota of an account and its use, cached by the instance.
#[derive(Clone, Default)]
struct AccountState {
    quota: Option<ReportsPerSecond>,
    expires_at: Timestamp,
    /// All reports are accepted before this time: DynamoDB failed.
    open_until: Timestamp,
    /// All reports are refused before this time: the permits before it are taken.
    exhausted_until: Timestamp,
    /// All reports are refused while it is too long.
    excess_backlog: Option<ExcessBacklog>,
    allowance: Allowance,
    /// The next free permit, as of the latest call.
    next_free: Timestamp,
}

/// A backlog of deliveries longer than [`MAX_BACKLOG`].
#[derive(Clone, Copy)]
struct ExcessBacklog {
    quota: DeliveriesPerSecond,
    /// When it is down to [`MAX_BACKLOG`].
    until: Timestamp,
}

impl ExcessBacklog {
    fn of(quota: DeliveriesPerSecond, end: Timestamp) -> Option<Self> {
        Some(Self { quota, until: end.checked_sub(MAX_BACKLOG).ok()? })
    }
}

impl<S: ReportQuota> ReportGate<S> {
    pub(crate) fn new(store: S, default: DefaultQuotas) -> Self {
        Self { store, default, accounts: Mutex::default() }
    }

    /// Reads the quotas of an account, unless they are cached.
    pub(crate) async fn refresh(&self, account: &AccountId, now: Timestamp) {
        if self.state(account).expires_at > now {
            return;
        }
        let read = self.store.report_terms(account).await;
        self.update(account, |state| match read {
            Ok(terms) => {
                let quota = terms.reports_per_second.or(self.default.reports);
                if state.quota != quota {
                    *state = AccountState { quota, ..AccountState::default() };
                }
                let end = self.backlog_end(terms);
                state.excess_backlog = end.and_then(|(quota, end)| ExcessBacklog::of(quota, end));
                let has_backlog = end.is_some_and(|(_, end)| end > now);
                state.expires_at = now + if has_backlog { BACKLOG_TTL } else { QUOTA_TTL };
            }
            Err(error) => state.pause(&error, now),
        });
    }

    /// When the backlog ends, under the account's current quota of deliveries.
    fn backlog_end(&self, terms: ReportTerms) -> Option<(DeliveriesPerSecond, Timestamp)> {
        let quota = terms.deliveries_per_second.or(self.default.deliveries)?;
        Some((quota, terms.backlog?.end_under(quota)?))
    }

    /// Takes permits for the `count` reports of a request, all or none.
    pub(crate) async fn admit(
        &self,
        account: &AccountId,
        count: u32,
        now: Timestamp,
    ) -> Result<(), Problem> {
        let state = self.state(account);
        if count == 0 || state.open_until > now {
            return Ok(());
        }
        if let Some(ExcessBacklog { quota, until }) =
            state.excess_backlog.filter(|backlog| backlog.until > now)
        {
            return Err(backlog_too_long(quota, until, now));
        }
        let Some(rate) = state.quota else { return Ok(()) };
        if state.exhausted_until > now {
            return Err(quota_exceeded(rate, state.exhausted_until, now));
        }
        let capacity = Capacity { per_second: rate.get(), shares: SHARES };
        let spent = self.update(account, |state| state.allowance.spend(count, capacity, now));
        let Err(shortage) = spent else { return Ok(()) };
        let expects_backlog = state.next_free > now;
        let request = PermitRequest { count: shortage.ask, rate, now, expects_backlog };
        match self.store.take_report_permits(account, request).await {
            Ok(PermitResponse::Granted(next_free)) => {
                self.update(account, |state| {
                    state.allowance.spend_with(shortage, count, now);
                    state.next_free = next_free;
                });
                Ok(())
            }
            Ok(PermitResponse::NoneUntil(until)) => {
                self.update(account, |state| state.exhausted_until = until);
                Err(quota_exceeded(rate, until, now))
            }
            Err(error) => {
                self.update(account, |state| state.pause(&error, now));
                Ok(())
            }
        }
    }

    fn state(&self, account: &AccountId) -> AccountState {
        self.lock().get(account).cloned().unwrap_or_default()
    }

    fn update<T>(&self, account: &AccountId, change: impl FnOnce(&mut AccountState) -> T) -> T {
        let mut accounts = self.lock();
        if accounts.len() >= MAX_ACCOUNTS && !accounts.contains_key(account) {
            accounts.clear();
        }
        change(accounts.entry(account.clone()).or_default())
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<AccountId, AccountState>> {
        self.accounts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl AccountState {
    fn pause(&mut self, error: &StoreError, now: Timestamp) {
        tracing::warn!(error = %ErrorChain(error), "report quota not enforced");
        self.open_until = now + FAILURE_PAUSE;
        self.expires_at = self.expires_at.max(now + FAILURE_PAUSE);
    }
}

/// 429: the quota of reports is exceeded. The caller can send the same request again.
fn quota_exceeded(quota: ReportsPerSecond, until: Timestamp, now: Timestamp) -> Problem {
    let seconds = seconds_until(until, now);
    Problem::rate_limited(
        format!(
            "The account may submit {} reports a second. No report of this request was accepted: \
             send it again in {seconds} s.",
            quota.get()
        ),
        seconds,
    )
}

/// 429: the account's deliveries cannot keep up with its reports.
fn backlog_too_long(quota: DeliveriesPerSecond, until: Timestamp, now: Timestamp) -> Problem {
    let seconds = seconds_until(until, now);
    Problem::rate_limited(
        format!(
            "The account's backlog exceeds an hour of deliveries at its quota of {} a second. No \
             report of this request was accepted: send it again in {seconds} s.",
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
