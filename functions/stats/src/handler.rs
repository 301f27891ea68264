//! An event of the stream: all of it is counted, or it comes again.

use callhook::stats::{StatsTally, StreamShard};
use callhook::store::{StatsWriter, StoreError};
use callhook::telemetry::ErrorChain;
use futures_util::future::FutureExt as _;
use futures_util::stream::{self, StreamExt as _};
use lambda_runtime::Error;

use crate::event::{StreamAnswer, StreamEvent};

/// Writes in flight at the same time.
const CONCURRENT_WRITES: usize = 16;

/// Counts the changes of an event. An error brings the whole event back; what was counted of it is
/// not counted again then.
pub(crate) async fn handle(
    log: &impl StatsWriter,
    event: StreamEvent,
) -> Result<StreamAnswer, Error> {
    let shard = event.shard();
    let mut tally = StatsTally::default();
    for change in event.changes() {
        match change {
            Ok(change) => tally.add(&change),
            // It would be unreadable the next time as well, and hold up all that follow.
            Err(error) => {
                tracing::error!(error = %ErrorChain(&error), "a change of the log was not counted");
            }
        }
    }
    let shard = match shard {
        Ok(shard) => Some(shard),
        Err(_) if tally.of_accounts.is_empty() => None,
        // Webhooks have their figures all the same.
        Err(error) => {
            tracing::error!(error = %ErrorChain(&error), "the figures of accounts were not counted");
            None
        }
    };
    write(log, tally, shard.as_ref()).await.inspect_err(|error| {
        tracing::warn!(error = %ErrorChain(error), "figures were not written: the event comes again");
    })?;
    Ok(StreamAnswer::default())
}

/// Writes what was noted. Each write counts a change once, whatever became of the others.
async fn write(
    log: &impl StatsWriter,
    tally: StatsTally,
    shard: Option<&StreamShard>,
) -> Result<(), StoreError> {
    let of_webhooks = tally.of_webhooks.into_iter().map(|((webhook, hour), noted)| {
        async move { log.add_webhook_counts(webhook, hour, &noted).await }.left_future()
    });
    let of_accounts = shard.into_iter().flat_map(|shard| {
        let of_accounts = tally.of_accounts.iter();
        of_accounts.map(move |((account, hour), noted)| {
            log.add_account_counts(account, *hour, shard, noted).right_future()
        })
    });
    let writes = stream::iter(of_webhooks.chain(of_accounts)).buffer_unordered(CONCURRENT_WRITES);
    let written: Vec<_> = writes.collect().await;
    written.into_iter().collect()
}

#[cfg(test)]
mod tests;
