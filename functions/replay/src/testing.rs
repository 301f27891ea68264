//! For tests: a worker on an embedded DynamoDB that crashes where it is told to, and a deliver
//! that takes messages from its queue and writes the log.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use callhook::account::{AccountZone, Retention};
use callhook::delivery::{DeliveryKey, DeliveryState, DeliveryUpdate, LogEntry, LoggedDelivery};
use callhook::dynamodb::DeliveriesTable;
use callhook::ids::{ReplayId, ReportId, WebhookId};
use callhook::message::{DeliveryMessage, Message};
use callhook::queue::{MessageQueue, Outgoing, QueueError};
use callhook::replay::{LogPosition, ReplayJob, ReplayRequest, Selection};
use callhook::store::{
    DeliveryLog, LogWrite, PriorEntry, ReplayAdmin, ReplayJobs, ReplaySource, StoreError,
    WriteError,
};
use callhook::telemetry::metrics::Metrics;
use callhook::testing::{TestTables, log};
use futures_util::future::join_all;
use jiff::Timestamp;
use serde_json::json;
use tokio::sync::Notify;

use crate::pace::{Pace, Time};
use crate::worker::Worker;
use callhook::resumable_work::Resume;

/// When, around a call, a worker crashes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moment {
    /// Nothing was done.
    Before,
    /// Of a batch, half.
    Halfway,
    /// Everything was done, and the worker does not know.
    After,
}

/// Counts the calls of a worker, and lets it crash at one of them.
#[derive(Default)]
pub(crate) struct Crashes {
    calls: AtomicUsize,
    at: Mutex<Option<(usize, Moment)>>,
    happened: Notify,
}

impl Crashes {
    /// The next crash is at this call from now.
    pub(crate) fn at(&self, call: usize, moment: Moment) {
        self.calls.store(0, Ordering::SeqCst);
        *self.at.lock().unwrap() = Some((call, moment));
    }

    fn next(&self) -> Option<Moment> {
        let call = self.calls.fetch_add(1, Ordering::SeqCst);
        self.at.lock().unwrap().filter(|(at, _)| *at == call).map(|(_, moment)| moment)
    }

    /// The worker is never heard of again.
    async fn crash(&self) -> ! {
        *self.at.lock().unwrap() = None;
        self.happened.notify_one();
        std::future::pending::<()>().await;
        unreachable!("pending for ever")
    }

    async fn around<T>(&self, call: impl Future<Output = T>) -> T {
        let moment = self.next();
        if moment == Some(Moment::Before) {
            self.crash().await;
        }
        let done = call.await;
        if moment.is_some() {
            self.crash().await;
        }
        done
    }
}

/// The table, seen by a worker.
pub(crate) struct Store {
    table: DeliveriesTable,
    crashes: Arc<Crashes>,
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

/// The queue of retries.
#[derive(Clone, Default)]
pub(crate) struct Queue {
    pub(crate) messages: Arc<Mutex<Vec<Outgoing>>>,
    crashes: Arc<Crashes>,
    /// Takes no more than this many messages of a batch.
    pub(crate) most: Arc<Mutex<Option<usize>>>,
}

impl MessageQueue for Queue {
    async fn send(&self, messages: Vec<Outgoing>) -> Vec<Result<(), QueueError>> {
        let moment = self.crashes.next();
        let most = self.most.lock().unwrap().unwrap_or(usize::MAX);
        let taken = match moment {
            Some(Moment::Before) => 0,
            Some(Moment::Halfway) => messages.len() / 2,
            Some(Moment::After) | None => messages.len().min(most),
        };
        let full = Err(QueueError("full".to_owned()));
        let answers = (0..messages.len()).map(|i| if i < taken { Ok(()) } else { full.clone() });
        let answers = answers.collect();
        self.messages.lock().unwrap().extend(messages.into_iter().take(taken));
        if moment.is_some() {
            self.crashes.crash().await;
        }
        answers
    }
}

/// What the deliver of the tests makes of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    Taken,
    NotTaken,
    /// Deferred without a request, for an hour; its message comes back by [`Harness::end_deferrals`].
    PutOff,
    /// The message is lost, and the log knows nothing.
    Lost,
}

type Fates = Box<dyn Fn(&DeliveryMessage) -> Fate + Send + Sync>;

