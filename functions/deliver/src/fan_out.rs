//! The quota of deliveries a second that the reports of an account may begin. A report whose permits are
//! for a later time waits in the queue, and fans out then.
//!
//! A permit is a time at which one delivery may begin. Only first attempts take permits: a report with a
//! thousand subscriptions is a thousand requests, while retries are bounded by first attempts and
//! by the circuit breaker, and replays have a pace of their own. Most reports of an account that is far
//! below its quota cost no write: see [`callhook::domain::allowance`].

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use callhook::domain::account::AccountId;
use callhook::domain::allowance::{Allowance, Capacity, Shortage};
use callhook::domain::message::{FanOut, ReportsMessage};
use callhook::domain::quota::DeliveriesPerSecond;
use callhook::ports::store::{DeliveryQuota, PermitRequest, StoreError};
use callhook::runtime::telemetry::ErrorChain;
use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};
use tokio::time::timeout;

use crate::call_budget::no_answer;
use crate::pending::{InFlightReport, Job, RecordIndex, SourceMessage, later};
use crate::plan::Plan;

/// Timeout of taking permits. The other deliveries of the batch wait for it.
const TIMEOUT: Duration = Duration::from_secs(1);
/// How long an account's deliveries take no permits after the table did not answer.
const PAUSE: SignedDuration = SignedDuration::from_secs(5);
/// The free shares of all instances are together this fraction of the quota: a quarter.
const FREE_FRACTION: u32 = 4;
/// Deferred reports whose permits lie within this time share a message, and so arrive as a small burst.
const SAME_MESSAGE: SignedDuration = SignedDuration::from_secs(1);
/// Accounts in memory at most. An instance sees few.
const MAX_ACCOUNTS: usize = 1_000;

/// Decides which reports may fan out now.
pub(crate) struct FanOutGate<S> {
    store: S,
    /// The quota of accounts that have none of their own.
    default: Option<DeliveriesPerSecond>,
    /// The most instances that share a quota.
    instances: u32,
    accounts: Mutex<HashMap<AccountId, AccountQuota>>,
}

/// The state of an account's quota in this instance.
#[derive(Clone, Copy)]
struct AccountQuota {
    quota: DeliveriesPerSecond,
    allowance: Allowance,
    /// The next free permit, as far as the instance knows.
    next_free: Timestamp,
    /// No permits are taken until then.
    paused_until: Timestamp,
}

/// A report whose deliveries begin with this batch.
struct NewFanOut {
    record: RecordIndex,
    report: Arc<InFlightReport>,
    deliveries: u32,
    /// Deliveries that have no permit yet.
    new: u32,
}

/// A report whose permits are for a later time.
struct Deferred {
    record: RecordIndex,
    report: Arc<InFlightReport>,
    fan_out: FanOut,
}

impl<S: DeliveryQuota> FanOutGate<S> {
    pub(crate) fn new(store: S, default: Option<DeliveriesPerSecond>, instances: u32) -> Self {
        Self { store, default, instances, accounts: Mutex::default() }
    }

    /// Takes permits for the reports of `plan` that have none, and defers those whose permits are for a
    /// later time.
    pub(crate) async fn defer(&self, plan: &mut Plan, now: Timestamp) {
        let mut by_account: HashMap<AccountId, (DeliveriesPerSecond, Vec<NewFanOut>)> =
            HashMap::new();
        for (new, quota) in self.with_quotas(&plan.jobs) {
            let of_account = by_account.entry(new.report.account_id.clone());
            of_account.or_insert_with(|| (quota, Vec::new())).1.push(new);
        }
        let deferred = by_account.into_iter().map(|(account, (quota, reports))| async move {
            self.defer_some(&account, quota, reports, now).await
        });
        let deferred: Vec<_> = join_all(deferred).await.into_iter().flatten().collect();
        if !deferred.is_empty() {
            remove(plan, &deferred);
            plan.deferred_reports.splice(..0, messages(deferred));
        }
    }

