//! Test harness: a worker on an embedded DynamoDB that crashes at a chosen call, and a fake deliver
//! that receives messages from its queue and writes the log.

mod crashing;

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use callhook::aws::dynamodb::DeliveriesTable;
use callhook::domain::account::{AccountZone, Retention};
use callhook::domain::delivery::{DeliveryKey, DeliveryState, DeliveryUpdate, LogEntry};
use callhook::domain::ids::{ReportId, WebhookId};
use callhook::domain::message::{DeliveryMessage, Message};
use callhook::domain::replay::{ReplayJob, ReplayRequest, ReplayStage};
use callhook::ports::queue::Outgoing;
use callhook::ports::store::{DeliveryLog, LogWrite, PriorEntry, ReplayAdmin, ReplayJobs};
use callhook::runtime::resumable_work::{InvocationDeadline, Resume};
use callhook::runtime::telemetry::metrics::Metrics;
use callhook::testing::{TestTables, log};
use futures_util::future::join_all;
use jiff::Timestamp;
use serde_json::json;
use tokio::sync::Notify;

pub(crate) use self::crashing::{CrashPoint, Crashes, Queue, Store};
use crate::timing::ReplayTiming;
use crate::worker::Worker;

/// How the fake deliver handles a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DeliverOutcome {
    Accepted,
    Rejected,
    /// Deferred for an hour without a request, until [`Harness::end_deferrals`].
    Deferred,
    /// The message is lost, and nothing is logged.
    MessageLost,
}

type ChooseOutcome = Box<dyn Fn(&DeliveryMessage) -> DeliverOutcome + Send + Sync>;

