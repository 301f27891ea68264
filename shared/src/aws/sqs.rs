//! Queues in SQS.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use aws_sdk_sqs::Client;
use aws_sdk_sqs::config::BehaviorVersion;
use aws_sdk_sqs::config::timeout::TimeoutConfig;
use aws_sdk_sqs::types::SendMessageBatchRequestEntry;
use aws_types::SdkConfig;
use futures_util::future::join_all;

use crate::ports::queue::{MessageQueue, MessageVisibility, Outgoing, QueueError};
use crate::runtime::telemetry::ErrorChain;

/// The limits of `SendMessageBatch`.
const MAX_ENTRIES: usize = 10;
const MAX_BATCH_BYTES: usize = 1024 * 1024;

/// The longest visibility timeout of SQS.
const MAX_VISIBILITY_SECONDS: i32 = 12 * 60 * 60;

/// A client whose calls time out within seconds.
pub fn client(config: &SdkConfig) -> Client {
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(2))
        .operation_attempt_timeout(Duration::from_secs(4))
        .operation_timeout(Duration::from_secs(10))
        .build();
    let settings = aws_sdk_sqs::config::Builder::from(config)
        .behavior_version(BehaviorVersion::latest())
        .timeout_config(timeouts)
        .build();
    Client::from_conf(settings)
}

/// One queue.
#[derive(Clone)]
pub struct SqsQueue {
    client: Arc<LazyLock<Client, MakeClient>>,
    url: String,
}

type MakeClient = Box<dyn FnOnce() -> Client + Send>;

impl SqsQueue {
    /// The queue at `url`.
    pub fn new(client: Client, url: String) -> Self {
        Self::with_client(move || client, url)
    }

    /// The queue at `url` for rare use, such as after failures: the first call makes its client,
    /// which takes a good part of a cold start.
    pub fn lazy(config: SdkConfig, url: String) -> Self {
        Self::with_client(move || client(&config), url)
    }

    fn with_client(make: impl FnOnce() -> Client + Send + 'static, url: String) -> Self {
        Self { client: Arc::new(LazyLock::new(Box::new(make))), url }
    }

    /// Sends one batch; the answers are in the order of `messages`.
    async fn send_batch(&self, messages: Vec<Outgoing>) -> Vec<Result<(), QueueError>> {
        let count = messages.len();
        let entries = messages
            .into_iter()
            .enumerate()
            .map(|(i, message)| {
                let delay = message.delay.min(Outgoing::MAX_DELAY).as_secs_f64().ceil();
                SendMessageBatchRequestEntry::builder()
                    .id(i.to_string())
                    .message_group_id(message.account_id.as_str())
                    .message_body(message.body)
                    .set_delay_seconds(delay_seconds(delay))
                    .build()
            })
            .collect::<Result<Vec<_>, _>>();
        let sent = match entries {
            Ok(entries) => {
                self.client
                    .send_message_batch()
                    .queue_url(&self.url)
                    .set_entries(Some(entries))
                    .send()
                    .await
            }
            Err(error) => Err(error.into()),
        };
        match sent {
            Err(error) => vec![Err(QueueError(ErrorChain(&error).to_string())); count],
            Ok(answer) => {
                // A message that the answer does not name was not sent.
                let unnamed = QueueError("the answer does not name the message".to_owned());
                let mut results = vec![Err(unnamed); count];
                for sent in answer.successful {
                    set_result(&mut results, &sent.id, Ok(()));
                }
                for failed in answer.failed {
                    let reason = failed.message.unwrap_or(failed.code);
                    set_result(&mut results, &failed.id, Err(QueueError(reason)));
                }
                results
            }
        }
    }
}

/// `None` for no delay, so that the queue's own applies.
fn delay_seconds(seconds: f64) -> Option<i32> {
    #[expect(clippy::cast_possible_truncation, reason = "0 to 900, by `Outgoing::MAX_DELAY`")]
    let seconds = seconds as i32;
    (seconds > 0).then_some(seconds)
}

fn set_result(results: &mut [Result<(), QueueError>], id: &str, result: Result<(), QueueError>) {
    let slot = id.parse().ok().and_then(|i: usize| results.get_mut(i));
    if let Some(slot) = slot {
        *slot = result;
    }
}

impl MessageQueue for SqsQueue {
    async fn send(&self, messages: Vec<Outgoing>) -> Vec<Result<(), QueueError>> {
        let batches = into_batches(messages);
        let sent = join_all(batches.into_iter().map(|batch| self.send_batch(batch))).await;
        sent.into_iter().flatten().collect()
    }
}

impl MessageVisibility for SqsQueue {
    async fn redeliver_after(&self, receipt: &str, wait: Duration) -> Result<(), QueueError> {
        let seconds = i32::try_from(wait.as_secs()).unwrap_or(i32::MAX).min(MAX_VISIBILITY_SECONDS);
        let request = self.client.change_message_visibility().queue_url(&self.url);
        request
            .receipt_handle(receipt)
            .visibility_timeout(seconds)
            .send()
            .await
            .map_err(|error| QueueError(ErrorChain(&error).to_string()))?;
        Ok(())
    }
}

/// Splits `messages` into batches within the limits of SQS.
fn into_batches(messages: Vec<Outgoing>) -> Vec<Vec<Outgoing>> {
    let mut batches: Vec<Vec<Outgoing>> = Vec::new();
    let mut bytes = 0;
    for message in messages {
        let size = message.body.len();
        match batches.last_mut() {
            Some(batch) if batch.len() < MAX_ENTRIES && bytes + size <= MAX_BATCH_BYTES => {
                batch.push(message);
                bytes += size;
            }
            _ => {
                batches.push(vec![message]);
                bytes = size;
            }
        }
    }
    batches
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_size(size: usize) -> Outgoing {
        let account_id = "a".parse().unwrap();
        Outgoing { body: "x".repeat(size), account_id, delay: Duration::ZERO }
    }

    #[test]
    fn batches_respect_both_limits_and_keep_the_order() {
        let sizes = |batches: Vec<Vec<Outgoing>>| -> Vec<Vec<usize>> {
            batches.iter().map(|b| b.iter().map(|m| m.body.len()).collect()).collect()
        };
        let small = (1..=23).map(of_size).collect();
        let lens: Vec<_> = sizes(into_batches(small)).iter().map(Vec::len).collect();
        assert_eq!(lens, [10, 10, 3]);
        let large = vec![of_size(700_000), of_size(348_576), of_size(1), of_size(1_048_576)];
        assert_eq!(sizes(into_batches(large)), [vec![700_000, 348_576], vec![1], vec![1_048_576]]);
        assert!(into_batches(Vec::new()).is_empty());
    }

    #[test]
    fn a_delay_is_never_shortened() {
        assert_eq!(delay_seconds(0.0), None);
        assert_eq!(delay_seconds(0.2_f64.ceil()), Some(1));
        assert_eq!(delay_seconds(900.0), Some(900));
    }
}
