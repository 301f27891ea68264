//! One webhook that cannot be read keeps no report from the others.

use serde_json::json;

use crate::testing::{Sut, id_of, message};

#[tokio::test]
async fn the_others_get_the_report_and_only_its_own_message_comes_back() {
    let sut = Sut::new().await;
    let (bad, good) = (sut.webhook("202").await, sut.webhook("200").await);
    sut.make_unreadable(bad).await;
    let reports =
        [json!({"id": 1, "webhook_ids": [bad, good]}), json!({"id": 2, "webhook_id": bad})];
    assert_eq!(sut.handle(&[message(&reports)]).await, [0; 0], "the record is done with");
    assert_eq!(sut.requests(), ["200"]);
    let retries = sut.retries();
    assert_eq!(retries.len(), 2, "one for each report");
    assert!(retries.iter().all(|(delay, message)| message.webhook_id == bad && delay.is_zero()));

    let other = json!({"id": 3, "webhook_id": good});
    let mut event: Vec<_> = retries.iter().map(|(_, message)| message.to_json().unwrap()).collect();
    event.push(message(std::slice::from_ref(&other)));
    assert_eq!(sut.handle(&event).await, [0, 1], "on the way to the dead letters");
    assert_eq!(sut.retries().len(), 2, "and not queued a second time");
    assert_eq!(sut.logged(good, id_of(&other)).await, Some((1, true)));
    assert_eq!(sut.logged(bad, id_of(&reports[0])).await, None);
}
