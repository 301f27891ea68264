//! What the functions need and may do beside their everyday work.

use aws_sdk_sqs::Client;
use aws_sdk_sqs::error::DisplayErrorContext;
use callhook::ids::{ReplayId, WebhookId};
use callhook::message::{AccountErasure, ErasureMessage, ReplayMessage};
use callhook::{aws, sqs};
use callhook_tests::cloud::{new_account, setting, unique_id};
use callhook_tests::operator::invoke;
use callhook_tests::process::Instance;
use callhook_tests::receiver::Receiver;
use callhook_tests::wait::SOON;
use jiff::Timestamp;
use serde_json::{Value, json};

/// Sends a message to `queue`, as if by plain HTTP or as the cloud takes it; gives the refusal.
async fn refusal(client: &Client, queue: &str, header: Option<&'static str>) -> Option<String> {
    let request = client.send_message().queue_url(setting(queue)).message_body("{}");
    // Never seen by a test: the queue keeps it back for longer than any runs.
    let request = request.delay_seconds(900).customize().mutate_request(move |request| {
        if let Some(proto) = header {
            request.headers_mut().insert("x-forwarded-proto", proto);
        }
    });
    request.send().await.err().map(|error| DisplayErrorContext(error).to_string())
}

#[tokio::test]
async fn queues_take_nothing_in_the_clear() {
    let root = sqs::client(&aws::from_env().expect("the environment of the cloud"));
    for queue in [
        "CALLHOOK_REPORTS_QUEUE_URL",
        "CALLHOOK_RETRIES_QUEUE_URL",
        "CALLHOOK_REPLAYS_QUEUE_URL",
        "CALLHOOK_ERASURES_QUEUE_URL",
        "CALLHOOK_DEAD_LETTERS_QUEUE_URL",
    ] {
        let refused = refusal(&root, queue, Some("http")).await;
        let refused = refused.unwrap_or_else(|| panic!("{queue} took a message in the clear"));
        assert!(refused.contains("AccessDenied"), "{queue}: {refused}");
    }
    // The same message by TLS.
    assert_eq!(refusal(&root, "CALLHOOK_RETRIES_QUEUE_URL", Some("https")).await, None);
}

#[tokio::test]
async fn a_role_that_may_send_is_refused_in_the_clear() {
    let (account, receiver) = (new_account().await, Receiver::start().await);
    let webhook = account.webhook(&receiver.url("/")).await;
    account.report(&json!({"id": unique_id(), "webhook_id": webhook})).await;
    receiver.wait_for(1, SOON).await;

    let instances = Instance::all_of("ingest");
    let ingest = sqs::client(&instances.first().expect("ingest is running").aws());
    let refused = refusal(&ingest, "CALLHOOK_REPORTS_QUEUE_URL", Some("http")).await;
    assert!(refused.is_some_and(|error| error.contains("AccessDenied")));
    assert_eq!(refusal(&ingest, "CALLHOOK_REPORTS_QUEUE_URL", None).await, None);
    // IAM is on: what the role may not do is refused by TLS as well.
    let refused = refusal(&ingest, "CALLHOOK_RETRIES_QUEUE_URL", None).await;
    assert!(refused.is_some_and(|error| error.contains("AccessDenied")));
}

/// An event of a queue whose messages stay while they are worked on: one message, handed out so many times.
fn handed_out(times: u32, message: &str) -> Value {
    json!({"Records": [{
        "messageId": "the message",
        "receiptHandle": "of nobody",
        "body": message,
        "attributes": {"ApproximateReceiveCount": times.to_string()},
        "messageAttributes": {},
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:us-east-1:000000000000:replays",
        "awsRegion": "us-east-1",
    }]})
}

#[tokio::test]
async fn the_message_of_a_long_replay_is_renewed() {
    let account = new_account().await;
    let message = ReplayMessage {
        account_id: account.id.parse().unwrap(),
        webhook_id: WebhookId::generate(),
        // Its job is not stored yet, so the message has to come again.
        replay_id: ReplayId::generate(),
    };
    is_renewed("replay", &message.to_json().unwrap()).await;
}

#[tokio::test]
async fn the_message_of_a_long_erasure_is_renewed() {
    let account_id = new_account().await.id.parse().unwrap();
    // Its erasure is not stored yet, so the message has to come again.
    let message = AccountErasure { account_id, asked_at: Timestamp::now() };
    is_renewed("eraser", &ErasureMessage::Account(message).to_json().unwrap()).await;
}

/// Fails unless `message` is handed back, and replaced when it was handed out too often.
async fn is_renewed(function: &str, message: &str) {
    let again = invoke(function, &handed_out(899, message)).await;
    let failed = again.pointer("/batchItemFailures/0/itemIdentifier");
    assert_eq!(failed, Some(&json!("the message")), "{again}");
    // A new message takes its place, which the role has to be allowed to send.
    let renewed = invoke(function, &handed_out(900, message)).await;
    assert_eq!(renewed.get("batchItemFailures"), Some(&json!([])), "{renewed}");
}
