//! Outage notices to the account and the operator.

use std::sync::atomic::Ordering;

use callhook::domain::health::OutageNotice;
use callhook::domain::ids::WebhookId;
use callhook::domain::webhook::DisabledReason;
use callhook::ports::store::{DeliveryConfig as _, WebhookHealth as _};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::testing::{Harness, account, message_at};

/// A webhook that answers 503 until it is fixed, and an operational webhook.
struct Outage {
    harness: Harness,
    webhook: WebhookId,
    reports: u32,
}

const OPENED: i64 = 1_700_000_000;

impl Outage {
    /// The circuit opens at [`OPENED`].
    async fn begin() -> Self {
        let harness = Harness::new().await;
        let operational = harness.webhook("200").await;
        harness.account(json!({"operational_webhook_id": operational})).await;
        Self::begin_at(harness).await
    }

    async fn begin_at(harness: Harness) -> Self {
        harness.clock.set(Timestamp::from_second(OPENED).unwrap());
        let webhook = harness.webhook("down").await;
        let mut outage = Self { harness, webhook, reports: 0 };
        for _ in 0..10 {
            outage.report().await;
        }
        outage
    }

    async fn report(&mut self) {
        self.reports += 1;
        let report = json!({"id": self.reports, "webhook_id": self.webhook});
        let message = message_at(self.harness.clock.now(), &[report]);
        assert_eq!(self.harness.handle(&[message]).await, [0; 0]);
    }

    /// Handles the queue until `minute` after the circuit opened.
    async fn run_until(&self, minute: i64) {
        let end = Timestamp::from_second(OPENED + 60 * minute).unwrap();
        let left = end.duration_since(self.harness.clock.now());
        self.harness.run_queue(left.try_into().unwrap()).await;
    }

    fn mend(&self, is_mended: bool) {
        self.harness.receivers.mended.store(is_mended, Ordering::Relaxed);
    }

    /// The data of the events that the operational webhook got, by their types.
    fn events(&self) -> Vec<(String, Value)> {
        let requests = self.harness.receivers.requests.lock().unwrap();
        let bodies = requests.iter().filter(|(to, _, _)| to == "200");
        let event = |(_, _, body): &(String, String, String)| {
            let event: Value = serde_json::from_str(body).unwrap();
            (event["type"].as_str().unwrap().to_owned(), event["data"].clone())
        };
        // Events about deliveries have tests of their own.
        bodies.map(event).filter(|(name, _)| name.starts_with("webhook.")).collect()
    }

    fn event_types(&self) -> Vec<String> {
        self.events().into_iter().map(|(name, _)| name).collect()
    }

    fn alerts(&self) -> Vec<&'static str> {
        let alerts = self.harness.alerts.0.lock().unwrap();
        alerts.iter().map(|(_, event)| event.name()).collect()
    }

    /// The outage that the table says was announced.
    async fn announced(&self) -> Option<Timestamp> {
        let found = self.harness.table.webhooks_by_id(&account(), &[self.webhook]).await.unwrap();
        let (_, health) = found[&self.webhook].clone().readable().unwrap();
        health.and_then(|health| health.announced_outage)
    }
}

