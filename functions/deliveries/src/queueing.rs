//! Handing one message to a queue.

use std::time::Duration;

use callhook::account::AccountId;
use callhook::http_api::{Problem, ProblemKind};
use callhook::queue::{MessageQueue, Outgoing, QueueError};

/// Sends a message of an account, kept back for `delay`; 503 if the queue does not take it.
pub(crate) async fn send<Q: MessageQueue>(
    queue: &Q,
    body: Result<String, serde_json::Error>,
    account_id: AccountId,
    delay: Duration,
) -> Result<(), Problem> {
    let body = body.map_err(|error| {
        tracing::error!(%error, "a message could not be written");
        Problem::new(ProblemKind::Internal, "It could not be made a message.")
    })?;
    let sent = queue.send(vec![Outgoing { body, account_id, delay }]).await.pop();
    let silence = || Err(QueueError("no answer".to_owned()));
    sent.unwrap_or_else(silence).map_err(|error| {
        tracing::error!(%error, "a message was not queued");
        Problem::new(ProblemKind::Unavailable, "The queue did not take it. Try again shortly.")
    })
}
