//! The memory of the deployed functions, and what they are allowed to do.

use callhook_tests::cloud::{logged, new_account, platform, unique_id};
use callhook_tests::process::{FUNCTIONS, Instance};
use callhook_tests::receiver::Receiver;
use callhook_tests::replay::{replayed, the_day};
use callhook_tests::role::Role;
use callhook_tests::wait::{SOON, until};
use serde_json::json;

const MAX_IDLE_MIB: f64 = 40.0;
/// What an instance of deliver may take with 250 hostile answers: hyper buffers some 400 KiB of each head.
const MAX_DELIVER_MIB: f64 = 192.0;

/// Has every function work once, so that each has an instance.
async fn use_all() {
    let account = new_account().await;
    let receiver = Receiver::start().await;
    let webhook = account.webhook(&receiver.url("/")).await;
    let id = account.report(&json!({"id": unique_id(), "webhook_id": webhook})).await;
    logged(&webhook, &id, SOON, |entry| entry.state.has_ended()).await;
    account.api.get(&format!("/v1/reports/{id}")).await.expect(200);
    account.api.get("/healthz").await.expect(200);
    replayed(&account, &webhook, &the_day(), SOON).await;
    let other = new_account().await.id;
    platform().delete(&format!("/v1/accounts/{other}?confirm={other}")).await.expect(202);
    // These work some time later.
    for function in ["eraser", "stats"] {
        until(SOON, "an instance of it", async || Instance::all_of(function).pop()).await;
    }
}

#[tokio::test]
async fn every_function_takes_little_memory_when_idle() {
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
async fn deliver_stays_small_however_much_clients_answer() {
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

/// What of [`callhook_tests::role::DEEDS`] each function has to do.
const JOBS: [(&str, &[&str]); 10] = [
    ("authorizer", &["read a key", "note the use of a key"]),
    (
        "webhooks",
        &[
            "read an account",
            "read a status",
            "look up webhooks",
            "look up statuses",
            "look up erasures",
            "sum up a webhook",
            "list webhooks",
            "list ids of webhooks",
            "list secrets",
            "write an account",
            "note a failure",
            "change an address",
            "count webhooks",
            "take a slot for a trial",
            "take a send time",
            "erase a webhook",
        ],
    ),
    ("console", &[]),
    (
        "accounts",
        &[
            "read an account",
            "read a status",
            "look up keys",
            "list webhooks",
            "list ids of webhooks",
            "list secrets",
            "list accounts",
            "write a key",
            "write an account",
            "send an erasure",
            "erase a key",
            "erase a webhook",
        ],
    ),
    ("ingest", &["look up statuses", "take a place", "send a report"]),
    (
        "deliveries",
        &[
            "read a replay",
            "read a status",
            "look up deliveries",
            "list deliveries",
            "look up pages of the journal",
            "list the journal",
            "list late pages",
            "read figures",
            "sum up a webhook",
            "sum up an account",
            "list ids of webhooks",
            "take a place",
            "change a page",
            "write a replay",
            "send a retry",
            "send a replay",
            "send an erasure",
            "put up a tombstone",
            "note an erasure",
            "erase a delivery",
            "erase a page",
        ],
    ),
    (
        "deliver",
        &[
            "look up webhooks",
            "look up statuses",
            "look up erasures",
            "look up deliveries",
            "list webhooks",
            "list ids of webhooks",
            "list secrets",
            "note a failure",
            "take a place",
            "take a send time",
            "write a delivery",
            "write a page",
            "note a late page",
            "send a retry",
        ],
    ),
    (
        "eraser",
        &[
            "look up erasures",
            "look up deliveries",
            "list deliveries",
            "look up pages of the journal",
            "list the journal",
            "list late pages",
            "read figures",
            "sum up a webhook",
            "sum up an account",
            "list ids of webhooks",
            "change a page",
            "send an erasure",
            "put up a tombstone",
            "note an erasure",
            "erase a delivery",
            "erase a page",
            "erase keys in a batch",
            "erase webhooks in a batch",
        ],
    ),
    (
        "replay",
        &[
            "read a replay",
            "look up deliveries",
            "list deliveries",
            "write a replay",
            "send a retry",
            "send a replay",
        ],
    ),
    ("stats", &["write figures"]),
];

#[tokio::test]
async fn no_function_can_do_more_than_its_job() {
    use_all().await;
    for (function, job) in JOBS {
        let allowed = Role::of(function).allowed().await;
        println!("\n{function} may: {}", allowed.join(", "));
        assert_eq!(allowed, job, "{function}");
    }
}
