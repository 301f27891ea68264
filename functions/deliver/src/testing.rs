//! Test harness: deliver with fake receivers, queue, log and operator.

mod fakes;

use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use callhook::aws::dynamodb::{ConfigTable, DeliveriesTable};
use callhook::domain::account::{Account, AccountId};
use callhook::domain::delivery::{DeliveryKey, LogEntry, Trigger};
use callhook::domain::ids::{ReportId, WebhookId};
use callhook::domain::message::{AcceptedReport, DeliveryMessage, Message, ReportsMessage, Wait};
use callhook::domain::report::Report;
use callhook::domain::subscription::Subscription;
use callhook::domain::webhook::WebhookDraft;
use callhook::ports::queue::Outgoing;
use callhook::ports::store::{
    AccountAdmin, AccountTerms, DeliveryLog, PriorEntry, SubscriptionAdmin, WebhookAdmin,
};
use callhook::runtime::telemetry::metrics::Metrics;
use callhook::testing::{CONFIG, NewWebhook, TestTables};
use jiff::Timestamp;
use serde_json::{Value, json};

pub(crate) use self::fakes::{Alerts, Log, Receivers, Retries};
use crate::attempt::Attempts;
use crate::breaker::{Breaker, Periods};
use crate::cache::{ConfigCache, FoundWebhook};
use crate::clock::Clock;
use crate::fan_out::FanOutGate;
use crate::handler::Deliver;
use crate::pending::{InFlightReport, Job, PendingDelivery, SourceMessage, later};
use crate::target::Target;
use crate::writer::OutcomeWriter;

/// The clock of a test: it stands still at a set time, or is the system's.
#[derive(Clone, Default)]
pub(crate) struct TestClock(Arc<Mutex<Option<Timestamp>>>);

impl TestClock {
    pub(crate) fn set(&self, now: Timestamp) {
        *self.0.lock().unwrap() = Some(now);
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.0.lock().unwrap().unwrap_or_else(Timestamp::now)
    }
}

pub(crate) type TestDeliver = Deliver<ConfigTable, Receivers, Retries, Log, Alerts>;

pub(crate) struct Harness {
    pub(crate) deliver: Arc<TestDeliver>,
    pub(crate) receivers: Receivers,
    pub(crate) alerts: Alerts,
    pub(crate) clock: TestClock,
    pub(crate) table: ConfigTable,
    pub(crate) log: DeliveriesTable,
    pub(crate) tables: TestTables,
    pub(crate) metrics: Metrics,
}

impl Harness {
    pub(crate) async fn new() -> Self {
        Self::with(|_| {}).await
    }

    /// A function of which `change` replaces a part, often by one that fails.
    pub(crate) async fn with(change: impl FnOnce(&mut TestDeliver)) -> Self {
        const PERIODS: Periods = Periods {
            announce_after: Duration::from_mins(15),
            disable_after: Duration::from_hours(5 * 24),
        };
        let tables = TestTables::start().await.unwrap();
        let (receivers, alerts, clock) =
            (Receivers::default(), Alerts::default(), TestClock::default());
        let shared = clock.clone();
        let metrics = Metrics::of("Callhook/callhook", "deliver", "callhook-deliver");
        let mut deliver = Deliver {
            clock: Clock::of(move || shared.now()),
            config: ConfigCache::new(tables.config(), Duration::ZERO),
            breaker: Breaker::new(tables.config(), PERIODS, metrics.clone()),
            limits: tables.config(),
            fan_out: FanOutGate::new(tables.config(), None, 50),
            attempts: Attempts::new(receivers.clone(), metrics.clone()),
            writer: OutcomeWriter::new(
                Retries::default(),
                Log::Table(tables.deliveries()),
                metrics.clone(),
            ),
            operator: alerts.clone(),
            reports_queue: "callhook-Reports".to_owned(),
        };
        change(&mut deliver);
        let deliver = Arc::new(deliver);
        let (table, log) = (tables.config(), tables.deliveries());
        Self { deliver, receivers, alerts, clock, table, log, tables, metrics }
    }

    /// A function that cannot write the journal.
    pub(crate) async fn without_journal(queue_fails: bool) -> Self {
        Self::with(|deliver| {
            deliver.writer.retries.fails = queue_fails;
            let log = deliver.writer.log.log_mut();
            if let Log::Table(table) = log {
                *log = Log::NoJournal(table.clone());
            }
        })
        .await
    }

    /// A function whose log can be written and not read.
    pub(crate) async fn with_unreadable_log() -> Self {
        Self::with(|deliver| {
            let log = deliver.writer.log.log_mut();
            if let Log::Table(table) = log {
                *log = Log::Unreadable(table.clone());
            }
        })
        .await
    }

    /// Creates the account of the tests with `settings`.
    pub(crate) async fn account(&self, settings: Value) {
        let mut request = json!({"id": "acme", "name": "Acme"});
        request.as_object_mut().unwrap().extend(settings.as_object().unwrap().clone());
        let request = request.as_object().unwrap();
        let account = Account::from_request(request, Timestamp::UNIX_EPOCH).unwrap();
        self.table.create_account(&account).await.unwrap();
    }

