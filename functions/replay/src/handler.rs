//! Processes a batch of the replays queue: each message is returned to the queue until its job is
//! over. Two messages of one job are safe: the job's lease lets one worker in.

use std::time::SystemTime;

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use callhook::domain::message::ReplayMessage;
use callhook::ports::queue::{MessageQueue, MessageVisibility};
use callhook::ports::store::{ReplayJobs, ReplaySource};
use callhook::runtime::resumable_work::{self, InvocationDeadline, ResumableWork, Resume};
use lambda_runtime::Error;

use crate::worker::Worker;

pub(crate) struct Replay<S, Q, R> {
    pub(crate) worker: Worker<S, Q>,
    /// The queue that its messages come from.
    pub(crate) replays: R,
}

impl<S, Q, R> Replay<S, Q, R>
where
    S: ReplayJobs + ReplaySource,
    Q: MessageQueue,
    R: MessageQueue + MessageVisibility,
{
    pub(crate) async fn handle(
        &self,
        event: SqsEvent,
        lambda_ends_at: SystemTime,
    ) -> Result<SqsBatchResponse, Error> {
        Ok(resumable_work::handle(&self.worker, &self.replays, event, lambda_ends_at).await?)
    }
}

impl<S, Q> ResumableWork for Worker<S, Q>
where
    S: ReplayJobs + ReplaySource,
    Q: MessageQueue,
{
    type Message = ReplayMessage;

    async fn work(&self, message: &Self::Message, deadline: InvocationDeadline) -> Resume {
        self.work(message, deadline).await
    }
}

#[cfg(test)]
mod tests;
