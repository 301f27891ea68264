//! An event of the queue of erasures: each message is worked on, and handed back until its
//! erasure is over. Two messages of an erasure harm nothing.

use std::time::SystemTime;

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use callhook::message::ErasureMessage;
use callhook::queue::{MessageQueue, MessageVisibility};
use callhook::resumable_work::{self, ResumableWork, Resume};
use callhook::store::{AccountPurge, ErasureMarker, LogPurge, ReportEraser};
use lambda_runtime::Error;

use crate::time::Time;
use crate::worker::Worker;

/// What the function works with.
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
        deadline: SystemTime,
    ) -> Result<SqsBatchResponse, Error> {
        Ok(resumable_work::handle(&self.worker, &self.erasures, event, deadline).await?)
    }
}

impl<C, L> ResumableWork for Worker<C, L>
where
    C: AccountPurge + ErasureMarker,
    L: LogPurge + ReportEraser,
{
    type Message = ErasureMessage;

    async fn work(&self, message: &Self::Message, deadline: SystemTime) -> Resume {
        self.work(message, Time::until(deadline)).await
    }
}

#[cfg(test)]
mod tests;