#[tokio::test]
async fn a_long_outage_is_announced_once_and_so_is_its_end() {
    let mut outage = Outage::begin().await;
    outage.run_until(15).await;
    assert!(outage.events().is_empty(), "not before 15 minutes");
    outage.run_until(19).await;
    let events = outage.events();
    let [(name, data)] = &*events else { panic!("{events:?}") };
    let since = Timestamp::from_second(OPENED).unwrap();
    assert_eq!(name, "webhook.failing");
    assert_eq!(
        (&data["webhook_id"], &data["webhook_name"], &data["failing_since"]),
        (&json!(outage.webhook), &json!("down"), &json!(since))
    );
    let description = data["description"].as_str().unwrap();
    assert!(description.starts_with("the receiver answered 503"), "{description}");
    assert!(data["failures"].as_u64().unwrap() > 10, "{data}");
    assert_eq!(outage.alerts(), ["webhook.failing"]);

    outage.run_until(120).await;
    assert_eq!(outage.event_types(), ["webhook.failing"], "further probes make no event");

    outage.mend(true);
    outage.report().await;
    outage.run_until(150).await;
    let events = outage.events();
    assert_eq!(outage.event_types(), ["webhook.failing", "webhook.recovered"]);
    assert_eq!(
        events[1].1,
        json!({"webhook_id": outage.webhook, "webhook_name": "down", "failing_since": since})
    );
    outage.report().await;
    outage.run_until(180).await;
    assert_eq!(outage.alerts(), ["webhook.failing", "webhook.recovered"]);
    assert_eq!(outage.announced().await, None);

    // Another outage is announced again.
    outage.mend(false);
    for _ in 0..10 {
        outage.report().await;
    }
    outage.run_until(220).await;
    assert_eq!(outage.event_types().len(), 3);
    assert_eq!(outage.alerts()[2..], ["webhook.failing"]);
}

#[tokio::test]
async fn a_shorter_outage_is_not_announced_nor_is_its_end() {
    let mut outage = Outage::begin().await;
    outage.run_until(14).await;
    outage.mend(true);
    outage.run_until(60).await;
    outage.report().await;
    assert_eq!(outage.events(), []);
    assert!(outage.alerts().is_empty());
}

#[tokio::test]
async fn an_operational_webhook_gets_no_event_of_its_own_outage() {
    let harness = Harness::new().await;
    let outage = Outage::begin_at(harness).await;
    outage.harness.account(json!({"operational_webhook_id": outage.webhook})).await;
    outage.run_until(30).await;
    assert_eq!(outage.alerts(), ["webhook.failing"]);
    outage.mend(true);
    outage.run_until(60).await;
    assert_eq!(outage.alerts(), ["webhook.failing", "webhook.recovered"]);
    let requests = outage.harness.receivers.requests.lock().unwrap();
    assert!(requests.iter().all(|(_, _, body)| !body.contains("failing_since")));
}

#[tokio::test]
async fn a_changed_webhook_recovers_when_it_accepts_something() {
    let mut outage = Outage::begin().await;
    outage.run_until(20).await;
    outage.harness.change(outage.webhook, json!({"name": "mended"})).await;
    // The change alone is neither a recovery nor a second outage.
    for _ in 0..10 {
        outage.report().await;
    }
    outage.run_until(60).await;
    assert_eq!(outage.event_types(), ["webhook.failing"]);

    outage.harness.change(outage.webhook, json!({"url": "http://receiver.example/202"})).await;
    outage.report().await;
    outage.report().await;
    outage.run_until(90).await;
    assert_eq!(outage.event_types(), ["webhook.failing", "webhook.recovered"]);
    assert_eq!(outage.alerts(), ["webhook.failing", "webhook.recovered"]);
    assert_eq!(outage.events()[1].1["webhook_name"], "mended");
}

#[tokio::test]
async fn a_later_probe_announces_if_the_claiming_instance_crashed() {
    let mut outage = Outage::begin().await;
    outage.run_until(15).await;
    let claim = async |notice, minutes: i64| {
        let webhook = outage.harness.target(outage.webhook).await.version();
        let since = Timestamp::from_second(OPENED).unwrap();
        let at = outage.harness.clock.now() + SignedDuration::from_mins(minutes);
        outage.harness.table.claim_notice(&webhook, notice, since, at).await.unwrap()
    };
    assert!(claim(OutageNotice::Failing, 4).await);
    outage.run_until(19).await;
    assert_eq!(outage.announced().await, None, "another instance has claimed the notice");
    outage.run_until(50).await;
    assert_eq!(outage.event_types(), ["webhook.failing"]);
    // The same for the recovery: the next success announces it.
    outage.mend(true);
    let webhook = outage.harness.target(outage.webhook).await;
    let level = webhook.health().unwrap().circuit.unwrap().level;
    outage
        .harness
        .table
        .close_circuit(&webhook.version(), level, outage.harness.clock.now())
        .await
        .unwrap();
    assert!(claim_recovered(&outage).await);
    outage.report().await;
    outage.run_until(51).await;
    assert_eq!(outage.event_types(), ["webhook.failing"]);
    outage.run_until(55).await;
    outage.report().await;
    outage.run_until(56).await;
    assert_eq!(outage.event_types(), ["webhook.failing", "webhook.recovered"]);
}