    /// The reports that need permits, in their order, with their accounts' quotas.
    fn with_quotas(&self, jobs: &[Job]) -> Vec<(NewFanOut, DeliveriesPerSecond)> {
        // The jobs of a report follow each other.
        let reports = jobs.chunk_by(|a, b| Arc::ptr_eq(&a.delivery.report, &b.delivery.report));
        let with_quotas = reports.filter_map(|jobs| {
            let delivery = &jobs.first()?.delivery;
            let report = &delivery.report;
            let quota = report.terms.deliveries_per_second.or(self.default)?;
            let deliveries = u32::try_from(jobs.len()).unwrap_or(u32::MAX);
            // While the report was deferred, more webhooks may have subscribed.
            let permitted = report.fan_out.map_or(0, |fan_out| fan_out.deliveries);
            let new = deliveries.saturating_sub(permitted);
            let (record, report) = (delivery.record, Arc::clone(report));
            let fan_out = NewFanOut { record, report, deliveries, new };
            (delivery.source == SourceMessage::Reports && new > 0).then_some((fan_out, quota))
        });
        with_quotas.collect()
    }

    /// Takes permits for reports of an account; gives those whose permits are for a later time.
    async fn defer_some(
        &self,
        account: &AccountId,
        quota: DeliveriesPerSecond,
        reports: Vec<NewFanOut>,
        now: Timestamp,
    ) -> Vec<Deferred> {
        let count = reports.iter().fold(0, |sum: u32, one| sum.saturating_add(one.new));
        let Some((shortage, expects_backlog)) = self.spend(account, quota, count, now) else {
            return Vec::new();
        };
        let request = PermitRequest { count: shortage.ask, rate: quota, now, expects_backlog };
        let taken = timeout(TIMEOUT, self.store.take_delivery_permits(account, request)).await;
        let first = match taken.unwrap_or_else(|_| Err(no_answer("taking permits"))) {
            Ok(first) => first,
            Err(error) => {
                self.pause(account, quota, &error, now);
                return Vec::new();
            }
        };
        let permits = TakenPermits { quota, first, covered: count - shortage.missing };
        let next_free = later(first, quota.interval().saturating_mul(shortage.ask));
        self.update(account, quota, |state| {
            state.next_free = next_free;
            state.allowance.spend_with(shortage, count, now);
            if next_free > last_of_a_second(quota, now) {
                // Deliveries wait: permits that were taken in advance would be used before theirs.
                state.allowance = Allowance::spent(now);
            }
        });
        let deferred = permits.deferred(reports, now);
        if let Some(last) = deferred.last() {
            tracing::info!(account_id = %account, reports = deferred.len(), until = %last.fan_out.due_at,
                "deferred reports under a quota of deliveries");
        }
        deferred
    }

    /// Spends permits that the instance has. If they do not suffice: the shortage, and whether other
    /// deliveries likely wait for their permits.
    fn spend(
        &self,
        account: &AccountId,
        quota: DeliveriesPerSecond,
        count: u32,
        now: Timestamp,
    ) -> Option<(Shortage, bool)> {
        let shares = self.instances.saturating_mul(FREE_FRACTION);
        let capacity = Capacity { per_second: quota.get(), shares };
        self.update(account, quota, |state| {
            if state.paused_until > now {
                return None;
            }
            if state.next_free > last_of_a_second(quota, now) {
                // Deliveries wait: none goes before them from the free share or in advance.
                return Some((Shortage { missing: count, ask: count }, true));
            }
            let shortage = state.allowance.spend(count, capacity, now).err()?;
            Some((shortage, state.next_free > now))
        })
    }

    fn pause(
        &self,
        account: &AccountId,
        quota: DeliveriesPerSecond,
        error: &StoreError,
        now: Timestamp,
    ) {
        tracing::warn!(account_id = %account, error = %ErrorChain(error),
            "failed to take permits under a quota of deliveries");
        self.update(account, quota, |state| state.paused_until = now + PAUSE);
    }

