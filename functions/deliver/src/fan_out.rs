//! Keeps accounts to the deliveries a second that their reports may begin. Reports for which an account
//! has no places now wait in the queue for the time of theirs, and fan out then.
//!
//! Only first attempts take places: a report with a thousand subscriptions is a thousand requests, while
//! retries are bounded by what was sent before and by the circuit breaker, and replays have a pace of
//! their own. Most reports of an account that is far below its quota cost no write: see
//! [`callhook::allowance`].

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use callhook::account::AccountId;
use callhook::allowance::{Allowance, Capacity, Shortage};
use callhook::message::{FanOut, ReportsMessage};
use callhook::quota::DeliveriesPerSecond;
use callhook::store::{DeliveryQuota, PermitRequest, StoreError};
use callhook::telemetry::ErrorChain;
use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};
use tokio::time::timeout;

use crate::call_budget::no_answer;
use crate::due::{InFlightReport, Job, RecordIndex, SourceQueue, later};
use crate::plan::Plan;

/// How long places are waited for. The other deliveries of the batch wait with them.
const LONGEST: Duration = Duration::from_secs(1);
/// How long deliveries take no places after the table did not answer.
const REST: SignedDuration = SignedDuration::from_secs(5);
/// The free shares of all instances are this part of the quota together.
const FREE_PART: u32 = 4;
/// Reports that wait together have places within this time, so that they come back as a small burst.
const TOGETHER: SignedDuration = SignedDuration::from_secs(1);
/// Memory is bounded. An instance sees few accounts.
const MAX_ACCOUNTS: usize = 1_000;

/// Decides which reports may fan out now.
pub(crate) struct FanOutGate<S> {
    store: S,
    /// The quota of accounts that have none of their own.
    default: Option<DeliveriesPerSecond>,
    /// How many instances share a quota, at most.
    instances: u32,
    accounts: Mutex<HashMap<AccountId, Known>>,
}

/// What the instance knows of an account.
#[derive(Clone, Copy)]
struct Known {
    quota: DeliveriesPerSecond,
    allowance: Allowance,
    /// The next free place, as far as the instance knows.
    next_free: Timestamp,
    /// No places are taken until then.
    rests_until: Timestamp,
}

/// A report, of which deliveries begin with this batch.
struct FannedOut {
    record: RecordIndex,
    parcel: Arc<InFlightReport>,
    /// How many.
    deliveries: u32,
    /// How many of them have no places yet.
    new: u32,
}

/// A report whose deliveries have places later.
struct Deferred {
    record: RecordIndex,
    parcel: Arc<InFlightReport>,
    fan_out: FanOut,
}

impl<S: DeliveryQuota> FanOutGate<S> {
    pub(crate) fn new(store: S, default: Option<DeliveriesPerSecond>, instances: u32) -> Self {
        Self { store, default, instances, accounts: Mutex::default() }
    }

    /// Takes places for the reports of `plan` that have none. Gives those, as messages, whose places
    /// are later, and takes them out of the plan.
    pub(crate) async fn defer(
        &self,
        plan: &mut Plan,
        now: Timestamp,
    ) -> Vec<(RecordIndex, ReportsMessage)> {
        let mut by_account: HashMap<AccountId, (DeliveriesPerSecond, Vec<FannedOut>)> =
            HashMap::new();
        for (report, quota) in self.with_quotas(&plan.jobs) {
            let of_account = by_account.entry(report.parcel.account_id.clone());
            of_account.or_insert_with(|| (quota, Vec::new())).1.push(report);
        }
        let placed = by_account.into_iter().map(|(account, (quota, reports))| async move {
            self.place(&account, quota, reports, now).await
        });
        let deferred: Vec<_> = join_all(placed).await.into_iter().flatten().collect();
        if !deferred.is_empty() {
            take_out(plan, &deferred);
        }
        messages(deferred)
    }