/// Everything around a worker.
pub(crate) struct Harness {
    pub(crate) worker: Worker<Store, Queue>,
    pub(crate) table: DeliveriesTable,
    pub(crate) client: aws_sdk_dynamodb::Client,
    pub(crate) queue: Queue,
    pub(crate) crashes: Arc<Crashes>,
    pub(crate) webhook: WebhookId,
    /// The reports of all requests.
    pub(crate) requests: Mutex<Vec<ReportId>>,
    pub(crate) fates: Mutex<Fates>,
    deferred: Mutex<Vec<Outgoing>>,
}

/// 2021-04-09 00:00:00 UTC, in milliseconds.
pub(crate) const MIDNIGHT: u64 = 1_617_926_400_000;

fn metrics() -> Metrics {
    Metrics::of("Callhook/callhook", "replay", "callhook-replay")
}

pub(crate) fn failed() -> DeliveryState {
    DeliveryState::Failed { reason: "no attempt is left".to_owned() }
}

impl Harness {
    pub(crate) async fn new() -> Self {
        let tables = TestTables::start().await.unwrap();
        let table = tables.deliveries();
        let crashes = Arc::<Crashes>::default();
        let queue = Queue { crashes: Arc::clone(&crashes), ..Queue::default() };
        let store = Store { table: table.clone(), crashes: Arc::clone(&crashes) };
        let pace = Pace { look: Duration::from_millis(20), ..Pace::default() };
        Self {
            worker: Worker { store, retries: queue.clone(), pace, metrics: metrics() },
            table,
            client: tables.client,
            queue,
            crashes,
            webhook: WebhookId::generate(),
            requests: Mutex::default(),
            fates: Mutex::new(Box::new(|_| Fate::Taken)),
            deferred: Mutex::default(),
        }
    }

    /// Logs deliveries of `count` reports, a second apart, the first of them `from` seconds after
    /// midnight.
    pub(crate) async fn log(&self, from: u16, count: u16, state: DeliveryState) -> Vec<ReportId> {
        self.log_at(MIDNIGHT, from, count, state).await
    }

    /// The same after another midnight, in milliseconds.
    pub(crate) async fn log_at(
        &self,
        midnight: u64,
        from: u16,
        count: u16,
        state: DeliveryState,
    ) -> Vec<ReportId> {
        let reports: Vec<_> = (from..from + count)
            .map(|second| log::report_id(midnight + u64::from(second) * 1_000, second))
            .collect();
        let write = |report: &ReportId| LogWrite {
            update: log::update("acme", log::key(self.webhook, *report), state.clone()),
            prior: PriorEntry::Absent,
        };
        for part in reports.chunks(1_000) {
            let failed = self.table.write_updates(part.iter().map(write).collect()).await;
            assert!(failed.is_empty(), "the log takes all");
        }
        reports
    }

    /// Stores a job for the day of the reports.
    pub(crate) async fn job(&self, deliveries: &str) -> ReplayJob {
        let request = json!({
            "from": "2021-04-09 00:00:00", "to": "2021-04-10 00:00:00", "deliveries": deliveries,
        });
        let request =
            ReplayRequest::from_json(request.as_object().unwrap(), AccountZone::default()).unwrap();
        let account = "acme".parse().unwrap();
        let job = ReplayJob::new(account, self.webhook, request, Timestamp::now());
        self.table.create_replay(&job).await.unwrap();
        job
    }

    /// The job as it is stored.
    pub(crate) async fn stored(&self, job: &ReplayJob) -> ReplayJob {
        self.table.replay(job.webhook_id, job.id).await.unwrap().unwrap()
    }

    /// Changes the job behind the worker's back.
    pub(crate) async fn change(&self, job: &ReplayJob, change: impl FnOnce(&mut ReplayJob)) {
        let mut changed = self.stored(job).await.changed(Timestamp::now());
        change(&mut changed);
        self.table.replace_replay(&changed).await.unwrap();
    }

