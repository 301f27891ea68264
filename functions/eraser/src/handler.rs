//! Processes a batch of the erasures queue: each message is returned to the queue until its erasure
//! is over. Two messages of one erasure are safe: deletions can be repeated.

use std::time::SystemTime;

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use callhook::domain::message::ErasureMessage;
use callhook::ports::queue::{MessageQueue, MessageVisibility};
use callhook::ports::store::{AccountPurge, ErasureMarker, LogPurge, ReportEraser};
use callhook::runtime::resumable_work::{self, InvocationDeadline, ResumableWork, Resume};
use lambda_runtime::Error;

use crate::worker::Worker;

pub(crate) struct Eraser<C, L, Q> {
    pub(crate) worker: Worker<C, L>,
    /// The queue that its messages come from.
    pub(crate) erasures: Q,
}

impl<C, L, Q> Eraser<C, L, Q>
where
    C: AccountPurge + ErasureMarker,
    L: LogPurge + ReportEraser,
    Q: MessageQueue + MessageVisibility,
{
    pub(crate) async fn handle(
        &self,
        event: SqsEvent,
        lambda_ends_at: SystemTime,
    ) -> Result<SqsBatchResponse, Error> {
        Ok(resumable_work::handle(&self.worker, &self.erasures, event, lambda_ends_at).await?)
    }
}

impl<C, L> ResumableWork for Worker<C, L>
where
    C: AccountPurge + ErasureMarker,
    L: LogPurge + ReportEraser,
{
    type Message = ErasureMessage;

    async fn work(&self, message: &Self::Message, deadline: InvocationDeadline) -> Resume {
        self.work(message, deadline).await
    }
}

#[cfg(test)]
mod tests;
