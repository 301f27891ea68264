//! Sends one message to a queue.

use std::time::Duration;

use callhook::domain::account::AccountId;
use callhook::http_api::{Problem, ProblemKind};
use callhook::ports::queue::{MessageQueue, Outgoing, QueueError};

/// Sends a message of an account with a delay; 503 if the queue does not accept it.
pub(crate) async fn send<Q: MessageQueue>(
    queue: &Q,
    body: Result<String, serde_json::Error>,
    account_id: AccountId,
    delay: Duration,
) -> Result<(), Problem> {
    let body = body.map_err(|error| {
        tracing::error!(%error, "failed to serialize a message");
        Problem::new(ProblemKind::Internal, "The message could not be serialized.")
    })?;
    let sent = queue.send(vec![Outgoing { body, account_id, delay }]).await.pop();
    let no_answer = || Err(QueueError("no answer".to_owned()));
    sent.unwrap_or_else(no_answer).map_err(|error| {
        tracing::error!(%error, "failed to queue a message");
        Problem::new(
            ProblemKind::Unavailable,
            "The queue did not accept the message. Try again shortly.",
        )
    })
}
