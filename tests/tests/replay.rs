//! What failed is sent again, once.

use std::collections::{HashMap, HashSet};
use std::time::{Duration, Instant};

use callhook_tests::cloud::new_account;
use callhook_tests::faults::repeat::Repeat;
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

/// What became of a replay of `count` deliveries while all processes of `functions` were killed
/// three times in the middle of it.
async fn killed_in_the_middle(count: usize, functions: &[&str]) -> String {
    let (account, receiver) = (new_account().await, Receiver::start().await);
    let (webhook, reports) = missed(&account, &receiver, count).await;
    let (day, started) = (the_day(), Instant::now());
    let replay = replayed(&account, &webhook, &day, Duration::from_mins(30));
    let crashes = async {
        let mut crashes = Vec::new();
        for part in [count / 5, count / 2, count * 3 / 4] {
            receiver.wait_for_taken(part, Duration::from_mins(20)).await;
            let before = Instant::now();
            for function in functions {
                crash(function);
            }
            crashes.push((before, Instant::now()));
        }
        crashes
    };
    let (job, crashes) = tokio::join!(replay, crashes);
    assert_eq!(job.get("status"), Some(&json!("completed")), "{job}");
    let took = started.elapsed().as_secs_f64();
    let mut arrived: HashMap<String, Vec<Instant>> = HashMap::new();
    for request in receiver.taken() {
        arrived.entry(request.header("webhook-id").to_owned()).or_default().push(request.arrived);
    }
    assert_eq!(arrived.keys().cloned().collect::<HashSet<_>>(), reports, "each, whatever crashed");
    let explained = |times: &Vec<Instant>| {
        crashes.iter().any(|crash| Repeat::Crash.explains_all(times, Some(*crash)))
    };
    let repeated: Vec<_> = arrived.values().filter(|times| times.len() > 1).collect();
    let all = repeated.iter().all(|times| explained(times));
    assert!(all, "copies that no crash explains: {repeated:?}");
    format!(
        "{count} deliveries replayed in {took:.0} s, {} killed three times: 0 missing, {} of them \
         twice.",
        functions.join(" and "),
        repeated.len(),
    )
}

/// Takes minutes, and its crashes are the other tests' too: `make chaos` runs it, alone.
#[tokio::test]
#[ignore = "takes minutes and ends processes of functions"]
async fn ten_thousand_deliveries_survive_crashes_of_replay_and_some_of_deliver() {
    let once = killed_in_the_middle(10_000, &["replay"]).await;
    println!("{once}");
    assert!(once.ends_with("0 missing, 0 of them twice."), "{once}");
    // What was answered, and not logged when deliver was killed, comes again with the same id.
    let again = killed_in_the_middle(2_000, &["replay", "deliver"]).await;
    println!("{again}");
    page::write("replay", &format!("{once}\n\n{again}"));
}
