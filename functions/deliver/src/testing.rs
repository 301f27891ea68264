//! For tests: deliver with clients, queue and log that do as they are told.

mod fakes;

use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use callhook::account::{Account, AccountId};
use callhook::delivery::{DeliveryKey, LogEntry, Trigger};
use callhook::dynamodb::{ConfigTable, DeliveriesTable};
use callhook::ids::{ReportId, WebhookId};
use callhook::message::{AcceptedReport, DeliveryMessage, Message, ReportsMessage, Wait};
use callhook::queue::Outgoing;
use callhook::report::Report;
use callhook::store::{
    AccountAdmin, AccountTerms, DeliveryLog, PriorEntry, SubscriptionAdmin, WebhookAdmin,
};
use callhook::subscription::Subscription;
use callhook::telemetry::metrics::Metrics;
use callhook::testing::{CONFIG, TestTables};
use callhook::webhook::{Webhook, WebhookDraft};
use jiff::Timestamp;
use serde_json::{Value, json};

pub(crate) use self::fakes::{Alerts, Clients, Log, Retries};
use crate::attempt::Attempts;
use crate::breaker::{Breaker, Periods};
use crate::cache::{ConfigCache, FoundWebhook};
use crate::clock::Clock;
use crate::due::{InFlightReport, Job, PendingDelivery, SourceQueue, later};
use crate::fan_out::FanOutGate;
use crate::handler::Deliver;
use crate::journal::Journal;
use crate::notices::Notices;
use crate::target::Target;

/// The clock of a test: it stands still at a time, or is the system's.
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

pub(crate) type TestDeliver = Deliver<ConfigTable, Clients, Retries, Log, Alerts>;

pub(crate) struct Harness {
    pub(crate) deliver: Arc<TestDeliver>,
    pub(crate) clients: Clients,
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

    /// A function some part of which `change` has made to fail.
    pub(crate) async fn with(change: impl FnOnce(&mut TestDeliver)) -> Self {
        const PERIODS: Periods = Periods {
            announce_after: Duration::from_mins(15),
            disable_after: Duration::from_hours(5 * 24),
        };
        let tables = TestTables::start().await.unwrap();
        let (clients, alerts, clock) =
            (Clients::default(), Alerts::default(), TestClock::default());
        let told = clock.clone();
        let metrics = Metrics::of("Callhook/callhook", "deliver", "callhook-deliver");
        let mut deliver = Deliver {
            clock: Clock::of(move || told.now()),
            config: ConfigCache::new(tables.config(), Duration::ZERO),
            breaker: Breaker::new(tables.config(), PERIODS, metrics.clone()),
            limits: tables.config(),
            fan_out: FanOutGate::new(tables.config(), None, 50),
            attempts: Attempts::new(clients.clone(), metrics.clone()),
            journal: Journal::new(
                Retries::default(),
                Log::Table(tables.deliveries()),
                metrics.clone(),
            ),
            notices: Notices { operator: alerts.clone() },
            reports_queue: "callhook-Reports".to_owned(),
        };
        change(&mut deliver);
        let deliver = Arc::new(deliver);
        let (table, log) = (tables.config(), tables.deliveries());
        Self { deliver, clients, alerts, clock, table, log, tables, metrics }
    }

    /// A function whose table takes no page of the journal.
    pub(crate) async fn without_journal(queue_fails: bool) -> Self {
        Self::with(|deliver| {
            deliver.journal.retries.fails = queue_fails;
            let log = deliver.journal.log.log_mut();
            if let Log::Table(table) = log {
                *log = Log::NoJournal(table.clone());
            }
        })
        .await
    }

    /// A function whose log can be written and not read.
    pub(crate) async fn with_unread_log() -> Self {
        Self::with(|deliver| {
            let log = deliver.journal.log.log_mut();
            if let Log::Table(table) = log {
                *log = Log::Unread(table.clone());
            }
        })
        .await
    }

    /// The account of the tests, with settings of its own.
    pub(crate) async fn account(&self, settings: Value) {
        let mut request = json!({"id": "acme", "name": "Acme"});
        request.as_object_mut().unwrap().extend(settings.as_object().unwrap().clone());
        let request = request.as_object().unwrap();
        let account = Account::from_request(request, Timestamp::UNIX_EPOCH).unwrap();
        self.table.create_account(&account).await.unwrap();
    }

    /// A webhook whose client answers as `path` says.
    pub(crate) async fn webhook(&self, path: &str) -> WebhookId {
        self.webhook_with(path, json!({})).await
    }

    pub(crate) async fn webhook_with(&self, path: &str, more: Value) -> WebhookId {
        let mut settings = json!({"name": path, "url": format!("http://client.example/{path}")});
        settings.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let draft = WebhookDraft::create(settings.as_object().unwrap(), Timestamp::UNIX_EPOCH);
        let webhook = Webhook::new(draft.unwrap(), Timestamp::UNIX_EPOCH);
        self.table.create_webhook(&account(), &webhook).await.unwrap();
        webhook.id
    }

    pub(crate) async fn subscribe(&self, webhook: WebhookId, identity: &str) {
        let request = json!({"identity": identity, "webhook_id": webhook});
        let request = request.as_object().unwrap();
        let subscription = Subscription::from_request(request, Timestamp::UNIX_EPOCH).unwrap();
        self.table.create_subscription(&account(), &subscription).await.unwrap();
    }

