//! The log of deliveries, within the call budget of an invocation.

use std::collections::{HashMap, HashSet};

use callhook::domain::delivery::DeliveryKey;
use callhook::domain::ids::ReportId;
use callhook::domain::journal;
use callhook::domain::report::ReportKey;
use callhook::ports::store::{
    DeliveryLog, JournalWriter, LogLookup, LogWrite, NewPage, StoreError, UnwantedReport,
};
use jiff::Timestamp;
use tokio::time::{Instant, timeout};

use crate::call_budget::{self, CallBudget};

/// A log whose calls are bounded by a [`CallBudget`].
pub(crate) struct BoundedLog<L> {
    log: L,
    budget: CallBudget,
}

impl<L: DeliveryLog> BoundedLog<L> {
    pub(crate) fn new(log: L) -> Self {
        Self { log, budget: CallBudget::new() }
    }

    #[cfg(test)]
    pub(crate) fn log_mut(&mut self) -> &mut L {
        &mut self.log
    }

    /// Begins an invocation: no call lasts longer than `end_by`.
    pub(crate) fn begin(&self, end_by: Instant) {
        self.budget.begin(end_by);
    }

    pub(crate) async fn look_up(
        &self,
        keys: &[DeliveryKey],
        reports: &HashSet<ReportKey>,
    ) -> Result<LogLookup, StoreError> {
        self.budget.run(self.log.look_up(keys, reports)).await.ok_or_else(no_answer)?
    }

    pub(crate) async fn unwanted_received_at(
        &self,
        reports: &HashSet<ReportKey>,
    ) -> Result<HashMap<ReportKey, Timestamp>, StoreError> {
        self.budget.run(self.log.unwanted_received_at(reports)).await.ok_or_else(no_answer)?
    }

    pub(crate) async fn write_updates(
        &self,
        writes: Vec<LogWrite>,
    ) -> Vec<(DeliveryKey, StoreError)> {
        let keys: Vec<_> = writes.iter().map(|write| write.update.key).collect();
        let failed = self.budget.run(self.log.write_updates(writes)).await;
        failed.unwrap_or_else(|| keys.into_iter().map(|key| (key, no_answer())).collect())
    }

    pub(crate) async fn write_unwanted_reports(
        &self,
        reports: Vec<UnwantedReport>,
    ) -> Vec<(ReportId, StoreError)> {
        let ids: Vec<_> = reports.iter().map(|report| report.report_id).collect();
        let failed = self.budget.run(self.log.write_unwanted_reports(reports)).await;
        failed.unwrap_or_else(|| ids.into_iter().map(|id| (id, no_answer())).collect())
    }
}

impl<L: JournalWriter> BoundedLog<L> {
    /// Writes pages. One that is not written within [`journal::WRITTEN_WITHIN`] counts as not written:
    /// readers rely on that.
    pub(crate) async fn write_pages(&self, pages: &[NewPage]) -> Vec<Result<(), StoreError>> {
        let write = self.budget.run(self.log.write_pages(pages));
        let written = timeout(journal::WRITTEN_WITHIN, write).await.ok().flatten();
        written.unwrap_or_else(|| pages.iter().map(|_| Err(no_answer())).collect())
    }
}

fn no_answer() -> StoreError {
    call_budget::no_answer("the delivery log")
}
