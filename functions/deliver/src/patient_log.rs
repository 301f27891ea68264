//! The log, as long as an invocation can wait for it. An invocation that Lambda ends in the middle
//! comes back as a whole, and what clients took is sent to them again.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use callhook::delivery::{DeliveryKey, LogEntry};
use callhook::erasure::ReportKey;
use callhook::ids::{ReportId, WebhookId};
use callhook::stats::{Hour, HourlyCounts};
use callhook::store::{DeliveryLog, LogWrite, StatsLog, StoreError, Tombstones, UnwantedReport};
use tokio::time::{Instant, timeout_at};

/// A log that is not asked for a while after it did not answer.
pub(crate) struct PatientLog<L> {
    log: L,
    patience: Mutex<Patience>,
}

struct Patience {
    /// No call lasts longer.
    end_by: Instant,
    /// It is not asked before then.
    silent_until: Option<Instant>,
}

/// How long an answer may take. The client of DynamoDB tries for 8 s; an answer takes 10 ms.
const LONGEST_CALL: Duration = Duration::from_secs(5);
/// How long a log is left alone that did not answer. With each hundred outcomes waiting for it,
/// an event would take longer than its invocation.
const SILENCE: Duration = Duration::from_secs(10);

impl<L: DeliveryLog + StatsLog + Tombstones> PatientLog<L> {
    pub(crate) fn new(log: L) -> Self {
        let patience = Patience { end_by: Instant::now(), silent_until: None };
        Self { log, patience: Mutex::new(patience) }
    }

    /// To be called when an invocation begins: no call lasts longer than `end_by`.
    pub(crate) fn begin(&self, end_by: Instant) {
        self.patience.lock().unwrap_or_else(PoisonError::into_inner).end_by = end_by;
    }

    pub(crate) async fn logged(
        &self,
        keys: &[DeliveryKey],
    ) -> Result<HashMap<DeliveryKey, LogEntry>, StoreError> {
        self.ask(self.log.logged(keys)).await.ok_or_else(no_answer)?
    }

    pub(crate) async fn erased(
        &self,
        reports: &HashSet<ReportKey>,
    ) -> Result<HashSet<ReportKey>, StoreError> {
        self.ask(self.log.erased(reports)).await.ok_or_else(no_answer)?
    }

    pub(crate) async fn record(&self, writes: Vec<LogWrite>) -> Vec<(DeliveryKey, StoreError)> {
        let keys: Vec<_> = writes.iter().map(|write| write.record.key).collect();
        let failed = self.ask(self.log.record(writes)).await;
        failed.unwrap_or_else(|| keys.into_iter().map(|key| (key, no_answer())).collect())
    }

    pub(crate) async fn record_unwanted(
        &self,
        reports: Vec<UnwantedReport>,
    ) -> Vec<(ReportId, StoreError)> {
        let ids: Vec<_> = reports.iter().map(|report| report.report_id).collect();
        let failed = self.ask(self.log.record_unwanted(reports)).await;
        failed.unwrap_or_else(|| ids.into_iter().map(|id| (id, no_answer())).collect())
    }

    pub(crate) async fn count(
        &self,
        webhook: WebhookId,
        hour: Hour,
        counts: &HourlyCounts,
    ) -> Result<(), StoreError> {
        self.ask(self.log.count(webhook, hour, counts)).await.ok_or_else(no_answer)?
    }

    /// What `call` gives, if it gives it in time.
    async fn ask<T>(&self, call: impl Future<Output = T>) -> Option<T> {
        let now = Instant::now();
        let end_by = {
            let patience = self.patience.lock().unwrap_or_else(PoisonError::into_inner);
            if patience.silent_until.is_some_and(|until| now < until) {
                return None;
            }
            patience.end_by.min(now + LONGEST_CALL)
        };
        let answer = timeout_at(end_by, call).await.ok();
        if answer.is_none() {
            let mut patience = self.patience.lock().unwrap_or_else(PoisonError::into_inner);
            patience.silent_until = Some(Instant::now() + SILENCE);
        }
        answer
    }
}

fn no_answer() -> StoreError {
    let source = "it gave no answer in time".into();
    StoreError::Unavailable { action: "the delivery log", source }
}
