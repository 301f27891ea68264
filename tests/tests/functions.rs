//! The memory of the deployed functions, and the rights of their roles.

use callhook_tests::cloud::{logged, new_account, platform, unique_id};
use callhook_tests::process::{FUNCTIONS, Instance};
use callhook_tests::receiver::Receiver;
use callhook_tests::replay::{day_of_reports, replayed};
use callhook_tests::role::{Action, Role};
use callhook_tests::wait::{SOON, until};
use serde_json::json;

const MAX_IDLE_MIB: f64 = 40.0;
/// The limit for deliver with 250 hostile answers: hyper buffers up to about 400 KiB of each head.
const MAX_DELIVER_MIB: f64 = 192.0;

/// Uses every function once, so that each has an instance.
async fn use_all() {
    let account = new_account().await;
    let receiver = Receiver::start().await;
    let webhook = account.webhook(&receiver.url("/")).await;
    let id = account.report(&json!({"id": unique_id(), "webhook_id": webhook})).await;
    logged(&webhook, &id, SOON, |entry| entry.state.has_ended()).await;
    account.api.get(&format!("/v1/reports/{id}")).await.expect(200);
    account.api.get("/healthz").await.expect(200);
    replayed(&account, &webhook, &day_of_reports(), SOON).await;
    let other = new_account().await.id;
    platform().delete(&format!("/v1/accounts/{other}?confirm={other}")).await.expect(202);
    // These run some time later.
    for function in ["eraser", "stats"] {
        until(SOON, "instance", async || Instance::all_of(function).pop()).await;
    }
}

#[tokio::test]
async fn all_functions_use_little_memory_when_idle() {
    use_all().await;
    println!();
    for function in FUNCTIONS {
        let instances = Instance::all_of(function);
        assert!(!instances.is_empty(), "no instance of {function} is running");
        let memory = instances.iter().map(Instance::resident_mib).fold(0.0, f64::max);
        println!("memory.{function}.mib: {memory:.1}");
        assert!(memory < MAX_IDLE_MIB, "{function}: {memory} MiB");
    }
}

#[tokio::test]
async fn deliver_stays_small_while_receivers_answer_endlessly() {
    let account = new_account().await;
    let receiver = Receiver::start().await;
    for path in ["/endless", "/trickle"] {
        let mut webhooks = Vec::new();
        for i in 0..250 {
            webhooks.push(account.webhook(&receiver.url(&format!("{path}?{i}"))).await);
        }
        let id = account.report(&json!({"id": unique_id(), "webhook_ids": webhooks})).await;
        for webhook in &webhooks {
            logged(webhook, &id, SOON, |entry| entry.state.has_ended()).await;
        }
    }
    let instances = Instance::all_of("deliver");
    let peak = instances.iter().map(Instance::peak_mib).fold(0.0, f64::max);
    println!("\nmemory.deliver.peak_mib: {peak:.1} (250 deliveries in flight, endless answers)");
    assert!(peak < MAX_DELIVER_MIB, "{peak} MiB");
}

/// The actions that each function needs, in the order of [`Action::ALL`].
const NEEDED: [(&str, &[Action]); 10] = [
    ("authorizer", &[Action::ReadKey, Action::UpdateKeyUse]),
    (
        "webhooks",
        &[
            Action::ReadAccount,
            Action::ReadWebhookStatus,
            Action::BatchReadWebhooks,
            Action::BatchReadWebhookStatuses,
            Action::BatchReadErasures,
            Action::QueryWebhookCounts,
            Action::QueryWebhooks,
            Action::QueryWebhookIds,
            Action::QueryWebhookSecrets,
            Action::PutAccount,
            Action::UpdateFailures,
            Action::UpdateAddress,
            Action::UpdateWebhookCount,
            Action::ReserveTrialSlot,
            Action::ReserveSendTime,
            Action::DeleteWebhook,
        ],
    ),
    ("console", &[]),
    (
        "accounts",
        &[
            Action::ReadAccount,
            Action::ReadWebhookStatus,
            Action::BatchReadKeys,
            Action::QueryWebhooks,
            Action::QueryWebhookIds,
            Action::QueryWebhookSecrets,
            Action::QueryAccounts,
            Action::PutKey,
            Action::PutAccount,
            Action::SendErasure,
            Action::DeleteKey,
            Action::DeleteWebhook,
        ],
    ),
    ("ingest", &[Action::BatchReadWebhookStatuses, Action::UpdateRateLimit, Action::SendReport]),
    (
        "deliveries",
        &[
            Action::ReadReplay,
            Action::ReadWebhookStatus,
            Action::BatchReadDeliveries,
            Action::QueryDeliveries,
            Action::BatchReadJournalPages,
            Action::QueryJournal,
            Action::QueryLatePages,
            Action::QueryStats,
            Action::QueryWebhookCounts,
            Action::QueryAccountCounts,
            Action::QueryWebhookIds,
            Action::UpdateRateLimit,
            Action::UpdateJournalPage,
            Action::PutReplay,
            Action::SendRetry,
            Action::SendReplay,
            Action::SendErasure,
            Action::PutTombstone,
            Action::PutErasure,
            Action::DeleteDelivery,
            Action::DeleteJournalPage,
        ],
    ),
    (
        "deliver",
        &[
            Action::BatchReadWebhooks,
            Action::BatchReadWebhookStatuses,
            Action::BatchReadErasures,
            Action::BatchReadDeliveries,
            Action::QueryWebhooks,
            Action::QueryWebhookIds,
            Action::QueryWebhookSecrets,
            Action::UpdateFailures,
            Action::UpdateRateLimit,
            Action::ReserveSendTime,
            Action::PutDelivery,
            Action::PutJournalPage,
            Action::PutLatePage,
            Action::SendRetry,
        ],
    ),
    (
        "eraser",
        &[
            Action::BatchReadErasures,
            Action::BatchReadDeliveries,
            Action::QueryDeliveries,
            Action::BatchReadJournalPages,
            Action::QueryJournal,
            Action::QueryLatePages,
            Action::QueryStats,
            Action::QueryWebhookCounts,
            Action::QueryAccountCounts,
            Action::QueryWebhookIds,
            Action::UpdateJournalPage,
            Action::SendErasure,
            Action::PutTombstone,
            Action::PutErasure,
            Action::DeleteDelivery,
            Action::DeleteJournalPage,
            Action::BatchDeleteKeys,
            Action::BatchDeleteWebhooks,
        ],
    ),
    (
        "replay",
        &[
            Action::ReadReplay,
            Action::BatchReadDeliveries,
            Action::QueryDeliveries,
            Action::PutReplay,
            Action::SendRetry,
            Action::SendReplay,
        ],
    ),
    ("stats", &[Action::UpdateStats]),
];

#[tokio::test]
async fn no_function_has_more_rights_than_it_needs() {
    use_all().await;
    for (function, needed) in NEEDED {
        let allowed = Role::of(function).allowed().await;
        println!("\n{function} may: {allowed:?}");
        assert_eq!(allowed, needed, "{function}");
    }
}
