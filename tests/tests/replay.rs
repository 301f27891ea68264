//! What failed is sent again, once.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use callhook_tests::cloud::new_account;
use callhook_tests::page;
use callhook_tests::process::Instance;
use callhook_tests::receiver::{Received, Receiver};
use callhook_tests::replay::{missed, replayed, the_day};
use callhook_tests::wait::SOON;
use serde_json::json;

fn ids(requests: &[Received]) -> HashSet<String> {
    requests.iter().map(|request| request.header("webhook-id").to_owned()).collect()
}

#[tokio::test]
async fn three_hundred_missed_deliveries_arrive_once_each() {
    let (account, receiver) = (new_account().await, Receiver::start().await);
    let (webhook, reports) = missed(&account, &receiver, 300).await;
    let job = replayed(&account, &webhook, &the_day(), Duration::from_mins(5)).await;
    assert_eq!((&job["status"], &job["done"]), (&json!("completed"), &json!(300)), "{job}");
    let taken = receiver.wait_for_taken(300, SOON).await;
    assert_eq!(taken.len(), 300);
    assert_eq!(ids(&taken), reports, "each once, with the id it had before");

    let first = receiver.received().swap_remove(0);
    let report = first.header("webhook-id");
    let delivery = account.api.get(&format!("/v1/deliveries/{webhook}.{report}")).await.expect(200);
    assert_eq!((&delivery["status"], &delivery["replay_id"]), (&json!("delivered"), &job["id"]));
    let attempts = delivery["attempts"].as_array().unwrap();
    assert_eq!(attempts[0]["trigger"], "automatic");
    assert_eq!(attempts[1]["trigger"], "manual");

    let again = replayed(&account, &webhook, &the_day(), SOON).await;
    assert_eq!(again["total"], 0, "nothing has failed any more: {again}");
    assert_eq!(receiver.taken().len(), 300);
}

#[tokio::test]
async fn a_webhook_that_is_not_active_is_not_replayed() {
    let (account, receiver) = (new_account().await, Receiver::start().await);
    let webhook = account.webhook(&receiver.url("/")).await;
    let path = format!("/v1/webhooks/{webhook}");
    account.api.patch(&path, &json!({"status": "inactive"})).await.expect(200);
    account.api.post(&format!("{path}/replays"), &the_day()).await.expect(409);
    account.api.delete(&path).await.expect(204);
    account.api.post(&format!("{path}/replays"), &the_day()).await.expect(404);
}

/// Ends all processes of a function, as a crash of its machine does.
fn crash(function: &str) {
    for instance in Instance::all_of(function) {
        instance.kill();
    }
}

/// Takes minutes, and its crashes are the other tests' too: `make chaos` runs it, alone.
#[tokio::test]
#[ignore = "takes minutes and ends processes of functions"]
async fn ten_thousand_deliveries_survive_crashes_of_replay_and_deliver() {
    let (account, receiver) = (new_account().await, Receiver::start().await);
    let (webhook, reports) = missed(&account, &receiver, 10_000).await;
    let (day, started) = (the_day(), Instant::now());
    let replay = replayed(&account, &webhook, &day, Duration::from_mins(30));
    let crashes = async {
        for taken in [1_500, 4_500, 7_500] {
            receiver.wait_for_taken(taken, Duration::from_mins(20)).await;
            crash("replay");
            crash("deliver");
        }
    };
    let (job, ()) = tokio::join!(replay, crashes);
    assert_eq!(job["status"], "completed", "{job}");
    let taken = receiver.taken();
    assert_eq!(ids(&taken), reports, "each, whatever crashed");
    // What was answered, and not logged when deliver crashed, came again with the same id.
    let figures = format!(
        "{} deliveries replayed in {:.0} s, in {} requests: 0 missing, {} of them twice.",
        reports.len(),
        started.elapsed().as_secs_f64(),
        taken.len(),
        taken.len() - reports.len(),
    );
    println!("{figures}");
    page::write("replay", &figures);
    assert!(taken.len() < reports.len() + 3_000, "{} requests", taken.len());
}