    /// The reports that take places, in their order, with their accounts' quotas.
    fn with_quotas(&self, jobs: &[Job]) -> Vec<(FannedOut, DeliveriesPerSecond)> {
        // The jobs of a report follow each other.
        let reports = jobs.chunk_by(|a, b| Arc::ptr_eq(&a.due.parcel, &b.due.parcel));
        let takes_places = reports.filter_map(|jobs| {
            let due = &jobs.first()?.due;
            let parcel = &due.parcel;
            let quota = parcel.terms.deliveries_per_second.or(self.default)?;
            let deliveries = u32::try_from(jobs.len()).unwrap_or(u32::MAX);
            // While it waited, more webhooks may have subscribed.
            let placed = parcel.fan_out.map_or(0, |fan_out| fan_out.deliveries);
            let new = deliveries.saturating_sub(placed);
            let (record, parcel) = (due.record, Arc::clone(parcel));
            let report = FannedOut { record, parcel, deliveries, new };
            (due.source == SourceQueue::Reports && new > 0).then_some((report, quota))
        });
        takes_places.collect()
    }

    /// Takes places for reports of an account; gives those that wait for theirs.
    async fn place(
        &self,
        account: &AccountId,
        quota: DeliveriesPerSecond,
        reports: Vec<FannedOut>,
        now: Timestamp,
    ) -> Vec<Deferred> {
        let count = reports.iter().fold(0, |sum: u32, one| sum.saturating_add(one.new));
        let Some((shortage, expects_backlog)) = self.spend(account, quota, count, now) else {
            return Vec::new();
        };
        let request = PermitRequest { count: shortage.ask, rate: quota, now, expects_backlog };
        let taken = timeout(LONGEST, self.store.take_delivery_permits(account, request)).await;
        let first = match taken.unwrap_or_else(|_| Err(no_answer("taking places"))) {
            Ok(first) => first,
            Err(error) => {
                self.rest(account, quota, &error, now);
                return Vec::new();
            }
        };
        let places = PlacesTaken { quota, first, covered: count - shortage.missing };
        let next_free = later(first, quota.interval().saturating_mul(shortage.ask));
        self.update(account, quota, |known| {
            known.next_free = next_free;
            known.allowance.spend_with(shortage, count, now);
            if next_free > last_of_a_second(quota, now) {
                // Others wait: what was taken in advance is too late to be used before them.
                known.allowance = Allowance::spent(now);
            }
        });
        let deferred = places.deferred(reports, now);
        if let Some(last) = deferred.last() {
            tracing::info!(account_id = %account, reports = deferred.len(), until = %last.fan_out.due_at,
                "deferred reports under a quota of deliveries");
        }
        deferred
    }

    /// Uses what the instance has of the account's places. If that is not enough: what is missing, and
    /// whether other deliveries likely wait for their places.
    fn spend(
        &self,
        account: &AccountId,
        quota: DeliveriesPerSecond,
        count: u32,
        now: Timestamp,
    ) -> Option<(Shortage, bool)> {
        let shares = self.instances.saturating_mul(FREE_PART);
        let capacity = Capacity { per_second: quota.get(), shares };
        self.update(account, quota, |known| {
            if known.rests_until > now {
                return None;
            }
            if known.next_free > last_of_a_second(quota, now) {
                // Nothing goes for free, or in advance, before those who wait.
                return Some((Shortage { missing: count, ask: count }, true));
            }
            let shortage = known.allowance.spend(count, capacity, now).err()?;
            Some((shortage, known.next_free > now))
        })
    }

    fn rest(
        &self,
        account: &AccountId,
        quota: DeliveriesPerSecond,
        error: &StoreError,
        now: Timestamp,
    ) {
        tracing::warn!(account_id = %account, error = %ErrorChain(error),
            "failed to take places under a quota of deliveries");
        self.update(account, quota, |known| known.rests_until = now + REST);
    }