/// A worker, its tables and queue, and a fake deliver.
pub(crate) struct Harness {
    pub(crate) worker: Worker<Store, Queue>,
    pub(crate) table: DeliveriesTable,
    pub(crate) client: aws_sdk_dynamodb::Client,
    pub(crate) queue: Queue,
    pub(crate) crashes: Arc<Crashes>,
    pub(crate) webhook: WebhookId,
    /// The reports of all requests that the fake deliver has made.
    pub(crate) requests: Mutex<Vec<ReportId>>,
    pub(crate) outcome: Mutex<ChooseOutcome>,
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
        let min_poll_interval = Duration::from_millis(20);
        let timing = ReplayTiming { min_poll_interval, ..ReplayTiming::default() };
        Self {
            worker: Worker { store, retries: queue.clone(), timing, metrics: metrics() },
            table,
            client: tables.client,
            queue,
            crashes,
            webhook: WebhookId::generate(),
            requests: Mutex::default(),
            outcome: Mutex::new(Box::new(|_| DeliverOutcome::Accepted)),
            deferred: Mutex::default(),
        }
    }

    /// Logs deliveries of `count` reports, one per second from `from` seconds after midnight.
    pub(crate) async fn log(&self, from: u16, count: u16, state: DeliveryState) -> Vec<ReportId> {
        self.log_at(MIDNIGHT, from, count, state).await
    }

    /// Does the same after another midnight, in milliseconds.
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
        for chunk in reports.chunks(1_000) {
            let failed = self.table.write_updates(chunk.iter().map(write).collect()).await;
            assert!(failed.is_empty(), "the log accepts all writes");
        }
        reports
    }

    /// Stores a job for the day after [`MIDNIGHT`].
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

    /// Waits until the stored job meets `condition`.
    pub(crate) async fn wait_until(
        &self,
        job: &ReplayJob,
        condition: impl Fn(&ReplayJob) -> bool,
    ) -> ReplayJob {
        let deadline = tokio::time::Instant::now() + Duration::from_secs(30);
        loop {
            let stored = self.stored(job).await;
            if condition(&stored) {
                return stored;
            }
            assert!(tokio::time::Instant::now() < deadline, "not within 30 s: {stored:?}");
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    /// Changes the stored job as another writer would.
    pub(crate) async fn change(&self, job: &ReplayJob, change: impl FnOnce(&mut ReplayJob)) {
        let mut changed = self.stored(job).await.changed(Timestamp::now());
        change(&mut changed);
        self.table.replace_replay(&changed).await.unwrap();
    }

    /// Runs one invocation of a minute beside the fake deliver; `None` if it crashed.
    pub(crate) async fn invoke(&self, job: &ReplayJob) -> Option<Resume> {
        let deadline = InvocationDeadline::new(SystemTime::now() + Duration::from_mins(1));
        let message = job.message();
        let ended = Notify::new();
        let work = async {
            let resume = tokio::select! {
                resume = self.worker.work(&message, deadline) => Some(resume),
                () = self.crashes.happened.notified() => None,
            };
            ended.notify_one();
            resume
        };
        let deliver = async {
            loop {
                self.deliver().await;
                tokio::select! {
                    biased;
                    () = ended.notified() => return,
                    () = self.queue.changed.notified() => {}
                }
            }
        };
        tokio::join!(work, deliver).0
    }

    /// Runs invocations until the job is over. The lease of a crashed one expires first.
    pub(crate) async fn finish(&self, job: &ReplayJob) -> ReplayJob {
        for _ in 0..20 {
            match self.invoke(job).await {
                Some(Resume::Done) => return self.stored(job).await,
                Some(Resume::After(_)) => {}
                None => self.expire_lease(job).await,
            }
        }
        panic!("not over: {:?}", self.stored(job).await);
    }

    /// Ends the lease of a crashed worker.
    pub(crate) async fn expire_lease(&self, job: &ReplayJob) {
        if !self.stored(job).await.stage.is_over() {
            self.change(job, |job| job.leased_until = None).await;
        }
    }

    /// Ages the wave in flight beyond the progress timeout, as if no invocation had run meanwhile.
    pub(crate) async fn pass_progress_timeout(&self, job: &ReplayJob) {
        let timeout = self.worker.timing.progress_timeout + Duration::from_secs(1);
        self.change(job, |job| {
            if let ReplayStage::Sending { wave, .. } = &mut job.stage {
                wave.moved_at = wave.moved_at.checked_sub(timeout).unwrap();
            }
        })
        .await;
    }

    /// Deletes the log's item of a delivery.
    pub(crate) async fn delete_from_log(&self, report: ReportId) {
        let shard = report.as_bytes()[15] % 8;
        let text = |text: String| aws_sdk_dynamodb::types::AttributeValue::S(text);
        let delete = self.client.delete_item().table_name("Deliveries");
        let delete = delete.key("pk", text(format!("{}#{shard}", self.webhook)));
        delete.key("sk", text(report.to_string())).send().await.unwrap();
    }

    /// Queues the deferred messages again; the receiver now accepts.
    pub(crate) fn end_deferrals(&self) {
        *self.outcome.lock().unwrap() = Box::new(|_| DeliverOutcome::Accepted);
        let deferred = std::mem::take(&mut *self.deferred.lock().unwrap());
        self.queue.messages.lock().unwrap().extend(deferred);
    }

    /// Handles the queued messages as deliver does: those whose attempt is logged are not sent again.
    pub(crate) async fn deliver(&self) {
        let messages = std::mem::take(&mut *self.queue.messages.lock().unwrap());
        let chunks = messages.chunks(100).map(|chunk| self.deliver_chunk(chunk));
        join_all(chunks).await;
    }

    async fn deliver_chunk(&self, chunk: &[Outgoing]) {
        let mut wanted = HashMap::new();
        for outgoing in chunk {
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
        assert!(self.table.write_updates(writes).await.is_empty(), "the log accepts all writes");
    }

    fn outcome(&self, message: DeliveryMessage, before: LogEntry) -> Option<LogWrite> {
        let now = Timestamp::now();
        let next_attempt_at = now + Duration::from_hours(1);
        let (attempt, state) = match (self.outcome.lock().unwrap())(&message) {
            DeliverOutcome::Accepted => {
                (Some(log::attempt(Ok(200), b"")), DeliveryState::Delivered)
            }
            DeliverOutcome::Rejected => (Some(log::attempt(Ok(500), b"")), failed()),
            DeliverOutcome::Deferred => {
                let (body, account_id) = (message.to_json().unwrap(), message.account_id.clone());
                let outgoing = Outgoing { body, account_id, delay: Duration::ZERO };
                self.deferred.lock().unwrap().push(outgoing);
                (None, DeliveryState::Pending { next_attempt_at })
            }
            DeliverOutcome::MessageLost => return None,
        };
        if attempt.is_some() {
            self.requests.lock().unwrap().push(message.report_id);
        }
        let update = DeliveryUpdate {
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
        Some(LogWrite { update, prior: PriorEntry::Known(Box::new(before)) })
    }

    /// Asserts that there was one request for each of `wanted`, and no others.
    #[track_caller]
    pub(crate) fn assert_requests(&self, mut wanted: Vec<ReportId>, what: &str) {
        let mut requests = self.requests.lock().unwrap().clone();
        requests.sort_unstable();
        wanted.sort_unstable();
        let (made, expected) = (requests.len(), wanted.len());
        assert!(requests == wanted, "{what}: {made} requests for {expected} deliveries");
    }
}
