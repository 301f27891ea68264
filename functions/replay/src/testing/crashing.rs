//! A store and a queue that crash the worker at a chosen call.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use callhook::aws::dynamodb::DeliveriesTable;
use callhook::domain::delivery::{DeliveryKey, LoggedDelivery};
use callhook::domain::ids::{ReplayId, ReportId, WebhookId};
use callhook::domain::replay::{LogPosition, ReplayJob, Selection};
use callhook::ports::queue::{MessageQueue, Outgoing, QueueError};
use callhook::ports::store::{ReplayJobs, ReplaySource, StoreError, WriteError};
use tokio::sync::Notify;

/// When a worker crashes, relative to a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CrashPoint {
    /// Before the call has an effect.
    Before,
    /// When half of a batch is done.
    Halfway,
    /// When the call is done, before its response arrives.
    After,
}

/// Counts the calls of a worker and crashes it at one of them.
#[derive(Default)]
pub(crate) struct Crashes {
    calls: AtomicUsize,
    at: Mutex<Option<(usize, CrashPoint)>>,
    pub(super) happened: Notify,
}

impl Crashes {
    /// Crashes the worker at this call, counted from now.
    pub(crate) fn at(&self, call: usize, point: CrashPoint) {
        self.calls.store(0, Ordering::SeqCst);
        *self.at.lock().unwrap() = Some((call, point));
    }

    fn next(&self) -> Option<CrashPoint> {
        let call = self.calls.fetch_add(1, Ordering::SeqCst);
        self.at.lock().unwrap().filter(|(at, _)| *at == call).map(|(_, point)| point)
    }

    /// Stops the worker: its future never completes.
    async fn crash(&self) -> ! {
        *self.at.lock().unwrap() = None;
        self.happened.notify_one();
        std::future::pending::<()>().await;
        unreachable!("pending for ever")
    }

    async fn around<T>(&self, call: impl Future<Output = T>) -> T {
        let point = self.next();
        if point == Some(CrashPoint::Before) {
            self.crash().await;
        }
        let done = call.await;
        if point.is_some() {
            self.crash().await;
        }
        done
    }
}

/// The table as the worker uses it.
pub(crate) struct Store {
    pub(super) table: DeliveriesTable,
    pub(super) crashes: Arc<Crashes>,
}

impl ReplayJobs for Store {
    async fn replay(
        &self,
        webhook: WebhookId,
        id: ReplayId,
    ) -> Result<Option<ReplayJob>, StoreError> {
        self.crashes.around(self.table.replay(webhook, id)).await
    }

    async fn replace_replay(&self, job: &ReplayJob) -> Result<(), WriteError> {
        self.crashes.around(self.table.replace_replay(job)).await
    }
}

impl ReplaySource for Store {
    async fn count(
        &self,
        selection: &Selection,
        position: LogPosition,
    ) -> Result<(u64, Option<LogPosition>), StoreError> {
        self.crashes.around(self.table.count(selection, position)).await
    }

    async fn select(
        &self,
        selection: &Selection,
        position: LogPosition,
        most: usize,
    ) -> Result<(Vec<ReportId>, Option<LogPosition>), StoreError> {
        self.crashes.around(self.table.select(selection, position, most)).await
    }

    async fn current(
        &self,
        keys: &[DeliveryKey],
    ) -> Result<HashMap<DeliveryKey, LoggedDelivery>, StoreError> {
        self.crashes.around(self.table.current(keys)).await
    }
}

/// The retries queue.
#[derive(Clone, Default)]
pub(crate) struct Queue {
    pub(crate) messages: Arc<Mutex<Vec<Outgoing>>>,
    pub(super) crashes: Arc<Crashes>,
    /// The most messages that it accepts of one send.
    pub(crate) capacity: Arc<Mutex<Option<usize>>>,
    /// Wakes the fake deliver.
    pub(super) changed: Arc<Notify>,
}

impl MessageQueue for Queue {
    async fn send(&self, messages: Vec<Outgoing>) -> Vec<Result<(), QueueError>> {
        let point = self.crashes.next();
        let capacity = self.capacity.lock().unwrap().unwrap_or(usize::MAX);
        let accepted = match point {
            Some(CrashPoint::Before) => 0,
            Some(CrashPoint::Halfway) => messages.len() / 2,
            Some(CrashPoint::After) | None => messages.len().min(capacity),
        };
        let full = Err(QueueError("full".to_owned()));
        let answers = (0..messages.len()).map(|i| if i < accepted { Ok(()) } else { full.clone() });
        let answers = answers.collect();
        self.messages.lock().unwrap().extend(messages.into_iter().take(accepted));
        self.changed.notify_one();
        if point.is_some() {
            self.crashes.crash().await;
        }
        answers
    }
}
