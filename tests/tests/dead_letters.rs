//! What cannot be worked on is kept where an operator finds it.

use std::time::Duration;

use aws_sdk_sqs::types::Message;
use callhook::{aws, sqs};
use callhook_tests::cloud::{new_account, setting, unique_id};
use callhook_tests::receiver::Receiver;
use callhook_tests::wait::{SOON, until};
use serde_json::json;

#[tokio::test]
async fn poison_ends_in_the_dead_letters_and_harms_no_other_message() {
    let client = sqs::client(&aws::from_env().expect("the environment of the cloud"));
    let poison = json!({"v": 2, "kind": "reports", "marker": unique_id()}).to_string();
    let reports = setting("CALLHOOK_REPORTS_QUEUE_URL");
    client.send_message().queue_url(reports).message_body(&poison).send().await.unwrap();

    let account = new_account().await;
    let receiver = Receiver::start().await;
    let webhook = account.webhook(&receiver.url("/")).await;
    account.report(&json!({"id": unique_id(), "webhook_id": webhook})).await;
    receiver.wait_for(1, SOON).await;

    let dead_letters = setting("CALLHOOK_DEAD_LETTERS_QUEUE_URL");
    until(Duration::from_mins(2), "the poison among the dead letters", async || {
        let answer = client
            .receive_message()
            .queue_url(&dead_letters)
            .max_number_of_messages(10)
            .visibility_timeout(1)
            .send()
            .await
            .unwrap();
        let messages = answer.messages.unwrap_or_default();
        messages.iter().filter_map(Message::body).any(|body| body == poison).then_some(())
    })
    .await;
    assert_eq!(receiver.received().len(), 1);
}
