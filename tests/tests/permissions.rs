//! Encryption in transit, secrets that roles must not read, and rights for rare cases.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::{
    AttributeValue, KeysAndAttributes, ReturnValuesOnConditionCheckFailure as OnFailure,
};
use aws_sdk_sqs::Client;
use aws_sdk_sqs::error::DisplayErrorContext;
use callhook::aws::{client, dynamodb, sqs};
use callhook::domain::ids::{ReplayId, WebhookId};
use callhook::domain::message::{AccountErasure, ErasureMessage, ReplayMessage};
use callhook::testing::NewWebhook;
use callhook_tests::cloud::{new_account, platform, setting, unique_id};
use callhook_tests::operator::invoke;
use callhook_tests::process::Instance;
use callhook_tests::receiver::Receiver;
use callhook_tests::wait::{SOON, until};
use jiff::Timestamp;
use serde_json::{Value, json};

/// Sends a message to `queue`, with `header` as the protocol if there is one; returns the error, if any.
async fn send_error(client: &Client, queue: &str, header: Option<&'static str>) -> Option<String> {
    let request = client.send_message().queue_url(setting(queue)).message_body("{}");
    // The delay is longer than any test, so that no function receives the message.
    let request = request.delay_seconds(900).customize().mutate_request(move |request| {
        if let Some(proto) = header {
            request.headers_mut().insert("x-forwarded-proto", proto);
        }
    });
    request.send().await.err().map(|error| DisplayErrorContext(error).to_string())
}

#[tokio::test]
async fn queues_refuse_messages_without_tls() {
    let root = sqs::client(&client::from_env().expect("the environment of the cloud"));
    for queue in [
        "CALLHOOK_REPORTS_QUEUE_URL",
        "CALLHOOK_RETRIES_QUEUE_URL",
        "CALLHOOK_REPLAYS_QUEUE_URL",
        "CALLHOOK_ERASURES_QUEUE_URL",
        "CALLHOOK_DEAD_LETTERS_QUEUE_URL",
    ] {
        let refused = send_error(&root, queue, Some("http")).await;
        let refused = refused.unwrap_or_else(|| panic!("{queue} accepted a message without TLS"));
        assert!(refused.contains("AccessDenied"), "{queue}: {refused}");
    }
    // The same message with TLS.
    assert_eq!(send_error(&root, "CALLHOOK_RETRIES_QUEUE_URL", Some("https")).await, None);
}

#[tokio::test]
async fn a_role_with_the_right_to_send_is_refused_without_tls() {
    let (account, receiver) = (new_account().await, Receiver::start().await);
    let webhook = account.webhook(&receiver.url("/")).await;
    account.report(&json!({"id": unique_id(), "webhook_id": webhook})).await;
    receiver.wait_for(1, SOON).await;

    let instances = Instance::all_of("ingest");
    let ingest = sqs::client(&instances.first().expect("ingest is running").aws());
    let refused = send_error(&ingest, "CALLHOOK_REPORTS_QUEUE_URL", Some("http")).await;
    assert!(refused.is_some_and(|error| error.contains("AccessDenied")));
    assert_eq!(send_error(&ingest, "CALLHOOK_REPORTS_QUEUE_URL", None).await, None);
    // IAM is enforced: TLS does not replace the right to send.
    let refused = send_error(&ingest, "CALLHOOK_RETRIES_QUEUE_URL", None).await;
    assert!(refused.is_some_and(|error| error.contains("AccessDenied")));
}