#[tokio::test]
async fn a_recovery_is_announced_after_the_announcing_instance_crashed() {
    let mut outage = Outage::begin().await;
    outage.run_until(15).await;
    // It announced the outage, and crashed before it recorded that.
    let webhook = outage.harness.target(outage.webhook).await.version();
    let (since, now) = (Timestamp::from_second(OPENED).unwrap(), outage.harness.clock.now());
    let table = &outage.harness.table;
    assert!(table.claim_notice(&webhook, OutageNotice::Failing, since, now).await.unwrap());
    outage.mend(true);
    outage.run_until(40).await;
    // Longer than a claim.
    outage.harness.clock.set(Timestamp::from_second(OPENED + 40 * 60).unwrap());
    outage.report().await;
    outage.run_until(60).await;
    assert_eq!(outage.event_types(), ["webhook.recovered"]);
    assert_eq!(outage.alerts(), ["webhook.recovered"]);
    outage.report().await;
    outage.run_until(80).await;
    assert_eq!(outage.alerts(), ["webhook.recovered"], "once");
}

async fn claim_recovered(outage: &Outage) -> bool {
    let webhook = outage.harness.target(outage.webhook).await.version();
    let since = Timestamp::from_second(OPENED).unwrap();
    let (table, now) = (&outage.harness.table, outage.harness.clock.now());
    table.claim_notice(&webhook, OutageNotice::Recovered, since, now).await.unwrap()
}

#[tokio::test]
async fn after_a_crash_the_account_gets_the_outage_event_once() {
    let outage = Outage::begin().await;
    outage.run_until(15).await;
    // As if the instance had crashed after it queued the event, before it recorded that.
    outage.run_until(20).await;
    assert_eq!(outage.alerts(), ["webhook.failing"]);
    let webhook = outage.harness.target(outage.webhook).await.version();
    let since = Timestamp::from_second(OPENED).unwrap();
    outage.harness.table.mark_notice_sent(&webhook, OutageNotice::Recovered, since).await.unwrap();
    outage.run_until(60).await;
    assert_eq!(outage.alerts(), ["webhook.failing"; 2], "at most one repetition");
    assert_eq!(outage.event_types(), ["webhook.failing"], "it has the same report id");
}

#[tokio::test]
async fn a_topic_that_refuses_alerts_is_retried_and_withholds_no_event_from_accounts() {
    let outage = Outage::begin_at(Harness::new().await).await;
    outage.harness.alerts.1.store(true, Ordering::Relaxed);
    outage.run_until(20).await;
    assert_eq!(outage.announced().await, None);
    outage.harness.alerts.1.store(false, Ordering::Relaxed);
    outage.run_until(60).await;
    assert_eq!(outage.alerts(), ["webhook.failing"]);

    let outage = Outage::begin().await;
    outage.harness.alerts.1.store(true, Ordering::Relaxed);
    outage.run_until(60).await;
    assert_eq!(outage.event_types(), ["webhook.failing"]);
    assert!(outage.announced().await.is_some());
}

#[tokio::test]
async fn a_webhook_disabled_for_its_outage_recovers_after_it_is_activated() {
    let mut outage = Outage::begin().await;
    outage.run_until(20).await;
    let webhook = outage.harness.target(outage.webhook).await.version();
    let (table, now) = (&outage.harness.table, outage.harness.clock.now());
    assert!(table.disable(&webhook, DisabledReason::Failing, now).await.unwrap());
    outage.run_until(60).await;
    outage.harness.change(outage.webhook, json!({"status": "active"})).await;
    outage.mend(true);
    outage.report().await;
    outage.run_until(70).await;
    assert_eq!(outage.event_types(), ["webhook.failing", "webhook.recovered"]);
}
