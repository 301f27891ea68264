//! Counts an event of the stream as a whole, or fails so that Lambda sends it again.

use callhook::domain::stats::{StatsTally, StreamShard};
use callhook::ports::store::{StatsWriter, StoreError};
use callhook::runtime::telemetry::ErrorChain;
use futures_util::future::FutureExt as _;
use futures_util::stream::{self, StreamExt as _};
use lambda_runtime::Error;

use crate::event::{StreamAnswer, StreamEvent};

/// Writes in flight at the same time.
const CONCURRENT_WRITES: usize = 16;

/// Counts the changes of an event. After an error Lambda sends the whole event again; changes that
/// are counted already are not counted twice.
pub(crate) async fn handle(
    log: &impl StatsWriter,
    event: StreamEvent,
) -> Result<StreamAnswer, Error> {
    let shard = event.shard();
    let mut tally = StatsTally::default();
    for change in event.changes() {
        match change {
            Ok(change) => tally.add(&change),
            // A retry would fail as well, and block the changes after it.
            Err(error) => {
                tracing::error!(error = %ErrorChain(&error), "failed to read a log change");
            }
        }
    }
    let shard = match shard {
        Ok(shard) => Some(shard),
        Err(_) if tally.of_accounts.is_empty() => None,
        // The figures of webhooks need no shard.
        Err(error) => {
            tracing::error!(error = %ErrorChain(&error), "failed to count the figures of accounts");
            None
        }
    };
    write(log, tally, shard.as_ref()).await.inspect_err(|error| {
        tracing::warn!(error = %ErrorChain(error), "failed to write figures");
    })?;
    Ok(StreamAnswer::default())
}

/// Writes the tally. Each write counts a change once, even if others fail.
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