#[tokio::test]
async fn ingest_deliveries_and_eraser_read_no_secret_of_a_webhook() {
    let (account, receiver) = (new_account().await, Receiver::start().await);
    let token = unique_id();
    let webhook = NewWebhook::new(&receiver.url("/?token=%token%"));
    let webhook = webhook.with("secrets", json!({"token": token}));
    let webhook = account.create_webhook(webhook).await;
    let id = account.report(&json!({"id": unique_id(), "webhook_id": webhook})).await;
    receiver.wait_for(1, SOON).await;
    account.api.get(&format!("/v1/reports/{id}")).await;
    let other = new_account().await.id;
    platform().delete(&format!("/v1/accounts/{other}?confirm={other}")).await.expect(202);

    let (pk, sk) = (format!("ACCT#{}", account.id), format!("WEBHOOK#{webhook}"));
    for (function, reads) in [
        ("ingest", &[Read::Batch("status"), Read::Batch("sk")][..]),
        ("deliveries", &[Read::Item("status"), Read::List("sk")]),
        ("eraser", &[Read::List("sk")]),
    ] {
        let instance = until(SOON, "instance", async || Instance::all_of(function).pop());
        let client = dynamodb::client(&instance.await.aws());
        for read in reads {
            let answer = read.send(&client, &pk, &sk).await;
            assert!(answer.is_ok(), "{function} {read:?}: {answer:?}");
        }
        for secret in ["secrets", "bearer_secret", "signing", "url", "headers", "body", ""] {
            for read in [Read::Item(secret), Read::Batch(secret), Read::List(secret)] {
                let answer = read.send(&client, &pk, &sk).await;
                let refused = answer.as_ref().is_err_and(|error| error.contains("AccessDenied"));
                assert!(refused, "{function} {read:?}");
            }
        }
        // A write whose condition fails may return the item.
        let delete = client.delete_item().table_name(setting("CALLHOOK_CONFIG_TABLE"));
        let delete = delete.key("pk", s(&pk)).key("sk", s(&sk)).condition_expression("pk = sk");
        let delete = delete.return_values_on_condition_check_failure(OnFailure::AllOld);
        let update = client.update_item().table_name(setting("CALLHOOK_CONFIG_TABLE"));
        let update = update.key("pk", s(&pk)).key("sk", s(&sk)).condition_expression("pk = sk");
        let update = update.update_expression("REMOVE next_free");
        let update = update.return_values_on_condition_check_failure(OnFailure::AllOld);
        for answer in [
            delete.send().await.map(drop).map_err(|error| format!("{error:?}")),
            update.send().await.map(drop).map_err(|error| format!("{error:?}")),
        ] {
            assert!(answer.is_err_and(|error| error.contains("AccessDenied")), "{function}");
        }
    }
    let shown = account.api.get(&format!("/v1/webhooks/{webhook}")).await.expect(200);
    assert_eq!(shown["id"], webhook, "the webhook still exists");
}

fn s(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

/// A read of one attribute, or of the whole item if the attribute is empty.
#[derive(Debug, Clone, Copy)]
enum Read {
    Item(&'static str),
    Batch(&'static str),
    List(&'static str),
}

impl Read {
    /// Sends it; returns the error as text.
    async fn send(
        self,
        client: &aws_sdk_dynamodb::Client,
        pk: &str,
        sk: &str,
    ) -> Result<(), String> {
        let (table, attribute) = (
            setting("CALLHOOK_CONFIG_TABLE"),
            match self {
                Self::Item(attribute) | Self::Batch(attribute) | Self::List(attribute) => attribute,
            },
        );
        let projection = (!attribute.is_empty()).then(|| "#a".to_owned());
        let names = HashMap::from([("#a".to_owned(), attribute.to_owned())]);
        let names = projection.is_some().then_some(names);
        let key = HashMap::from([("pk".to_owned(), s(pk)), ("sk".to_owned(), s(sk))]);
        match self {
            Self::Item(_) => {
                let get = client.get_item().table_name(table).set_key(Some(key));
                let get = get.set_projection_expression(projection);
                let get = get.set_expression_attribute_names(names);
                get.send().await.map(drop).map_err(|error| format!("{error:?}"))
            }
            Self::Batch(_) => {
                let keys = KeysAndAttributes::builder().keys(key);
                let keys = keys.set_projection_expression(projection);
                let keys = keys.set_expression_attribute_names(names).build();
                let keys = keys.map_err(|error| error.to_string())?;
                let get = client.batch_get_item().request_items(table, keys);
                get.send().await.map(drop).map_err(|error| format!("{error:?}"))
            }
            Self::List(_) => {
                let query = client.query().table_name(table).key_condition_expression("pk = :pk");
                let query = query.expression_attribute_values(":pk", s(pk));
                let query = query.set_projection_expression(projection);
                let query = query.set_expression_attribute_names(names);
                query.send().await.map(drop).map_err(|error| format!("{error:?}"))
            }
        }
    }
}

/// An event with one message that SQS has delivered `times` times.
fn received(times: u32, message: &str) -> Value {
    json!({"Records": [{
        "messageId": "the message",
        "receiptHandle": "none",
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
        // Its job is not stored, so the message must be redelivered.
        replay_id: ReplayId::generate(),
    };
    assert_renewed("replay", &message.to_json().unwrap()).await;
}

#[tokio::test]
async fn the_message_of_a_long_erasure_is_renewed() {
    let account_id = new_account().await.id.parse().unwrap();
    // Its erasure is not stored, so the message must be redelivered.
    let message = AccountErasure { account_id, asked_at: Timestamp::now() };
    assert_renewed("eraser", &ErasureMessage::Account(message).to_json().unwrap()).await;
}

/// Asserts that `message` is redelivered, and replaced by a new one after 900 deliveries.
async fn assert_renewed(function: &str, message: &str) {
    let again = invoke(function, &received(899, message)).await;
    let failed = again.pointer("/batchItemFailures/0/itemIdentifier");
    assert_eq!(failed, Some(&json!("the message")), "{again}");
    // A new message replaces it, which needs the right to send.
    let renewed = invoke(function, &received(900, message)).await;
    assert_eq!(renewed.get("batchItemFailures"), Some(&json!([])), "{renewed}");
}