    /// One invocation of a minute while deliver works as well; `None` if it crashed.
    pub(crate) async fn invoke(&self, job: &ReplayJob) -> Option<Resume> {
        let time = Time::until(SystemTime::now() + Duration::from_mins(1));
        let message = job.message();
        let ended = AtomicBool::new(false);
        let work = async {
            let next = tokio::select! {
                next = self.worker.work(&message, time) => Some(next),
                () = self.crashes.happened.notified() => None,
            };
            ended.store(true, Ordering::SeqCst);
            next
        };
        let deliver = async {
            while !ended.load(Ordering::SeqCst) {
                self.deliver().await;
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        tokio::join!(work, deliver).0
    }

    /// Invocations until the job is over. After each crash its time goes by, so that it holds
    /// the job no longer.
    pub(crate) async fn finish(&self, job: &ReplayJob) -> ReplayJob {
        for _ in 0..20 {
            match self.invoke(job).await {
                Some(Resume::Done) => return self.stored(job).await,
                Some(Resume::After(_)) => {}
                None => self.free(job).await,
            }
        }
        panic!("not over: {:?}", self.stored(job).await);
    }

    /// The time of a crashed worker is over.
    pub(crate) async fn free(&self, job: &ReplayJob) {
        if !self.stored(job).await.stage.is_over() {
            self.change(job, |job| job.leased_until = None).await;
        }
    }

    /// The log's item of a delivery is gone.
    pub(crate) async fn forget(&self, report: ReportId) {
        let shard = report.as_bytes()[15] % 8;
        let text = |text: String| aws_sdk_dynamodb::types::AttributeValue::S(text);
        let delete = self.client.delete_item().table_name("Deliveries");
        let delete = delete.key("pk", text(format!("{}#{shard}", self.webhook)));
        delete.key("sk", text(report.to_string())).send().await.unwrap();
    }

    /// Queues what was deferred, to be accepted now.
    pub(crate) fn end_deferrals(&self) {
        *self.fates.lock().unwrap() = Box::new(|_| Fate::Taken);
        let deferred = std::mem::take(&mut *self.deferred.lock().unwrap());
        self.queue.messages.lock().unwrap().extend(deferred);
    }

    /// Does with what is queued as deliver does: what the log shows is not sent again.
    async fn deliver(&self) {
        let messages = std::mem::take(&mut *self.queue.messages.lock().unwrap());
        let parts = messages.chunks(100).map(|part| self.deliver_part(part));
        join_all(parts).await;
    }

    async fn deliver_part(&self, part: &[Outgoing]) {
        let mut wanted = HashMap::new();
        for outgoing in part {
            let Message::Delivery(message) = Message::parse(&outgoing.body).unwrap() else {
                panic!("a replay queues deliveries");
            };
            let DeliveryMessage { webhook_id, report_id, .. } = message;
            wanted.insert(DeliveryKey { webhook_id, report_id }, message);
        }
        let keys: Vec<_> = wanted.keys().copied().collect();
        let mut logged = self.table.look_up(&keys, &HashSet::new()).await.unwrap().logged;
        let mut writes = Vec::new();
        for (key, message) in wanted {
            let before = logged.remove(&key).unwrap();
            if !before.covers(&message.trigger, message.attempt) {
                writes.extend(self.outcome(message, before));
            }
        }
        assert!(self.table.write_updates(writes).await.is_empty(), "the log takes all");
    }

    fn outcome(&self, message: DeliveryMessage, before: LogEntry) -> Option<LogWrite> {
        let now = Timestamp::now();
        let next_attempt_at = now + Duration::from_hours(1);
        let (attempt, state) = match (self.fates.lock().unwrap())(&message) {
            Fate::Taken => (Some(log::attempt(Ok(200), b"")), DeliveryState::Delivered),
            Fate::NotTaken => (Some(log::attempt(Ok(500), b"")), failed()),
            Fate::PutOff => {
                let (body, account_id) = (message.to_json().unwrap(), message.account_id.clone());
                let outgoing = Outgoing { body, account_id, delay: Duration::ZERO };
                self.deferred.lock().unwrap().push(outgoing);
                (None, DeliveryState::Pending { next_attempt_at })
            }
            Fate::Lost => return None,
        };
        if attempt.is_some() {
            self.requests.lock().unwrap().push(message.report_id);
        }
        let record = DeliveryUpdate {
            key: before.key,
            account_id: message.account_id,
            received_at: message.received_at,
            report: message.report,
            trigger: message.trigger,
            number: message.attempt,
            attempt,
            state,
            at: now,
            retention: Retention::default(),
        };
        Some(LogWrite { update: record, prior: PriorEntry::Known(Box::new(before)) })
    }

    /// Fails unless there was one request for each of `wanted`, and none for others.
    #[track_caller]
    pub(crate) fn assert_requests(&self, mut wanted: Vec<ReportId>, what: &str) {
        let mut requests = self.requests.lock().unwrap().clone();
        requests.sort_unstable();
        wanted.sort_unstable();
        let (made, expected) = (requests.len(), wanted.len());
        assert!(requests == wanted, "{what}: {made} requests for {expected} deliveries");
    }
}
