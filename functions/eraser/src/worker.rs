//! Deletes the data of a report or of an account.

use std::time::Duration;

use callhook::domain::account::AccountId;
use callhook::domain::erasure::QuiescePeriod;
use callhook::domain::journal;
use callhook::domain::message::{AccountErasure, ErasureMessage, ReportErasure};
use callhook::ports::store::{
    AccountErasureState, AccountPurge, ConfigPart, ErasureMarker, LogPart, LogPurge, Purged,
    ReportEraser, StoreError, erase_report,
};
use callhook::runtime::resumable_work::{InvocationDeadline, Resume};
use callhook::runtime::telemetry::ErrorChain;
use callhook::runtime::telemetry::metrics::{Counter, Metrics};
use jiff::Timestamp;

/// Works on erasures.
pub(crate) struct Worker<C, L> {
    /// The table of accounts and their configuration.
    pub(crate) config: C,
    /// The table of deliveries and figures.
    pub(crate) log: L,
    /// How long other functions may still write for an erased report or account.
    pub(crate) quiesce_period: QuiescePeriod,
    /// How far the hourly figures may be behind the log.
    pub(crate) stats_delay: Duration,
    pub(crate) metrics: Metrics,
}

/// How long a message waits for its account's tombstone: the request that queued it ends within
/// seconds. An erasure without a tombstone by then was never accepted.
const MAX_WAIT_FOR_TOMBSTONE: Duration = Duration::from_mins(2);
/// Delay of the next invocation while there is work.
const MIN_DELAY: Duration = Duration::from_secs(1);
/// Delay of the next invocation after a fault.
const FAULT_DELAY: Duration = Duration::from_mins(1);

impl<C: AccountPurge + ErasureMarker, L: LogPurge + ReportEraser> Worker<C, L> {
    /// Works until `deadline`. Each step can be repeated, so this may be interrupted at any await.
    pub(crate) async fn work(
        &self,
        message: &ErasureMessage,
        deadline: InvocationDeadline,
    ) -> Resume {
        // Boxed: the compiler cannot compute the size of futures this deep.
        let resume = match message {
            ErasureMessage::Report(report) => Box::pin(self.erase_report(report)).await,
            ErasureMessage::Account(account) => {
                Box::pin(self.erase_account(account, deadline)).await
            }
        };
        resume.unwrap_or_else(|error| {
            tracing::warn!(account_id = %message.account_id(), error = %ErrorChain(&error),
                "erasure interrupted");
            Resume::After(FAULT_DELAY)
        })
    }

    /// Erases a report a second time: attempts that were in flight have logged their outcomes since
    /// the first.
    async fn erase_report(&self, report: &ReportErasure) -> Result<Resume, StoreError> {
        let wait = remaining(report.asked_at, self.quiesce_period.of_reports());
        if !wait.is_zero() {
            return Ok(Resume::After(wait + MIN_DELAY));
        }
        // The account's erasure deletes the report, and must not leave a tombstone of it.
        if self.config.erasure_state(&report.account_id).await? != AccountErasureState::NotBegun {
            return Ok(Resume::Done);
        }
        let tombstone = report.tombstone();
        erase_report(&self.config, &self.log, &tombstone, report.received_at).await?;
        self.metrics.count(Counter::ReportsErased);
        Ok(Resume::Done)
    }

    async fn erase_account(
        &self,
        message: &AccountErasure,
        deadline: InvocationDeadline,
    ) -> Result<Resume, StoreError> {
        let account = &message.account_id;
        let asked_at = match self.config.erasure_state(account).await? {
            AccountErasureState::InProgress(asked_at) => asked_at,
            AccountErasureState::Done => return Ok(Resume::Done),
            AccountErasureState::NotBegun => {
                if !remaining(message.asked_at, MAX_WAIT_FOR_TOMBSTONE).is_zero() {
                    return Ok(Resume::After(MIN_DELAY));
                }
                tracing::warn!(account_id = %account, "erasure was never begun");
                return Ok(Resume::Done);
            }
        };
        // Read before the purge: only a purge that begins after the quiesce period is the last one.
        // Figures have the account's id, and are written up to `stats_delay` after the log.
        let quiesce_left =
            remaining(asked_at, self.quiesce_period.of_accounts() + self.stats_delay);
        let Some(()) = self.purge(account, deadline).await? else {
            return Ok(Resume::After(MIN_DELAY));
        };
        if !quiesce_left.is_zero() {
            return Ok(Resume::After(quiesce_left + MIN_DELAY));
        }
        let all = || self.config.purge_config(account, ConfigPart::All);
        let Some(()) = purge_all(all, deadline).await? else { return Ok(Resume::After(MIN_DELAY)) };
        self.config.delete_account(account).await?;
        tracing::info!(account_id = %account, took = %elapsed(asked_at), "account erased");
        self.metrics.count(Counter::AccountsErased);
        Ok(Resume::Done)
    }

    /// Deletes everything but the ids of the account's webhooks, which lead to their deliveries.
    /// `None` if the deadline passes before the end.
    async fn purge(
        &self,
        account: &AccountId,
        deadline: InvocationDeadline,
    ) -> Result<Option<()>, StoreError> {
        let configured = || self.config.purge_config(account, ConfigPart::AllButWebhooks);
        let Some(()) = purge_all(configured, deadline).await? else { return Ok(None) };
        let webhooks = self.config.current_and_deleted_webhooks(account).await?;
        let days = journal::days_kept(Timestamp::now()).map(LogPart::Journal);
        for part in webhooks.into_iter().map(LogPart::Webhook).chain([LogPart::Rest]).chain(days) {
            let logged = || self.log.purge_log(account, part);
            let Some(()) = purge_all(logged, deadline).await? else { return Ok(None) };
        }
        Ok(Some(()))
    }
}

/// Repeats `purge` until it finds nothing; `None` if the deadline passes before.
async fn purge_all<F>(
    purge: impl Fn() -> F,
    deadline: InvocationDeadline,
) -> Result<Option<()>, StoreError>
where
    F: Future<Output = Result<Purged, StoreError>>,
{
    while !deadline.has_passed(Timestamp::now()) {
        if purge().await?.is_complete {
            return Ok(Some(()));
        }
    }
    Ok(None)
}

/// The part of `wait` after `since` that has not passed yet.
fn remaining(since: Timestamp, wait: Duration) -> Duration {
    let end = since.checked_add(wait).unwrap_or(Timestamp::MAX);
    Duration::try_from(end.duration_since(Timestamp::now())).unwrap_or_default()
}

fn elapsed(asked_at: Timestamp) -> jiff::SignedDuration {
    jiff::SignedDuration::from_secs(Timestamp::now().duration_since(asked_at).as_secs())
}

#[cfg(test)]
mod tests;