    fn update<T>(
        &self,
        account: &AccountId,
        quota: DeliveriesPerSecond,
        change: impl FnOnce(&mut Known) -> T,
    ) -> T {
        let mut accounts = self.lock();
        let unknown = Known {
            quota,
            allowance: Allowance::default(),
            next_free: Timestamp::default(),
            rests_until: Timestamp::default(),
        };
        if let Some(known) = accounts.get_mut(account) {
            if known.quota != quota {
                *known = unknown;
            }
            return change(known);
        }
        if accounts.len() >= MAX_ACCOUNTS {
            accounts.clear();
        }
        change(accounts.entry(account.clone()).or_insert(unknown))
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<AccountId, Known>> {
        self.accounts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The last of a second's places that begins now: an account that was quiet may use all of them at once.
fn last_of_a_second(quota: DeliveriesPerSecond, now: Timestamp) -> Timestamp {
    now + quota.interval() * quota.get().saturating_sub(1)
}

/// Places of the reports of a batch.
struct PlacesTaken {
    quota: DeliveriesPerSecond,
    /// The time of the first that the table gave.
    first: Timestamp,
    /// Deliveries for which the instance had places.
    covered: u32,
}

impl PlacesTaken {
    /// Those of `reports` whose first place is not within the next second. The other places of a report
    /// may be later: those after it wait for them.
    fn deferred(&self, reports: Vec<FannedOut>, now: Timestamp) -> Vec<Deferred> {
        let last = last_of_a_second(self.quota, now);
        let mut before = 0_u32;
        let mut deferred = Vec::new();
        for FannedOut { record, parcel, deliveries, new } in reports {
            // One that has waited goes, unless more webhooks subscribed meanwhile than wanted it before. Otherwise each
            // new subscription would make it wait once more.
            let has_waited = parcel.fan_out.is_some_and(|fan_out| new <= fan_out.deliveries);
            let place = before.checked_sub(self.covered).filter(|_| !has_waited);
            let place =
                place.map(|place| later(self.first, self.quota.interval().saturating_mul(place)));
            if let Some(place) = place.filter(|place| *place > last) {
                let fan_out = FanOut { due_at: place, deliveries };
                deferred.push(Deferred { record, parcel, fan_out });
            }
            before = before.saturating_add(new);
        }
        deferred
    }
}

/// Takes all of `deferred` out of the plan: what was to be said of them is said when they come back.
fn take_out(plan: &mut Plan, deferred: &[Deferred]) {
    let parcels: HashSet<_> = deferred.iter().map(|one| Arc::as_ptr(&one.parcel)).collect();
    let goes = |parcel: &Arc<InFlightReport>| !parcels.contains(&Arc::as_ptr(parcel));
    plan.jobs.retain(|job| goes(&job.due.parcel));
    plan.skips.retain(|skip| goes(&skip.due.parcel));
    plan.journaled.retain(|journaled| goes(&journaled.parcel));
    let reports: HashSet<_> =
        deferred.iter().map(|one| (one.record, one.parcel.accepted.id)).collect();
    plan.alone.retain(|(record, message)| !reports.contains(&(*record, message.report_id)));
}

/// Few messages: reports of a record come back together if they have as many places, close to each other.
fn messages(deferred: Vec<Deferred>) -> Vec<(RecordIndex, ReportsMessage)> {
    let mut messages: Vec<(RecordIndex, ReportsMessage)> = Vec::new();
    for Deferred { record, parcel, fan_out } in deferred {
        if let Some((of, last)) = messages.last_mut()
            && *of == record
            && let Some(first) = last.fan_out
            && first.deliveries == fan_out.deliveries
            && fan_out.due_at.duration_since(first.due_at) < TOGETHER
        {
            // A record holds no more than a message may.
            last.reports.push(parcel.accepted.clone());
            continue;
        }
        messages.push((record, ReportsMessage { fan_out: Some(fan_out), ..parcel.message() }));
    }
    messages
}

#[cfg(test)]
mod tests;
