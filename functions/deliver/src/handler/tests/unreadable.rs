//! A webhook that cannot be read withholds no report from others.

use serde_json::json;

use crate::testing::{Harness, id_of, message};

#[tokio::test]
async fn the_others_get_the_report_and_only_its_own_message_fails() {
    let harness = Harness::new().await;
    let (bad, good) = (harness.webhook("202").await, harness.webhook("200").await);
    harness.make_unreadable(bad).await;
    let reports =
        [json!({"id": 1, "webhook_ids": [bad, good]}), json!({"id": 2, "webhook_id": bad})];
    assert_eq!(harness.handle(&[message(&reports)]).await, [0; 0], "the record is done");
    assert_eq!(harness.requests(), ["200"]);
    let retries = harness.retries();
    assert_eq!(retries.len(), 2, "one for each report");
    assert!(retries.iter().all(|(delay, message)| message.webhook_id == bad && delay.is_zero()));

    let other = json!({"id": 3, "webhook_id": good});
    let mut batch: Vec<_> = retries.iter().map(|(_, message)| message.to_json().unwrap()).collect();
    batch.push(message(std::slice::from_ref(&other)));
    assert_eq!(harness.handle(&batch).await, [0, 1], "on the way to the dead letters");
    assert_eq!(harness.retries().len(), 2, "and not queued a second time");
    assert_eq!(harness.logged(good, id_of(&other)).await, Some((1, true)));
    assert_eq!(harness.logged(bad, id_of(&reports[0])).await, None);
}
