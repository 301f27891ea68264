//! Fault injection, and the proof that no report is lost.

pub mod duplicate;
pub mod load;
pub mod scenario;
pub mod table;

use serde_json::{Value, json};

use crate::cloud::setting;

/// Sets the rules by which calls of functions to AWS fail, as `docs/local-cloud.md` describes them.
pub async fn set(rules: &[Value]) {
    let rules: Vec<_> = rules.iter().cloned().map(named).collect();
    let answer = reqwest::Client::new()
        .put(setting("CALLHOOK_FAULTS_URL"))
        .body(json!({ "rules": rules }).to_string())
        .send()
        .await
        .expect("the fault layer");
    assert!(answer.status().is_success(), "{:?}", answer.text().await);
}

fn named(mut rule: Value) -> Value {
    rule["name"] = json!("fault");
    rule
}

/// How often the rules applied.
pub async fn applied() -> u64 {
    let answer = reqwest::get(setting("CALLHOOK_FAULTS_URL")).await.expect("the fault layer");
    let text = answer.text().await.expect("its rules");
    let known: Value = serde_json::from_str(&text).expect("JSON");
    let rules = known["rules"].as_array().cloned().unwrap_or_default();
    rules.iter().filter_map(|rule| rule["applied"].as_u64()).sum()
}

/// Removes all rules.
pub async fn clear() {
    let request = reqwest::Client::new().delete(setting("CALLHOOK_FAULTS_URL"));
    request.send().await.expect("the fault layer");
}
