use super::*;
use crate::domain::account::AccountId;
use crate::domain::webhook::{Webhook, WebhookStatus};
use crate::ports::store::{DeliveryConfig, WebhookAdmin};
use crate::testing::{NewWebhook, TestTables};

struct Harness {
    table: ConfigTable,
    webhook: WebhookVersion,
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn failure(second: i64) -> LastFailure {
    LastFailure::new(at(second), Ok(503))
}

impl Harness {
    async fn new() -> Self {
        let table = TestTables::start().await.unwrap().config();
        let account_id: AccountId = "acme".parse().unwrap();
        let webhook = NewWebhook::new("https://crm.example/").build(at(0));
        table.create_webhook(&account_id, &webhook).await.unwrap();
        let webhook = WebhookVersion { account_id, webhook_id: webhook.id, version: 1 };
        Self { table, webhook }
    }

    fn version(&self, version: u64) -> WebhookVersion {
        WebhookVersion { version, ..self.webhook.clone() }
    }

    async fn read(&self) -> (Webhook, Option<Health>) {
        let id = self.webhook.webhook_id;
        let found = self.table.webhooks_by_id(&self.webhook.account_id, &[id]).await.unwrap();
        found[&id].clone().readable().unwrap()
    }
}

#[tokio::test]
async fn failures_add_up_until_the_webhook_recovers() {
    let harness = Harness::new().await;
    assert_eq!(harness.read().await.1, None);
    harness.table.add_failures(&harness.webhook, 2, failure(10)).await.unwrap();
    let health = harness.table.add_failures(&harness.webhook, 3, failure(20)).await.unwrap();
    assert_eq!((health.failures, health.failing_since), (5, Some(at(10))));
    assert_eq!(harness.read().await.1, Some(health));
    harness.table.clear_failures(&harness.webhook, at(25)).await.unwrap();
    let recovered = harness.read().await.1.unwrap();
    assert_eq!((recovered.failing_since, recovered.circuit), (None, None));
    assert_eq!(
        (recovered.last_failure, recovered.last_success_at),
        (Some(failure(20)), Some(at(25)))
    );
    let health = harness.table.add_failures(&harness.webhook, 1, failure(30)).await.unwrap();
    assert_eq!((health.last_failure, health.last_success_at), (Some(failure(30)), Some(at(25))));
    assert_eq!((health.failures, health.failing_since), (1, Some(at(30))));
}

#[tokio::test]
async fn a_changed_webhook_starts_without_failures() {
    let harness = Harness::new().await;
    harness.table.add_failures(&harness.webhook, 9, failure(10)).await.unwrap();
    harness.table.open_circuit(&harness.webhook, OpenCircuit::opening(at(10), None)).await.unwrap();
    let newer = harness.version(2);
    let health = harness.table.add_failures(&newer, 1, failure(20)).await.unwrap();
    assert_eq!((health.failures, health.circuit), (1, None));
    // Failures of the old version no longer count.
    harness.table.add_failures(&harness.webhook, 5, failure(30)).await.unwrap();
    let health = harness.table.add_failures(&newer, 1, failure(40)).await.unwrap();
    assert_eq!((health.failures, health.failing_since), (2, Some(at(20))));
    assert_eq!(harness.read().await.1, None, "the webhook itself is still of version 1");
}

#[tokio::test]
async fn one_of_many_instances_wins_the_probe() {
    let harness = Harness::new().await;
    let circuit = OpenCircuit::opening(at(0), None);
    harness.table.open_circuit(&harness.webhook, circuit).await.unwrap();
    let claim = |until| harness.table.claim_probe(&harness.webhook, &circuit, at(until));
    let claims = futures_util::future::join_all((60..70).map(claim)).await;
    let won = claims.iter().filter(|claim| matches!(claim, Ok(ProbeClaim::Granted))).count();
    assert_eq!(won, 1, "{claims:?}");
    // Its result was never recorded: another instance may probe.
    let probed = harness.read().await.1.unwrap().circuit.unwrap();
    let claim = harness.table.claim_probe(&harness.webhook, &probed, at(120)).await.unwrap();
    assert_eq!(claim, ProbeClaim::Granted);
    // The probe failed: the circuit opens for longer, and its next probe is free.
    let longer = OpenCircuit::opening(at(70), Some(probed));
    harness.table.open_circuit(&harness.webhook, longer).await.unwrap();
    assert_eq!(harness.read().await.1.unwrap().circuit, Some(longer));
    let ProbeClaim::Denied(Some(known)) = claim_of(&harness, &circuit).await else {
        panic!("lost")
    };
    assert_eq!(known.circuit, Some(longer));
    harness.table.close_circuit(&harness.webhook, longer.level, at(1_000)).await.unwrap();
    let ProbeClaim::Denied(known) = claim_of(&harness, &circuit).await else { panic!("lost") };
    assert_eq!(known.and_then(|health| health.circuit), None);
}

#[tokio::test]
async fn a_repeated_claim_is_still_won() {
    let harness = Harness::new().await;
    let circuit = OpenCircuit::opening(at(0), None);
    harness.table.open_circuit(&harness.webhook, circuit).await.unwrap();
    for _ in 0..2 {
        assert_eq!(
            claim_of(&harness, &circuit).await,
            ProbeClaim::Granted,
            "the SDK sends it again"
        );
    }
    let another = harness.table.claim_probe(&harness.webhook, &circuit, at(201)).await.unwrap();
    assert!(matches!(another, ProbeClaim::Denied(Some(_))), "{another:?}");
}

async fn claim_of(harness: &Harness, seen: &OpenCircuit) -> ProbeClaim {
    harness.table.claim_probe(&harness.webhook, seen, at(200)).await.unwrap()
}

#[tokio::test]
async fn a_success_ends_the_failures_and_a_probe_closes_its_own_circuit() {
    let harness = Harness::new().await;
    harness.table.add_failures(&harness.webhook, 10, failure(0)).await.unwrap();
    let first = OpenCircuit::opening(at(0), None);
    harness.table.open_circuit(&harness.webhook, first).await.unwrap();
    // Recorded by an instance that does not know of the circuit yet.
    harness.table.clear_failures(&harness.webhook, at(25)).await.unwrap();
    let health = harness.read().await.1.unwrap();
    assert_eq!((health.failing_since, health.failures), (None, 0));
    assert_eq!(health.circuit, Some(first));

    let longer = OpenCircuit::opening(at(30), Some(first));
    harness.table.open_circuit(&harness.webhook, longer).await.unwrap();
    harness.table.close_circuit(&harness.webhook, first.level, at(1_000)).await.unwrap();
    assert_eq!(harness.read().await.1.unwrap().circuit, Some(longer), "a probe of an earlier one");
    harness.table.close_circuit(&harness.webhook, longer.level, at(1_000)).await.unwrap();
    assert_eq!(harness.read().await.1.unwrap().circuit, None);
}

#[tokio::test]
async fn opening_twice_opens_once() {
    let harness = Harness::new().await;
    let first = OpenCircuit::opening(at(0), None);
    harness.table.open_circuit(&harness.webhook, first).await.unwrap();
    harness.table.open_circuit(&harness.webhook, OpenCircuit::opening(at(20), None)).await.unwrap();
    assert_eq!(harness.read().await.1.unwrap().circuit, Some(first));
}

#[tokio::test]
async fn a_slow_receiver_does_not_count_as_failing() {
    let harness = Harness::new().await;
    harness.table.mark_slow(&harness.webhook, at(60)).await.unwrap();
    let health = harness.read().await.1.unwrap();
    assert!(health.is_slow(at(59)) && !health.is_slow(at(60)) && health.failing_since.is_none());
}

#[tokio::test]
async fn a_webhook_is_disabled_once_and_in_the_version_that_failed() {
    let harness = Harness::new().await;
    let disable = |version, second| {
        let webhook = harness.version(version);
        let table = harness.table.clone();
        async move { table.disable(&webhook, DisabledReason::Gone, at(second)).await.unwrap() }
    };
    assert!(!disable(2, 5).await, "another version");
    assert!(disable(1, 5).await);
    assert!(!disable(1, 6).await && !disable(2, 5).await, "it is not active any more");
    assert!(disable(1, 5).await, "the SDK sends it again, without an answer");
    let failing =
        harness.table.disable(&harness.webhook, DisabledReason::Failing, at(5)).await.unwrap();
    assert!(!failing, "for another reason");
    let webhook = harness.read().await.0;
    assert_eq!(webhook.version, 2);
    assert_eq!(
        webhook.settings.status,
        WebhookStatus::Disabled { disabled_reason: DisabledReason::Gone, disabled_at: at(5) }
    );
}

/// The webhook after `webhook.failing` was sent about an outage that began at second 100.
async fn announced() -> Harness {
    let harness = Harness::new().await;
    harness.table.add_failures(&harness.webhook, 10, failure(100)).await.unwrap();
    harness
        .table
        .open_circuit(&harness.webhook, OpenCircuit::opening(at(100), None))
        .await
        .unwrap();
    assert!(claim(&harness, 1, OutageNotice::Failing, 1_000).await);
    harness.table.mark_notice_sent(&harness.webhook, OutageNotice::Failing, at(100)).await.unwrap();
    harness
}

async fn claim(harness: &Harness, version: u64, notice: OutageNotice, second: i64) -> bool {
    harness
        .table
        .claim_notice(&harness.version(version), notice, at(100), at(second))
        .await
        .unwrap()
}

#[tokio::test]
async fn one_instance_announces_an_outage_and_another_may_after_its_lease() {
    let harness = Harness::new().await;
    assert!(!claim(&harness, 1, OutageNotice::Failing, 1_000).await, "no circuit is open");
    harness
        .table
        .open_circuit(&harness.webhook, OpenCircuit::opening(at(100), None))
        .await
        .unwrap();
    assert!(!claim(&harness, 2, OutageNotice::Failing, 1_000).await, "another version");
    let claims = (0..8).map(|_| claim(&harness, 1, OutageNotice::Failing, 1_000));
    let won = futures_util::future::join_all(claims).await.into_iter().filter(|won| *won).count();
    assert_eq!(won, 1);
    assert!(!claim(&harness, 1, OutageNotice::Failing, 1_059).await, "it is being sent");
    assert!(claim(&harness, 1, OutageNotice::Failing, 1_062).await, "its instance crashed");
    harness.table.mark_notice_sent(&harness.webhook, OutageNotice::Failing, at(100)).await.unwrap();
    assert_eq!(harness.read().await.1.unwrap().announced_outage, Some(at(100)));
    assert!(!claim(&harness, 1, OutageNotice::Failing, 9_000).await, "it was sent");
}

#[tokio::test]
async fn a_recovery_is_announced_once_after_the_circuit_closed() {
    let harness = announced().await;
    assert!(!claim(&harness, 1, OutageNotice::Recovered, 2_000).await, "the circuit is open");
    harness.table.close_circuit(&harness.webhook, 1, at(1_500)).await.unwrap();
    let health = harness.read().await.1.unwrap();
    assert_eq!((health.circuit, health.announced_outage), (None, Some(at(100))));
    let claims = (0..8).map(|_| claim(&harness, 1, OutageNotice::Recovered, 2_000));
    let won = futures_util::future::join_all(claims).await.into_iter().filter(|won| *won).count();
    assert_eq!(won, 1);
    harness
        .table
        .mark_notice_sent(&harness.webhook, OutageNotice::Recovered, at(100))
        .await
        .unwrap();
    assert!(!claim(&harness, 1, OutageNotice::Recovered, 9_000).await, "it was sent");
    assert_eq!(harness.read().await.1.unwrap().announced_outage, None);
}

#[tokio::test]
async fn an_announced_outage_outlives_changes_of_the_webhook() {
    let harness = announced().await;
    assert!(!claim(&harness, 0, OutageNotice::Recovered, 2_000).await, "an older version");
    for second in [2_000, 3_000] {
        assert!(claim(&harness, 2, OutageNotice::Recovered, second).await, "a changed webhook");
        // The item is of the newer version from now on.
        harness.table.add_failures(&harness.version(2), 1, failure(second)).await.unwrap();
    }
    harness.table.mark_slow(&harness.version(3), at(4_000)).await.unwrap();
    assert!(!claim(&harness, 2, OutageNotice::Recovered, 4_000).await, "an older version");
    assert!(claim(&harness, 3, OutageNotice::Recovered, 4_000).await);
    harness
        .table
        .mark_notice_sent(&harness.webhook, OutageNotice::Recovered, at(100))
        .await
        .unwrap();
    assert!(!claim(&harness, 3, OutageNotice::Recovered, 9_000).await, "sent, in any version");
}