    /// A webhook as deliver works with it.
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
        let parcel = InFlightReport::new(account(), now, accepted(report), AccountTerms::default());
        let due = PendingDelivery {
            record: 0,
            parcel: parcel.into(),
            webhook_id: webhook,
            trigger: Trigger::Automatic,
            attempt: 1,
            at: now,
            wait: Wait::Deferred,
            source: SourceQueue::Retries,
            times_queued: 1,
            before: PriorEntry::Absent,
        };
        let target = self.target(webhook).await;
        Job { due, target, probe_until: None, start_at: None, is_outdated: false }
    }

    /// Takes what deliver has queued.
    pub(crate) fn take_queued(&self) -> Vec<Outgoing> {
        std::mem::take(&mut *self.deliver.journal.retries.sent.lock().unwrap())
    }

    /// Replaces the item of a webhook by one that cannot be read.
    pub(crate) async fn make_unreadable(&self, webhook: WebhookId) {
        let (pk, sk) = (format!("ACCT#{}", account()), format!("WEBHOOK#{webhook}"));
        self.tables.remove_attribute(CONFIG, &pk, &sk, "signing").await.unwrap();
    }

    /// Changes a webhook as its owner does.
    pub(crate) async fn change(&self, webhook: WebhookId, patch: Value) {
        let current = self.table.webhook(&account(), webhook).await.unwrap().unwrap();
        let now = self.clock.now();
        let draft = WebhookDraft::patch(&current, patch.as_object().unwrap(), now);
        let changed = current.changed(draft.unwrap(), now);
        self.table.replace_webhook(&account(), &changed).await.unwrap();
    }

    /// Hands over an event; the answer holds the indices of the records that come back.
    pub(crate) async fn handle(&self, bodies: &[String]) -> Vec<usize> {
        let deadline = SystemTime::now() + Duration::from_mins(1);
        self.handle_until(bodies, deadline).await
    }

    pub(crate) async fn handle_until(&self, bodies: &[String], deadline: SystemTime) -> Vec<usize> {
        self.handle_for_the(1, bodies, deadline).await
    }

    /// The same for an event of which SQS hands out each message for the `nth` time.
    pub(crate) async fn handle_for_the(
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
        let requests = self.clients.requests.lock().unwrap();
        let mut paths: Vec<_> = requests.iter().map(|(path, _, _)| path.clone()).collect();
        paths.sort_unstable();
        paths
    }

    pub(crate) fn retries(&self) -> Vec<(Duration, DeliveryMessage)> {
        let sent = self.deliver.journal.retries.sent.lock().unwrap();
        let read = |outgoing: &Outgoing| match Message::parse(&outgoing.body).unwrap() {
            Message::Delivery(message) => Some((outgoing.delay, message)),
            Message::Delivered(_) | Message::Journal(_) => None,
            Message::Reports(_) => panic!("deliver sends deliveries"),
        };
        sent.iter().filter_map(read).collect()
    }

    /// What was taken and is to be logged later.
    pub(crate) fn unlogged(&self) -> Vec<String> {
        let sent = self.deliver.journal.retries.sent.lock().unwrap();
        let bodies = sent.iter().map(|outgoing| outgoing.body.clone());
        bodies.filter(|body| matches!(Message::parse(body), Ok(Message::Delivered(_)))).collect()
    }

    /// How many requests the schedule has made, and whether the delivery has ended.
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

    /// Hands over what the queue holds when its delay is over, up to ten at once, and has time
    /// pass meanwhile, until nothing comes within `patience`. Returns what comes later.
    pub(crate) async fn run_queue(&self, patience: Duration) -> Vec<DeliveryMessage> {
        self.run_queue_in_batches(patience, Duration::ZERO).await
    }

    /// The same for a queue that waits for more for the length of `window`.
    pub(crate) async fn run_queue_in_batches(
        &self,
        patience: Duration,
        window: Duration,
    ) -> Vec<DeliveryMessage> {
        let end = later(self.clock.now(), patience);
        // Each message with the time from which SQS hands it out.
        let mut held: Vec<(Timestamp, Outgoing)> = Vec::new();
        loop {
            let now = self.clock.now();
            let sent = std::mem::take(&mut *self.deliver.journal.retries.sent.lock().unwrap());
            held.extend(sent.into_iter().map(|outgoing| (later(now, outgoing.delay), outgoing)));
            held.sort_by_key(|(visible_at, _)| *visible_at);
            match held.first() {
                Some((next, _)) if *next <= end => {
                    self.clock.set(now.max(later(*next, window).min(end)));
                }
                rest => {
                    // The clock of the next call begins where this one ends.
                    if rest.is_some() {
                        self.clock.set(end);
                    }
                    let left = held.into_iter().map(|(visible_at, outgoing)| {
                        let delay = visible_at.duration_since(end).try_into().unwrap_or_default();
                        Outgoing { delay, ..outgoing }
                    });
                    self.deliver.journal.retries.sent.lock().unwrap().extend(left);
                    return self.retries().into_iter().map(|(_, message)| message).collect();
                }
            }
            let now = self.clock.now();
            let due = held.iter().take(10).filter(|(visible_at, _)| *visible_at <= now).count();
            let event: Vec<_> = held.drain(..due).map(|(_, outgoing)| outgoing.body).collect();
            assert_eq!(self.handle(&event).await, [0; 0]);
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

/// The message that has `report` sent to `webhook` at `at` because of `trigger`.
pub(crate) fn asked_for(
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