    /// A webhook whose receiver answers as `path` says.
    pub(crate) async fn webhook(&self, path: &str) -> WebhookId {
        self.webhook_with(path, json!({})).await
    }

    pub(crate) async fn webhook_with(&self, path: &str, more: Value) -> WebhookId {
        let webhook = NewWebhook::new(&format!("http://receiver.example/{path}"))
            .with("name", path)
            .with_all(&more);
        let webhook = webhook.build(Timestamp::UNIX_EPOCH);
        self.table.create_webhook(&account(), &webhook).await.unwrap();
        webhook.id
    }

    pub(crate) async fn subscribe(&self, webhook: WebhookId, identity: &str) {
        let request = json!({"identity": identity, "webhook_id": webhook});
        let request = request.as_object().unwrap();
        let subscription = Subscription::from_request(request, Timestamp::UNIX_EPOCH).unwrap();
        self.table.create_subscription(&account(), &subscription).await.unwrap();
    }

    /// A webhook as deliver caches it.
    pub(crate) async fn target(&self, webhook: WebhookId) -> Arc<Target> {
        let key = (account(), webhook);
        match self.deliver.config.webhooks([key.clone()].into()).await.remove(&key) {
            Some(FoundWebhook::Target(target)) => target,
            _ => panic!("the webhook exists"),
        }
    }

    /// A delivery of `report` to `webhook`, about to be sent.
    pub(crate) async fn job(&self, webhook: WebhookId, report: &Value) -> Job {
        let now = self.clock.now();
        let report = InFlightReport::new(account(), now, accepted(report), AccountTerms::default());
        let delivery = PendingDelivery {
            record: 0,
            report: report.into(),
            webhook_id: webhook,
            trigger: Trigger::Automatic,
            attempt: 1,
            due_at: now,
            wait: Wait::Deferred,
            source: SourceMessage::Delivery,
            times_queued: 1,
            prior: PriorEntry::Absent,
        };
        Job::new(delivery, self.target(webhook).await)
    }

    /// Removes the messages that deliver has queued.
    pub(crate) fn take_queued(&self) -> Vec<Outgoing> {
        std::mem::take(&mut *self.deliver.writer.retries.sent.lock().unwrap())
    }

    /// Replaces the item of a webhook by one that cannot be read.
    pub(crate) async fn make_unreadable(&self, webhook: WebhookId) {
        let (pk, sk) = (format!("ACCT#{}", account()), format!("WEBHOOK#{webhook}"));
        self.tables.remove_attribute(CONFIG, &pk, &sk, "signing").await.unwrap();
    }

    /// Changes a webhook, as its owner does by the API.
    pub(crate) async fn change(&self, webhook: WebhookId, patch: Value) {
        let current = self.table.webhook(&account(), webhook).await.unwrap().unwrap();
        let now = self.clock.now();
        let draft = WebhookDraft::patch(&current, patch.as_object().unwrap(), now);
        let changed = current.changed(draft.unwrap(), now);
        self.table.replace_webhook(&account(), &changed).await.unwrap();
    }

    /// Handles a batch; returns the indices of the failed records.
    pub(crate) async fn handle(&self, bodies: &[String]) -> Vec<usize> {
        let deadline = SystemTime::now() + Duration::from_mins(1);
        self.handle_until(bodies, deadline).await
    }

    pub(crate) async fn handle_until(&self, bodies: &[String], deadline: SystemTime) -> Vec<usize> {
        self.handle_receipt(1, bodies, deadline).await
    }

    /// The same for a batch that SQS delivers for the `nth` time.
    pub(crate) async fn handle_receipt(
        &self,
        nth: u32,
        bodies: &[String],
        deadline: SystemTime,
    ) -> Vec<usize> {
        let attributes = json!({"ApproximateReceiveCount": nth.to_string()});
        let record = |(i, body): (usize, &String)| json!({"messageId": i.to_string(), "body": body, "attributes": attributes});
        let records: Vec<Value> = bodies.iter().enumerate().map(record).collect();
        let event = serde_json::from_value(json!({ "Records": records })).unwrap();
        let answer = Arc::clone(&self.deliver).handle(event, deadline).await.unwrap();
        let failed = answer.batch_item_failures.iter();
        let mut failed: Vec<usize> =
            failed.map(|failure| failure.item_identifier.parse().unwrap()).collect();
        failed.sort_unstable();
        failed
    }

    /// The paths of all requests, sorted.
    pub(crate) fn requests(&self) -> Vec<String> {
        let requests = self.receivers.requests.lock().unwrap();
        let mut paths: Vec<_> = requests.iter().map(|(path, _, _)| path.clone()).collect();
        paths.sort_unstable();
        paths
    }