    fn update<T>(
        &self,
        account: &AccountId,
        quota: DeliveriesPerSecond,
        change: impl FnOnce(&mut AccountQuota) -> T,
    ) -> T {
        let mut accounts = self.lock();
        let new = AccountQuota {
            quota,
            allowance: Allowance::default(),
            next_free: Timestamp::default(),
            paused_until: Timestamp::default(),
        };
        if let Some(state) = accounts.get_mut(account) {
            if state.quota != quota {
                *state = new;
            }
            return change(state);
        }
        if accounts.len() >= MAX_ACCOUNTS {
            accounts.clear();
        }
        change(accounts.entry(account.clone()).or_insert(new))
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<AccountId, AccountQuota>> {
        self.accounts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The last permit of the second that begins now. A quiet account may use all of them together.
fn last_of_a_second(quota: DeliveriesPerSecond, now: Timestamp) -> Timestamp {
    now + quota.interval() * quota.get().saturating_sub(1)
}

/// Permits of the reports of a batch.
struct TakenPermits {
    quota: DeliveriesPerSecond,
    /// The first permit that the table gave.
    first: Timestamp,
    /// Deliveries that the instance had permits for.
    covered: u32,
}

impl TakenPermits {
    /// The reports whose first permit is not within the next second. The other permits of a report may
    /// be later; the reports after it wait for them.
    fn deferred(&self, reports: Vec<NewFanOut>, now: Timestamp) -> Vec<Deferred> {
        let last = last_of_a_second(self.quota, now);
        let mut before = 0_u32;
        let mut deferred = Vec::new();
        for NewFanOut { record, report, deliveries, new } in reports {
            // A report that was deferred goes, unless more webhooks subscribed meanwhile than before. Otherwise each new
            // subscription would defer it once more.
            let was_deferred = report.fan_out.is_some_and(|fan_out| new <= fan_out.deliveries);
            let index = before.checked_sub(self.covered).filter(|_| !was_deferred);
            let permit =
                index.map(|index| later(self.first, self.quota.interval().saturating_mul(index)));
            if let Some(due_at) = permit.filter(|permit| *permit > last) {
                let fan_out = FanOut { due_at, deliveries };
                deferred.push(Deferred { record, report, fan_out });
            }
            before = before.saturating_add(new);
        }
        deferred
    }
}

/// Removes deferred reports from the plan, with their skips and rows: all follow when they are due.
fn remove(plan: &mut Plan, deferred: &[Deferred]) {
    let reports: HashSet<_> = deferred.iter().map(|one| Arc::as_ptr(&one.report)).collect();
    plan.retain(|_, report| !reports.contains(&Arc::as_ptr(report)));
    let ids: HashSet<_> = deferred.iter().map(|one| (one.record, one.report.accepted.id)).collect();
    plan.isolated.retain(|(record, message)| !ids.contains(&(*record, message.report_id)));
}

/// The messages of deferred reports. Reports of a record share a message if their permits are as many, and close to
/// each other.
fn messages(deferred: Vec<Deferred>) -> Vec<(RecordIndex, ReportsMessage)> {
    let mut messages: Vec<(RecordIndex, ReportsMessage)> = Vec::new();
    for Deferred { record, report, fan_out } in deferred {
        if let Some((of, last)) = messages.last_mut()
            && *of == record
            && let Some(first) = last.fan_out
            && first.deliveries == fan_out.deliveries
            && fan_out.due_at.duration_since(first.due_at) < SAME_MESSAGE
        {
            // A record holds no more than a message may.
            last.reports.push(report.accepted.clone());
            continue;
        }
        messages.push((record, ReportsMessage { fan_out: Some(fan_out), ..report.message() }));
    }
    messages
}

#[cfg(test)]
mod tests;
