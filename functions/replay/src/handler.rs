//! An event of the queue of replays: each message is worked on, and handed back until its job is
//! over. Of two messages of a job, one finds it held by the other.

use std::time::SystemTime;

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use callhook::message::ReplayMessage;
use callhook::queue::{MessageQueue, MessageVisibility};
use callhook::resumable_work::{self, ResumableWork, Resume};
use callhook::store::{ReplayJobs, ReplaySource};
use lambda_runtime::Error;

use crate::pace::Time;
use crate::worker::Worker;

/// What the function works with.
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
        deadline: SystemTime,
    ) -> Result<SqsBatchResponse, Error> {
        Ok(resumable_work::handle(&self.worker, &self.replays, event, deadline).await?)
    }
}

impl<S, Q> ResumableWork for Worker<S, Q>
where
    S: ReplayJobs + ReplaySource,
    Q: MessageQueue,
{
    type Message = ReplayMessage;

    async fn work(&self, message: &Self::Message, deadline: SystemTime) -> Resume {
        self.work(message, Time::until(deadline)).await
    }
}

#[cfg(test)]
mod tests;