    pub(crate) fn retries(&self) -> Vec<(Duration, DeliveryMessage)> {
        let sent = self.deliver.writer.retries.sent.lock().unwrap();
        let read = |outgoing: &Outgoing| match Message::parse(&outgoing.body).unwrap() {
            Message::Delivery(message) => Some((outgoing.delay, message)),
            Message::Delivered(_) | Message::Journal(_) => None,
            Message::Reports(_) => panic!("deliver sends deliveries"),
        };
        sent.iter().filter_map(read).collect()
    }

    /// The messages of accepted deliveries that are to be logged later.
    pub(crate) fn unlogged(&self) -> Vec<String> {
        let sent = self.deliver.writer.retries.sent.lock().unwrap();
        let bodies = sent.iter().map(|outgoing| outgoing.body.clone());
        bodies.filter(|body| matches!(Message::parse(body), Ok(Message::Delivered(_)))).collect()
    }

    /// The scheduled attempts that the log shows, and whether the delivery has ended.
    pub(crate) async fn logged(
        &self,
        webhook_id: WebhookId,
        report_id: ReportId,
    ) -> Option<(u32, bool)> {
        let entry = self.entry(webhook_id, report_id).await?;
        Some((entry.scheduled_attempts, entry.state.has_ended()))
    }

    pub(crate) async fn entry(
        &self,
        webhook_id: WebhookId,
        report_id: ReportId,
    ) -> Option<LogEntry> {
        let key = DeliveryKey { webhook_id, report_id };
        self.log.look_up(&[key], &HashSet::new()).await.unwrap().logged.remove(&key)
    }

    /// Handles the queued messages when their delays are over, up to ten in a batch, and moves the clock,
    /// until no message is visible within `time`. Returns the later messages.
    pub(crate) async fn run_queue(&self, time: Duration) -> Vec<DeliveryMessage> {
        self.run_queue_in_batches(time, Duration::ZERO).await
    }

    /// The same for a queue with a batching window.
    pub(crate) async fn run_queue_in_batches(
        &self,
        time: Duration,
        window: Duration,
    ) -> Vec<DeliveryMessage> {
        let end = later(self.clock.now(), time);
        // Each message with the time from which it is visible.
        let mut queued: Vec<(Timestamp, Outgoing)> = Vec::new();
        loop {
            let now = self.clock.now();
            let sent = std::mem::take(&mut *self.deliver.writer.retries.sent.lock().unwrap());
            queued.extend(sent.into_iter().map(|outgoing| (later(now, outgoing.delay), outgoing)));
            queued.sort_by_key(|(visible_at, _)| *visible_at);
            match queued.first() {
                Some((next, _)) if *next <= end => {
                    self.clock.set(now.max(later(*next, window).min(end)));
                }
                rest => {
                    // The clock of the next call begins where this one ends.
                    if rest.is_some() {
                        self.clock.set(end);
                    }
                    let left = queued.into_iter().map(|(visible_at, outgoing)| {
                        let delay = visible_at.duration_since(end).try_into().unwrap_or_default();
                        Outgoing { delay, ..outgoing }
                    });
                    self.deliver.writer.retries.sent.lock().unwrap().extend(left);
                    return self.retries().into_iter().map(|(_, message)| message).collect();
                }
            }
            let now = self.clock.now();
            let visible =
                queued.iter().take(10).filter(|(visible_at, _)| *visible_at <= now).count();
            let batch: Vec<_> =
                queued.drain(..visible).map(|(_, outgoing)| outgoing.body).collect();
            assert_eq!(self.handle(&batch).await, [0; 0]);
        }
    }
}

pub(crate) fn account() -> AccountId {
    "acme".parse().unwrap()
}

pub(crate) fn accepted(report: &Value) -> AcceptedReport {
    let report = Report::parse(&report.to_string()).unwrap();
    let id = ReportId::derive(&account(), &report, None, Timestamp::UNIX_EPOCH);
    AcceptedReport { id, report: report.into() }
}

pub(crate) fn id_of(report: &Value) -> ReportId {
    accepted(report).id
}

pub(crate) fn message(reports: &[Value]) -> String {
    message_at(Timestamp::now(), reports)
}

pub(crate) fn message_at(received_at: Timestamp, reports: &[Value]) -> String {
    let reports = reports.iter().map(accepted).collect();
    let message = ReportsMessage { account_id: account(), received_at, reports, fan_out: None };
    message.to_json().unwrap()
}

/// The message that sends `report` to `webhook` at `at` because of `trigger`.
pub(crate) fn delivery_message(
    at: Timestamp,
    trigger: Trigger,
    webhook: WebhookId,
    report: &Value,
) -> String {
    let accepted = accepted(report);
    let message = DeliveryMessage {
        account_id: account(),
        received_at: at,
        webhook_id: webhook,
        report_id: accepted.id,
        report: accepted.report,
        trigger,
        attempt: 1,
        due_at: at,
        wait: Wait::Schedule,
        times_queued: 0,
    };
    message.to_json().unwrap()
}
