//! Replays: each failed delivery is sent again once.

use std::collections::{HashMap, HashSet};
use std::time::{Duration, Instant};

use callhook_tests::cloud::new_account;
use callhook_tests::faults::duplicate::DuplicateCause;
use callhook_tests::page;
use callhook_tests::process::Instance;
use callhook_tests::receiver::{Received, Receiver};
use callhook_tests::replay::{day_of_reports, missed, replayed};
use callhook_tests::wait::SOON;
use serde_json::json;

fn ids(requests: &[Received]) -> HashSet<String> {
    requests.iter().map(|request| request.header("webhook-id").to_owned()).collect()
}

#[tokio::test]
async fn three_hundred_missed_deliveries_arrive_once_each() {
    let (account, receiver) = (new_account().await, Receiver::start().await);
    let (webhook, reports) = missed(&account, &receiver, 300).await;
    let job = replayed(&account, &webhook, &day_of_reports(), Duration::from_mins(5)).await;
    assert_eq!((&job["status"], &job["done"]), (&json!("completed"), &json!(300)), "{job}");
    let taken = receiver.wait_for_accepted(300, SOON).await;
    assert_eq!(taken.len(), 300);
    assert_eq!(ids(&taken), reports, "each once, with its former id");

    let first = receiver.received().swap_remove(0);
    let report = first.header("webhook-id");
    let delivery = account.api.get(&format!("/v1/deliveries/{webhook}.{report}")).await.expect(200);
    assert_eq!((&delivery["status"], &delivery["replay_id"]), (&json!("delivered"), &job["id"]));
    let attempts = delivery["attempts"].as_array().unwrap();
    assert_eq!(attempts[0]["trigger"], "automatic");
    assert_eq!(attempts[1]["trigger"], "manual");

    let again = replayed(&account, &webhook, &day_of_reports(), SOON).await;
    assert_eq!(again["total"], 0, "no failed delivery is left: {again}");
    assert_eq!(receiver.accepted().len(), 300);
}

#[tokio::test]
async fn an_inactive_webhook_is_not_replayed() {
    let (account, receiver) = (new_account().await, Receiver::start().await);
    let webhook = account.webhook(&receiver.url("/")).await;
    let path = format!("/v1/webhooks/{webhook}");
    account.api.patch(&path, &json!({"status": "inactive"})).await.expect(200);
    account.api.post(&format!("{path}/replays"), &day_of_reports()).await.expect(409);
    account.api.delete(&path).await.expect(204);
    account.api.post(&format!("{path}/replays"), &day_of_reports()).await.expect(404);
}

/// Kills all instances of a function.
fn kill(function: &str) {
    for instance in Instance::all_of(function) {
        instance.kill();
    }
}

/// Replays `count` deliveries while all instances of `functions` are killed three times; returns a sentence for
/// the page.
async fn replay_with_kills(count: usize, functions: &[&str]) -> String {
    let (account, receiver) = (new_account().await, Receiver::start().await);
    let (webhook, reports) = missed(&account, &receiver, count).await;
    let (day, started) = (day_of_reports(), Instant::now());
    let replay = replayed(&account, &webhook, &day, Duration::from_mins(30));
    let kills = async {
        let mut crashes = Vec::new();
        for part in [count / 5, count / 2, count * 3 / 4] {
            receiver.wait_for_accepted(part, Duration::from_mins(20)).await;
            let before = Instant::now();
            for function in functions {
                kill(function);
            }
            crashes.push((before, Instant::now()));
        }
        crashes
    };
    let (job, crashes) = tokio::join!(replay, kills);
    assert_eq!(job.get("status"), Some(&json!("completed")), "{job}");
    let took = started.elapsed().as_secs_f64();
    let mut arrived: HashMap<String, Vec<Instant>> = HashMap::new();
    for request in receiver.accepted() {
        arrived.entry(request.header("webhook-id").to_owned()).or_default().push(request.arrived);
    }
    assert_eq!(arrived.keys().cloned().collect::<HashSet<_>>(), reports, "each is delivered");
    let explained = |times: &Vec<Instant>| {
        crashes.iter().any(|crash| DuplicateCause::Crash.explains_all(times, Some(*crash)))
    };
    let repeated: Vec<_> = arrived.values().filter(|times| times.len() > 1).collect();
    let all = repeated.iter().all(|times| explained(times));
    assert!(all, "duplicates that no crash explains: {repeated:?}");
    format!(
        "{count} deliveries replayed in {took:.0} s, {} killed three times: 0 missing, {} of them \
         twice.",
        functions.join(" and "),
        repeated.len(),
    )
}

/// `make chaos` runs it alone: it takes minutes, and kills instances that other tests use.
#[tokio::test]
#[ignore = "takes minutes and kills instances of functions"]
async fn replays_survive_crashes_of_replay_and_deliver() {
    let once = replay_with_kills(10_000, &["replay"]).await;
    println!("{once}");
    assert!(once.ends_with("0 missing, 0 of them twice."), "{once}");
    // A request whose response was not logged when deliver was killed is sent again with the same id.
    let again = replay_with_kills(2_000, &["replay", "deliver"]).await;
    println!("{again}");
    page::write("replay", &format!("{once}\n\n{again}"));
}
