//! The work: deleting what is left of a report or of an account.

use std::time::Duration;

use callhook::account::AccountId;
use callhook::erasure::{self, QuiescePeriod};
use callhook::journal;
use callhook::message::{AccountErasure, ErasureMessage, ReportErasure};
use callhook::resumable_work::Resume;
use callhook::store::{
    AccountErasureState, AccountPurge, ConfigPart, ErasureMarker, LogPart, LogPurge, Purged,
    ReportEraser, StoreError,
};
use callhook::telemetry::ErrorChain;
use callhook::telemetry::metrics::{Counter, Metrics};
use jiff::Timestamp;

use crate::time::{Time, left};

/// What the work needs.
pub(crate) struct Worker<C, L> {
    /// Accounts and what is configured for them.
    pub(crate) config: C,
    /// What became of their reports.
    pub(crate) log: L,
    /// How long others may work with what was known before.
    pub(crate) quiesce_period: QuiescePeriod,
    /// How far stats may be behind the log.
    pub(crate) stats_delay: Duration,
    pub(crate) metrics: Metrics,
}

/// How long a message waits for its account's tombstone: the request that queued it ends within
/// seconds. After that the erasure was never promised to anyone.
const UNCONFIRMED: Duration = Duration::from_mins(2);
/// From one invocation to the next while there is work.
const SOON: Duration = Duration::from_secs(1);
/// From one invocation to the next after a fault.
const LATER: Duration = Duration::from_mins(1);

impl<C: AccountPurge + ErasureMarker, L: LogPurge + ReportEraser> Worker<C, L> {
    /// Works while there is time. Each step may be done again, so this may end at any await.
    pub(crate) async fn work(&self, message: &ErasureMessage, time: Time) -> Resume {
        // Boxed, since the compiler gives up on the size of futures this deep.
        let worked = match message {
            ErasureMessage::Report(report) => Box::pin(self.erase_report(report)).await,
            ErasureMessage::Account(account) => Box::pin(self.erase_account(account, time)).await,
        };
        worked.unwrap_or_else(|error| {
            tracing::warn!(account_id = %message.account_id(), error = %ErrorChain(&error),
                "an erasure was interrupted");
            Resume::After(LATER)
        })
    }

    /// The second look at a report: what attempts that were under way have logged since the first.
    async fn erase_report(&self, report: &ReportErasure) -> Result<Resume, StoreError> {
        let wait = left(report.asked_at, self.quiesce_period.of_reports());
        if !wait.is_zero() {
            return Ok(Resume::After(wait + SOON));
        }
        // Whatever is left of an account goes with it, and no tombstone of a report comes after.
        if self.config.erasure_state(&report.account_id).await? != AccountErasureState::NotBegun {
            return Ok(Resume::Done);
        }
        let tombstone = report.tombstone();
        erasure::erase(&self.config, &self.log, &tombstone, report.received_at).await?;
        self.metrics.count(Counter::ReportsErased);
        Ok(Resume::Done)
    }

    async fn erase_account(
        &self,
        message: &AccountErasure,
        time: Time,
    ) -> Result<Resume, StoreError> {
        let account = &message.account_id;
        let asked_at = match self.config.erasure_state(account).await? {
            AccountErasureState::InProgress(asked_at) => asked_at,
            AccountErasureState::Done => return Ok(Resume::Done),
            AccountErasureState::NotBegun => {
                if !left(message.asked_at, UNCONFIRMED).is_zero() {
                    return Ok(Resume::After(SOON));
                }
                tracing::warn!(account_id = %account, "an erasure was never begun");
                return Ok(Resume::Done);
            }
        };
        // What is deleted before nobody writes any more is deleted early, not for good.
        // Figures bear the account's name, and the last outcome is counted later than it is logged.
        let unsettled = left(asked_at, self.quiesce_period.of_accounts() + self.stats_delay);
        let Some(()) = self.purge(account, time).await? else { return Ok(Resume::After(SOON)) };
        if !unsettled.is_zero() {
            return Ok(Resume::After(unsettled + SOON));
        }
        let all = || self.config.purge_config(account, ConfigPart::All);
        let Some(()) = to_the_end(all, time).await? else { return Ok(Resume::After(SOON)) };
        self.config.delete_account(account).await?;
        tracing::info!(account_id = %account, took = %took(asked_at), "an account is erased");
        self.metrics.count(Counter::AccountsErased);
        Ok(Resume::Done)
    }

    /// Deletes all but the names of the account's webhooks, by which the rest is found; nothing if
    /// the time is up before.
    async fn purge(&self, account: &AccountId, time: Time) -> Result<Option<()>, StoreError> {
        let configured = || self.config.purge_config(account, ConfigPart::AllButWebhooks);
        let Some(()) = to_the_end(configured, time).await? else { return Ok(None) };
        let webhooks = self.config.current_and_deleted_webhooks(account).await?;
        let days = journal::days_kept(Timestamp::now()).map(LogPart::Journal);
        for part in webhooks.into_iter().map(LogPart::Webhook).chain([LogPart::Rest]).chain(days) {
            let logged = || self.log.purge_log(account, part);
            let Some(()) = to_the_end(logged, time).await? else { return Ok(None) };
        }
        Ok(Some(()))
    }
}

/// Repeats `purge` until nothing is left for it; nothing if the time is up before.
async fn to_the_end<F>(purge: impl Fn() -> F, time: Time) -> Result<Option<()>, StoreError>
where
    F: Future<Output = Result<Purged, StoreError>>,
{
    while !time.is_up() {
        if purge().await?.is_complete {
            return Ok(Some(()));
        }
    }
    Ok(None)
}

fn took(asked_at: Timestamp) -> jiff::SignedDuration {
    jiff::SignedDuration::from_secs(Timestamp::now().duration_since(asked_at).as_secs())
}

#[cfg(test)]
mod tests;
